#include "CResolv.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>

/* res_state keeps an IPv6 name server behind a pointer of its own, so only IPv4 servers fit nsaddr_list. */
static int use_server(res_state state, const char *server, uint16_t port) {
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
    state.retrans = 2;
    state.retry = 2;
    int length = -4;
    if (server == NULL || use_server(&state, server, port)) {
        length = res_nquery(&state, name, ns_c_in, type, answer, size);
        if (length < 0) {
            length = failure(&state);
        }
    }
    res_nclose(&state);
    return length > size ? size : length;
}
