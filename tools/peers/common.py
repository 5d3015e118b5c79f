"""What the three servers share: free ports, waiting for readiness, stopping by process id, limits for TLS."""

import os
import random
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field


class LabError(Exception):
    """A peer could not be started."""


RUNNING = []


def free_port():
    """A port that nobody listens on, below the range from which the system takes ports for clients."""
    for _ in range(200):
        port = random.randint(12000, 31000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise LabError("no free port found")


def spawn(command, folder, name, environment=None):
    """Starts a process whose output goes to NAME.out in the folder."""
    output = open(f"{folder}/{name}.out", "wb")
    try:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment)
    except OSError as error:
        raise LabError(f"cannot start {command[0]}: {error.strerror}; run tools/setup --tests") from error
    RUNNING.append(process)
    return process


def wait_for_text(process, path, text, seconds=60):
    """Waits until a log holds the text."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        content = read(path)
        if text in content:
            return
        if process.poll() is not None:
            raise LabError(f"{process.args[0]} ended with status {process.returncode}: {content[-800:]}")
        time.sleep(0.02)
    raise LabError(f"{process.args[0]} did not say {text!r} within {seconds} s: {read(path)[-800:]}")


def wait_for_port(process, port, seconds=60):
    """Waits until the port takes connections."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            pass
        if process.poll() is not None:
            raise LabError(f"{process.args[0]} ended with status {process.returncode}")
        time.sleep(0.02)
    raise LabError(f"nothing listens on port {port} after {seconds} s")


def read(path):
    """A log as far as it is there."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def stop(processes):
    """Ends the processes, the ones of a failed start as well."""
    everyone = list(dict.fromkeys(processes + RUNNING))
    for process in everyone:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in everyone:
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run(command):
    """Runs a tool that must succeed."""
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise LabError(f"{' '.join(command[:2])} failed: {result.stderr[-400:]}")


@dataclass
class Plan:
    """What a server is to be."""

    folder: str
    domain: str
    port: int
    mode: str
    registers: bool
    tls_version: str
    compresses: bool = False
    services: bool = False
    files_port: int = 0
    certificates: object = None
    environment: dict = field(default_factory=lambda: dict(os.environ))

    @property
    def files(self):
        """Where the service for uploads takes files."""
        return f"{'https' if self.certificates else 'http'}://localhost:{self.files_port}"


OPENSSL_LIMITS = """
openssl_conf = all
[all]
ssl_conf = libssl
[libssl]
system_default = limits
[limits]
MaxProtocol = TLSv{highest}
MinProtocol = TLSv{lowest}
"""


def openssl_limits(path, lowest, highest):
    """A configuration that binds every program with OpenSSL, also one that has no option for it."""
    with open(path, "w", encoding="ascii") as file:
        file.write(OPENSSL_LIMITS.format(lowest=lowest, highest=highest))
    return {"OPENSSL_CONF": path}
