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

from .encryption import Encryption
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
    encryption: Encryption | None = None
    # Of a count that is measured as a rate, what a slow way does.
    share: float = 1.0

    def part_of(self, count: int) -> int:
        """A count, made smaller for a slow way."""
        return max(8, int(count * self.share))


class Direct:
    """No proxy."""

    name = "direct"

    def speaks(self, kind: str | None) -> bool:
        """Whether it can take part in a load that is encrypted in this way."""
        return True

    def missing(self) -> str | None:
        """Why this way cannot be measured."""
        return None

    @contextmanager
    def run(self, upstream: int, folder: Path, cpu: int | None, encryption: Encryption | None = None) -> Iterator[Leg]:
        """The driver talks to the sink."""
        yield Leg(port=upstream, encryption=encryption)


class HAProxy:
    """HAProxy in TCP mode, in the clear or with TLS on both sides."""

    name = "haproxy"

    def speaks(self, kind: str | None) -> bool:
        """It does not know STARTTLS: it would pass the encrypted bytes on."""
        return kind != "starttls"

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
    def run(self, upstream: int, folder: Path, cpu: int | None, encryption: Encryption | None = None) -> Iterator[Leg]:
        """HAProxy inherits a listening socket, so that no port has to be guessed."""
        with socket.create_server((HOST, 0), backlog=1024) as listener:
            configuration = folder / "haproxy.cfg"
            configuration.write_text(
                f"global\n  nbthread {2 if cpu is None else 1}\n  maxconn 9950\n"
                "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 300s\n  timeout server 300s\n"
                f"listen bench\n  bind fd@{listener.fileno()}{self.bind_options(encryption)}\n"
                f"  server sink {HOST}:{upstream}{self.server_options(encryption)}\n"
            )
            command = [self.program(), "-db", "-f", str(configuration)]
            with background(
                command, folder / "haproxy.log", cpu, stdout=subprocess.DEVNULL, pass_fds=[listener.fileno()]
            ) as process:
                yield Leg(port=listener.getsockname()[1], pid=process.pid, encryption=encryption)

    def bind_options(self, encryption: Encryption | None) -> str:
        """TLS with the driver."""
        return f" ssl crt {encryption.together()}" if encryption else ""

    def server_options(self, encryption: Encryption | None) -> str:
        """TLS with the sink: verified, as stanzatap does it, and without resuming sessions."""
        if not encryption:
            return ""
        return f" ssl verify required ca-file {encryption.authority} sni str(bench.example) no-ssl-reuse"


def free_port() -> int:
    """A port for a program that cannot be told to take any."""
    with socket.create_server((HOST, 0)) as listener:
        return listener.getsockname()[1]


def wait_until_listening(process: subprocess.Popen, port: int) -> None:
    """Looks into the kernel's table, for a connection on trial would be relayed to the sink."""
    wanted = f"0100007F:{port:04X} 00000000:0000 0A"
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        if wanted in Path("/proc/net/tcp").read_text():
            return
        time.sleep(0.02)
    raise LoadFailed("it does not listen")


class Mitmproxy:
    """mitmproxy relaying TCP and writing its flow file, in the clear or with TLS on both sides."""

    name = "mitmproxy"
    program = Path(__file__).resolve().parents[2] / ".build-bench" / "venv" / "bin" / "mitmdump"

    def speaks(self, kind: str | None) -> bool:
        """It does not know STARTTLS."""
        return kind != "starttls"

    def missing(self) -> str | None:
        """Why this way cannot be measured."""
        return None if self.program.is_file() else "mitmproxy is missing (tools/setup --bench)"

    @contextmanager
    def run(self, upstream: int, folder: Path, cpu: int | None, encryption: Encryption | None = None) -> Iterator[Leg]:
        """Its own CA lies in the folder."""
        port = free_port()
        mode = f"reverse:{'tls' if encryption else 'tcp'}://{HOST}:{upstream}"
        command = [str(self.program), "--quiet", "--mode", mode, "--listen-host", HOST, "--listen-port", str(port)]
        command += ["--save-stream-file", str(folder / "flows"), "--set", f"confdir={folder / 'mitmproxy'}"]
        if encryption:
            command += ["--set", f"ssl_verify_upstream_trusted_ca={encryption.authority}"]
        with background(command, folder / "mitmproxy.log", cpu, stdout=subprocess.DEVNULL) as process:
            wait_until_listening(process, port)
            yield Leg(port=port, pid=process.pid, encryption=encryption, share=0.05)


