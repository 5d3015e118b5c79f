// A client made with QXmpp: register, login, message (to itself), remove; each action has a connection of its own.
// Status 0: all went well, 1: the server refused, 2: no connection in time or a wrong call, 3: the certificate was refused.

#include <QXmppClient.h>
#include <QXmppConfiguration.h>
#include <QXmppMessage.h>
#include <QXmppRegisterIq.h>
#include <QXmppRegistrationManager.h>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslError>
#include <QTextStream>
#include <QThread>
#include <QTimer>

struct Options {
    QXmppConfiguration configuration;
    bool verifies = false;
    int timeout = 20;
    QStringList actions;
};

class Action : public QObject {
public:
    Action(const Options &options, const QString &name) : options(options), name(name) {}

    int run() {
        client.addExtension(registration);
        connectSignals();
        registration->setRegisterOnConnectEnabled(name == "register");
        QTimer::singleShot(options.timeout * 1000, this, [this] { finish(2, "not done in time"); });
        client.connectToServer(options.configuration);
        QCoreApplication::exec();
        return status;
    }

private:
    void connectSignals() {
        connect(&client, &QXmppClient::connected, this, [this] { loggedIn(); });
        connect(&client, &QXmppClient::messageReceived, this, [this](const QXmppMessage &message) {
            if (name == "message" && !message.body().isEmpty()) {
                finish(0, "received: " + message.body());
            }
        });
        connect(&client, &QXmppClient::sslErrors, this, [this](const QList<QSslError> &errors) {
            if (options.verifies) {
                finish(3, "certificate refused: " + errors.value(0).errorString());
            }
        });
        connect(&client, &QXmppClient::error, this, [this](QXmppClient::Error error) {
            finish(error == QXmppClient::XmppStreamError ? 1 : 2, QString("error %1").arg(error));
        });
        connect(&client, &QXmppClient::disconnected, this, [this] { ended(); });
        connect(registration, &QXmppRegistrationManager::registrationFormReceived, this, [this] { sendForm(); });
        connect(registration, &QXmppRegistrationManager::registrationSucceeded, this, [this] { finish(0, "registered"); });
        connect(registration, &QXmppRegistrationManager::registrationFailed, this,
                [this](const QXmppStanza::Error &error) { finish(1, "refused: " + error.text()); });
        connect(registration, &QXmppRegistrationManager::accountDeleted, this, [this] { finish(0, "removed"); });
        connect(registration, &QXmppRegistrationManager::accountDeletionFailed, this,
                [this](const QXmppStanza::Error &error) { finish(1, "refused: " + error.text()); });
    }

    void sendForm() {
        QXmppRegisterIq request;
        request.setType(QXmppIq::Set);
        request.setUsername(options.configuration.user());
        request.setPassword(options.configuration.password());
        registration->setRegistrationFormToSend(request);
        registration->sendCachedRegistrationForm();
    }

    void loggedIn() {
        if (name == "login") {
            finish(0, "logged in");
        } else if (name == "message") {
            client.sendMessage(options.configuration.jidBare(), "a message to myself");
        } else if (name == "remove") {
            hasAskedForRemoval = true;
            registration->deleteAccount();
        }
    }

    void finish(int result, const QString &text) {
        if (isFinished) {
            return;
        }
        isFinished = true;
        // Servers close the stream right behind the answer to a removal, or say "conflict" instead of it.
        status = hasAskedForRemoval && result != 3 ? 0 : result;
        QTextStream(stdout) << name << ": " << text << "\n";
        client.disconnectFromServer();
        // Time for the stream's end to be sent, also where no "disconnected" follows.
        QTimer::singleShot(1000, this, [] { QCoreApplication::quit(); });
    }

    void ended() {
        finish(2, "disconnected");
        QCoreApplication::quit();
    }

    const Options &options;
    const QString name;
    QXmppClient client;
    QXmppRegistrationManager *registration = new QXmppRegistrationManager;
    bool isFinished = false;
    bool hasAskedForRemoval = false;
    int status = 2;
};

// Qt sets the versions itself, so OpenSSL's own configuration does not bind it.
static void limitTls(const QString &version) {
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(version == "1.2" ? QSsl::TlsV1_2 : QSsl::TlsV1_3);
    QSslConfiguration::setDefaultConfiguration(configuration);
}

static Options parse(const QCoreApplication &application) {
    QCommandLineParser parser;
    for (const char *name : {"host", "port", "domain", "user", "password", "ca", "tls-version", "timeout"}) {
        parser.addOption({name, name, name});
    }
    parser.addOption({"no-tls", "no encryption"});
    parser.addOption({"direct-tls", "TLS from the first byte"});
    parser.process(application);

    Options options;
    QXmppConfiguration &configuration = options.configuration;
    configuration.setHost(parser.value("host"));
    configuration.setPort(parser.value("port").toInt());
    configuration.setJid(parser.value("user") + "@" + parser.value("domain") + "/qxmpp");
    configuration.setPassword(parser.value("password"));
    configuration.setAutoReconnectionEnabled(false);
    configuration.setStreamSecurityMode(parser.isSet("no-tls")       ? QXmppConfiguration::TLSDisabled
                                        : parser.isSet("direct-tls") ? QXmppConfiguration::LegacySSL
                                                                     : QXmppConfiguration::TLSEnabled);
    options.verifies = parser.isSet("ca");
    configuration.setIgnoreSslErrors(!options.verifies);
    if (options.verifies) {
        configuration.setCaCertificates(QSslCertificate::fromPath(parser.value("ca")));
    }
    if (parser.isSet("tls-version")) {
        limitTls(parser.value("tls-version"));
    }
    options.timeout = parser.value("timeout").toInt();
    options.actions = parser.positionalArguments();
    return options;
}

int main(int count, char **arguments) {
    QCoreApplication application(count, arguments);
    Options options = parse(application);
    int status = options.actions.isEmpty() ? 2 : 0;
    for (const QString &name : options.actions) {
        if (status == 0) {
            status = Action(options, name).run();
            QTextStream(stdout) << name << ": status " << status << "\n";
            // jabberd2 now and then ends a connection that comes right behind the end of another one.
            QThread::msleep(200);
        }
    }
    return status;
}
