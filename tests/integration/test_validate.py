"""Validation as a whole: outcomes, the kept result, what cannot be checked, and that nobody shows up in it."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import validate_data as data
from etl.errors import GateClosedError
from etl.extract.archive import earlier, open_archive
from etl.validate import RegelwerkError, RuleResult, Validation, findings, gate, load, validate
from etl.validate.ergebnis import KEINE_ZEILEN
from etl.validate.regelwerk import FOLDER
from validate_data import DATENSTAND, VORIGER_DATENSTAND, euro, tag

PERSON = "kanarienvogl"
GEBOREN = tag("1917-11-23")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the rules that a test may break."""
    return Path(shutil.copytree(FOLDER, tmp_path / "regeln", ignore=shutil.ignore_patterns("__pycache__")))


def _replace(rules: Path, suite: str, old: str, new: str) -> None:
    path = rules / f"{suite}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _broken(validation: Validation) -> list[RuleResult]:
    """Every outcome that a person must know of: what had no rows to look at is left out."""
    return [r for r in validation.ergebnisse if r.ergebnis != "gehalten" and r.grund != KEINE_ZEILEN]


def test_a_clean_delivery_holds_every_rule_and_opens_the_gate(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    archive = data.write(tmp_path / "archiv", data.clean())
    validation = validate(archive, tmp_path, lambda *step: seen.append(step))
    assert _broken(validation) == []
    assert len([r for r in validation.ergebnisse if r.ergebnis == "gehalten"]) > 130
    assert [r.regel_id for r in validation.ergebnisse] == [r.regel_id for r in load().regeln]
    assert gate(validation).is_open
    assert seen[0] == ("bedarfsgemeinschaft", 0, 13)
    assert seen[-1] == ("lieferung", 12, 13)


def test_great_expectations_loads_every_suite_with_its_own_api() -> None:
    from great_expectations import ExpectationSuite

    from etl.validate import sql_regel  # noqa: F401 - registers the expectation

    for suite in load().suiten:
        raw = yaml.safe_load((FOLDER / f"{suite.name}.yaml").read_text(encoding="utf-8"))
        loaded = ExpectationSuite(**raw)
        assert [e.meta for e in loaded.expectations] == [entry["meta"] for entry in raw["expectations"]]
        assert [e.expectation_type for e in loaded.expectations] == [entry["type"] for entry in raw["expectations"]]
        assert [str(e.severity.value) for e in loaded.expectations] == [r.schwere for r in suite.regeln]


def test_an_unknown_type_is_an_error_and_not_a_shorter_suite(tmp_path: Path, rules: Path) -> None:
    _replace(rules, "person", "expect_column_values_to_be_unique", "expect_column_values_to_be_uniqe")
    with pytest.raises(RegelwerkError, match=r"person\.yaml, Regel PER-002"):
        validate(data.write(tmp_path / "archiv", data.clean()), tmp_path, rules=rules)


@pytest.mark.parametrize(
    ("suite", "old", "new", "regel_id"),
    [
        ("person", "WHERE geburtsdatum > (", "WHERE geburtstag > (", "PER-007"),
        ("person", "{column: staatsangehoerigkeit, regex: '", "{column: staatsangehoerigkeit, regex: '[", "PER-006"),
        ("leistung", "SELECT kundennummer, bg_nummer, monat, leistungsart, leer", "SELEC x", "LEI-003"),
    ],
    ids=["SQL with an unknown column", "a regular expression that is none", "no SQL at all"],
)
def test_a_rule_that_fails_inside_cannot_be_checked_and_closes_the_gate(
    tmp_path: Path, rules: Path, suite: str, old: str, new: str, regel_id: str
) -> None:
    _replace(rules, suite, old, new)
    archive = data.write(tmp_path / "archiv", data.clean())
    validation = validate(archive, tmp_path, rules=rules)
    (broken,) = _broken(validation)
    assert broken.regel_id == regel_id
    assert (broken.ergebnis, broken.geprueft, broken.verletzt) == ("nicht_pruefbar", None, None)
    assert broken.grund.startswith("Fehler")
    assert broken.grund in broken.befund
    assert not gate(validation).is_open
    assert not validation.vollstaendig


def test_a_missing_table_cannot_be_checked(tmp_path: Path) -> None:
    archive = data.write(tmp_path / "archiv", data.clean())
    archive.parquet("leistung").unlink()
    validation = validate(archive, tmp_path)
    outcome = {r.regel_id: r.ergebnis for r in validation.ergebnisse}
    assert {outcome[r.regel_id] for r in load().regeln if r.suite == "leistung"} == {"nicht_pruefbar"}
    assert outcome["LIE-002"] == "nicht_pruefbar"
    assert outcome["PER-002"] == "gehalten"
    with pytest.raises(GateClosedError, match="LEI-001"):
        gate(validation, "Die Leitung hat es so entschieden.").require_open()


def test_what_could_not_be_checked_is_checked_again(tmp_path: Path) -> None:
    archive = data.write(tmp_path / "archiv", data.clean())
    file = archive.parquet("verfahren")
    file.rename(tmp_path / "weg")
    assert not validate(archive, tmp_path).vollstaendig
    (tmp_path / "weg").rename(file)
    assert validate(archive, tmp_path).vollstaendig


def test_an_empty_table_is_not_held_but_closes_nothing(tmp_path: Path) -> None:
    rows = data.clean()
    rows["verfahren"], rows["stichtag"] = [], []
    validation = validate(data.write(tmp_path / "archiv", rows), tmp_path)
    empty = [r for r in validation.ergebnisse if r.suite in {"verfahren", "stichtag"}]
    assert {(r.ergebnis, r.grund, r.geprueft) for r in empty} == {("nicht_pruefbar", KEINE_ZEILEN, None)}
    assert validation.vollstaendig
    assert gate(validation).is_open


@pytest.mark.slow
def test_a_delivery_is_compared_with_the_newest_one_before_it(tmp_path: Path) -> None:
    root = tmp_path / "archiv"
    archive = data.write(root, data.clean())
    alone = validate(archive, tmp_path)
    assert alone.vorlieferung is None
    assert _outcome(alone, "MIT-023").grund == KEINE_ZEILEN
    previous = data.clean()
    previous["bg_mitglied"].append({**previous["bg_mitglied"][0], "kundennummer": "p9"})
    before = data.write_previous(root, previous)
    data.write(root, data.clean(), "11732/probe-alt", VORIGER_DATENSTAND - dt.timedelta(days=30))
    data.write(root, data.clean(), "99999/probe-0", VORIGER_DATENSTAND)
    compared = validate(archive, tmp_path)
    assert compared.vorlieferung == f"11732/probe-0@{before.content_sha256}"
    assert (_outcome(compared, "MIT-023").verletzt, _outcome(compared, "MIT-023").geprueft) == (1, 5)
    assert validate(before, tmp_path).vorlieferung == "11732/probe-alt@" + _content(root, "11732/probe-alt")


def test_a_damaged_delivery_before_cannot_be_compared_with(tmp_path: Path) -> None:
    archive = data.write(tmp_path, data.clean())
    before = data.write_previous(tmp_path, data.clean())
    before.parquet("person").write_bytes(b"")
    validation = validate(archive, tmp_path / "ergebnis")
    unclear = {r.regel_id for r in _broken(validation)}
    assert {"MIT-023", "MIT-024", "LEI-019", "STI-005", "LIE-016"} <= unclear
    assert all("vor_" in r.grund or "vorlieferung" in r.grund or "pruef_" in r.grund for r in _broken(validation))
    assert not gate(validation).is_open


def test_deliveries_before_come_newest_first(tmp_path: Path) -> None:
    rows = data.clean()
    archive = data.write(tmp_path, rows)
    for name, days in (("a", 3), ("b", 1), ("c", 2), ("spaeter", -1)):
        data.write(tmp_path, rows, f"11732/{name}", DATENSTAND - dt.timedelta(days=days))
    data.write(tmp_path, rows, "11733/fremd", VORIGER_DATENSTAND)
    shutil.copytree(tmp_path / "11732" / "a", tmp_path / "11732" / ".halb")
    assert [other.delivery.lieferung_id for other in earlier(tmp_path, archive)] == ["b", "c", "a"]


def _outcome(validation: Validation, regel_id: str) -> RuleResult:
    return next(result for result in validation.ergebnisse if result.regel_id == regel_id)


def _content(root: Path, reference: str) -> str:
    return open_archive(root, reference).content_sha256


@pytest.mark.slow
def test_the_kept_result_is_the_same_and_used_without_great_expectations(tmp_path: Path) -> None:
    archive = data.write(tmp_path / "archiv", data.clean())
    first = validate(archive, tmp_path / "a")
    second = validate(archive, tmp_path / "b")
    (kept_a,), (kept_b,) = tmp_path.glob("a/*/*/*.json"), tmp_path.glob("b/*/*/*.json")
    assert first == second
    assert kept_a.read_bytes() == kept_b.read_bytes()
    assert kept_a.relative_to(tmp_path / "a").parent.as_posix() == data.REFERENCE
    program = (
        "import sys; from pathlib import Path; from etl.extract.archive import open_archive; "
        "from etl.validate import validate; "
        f"archive = open_archive(Path({str(tmp_path / 'archiv')!r}), {data.REFERENCE!r}); "
        f"v = validate(archive, Path({str(tmp_path / 'a')!r})); "
        "print(len(v.ergebnisse), 'great_expectations' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(len(first.ergebnisse)), "False"]


@pytest.mark.slow
def test_another_content_or_another_rule_is_judged_anew(tmp_path: Path, rules: Path) -> None:
    rows = data.clean()
    validate(data.write(tmp_path / "eins", rows), tmp_path, rules=rules)
    rows["leistung"][0]["zahlung"] = euro("1")
    changed = validate(data.write(tmp_path / "zwei", rows), tmp_path, rules=rules)
    assert {r.regel_id for r in changed.ergebnisse if r.ergebnis == "verletzt"} == {"LEI-008"}
    _replace(rules, "leistung", "WHERE zahlung <> anspruch - minderung", "WHERE zahlung > anspruch")
    again = validate(data.write(tmp_path / "drei", rows), tmp_path, rules=rules)
    assert again.regelwerk_sha256 != changed.regelwerk_sha256
    assert {r.regel_id for r in again.ergebnisse if r.ergebnis == "verletzt"} == set()


def test_nobody_shows_up_in_results_logs_or_messages(
    tmp_path: Path, rules: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Every kind of trouble at once: core rules and SQL rules violated, a conversion that fails on a row's value."""
    rows = data.clean()
    for table in ("person", "bg_mitglied", "leistung"):
        rows[table].append({**rows[table][0], "kundennummer": PERSON})
    rows["person"][-1].update(geburtsdatum=GEBOREN, geschlecht=PERSON, staatsangehoerigkeit=PERSON)
    rows["person"].append(dict(rows["person"][-1]))
    rows["leistung"][-1].update(zahlung=euro("-1"))
    _replace(rules, "person", "WHERE geburtsdatum > (", "WHERE CAST(kundennummer AS INTEGER) = 1 OR geburtsdatum > (")
    with caplog.at_level(logging.DEBUG):
        validation = validate(data.write(tmp_path / "archiv", rows), tmp_path / "ergebnis", rules=rules)
    with pytest.raises(GateClosedError) as closed:
        gate(validation).require_open()
    outcome = {r.regel_id: r for r in validation.ergebnisse}
    assert [outcome[i].ergebnis for i in ("PER-002", "PER-004", "LEI-008")] == ["verletzt"] * 3
    assert outcome["PER-007"].ergebnis == "nicht_pruefbar"
    assert "ConversionException" in outcome["PER-007"].befund
    (kept,) = tmp_path.glob("ergebnis/*/*/*.json")
    out = capfd.readouterr()
    everything = (
        kept.read_text(encoding="utf-8"),
        caplog.text,
        out.out,
        out.err,
        closed.value.message,
        repr(validation),
    )
    for text in everything:
        for trace in (PERSON, "1917", "23.11."):
            assert trace not in text


def test_findings_are_the_keys_of_the_violating_rows(tmp_path: Path) -> None:
    rows = data.clean()
    rows["leistung"][3]["zahlung"] = euro("1")
    rows["leistung"][0]["zahlung"] = euro("1")
    archive = data.write(tmp_path / "archiv", rows)
    found = findings(archive, load(), "LEI-008")
    assert found.column("kundennummer").to_pylist() == ["p1", "p2"]
    assert found.column_names[4:] == ["anspruch", "minderung", "zahlung"]
    assert found.column("zahlung").to_pylist() == [euro("1"), euro("1")]


def test_a_limit_is_the_same_in_the_check_and_in_its_message(tmp_path: Path) -> None:
    """The message once said 600.000 and the check meant 1.000.000: both now read the value of the Datenstand."""
    rows = data.clean()
    rows["leistung"][0]["bedarf"] = euro("10000.01")
    archive = data.write(tmp_path / "archiv", rows)
    found = _outcome(validate(archive, tmp_path), "LEI-024")
    assert found.titel == "Ein Monatsbedarf bleibt unter 10.000 EUR"
    assert found.befund == "1 von 18 Leistungszeilen haben einen Bedarf von mehr als 10.000 EUR."
    assert found.erwartet == "bedarf einer Leistungsart in einem Monat ist höchstens 10.000 EUR."
