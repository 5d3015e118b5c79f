"""A recording that lasts: mixed loads again and again, and what the process has grown to between them."""

import os
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from .loads import Bench, settled_memory
from .processes import LoadFailed, background, stop
from .proxies import CATCH_UP_LIMIT, HOST, Leg, free_port, listening_port

# What one round does: a driver's command and its numbers. It is followed by a pause, in which the inspector catches up.
ROUND = [
    ("ping", dict(connections=50, count=20_000)),
    ("sessions", dict(connections=8, count=200)),
    ("bulk", dict(bytes=20_000_000, stanza=200)),
    ("bulk", dict(bytes=20_000_000, stanza=1_000_000)),
    ("visits", dict(connections=8, count=100)),
]
# After so much of the time a process has what it needs; growth from then on counts.
WARM_UP = 1 / 3
# Of the memory: the median of the last third against that of the middle one. Of the descriptors: none.
ALLOWED_GROWTH = 1.05
LAG_LIMIT = 60.0


@dataclass(frozen=True)
class Sample:
    """What the process was like after a round, once it was at rest."""

    seconds: float
    memory: int
    descriptors: int
    disk: int


def lag(port: int) -> int:
    """Bytes that the inspector has not explained yet."""
    with urllib.request.urlopen(f"http://{HOST}:{port}/metrics", timeout=20) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith("stanzatap_inspector_lag_bytes "):
                return int(float(line.split()[1]))
    raise LoadFailed("the metrics do not tell the inspector's lag")


def wait_for_inspector(port: int) -> None:
    """Until all that was recorded is explained."""
    deadline = time.monotonic() + LAG_LIMIT
    while lag(port) > 0:
        if time.monotonic() > deadline:
            raise LoadFailed(f"the inspector is still behind after {LAG_LIMIT:.0f} s")
        time.sleep(0.1)


def samples(bench: Bench, program: Path, seconds: float, folder: Path, options: list[str]) -> Iterator[Sample]:
    """Records round after round for so long, with these options of `record` too."""
    captures, log, metrics = folder / "captures", folder / "stanzatap.log", free_port()
    captures.mkdir()
    environment = dict(os.environ, XDG_DATA_HOME=str(folder / "data"))
    with bench.sink(folder, None) as sink:
        command = [str(program), "record", "--no-config", "--listen", f"{HOST}:0", "--upstream", f"{HOST}:{sink}", "--out", str(captures)]
        command += ["--metrics", f"{HOST}:{metrics}", *options]
        with background(command, log, None, stdout=subprocess.DEVNULL, env=environment) as process:
            leg = Leg(port=listening_port(process, log), pid=process.pid)
            began = time.monotonic()
            while time.monotonic() - began < seconds:
                for load, numbers in ROUND:
                    bench.drive(leg, None, load, **numbers)
                wait_for_inspector(metrics)
                yield Sample(
                    seconds=time.monotonic() - began,
                    memory=settled_memory(process.pid),
                    descriptors=len(os.listdir(f"/proc/{process.pid}/fd")),
                    disk=sum(file.stat().st_size for file in captures.rglob("*") if file.is_file()),
                )
            stop(process, signal.SIGINT, CATCH_UP_LIMIT)


def verdict(taken: list[Sample], seconds: float) -> str | None:
    """What has grown; None if nothing has."""
    middle = [sample for sample in taken if WARM_UP * seconds <= sample.seconds < 2 * WARM_UP * seconds]
    last = [sample for sample in taken if sample.seconds >= 2 * WARM_UP * seconds]
    if not middle or not last:
        return "there were too few rounds to tell"
    growth = statistics.median(s.memory for s in last) / statistics.median(s.memory for s in middle)
    if growth > ALLOWED_GROWTH:
        return f"memory grew by {(growth - 1) * 100:.0f} % from the middle third to the last one"
    if max(s.descriptors for s in last) > max(s.descriptors for s in middle):
        return "descriptors grew"
    return None


def soak(bench: Bench, program: Path, seconds: float, options: list[str]) -> str | None:
    """Runs it and prints a line for each round. Returns what is wrong."""
    taken: list[Sample] = []
    with tempfile.TemporaryDirectory(prefix="stanzatap-soak-") as name:
        for sample in samples(bench, program, seconds, Path(name), options):
            taken.append(sample)
            print(
                f"{sample.seconds:7.0f} s  {sample.memory / 1e6:7.1f} MB  {sample.descriptors:3d} descriptors"
                f"  {sample.disk / 1e6:6.0f} MB of files",
                flush=True,
            )
    return verdict(taken, seconds)
