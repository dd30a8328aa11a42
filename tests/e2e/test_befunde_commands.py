"""Findings, correction lists, waivers and the pause from a user's chair."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest

from e2e.kommando import jobcenter
from etl.demo import DemoRequest, generate
from etl.monat import Monat
from etl.settings import Settings
from etl.warehouse import connect
from kanarie import MONAT, kanarienlieferung, spuren_in_dateien, spuren_in_text

pytestmark = pytest.mark.slow  # every command is a process of its own with a server
UNBORN = "PER-007"
"""The rule that the canary's child breaks: born after the Datenstand."""


def fraglich(folder: Path) -> Path:
    return kanarienlieferung(folder, "probe-3", kind_geboren=dt.date(2031, 1, 1))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose gate is closed by findings about the canary's child."""
    folder = tmp_path_factory.mktemp("befunde")
    done = jobcenter(folder / "home", "run", "--month", MONAT, "--delivery", str(fraglich(folder / "lieferung")))
    assert done.status == 4
    assert "Richtig wäre:" in done.err
    assert "jobcenter corrections" in done.err
    return folder / "home"


def findings(home: Path) -> list[dict[str, str]]:
    done = jobcenter(home, "findings", "--delivery", "probe-3", "--format", "csv")
    assert done.status == 0, done.text
    return list(csv.DictReader(io.StringIO(done.out)))


def test_findings_name_record_state_and_team_but_no_value(home: Path) -> None:
    rows = findings(home)
    unborn = next(row for row in rows if row["regel_id"] == UNBORN)
    assert (unborn["zustand"], unborn["zustaendigkeit"], unborn["geschaeftsstelle"]) == ("neu", "T1", "GS1")
    shown = jobcenter(home, "findings", "--delivery", "probe-3").text
    for text in (shown, str(rows)):
        assert spuren_in_text(text) == []
        assert "2031" not in text


def test_correction_lists_hold_the_real_keys_only_where_the_delivery_is_given(home: Path, tmp_path: Path) -> None:
    without, with_keys = tmp_path / "ohne", tmp_path / "mit"
    assert jobcenter(home, "corrections", "--delivery", "probe-3", "--out", str(without)).status == 0
    assert spuren_in_dateien(without) == []
    source = home.parent / "lieferung"
    done = jobcenter(home, "corrections", "--delivery", "probe-3", "--out", str(with_keys), "--source", str(source))
    assert done.status == 0, done.text
    assert spuren_in_text(done.text) == []
    text = (with_keys / "korrekturen-t1.csv").read_text(encoding="utf-8-sig")
    row = next(row for row in csv.DictReader(io.StringIO(text), delimiter=";") if row["Regel"] == UNBORN)
    assert row["Kundennummer"] == "KANARI0002"
    assert "01.01.2031" in row["Gefunden"]
    assert row["Richtig wäre"]
    sheet = openpyxl.load_workbook(with_keys / "korrekturen-t1.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[4]] == list(row)
    assert any(cell.value == "KANARI0002" for line in sheet.iter_rows(min_row=5) for cell in line)


def test_the_wrong_source_is_noticed(home: Path, tmp_path: Path) -> None:
    request = DemoRequest(bis=Monat(2026, 8), monate=3, personen=30, seed=1, faults=False)
    other = generate(request, tmp_path / "andere")
    done = jobcenter(home, "corrections", "--delivery", "probe-3", "--out", str(tmp_path / "x"), "--source", str(other))
    assert done.status == 2
    assert "passt nicht zur Lieferung" in done.err
    assert not (tmp_path / "x").exists()


def test_an_unknown_delivery(home: Path) -> None:
    done = jobcenter(home, "findings", "--delivery", "gibt-es-nicht")
    assert done.status == 2
    assert "nicht archiviert" in done.err


def test_waived_findings_let_the_month_be_loaded(home: Path) -> None:
    """Every blocking finding is waived by two persons; then the same command loads the month."""
    blocking = [row for row in findings(home) if row["regel_id"] == UNBORN]
    for row in blocking:
        arguments = ("--delivery", "probe-3", "--reason", "Geburtsdatum bestätigt", "--by", "A. Eins")
        alone = jobcenter(
            home, "waive", row["befund_id"], *arguments, "--approved-by", "A. Eins", "--until", "2026-01-01"
        )
        assert alone.status == 2
        done = jobcenter(
            home, "waive", row["befund_id"], *arguments, "--approved-by", "B. Zwei", "--until", "2026-01-01"
        )
        assert done.status == 0, done.text
    again = jobcenter(home, "run", "--month", MONAT, "--delivery", str(home.parent / "lieferung"))
    assert again.status == 0, again.text
    assert jobcenter(home, "verify", "--month", MONAT).status == 0
    assert "Geburtsdatum bestätigt" in newest_passport(home)
    shown = jobcenter(home, "waivers", "--traeger", "00000", "--format", "csv")
    assert [row["bewilligt_von"] for row in csv.DictReader(io.StringIO(shown.out))] == ["B. Zwei"] * len(blocking)


def newest_passport(home: Path) -> str:
    """What the newest passport of a load says."""
    with connect(Settings(home=home), role="auditor") as warehouse, warehouse.begin():
        rows = warehouse.exec_driver_sql(
            "SELECT inhalt_text FROM jobcenter.zahlenpass WHERE art = 'ladung' ORDER BY pass_id DESC LIMIT 1"
        ).fetchall()
    return str(rows[0][0])


def test_a_delivery_waits_until_a_person_decides(tmp_path: Path) -> None:
    home = tmp_path / "home"
    runs = []
    for seed, month in ((1, Monat(2026, 7)), (2, Monat(2026, 8))):
        request = DemoRequest(bis=month, monate=26, personen=300, seed=seed, faults=False)
        delivery = str(generate(request, tmp_path / str(seed)))
        runs.append(
            ("run", "--month", str(month), "--delivery", delivery, "--accept-findings", "Verschwundene sind geprüft")
        )
    assert jobcenter(home, *runs[0]).status == 0
    held = jobcenter(home, *runs[1])
    assert held.status == 7
    assert "Sätzen der vorigen Lieferung fehlen" in held.err
    decision = ("resume", "--delivery", "DEMO-2026-08-M26-S2-P300", "--by", "B. Zwei", "--reason", "Neues Verfahren")
    assert jobcenter(home, "figures", "--from", "2026-08", "--to", "2026-08").status == 2
    assert jobcenter(home, *decision).status == 0
    assert jobcenter(home, *decision).status == 2
    assert jobcenter(home, *runs[1]).status == 0
    assert jobcenter(home, *runs[1]).status == 0
