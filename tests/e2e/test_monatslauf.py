"""One delivery a month, as in production: what becomes known only later is there when it is known."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from e2e.kommando import jobcenter

pytestmark = pytest.mark.slow  # every command is a process of its own with a server

PERSONS = "60"


def run(home: Path, folder: Path, month: str, months: int) -> None:
    made = jobcenter(home, "demo-data", "--out", str(folder), "--to", month, "--months", str(months),
                     "--persons", PERSONS)  # fmt: skip
    assert made.status == 0, made.text
    done = jobcenter(home, "run", "--month", month, "--delivery", str(folder))
    assert done.status == 0, done.text


def k2e3(home: Path, month: str) -> dict[str, str]:
    found = jobcenter(home, "indicators", "--from", month, "--to", month, "--format", "csv")
    return next(row for row in csv.DictReader(io.StringIO(found.out)) if row["kennzahl"] == "K2E3")


def test_continuous_employment_has_a_value_every_month(tmp_path: Path) -> None:
    """K2E3(t) needs the integrations of t-6, which are final before their six months are over."""
    home = tmp_path / "home"
    run(home, tmp_path / "august", "2026-08", 26)
    assert k2e3(home, "2026-08")["status"] == "ok"
    final = jobcenter(home, "explain", "ELB", "--month", "2026-03", "--format", "csv").out

    run(home, tmp_path / "september", "2026-09", 27)
    after = k2e3(home, "2026-09")
    assert (after["status"], after["datenstand"]) == ("ok", "T-3")
    assert "= der geladene Wert" in jobcenter(home, "explain", "INT_SVP_KONT", "--month", "2026-03").err
    assert jobcenter(home, "explain", "ELB", "--month", "2026-03", "--format", "csv").out == final
    assert "identisch" in jobcenter(home, "verify").out
