/* xmppload: an XMPP-shaped load. `xmppload sink` is the server, `xmppload LOAD --port N` the client.
 *
 * The sink checksums every byte it receives and sends the result back in its last answer; the driver knows the exact
 * bytes of every answer beforehand. So a proxy in between cannot lose, swap or change a byte unnoticed. */
#define _GNU_SOURCE
#include "xmppload.h"

#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const uint64_t prime_a = 0x9E3779B185EBCA87ULL;
static const uint64_t prime_b = 0xC2B2AE3D27D4EB4FULL;

static uint64_t rotate(uint64_t value, int bits)
{
    return (value << bits) | (value >> (64 - bits));
}

/* Four independent lanes, so that the processor works on them at once: far faster than the loopback. */
static void mix_block(uint64_t lane[4], const unsigned char *block)
{
    for (int i = 0; i < 4; i++) {
        uint64_t word;
        memcpy(&word, block + 8 * i, 8);
        lane[i] = rotate(lane[i] + word * prime_b, 31) * prime_a;
    }
}

void checksum_start(struct checksum *sum)
{
    memset(sum, 0, sizeof *sum);
    for (int i = 0; i < 4; i++)
        sum->lane[i] = prime_a * (uint64_t)(i + 1);
}

void checksum_add(struct checksum *sum, const void *data, size_t length)
{
    const unsigned char *at = data;
    size_t held = sum->bytes % sizeof sum->pending;
    sum->bytes += length;
    if (held > 0) {
        size_t taken = sizeof sum->pending - held;
        if (taken > length)
            taken = length;
        memcpy(sum->pending + held, at, taken);
        if (held + taken < sizeof sum->pending)
            return;
        mix_block(sum->lane, sum->pending);
        at += taken;
        length -= taken;
    }
    for (; length >= sizeof sum->pending; at += sizeof sum->pending, length -= sizeof sum->pending)
        mix_block(sum->lane, at);
    memcpy(sum->pending, at, length);
}

uint64_t checksum_value(const struct checksum *sum)
{
    uint64_t lane[4];
    unsigned char last[sizeof sum->pending] = {0};
    memcpy(lane, sum->lane, sizeof lane);
    memcpy(last, sum->pending, sum->bytes % sizeof sum->pending);
    mix_block(lane, last);
    uint64_t value = sum->bytes;
    for (int i = 0; i < 4; i++)
        value = rotate(value ^ lane[i], 27) * prime_a + prime_b;
    return value ^ (value >> 32);
}

void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("xmppload: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

size_t print_text(char *out, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(out, size, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= size)
        fail("a text of %d bytes does not fit into %zu", length, size);
    return (size_t)length;
}

size_t server_header(char *out, size_t size, const char *domain, bool offers_starttls)
{
    return print_text(out, size,
                      "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                      "xmlns:stream='http://etherx.jabber.org/streams' from='%s' id='bench' version='1.0'>"
                      "<stream:features>%s<register xmlns='http://jabber.org/features/iq-register'/></stream:features>",
                      domain, offers_starttls ? STARTTLS : "");
}

size_t register_form(char *out, size_t size, const char *id)
{
    return print_text(out, size,
                      "<iq type='result' id='%s'><query xmlns='jabber:iq:register'><instructions>Choose a name and a "
                      "password.</instructions><username/><password/></query></iq>",
                      id);
}

size_t empty_result(char *out, size_t size, const char *id)
{
    return print_text(out, size, "<iq type='result' id='%s'/>", id);
}

size_t closing_answer(char *out, size_t size, const struct checksum *received)
{
    return print_text(out, size,
                      "<message from='" PLAIN_DOMAIN "'><sum xmlns='urn:stanzatap:bench' bytes='%llu' "
                      "hash='%016llx'/></message>" STREAM_END,
                      (unsigned long long)received->bytes, (unsigned long long)checksum_value(received));
}

void set_no_delay(int fd)
{
    int on = 1;
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
        fail("TCP_NODELAY: %s", strerror(errno));
}

static void time_is_up(int signal_number)
{
    (void)signal_number;
    static const char message[] = "xmppload: not done within the time limit, given up\n";
    ssize_t ignored = write(STDERR_FILENO, message, sizeof message - 1);
    (void)ignored;
    _exit(1);
}

static enum encryption encryption_named(const char *name)
{
    if (strcmp(name, "direct") == 0)
        return ENCRYPTION_DIRECT;
    if (strcmp(name, "starttls") == 0)
        return ENCRYPTION_STARTTLS;
    fputs("xmppload: --tls is direct or starttls\n", stderr);
    exit(2);
}

static struct options read_options(int argc, char **argv)
{
    static const struct option known[] = {
        {"port", required_argument, NULL, 'p'},    {"connections", required_argument, NULL, 'c'},
        {"count", required_argument, NULL, 'n'},   {"seconds", required_argument, NULL, 's'},
        {"bytes", required_argument, NULL, 'b'},   {"stanza", required_argument, NULL, 'z'},
        {"tls", required_argument, NULL, 'e'},     {"certificate", required_argument, NULL, 'x'},
        {"key", required_argument, NULL, 'k'},     {"time-limit", required_argument, NULL, 't'},
        {NULL, 0, NULL, 0},
    };
    struct options options = {.connections = 1, .count = 1, .seconds = 60, .bytes = 1000000, .stanza = 200};
    unsigned time_limit = 120;
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case 'p': options.port = atoi(optarg); break;
        case 'c': options.connections = atoi(optarg); break;
        case 'n': options.count = strtoul(optarg, NULL, 10); break;
        case 's': options.seconds = atof(optarg); break;
        case 'b': options.bytes = strtoull(optarg, NULL, 10); break;
        case 'z': options.stanza = strtoul(optarg, NULL, 10); break;
        case 'e': options.encryption = encryption_named(optarg); break;
        case 'x': options.certificate = optarg; break;
        case 'k': options.key = optarg; break;
        case 't': time_limit = (unsigned)atoi(optarg); break;
        default: exit(2);
        }
    }
    if (options.connections < 1 || options.count < 1 || options.bytes < 1) {
        fputs("xmppload: connections, count and bytes are at least 1\n", stderr);
        exit(2);
    }
    /* A peer that has gone is an error of a write, also of one by OpenSSL. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGALRM, time_is_up);
    alarm(time_limit);
    return options;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(const struct options *options);
    } loads[] = {{"ping", run_ping}, {"bulk", run_bulk}, {"sessions", run_sessions},
                 {"visits", run_visits}, {"idle", run_idle}};

    struct options options = read_options(argc, argv);
    const char *wanted = optind < argc ? argv[optind] : "";
    if (strcmp(wanted, "sink") == 0) {
        run_sink(&options);
        return 0;
    }
    for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++) {
        if (strcmp(wanted, loads[i].name) == 0 && options.port > 0) {
            loads[i].run(&options);
            return 0;
        }
    }
    fputs("usage: xmppload sink [--tls direct|starttls --certificate FILE --key FILE] [--time-limit SECONDS]\n"
          "       xmppload ping|bulk|sessions|visits|idle --port N [--tls direct|starttls]\n"
          "                [--connections N] [--count N] [--seconds S] [--bytes N] [--stanza BYTES] [--time-limit SECONDS]\n",
          stderr);
    return 2;
}
