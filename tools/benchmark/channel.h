/* A connection that may be encrypted, from its first byte or later. Both ends do not block. */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct channel {
    int fd;
    /* NULL while the channel is in the clear. */
    SSL *tls;
};

/* Must be called before the first channel of this kind has TLS. */
void tls_prepare_server(const char *certificate_file, const char *key_file);
void tls_prepare_client(void);

void channel_accept_tls(struct channel *channel);
void channel_connect_tls(struct channel *channel, const char *server_name);

/* True when the handshake is over; until then it is to be called whenever there is something to read. */
bool channel_shake_hands(struct channel *channel);

void channel_send(struct channel *channel, const char *data, size_t length);
/* As recv(): 0 is the end, -1 with EAGAIN nothing for now. A server's first call does the handshake. */
ssize_t channel_receive(struct channel *channel, void *data, size_t length);
/* Something has been read from the socket that channel_receive() has not returned, and that no poller knows of. */
bool channel_has_more(const struct channel *channel);
void channel_close(struct channel *channel);

#endif
