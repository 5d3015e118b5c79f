/* A client made with libstrophe: register, login, message (to itself), remove; each action has a connection of its own.
 * Status 0: all went well, 1: the server refused, 2: no connection in time or a wrong call, 3: the certificate was
 * refused. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strophe.h>
#include <time.h>

static const char *host = "127.0.0.1", *domain = "", *user = "", *password = "", *action = "";
static const char *authority;
static int port = 5222, timeout_seconds = 20, status = 2;
static int has_tls = 1, is_direct, has_asked_for_removal;

static void finish(xmpp_conn_t *conn, int result, const char *text) {
    printf("%s: %s\n", action, text);
    fflush(stdout);
    status = result;
    xmpp_disconnect(conn);
}

static xmpp_stanza_t *child(xmpp_ctx_t *ctx, xmpp_stanza_t *parent, const char *name, const char *text) {
    xmpp_stanza_t *element = xmpp_stanza_new(ctx);
    xmpp_stanza_set_name(element, name);
    if (text != NULL) {
        xmpp_stanza_t *content = xmpp_stanza_new(ctx);
        xmpp_stanza_set_text(content, text);
        xmpp_stanza_add_child(element, content);
        xmpp_stanza_release(content);
    }
    xmpp_stanza_add_child(parent, element);
    xmpp_stanza_release(element);
    return element;
}

static int answered(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *data) {
    (void)data;
    const char *type = xmpp_stanza_get_type(stanza);
    int ok = type != NULL && strcmp(type, "result") == 0;
    finish(conn, ok ? 0 : 1, ok ? "done" : "refused");
    return 0;
}

static void send_query(xmpp_conn_t *conn, const char *type, const char *id, int with_fields) {
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    xmpp_stanza_t *iq = xmpp_iq_new(ctx, type, id);
    xmpp_stanza_t *query = child(ctx, iq, "query", NULL);
    xmpp_stanza_set_ns(query, "jabber:iq:register");
    if (strcmp(type, "get") == 0) {
        xmpp_stanza_set_to(iq, domain);
    } else if (with_fields) {
        child(ctx, query, "username", user);
        child(ctx, query, "password", password);
    } else {
        child(ctx, query, "remove", NULL);
    }
    xmpp_send(conn, iq);
    xmpp_stanza_release(iq);
}

static int fields_arrived(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *data) {
    const char *type = xmpp_stanza_get_type(stanza);
    if (type == NULL || strcmp(type, "result") != 0) {
        return answered(conn, stanza, data);
    }
    printf("%s: the server asks for fields\n", action);
    xmpp_id_handler_add(conn, answered, "reg2", NULL);
    send_query(conn, "set", "reg2", 1);
    return 0;
}

/* What onTLSConnect is elsewhere: called for each thing that is wrong with the certificate. */
static int certificate_failed(const xmpp_tlscert_t *certificate, const char *error) {
    (void)certificate;
    printf("%s: certificate refused: %s\n", action, error);
    status = 3;
    return 0;
}

static int begin_tls(xmpp_conn_t *conn) {
    int ok = xmpp_conn_tls_start(conn) == XMPP_EOK;
    if (!ok) {
        xmpp_disconnect(conn);
    }
    return ok;
}

static int may_proceed(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *data);

/* On a raw connection libstrophe leaves STARTTLS to its user. */
static int features_arrived(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *data) {
    (void)data;
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    xmpp_stanza_t *offer = xmpp_stanza_get_child_by_name_and_ns(stanza, "starttls", XMPP_NS_TLS);
    if (offer != NULL && has_tls && !xmpp_conn_is_secured(conn)) {
        xmpp_handler_add(conn, may_proceed, XMPP_NS_TLS, NULL, NULL, NULL);
        xmpp_stanza_t *request = xmpp_stanza_new(ctx);
        xmpp_stanza_set_name(request, "starttls");
        xmpp_stanza_set_ns(request, XMPP_NS_TLS);
        xmpp_send(conn, request);
        xmpp_stanza_release(request);
        return 0;
    }
    xmpp_id_handler_add(conn, fields_arrived, "reg1", NULL);
    send_query(conn, "get", "reg1", 0);
    return 0;
}

static int may_proceed(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *data) {
    (void)data;
    if (strcmp(xmpp_stanza_get_name(stanza), "proceed") != 0) {
        finish(conn, 1, "STARTTLS refused");
    } else if (begin_tls(conn)) {
        xmpp_handler_add(conn, features_arrived, XMPP_NS_STREAMS, "features", NULL, NULL);
        xmpp_conn_open_stream_default(conn);
    }
    return 0;
}

static int message_arrived(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *data) {
    (void)data;
    if (xmpp_stanza_get_child_by_name(stanza, "body") != NULL) {
        finish(conn, 0, "received");
        return 0;
    }
    return 1;
}

