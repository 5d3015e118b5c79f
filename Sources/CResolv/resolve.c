#include "CResolv.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>

static int use_ipv4_server(res_state state, const char *server, uint16_t port) {
    struct in_addr address;
    if (inet_pton(AF_INET, server, &address) != 1) {
        return 0;
    }
    memset(&state->nsaddr_list[0], 0, sizeof state->nsaddr_list[0]);
    state->nsaddr_list[0].sin_family = AF_INET;
    state->nsaddr_list[0].sin_addr = address;
    state->nsaddr_list[0].sin_port = htons(port);
    state->nscount = 1;
    return 1;
}

/* glibc keeps an IPv6 name server in an extension behind a pointer, which res_nclose frees, and marks its place in
   nsaddr_list by family 0. */
static int use_ipv6_server(res_state state, const char *server, uint16_t port) {
#ifdef __GLIBC__
    struct in6_addr address;
    if (inet_pton(AF_INET6, server, &address) != 1) {
        return 0;
    }
    struct sockaddr_in6 *place = state->_u._ext.nsaddrs[0];
    if (place == NULL && (place = malloc(sizeof *place)) == NULL) {
        return 0;
    }
    memset(place, 0, sizeof *place);
    place->sin6_family = AF_INET6;
    place->sin6_addr = address;
    place->sin6_port = htons(port);
    state->_u._ext.nsaddrs[0] = place;
    state->_u._ext.nssocks[0] = -1;
    state->_u._ext.nscount = 1;
    state->nsaddr_list[0].sin_family = 0;
    state->nscount = 1;
    return 1;
#else
    (void)state, (void)server, (void)port;
    return 0;
#endif
}

static int failure(const struct __res_state *state) {
    switch (state->res_h_errno) {
    case HOST_NOT_FOUND:
        return -1;
    case NO_DATA:
        return -2;
    default:
        return -3;
    }
}

int stanzatap_resolve(const char *name, int type, const char *server, uint16_t port, unsigned char *answer, int size) {
    struct __res_state state;
    memset(&state, 0, sizeof state);
    if (res_ninit(&state) != 0) {
        return -3;
    }
    /* Seconds and attempts: a name server that is silent costs six seconds. */
    state.retrans = 2;
    state.retry = 2;
    int length = -4;
    if (server == NULL || use_ipv4_server(&state, server, port) || use_ipv6_server(&state, server, port)) {
        length = res_nquery(&state, name, ns_c_in, type, answer, size);
        if (length < 0) {
            length = failure(&state);
        }
    }
    res_nclose(&state);
    return length > size ? size : length;
}
