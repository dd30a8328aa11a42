"""A part of the fault matrix that stands for the whole; the whole one is ``python tests/stoerungen/matrix.py``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ZELLEN = ("load/kill", "load/db-fort", "report/home-voll", "figures/rechte", "figures/dateien", "deliver/netz")


@pytest.mark.slow
def test_a_disturbed_step_can_be_repeated_and_says_why_it_failed(tmp_path: Path) -> None:
    command = [sys.executable, str(Path(__file__).with_name("matrix.py")), *ZELLEN, "--to", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    cells = json.loads((tmp_path / "bericht.json").read_text(encoding="utf-8"))["zellen"]
    assert {f"{cell['schritt']}/{cell['stoerung']}" for cell in cells} == set(ZELLEN), done.stderr
    assert [problem for cell in cells for problem in cell["maengel"]] == []
    not_run = [f"{cell['schritt']}/{cell['stoerung']}: {cell['fehlt']}" for cell in cells if cell["fehlt"]]
    assert not (not_run and os.environ.get("CI")), not_run
    assert all(cell["proben"] for cell in cells if not cell["fehlt"])
    assert "Mängel | 0 |" in (tmp_path / "bericht.md").read_text(encoding="utf-8")
