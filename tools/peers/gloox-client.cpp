// A client made with gloox: registers as gloox's own register_test does, logs in, sends itself a message, removes its account.
// Each action has a connection of its own. Status 0: all went well, 1: the server refused, 2: no connection or a wrong call,
// 3: the certificate was refused. gloox trusts /etc/ssl/certs/ca-certificates.crt, whatever setCACerts() is told.

#include <gloox/client.h>
#include <gloox/connectionlistener.h>
#include <gloox/connectiontcpclient.h>
#include <gloox/connectiontls.h>
#include <gloox/disco.h>
#include <gloox/message.h>
#include <gloox/messagehandler.h>
#include <gloox/registration.h>
#include <gloox/registrationhandler.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace gloox;

struct Options {
    std::string host = "127.0.0.1";
    int port = 5222;
    std::string domain = "localhost";
    std::string user;
    std::string password;
    bool tls = true;
    bool directTls = false;
    bool compression = false;
    bool verifies = false;
    int timeout = 20;
    std::vector<std::string> actions;
};

// TLS from the first byte, which asks before it goes on; ConnectionTLS itself takes any certificate.
class DirectTls : public ConnectionTLS {
public:
    DirectTls(Client *client, const Options &options, ConnectionListener *judge)
        : ConnectionTLS(client, new ConnectionTCPClient(client->logInstance(), options.host, options.port),
                        client->logInstance()),
          judge(judge) {}

    void handleHandshakeResult(const TLSBase *base, bool success, CertInfo &info) override {
        ConnectionTLS::handleHandshakeResult(base, success && judge->onTLSConnect(info), info);
    }

private:
    ConnectionListener *judge;
};

class Action : public ConnectionListener, public RegistrationHandler, public MessageHandler {
public:
    Action(const Options &options, const std::string &name) : options(options), name(name) {}

    int run() {
        JID jid(options.user + "@" + options.domain + "/gloox");
        client.reset(name == "register" ? new Client(options.domain) : new Client(jid, options.password));
        client->disableRoster();
        client->setServer(options.host);
        client->setPort(options.port);
        client->setCompression(options.compression);
        client->setTls(options.tls && !options.directTls ? TLSOptional : TLSDisabled);
        if (options.directTls) {
            client->setConnectionImpl(new DirectTls(client.get(), options, this));
        }
        client->registerConnectionListener(this);
        client->registerMessageHandler(this);
        registration.reset(new Registration(client.get()));
        registration->registerRegistrationHandler(this);
        if (!client->connect(false)) {
            return status;
        }
        time_t end = time(nullptr) + options.timeout;
        ConnectionError error = ConnNoError;
        while (error == ConnNoError && time(nullptr) < end) {
            error = client->recv(100000);
        }
        registration.reset();
        return status;
    }

    void onConnect() override {
        if (name == "register") {
            registration->fetchRegistrationFields();
        } else if (name == "remove") {
            registration->removeAccount();
        } else if (name == "password") {
            registration->changePassword(options.user, options.password + "2");
        } else if (name == "message") {
            client->send(Message(Message::Chat, JID(options.user + "@" + options.domain), "a message to myself"));
        } else {
            finish(0, "logged in");
        }
    }

    void onDisconnect(ConnectionError error) override {
        std::cout << name << ": disconnected, error " << error << ", authentication " << client->authError() << std::endl;
        if (error == ConnAuthenticationFailed) {
            status = 1;
        }
    }

    bool onTLSConnect(const CertInfo &info) override {
        std::cout << name << ": " << info.protocol << ", certificate status " << info.status << std::endl;
        if (!options.verifies || info.status == CertOk) {
            return true;
        }
        status = 3;
        return false;
    }

    void handleMessage(const Message &message, MessageSession *) override {
        if (name == "message" && !message.body().empty()) {
            finish(0, "received: " + message.body());
        }
    }

    void handleRegistrationFields(const JID &, int fields, std::string instructions) override {
        std::cout << name << ": the server asks for fields " << fields << ": " << instructions << std::endl;
        createAccount(fields);
    }

    void handleAlreadyRegistered(const JID &) override { finish(1, "registered already"); }

    void handleRegistrationResult(const JID &, RegistrationResult result) override {
        finish(result == RegistrationSuccess ? 0 : 1, "result " + std::to_string(result));
    }

    void handleDataForm(const JID &, const DataForm &) override {
        createAccount(Registration::FieldUsername | Registration::FieldPassword);
    }

    void handleOOB(const JID &, const OOB &oob) override { finish(1, "register at " + oob.url()); }

private:
    // Prosody sends a form beside the plain fields, and gloox reports both: asked for twice, the second would be refused.
    void createAccount(int fields) {
        if (hasAsked)
            return;
        hasAsked = true;
        RegistrationFields values;
        values.username = options.user;
        values.password = options.password;
        registration->createAccount(fields, values);
    }

    void finish(int result, const std::string &text) {
        std::cout << name << ": " << text << std::endl;
        status = result;
        client->disconnect();
    }

    const Options &options;
    const std::string name;
    std::unique_ptr<Client> client;
    std::unique_ptr<Registration> registration;
    bool hasAsked = false;
    int status = 2;
};

static bool parse(int count, char **arguments, Options &options) {
    for (int index = 1; index < count; ++index) {
        std::string argument = arguments[index];
        if (argument == "--no-tls") {
            options.tls = false;
        } else if (argument == "--direct-tls") {
            options.directTls = true;
        } else if (argument == "--compress") {
            options.compression = true;
        } else if (argument.rfind("--", 0) != 0) {
            options.actions.push_back(argument);
        } else if (index + 1 == count) {
            return false;
        } else {
            std::string value = arguments[++index];
            if (argument == "--host") options.host = value;
            else if (argument == "--port") options.port = std::stoi(value);
            else if (argument == "--domain") options.domain = value;
            else if (argument == "--user") options.user = value;
            else if (argument == "--password") options.password = value;
            else if (argument == "--ca") options.verifies = !value.empty();
            else if (argument == "--tls-version" && value == "1.2") continue;
            else if (argument == "--timeout") options.timeout = std::stoi(value);
            else return false;
        }
    }
    return !options.user.empty() && !options.actions.empty();
}

int main(int count, char **arguments) {
    Options options;
    if (!parse(count, arguments, options)) {
        std::cerr << "usage: gloox-client --host H --port P --domain D --user U --password W [--no-tls|--direct-tls] [--compress] [--ca FILE]"
                     " [--timeout S] register|login|message|password|remove ...\n";
        return 2;
    }
    // A server that closes first, as jabberd2 does after a removal, must not end the program.
    signal(SIGPIPE, SIG_IGN);
    for (const std::string &name : options.actions) {
        int status = Action(options, name).run();
        std::cout << name << ": status " << status << std::endl;
        if (status != 0) {
            return status;
        }
        // jabberd2 now and then ends a connection that comes right behind the end of another one.
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    return 0;
}
