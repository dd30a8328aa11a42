"""``spec_test``: tiny tables in, figures out, by the product's real path and by the reference; both must be right.

A table names only the columns that matter. What is left out is as ordinary as possible: a German woman born in 1990,
able to work, main person of a BG of her own since 2020, with 100.00 EUR Regelbedarf in each month from t-3 to t+1,
delivered four months later. Whatever is recorded was recorded on the day it began; jobs, measures and procedures are
still running. An empty field is NULL; ``T`` and ``F`` are booleans; ``2024-01..2024-03`` in the column ``monat`` stands
for one row per month.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import pytest

from reference import oracle
from reference.delivery import COLUMNS, Fall, Rows, write_delivery
from reference.product import differences, product_cells

Row = dict[str, object]
Expected = Mapping[str, int | str | None]
"""``"ELB"`` or ``"ELB ALTER 15-24"`` to its value; None = there is no value yet (``fehlt``)."""

DATES = {
    "geburtsdatum", "von", "bis", "gueltig_von", "gueltig_bis", "stichtag", "beginn", "ende", "eintritt", "austritt",
    "eingang", "erledigung", "erfasst_am",
}  # fmt: skip
AMOUNTS = {
    "bedarf", "anspruch", "minderung", "zahlung", "betrag", "betrag_verfuegbar", "betrag_angerechnet", "kosten",
    "kosten_tatsaechlich", "kosten_anerkannt", "heizkosten_tatsaechlich", "heizkosten_anerkannt", "wohnflaeche_qm",
}  # fmt: skip
EARLY = dt.date(2020, 1, 1)
DEFAULTS: Mapping[str, Row] = {
    "bedarfsgemeinschaft": {
        "gueltig_von": EARLY,
        "gueltig_bis": None,
        "aktenzeichen": "AZ",
        "gemeinde_ags": "08317001",
        "geschaeftsstelle": "GS1",
        "zustaendigkeit": "T1",
    },
    "person": {
        "geburtsdatum": dt.date(1990, 1, 1),
        "geschlecht": "w",
        "staatsangehoerigkeit": "000",
        "familienstand": "LED",
        "schulabschluss": None,
        "berufsabschluss": None,
        "schwerbehindert": False,
    },
    "bg_mitglied": {"von": EARLY, "bis": None, "rolle": "HP", "erwerbsfaehig": True, "ausschlussgrund": None},
    "leistung": {"leistungsart": "RB20", "anspruch": Decimal("100.00"), "minderung": Decimal("0.00")},
    "erwerbstaetigkeit": {"art": "SVP", "ende": None, "foerderung": None},
    "massnahme": {"instrument": "P16_45", "austritt": None, "kosten": None},
    "leistungsminderung": {"grund": "MELDE", "betrag": Decimal("10.00")},
    "arbeitsmarktstatus": {"von": EARLY, "bis": None, "status": "ALO", "zugangsgrund": None, "abgangsgrund": None},
    "verfahren": {"art": "W", "sachgebiet": "Regelbedarf", "erledigung": None, "erledigungsart": None},
    "unterkunft": {
        "kosten_tatsaechlich": Decimal("500.00"),
        "kosten_anerkannt": Decimal("500.00"),
        "heizkosten_tatsaechlich": Decimal("80.00"),
        "heizkosten_anerkannt": Decimal("80.00"),
        "wohnflaeche_qm": None,
        "personen_haushalt": 1,
    },
    "einkommen": {
        "einkommensart": "Erwerbseinkommen",
        "betrag_verfuegbar": Decimal("0.00"),
        "betrag_angerechnet": Decimal("0.00"),
    },
    "stichtag": {},
}
KEYS: Mapping[str, str] = {
    "erwerbstaetigkeit": "erwerb_id",
    "massnahme": "teilnahme_id",
    "leistungsminderung": "minderung_id",
    "verfahren": "verfahren_id",
}
"""Tables whose key says nothing: rows without one are numbered."""
OF_PERSONS = ("erwerbstaetigkeit", "massnahme", "leistungsminderung", "arbeitsmarktstatus", "einkommen")
OF_BGS = ("leistungsminderung", "unterkunft")
OPEN = ("GEMEINDE", "GESCHAEFTSSTELLE")


class SpecTest(Protocol):
    def __call__(self, month: str, expected: Expected, *, erstellt_am: str | None = None, **tables: str) -> None: ...


def parse_value(column: str, text: str) -> object:
    if not text:
        return None
    if column in DATES:
        return dt.date.fromisoformat(text)
    if column in AMOUNTS:
        return Decimal(text)
    if column == "personen_haushalt":
        return int(text)
    return {"T": True, "F": False}[text] if column in ("erwerbsfaehig", "schwerbehindert") else text


def parse_month(text: str) -> oracle.Month:
    return (int(text[:4]), int(text[5:]))


def month_rows(row: Row) -> Rows:
    """Write a month as its first day, and ``2024-01..2024-03`` as three rows."""
    if "monat" not in row:
        return [row]
    first, _, last = str(row["monat"]).partition("..")
    month, rows = parse_month(first), []
    while month <= parse_month(last or first):
        rows.append(row | {"monat": dt.date(month[0], month[1], 1)})
        month = oracle.shift(month, 1)
    return rows


def parse_table(table: str, text: str) -> Rows:
    """Read an ASCII table: a header, a line, the rows."""
    header, _, *lines = text.strip().splitlines()
    columns = [name.strip() for name in header.split("|")]
    assert set(columns) <= set(COLUMNS[table]), f"{table} hat keine Spalte {set(columns) - set(COLUMNS[table])}"
    rows: Rows = []
    for line in lines:
        fields = [field.strip() for field in line.split("|")]
        row = {column: parse_value(column, field) for column, field in zip(columns, fields, strict=True)}
        rows += month_rows(DEFAULTS[table] | row)
    return rows


def _numbered(table: str, rows: Rows) -> Rows:
    if table not in KEYS:
        return rows
    return [{KEYS[table]: f"{table}-{number}"} | row for number, row in enumerate(rows, 1)]


def _keys(column: str, *tables: Rows) -> list[str]:
    return sorted({str(row[column]) for rows in tables for row in rows if column in row})


def _own_bg(row: Row) -> Row:
    return {"bg_nummer": f"BG {row['kundennummer']}"} | row


def _paid(row: Row) -> Row:
    """A claim: of a need of the same size, paid but for the reduction."""
    anspruch, minderung = row["anspruch"], row["minderung"]
    assert isinstance(anspruch, Decimal)
    assert isinstance(minderung, Decimal)
    return {"bedarf": anspruch, "zahlung": anspruch - minderung} | row


def _recorded(row: Row, began: str) -> Row:
    return {"erfasst_am": row[began]} | row


def _one_month(row: Row) -> Row:
    """A reduction until the end of the calendar month in which it begins."""
    beginn = row["beginn"]
    assert isinstance(beginn, dt.date)
    return {"ende": beginn.replace(day=calendar.monthrange(beginn.year, beginn.month)[1])} | row


COMPLETE: Mapping[str, Callable[[Row], Row]] = {
    "leistung": lambda row: _paid(_own_bg(row)),
    "erwerbstaetigkeit": lambda row: _recorded(row, "beginn"),
    "massnahme": lambda row: _recorded(row, "eintritt"),
    "leistungsminderung": lambda row: _one_month(_own_bg(row)),
}
"""Fields whose ordinary value depends on the others of the row."""


def _complete(table: str, rows: Rows) -> Rows:
    rule = COMPLETE.get(table)
    return [rule(row) for row in rows] if rule else rows


def build(month: str, texts: Mapping[str, str]) -> dict[str, Rows]:
    """Add what was left out, so that the tables are a delivery that keeps the contract."""
    given = {table: _complete(table, _numbered(table, parse_table(table, text))) for table, text in texts.items()}
    persons_given, bgs_given = given.get("person", []), given.get("bedarfsgemeinschaft", [])
    of_persons = [given.get(table, []) for table in OF_PERSONS]
    member_rows = given.get("bg_mitglied")
    if member_rows is None:
        persons = _keys("kundennummer", persons_given, given.get("leistung", []), *of_persons)
        member_rows = [DEFAULTS["bg_mitglied"] | {"kundennummer": person} for person in persons]
    members = [_own_bg(row) for row in member_rows]
    money = given.get("leistung")
    if money is None:
        t = parse_month(month)
        span = f"{oracle.month_text(oracle.shift(t, -3))}..{oracle.month_text(oracle.shift(t, 1))}"
        pairs = sorted({(str(row["kundennummer"]), str(row["bg_nummer"])) for row in members})
        money = [
            _paid(row)
            for person, bg in pairs
            for row in month_rows(DEFAULTS["leistung"] | {"kundennummer": person, "bg_nummer": bg, "monat": span})
        ]
    extra = set(_keys("kundennummer", members, money, *of_persons)) - set(_keys("kundennummer", persons_given))
    of_bgs = [given.get(table, []) for table in OF_BGS]
    bgs = set(_keys("bg_nummer", members, money, *of_bgs)) - set(_keys("bg_nummer", bgs_given))
    return given | {
        "bedarfsgemeinschaft": bgs_given + [DEFAULTS["bedarfsgemeinschaft"] | {"bg_nummer": bg} for bg in sorted(bgs)],
        "person": persons_given + [DEFAULTS["person"] | {"kundennummer": key} for key in sorted(extra)],
        "bg_mitglied": members,
        "leistung": money,
    }


def _cell(month: str, name: str) -> oracle.Cell:
    groesse, *feature = name.split(" ", 2)
    merkmal, code = feature or ("INSGESAMT", "INSGESAMT")
    return (month, groesse, merkmal, code)


def four_months_later(month: str) -> str:
    return f"{oracle.month_text(oracle.shift(parse_month(month), 4))}-20T06:00:00+01:00"


@pytest.fixture
def spec_test(tmp_path: Path) -> SpecTest:
    def run(month: str, expected: Expected, *, erstellt_am: str | None = None, **tables: str) -> None:
        fall = Fall(build(month, tables), dt.datetime.fromisoformat(erstellt_am or four_months_later(month)))
        delivery = write_delivery(tmp_path / "lieferung", fall.tables, fall.erstellt_am)
        product = product_cells(delivery, tmp_path / "archiv", tmp_path / "key", [month])
        answers = {
            "Referenz": oracle.figures(fall.tables, fall.erstellt_am),
            "Produkt": {cell: value for cell, (value, _) in product.items()},
        }
        waiting = oracle.waiting_times(fall.tables, fall.erstellt_am)
        for name, value in expected.items():
            if name == "WARTEZEIT":  # that the product says the same is one of the ``differences``
                assert waiting[month] == value
                continue
            cell = _cell(month, name)
            for who, cells in answers.items():
                if cell[2] in OPEN or cell[3] == "OHNE":  # lists without a fixed end have no cell for zero
                    found = cells.get(cell, Decimal())
                else:
                    assert cell in cells, f"{who}: keine Zelle {name}"
                    found = cells[cell]
                assert found == (None if value is None else Decimal(value)), f"{who}: {name}"
        assert not differences(fall, product, [month])

    return run
