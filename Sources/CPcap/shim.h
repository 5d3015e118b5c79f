#ifndef STANZATAP_CPCAP_SHIM_H
#define STANZATAP_CPCAP_SHIM_H

#include <pcap/pcap.h>

#endif
