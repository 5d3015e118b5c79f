#ifndef STANZATAP_CZSTD_SHIM_H
#define STANZATAP_CZSTD_SHIM_H

#include <zstd.h>
#include <zstd_errors.h>

#endif
