"""The commands from a user's chair: results, exit statuses, messages, and what is left on disk."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import psutil
import pytest

from e2e.kommando import jobcenter
from integration.lieferungen import geaendert
from kanarie import MONAT, kanarienlieferung, spuren_in_dateien, spuren_in_text


@pytest.fixture(scope="module")
def geladen(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home with one reported month of the canary's household, and what its ``run`` showed."""
    folder = tmp_path_factory.mktemp("kommando")
    delivery = kanarienlieferung(folder / "lieferung")
    done = jobcenter(folder / "home", "run", "--month", MONAT, "--delivery", str(delivery))
    assert done.status == 0, done.text
    return folder / "home", done.text


def test_run_ends_with_figures_and_files(geladen: tuple[Path, str]) -> None:
    home, shown = geladen
    assert "Bedarfsgemeinschaften" in shown
    files = [line.strip() for line in shown.splitlines() if line.startswith("  ") and str(home) in line]
    assert sorted(Path(file) for file in files) == sorted(p for p in (home / "berichte").rglob("*") if p.is_file())
    assert f"{MONAT}_Monatsbericht_Dienststelle.xlsx" in {Path(file).name for file in files}


def test_figures_as_csv_and_json_agree(geladen: tuple[Path, str]) -> None:
    home, _ = geladen
    as_csv = jobcenter(home, "figures", "--from", MONAT, "--to", MONAT, "--format", "csv")
    as_json = jobcenter(home, "figures", "--from", MONAT, "--to", MONAT, "--format", "json")
    rows = list(csv.DictReader(io.StringIO(as_csv.out)))
    assert list(rows[0]) == ["berichtsmonat", "groesse", "merkmal", "auspraegung", "wert", "wartezeit", "status"]
    records = json.loads(as_json.out)
    assert len(rows) == len(records)
    totals = {row["groesse"]: row["wert"] for row in rows if row["merkmal"] == "INSGESAMT"}
    assert (totals["PERS"], totals["ELB"], totals["NEF"], totals["LLU"]) == ("2", "1", "1", "780.00")
    assert totals["LZB"] == ""
    assert {r["groesse"]: r["wert"] for r in records if r["merkmal"] == "INSGESAMT"}["LZB"] is None


def test_figures_into_a_file(geladen: tuple[Path, str], tmp_path: Path) -> None:
    home, _ = geladen
    done = jobcenter(
        home, "figures", "--from", MONAT, "--to", MONAT, "--format", "csv", "-o", str(tmp_path / "zahlen.csv")
    )
    assert (done.status, done.out) == (0, "")
    assert (tmp_path / "zahlen.csv").read_text(encoding="utf-8").startswith("berichtsmonat,groesse")
    assert [path.name for path in tmp_path.iterdir()] == ["zahlen.csv"]


def test_table_shows_german_numbers(geladen: tuple[Path, str]) -> None:
    home, _ = geladen
    done = jobcenter(home, "figures", "--from", MONAT, "--to", MONAT)
    assert "780,00" in done.out
    assert "T-0" in done.out


def test_the_canary_is_nowhere(geladen: tuple[Path, str]) -> None:
    home, shown = geladen
    assert spuren_in_text(shown) == []
    assert spuren_in_dateien(home) == []


def test_months_that_are_not_loaded(geladen: tuple[Path, str]) -> None:
    home, _ = geladen
    done = jobcenter(home, "figures", "--from", "2001-01", "--to", "2001-02")
    assert done.status == 2
    assert "keine Zahlen geladen" in done.err
    assert "Traceback" not in done.text


def test_a_breach_of_the_contract_is_exit_status_3(tmp_path: Path) -> None:
    delivery = geaendert(tmp_path / "lieferung", "person", lambda text: text.replace(",w,", ",W,"))
    done = jobcenter(tmp_path / "home", "run", "--month", "2024-03", "--delivery", str(delivery))
    assert done.status == 3
    assert "Tabelle person, Zeile 1, Spalte geschlecht" in done.err
    assert not (tmp_path / "home" / "warehouse").exists(), "nothing is loaded"
    command = done.err.splitlines()[-1].partition(": jobcenter ")[2].split()
    assert command[:2] == ["operations", "--section"]
    assert "Die Lieferung verletzt den Quellvertrag" in jobcenter(tmp_path, *command).out


@pytest.mark.slow
def test_a_closed_gate_is_exit_status_4_until_a_person_gives_a_reason(tmp_path: Path) -> None:
    delivery = geaendert(
        tmp_path / "lieferung", "leistung", lambda text: text.replace("412.50,0.00,412.50", "412.50,0.00,400.00", 1)
    )
    run = ("run", "--month", "2024-03", "--delivery", str(delivery))
    closed = jobcenter(tmp_path / "home", *run)
    assert closed.status == 4
    assert "--accept-findings" in closed.err
    assert not (tmp_path / "home" / "warehouse").exists(), "nothing is loaded"
    accepted = jobcenter(tmp_path / "home", *run, "--accept-findings", "Abgestimmt")
    assert accepted.status == 0, accepted.text


@pytest.mark.parametrize("month", ["2024-13", "März", "2024-3"])
def test_no_month_is_a_usage_error(month: str, tmp_path: Path) -> None:
    done = jobcenter(tmp_path, "run", "--month", month, "--delivery", "egal")
    assert done.status == 2
    assert "JJJJ-MM" in done.err


def test_a_broken_setting_is_a_usage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBCENTER_IMPRESSUM", "kein JSON")
    done = jobcenter(tmp_path, "figures", "--from", MONAT, "--to", MONAT)
    assert done.status == 2
    assert "JOBCENTER_IMPRESSUM" in done.err


def test_nothing_keeps_running(geladen: tuple[Path, str]) -> None:
    home, _ = geladen
    commands = [" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])]
    assert not [command for command in commands if str(home) in command]
