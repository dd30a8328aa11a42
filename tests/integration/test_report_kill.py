"""A report folder is there as a whole or not at all, also when its writer is killed at any step."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from etl.report.folder import replaced

# The child writes a new version and kills itself at the named step of ``replaced``: nothing is cleaned up after that.
CHILD = """
import os, signal, sys
from pathlib import Path
from etl.report import folder

target, step = Path(sys.argv[1]), sys.argv[2]
kill = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
rename, remove = Path.rename, folder._remove

def counted(self, to):
    result = rename(self, to)
    if step == "old-aside" and str(to).endswith(".alt"):
        kill()
    if step == "new-in-place" and Path(to) == target:
        kill()
    return result

Path.rename = counted
with folder.replaced(target) as new:
    (new / "bericht.txt").write_text("halb")
    if step == "writing":
        kill()
    (new / "bericht.txt").write_text("neu")
    (new / "figures.csv").write_text("neu")
"""


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("step", ["writing", "old-aside", "new-in-place"])
def test_killed_and_run_again(tmp_path: Path, step: str) -> None:
    target = tmp_path / "2026-08"
    with replaced(target) as new:
        (new / "bericht.txt").write_text("alt")
        (new / "verschwindet.txt").write_text("alt")
    child = subprocess.run([sys.executable, "-c", CHILD, str(target), step], check=False)
    assert child.returncode == -signal.SIGKILL
    if target.exists():
        assert set(content(target).values()) in ({"alt"}, {"neu"})
    with replaced(target) as new:
        assert target.exists()  # whatever happened, a whole report is visible while the next one is written
        (new / "bericht.txt").write_text("neu")
        (new / "figures.csv").write_text("neu")
    assert content(target) == {"bericht.txt": "neu", "figures.csv": "neu"}
    assert os.listdir(tmp_path) == ["2026-08"]  # noqa: PTH208  (hidden names count too)


def test_an_error_leaves_the_old_report_and_no_debris(tmp_path: Path) -> None:
    target = tmp_path / "2026-08"
    with replaced(target) as new:
        (new / "bericht.txt").write_text("alt")

    def fail() -> None:
        with replaced(target) as new:
            (new / "bericht.txt").write_text("halb")
            raise OSError("Platte voll")

    with pytest.raises(OSError, match="Platte voll"):
        fail()
    assert content(target) == {"bericht.txt": "alt"}
    assert os.listdir(tmp_path) == ["2026-08"]  # noqa: PTH208
