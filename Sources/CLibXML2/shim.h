#ifndef STANZATAP_CLIBXML2_SHIM_H
#define STANZATAP_CLIBXML2_SHIM_H

/* Debian's libxml2 headers pull in ICU's, whose enums clash with the ICU inside Foundation. */
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxml/xpath.h>

static void stanzatap_ignore_message(void *context, const char *message, ...)
{
    (void)context;
    (void)message;
}

/* Of this thread: libxml2 would write to standard error what it has to say about an XPath expression. */
static inline void stanzatap_silence_libxml2(void)
{
    xmlSetGenericErrorFunc(NULL, stanzatap_ignore_message);
}

#endif
