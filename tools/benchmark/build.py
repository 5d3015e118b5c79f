"""Builds what is measured and what measures it."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".build-bench"
RELEASE_BINARY = ROOT / ".build" / "release" / "stanzatap"


class BuildFailed(Exception):
    """A compiler is missing or has refused."""


def build_load_generator() -> Path:
    """Compiles xmppload if one of its sources is newer than the program, and returns the program's path."""
    WORK.mkdir(exist_ok=True)
    folder = Path(__file__).resolve().parent
    sources = sorted(folder.glob("*.c"))
    program = WORK / "xmppload"
    newest = max(file.stat().st_mtime for file in [*sources, *folder.glob("*.h")])
    if program.exists() and program.stat().st_mtime > newest:
        return program
    if shutil.which("gcc") is None:
        raise BuildFailed("gcc is missing (Debian: apt-get install gcc libc6-dev libssl-dev)")
    run("gcc", "-O2", "-Wall", "-Wextra", "-std=gnu11", "-o", str(program), *map(str, sources), "-lssl", "-lcrypto")
    return program


def build_stanzatap() -> None:
    """Builds the release binary if this machine has a Swift compiler."""
    if shutil.which("swift") is not None:
        run("swift", "build", "-c", "release", "--product", "stanzatap")


def run(*command: str) -> None:
    """Runs a compiler; what it says goes to standard error, because standard output belongs to the results."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise BuildFailed(f"{command[0]} failed:\n{done.stdout}")
