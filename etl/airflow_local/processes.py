"""Starting and ending the processes of Airflow so that none is left, whatever they start themselves."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import psutil

_TICK_SECONDS = 0.2
_KILL_SECONDS = 10
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class StopRequests:
    """How often the user asked to stop: once ends politely, twice at once."""

    count: int = 0


@dataclass(frozen=True)
class Component:
    """A started part of Airflow. It leads a session of its own, so all it starts can be found by it."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


@contextmanager
def stop_requests() -> Iterator[StopRequests]:
    """Count INT, TERM and HUP signals instead of dying from them, so that every child is ended first.

    A HUP that is ignored already (nohup) stays ignored. Works in the main thread only.
    """
    requests = StopRequests()

    def count(_number: int, _frame: FrameType | None) -> None:
        requests.count += 1

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    previous = [signal.signal(number, count) for number in numbers]
    try:
        yield requests
    finally:
        for number, handler in zip(numbers, previous, strict=True):
            signal.signal(number, handler)


def start(name: str, arguments: Sequence[str], environment: dict[str, str], log: Path) -> Component:
    """Start ``airflow <arguments>`` with its output in ``log`` (anew: it explains this start, not earlier ones).

    -P keeps the current folder out of the import path: a folder named like a package must not be imported.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 (fixed arguments of our own)
            [sys.executable, "-P", "-m", "airflow", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # the terminal's Ctrl-C reaches the supervisor only, which ends them in order
            preexec_fn=_end_with_supervisor,  # noqa: PLW1509 (one system call, loaded before; no threads here)
        )
    return Component(name, process, log)


def _end_with_supervisor() -> None:
    """Let Linux send TERM to the component when the supervisor is killed."""
    if _LIBC:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def end_all(components: Sequence[Component], stop: StopRequests, grace: float) -> None:
    """End the components and everything they started: TERM to each, KILL to what is left after ``grace`` seconds.

    A second request to stop cuts the grace short.
    """
    for component in components:
        component.process.terminate()
    deadline = time.monotonic() + grace
    while _alive(components) and time.monotonic() < deadline and stop.count < 2:
        time.sleep(_TICK_SECONDS)
    deadline = time.monotonic() + _KILL_SECONDS
    while (left := _alive(components)) and time.monotonic() < deadline:
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_TICK_SECONDS)
    for component in components:
        with suppress(subprocess.TimeoutExpired):
            component.process.wait(_TICK_SECONDS)  # collects a leader that ended just after it was looked at


def _alive(components: Sequence[Component]) -> list[int]:
    """Return the processes of the components' sessions: tasks set process groups of their own, but no sessions."""
    sessions = {component.process.pid for component in components}
    for component in components:
        component.process.poll()  # collects a leader that ended
    alive = []
    for process in psutil.process_iter():
        with suppress(OSError, psutil.Error):
            if os.getsid(process.pid) in sessions and process.status() != psutil.STATUS_ZOMBIE:
                alive.append(process.pid)
    return alive
