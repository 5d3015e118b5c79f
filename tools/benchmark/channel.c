/* A connection that may be encrypted; see channel.h. */
#include "channel.h"
#include "xmppload.h"

#include <errno.h>
#include <openssl/err.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static SSL_CTX *server_context, *client_context;

static const char *tls_error(void)
{
    unsigned long code = ERR_peek_last_error();
    return code == 0 ? strerror(errno) : ERR_reason_error_string(code);
}

static SSL_CTX *new_context(const SSL_METHOD *method)
{
    SSL_CTX *context = SSL_CTX_new(method);
    if (context == NULL)
        fail("SSL_CTX_new: %s", tls_error());
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    /* No session is ever resumed: whole handshakes are what is measured. */
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    return context;
}

void tls_prepare_server(const char *certificate_file, const char *key_file)
{
    server_context = new_context(TLS_server_method());
    SSL_CTX_set_num_tickets(server_context, 0);
    if (SSL_CTX_use_certificate_chain_file(server_context, certificate_file) != 1 ||
        SSL_CTX_use_PrivateKey_file(server_context, key_file, SSL_FILETYPE_PEM) != 1)
        fail("certificate or key: %s", tls_error());
}

void tls_prepare_client(void)
{
    client_context = new_context(TLS_client_method());
}

static void begin(struct channel *channel, SSL_CTX *context)
{
    channel->tls = SSL_new(context);
    if (channel->tls == NULL || SSL_set_fd(channel->tls, channel->fd) != 1)
        fail("SSL_new: %s", tls_error());
}

void channel_accept_tls(struct channel *channel)
{
    begin(channel, server_context);
    SSL_set_accept_state(channel->tls);
}

void channel_connect_tls(struct channel *channel, const char *server_name)
{
    begin(channel, client_context);
    SSL_set_connect_state(channel->tls);
    if (SSL_set_tlsext_host_name(channel->tls, server_name) != 1)
        fail("server name: %s", tls_error());
}

bool channel_shake_hands(struct channel *channel)
{
    ERR_clear_error();
    int result = SSL_do_handshake(channel->tls);
    if (result == 1)
        return true;
    if (SSL_get_error(channel->tls, result) != SSL_ERROR_WANT_READ)
        fail("TLS handshake: %s", tls_error());
    return false;
}

static void wait_until(int fd, short events)
{
    struct pollfd ready = {.fd = fd, .events = events};
    poll(&ready, 1, -1);
}

/* Writes something, or waits for the time when it can; returns what was written. */
static size_t send_encrypted(struct channel *channel, const char *data, size_t length)
{
    size_t sent = 0;
    ERR_clear_error();
    int result = SSL_write_ex(channel->tls, data, length, &sent);
    if (result == 1)
        return sent;
    int error = SSL_get_error(channel->tls, result);
    if (error == SSL_ERROR_WANT_WRITE)
        wait_until(channel->fd, POLLOUT);
    else if (error == SSL_ERROR_WANT_READ)
        wait_until(channel->fd, POLLIN);
    else
        fail("send over TLS: %s", tls_error());
    return 0;
}

static size_t send_clear(struct channel *channel, const char *data, size_t length)
{
    ssize_t sent = send(channel->fd, data, length, MSG_NOSIGNAL);
    if (sent >= 0)
        return (size_t)sent;
    if (errno == EAGAIN)
        wait_until(channel->fd, POLLOUT);
    else if (errno != EINTR)
        fail("send: %s", strerror(errno));
    return 0;
}

void channel_send(struct channel *channel, const char *data, size_t length)
{
    while (length > 0) {
        size_t sent = channel->tls == NULL ? send_clear(channel, data, length) : send_encrypted(channel, data, length);
        data += sent;
        length -= sent;
    }
}

ssize_t channel_receive(struct channel *channel, void *data, size_t length)
{
    if (channel->tls == NULL)
        return recv(channel->fd, data, length, 0);
    size_t got = 0;
    ERR_clear_error();
    int result = SSL_read_ex(channel->tls, data, length, &got);
    if (result == 1)
        return (ssize_t)got;
    switch (SSL_get_error(channel->tls, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: errno = EAGAIN; return -1;
    case SSL_ERROR_ZERO_RETURN: return 0;
    default: break;
    }
    if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return 0;
    errno = EPROTO;
    return -1;
}

bool channel_has_more(const struct channel *channel)
{
    return channel->tls != NULL && SSL_pending(channel->tls) > 0;
}

void channel_close(struct channel *channel)
{
    if (channel->tls != NULL) {
        if (SSL_is_init_finished(channel->tls))
            SSL_shutdown(channel->tls);
        SSL_free(channel->tls);
        channel->tls = NULL;
    }
    close(channel->fd);
}
