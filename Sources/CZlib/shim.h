#ifndef STANZATAP_CZLIB_SHIM_H
#define STANZATAP_CZLIB_SHIM_H

#include <zlib.h>

#endif
