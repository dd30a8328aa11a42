"""The installed command ``jobcenter``, run as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

JOBCENTER = Path(sys.executable).with_name("jobcenter")


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Everything the user saw."""
        return self.out + self.err


def environment(home: Path) -> Mapping[str, str]:
    """The environment of the tests with its own home, without a terminal's colours."""
    return {**os.environ, "JOBCENTER_HOME": str(home), "NO_COLOR": "1"}


def jobcenter(home: Path, *arguments: str) -> Outcome:
    """Run ``jobcenter`` with ``arguments`` and wait for it."""
    done = subprocess.run(
        [JOBCENTER, *arguments], env=environment(home), capture_output=True, text=True, check=False, timeout=300
    )
    return Outcome(done.returncode, done.stdout, done.stderr)
