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

# Load, bound, factor to HAProxy, and the factor that would be better still.
RATIO_TARGETS = [
    ("rtt", MOST, 1.25, 1.1),
    ("rtt50", LEAST, 0.75, 0.9),
    ("rtt500", LEAST, 0.75, 0.9),
    ("bulk200", LEAST, 0.7, 0.9),
    ("bulk8k", LEAST, 0.7, 0.9),
    ("bulk1m", LEAST, 0.7, 0.9),
    ("sessions", LEAST, 0.45, 0.8),
    ("tls-rtt", MOST, 1.25, 1.1),
    ("tls-bulk200", LEAST, 0.7, 0.9),
    ("tls-bulk8k", LEAST, 0.7, 0.9),
    ("tls-sessions", LEAST, 0.7, 0.9),
]
# Load, KiB for each connection, and better still.
MEMORY_TARGETS = [("idle", 20.0, 12.0), ("tls-idle", 72.0, 60.0), ("starttls-idle", 72.0, 60.0)]
# Seconds and MiB for a capture of 50 MB and 200,000 stanzas, on one core.
INSPECTOR_SECONDS, INSPECTOR_STRETCH, INSPECTOR_MIB = 1.0, 0.6, 64.0
FILTER_RATIO = 1.3
INSPECTOR_BYTES = 50_000_000


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
    for load, bound, limit, stretch in RATIO_TARGETS:
        value = ratio(results, load, "stanzatap", "haproxy")
        told.append(target(load, f"{bound} {limit:.2f} × HAProxy", value, bound, limit, stretch))
    told += starttls_targets(results)
    for load, limit, stretch in MEMORY_TARGETS:
        value = median(results, load, "stanzatap")
        told.append(target(load, f"{MOST} {limit:.0f} KiB", value, MOST, limit, stretch))
    told.append(growth_target(results))
    for output in ("text", "jsonl"):
        told += inspector_targets(results, output)
    told.append(filter_target(results))
    for output in ("jsonl", "text"):
        value = foreign_ratio(results, output)
        told.append(target(f"foreign {output}", f"{MOST} {1 / 12:.3f} × tshark", value, MOST, 1 / 12))
        peak = results.foreign.get(output, {}).get("peak_rss_mib")
        told.append(target(f"foreign {output}", f"{MOST} 100 MiB", peak, MOST, 100))
    return told


def median(results: Results, load: str, way: str) -> float | None:
    """The median of what was measured, if it was."""
    samples = results.samples.get(load, {}).get(way)
    return statistics.median(samples) if samples else None


def starttls_targets(results: Results) -> list[dict]:
    """STARTTLS against sslsplit's, and against HAProxy's TLS from the first byte, for HAProxy has no STARTTLS."""
    name = "starttls-sessions"
    ours, theirs = median(results, name, "stanzatap"), median(results, "tls-sessions", "haproxy")
    against = ours / theirs if ours and theirs else None
    return [
        target(name, f"{LEAST} 20 × sslsplit", ratio(results, name, "stanzatap", "sslsplit"), LEAST, 20),
        target(name, f"{LEAST} 0.50 × HAProxy's TLS", against, LEAST, 0.5),
    ]


def growth_target(results: Results) -> dict:
    """A connection among ten times as many may not need more memory."""
    many, few = median(results, "idle", "stanzatap"), median(results, "idle-tenth", "stanzatap")
    return target("idle", f"{MOST} 1.00 × of a tenth", many / few if many and few else None, MOST, 1.0)


def inspector_targets(results: Results, output: str) -> list[dict]:
    """Time and memory of `show`; the time is told for 50 MB, whatever was measured."""
    measured = results.inspector.get(output)
    name = f"inspector {output}"
    seconds = peak = None
    if measured:
        seconds = statistics.median(measured["seconds"]) * INSPECTOR_BYTES / measured["capture_bytes"]
        peak = measured["peak_rss_mib"]
    wanted = f"{MOST} {INSPECTOR_SECONDS:.1f} s for 50 MB"
    return [
        target(name, wanted, seconds, MOST, INSPECTOR_SECONDS, INSPECTOR_STRETCH),
        target(name, f"{MOST} {INSPECTOR_MIB:.0f} MiB", peak, MOST, INSPECTOR_MIB),
    ]


def filter_target(results: Results) -> dict:
    """The time of `show` through a filter, against that without one."""
    filtered, plain = (results.inspector.get(output, {}).get("seconds") for output in ("filter", "text"))
    value = statistics.median(filtered) / statistics.median(plain) if filtered and plain else None
    return target("inspector filter", f"{MOST} {FILTER_RATIO:.2f} × text", value, MOST, FILTER_RATIO)


def foreign_ratio(results: Results, output: str) -> float | None:
    """The time for another program's capture, against tshark's."""
    ours, theirs = (results.foreign.get(way, {}).get("samples") for way in (output, "tshark"))
    return statistics.median(ours) / statistics.median(theirs) if ours and theirs else None


def target(
    name: str, wanted: str, value: float | None, bound: str, limit: float, stretch: float | None = None
) -> dict:
    """One target, judged; also whether the value is beyond the limit that would be better still."""

    def within(bar: float | None) -> bool | None:
        """None if there is nothing to compare."""
        if value is None or bar is None:
            return None
        return value <= bar if bound == MOST else value >= bar

    return {
        "name": name, "wanted": wanted, "measured": value, "reached": within(limit), "stretch": stretch,
        "stretch_reached": within(stretch),
    }


def table(results: Results) -> str:
    """All figures, for people."""
    lines = [f"{'load':<18}{'way':<11}{'median':>12} {'':<6}{'min – max':>23}{'× haproxy':>11}{'× direct':>10}"]
    for load in LOADS:
        for way, samples in results.samples.get(load.name, {}).items():
            lines.append(f"{load.name:<18}{way:<11}" + figures(samples, load.unit) + ratios(results, load.name, way))
    for output, measured in results.inspector.items():
        line = f"{'inspector':<18}{'show ' + output:<11}" + figures(measured["samples"], "MB/s")
        lines.append(f"{line}   peak {measured['peak_rss_mib']:,.1f} MiB")
    for way, measured in results.foreign.items():
        line = f"{'foreign':<18}{way:<11}" + figures(measured["samples"], "s")
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
        better = f", and {one['stretch']:g}" if one["stretch_reached"] else ""
        lines.append(f"  {one['name']:<18} {one['wanted']:<26} {words[one['reached']]}{value}{better}")
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
