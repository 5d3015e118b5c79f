"""Child processes that are certain to end: stopped by pid, and killed by the kernel if the parent dies first."""

import os
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator


class LoadFailed(Exception):
    """A load did not go as it must: bytes differ, a process ended early, a time limit was reached."""


def start(command: list[str], cpu: int | None = None, **popen) -> subprocess.Popen:
    """Starts a program, on one core only if `cpu` is given.

    It gets a session of its own, so that Ctrl-C reaches only the parent, which then stops it in order.
    Both prefixes replace themselves by the program: the pid is the program's.
    """
    prefix = ["setpriv", "--pdeathsig", "KILL"]
    if cpu is not None:
        prefix += ["taskset", "-c", str(cpu)]
    return subprocess.Popen([*prefix, *command], start_new_session=True, **popen)


def stop(process: subprocess.Popen, stop_signal: signal.Signals, limit: float) -> float:
    """Asks a process to end and returns how many seconds it took; kills it at the limit."""
    began = time.monotonic()
    process.send_signal(stop_signal)
    try:
        process.wait(limit)
    except subprocess.TimeoutExpired:
        raise LoadFailed(f"still running {limit:.0f} s after {stop_signal.name}") from None
    finally:
        kill(process)
    return time.monotonic() - began


def kill(process: subprocess.Popen) -> None:
    """Ends a process at once, if it has not ended by itself."""
    if process.poll() is None:
        process.kill()
        process.wait()


@contextmanager
def background(command: list[str], log: Path, cpu: int | None = None, **popen) -> Iterator[subprocess.Popen]:
    """A process for the time of a `with` block. One that ends with an error status is a failure.

    A failure inside the block takes along what the process has said, which often is the reason.
    """
    name = Path(command[0]).name
    with log.open("wb") as errors:
        process = start(command, cpu, stdin=subprocess.DEVNULL, stderr=errors, **popen)
    try:
        yield process
        if process.poll() not in (None, 0):
            raise LoadFailed(f"{name} ended with status {process.returncode}")
    except LoadFailed as failure:
        said = tail(log)
        raise LoadFailed(f"{failure}\n{name} said: {said}" if said else str(failure)) from None
    finally:
        kill(process)
        if process.stdout is not None:
            process.stdout.close()


def tail(log: Path, characters: int = 600) -> str:
    """The end of what a process wrote to standard error, for an error message."""
    return log.read_text(errors="replace")[-characters:].strip()


def memory(pid: int, field: str = "VmRSS") -> int:
    """A figure in bytes from /proc/PID/status; 0 when the process has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(field + ":")), 0)


def time_to_end(command: list[str], cpu: int, limit: float) -> tuple[float, int]:
    """Runs a program on one core with its output thrown away; returns wall seconds and the peak of its memory.

    The peak is sampled from /proc: ru_maxrss of a child starts at the size of the Python process that forked it.
    """
    began = time.monotonic()
    process = start(command, cpu, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    ended = threading.Event()
    peaks = [0]

    def sample() -> None:
        """Looks at the process until it has ended, and ends it at the limit."""
        while not ended.wait(0.01):
            peaks.append(memory(process.pid, "VmHWM"))
            if time.monotonic() - began > limit:
                process.kill()

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        errors = process.stderr.read()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        seconds = time.monotonic() - began
    finally:
        ended.set()
        sampler.join()
        kill(process)
        process.stderr.close()
    if process.returncode != 0:
        message = errors.decode(errors="replace")[-600:].strip()
        raise LoadFailed(f"{' '.join(command[:2])} ended with {process.returncode}: {message}")
    return seconds, max(peaks)
