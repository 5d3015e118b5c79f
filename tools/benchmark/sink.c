/* The server half: answers streams on a loopback port of its own choice, until it is stopped. */
#define _GNU_SOURCE
#include "channel.h"
#include "xmppload.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Longer than any request of the driver outside a bulk transfer. */
#define REQUEST_BYTES 2048
#define ID_BYTES 64

/* Reads of one connection before the others have their turn; over TLS each returns one record. */
#define READS_AT_ONCE 16

static enum encryption encryption;

struct peer {
    struct channel channel;
    bool counting;
    bool ended;
    struct checksum received;
    /* Unanswered text while stanzas are answered; the last bytes of the stream while they are only counted. */
    size_t held;
    char text[REQUEST_BYTES];
};

static int listen_on_loopback(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 4096) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        fail("cannot listen: %s", strerror(errno));
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static void accept_peers(int listener, int poller)
{
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EAGAIN || errno == ECONNABORTED))
            return;
        if (fd < 0)
            fail("accept: %s", strerror(errno));
        set_no_delay(fd);
        struct peer *peer = calloc(1, sizeof *peer);
        if (peer == NULL)
            fail("out of memory");
        peer->channel.fd = fd;
        if (encryption == ENCRYPTION_DIRECT)
            channel_accept_tls(&peer->channel);
        checksum_start(&peer->received);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = peer};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0)
            fail("epoll_ctl: %s", strerror(errno));
    }
}

static void forget(struct peer *peer)
{
    channel_close(&peer->channel);
    free(peer);
}

static void end_stream(struct peer *peer)
{
    char answer[512];
    peer->ended = true;
    channel_send(&peer->channel, answer, closing_answer(answer, sizeof answer, &peer->received));
}

/* The bytes of the first complete stream header, iq, STARTTLS or stream end in `text`; 0 while it is incomplete. */
static size_t first_unit(const char *text)
{
    if (strncmp(text, STREAM_END, STREAM_END_LENGTH) == 0)
        return STREAM_END_LENGTH;
    if (strncmp(text, STARTTLS, sizeof STARTTLS - 1) == 0)
        return sizeof STARTTLS - 1;
    const char *end;
    if (strncmp(text, "<?xml", 5) == 0) {
        const char *header = strstr(text, "<stream:stream");
        end = header == NULL ? NULL : strchr(header, '>');
        return end == NULL ? 0 : (size_t)(end + 1 - text);
    }
    end = strstr(text, "</iq>");
    return end == NULL ? 0 : (size_t)(end + 5 - text);
}

static void answer_iq(struct peer *peer, const char *iq)
{
    char answer[512];
    char id[ID_BYTES];
    const char *at = strstr(iq, " id='");
    if (at == NULL || sscanf(at, " id='%63[^']'", id) != 1)
        fail("sink: an iq without an id: %s", iq);
    bool is_form = strstr(iq, "jabber:iq:register") != NULL && strstr(iq, " type='get'") != NULL;
    size_t length = is_form ? register_form(answer, sizeof answer, id) : empty_result(answer, sizeof answer, id);
    channel_send(&peer->channel, answer, length);
}

static void open_stream(struct peer *peer, bool is_bulk)
{
    char answer[512];
    bool offers_starttls = encryption == ENCRYPTION_STARTTLS && peer->channel.tls == NULL;
    peer->counting = is_bulk && !offers_starttls;
    const char *domain = is_bulk ? BULK_DOMAIN : PLAIN_DOMAIN;
    channel_send(&peer->channel, answer, server_header(answer, sizeof answer, domain, offers_starttls));
}

static void begin_tls(struct peer *peer)
{
    if (encryption != ENCRYPTION_STARTTLS || peer->channel.tls != NULL || peer->held > 0)
        fail("sink: STARTTLS where it was not offered, or bytes behind it");
    channel_send(&peer->channel, STARTTLS_PROCEED, sizeof STARTTLS_PROCEED - 1);
    channel_accept_tls(&peer->channel);
}

