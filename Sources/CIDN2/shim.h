#ifndef STANZATAP_CIDN2_SHIM_H
#define STANZATAP_CIDN2_SHIM_H

#include <idn2.h>

#endif
