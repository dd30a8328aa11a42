"""Python in a process of its own: Airflow sets up the process that imports it, so no test imports it."""

from __future__ import annotations

import subprocess
import sys


def python(environment: dict[str, str], *arguments: str) -> str:
    """Run Python with the arguments; return everything it said. It must succeed."""
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    return done.stdout
