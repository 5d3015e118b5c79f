"""The loads: what the driver is told to do, and which figure comes out."""

import json
import re
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator

from .encryption import Encryption
from .processes import LoadFailed, background, kill, memory, start
from .proxies import Leg

DRIVER_LIMIT = 120
SINK_LIMIT = 4000


@dataclass(frozen=True)
class Sizes:
    """How much of everything; `--quick` takes a tenth."""

    bulk_bytes: int
    inspector_bytes: int
    round_trips: int = 20_000
    seconds_of_50: float = 3.0
    sessions: int = 3_000
    # Two descriptors each in a proxy, of the 20,000 that a process may have on many machines.
    idle_connections: int = 9_900

    def quick(self) -> "Sizes":
        """The same loads, a tenth as long, to see whether everything works."""
        return Sizes(
            bulk_bytes=self.bulk_bytes // 10,
            inspector_bytes=self.inspector_bytes // 10,
            round_trips=self.round_trips // 10,
            seconds_of_50=self.seconds_of_50 / 10,
            sessions=self.sessions // 10,
            idle_connections=self.idle_connections // 10,
        )


@dataclass(frozen=True)
class Bench:
    """What every load needs: the load generator, the sizes, a core for pinned runs."""

    program: Path
    sizes: Sizes
    cpu: int

    @contextmanager
    def sink(self, folder: Path, cpu: int | None, encryption: Encryption | None = None) -> Iterator[int]:
        """A server for the time of a `with` block; yields its port."""
        command = [str(self.program), "sink", "--time-limit", str(SINK_LIMIT)]
        if encryption:
            command += ["--tls", encryption.kind]
            command += ["--certificate", str(encryption.certificate), "--key", str(encryption.key)]
        with background(command, folder / "sink.log", cpu, stdout=subprocess.PIPE, text=True) as process:
            found = re.search(r":(\d+)$", process.stdout.readline())
            if not found:
                raise LoadFailed("the sink does not listen")
            yield int(found[1])

    @contextmanager
    def driver(self, leg: Leg, cpu: int | None, load: str, **numbers: float) -> Iterator[subprocess.Popen]:
        """A driver for the time of a `with` block."""
        command = [str(self.program), load, "--port", str(leg.port), "--time-limit", str(DRIVER_LIMIT)]
        if leg.encryption:
            command += ["--tls", leg.encryption.kind]
        for option, value in numbers.items():
            command += [f"--{option}", str(value)]
        pipe = subprocess.PIPE
        process = start(command, cpu, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        try:
            yield process
        finally:
            kill(process)

    def drive(self, leg: Leg, cpu: int | None, load: str, **numbers: float) -> dict:
        """Runs the driver to its end and returns what it measured."""
        with self.driver(leg, cpu, load, **numbers) as driver:
            return result(driver)


def result(driver: subprocess.Popen) -> dict:
    """The driver's JSON line; a driver that failed is a load that failed."""
    output, errors = driver.communicate()
    if driver.returncode != 0:
        raise LoadFailed(errors.strip() or f"the driver ended with {driver.returncode}")
    return json.loads(output.splitlines()[-1])


@dataclass(frozen=True)
class Load:
    """One line group of the table."""

    name: str
    title: str
    unit: str
    lower_is_better: bool
    measure: Callable[[Bench, Leg, int | None], float]
    is_pinned: bool = False
    needs_proxy: bool = False
    # direct or starttls.
    encryption: str | None = None
    # Slow ways that take part besides those that always do.
    others: frozenset[str] = frozenset()


def round_trip(bench: Bench, leg: Leg, cpu: int | None) -> float:
    """Median time of one round trip on one connection, in µs."""
    return bench.drive(leg, cpu, "ping", count=leg.part_of(bench.sizes.round_trips))["median_us"]


def round_trips_on(connections: int) -> Callable[[Bench, Leg, int | None], float]:
    """Round trips a second on so many connections together."""

    def measure(bench: Bench, leg: Leg, cpu: int | None) -> float:
        """For some seconds."""
        seconds = bench.sizes.seconds_of_50
        done = bench.drive(leg, cpu, "ping", connections=connections, count=4_000_000, seconds=seconds)
        return done["round_trips"] / done["seconds"]

    return measure


def bulk(stanza: int) -> Callable[[Bench, Leg, int | None], float]:
    """MB/s of messages of one size, until the sink has told their checksum."""

    def measure(bench: Bench, leg: Leg, cpu: int | None) -> float:
        """One transfer of the size that was asked for."""
        done = bench.drive(leg, cpu, "bulk", bytes=bench.sizes.bulk_bytes, stanza=stanza)
        return done["bytes"] / done["seconds"] / 1e6

    return measure


def sessions(bench: Bench, leg: Leg, cpu: int | None) -> float:
    """Whole sessions with a registration a second, 8 at a time."""
    done = bench.drive(leg, cpu, "sessions", connections=8, count=leg.part_of(bench.sizes.sessions))
    return done["sessions"] / done["seconds"]


def visits(bench: Bench, leg: Leg, cpu: int | None) -> float:
    """Sessions a second that only open their stream and close it, 8 at a time."""
    done = bench.drive(leg, cpu, "visits", connections=8, count=leg.part_of(bench.sizes.sessions))
    return done["sessions"] / done["seconds"]


def idle(tenths: int) -> Callable[[Bench, Leg, int | None], float]:
    """As `idle_memory`, on so many tenths of the connections."""
    return lambda bench, leg, cpu: idle_memory(bench, leg, cpu, bench.sizes.idle_connections * tenths // 10)


def idle_memory(bench: Bench, leg: Leg, cpu: int | None, connections: int) -> float:
    """KiB of resident memory that the proxy has grown by, for each connection that only stands open."""
    with bench.driver(leg, cpu, "idle", connections=connections) as driver:
        try:
            driver.stdout.readline()
            before = settled_memory(leg.pid)
            driver.stdin.write("\n")
            driver.stdin.flush()
            driver.stdout.readline()
            after = settled_memory(leg.pid)
        except BrokenPipeError:
            pass  # The driver has failed; `result` tells why.
        result(driver)
    return (after - before) / connections / 1024


def settled_memory(pid: int) -> int:
    """Resident bytes once a proxy has finished what the last connections gave it to do."""
    last = -1
    for _ in range(20):
        time.sleep(0.25)
        now = memory(pid)
        if now == last:
            break
        last = now
    return memory(pid)


# They take part where it tells something, and do less of it. sslsplit stalls on many connections now and then.
SLOW = frozenset({"mitmproxy", "sslsplit"})
MITMPROXY = frozenset({"mitmproxy"})

LOADS = [
    Load("rtt", "round trip, 1 connection, one core", "µs", True, round_trip, is_pinned=True, others=SLOW),
    Load("rtt50", "round trips, 50 connections", "1/s", False, round_trips_on(50), others=MITMPROXY),
    Load("rtt500", "round trips, 500 connections", "1/s", False, round_trips_on(500)),
    Load("bulk200", "bulk, stanzas of 200 bytes", "MB/s", False, bulk(200), others=MITMPROXY),
    Load("bulk8k", "bulk, stanzas of 8 KiB", "MB/s", False, bulk(8192)),
    Load("bulk1m", "bulk, stanzas of 1 MiB", "MB/s", False, bulk(1024 * 1024)),
    Load("sessions", "sessions with a registration", "1/s", False, sessions, others=MITMPROXY),
    Load("idle", "memory per idle connection", "KiB", True, idle(10), needs_proxy=True),
    Load("idle-tenth", "the same, a tenth of the connections", "KiB", True, idle(1), needs_proxy=True),
    Load("tls-rtt", "round trip over TLS, 1 connection, one core", "µs", True, round_trip, is_pinned=True, encryption="direct"),
    Load("tls-bulk200", "bulk over TLS, stanzas of 200 bytes", "MB/s", False, bulk(200), encryption="direct", others=MITMPROXY),
    Load("tls-bulk8k", "bulk over TLS, stanzas of 8 KiB", "MB/s", False, bulk(8192), encryption="direct"),
    Load("tls-sessions", "connect, TLS handshake, stream, close", "1/s", False, visits, encryption="direct", others=MITMPROXY),
    Load("starttls-sessions", "connect, STARTTLS, stream, close", "1/s", False, visits, encryption="starttls", others=SLOW),
    Load("tls-idle", "memory per idle connection, TLS", "KiB", True, idle(10), needs_proxy=True, encryption="direct"),
    Load("starttls-idle", "memory per idle connection, STARTTLS", "KiB", True, idle(10), needs_proxy=True, encryption="starttls"),
]
