#ifndef STANZATAP_CLIBXML2_SHIM_H
#define STANZATAP_CLIBXML2_SHIM_H

/* Debian's libxml2 headers pull in ICU's, whose enums clash with the ICU inside Foundation. */
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxml/xpath.h>

#endif
