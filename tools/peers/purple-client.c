/* A client made with libpurple, Pidgin's library: register, login, message (to itself), remove; each action has a
 * connection of its own. It trusts the CAs of the system; tools/peers/client gives it a system with one CA. Status 0: all
 * went well, 1: the server refused, 2: no connection in time or a wrong call, 3: the certificate was refused. */

#include <glib/gstdio.h>
#include <locale.h>
#include <purple.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>

static char *host = "127.0.0.1", *domain, *user, *password, *authority;
static int port = 5222, timeout_seconds = 20;
static gboolean no_tls, direct_tls;

static const char *action;
static int status;
static gboolean has_asked_for_removal;
static PurpleAccount *account;
static GMainLoop *loop;

static gboolean quit(gpointer data) {
    (void)data;
    g_main_loop_quit(loop);
    return FALSE;
}

static void finish(int result, const char *text) {
    if (status == -1) {
        status = result;
        g_print("%s: %s\n", action, text);
        g_timeout_add(100, quit, NULL);
    }
}

/* The event loop of GLib, as libpurple's example "nullclient" has it. */
typedef struct {
    PurpleInputFunction function;
    gpointer data;
} Input;

static gboolean input_arrived(GIOChannel *source, GIOCondition condition, gpointer data) {
    Input *input = data;
    int wanted = (condition & (G_IO_IN | G_IO_HUP | G_IO_ERR) ? PURPLE_INPUT_READ : 0) |
                 (condition & (G_IO_OUT | G_IO_HUP | G_IO_ERR | G_IO_NVAL) ? PURPLE_INPUT_WRITE : 0);
    input->function(input->data, g_io_channel_unix_get_fd(source), wanted);
    return TRUE;
}

static guint add_input(int fd, PurpleInputCondition condition, PurpleInputFunction function, gpointer data) {
    Input *input = g_new0(Input, 1);
    input->function = function;
    input->data = data;
    GIOCondition wanted = (condition & PURPLE_INPUT_READ ? G_IO_IN | G_IO_HUP | G_IO_ERR : 0) |
                          (condition & PURPLE_INPUT_WRITE ? G_IO_OUT | G_IO_HUP | G_IO_ERR | G_IO_NVAL : 0);
    GIOChannel *channel = g_io_channel_unix_new(fd);
    guint watch = g_io_add_watch_full(channel, G_PRIORITY_DEFAULT, wanted, input_arrived, input, g_free);
    g_io_channel_unref(channel);
    return watch;
}

static PurpleEventLoopUiOps events = {
    .timeout_add = g_timeout_add,
    .timeout_remove = g_source_remove,
    .input_add = add_input,
    .input_remove = g_source_remove,
    .timeout_add_seconds = g_timeout_add_seconds,
};

/* Libpurple asks its user about a certificate that it does not trust: the first answer is yes, the second no. */
static void *asked(const char *title, const char *primary, const char *secondary, int default_action, PurpleAccount *who_asks,
                   const char *who, PurpleConversation *conversation, void *data, size_t count, va_list answers) {
    (void)title, (void)default_action, (void)who_asks, (void)who, (void)conversation;
    g_print("%s: %s %s\n", action, primary ? primary : "", secondary ? secondary : "");
    const char *wanted = authority != NULL ? "Reject" : "Accept";
    for (size_t i = 0; i < count; i++) {
        const char *answer = va_arg(answers, const char *);
        PurpleRequestActionCb chosen = va_arg(answers, PurpleRequestActionCb);
        if (strstr(answer, wanted) != NULL) {
            chosen(data, (int)i);
            break;
        }
    }
    return NULL;
}

/* The form of the registration. */
static void *asked_for_fields(const char *title, const char *primary, const char *secondary, PurpleRequestFields *fields,
                              const char *ok_text, GCallback ok, const char *cancel_text, GCallback cancel,
                              PurpleAccount *who_asks, const char *who, PurpleConversation *conversation, void *data) {
    (void)title, (void)primary, (void)secondary, (void)ok_text, (void)cancel_text, (void)cancel, (void)who_asks, (void)who;
    (void)conversation;
    purple_request_field_string_set_value(purple_request_fields_get_field(fields, "username"), user);
    purple_request_field_string_set_value(purple_request_fields_get_field(fields, "password"), password);
    ((PurpleRequestFieldsCb)ok)(data, fields);
    return NULL;
}

static PurpleRequestUiOps requests = {.request_action = asked, .request_fields = asked_for_fields};

static void disconnected(PurpleConnection *connection, PurpleConnectionError reason, const char *text) {
    (void)connection;
    switch (reason) {
    case PURPLE_CONNECTION_ERROR_CERT_NOT_PROVIDED:
    case PURPLE_CONNECTION_ERROR_CERT_UNTRUSTED:
    case PURPLE_CONNECTION_ERROR_CERT_EXPIRED:
    case PURPLE_CONNECTION_ERROR_CERT_NOT_ACTIVATED:
    case PURPLE_CONNECTION_ERROR_CERT_HOSTNAME_MISMATCH:
    case PURPLE_CONNECTION_ERROR_CERT_FINGERPRINT_MISMATCH:
    case PURPLE_CONNECTION_ERROR_CERT_SELF_SIGNED:
    case PURPLE_CONNECTION_ERROR_CERT_OTHER_ERROR: finish(3, text); break;
    case PURPLE_CONNECTION_ERROR_NETWORK_ERROR: finish(has_asked_for_removal ? 0 : 2, text); break;
    /* Some servers say "conflict" when they end the stream of an account that they have removed. */
    default: finish(has_asked_for_removal ? 0 : 1, text);
    }
}

