"""The command line of tools/bench."""

import argparse
import os
import resource
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from .build import RELEASE_BINARY, WORK, BuildFailed, build_load_generator, build_stanzatap
from .foreign import run_foreign
from .inspector import run_inspector
from .loads import LOADS, Bench, Sizes
from .proxies import Direct, HAProxy, Mitmproxy, SSLsplit, Stanzatap
from .report import table, verdicts, write_json
from .rounds import Results, run_load, say, scratch

NAMES = [load.name for load in LOADS] + ["inspector", "foreign"]

EXAMPLES = f"""loads: {", ".join(NAMES)}

examples:
  tools/bench                                    everything, 7 rounds: some minutes
  tools/bench --quick                            does it work? (the figures mean little)
  tools/bench --only rtt,bulk200 --rounds 15     two loads, more rounds
  tools/bench --no-build --stanzatap other/stanzatap --json other.json

exit status: 0 it ran, whether or not the targets were reached; 1 a load or a build failed; 2 the call was wrong
"""


def positive(text: str) -> int:
    """An argument that counts something."""
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


def load_names(text: str) -> list[str]:
    """A comma-separated list of loads."""
    names = text.split(",")
    for name in names:
        if name not in NAMES:
            raise argparse.ArgumentTypeError(f"there is no load '{name}'; there are: {', '.join(NAMES)}")
    return names


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Reads the command line; argparse ends a wrong call with status 2."""
    parser = argparse.ArgumentParser(
        prog="tools/bench",
        description="Measures stanzatap beside HAProxy and beside no proxy, in turns, on the loopback interface.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=positive, metavar="N", help="rounds of every load (7; with --quick 2)")
    parser.add_argument("--only", type=load_names, default=NAMES, metavar="LOAD,...", help="only these loads")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--bulk-mb", type=positive, default=200, metavar="MB", help="bytes of a bulk load (200 MB)")
    parser.add_argument(
        "--inspector-mb", type=positive, default=50, metavar="MB", help="bytes of the capture to show (50 MB)"
    )
    parser.add_argument("--stanzatap", type=Path, metavar="PATH", help="this binary; nothing is built then")
    parser.add_argument("--no-build", action="store_true", help="measure the release binary as it is")
    parser.add_argument(
        "--json", type=Path, default=WORK / "results.json", metavar="FILE", help="(.build-bench/results.json)"
    )
    return parser.parse_args(arguments)


def measure(options: argparse.Namespace, bench: Bench, ways: list, stanzatap: Stanzatap) -> Results:
    """Runs the wanted loads over the ways that are there."""
    results = Results()
    with scratch(WORK) as folder:
        for load in LOADS:
            if load.name in options.only:
                run_load(bench, load, ways, options.rounds, folder, results)
        if "inspector" in options.only and stanzatap in ways:
            run_inspector(bench, stanzatap, folder, results)
        if "foreign" in options.only and stanzatap in ways:
            run_foreign(bench, stanzatap, folder, results)
    return results


def available(ways: list) -> list:
    """The ways that can be measured; says why the others cannot."""
    for way in ways:
        if way.missing():
            say(f"{way.name} is left out: {way.missing()}")
    return [way for way in ways if not way.missing()]


def prepare(options: argparse.Namespace) -> Bench:
    """Builds what is needed and settles the sizes."""
    if not options.no_build and options.stanzatap is None:
        build_stanzatap()
    sizes = Sizes(bulk_bytes=options.bulk_mb * 1_000_000, inspector_bytes=options.inspector_mb * 1_000_000)
    if options.rounds is None:
        options.rounds = 2 if options.quick else 7
    # The last core: the first one serves most of a machine's interrupts.
    cpu = max(os.sched_getaffinity(0))
    return Bench(program=build_load_generator(), sizes=sizes.quick() if options.quick else sizes, cpu=cpu)


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status."""
    options = parse(arguments)
    # A background job may have inherited "ignore SIGINT", and would hand it on to the proxies.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # A polite kill must run the same clean-up as Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # Thousands of connections: everything that is started here inherits it.
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    try:
        bench = prepare(options)
        haproxy, stanzatap = HAProxy(), Stanzatap((options.stanzatap or RELEASE_BINARY).resolve())
        ways = available([Direct(), haproxy, stanzatap, Mitmproxy(), SSLsplit()])
        results = measure(options, bench, ways, stanzatap)
    except BuildFailed as failure:
        say(str(failure))
        return 1
    except KeyboardInterrupt:
        say("interrupted")
        return 128 + signal.SIGINT
    settings = {"rounds": options.rounds, "quick": options.quick, **asdict(bench.sizes)}
    if haproxy in ways:
        settings["haproxy"] = haproxy.version()
    write_json(results, options.json, settings)
    print(f"{table(results)}\n\n{verdicts(results)}")
    return 1 if results.failures else 0