static void answer_unit(struct peer *peer, const char *unit)
{
    if (strcmp(unit, STREAM_END) == 0) {
        end_stream(peer);
    } else if (strncmp(unit, "<?xml", 5) == 0) {
        open_stream(peer, strstr(unit, "to='" BULK_DOMAIN "'") != NULL);
    } else if (strcmp(unit, STARTTLS) == 0) {
        begin_tls(peer);
    } else {
        answer_iq(peer, unit);
    }
}

static void take_requests(struct peer *peer, const char *data, size_t length)
{
    if (peer->held + length >= sizeof peer->text)
        fail("sink: a request longer than %zu bytes", sizeof peer->text);
    memcpy(peer->text + peer->held, data, length);
    peer->held += length;
    peer->text[peer->held] = '\0';
    size_t unit;
    while (peer->held > 0 && (unit = first_unit(peer->text)) > 0) {
        char one[REQUEST_BYTES];
        memcpy(one, peer->text, unit);
        one[unit] = '\0';
        peer->held -= unit;
        memmove(peer->text, peer->text + unit, peer->held + 1);
        answer_unit(peer, one);
    }
}

/* Looks for the stream end only at the very end of what has come: the driver sends nothing behind it. */
static void take_bulk(struct peer *peer, const char *data, size_t length)
{
    if (length >= STREAM_END_LENGTH) {
        memcpy(peer->text, data + length - STREAM_END_LENGTH, STREAM_END_LENGTH);
        peer->held = STREAM_END_LENGTH;
    } else {
        size_t kept = STREAM_END_LENGTH - length;
        if (kept > peer->held)
            kept = peer->held;
        memmove(peer->text, peer->text + peer->held - kept, kept);
        memcpy(peer->text + kept, data, length);
        peer->held = kept + length;
    }
    if (peer->held == STREAM_END_LENGTH && memcmp(peer->text, STREAM_END, STREAM_END_LENGTH) == 0)
        end_stream(peer);
}

/* Reads once; returns false when there is nothing for now, or the connection is over. */
static bool receive_once(struct peer *peer)
{
    static char buffer[TRANSFER_BYTES];
    ssize_t got = channel_receive(&peer->channel, buffer, sizeof buffer);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (got <= 0) {
        forget(peer);
        return false;
    }
    if (peer->ended)
        fail("sink: %zd bytes behind the end of a stream", got);
    checksum_add(&peer->received, buffer, (size_t)got);
    if (peer->counting)
        take_bulk(peer, buffer, (size_t)got);
    else
        take_requests(peer, buffer, (size_t)got);
    return true;
}

/* What is left over makes the poller report again, so that no connection starves the others. */
static void receive(struct peer *peer)
{
    for (int reads = 1; receive_once(peer); reads++) {
        bool is_turn_over = peer->channel.tls == NULL || reads >= READS_AT_ONCE;
        /* Of a record that has been read in part the poller would not know. */
        if (is_turn_over && !channel_has_more(&peer->channel))
            return;
    }
}

void run_sink(const struct options *options)
{
    encryption = options->encryption;
    if (encryption != ENCRYPTION_NONE) {
        if (options->certificate == NULL || options->key == NULL)
            fail("TLS needs --certificate and --key");
        tls_prepare_server(options->certificate, options->key);
    }
    int listener = listen_on_loopback();
    int poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (poller < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event) != 0)
        fail("epoll: %s", strerror(errno));
    for (;;) {
        struct epoll_event events[64];
        int ready = epoll_wait(poller, events, 64, -1);
        if (ready < 0 && errno != EINTR)
            fail("epoll_wait: %s", strerror(errno));
        for (int i = 0; i < ready; i++) {
            if (events[i].data.ptr == NULL)
                accept_peers(listener, poller);
            else
                receive(events[i].data.ptr);
        }
    }
}
