"""How fast a finished capture is shown."""

import statistics
import subprocess
from pathlib import Path

from .loads import Bench
from .processes import LoadFailed, kill, start, time_to_end
from .proxies import Stanzatap
from .rounds import Results, say, scratch

REPEATS = 3
SHOW_LIMIT = 120.0
STANZA_BYTES = 250
# With a filter that every packet fits, so that nothing is saved by writing less.
FORMATS = ["text", "jsonl", "filter"]


def run_inspector(bench: Bench, stanzatap: Stanzatap, parent: Path, results: Results) -> None:
    """Records one bulk transfer and shows its capture, some times in each format."""
    with scratch(parent) as folder:
        try:
            done, capture = record(bench, stanzatap, folder)
            check_completeness(stanzatap, capture, done["stanzas"])
            for output in FORMATS:
                runs = [time_show(bench, stanzatap, capture, output) for _ in range(REPEATS)]
                speeds = [done["bytes"] / seconds / 1e6 for seconds, _ in runs]
                peak = max(memory for _, memory in runs) / 2**20
                seconds = [seconds for seconds, _ in runs]
                results.inspector[output] = {
                    "samples": speeds, "seconds": seconds, "peak_rss_mib": peak, "capture_bytes": done["bytes"],
                }
                say(f"inspector {output}: {statistics.median(seconds):,.2f} s, at most {peak:,.1f} MiB")
        except LoadFailed as failure:
            results.fail("inspector", stanzatap.name, str(failure))


def record(bench: Bench, stanzatap: Stanzatap, folder: Path) -> tuple[dict, Path]:
    """Makes the capture; returns what the driver sent, and the file."""
    with bench.sink(folder, None) as upstream, stanzatap.run(upstream, folder, None) as leg:
        done = bench.drive(leg, None, "bulk", bytes=bench.sizes.inspector_bytes, stanza=STANZA_BYTES)
    captures = sorted(leg.capture_folder.rglob("*.pcapng"), key=lambda file: file.stat().st_size)
    if not captures:
        raise LoadFailed("no .pcapng file was recorded")
    return done, captures[-1]


def check_completeness(stanzatap: Stanzatap, capture: Path, stanzas: int) -> None:
    """A program that shows only a part would look fast: every stanza has a line of its own in JSON Lines."""
    command = stanzatap.show_command(capture, "jsonl")
    process = start(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with process:
        try:
            lines = sum(1 for _ in process.stdout)
        finally:
            kill(process)
    if lines < stanzas:
        raise LoadFailed(f"`show --format jsonl` wrote {lines} lines for {stanzas} stanzas")


def time_show(bench: Bench, stanzatap: Stanzatap, capture: Path, output: str) -> tuple[float, int]:
    """Seconds and peak memory of one `show`, on one core."""
    return time_to_end(stanzatap.show_command(capture, output), bench.cpu, SHOW_LIMIT)
