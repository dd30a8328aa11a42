"""Indicators, states, records and revisions from a user's chair."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from e2e.kommando import jobcenter
from kanarie import MONAT, kanarienlieferung

pytestmark = pytest.mark.slow  # every command is a process of its own with a server


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one reported month of the canary's household."""
    folder = tmp_path_factory.mktemp("zahlen")
    done = jobcenter(
        folder / "home", "run", "--month", MONAT, "--delivery", str(kanarienlieferung(folder / "lieferung"))
    )
    assert done.status == 0, done.text
    return folder / "home"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_indicators_have_fifteen_rows_by_three(home: Path) -> None:
    found = rows(jobcenter(home, "indicators", "--from", MONAT, "--to", MONAT, "--format", "csv").out)
    assert list(found[0]) == [
        "berichtsmonat", "kennzahl", "geschlecht", "zaehler", "nenner", "wert", "status", "datenstand",
    ]  # fmt: skip
    assert len(found) == 45
    assert {row["status"] for row in found} <= {"ok", "fehlt", "nenner_null"}
    assert all(not row["wert"] and not row["datenstand"] for row in found if row["status"] == "fehlt")


def test_rates_name_their_denominator(home: Path) -> None:
    shown = jobcenter(home, "rates", "--from", MONAT, "--to", MONAT)
    assert "Nenner" in shown.out
    persons = next(
        row
        for row in rows(jobcenter(home, "rates", "--from", MONAT, "--to", MONAT, "--format", "csv").out)
        if row["kennzahl"] == "PERS_JE_BG"
    )
    assert (persons["zaehler"], persons["nenner"], persons["wert"], persons["status"]) == ("2", "1", "2.000000", "ok")


def test_no_months_no_indicators(home: Path) -> None:
    done = jobcenter(home, "indicators", "--from", "1999-01", "--to", "1999-02")
    assert done.status == 2
    assert "keine Zahlen geladen" in done.err


def test_a_figure_opens_into_its_records(home: Path) -> None:
    done = jobcenter(home, "explain", "ELB", "--month", MONAT, "--nearly", "--format", "json")
    records = json.loads(done.out)
    assert [record["wert"] for record in records if record["wert"]] == ["1"]
    assert "= der geladene Wert" in done.err


@pytest.mark.parametrize(("arguments", "message"), [
    (("explain", "ELBE", "--month", MONAT), "gibt es nicht"),
    (("explain", "ELB", "--month", MONAT, "--where", "farbe=rot"), "nicht lesbar"),
    (("explain", "ELB", "--month", "1999-01"), "nicht geladen"),
    (("explain", "LZB", "--month", MONAT), "noch keinen Wert"),
    (("states", "--month", "1999-01"), "nicht geladen"),
    (("nowcast", "--month", "1999-01"), "nicht geladen"),
    (("targets", "import", "gibtesnicht.csv"), "kann nicht gelesen werden"),
    (("revisions", "--month", MONAT, "--from-delivery", "X", "--to-delivery", "Y"), "nicht archiviert"),
])  # fmt: skip
def test_mistakes_are_explained(home: Path, arguments: tuple[str, ...], message: str) -> None:
    done = jobcenter(home, *arguments)
    assert done.status == 2
    assert message in done.err
    assert "Traceback" not in done.text


def test_a_delivery_against_itself_changes_nothing(home: Path) -> None:
    delivery = next((home / "archiv").glob("*/*")).name
    done = jobcenter(
        home, "revisions", "--month", MONAT, "--from-delivery", delivery, "--to-delivery", delivery, "--format", "csv"
    )
    found = rows(done.out)
    assert {row["groesse"] for row in found} >= {"ELB", "BG", "LLU"}
    assert all(float(row["differenz"]) == 0 for row in found)
    assert list(found[0])[4:] == [
        "nacherfasst", "korrigiert", "zurueckgenommen", "umgruppiert", "parameter", "definition",
    ]  # fmt: skip


def test_targets_are_imported_and_shown(home: Path, tmp_path: Path) -> None:
    without = jobcenter(home, "targets", "--month", MONAT)
    assert (without.status, "keine Zielwerte" in without.err) == (2, True)
    path = tmp_path / "ziele.csv"
    path.write_text(f"jahr,kennzahl,zielwert,einheit,quelle\n{MONAT[:4]},K2,20,prozent,Probe\n", encoding="utf-8")
    assert "1 Zielwerte gelesen, 1 davon neu" in jobcenter(home, "targets", "import", str(path)).err
    shown = jobcenter(home, "targets")
    assert shown.status == 0
    assert "grün ab 20,0 Prozent, gelb ab 19,5 Prozent, darunter rot" in shown.out
    assert "Quelle der Zielwerte: Probe." in shown.err
    row = rows(jobcenter(home, "targets", "--month", MONAT, "--format", "csv").out)[0]
    assert (row["kennzahl"], row["zielwert"], row["status"], row["ampel"]) == ("K2", "20", "fehlt", "offen")


def test_too_little_history_is_said(home: Path) -> None:
    done = jobcenter(home, "nowcast", "--month", MONAT, "--format", "csv")
    assert done.status == 0
    found = {row["groesse"]: row for row in rows(done.out)}
    assert (found["ELB"]["status"], found["ELB"]["erwartet"]) == ("zu wenig Meldehistorie", "")
    assert "T-0: 0 von" in done.err


def test_the_handbook_is_handed_out(home: Path, tmp_path: Path) -> None:
    done = jobcenter(home, "handbook", "-o", str(tmp_path / "handbuch.html"))
    assert done.status == 0
    assert '<html lang="de"' in (tmp_path / "handbuch.html").read_text(encoding="utf-8")
