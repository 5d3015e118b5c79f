"""Runs the loads in turn over all ways, so that a busy minute of the machine touches all of them alike."""

import io
import shutil
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator

from .encryption import make_encryption
from .loads import SLOW, Bench, Load
from .processes import LoadFailed

# Bytes of a capture in which the first stream is, and more.
CAPTURE_START = 256 * 1024


@dataclass
class Results:
    """Everything measured: by load and way the samples, and the seconds of catching up."""

    samples: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    catch_up: dict[str, list[float]] = field(default_factory=dict)
    inspector: dict[str, dict] = field(default_factory=dict)
    foreign: dict[str, dict] = field(default_factory=dict)
    failures: list[dict[str, str]] = field(default_factory=list)

    def fail(self, load: str, way: str, reason: str) -> None:
        """Notes a failure and says it at once."""
        self.failures.append({"load": load, "way": way, "reason": reason})
        say(f"FAILED {load} {way}: {reason}")


def say(text: str) -> None:
    """Progress goes to standard error; standard output is the table."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def scratch(parent: Path) -> Iterator[Path]:
    """A folder for one run; it goes with its captures before the next run, so that the disk does not fill."""
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_decryption(captures: Path) -> None:
    """A proxy that passes TLS on unread would look fast: the capture must hold the text of the first stream."""
    found = list(captures.rglob("*.pcapng"))
    with found[0].open("rb") if found else io.BytesIO() as capture:
        if b"<stream:features" not in capture.read(CAPTURE_START):
            raise LoadFailed("TLS was not decrypted: the capture does not begin with a stream")


def measure_once(bench: Bench, load: Load, way, parent: Path, results: Results) -> float:
    """One load over one way, with a fresh sink and a fresh proxy.

    The figure is kept also when the proxy then fails to end as it should, which is told as a failure of its own.
    """
    cpu = bench.cpu if load.is_pinned else None
    with scratch(parent) as folder:
        encryption = make_encryption(folder, load.encryption) if load.encryption else None
        with bench.sink(folder, cpu, encryption) as upstream, way.run(upstream, folder, cpu, encryption) as leg:
            value = load.measure(bench, leg, cpu)
            results.samples[load.name][way.name].append(value)
        if encryption and leg.capture_folder:
            check_decryption(leg.capture_folder)
    if leg.catch_up is not None:
        results.catch_up.setdefault(load.name, []).append(leg.catch_up)
    return value


def takes_part(way, load: Load) -> bool:
    """Whether a load is measured over a way."""
    if way.name in SLOW and way.name not in load.others:
        return False
    return not (load.needs_proxy and way.name == "direct") and way.speaks(load.encryption)


def run_load(bench: Bench, load: Load, ways: list, rounds: int, parent: Path, results: Results) -> None:
    """All rounds of one load. A way that fails once is left out of the rounds that follow."""
    ways = [way for way in ways if takes_part(way, load)]
    results.samples[load.name] = {way.name: [] for way in ways}
    for turn in range(1, rounds + 1):
        told = []
        for way in list(ways):
            try:
                told.append(f"{way.name} {measure_once(bench, load, way, parent, results):,.1f}")
            except LoadFailed as failure:
                results.fail(load.name, way.name, str(failure))
                ways.remove(way)
        say(f"{load.name} {turn}/{rounds}: {', '.join(told)} {load.unit}")
