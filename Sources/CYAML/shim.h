#ifndef STANZATAP_CYAML_SHIM_H
#define STANZATAP_CYAML_SHIM_H

#include <yaml.h>

#endif
