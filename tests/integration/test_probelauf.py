"""Rehearsal: which records flip and which figures move when a rule, a parameter or the SQL is changed."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

import validate_data as data
from etl.errors import UsageError
from etl.extract.archive import Archive
from etl.probelauf import Probe, Zellaenderung, rehearse
from etl.resources import ROOT
from validate_data import euro

pytestmark = pytest.mark.slow  # each rehearsal starts a second program


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The clean delivery with two wrong payments: one too low, one too high."""
    rows = data.clean()
    rows["leistung"][0]["zahlung"] = euro("500.00")
    rows["leistung"][6]["zahlung"] = euro("600.00")
    return data.write(tmp_path_factory.mktemp("probe"), rows)


def tried(archive: Archive, folder: Path, name: str, old: str, new: str) -> Probe:
    """Rehearse one file in which ``old`` is replaced by ``new``."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    root = archive.folder.parents[1]
    return rehearse(root, archive.delivery.reference, folder, 2)


def test_a_changed_rule_says_which_records_flip(archive: Archive, tmp_path: Path) -> None:
    probe = tried(
        archive, tmp_path, "expectations/leistung.yaml", "WHERE zahlung <> anspruch", "WHERE zahlung < anspruch"
    )
    (rule,) = probe.regeln
    assert (rule.regel_id, rule.vorher, rule.nachher, rule.neu_verletzt) == ("LEI-008", 2, 1, ())
    assert [json.loads(satz)["monat"] for satz in rule.nicht_mehr] == ["2026-06-01"]
    assert probe.zellen == ()
    assert probe.dateien == ("expectations/leistung.yaml",)


def test_changed_sql_says_which_figures_move(archive: Archive, tmp_path: Path) -> None:
    probe = tried(archive, tmp_path, "sql/core/08_person_monat.sql", "WHEN grl > 0 THEN", "WHEN grl > 100000 THEN")
    moved = {(cell.monat, cell.groesse): cell for cell in probe.zellen if cell.merkmal == "INSGESAMT"}
    total = ("INSGESAMT", "INSGESAMT")
    assert moved["2026-07", "ELB"] == Zellaenderung("2026-07", "ELB", *total, vorher=Decimal(2), nachher=Decimal(0))
    assert ("2026-05", "ELB") not in moved, "only the last two months were asked for"
    assert probe.regeln == ()


def test_a_changed_parameter(archive: Archive, tmp_path: Path) -> None:
    """From 100 years on one would be able to work: nobody is an ELB any more."""
    text = (ROOT / "etl/parameter/zaehlregeln.yaml").read_text(encoding="utf-8")
    block = text[text.index("mindestalter_elb:") :]
    old = block[: block.index("wert: 15") + len("wert: 15")]
    probe = tried(archive, tmp_path, "etl/parameter/zaehlregeln.yaml", old, old.replace("wert: 15", "wert: 100"))
    elb = [cell for cell in probe.zellen if (cell.groesse, cell.merkmal) == ("ELB", "INSGESAMT")]
    assert [cell.nachher for cell in elb] == [0, 0]


def test_a_rule_that_is_gone(archive: Archive, tmp_path: Path) -> None:
    probe = tried(archive, tmp_path, "expectations/leistung.yaml", "id: LEI-008", "id: LEI-908")
    assert [(rule.regel_id, rule.vorher, rule.nachher) for rule in probe.regeln] == [
        ("LEI-008", 2, None),
        ("LEI-908", None, 2),
    ]


def test_a_rule_that_can_no_longer_be_checked_lets_no_record_flip(archive: Archive, tmp_path: Path) -> None:
    probe = tried(archive, tmp_path, "expectations/leistung.yaml", "WHERE zahlung <> anspruch", "WHERE zahlng <> 1")
    (rule,) = probe.regeln
    assert (rule.vorher, rule.nachher, rule.neu_verletzt, rule.nicht_mehr) == (2, None, (), ())
    assert "zahlng" in rule.grund


@pytest.mark.parametrize(("name", "old", "new", "message"), [
    ("sql/core/14_status.sql", "SELECT", "SELEC", "sql/core/14_status.sql"),
    ("expectations/leistung.yaml", "name: leistung", "name: [", "leistung.yaml"),
    ("etl/figures/katalog.yaml", "bedingung: zaehlt\n", "bedingung: zaehlte\n", "zaehlte"),
])  # fmt: skip
def test_what_cannot_be_used_says_where(
    archive: Archive, tmp_path: Path, name: str, old: str, new: str, message: str
) -> None:
    with pytest.raises(UsageError, match="lässt sich nicht ausführen") as refused:
        tried(archive, tmp_path, name, old, new)
    assert message in str(refused.value.hint)


def test_nothing_changed_is_nothing_to_rehearse(archive: Archive) -> None:
    with pytest.raises(UsageError, match="ist nichts anders"):
        rehearse(archive.folder.parents[1], archive.delivery.reference, ROOT, 1)
