"""Every rule, run by Great Expectations: it holds on a clean delivery and a minimal defect violates it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

import validate_data as data
from etl import contract
from etl.validate import RuleResult, load
from etl.validate.pruefung import judge
from etl.validate.regelwerk import Regel
from validate_data import Rows, euro, tag

RULES = load()
Defect = Callable[[Rows], None]


def put(table: str, index: int = 0, /, **values: object) -> Defect:
    """Change one row."""
    return lambda rows: rows[table][index].update(values)


def again(table: str, index: int = 0, /, **values: object) -> Defect:
    """Add a changed copy of one row."""
    return lambda rows: rows[table].append({**rows[table][index], **values})


def drop(table: str, **where: object) -> Defect:
    """Leave out every row that matches."""

    def defect(rows: Rows) -> None:
        rows[table] = [row for row in rows[table] if any(row[name] != value for name, value in where.items())]

    return defect


def both(*defects: Defect) -> Defect:
    def defect(rows: Rows) -> None:
        for single in defects:
            single(rows)

    return defect


def _scale(rows: Rows) -> None:
    """Two BGs become one in July: the number of BGs and of persons with benefits falls by more than a tenth."""
    drop("leistung", bg_nummer="bg2", monat=data.MONATE[2])(rows)


DEFECTS: dict[str, Defect] = {
    "BG-005": put("bedarfsgemeinschaft", gueltig_bis=tag("2024-12-31")),
    "BG-006": again("bedarfsgemeinschaft", gueltig_von=tag("2026-01-01")),
    "BG-007": again("bedarfsgemeinschaft", gueltig_von=tag("2026-08-21")),
    "BG-008": put("bedarfsgemeinschaft", geschaeftsstelle=" "),
    "BG-009": both(
        again("bedarfsgemeinschaft", gueltig_von=tag("2026-01-01")), put("bedarfsgemeinschaft", gemeinde_ags="05111000")
    ),
    "PER-007": put("person", geburtsdatum=tag("2026-08-21")),
    "PER-008": put("person", geburtsdatum=tag("1915-08-20")),
    "PER-009": again("person", kundennummer="p9"),
    "PER-010": put("person", 1, familienstand="VH"),
    "PER-011": put("person", schulabschluss=None),
    "MIT-008": put("bg_mitglied", bis=tag("2024-12-31")),
    "MIT-009": again("bg_mitglied", bg_nummer="bg2", von=tag("2026-01-01")),
    "MIT-010": put("bg_mitglied", 3, rolle="HP"),
    "MIT-011": put("bg_mitglied", 2, rolle="SO"),
    "MIT-012": put("bg_mitglied", 2, rolle="PA"),
    "MIT-013": put("bg_mitglied", 0, erwerbsfaehig=False),
    "MIT-014": put("person", 1, geburtsdatum=tag("2001-05-15")),
    "MIT-015": put("bg_mitglied", 3, rolle="EL"),
    "LEI-008": put("leistung", zahlung=euro("563.01")),
    "LEI-009": put("leistung", anspruch=euro("-0.01"), zahlung=euro("-0.01")),
    "LEI-010": put("leistung", anspruch=euro("563.01")),
    "LEI-011": put("leistung", minderung=euro("563.01")),
    "LEI-012": put("leistung", 1, minderung=euro("0.01")),
    "LEI-013": again("leistung", monat=tag("2026-09-01")),
    "LEI-014": drop("leistung", monat=data.MONATE[1]),
    "LEI-015": put("bg_mitglied", 0, bis=tag("2026-06-30")),
    "LEI-016": again("leistung", bg_nummer="bg2"),
    "EIN-005": put("einkommen", betrag_verfuegbar=euro("-0.01")),
    "EIN-006": put("einkommen", betrag_angerechnet=euro("30.01")),
    "EIN-007": put("bg_mitglied", 1, bis=tag("2026-04-30")),
    "UNT-005": put("unterkunft", heizkosten_anerkannt=euro("80.01")),
    "UNT-006": put("unterkunft", kosten_anerkannt=euro("-0.01")),
    "UNT-007": put("unterkunft", personen_haushalt=0),
    "UNT-008": put("unterkunft", personen_haushalt=2),
    "UNT-009": put("unterkunft", wohnflaeche_qm=Decimal("500.5")),
    "ERW-006": put("erwerbstaetigkeit", ende=tag("2025-12-31")),
    "ERW-007": put("erwerbstaetigkeit", erfasst_am=tag("2026-08-21")),
    "ERW-008": put("person", geburtsdatum=tag("2013-01-02")),
    "ERW-009": again("erwerbstaetigkeit", erwerb_id="e2"),
    "MAS-005": put("massnahme", austritt=tag("2026-05-31")),
    "MAS-006": put("massnahme", erfasst_am=tag("2026-08-21")),
    "MAS-007": put("massnahme", kosten=euro("-0.01")),
    "MAS-008": put("massnahme", instrument="P16i", eintritt=tag("2018-12-31")),
    "MAS-009": put("massnahme", instrument="P16k", eintritt=tag("2023-06-30")),
    "MAS-010": again("massnahme", teilnahme_id="t2", eintritt=tag("2026-07-15")),
    "MIN-006": put("leistungsminderung", ende=tag("2026-06-30")),
    "MIN-007": put("leistungsminderung", betrag=euro("-0.01")),
    "MIN-008": put("leistungsminderung", beginn=tag("2026-07-02")),
    "MIN-009": put("leistungsminderung", beginn=tag("2022-12-01"), ende=tag("2023-03-01")),
    "MIN-010": put("leistungsminderung", grund="PFLICHT", beginn=tag("2026-01-01"), ende=tag("2026-04-01")),
    "MIN-011": put("leistungsminderung", ende=tag("2026-08-01")),
    "MIN-012": put("leistungsminderung", grund="ARBEIT", ende=tag("2026-09-01")),
    "AMS-005": put("arbeitsmarktstatus", 0, bis=tag("2024-12-31")),
    "AMS-006": put("arbeitsmarktstatus", 0, bis=tag("2026-06-01")),
    "AMS-007": put("person", 2, geburtsdatum=tag("2010-01-02")),
    "VER-004": put("verfahren", erledigung=tag("2026-05-03")),
    "VER-005": put("verfahren", erledigungsart=None),
    "VER-006": put("verfahren", erledigung=tag("2026-08-21")),
    "STI-004": put("stichtag", stichtag=tag("2026-07-01")),
    "LIE-001": put("bedarfsgemeinschaft", gueltig_von=tag("2026-05-16")),
    "LIE-002": put("bg_mitglied", 3, ausschlussgrund=None),
    "LIE-003": drop("leistung", bg_nummer="bg2", monat=data.MONATE[0]),
    "LIE-004": again("leistung", kundennummer="p4"),
    "LIE-005": drop("unterkunft", bg_nummer="bg2", monat=data.MONATE[0]),
    "LIE-006": put("leistungsminderung", beginn=tag("2026-06-01"), ende=tag("2026-06-30")),
    "LIE-007": put("arbeitsmarktstatus", 0, bis=tag("2026-06-02")),
    "LIE-008": _scale,
    "LIE-009": _scale,
    "LIE-010": put("einkommen", betrag_angerechnet=euro("0.05")),
}


def _defect(regel: Regel) -> Defect:
    """The rules that restate the contract are broken by what they say; all others are listed above."""
    if regel.regel_id in DEFECTS:
        return DEFECTS[regel.regel_id]
    table = regel.suite
    sql = str(regel.kwargs.get("verletzungen", ""))
    required = [column.name for column in contract.TABLES[table].columns if column.required]
    defects: dict[str, Defect] = {
        "row_count": lambda rows: rows[table].clear(),
        "unique": again(table),
        "in_set": put(table, **dict.fromkeys(regel.spalten, "?")),
        "match_regex": put(table, **dict.fromkeys(regel.spalten, "?")),
        "day(monat) <> 1": put(table, monat=dt.date(2026, 6, 2)),
        "ANTI JOIN raw_person": put(table, kundennummer="fremd"),
        "ANTI JOIN raw_bedarfsgemeinschaft": put(table, bg_nummer="fremd"),
        "IS NULL": put(table, **{required[-1]: None}),
    }
    return next(defect for sign, defect in defects.items() if sign in regel.typ or sign in sql)


def _judged(root: Path, rows: Rows, regel: Regel) -> RuleResult:
    suite = next(suite for suite in RULES.suiten if suite.name == regel.suite)
    results = judge(data.write(root, rows), [suite], RULES.sichten_sql)
    return next(result for result in results if result.regel_id == regel.regel_id)


@pytest.mark.parametrize("regel", RULES.regeln, ids=lambda regel: cast(Regel, regel).regel_id)
def test_a_minimal_defect_violates_the_rule(regel: Regel, tmp_path: Path) -> None:
    rows = data.clean()
    _defect(regel)(rows)
    result = _judged(tmp_path, rows, regel)
    assert result.ergebnis == "verletzt", result
    assert result.verletzt
    assert result.geprueft is not None
    assert result.verletzt <= result.geprueft
    assert "{" not in result.befund
    assert str(result.verletzt) in result.befund


@pytest.mark.parametrize(
    "column",
    [(t.name, c.name) for t in contract.TABLES.values() for c in t.columns if c.required],
    ids=lambda pair: ".".join(cast(tuple[str, str], pair)),
)
def test_every_required_column_is_guarded(column: tuple[str, str]) -> None:
    table, name = column
    rule = next(r for r in RULES.regeln if r.suite == table and r.titel.startswith("Pflichtangaben"))
    assert f"{name} IS NULL" in str(rule.kwargs["verletzungen"])


@pytest.mark.parametrize("table", [t for t in contract.TABLES.values() if any(c.codes for c in t.columns)])
def test_codes_of_the_rules_are_the_codes_of_the_contract(table: contract.Table) -> None:
    sets = {
        r.spalten[0]: r.kwargs["value_set"] for r in RULES.regeln if r.suite == table.name and "value_set" in r.kwargs
    }
    assert sets == {column.name: list(column.codes) for column in table.columns if column.codes}
