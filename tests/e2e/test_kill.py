"""kill -9 at any moment of ``run``: the next ``run`` gives the same figures and files, and nothing is left over."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from e2e.kommando import JOBCENTER, environment, jobcenter
from kanarie import MONAT, kanarienlieferung

# (steps seen done, seconds more): from the first import to the writing of the reports. A step that was finished once
# is skipped or repeated by the next run, so the moments go from early to late and the damage adds up.
MOMENTS = [(0, 0.2), (0, 1.5), (0, 2.5), (1, 0.5), (1, 4.0), (2, 0.2), (3, 0.1), (3, 0.6), (3, 1.2), (4, 0.1), (4, 0.4)]


def _run(delivery: Path) -> tuple[str, ...]:
    return ("run", "--month", MONAT, "--delivery", str(delivery))


def _killed(home: Path, delivery: Path, steps: int, seconds: float) -> None:
    """Start ``run``, wait until so many steps are done and so long again, and kill it."""
    process = subprocess.Popen(
        [JOBCENTER, *_run(delivery)],
        env=environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    done = 0
    while done < steps and (line := process.stderr.readline()):
        done += line.startswith("✓")
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()


def _content(home: Path) -> dict[str, str]:
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for room in ("archiv", "berichte", "zahlen", "pruefung")
        for path in sorted((home / room).rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_killed_runs_change_nothing(tmp_path: Path) -> None:
    delivery = kanarienlieferung(tmp_path / "lieferung")
    calm, shaken = tmp_path / "ruhig", tmp_path / "gestoert"
    for home in (calm, shaken):  # one key for both, so that pseudonyms and bytes can be compared
        (home / "schluessel").mkdir(parents=True)
        (home / "schluessel" / "pseudonym.key").write_bytes(bytes(range(32)))
        (home / "schluessel" / "pseudonym.key").chmod(0o600)
    assert jobcenter(calm, *_run(delivery)).status == 0
    for steps, seconds in MOMENTS:
        _killed(shaken, delivery, steps, seconds)
    last = jobcenter(shaken, *_run(delivery))
    assert last.status == 0, last.text
    assert _content(shaken) == _content(calm)
    figures = ("figures", "--from", "2025-01", "--to", MONAT, "--format", "csv")
    assert jobcenter(shaken, *figures).out == jobcenter(calm, *figures).out
    debris = [path for path in shaken.rglob("*") if path.name.startswith((".staging", ".tmp"))]
    assert debris == []
    commands = [" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])]
    assert not [command for command in commands if str(shaken) in command]