class SSLsplit:
    """sslsplit with its content log; the one other program that finds STARTTLS by itself."""

    name = "sslsplit"

    def speaks(self, kind: str | None) -> bool:
        """Whether it can take part in a load that is encrypted in this way."""
        return True

    def missing(self) -> str | None:
        """Why this way cannot be measured."""
        return None if shutil.which("sslsplit") else "sslsplit is missing (Debian: apt-get install sslsplit)"

    @contextmanager
    def run(self, upstream: int, folder: Path, cpu: int | None, encryption: Encryption | None = None) -> Iterator[Leg]:
        """It signs with the run's CA."""
        port = free_port()
        kind = {None: "tcp", "direct": "ssl", "starttls": "autossl"}[encryption.kind if encryption else None]
        command = [shutil.which("sslsplit"), "-D", "-L", str(folder / "content.log")]
        if encryption:
            key = encryption.authority.with_suffix(".key")
            command += ["-k", str(key), "-c", str(encryption.authority)]
        command += [kind, HOST, str(port), HOST, str(upstream)]
        with background(command, folder / "sslsplit.log", cpu, stdout=subprocess.DEVNULL) as process:
            wait_until_listening(process, port)
            yield Leg(port=port, pid=process.pid, encryption=encryption, share=0.02)


class Stanzatap:
    """stanzatap, recording."""

    name = "stanzatap"

    def __init__(self, program: Path):
        """`program` is the binary, with its whole path."""
        self.program = program

    def speaks(self, kind: str | None) -> bool:
        """Whether it can take part in a load that is encrypted in this way."""
        return True

    def missing(self) -> str | None:
        """Why this way cannot be measured."""
        if self.program.is_file():
            return None
        return f"there is no {os.path.relpath(self.program)} (build it, or give --stanzatap PATH)"

    def record_command(self, upstream: int, captures: Path, encryption: Encryption | None) -> list[str]:
        """How a recording proxy is started."""
        listen, to = f"{HOST}:0", f"{HOST}:{upstream}"
        command = [str(self.program), "record", "--no-config", "--listen", listen, "--upstream", to, "--out", str(captures)]
        if encryption:
            command += ["--upstream-tls", encryption.kind, "--upstream-ca", str(encryption.authority), "--quiet"]
        return command

    def show_command(self, capture: Path, output: str) -> list[str]:
        """How a finished capture is shown: as `text`, as `jsonl`, or as text through a `filter`."""
        options = {"text": [], "filter": ["--filter", "//*"]}.get(output, ["--format", output])
        return [str(self.program), "show", *options, str(capture)]

    @contextmanager
    def run(self, upstream: int, folder: Path, cpu: int | None, encryption: Encryption | None = None) -> Iterator[Leg]:
        """Records into the folder; at the end it is given time to catch up with its transcripts."""
        captures, log = folder / "captures", folder / "stanzatap.log"
        captures.mkdir()
        command = self.record_command(upstream, captures, encryption)
        # Its CA is made anew, and goes with the folder.
        environment = dict(os.environ, XDG_DATA_HOME=str(folder / "data"))
        with background(command, log, cpu, stdout=subprocess.DEVNULL, env=environment) as process:
            port = listening_port(process, log)
            leg = Leg(port=port, pid=process.pid, capture_folder=captures, encryption=encryption)
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
