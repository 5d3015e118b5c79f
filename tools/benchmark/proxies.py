"""The three ways from the driver to the sink. The command lines of the proxies are here and nowhere else."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from .processes import LoadFailed, background, stop

HOST = "127.0.0.1"
START_LIMIT = 20.0
CATCH_UP_LIMIT = 120.0


@dataclass
class Leg:
    """A running way: where the driver connects, and the proxy's process if there is one."""

    port: int
    pid: int | None = None
    capture_folder: Path | None = None
    # Seconds that the proxy needed to end, once it has ended.
    catch_up: float | None = None


class Direct:
    """No proxy."""

    name = "direct"

    def missing(self) -> str | None:
        """Why this way cannot be measured."""
        return None

    @contextmanager
    def run(self, upstream: int, folder: Path, cpu: int | None) -> Iterator[Leg]:
        """The driver talks to the sink."""
        yield Leg(port=upstream)


class HAProxy:
    """HAProxy in TCP mode."""

    name = "haproxy"

    def missing(self) -> str | None:
        """Why this way cannot be measured."""
        return None if self.program() else "haproxy is missing (Debian: apt-get install haproxy)"

    def program(self) -> str | None:
        """Debian installs it where only root's PATH looks."""
        return shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")

    def version(self) -> str:
        """The first line of `haproxy -v`."""
        return subprocess.run([self.program(), "-v"], capture_output=True, text=True).stdout.partition("\n")[0]

    @contextmanager
    def run(self, upstream: int, folder: Path, cpu: int | None) -> Iterator[Leg]:
        """HAProxy inherits a listening socket, so that no port has to be guessed."""
        with socket.create_server((HOST, 0), backlog=1024) as listener:
            configuration = folder / "haproxy.cfg"
            configuration.write_text(
                f"global\n  nbthread {2 if cpu is None else 1}\n  maxconn 4096\n"
                "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 300s\n  timeout server 300s\n"
                f"listen bench\n  bind fd@{listener.fileno()}\n  server sink {HOST}:{upstream}\n"
            )
            command = [self.program(), "-db", "-f", str(configuration)]
            with background(
                command, folder / "haproxy.log", cpu, stdout=subprocess.DEVNULL, pass_fds=[listener.fileno()]
            ) as process:
                yield Leg(port=listener.getsockname()[1], pid=process.pid)


class Stanzatap:
    """stanzatap, recording."""

    name = "stanzatap"

    def __init__(self, program: Path):
        """`program` is the binary, with its whole path."""
        self.program = program

    def missing(self) -> str | None:
        """Why this way cannot be measured."""
        if self.program.is_file():
            return None
        return f"there is no {os.path.relpath(self.program)} (build it, or give --stanzatap PATH)"

    def record_command(self, upstream: int, captures: Path) -> list[str]:
        """How a recording proxy is started."""
        listen, to = f"{HOST}:0", f"{HOST}:{upstream}"
        return [str(self.program), "record", "--listen", listen, "--upstream", to, "--out", str(captures)]

    def show_command(self, capture: Path, output: str) -> list[str]:
        """How a finished capture is shown as `text` or as `jsonl`."""
        return [str(self.program), "show", *([] if output == "text" else ["--format", output]), str(capture)]

    @contextmanager
    def run(self, upstream: int, folder: Path, cpu: int | None) -> Iterator[Leg]:
        """Records into the folder; at the end it is given time to catch up with its transcripts."""
        captures, log = folder / "captures", folder / "stanzatap.log"
        captures.mkdir()
        command = self.record_command(upstream, captures)
        with background(command, log, cpu, stdout=subprocess.DEVNULL) as process:
            leg = Leg(port=listening_port(process, log), pid=process.pid, capture_folder=captures)
            yield leg
            leg.catch_up = stop(process, signal.SIGINT, CATCH_UP_LIMIT)


def listening_port(process: subprocess.Popen, log: Path) -> int:
    """Waits for the line that tells the port."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        found = re.search(rf"listening on {re.escape(HOST)}:(\d+)", log.read_text(errors="replace"))
        if found:
            return int(found[1])
        if process.poll() is not None:
            break
        time.sleep(0.02)
    raise LoadFailed("stanzatap does not listen")
