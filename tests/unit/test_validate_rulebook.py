"""The rule files and the gate, without Great Expectations."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from etl import parameter
from etl.errors import GateClosedError
from etl.figures import katalog
from etl.validate import RuleResult, Validation, gate, load
from etl.validate.ergebnis import Ergebnis
from etl.validate.regelwerk import FOLDER, FOLGE, SCHWEREN, RegelwerkError, Schwere

FIGUREN = {"ALLE", *katalog.load()}
IN_NO_FIGURE = {
    *("PER-011", "PER-012", "PER-013"),  # education
    *(f"EIN-{number:03}" for number in range(1, 9)),  # income
    *("UNT-007", "UNT-008", "UNT-009", "UNT-011", "UNT-012"),  # size of household and dwelling
    *("MAS-007", "MAS-018"),  # costs of a measure
    "MIN-007",  # the amount of a reduction: LM_BETRAG is counted from the money
    "ERW-009",  # integrations count persons: the same job twice moves nothing
    "LEI-013",  # a month that has not come yet
}
"""Rules about what no figure counts. Every other rule names the figures it can move: findings are ranked by them."""


def test_the_rulebook_loads_and_covers_every_table() -> None:
    rulebook = load()
    assert len(rulebook.suiten) == 13
    assert len(rulebook.regeln) >= 80
    assert {code for rule in rulebook.regeln for code in rule.figuren} <= FIGUREN
    assert rulebook.sha256 == load().sha256
    assert len({rule.regel_id for rule in rulebook.regeln}) == len(rulebook.regeln)


def test_every_rule_names_the_figures_it_can_move() -> None:
    assert {rule.regel_id for rule in load().regeln if not rule.figuren} == IN_NO_FIGURE


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: PER-002", "id: PER-001", "PER-001 steht schon in person.yaml"),
        ("id: PER-002", "id: per-2", "Eintrag 2: meta.id"),
        ("severity: critical", "severity: error", "PER-001: severity"),
        ("      behebt: Export des Fachverfahrens\n", "", "PER-001: meta.behebt fehlt"),
        ("      titel: Die", "      title: x\n      titel: Die", "PER-001: meta kennt kein Feld „title“"),
        ("{verletzt} Verstoß", "{person} Verstoß", "PER-001: meta.befund"),
        ("figuren: [ALLE]", "figuren: ALLE", "PER-001: meta.figuren"),
        ("    severity: critical\n", "", "Eintrag 1: erwartet werden genau"),
        ("      behebt:", "      gueltig_ab: 2023-01-01\n      behebt:", "PER-001: meta.gueltig_ab"),
        ("grundgesamtheit: raw_person", "gesamt: raw_person", "PER-003: eine SQL-Regel"),
        ("column: geschlecht,", "column: gender,", "PER-004: die Tabelle person hat keine Spalte „gender“"),
        ("name: person", "name: leute", "name muss „person“ sein"),
        ("expectations:", "expectations: [", "kein gültiges YAML"),
        ("      erwartet: ", "      # erwartet: ", "PER-001: meta.erwartet fehlt"),
        ("grenzen: [hoechstalter]", "grenzen: [hoechstaelter]", "PER-008: pruefgrenzen.yaml kennt keine Grenze"),
        (
            "grenzen: [hoechstalter]",
            "grenzen: [hoechstalter, but_alter]",
            "PER-008: die Grenze „but_alter“",
        ),
        ("> $hoechstalter", "> $but_alter + $hoechstalter", "PER-008: „$but_alter“ im SQL steht nicht in meta"),
        ("als {hoechstalter} Jahre", "als {but_alter} Jahre", "PER-008: meta.titel"),
        ("über {hoechstalter} Jahre", "über {but_alter} Jahre", "PER-008: meta.befund"),
        (
            "      figuren: [ALLE]",
            "      grenzen: [hoechstalter]\n      figuren: [ALLE]",
            "PER-001: meta.grenzen gibt es nur",
        ),
    ],
)
def test_a_broken_rule_file_names_the_file_and_the_rule(tmp_path: Path, old: str, new: str, message: str) -> None:
    rules = Path(shutil.copytree(FOLDER, tmp_path / "regeln"))
    path = rules / "person.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RegelwerkError) as error:
        load(rules)
    assert message in error.value.message
    assert "person.yaml" in error.value.message


def test_a_limit_is_written_the_german_way_and_the_counts_are_left_open() -> None:
    tag = dt.date(2026, 8, 20)
    rule = load().regel("LIE-010").am(tag)
    assert "Rundung bis 0,01 EUR je Leistungszeile" in rule.erwartet
    assert "{verletzt} von {geprueft}" in rule.befund
    assert load().regel("LEI-024").am(tag).titel == "Ein Monatsbedarf bleibt unter 10.000 EUR"


def test_a_limit_changes_with_the_datenstand(tmp_path: Path) -> None:
    (tmp_path / "pruefgrenzen.yaml").write_text(
        "x:\n  titel: x\n  einheit: EUR\n  annahme: nur hier\n  werte:\n"
        "    - {gueltig_ab: 2020-01-01, wert: 5}\n    - {gueltig_ab: 2026-07-01, wert: 7.5}\n",
        encoding="utf-8",
    )
    days = [dt.date(2019, 1, 1), dt.date(2026, 6, 30), dt.date(2026, 7, 1)]
    assert [parameter.pruefgrenzen(day, tmp_path)["x"] for day in days] == [5, 5, Decimal("7.5")]


def test_every_severity_has_its_german_name() -> None:
    assert tuple(FOLGE) == SCHWEREN


def test_missing_and_foreign_rule_files_are_errors(tmp_path: Path) -> None:
    rules = Path(shutil.copytree(FOLDER, tmp_path / "regeln"))
    (rules / "kunden.yaml").write_text("name: kunden\n", encoding="utf-8")
    with pytest.raises(RegelwerkError, match=r"kunden\.yaml"):
        load(rules)
    (rules / "kunden.yaml").unlink()
    (rules / "verfahren.yaml").unlink()
    with pytest.raises(RegelwerkError, match=r"verfahren\.yaml fehlt"):
        load(rules)


def _validation(*outcomes: tuple[Schwere, Ergebnis]) -> Validation:
    results = tuple(
        RuleResult("person", f"PER-{n:03d}", "Titel", schwere, ergebnis, 10, 3, "3 von 10 Personen.", "Team")
        for n, (schwere, ergebnis) in enumerate(outcomes, start=1)
    )
    return Validation("1/2", "a", "b", results)


@pytest.mark.parametrize("ergebnis", ["verletzt", "nicht_pruefbar"])
@pytest.mark.parametrize(
    ("schwere", "reason", "is_open"),
    [
        ("info", None, True),
        ("warning", None, False),
        ("warning", "   ", False),
        ("warning", "Mit der Leitung geklärt", True),
        ("critical", None, False),
        ("critical", "Mit der Leitung geklärt", False),
    ],
)
def test_what_opens_the_gate(schwere: Schwere, ergebnis: Ergebnis, reason: str | None, is_open: bool) -> None:
    decision = gate(_validation((schwere, ergebnis), ("critical", "gehalten")), reason)
    assert decision.is_open is is_open
    accepted = schwere == "warning" and is_open
    assert bool(decision.angenommen) is accepted
    assert decision.begruendung == (reason if accepted else None)


def test_the_closed_gate_says_what_and_what_to_do() -> None:
    with pytest.raises(GateClosedError) as closed:
        gate(_validation(("warning", "verletzt"))).require_open()
    assert closed.value.exit_status == 4
    assert "PER-001  Titel: 3 von 10 Personen. Zu klären: Team." in closed.value.message
    assert '--accept-findings "BEGRÜNDUNG"' in str(closed.value.hint)
    both = replace(_validation(("warning", "verletzt"), ("critical", "verletzt")))
    with pytest.raises(GateClosedError) as closed:
        gate(both, "Mit der Leitung geklärt").require_open()
    assert "nicht annehmen" in str(closed.value.hint)
    assert "PER-002" in closed.value.message
