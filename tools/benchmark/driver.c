/* The client half. Every step is "send this, expect exactly these bytes"; each load prints one JSON line. */
#define _GNU_SOURCE
#include "channel.h"
#include "xmppload.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define TEXT_BYTES 1024

/* The longest stanza, and more than one transfer. */
#define BATCH_BYTES (1024 * 1024)

/* Steps of a session before its end is asked for. */
#define STEPS_OF_REGISTRATION 2

/* Streams being opened at once, below the listen backlog of any proxy (a full one costs a second of retry). */
#define OPENING_AT_ONCE 64

/* How far a stream is on its way to being open. With TLS from the first byte it begins with the handshake. */
enum phase { PHASE_CLEAR_HEADER, PHASE_STARTTLS, PHASE_HANDSHAKE, PHASE_OPEN };

struct client {
    struct channel channel;
    enum phase phase;
    const char *domain;
    int step;
    unsigned long serial;
    uint64_t asked_at;
    struct checksum sent;
    size_t expected_length;
    size_t matched;
    char expected[TEXT_BYTES];
};

/* The state of the one load that a process drives. */
static struct {
    int poller;
    int port;
    enum encryption encryption;
    bool registers;
    unsigned long waiting;
    void (*answered)(struct client *client);
    unsigned long started;
    unsigned long finished;
    unsigned long count;
    uint64_t deadline;
    uint32_t *latencies;
} driver;

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

static double seconds_since(uint64_t start)
{
    return (double)(now() - start) / 1e9;
}

static void transmit(struct client *client, const char *data, size_t length)
{
    checksum_add(&client->sent, data, length);
    channel_send(&client->channel, data, length);
}

/* Sends a request whose answer is already in `client->expected`. */
static void ask(struct client *client, const char *request, size_t length, size_t expected_length)
{
    client->expected_length = expected_length;
    client->matched = 0;
    driver.waiting++;
    transmit(client, request, length);
}

static void send_header(struct client *client)
{
    char header[TEXT_BYTES];
    size_t length = print_text(header, sizeof header,
                               "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                               "xmlns:stream='http://etherx.jabber.org/streams' to='%s' version='1.0'>",
                               client->domain);
    bool offers_starttls = client->phase == PHASE_CLEAR_HEADER;
    ask(client, header, length, server_header(client->expected, TEXT_BYTES, client->domain, offers_starttls));
}

/* Begins the handshake, or goes on with it. */
static void shake_hands(struct client *client)
{
    if (client->channel.tls == NULL) {
        client->phase = PHASE_HANDSHAKE;
        driver.waiting++;
        channel_connect_tls(&client->channel, client->domain);
    }
    if (channel_shake_hands(&client->channel)) {
        driver.waiting--;
        client->phase = PHASE_OPEN;
        send_header(client);
    }
}

/* The next step of STARTTLS, once the last one has been answered. */
static void continue_opening(struct client *client)
{
    if (client->phase == PHASE_STARTTLS) {
        shake_hands(client);
        return;
    }
    client->phase = PHASE_STARTTLS;
    memcpy(client->expected, STARTTLS_PROCEED, sizeof STARTTLS_PROCEED);
    ask(client, STARTTLS, sizeof STARTTLS - 1, sizeof STARTTLS_PROCEED - 1);
}

