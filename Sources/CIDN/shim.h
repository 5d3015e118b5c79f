#ifndef STANZATAP_CIDN_SHIM_H
#define STANZATAP_CIDN_SHIM_H

#include <idn-free.h>
#include <stringprep.h>

#endif
