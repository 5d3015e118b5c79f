"""The table, the targets and the JSON file."""

import json
import os
import platform
import statistics
from datetime import datetime, timezone
from pathlib import Path

from .loads import LOADS
from .rounds import Results

MOST, LEAST = "at most", "at least"

# Load, bound, factor to HAProxy.
RATIO_TARGETS = [
    ("rtt", MOST, 1.4),
    ("rtt50", LEAST, 0.6),
    ("bulk200", LEAST, 0.6),
    ("bulk8k", LEAST, 0.6),
    ("tls-rtt", MOST, 1.3),
    ("tls-bulk200", LEAST, 0.6),
    ("tls-bulk8k", LEAST, 0.6),
    ("tls-sessions", LEAST, 0.6),
]
# Load, KiB for each connection.
MEMORY_TARGETS = [("tls-idle", 90.0), ("starttls-idle", 90.0)]
# Format, MB/s.
INSPECTOR_TARGETS = [("text", 40.0), ("jsonl", 40.0)]


def summary(samples: list[float]) -> dict:
    """Median and extremes."""
    return {"median": statistics.median(samples), "min": min(samples), "max": max(samples), "samples": samples}


def ratio(results: Results, load: str, way: str, to: str) -> float | None:
    """One median divided by another; None if one of them was not measured."""
    samples = results.samples.get(load, {})
    if not samples.get(way) or not samples.get(to):
        return None
    return statistics.median(samples[way]) / statistics.median(samples[to])


def targets(results: Results) -> list[dict]:
    """Every target with what was measured and whether it was reached (None: not measured)."""
    told = []
    for load, bound, limit in RATIO_TARGETS:
        value = ratio(results, load, "stanzatap", "haproxy")
        told.append(target(load, f"{bound} {limit:.2f} × HAProxy", value, bound, limit))
    for load, limit in MEMORY_TARGETS:
        samples = results.samples.get(load, {}).get("stanzatap")
        told.append(target(load, f"{MOST} {limit:.0f} KiB", statistics.median(samples) if samples else None, MOST, limit))
    for output, limit in INSPECTOR_TARGETS:
        measured = results.inspector.get(output)
        value = statistics.median(measured["samples"]) if measured else None
        told.append(target(f"inspector {output}", f"{LEAST} {limit:.0f} MB/s", value, LEAST, limit))
    for output in ("jsonl", "text"):
        value = foreign_ratio(results, output)
        told.append(target(f"foreign {output}", f"{MOST} {1 / 12:.3f} × tshark", value, MOST, 1 / 12))
        peak = results.foreign.get(output, {}).get("peak_rss_mib")
        told.append(target(f"foreign {output}", f"{MOST} 100 MiB", peak, MOST, 100))
    return told


def foreign_ratio(results: Results, output: str) -> float | None:
    """The time for another program's capture, against tshark's."""
    ours, theirs = (results.foreign.get(way, {}).get("samples") for way in (output, "tshark"))
    return statistics.median(ours) / statistics.median(theirs) if ours and theirs else None


def target(name: str, wanted: str, value: float | None, bound: str, limit: float) -> dict:
    """One target, judged."""
    reached = None if value is None else value <= limit if bound == MOST else value >= limit
    return {"name": name, "wanted": wanted, "measured": value, "reached": reached}


def table(results: Results) -> str:
    """All figures, for people."""
    lines = [f"{'load':<15}{'way':<11}{'median':>12} {'':<6}{'min – max':>23}{'× haproxy':>11}{'× direct':>10}"]
    for load in LOADS:
        for way, samples in results.samples.get(load.name, {}).items():
            lines.append(f"{load.name:<15}{way:<11}" + figures(samples, load.unit) + ratios(results, load.name, way))
    for output, measured in results.inspector.items():
        line = f"{'inspector':<15}{'show ' + output:<11}" + figures(measured["samples"], "MB/s")
        lines.append(f"{line}   peak {measured['peak_rss_mib']:,.1f} MiB")
    for way, measured in results.foreign.items():
        line = f"{'foreign':<15}{way:<11}" + figures(measured["samples"], "s")
        lines.append(f"{line}   peak {measured['peak_rss_mib']:,.1f} MiB")
    return "\n".join(lines)


def figures(samples: list[float], unit: str) -> str:
    """Median, unit, extremes."""
    if not samples:
        return f"{'failed':>12}"
    extremes = f"{min(samples):,.1f} – {max(samples):,.1f}"
    return f"{statistics.median(samples):>12,.1f} {unit:<6}{extremes:>23}"


def ratios(results: Results, load: str, way: str) -> str:
    """The columns of the ratios."""
    values = [ratio(results, load, way, to) for to in ("haproxy", "direct")]
    return "".join(f"{'–' if value is None else f'{value:.2f}':>{width}}" for value, width in zip(values, (11, 10)))


def verdicts(results: Results) -> str:
    """The targets, the catching up and the failures, for people."""
    lines = ["Targets:"]
    words = {True: "reached", False: "MISSED", None: "not measured"}
    for one in targets(results):
        value = "" if one["measured"] is None else f" ({one['measured']:.2f})"
        lines.append(f"  {one['name']:<16} {one['wanted']:<24} {words[one['reached']]}{value}")
    if results.catch_up:
        lines.append("stanzatap, seconds from SIGINT to its end (writing the last transcripts), median and longest:")
        for load, seconds in results.catch_up.items():
            lines.append(f"  {load:<15} {statistics.median(seconds):7.2f} {max(seconds):7.2f}")
    for failure in results.failures:
        lines.append(f"FAILED {failure['load']} {failure['way']}: {failure['reason']}")
    return "\n".join(lines)


def write_json(results: Results, file: Path, settings: dict) -> None:
    """Everything, for programs."""
    loads = {}
    for load in LOADS:
        measured = {way: samples for way, samples in results.samples.get(load.name, {}).items() if samples}
        if measured:
            loads[load.name] = {
                "title": load.title,
                "unit": load.unit,
                "lower_is_better": load.lower_is_better,
                "ways": {way: summary(samples) for way, samples in measured.items()},
                "ratio_to_haproxy": {way: ratio(results, load.name, way, "haproxy") for way in measured},
                "ratio_to_direct": {way: ratio(results, load.name, way, "direct") for way in measured},
            }
    content = {
        "finished": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": {"kernel": platform.release(), "cores": os.cpu_count(), "load_average": os.getloadavg()},
        "settings": settings,
        "loads": loads,
        "inspector": {
            output: {**one, **summary(one["samples"]), "unit": "MB/s"} for output, one in results.inspector.items()
        },
        "foreign": {way: {**one, **summary(one["samples"]), "unit": "s"} for way, one in results.foreign.items()},
        "catch_up_seconds": results.catch_up,
        "targets": targets(results),
        "failures": results.failures,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