static int connected_socket(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    address.sin_port = htons((uint16_t)driver.port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        fail("connect: %s", strerror(errno));
    if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
        fail("O_NONBLOCK: %s", strerror(errno));
    set_no_delay(fd);
    return fd;
}

static void open_stream(struct client *client, const char *domain)
{
    client->channel = (struct channel){.fd = connected_socket()};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    if (epoll_ctl(driver.poller, EPOLL_CTL_ADD, client->channel.fd, &event) != 0)
        fail("epoll_ctl: %s", strerror(errno));
    client->domain = domain;
    client->step = driver.registers ? 0 : STEPS_OF_REGISTRATION;
    checksum_start(&client->sent);
    if (driver.encryption == ENCRYPTION_DIRECT) {
        shake_hands(client);
    } else {
        client->phase = driver.encryption == ENCRYPTION_NONE ? PHASE_OPEN : PHASE_CLEAR_HEADER;
        send_header(client);
    }
}

/* Asks for the end of the stream; the answer must tell the checksum of everything this client has sent. */
static void close_stream(struct client *client)
{
    struct checksum whole = client->sent;
    checksum_add(&whole, STREAM_END, STREAM_END_LENGTH);
    ask(client, STREAM_END, STREAM_END_LENGTH, closing_answer(client->expected, TEXT_BYTES, &whole));
}

/* Compares what has come with what was expected. */
static void compare(struct client *client, const char *got, ssize_t length)
{
    size_t open = client->expected_length - client->matched;
    const char *rest = client->expected + client->matched;
    if (length == 0 || (size_t)length > open || memcmp(got, rest, (size_t)length) != 0)
        fail("bytes differ.\nexpected: %.*s\n received: %s", (int)open, rest, length == 0 ? "(end of input)" : got);
    client->matched += (size_t)length;
    if (client->matched < client->expected_length)
        return;
    driver.waiting--;
    if (client->phase == PHASE_OPEN)
        driver.answered(client);
    else
        continue_opening(client);
}

static void receive(struct client *client)
{
    if (client->phase == PHASE_HANDSHAKE) {
        shake_hands(client);
        return;
    }
    do {
        char got[TEXT_BYTES];
        ssize_t length = channel_receive(&client->channel, got, sizeof got - 1);
        if (length < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (length < 0)
            fail("recv: %s", strerror(errno));
        got[length] = '\0';
        compare(client, got, length);
    } while (channel_has_more(&client->channel));
}

/* Serves the connections until no more than `left` answers are outstanding. */
static void serve_until(unsigned long left)
{
    while (driver.waiting > left) {
        struct epoll_event events[64];
        int ready = epoll_wait(driver.poller, events, 64, -1);
        if (ready < 0 && errno != EINTR)
            fail("epoll_wait: %s", strerror(errno));
        for (int i = 0; i < ready; i++)
            receive(events[i].data.ptr);
    }
}

static void do_nothing(struct client *client)
{
    (void)client;
}

static struct client *open_clients(int count, const char *domain)
{
    struct client *clients = calloc((size_t)count, sizeof *clients);
    if (clients == NULL)
        fail("out of memory");
    driver.answered = do_nothing;
    for (int i = 0; i < count; i++) {
        open_stream(&clients[i], domain);
        serve_until(OPENING_AT_ONCE);
    }
    serve_until(0);
    return clients;
}

static void close_clients(struct client *clients, int count)
{
    driver.answered = do_nothing;
    for (int i = 0; i < count; i++)
        close_stream(&clients[i]);
    serve_until(0);
    for (int i = 0; i < count; i++)
        channel_close(&clients[i].channel);
    free(clients);
}

/* Whole sessions: stream header, registration form, registration, end; then the next one in the same place. */
static void continue_session(struct client *client)
{
    char request[TEXT_BYTES];
    size_t length;
    switch (client->step++) {
    case 0:
        length = print_text(request, sizeof request,
                            "<iq type='get' id='reg1'><query xmlns='jabber:iq:register'/></iq>");
        ask(client, request, length, register_form(client->expected, TEXT_BYTES, "reg1"));
        break;
    case 1:
        length = print_text(request, sizeof request,
                            "<iq type='set' id='reg2'><query xmlns='jabber:iq:register'><username>user%lu</username>"
                            "<password>secret%lu</password></query></iq>",
                            client->serial, client->serial);
        ask(client, request, length, empty_result(client->expected, TEXT_BYTES, "reg2"));
        break;
    case STEPS_OF_REGISTRATION:
        close_stream(client);
        break;
    default:
        channel_close(&client->channel);
        if (driver.started < driver.count) {
            client->serial = driver.started++;
            open_stream(client, PLAIN_DOMAIN);
        }
    }
}

static void hold_sessions(int at_once, unsigned long count)
{
    struct client *clients = calloc((size_t)at_once, sizeof *clients);
    if (clients == NULL)
        fail("out of memory");
    driver.answered = continue_session;
    driver.count = count;
    driver.started = 0;
    for (int i = 0; i < at_once && driver.started < count; i++) {
        clients[i].serial = driver.started++;
        open_stream(&clients[i], PLAIN_DOMAIN);
    }
    serve_until(0);
    free(clients);
}

/* One unmeasured session, so that the start of a proxy is not measured. */
static void prepare(const struct options *options)
{
    driver.port = options->port;
    driver.registers = true;
    driver.encryption = options->encryption;
    if (driver.encryption != ENCRYPTION_NONE)
        tls_prepare_client();
    driver.poller = epoll_create1(EPOLL_CLOEXEC);
    if (driver.poller < 0)
        fail("epoll_create1: %s", strerror(errno));
    hold_sessions(1, 1);
}

static void measure_sessions(const struct options *options)
{
    uint64_t start = now();
    hold_sessions(options->connections, options->count);
    double seconds = seconds_since(start);
    printf("{\"sessions\": %lu, \"seconds\": %.6f}\n", options->count, seconds);
}

void run_sessions(const struct options *options)
{
    prepare(options);
    measure_sessions(options);
}

/* Sessions that only open their stream and close it. */
void run_visits(const struct options *options)
{
    prepare(options);
    driver.registers = false;
    measure_sessions(options);
}

static void send_ping(struct client *client)
{
    char request[TEXT_BYTES];
    char id[32];
    print_text(id, sizeof id, "p%lu", driver.started++);
    size_t length =
        print_text(request, sizeof request, "<iq type='get' id='%s'><ping xmlns='urn:xmpp:ping'/></iq>", id);
    size_t expected = empty_result(client->expected, TEXT_BYTES, id);
    client->asked_at = now();
    ask(client, request, length, expected);
}

static void pinged(struct client *client)
{
    uint64_t time = now();
    driver.latencies[driver.finished++] = (uint32_t)(time - client->asked_at);
    if (driver.started < driver.count && time < driver.deadline)
        send_ping(client);
}

static int compare_latencies(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

void run_ping(const struct options *options)
{
    prepare(options);
    struct client *clients = open_clients(options->connections, PLAIN_DOMAIN);
    /* At least one ping is sent on each connection, whatever the count. */
    driver.latencies = calloc(options->count + (size_t)options->connections, sizeof *driver.latencies);
    if (driver.latencies == NULL)
        fail("out of memory");
    driver.answered = pinged;
    driver.count = options->count;
    driver.started = 0;
    uint64_t start = now();
    driver.deadline = start + (uint64_t)(options->seconds * 1e9);
    for (int i = 0; i < options->connections; i++)
        send_ping(&clients[i]);
    serve_until(0);
    double seconds = seconds_since(start);
    close_clients(clients, options->connections);
    qsort(driver.latencies, driver.finished, sizeof *driver.latencies, compare_latencies);
    printf("{\"round_trips\": %lu, \"seconds\": %.6f, \"median_us\": %.3f}\n", driver.finished, seconds,
           driver.latencies[driver.finished / 2] / 1e3);
    free(driver.latencies);
}

#define SERIAL_DIGITS 10

/* Each stanza carries its number, so that lost, doubled and swapped ones change the checksum. */
static void write_serial(char *at, unsigned long serial)
{
    for (int i = SERIAL_DIGITS - 1; i >= 0; i--, serial /= 10)
        at[i] = (char)('0' + serial % 10);
}

/* Fills `out` with one message stanza of exactly `size` bytes; returns the place of its number. */
static size_t write_message(char *out, size_t size)
{
    static const char head[] = "<message from='romeo@" BULK_DOMAIN "/orchard' to='juliet@" BULK_DOMAIN "' id='m";
    static const char middle[] = "' type='chat'><body>";
    static const char end[] = "</body></message>";
    static const char words[] = "Neither, fair saint, if either thee dislike. ";
    size_t markup = sizeof head + SERIAL_DIGITS + sizeof middle + sizeof end - 3;
    if (size <= markup || size > BATCH_BYTES)
        fail("a stanza has %zu to %d bytes", markup + 1, BATCH_BYTES);
    char *at = mempcpy(out, head, sizeof head - 1);
    size_t serial = (size_t)(at - out);
    at = mempcpy(at + SERIAL_DIGITS, middle, sizeof middle - 1);
    for (size_t i = 0; i < size - markup; i++)
        *at++ = words[i % (sizeof words - 1)];
    memcpy(at, end, sizeof end - 1);
    return serial;
}

void run_bulk(const struct options *options)
{
    static char batch[BATCH_BYTES];
    size_t size = options->stanza;
    size_t serial_at = write_message(batch, size);
    size_t batch_stanzas = size > TRANSFER_BYTES ? 1 : TRANSFER_BYTES / size;
    for (size_t i = 1; i < batch_stanzas; i++)
        memcpy(batch + i * size, batch, size);
    unsigned long total = (unsigned long)((options->bytes + size - 1) / size);

    prepare(options);
    struct client *client = open_clients(1, BULK_DOMAIN);
    uint64_t start = now();
    for (unsigned long sent = 0; sent < total;) {
        size_t now_sent = total - sent < batch_stanzas ? total - sent : batch_stanzas;
        for (size_t i = 0; i < now_sent; i++)
            write_serial(batch + i * size + serial_at, sent + i);
        transmit(client, batch, now_sent * size);
        sent += now_sent;
    }
    close_clients(client, 1);
    double seconds = seconds_since(start);
    printf("{\"stanzas\": %lu, \"bytes\": %llu, \"seconds\": %.6f}\n", total, (unsigned long long)total * size,
           seconds);
}

/* Opens the streams, says so, and keeps them until its input ends. */
void run_idle(const struct options *options)
{
    prepare(options);
    puts("prepared");
    fflush(stdout);
    if (getchar() == EOF)
        return;
    struct client *clients = open_clients(options->connections, PLAIN_DOMAIN);
    puts("open");
    fflush(stdout);
    while (getchar() != EOF)
        continue;
    close_clients(clients, options->connections);
    printf("{\"connections\": %d}\n", options->connections);
}
