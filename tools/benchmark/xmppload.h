/* What the two halves of the load generator share: the checksum, the texts of the stream, failing. */
#ifndef XMPPLOAD_H
#define XMPPLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STREAM_END "</stream:stream>"
#define STREAM_END_LENGTH (sizeof STREAM_END - 1)
#define STARTTLS "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
#define STARTTLS_PROCEED "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

/* A stream opened to this domain is counted, not answered stanza by stanza. */
#define BULK_DOMAIN "bulk.bench.example"
#define PLAIN_DOMAIN "bench.example"

/* Reads and writes of a bulk transfer; large enough that system calls are not what is measured. */
#define TRANSFER_BYTES (128 * 1024)

/* Checksum over a stream: depends on the order of the bytes, not on how they were cut into reads. */
struct checksum {
    uint64_t lane[4];
    uint64_t bytes;
    unsigned char pending[32];
};

enum encryption { ENCRYPTION_NONE, ENCRYPTION_DIRECT, ENCRYPTION_STARTTLS };

struct options {
    enum encryption encryption;
    /* The server's, PEM. */
    const char *certificate;
    const char *key;
    int port;
    int connections;
    unsigned long count;
    double seconds;
    unsigned long long bytes;
    size_t stanza;
};

void checksum_start(struct checksum *sum);
void checksum_add(struct checksum *sum, const void *data, size_t length);
uint64_t checksum_value(const struct checksum *sum);

/* Each writes one text of the stream into `out` and returns its length; a text that does not fit ends the program. */
size_t server_header(char *out, size_t size, const char *domain, bool offers_starttls);
size_t register_form(char *out, size_t size, const char *id);
size_t empty_result(char *out, size_t size, const char *id);
size_t closing_answer(char *out, size_t size, const struct checksum *received);

size_t print_text(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
void set_no_delay(int fd);

void run_sink(const struct options *options);
void run_ping(const struct options *options);
void run_bulk(const struct options *options);
void run_sessions(const struct options *options);
void run_visits(const struct options *options);
void run_idle(const struct options *options);

#endif
