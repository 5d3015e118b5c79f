#ifndef STANZATAP_CRESOLV_H
#define STANZATAP_CRESOLV_H

#include <stdint.h>

/// Asks for one DNS record set (RFC 1035) through libresolv and returns the length of the answer in bytes.
///
/// `server` is the numeric address of the name server to ask at `port`, or NULL for those of /etc/resolv.conf.
/// On failure it returns a negative number: -1 the name does not exist, -2 it has no such record, -3 the name
/// server did not answer or refused, -4 the call itself was wrong (a name that cannot be in the DNS).
int stanzatap_resolve(const char *name, int type, const char *server, uint16_t port, unsigned char *answer, int size);

#endif
