"""Copies of captures that tell of another time."""

import datetime
import struct

ENHANCED_PACKET = 6


def shift(path, folder, nanoseconds):
    """Copies a capture of stanzatap's into a folder, everything so much later, its name too."""
    data = bytearray(path.read_bytes())
    place = 0
    while place + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, place)
        if length < 12 or place + length > len(data):
            break
        if kind == ENHANCED_PACKET:
            high, low = struct.unpack_from("<II", data, place + 12)
            time = (high << 32 | low) + nanoseconds
            struct.pack_into("<II", data, place + 12, time >> 32, time & 0xFFFFFFFF)
        place += length
    (folder / shifted_name(path.name, nanoseconds)).write_bytes(data)


def shifted_name(name, nanoseconds):
    """Captures are called after the time at which they were begun: 2026-11-23T05-15-40.123.pcapng."""
    stamp, rest = name[:23], name[23:]
    began = datetime.datetime.strptime(stamp, "%Y-%m-%dT%H-%M-%S.%f") + datetime.timedelta(microseconds=nanoseconds // 1000)
    return began.strftime("%Y-%m-%dT%H-%M-%S.%f")[:23] + rest
