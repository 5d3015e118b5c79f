"""How fast the captures of other programs are read, beside tshark: a pcap of many connections, made here."""

import random
import shutil
import struct
from pathlib import Path

from .loads import Bench
from .processes import LoadFailed, time_to_end
from .proxies import Stanzatap
from .rounds import Results, say, scratch

REPEATS = 3
LIMIT = 120.0
CONNECTIONS = 1000
STANZAS = 200_000
STANZA_BYTES = 250
HEADER = ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' {}"
          " version='1.0'>")


def segment(out, number, sequence, up, text, flags=0x18, acknowledgment=0):
    """Writes one Ethernet frame with a TCP segment of a connection."""
    client = struct.pack(">I", 0x0A000001 + number // 60_000)
    server = bytes([10, 9, 9, 9])
    port = 1024 + number % 60_000
    payload = text.encode()
    source, target = (client, server) if up else (server, client)
    ports = (port, 5222) if up else (5222, port)
    tcp = struct.pack(">HHIIBBHHH", *ports, sequence & 0xFFFFFFFF, acknowledgment & 0xFFFFFFFF, 5 << 4, flags, 65535, 0, 0)
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 40 + len(payload), 0, 0x4000, 64, 6, 0) + source + target
    frame = bytes(12) + b"\x08\x00" + ip + tcp + payload
    segment.clock += 1
    out.write(struct.pack("<IIII", 1_700_000_000 + segment.clock // 100_000, segment.clock % 100_000 * 10, len(frame), len(frame)))
    out.write(frame)


segment.clock = 0


def make(path: Path, stanzas: int = STANZAS, connections: int = CONNECTIONS) -> None:
    """All connections are open at once, and speak in an order of chance."""
    order = random.Random(1)
    filler = "x" * max(0, STANZA_BYTES - 110)
    with path.open("wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        states = []
        for number in range(connections):
            segment(out, number, 1000, True, "", 0x02)
            segment(out, number, 5000, False, "", 0x12, 1001)
            hello, answer = HEADER.format("to='a.test'"), HEADER.format("from='a.test' id='1'")
            segment(out, number, 1001, True, hello, acknowledgment=5001)
            segment(out, number, 5001, False, answer, acknowledgment=1001 + len(hello))
            states.append([1001 + len(hello), 5001 + len(answer)])
        for count in range(stanzas):
            number = order.randrange(connections)
            up = order.random() < 0.5
            text = f"<message to='b@a.test' id='m{count}' type='chat'><body>{filler}</body><active xmlns='urn:x'/></message>"
            state = states[number]
            segment(out, number, state[0 if up else 1], up, text, acknowledgment=state[1 if up else 0])
            state[0 if up else 1] += len(text)


def tshark(path: Path) -> list[str]:
    """The command that reads the same file."""
    return ["tshark", "-r", str(path), "-Y", "xmpp", "-T", "fields", "-e", "frame.number"]


def run_foreign(bench: Bench, stanzatap: Stanzatap, parent: Path, results: Results) -> None:
    """Shows such a capture in turns with tshark, each on one core."""
    with scratch(parent) as folder:
        path = folder / "foreign.pcap"
        make(path, bench.sizes.inspector_bytes // STANZA_BYTES)
        ways = {output: stanzatap.show_command(path, output) for output in ("jsonl", "text")}
        if shutil.which("tshark"):
            ways["tshark"] = tshark(path)
        else:
            say("tshark is left out: it is not installed")
        try:
            for _ in range(REPEATS):
                for way, command in ways.items():
                    seconds, peak = time_to_end(command, bench.cpu, LIMIT)
                    measured = results.foreign.setdefault(way, {"samples": [], "peak_rss_mib": 0.0})
                    measured["samples"].append(seconds)
                    measured["peak_rss_mib"] = max(measured["peak_rss_mib"], peak / 2**20)
        except LoadFailed as failure:
            results.fail("foreign", stanzatap.name, str(failure))