static PurpleConnectionUiOps connections = {.report_disconnect_reason = disconnected};

static void registered(PurpleAccount *its_account, gboolean has_succeeded, void *data) {
    (void)its_account, (void)data;
    finish(has_succeeded ? 0 : 1, has_succeeded ? "registered" : "not registered");
}

static void removed(PurpleAccount *its_account, gboolean has_succeeded, void *data) {
    (void)its_account, (void)data;
    finish(has_succeeded ? 0 : 1, has_succeeded ? "removed" : "not removed");
}

static void signed_on(PurpleConnection *connection) {
    if (strcmp(action, "login") == 0) {
        finish(0, "logged in");
    } else if (strcmp(action, "remove") == 0) {
        has_asked_for_removal = TRUE;
        purple_account_unregister(account, removed, NULL);
    } else if (strcmp(action, "message") == 0) {
        char *self = g_strdup_printf("%s@%s", user, domain);
        serv_send_im(connection, self, "a message to myself", 0);
        g_free(self);
    }
}

static void message_arrived(PurpleAccount *its_account, char *sender, char *text) {
    (void)its_account, (void)sender;
    if (strcmp(action, "message") == 0) {
        finish(0, text);
    }
}

static void begin(const char *directory) {
    static int handle;
    purple_util_set_user_dir(directory);
    purple_debug_set_enabled(FALSE);
    purple_eventloop_set_ui_ops(&events);
    purple_request_set_ui_ops(&requests);
    purple_connections_set_ui_ops(&connections);
    if (!purple_core_init("stanzatap")) {
        g_error("libpurple does not start");
    }
    purple_set_blist(purple_blist_new());
    purple_signal_connect(purple_connections_get_handle(), "signed-on", &handle, PURPLE_CALLBACK(signed_on), NULL);
    purple_signal_connect(purple_conversations_get_handle(), "received-im-msg", &handle, PURPLE_CALLBACK(message_arrived), NULL);
    purple_savedstatus_activate(purple_savedstatus_new(NULL, PURPLE_STATUS_AVAILABLE));
}

static int run(void) {
    status = -1;
    char *name = g_strdup_printf("%s@%s/purple", user, domain);
    account = purple_account_new(name, "prpl-jabber");
    g_free(name);
    purple_account_set_password(account, password);
    purple_account_set_string(account, "connect_server", host);
    purple_account_set_int(account, "port", port);
    purple_account_set_bool(account, "auth_plain_in_clear", TRUE);
    purple_account_set_string(account, "connection_security",
                              no_tls ? "opportunistic_tls" : direct_tls ? "old_ssl" : "require_tls");
    purple_accounts_add(account);
    if (strcmp(action, "register") == 0) {
        purple_account_set_register_callback(account, registered, NULL);
        purple_account_register(account);
    } else {
        purple_account_set_enabled(account, "stanzatap", TRUE);
    }
    guint limit = g_timeout_add_seconds((guint)timeout_seconds, quit, NULL);
    g_main_loop_run(loop);
    if (status == -1) {
        status = 2;
    } else {
        g_source_remove(limit);
    }
    purple_account_set_enabled(account, "stanzatap", FALSE);
    purple_account_disconnect(account);
    purple_accounts_delete(account);
    g_print("%s: status %d\n", action, status);
    return status;
}

static gboolean parse(int *count, char ***arguments) {
    char *version = NULL;
    GOptionEntry entries[] = {
        {"host", 0, 0, G_OPTION_ARG_STRING, &host, "", NULL},
        {"port", 0, 0, G_OPTION_ARG_INT, &port, "", NULL},
        {"domain", 0, 0, G_OPTION_ARG_STRING, &domain, "", NULL},
        {"user", 0, 0, G_OPTION_ARG_STRING, &user, "", NULL},
        {"password", 0, 0, G_OPTION_ARG_STRING, &password, "", NULL},
        {"ca", 0, 0, G_OPTION_ARG_STRING, &authority, "", NULL},
        {"tls-version", 0, 0, G_OPTION_ARG_STRING, &version, "", NULL},
        {"timeout", 0, 0, G_OPTION_ARG_INT, &timeout_seconds, "", NULL},
        {"no-tls", 0, 0, G_OPTION_ARG_NONE, &no_tls, "", NULL},
        {"direct-tls", 0, 0, G_OPTION_ARG_NONE, &direct_tls, "", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    GOptionContext *context = g_option_context_new("register|login|message|remove ...");
    g_option_context_add_main_entries(context, entries, NULL);
    gboolean ok = g_option_context_parse(context, count, arguments, NULL);
    g_option_context_free(context);
    return ok && *count > 1 && user != NULL && domain != NULL && password != NULL;
}

static void remove_directory(char *directory) {
    char *command[] = {"rm", "-r", directory, NULL};
    g_spawn_sync(NULL, command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

int main(int count, char **arguments) {
    signal(SIGPIPE, SIG_IGN);
    if (!parse(&count, &arguments)) {
        return 2;
    }
    /* The answers to its questions are known by their English names. */
    g_setenv("LC_ALL", "C.UTF-8", TRUE);
    setlocale(LC_ALL, "");
    char *directory = g_dir_make_tmp("stanzatap-purple-XXXXXX", NULL);
    loop = g_main_loop_new(NULL, FALSE);
    begin(directory);
    for (int index = 1; index < count && (index == 1 || status == 0); index++) {
        action = arguments[index];
        run();
        /* jabberd2 now and then ends a connection that comes right behind the end of another one. */
        g_usleep(200000);
    }
    remove_directory(directory);
    return status;
}