static void logged_in(xmpp_conn_t *conn) {
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    if (strcmp(action, "login") == 0) {
        finish(conn, 0, "logged in");
    } else if (strcmp(action, "remove") == 0) {
        has_asked_for_removal = 1;
        xmpp_id_handler_add(conn, answered, "rem1", NULL);
        send_query(conn, "set", "rem1", 0);
    } else {
        xmpp_stanza_t *presence = xmpp_presence_new(ctx);
        xmpp_send(conn, presence);
        xmpp_stanza_release(presence);
        char to[512];
        snprintf(to, sizeof to, "%s@%s", user, domain);
        xmpp_handler_add(conn, message_arrived, NULL, "message", NULL, NULL);
        xmpp_stanza_t *message = xmpp_message_new(ctx, "chat", to, "m1");
        xmpp_message_set_body(message, "a message to myself");
        xmpp_send(conn, message);
        xmpp_stanza_release(message);
    }
}

static void happened(xmpp_conn_t *conn, xmpp_conn_event_t event, int error, xmpp_stream_error_t *stream_error, void *data) {
    (void)stream_error;
    switch (event) {
    case XMPP_CONN_RAW_CONNECT:
        if (is_direct && !begin_tls(conn)) {
            break;
        }
        xmpp_handler_add(conn, features_arrived, XMPP_NS_STREAMS, "features", NULL, NULL);
        xmpp_conn_open_stream_default(conn);
        break;
    case XMPP_CONN_CONNECT:
        if (strcmp(action, "register") != 0) {
            logged_in(conn);
        }
        break;
    default:
        printf("%s: disconnected (%d)\n", action, error);
        /* Servers close the stream right behind their answer; libstrophe then often does not deliver it. */
        if (status == 2 && has_asked_for_removal) {
            status = 0;
        }
        *(int *)data = 1;
    }
}

static void choose_tls(xmpp_conn_t *conn) {
    long flags = 0;
    if (!has_tls) {
        flags |= XMPP_CONN_FLAG_DISABLE_TLS;
    } else if (authority == NULL) {
        flags |= XMPP_CONN_FLAG_TRUST_TLS;
    }
    if (is_direct) {
        flags |= XMPP_CONN_FLAG_LEGACY_SSL;
    }
    xmpp_conn_set_flags(conn, flags);
    if (authority != NULL) {
        xmpp_conn_set_cafile(conn, authority);
        xmpp_conn_set_certfail_handler(conn, certificate_failed);
    }
}

static int run(void) {
    int is_over = 0;
    status = 2;
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    xmpp_conn_t *conn = xmpp_conn_new(ctx);
    int registers = strcmp(action, "register") == 0;
    char jid[512];
    if (registers) {
        snprintf(jid, sizeof jid, "%s", domain);
    } else {
        snprintf(jid, sizeof jid, "%s@%s/strophe", user, domain);
    }
    choose_tls(conn);
    xmpp_conn_set_jid(conn, jid);
    xmpp_conn_set_pass(conn, password);
    int connected = registers ? xmpp_connect_raw(conn, host, port, happened, &is_over)
                              : xmpp_connect_client(conn, host, port, happened, &is_over);
    time_t end = time(NULL) + timeout_seconds;
    while (connected == XMPP_EOK && !is_over && time(NULL) < end) {
        xmpp_run_once(ctx, 50);
    }
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    printf("%s: status %d\n", action, status);
    fflush(stdout);
    return status;
}

int main(int count, char **arguments) {
    int first_action = count;
    for (int index = 1; index < count; index++) {
        const char *argument = arguments[index];
        if (strcmp(argument, "--no-tls") == 0) {
            has_tls = 0;
        } else if (strcmp(argument, "--direct-tls") == 0) {
            is_direct = 1;
        } else if (strncmp(argument, "--", 2) != 0) {
            first_action = index;
            break;
        } else if (index + 1 < count) {
            const char *value = arguments[++index];
            if (strcmp(argument, "--host") == 0) host = value;
            if (strcmp(argument, "--port") == 0) port = atoi(value);
            if (strcmp(argument, "--domain") == 0) domain = value;
            if (strcmp(argument, "--user") == 0) user = value;
            if (strcmp(argument, "--password") == 0) password = value;
            if (strcmp(argument, "--ca") == 0) authority = value;
            if (strcmp(argument, "--timeout") == 0) timeout_seconds = atoi(value);
        }
    }
    if (*user == 0 || *domain == 0 || first_action == count) {
        fprintf(stderr, "usage: strophe-client --host H --port P --domain D --user U --password W [--no-tls|--direct-tls]"
                        " [--ca FILE] [--timeout S] register|login|message|remove ...\n");
        return 2;
    }
    xmpp_initialize();
    for (int index = first_action; index < count && (index == first_action || status == 0); index++) {
        action = arguments[index];
        run();
        /* jabberd2 now and then ends a connection that comes right behind the end of another one. */
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    }
    xmpp_shutdown();
    return status;
}
