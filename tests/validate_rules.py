"""The table of cases of every rule in ``expectations/``: what it still allows, what it no longer allows, what is empty.

Every case changes the clean delivery of ``validate_data``: two Bedarfsgemeinschaften over May, June and July 2026,
Datenstand 2026-08-20. p1 is the Hauptperson of bg1 with the child p2 and the excluded student p4; p3 is alone in bg2.
A rule may have several entries: ``MIT-013 zu alt``. The order is that of the files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from etl import contract
from validate_data import MONATE, Row, Rows, euro, tag

Change = Callable[[Rows], None]

HELD: Final = "held"
NO_ROWS: Final = "no rows"
"""What an empty value leads to: the rule holds, it has nothing to look at, or so many rows violate it."""


@dataclass(frozen=True)
class Case:
    """One limit of a rule. ``violated``: how many rows are found. ``before``: the delivery before, if there is one.

    The empty case of a rule between deliveries is that there is none before.
    """

    allowed: Change
    forbidden: Change
    violated: int
    empty: Change
    on_empty: Literal["held", "no rows"] | int
    before: Change | None = None
    before_forbidden: Change | None = None


# --- changes of the clean delivery ------------------------------------------------------------------------------------


def nothing(rows: Rows) -> None:
    """The clean delivery as it is."""


def put(table: str, index: int = 0, /, **values: object) -> Change:
    """Change one row."""
    return lambda rows: rows[table][index].update(values)


def again(table: str, index: int = 0, /, **values: object) -> Change:
    """Add a changed copy of one row."""
    return lambda rows: rows[table].append({**rows[table][index], **values})


def every(table: str, where: Row, **values: object) -> Change:
    """Change every row that matches."""

    def change(rows: Rows) -> None:
        for row in rows[table]:
            if where.items() <= row.items():
                row.update(values)

    return change


def drop(table: str, **where: object) -> Change:
    """Leave out every row that matches."""

    def change(rows: Rows) -> None:
        rows[table] = [row for row in rows[table] if not where.items() <= row.items()]

    return change


def clear(table: str) -> Change:
    """Empty a table."""
    return lambda rows: rows[table].clear()


def only_first(table: str) -> Change:
    """Leave out every row but the first."""
    return lambda rows: rows[table].__delitem__(slice(1, None))


def all_of(*changes: Change) -> Change:
    """Make several changes, in this order."""

    def change(rows: Rows) -> None:
        for single in changes:
            single(rows)

    return change


def copies(table: str, n: int, column: str, **values: object) -> Change:
    """Add ``n`` copies of the first row that differ in ``column``: n0, n1 …"""

    def change(rows: Rows) -> None:
        rows[table] += [{**rows[table][0], column: f"n{number}", **values} for number in range(n)]

    return change


def people(n: int, missing: int, **empty: object) -> Change:
    """Add ``n`` able-bodied persons; the first ``missing`` of them get the values ``empty``."""

    def change(rows: Rows) -> None:
        for number in range(n):
            key = f"n{number}"
            rows["person"].append({**rows["person"][0], "kundennummer": key, **(empty if number < missing else {})})
            rows["bg_mitglied"].append({**rows["bg_mitglied"][0], "kundennummer": key})

    return change


def stock(column: str, *counts: int) -> Change:
    """Replace the benefits: in each month so many rows, each for another person or Bedarfsgemeinschaft (``column``)."""

    def change(rows: Rows) -> None:
        row = rows["leistung"][0]
        rows["leistung"] = [
            {**row, column: f"n{number}", "monat": month}
            for month, count in zip(_months(len(counts)), counts, strict=True)
            for number in range(count)
        ]

    return change


def amounts(*euros: str) -> Change:
    """Replace the benefits: one row of standard benefits in each month."""

    def change(rows: Rows) -> None:
        row = rows["leistung"][0]
        months = _months(len(euros))
        rows["leistung"] = [
            {**row, "monat": month, "anspruch": euro(text)} for month, text in zip(months, euros, strict=True)
        ]

    return change


def _months(n: int) -> list[object]:
    return [tag(f"{2024 + number // 12}-{number % 12 + 1:02}-01") for number in range(n)]


# --- kinds of rules that every table has ------------------------------------------------------------------------------


def key_once(table: str, **other: object) -> Case:
    """The key may repeat in all parts but one."""
    return Case(again(table, **other), again(table), 2, clear(table), NO_ROWS)


def required(table: str) -> Case:
    """Whatever is optional may be missing, the last required column may not."""
    columns = contract.TABLES[table].columns
    optional = {column.name: None for column in columns if not column.required}
    last = [column.name for column in columns if column.required][-1]
    return Case(put(table, **optional), put(table, **{last: None}), 1, clear(table), NO_ROWS)


def code(table: str, column: str, on_empty: Literal["held", "no rows"]) -> Case:
    """The last code of the list, and the same in the other case of letters; NULL is the business of another rule."""
    last = contract.TABLES[table].column(column).codes[-1]
    return Case(
        put(table, **{column: last}), put(table, **{column: last.swapcase()}), 1, put(table, **{column: None}), on_empty
    )


def known(table: str, column: str, last: str) -> Case:
    """The last key that is delivered, and one that is not."""
    return Case(put(table, **{column: last}), put(table, **{column: "fremd"}), 1, clear(table), NO_ROWS)


def first_of_month(table: str) -> Case:
    """The first day of a month, and the second."""
    return Case(put(table, monat=tag("2026-08-01")), put(table, monat=tag("2026-08-02")), 1, clear(table), NO_ROWS)


def not_empty(table: str) -> Case:
    """One row is enough."""
    return Case(only_first(table), clear(table), 1, clear(table), 1)


def up_to_datenstand(table: str, column: str, on_empty: Literal["held", "no rows"] = HELD) -> Case:
    """The Datenstand itself, and the day after."""
    empty = put(table, **{column: None}) if on_empty == HELD else clear(table)
    return Case(
        put(table, **{column: tag("2026-08-20")}), put(table, **{column: tag("2026-08-21")}), 1, empty, on_empty
    )


def withdrawn_share(table: str, column: str) -> Case:
    """Of 2,000 records of the delivery before, 100 are five percent, 101 are more."""

    def left(n: int) -> Change:
        return all_of(only_first(table), copies(table, n - 1, column))

    return Case(left(1900), left(1899), 1, nothing, NO_ROWS, before=left(2000))


def withdrawn_all(table: str, column: str) -> Case:
    """Of a handful every record may be gone: 99 of 99 are too few to speak of a share, 100 of 100 are not."""

    def before(n: int) -> Change:
        return all_of(only_first(table), put(table, **{column: "weg"}), copies(table, n - 1, column))

    return Case(nothing, nothing, 1, nothing, NO_ROWS, before=before(99), before_forbidden=before(100))


BG, PER, MIT, LEI = "bedarfsgemeinschaft", "person", "bg_mitglied", "leistung"
EIN, UNT, ERW, MAS = "einkommen", "unterkunft", "erwerbstaetigkeit", "massnahme"
MIN, AMS, VER, STI = "leistungsminderung", "arbeitsmarktstatus", "verfahren", "stichtag"
MAI, JUNI, JULI = MONATE
RUHIG = [100] * 13
"""Thirteen months without a change: twelve changes to compare with."""
UNRUHIG = [100, 110] * 6 + [100]
"""Twelve changes of +10 and −9.09 percent: median 0.45, MAD 9.55, eight times that is 76.36."""
GEWACHSEN = [f"{1000 * 1.015**month:.2f}" for month in range(-60, 0)] + ["1000.00"] * 37
"""Five years of +1.5 percent, then 36 changes of nothing: of all together the median would still be 1.5."""

CASES: dict[str, Case] = {
    # --- bedarfsgemeinschaft
    "BG-001": not_empty(BG),
    "BG-002": key_once(BG, gueltig_von=tag("2025-01-02")),
    "BG-003": required(BG),
    "BG-004": Case(
        put(BG, gemeinde_ags="99999999"), put(BG, gemeinde_ags="9999999"), 1, put(BG, gemeinde_ags=None), HELD
    ),
    "BG-005": Case(put(BG, gueltig_bis=tag("2025-01-01")), put(BG, gueltig_bis=tag("2024-12-31")), 1, nothing, NO_ROWS),
    "BG-006": Case(
        all_of(again(BG, gueltig_von=tag("2026-01-01")), put(BG, gueltig_bis=tag("2025-12-31"))),
        all_of(again(BG, gueltig_von=tag("2026-01-01")), put(BG, gueltig_bis=tag("2026-01-01"))),
        1,
        again(BG, gueltig_von=tag("2026-01-01")),  # open: overlaps every later one
        1,
    ),
    "BG-007": up_to_datenstand(BG, "gueltig_von"),
    "BG-008": Case(
        put(BG, geschaeftsstelle="."), put(BG, geschaeftsstelle=" "), 1, put(BG, geschaeftsstelle=None), HELD
    ),
    "BG-008 Zuständigkeit": Case(put(BG, zustaendigkeit="."), put(BG, zustaendigkeit=""), 1, clear(BG), NO_ROWS),
    "BG-008 Aktenzeichen": Case(put(BG, aktenzeichen="."), put(BG, aktenzeichen=""), 1, clear(BG), NO_ROWS),
    "BG-009": Case(
        again(BG, gueltig_von=tag("2026-01-01"), gemeinde_ags="08317999"),
        again(BG, gueltig_von=tag("2026-01-01"), gemeinde_ags="08316999"),
        1,
        again(BG, gueltig_von=tag("2026-01-01"), gemeinde_ags=None),
        HELD,
    ),
    "BG-010": Case(nothing, put(BG, gemeinde_ags="08317001"), 1, nothing, NO_ROWS, before=nothing),
    "BG-011": Case(nothing, again(BG, bg_nummer="bg9"), 1, clear(BG), NO_ROWS),
    "BG-012": Case(
        again(BG, gueltig_von=tag("2026-01-01")), put(BG, 1, aktenzeichen="az1"), 1, put(BG, aktenzeichen=None), HELD
    ),
    # --- person
    "PER-001": not_empty(PER),
    "PER-002": key_once(PER, kundennummer="p9"),
    "PER-003": required(PER),
    "PER-004": code(PER, "geschlecht", HELD),
    "PER-005": code(PER, "familienstand", HELD),
    "PER-006": Case(
        put(PER, staatsangehoerigkeit="999"),
        put(PER, staatsangehoerigkeit="99"),
        1,
        put(PER, staatsangehoerigkeit=None),
        HELD,
    ),
    "PER-007": up_to_datenstand(PER, "geburtsdatum"),
    "PER-008": Case(
        put(PER, geburtsdatum=tag("1915-08-21")),
        put(PER, geburtsdatum=tag("1915-08-20")),
        1,
        put(PER, geburtsdatum=None),
        HELD,
    ),
    "PER-009": Case(
        all_of(again(PER, kundennummer="p9"), again(MIT, kundennummer="p9")),
        again(PER, kundennummer="p9"),
        1,
        clear(PER),
        NO_ROWS,
    ),
    "PER-010": Case(
        put(PER, 1, familienstand="VH", geburtsdatum=tag("2010-08-20")),
        put(PER, 1, familienstand="VH", geburtsdatum=tag("2010-08-21")),
        1,
        put(PER, 1, familienstand=None),
        HELD,
    ),
    "PER-011": Case(  # of others than the able-bodied Hauptperson and partner nothing is asked
        all_of(put(PER, schulabschluss="ohne"), put(PER, 1, schulabschluss=None), put(PER, 3, schulabschluss=None)),
        put(PER, schulabschluss=None),
        1,
        clear(MIT),
        NO_ROWS,
    ),
    # p1, p3 and eighteen more: three of twenty are fifteen percent
    "PER-012": Case(people(18, 3, schulabschluss=None), people(18, 4, schulabschluss=None), 1, clear(MIT), NO_ROWS),
    "PER-013": Case(people(18, 3, berufsabschluss=None), people(18, 4, berufsabschluss=None), 1, clear(MIT), NO_ROWS),
    # one of a hundred is one percent
    "PER-014": Case(people(96, 1, geschlecht="x"), people(96, 2, geschlecht="x"), 1, clear(MIT), NO_ROWS),
    "PER-015": Case(
        put(PER, familienstand="GESCH"), put(PER, geburtsdatum=tag("1990-02-04")), 1, nothing, NO_ROWS, before=nothing
    ),
    # --- bg_mitglied
    "MIT-001": not_empty(MIT),
    "MIT-002": key_once(MIT, von=tag("2025-01-02")),
    "MIT-003": required(MIT),
    "MIT-004": code(MIT, "rolle", HELD),
    "MIT-005": code(MIT, "ausschlussgrund", HELD),
    "MIT-006": known(MIT, "kundennummer", "p4"),
    "MIT-007": known(MIT, "bg_nummer", "bg2"),
    "MIT-008": Case(put(MIT, bis=tag("2025-01-01")), put(MIT, bis=tag("2024-12-31")), 1, nothing, NO_ROWS),
    "MIT-009": Case(
        all_of(again(MIT, bg_nummer="bg2", von=tag("2026-01-01")), put(MIT, bis=tag("2025-12-31"))),
        all_of(again(MIT, bg_nummer="bg2", von=tag("2026-01-01")), put(MIT, bis=tag("2026-01-01"))),
        1,
        again(MIT, bg_nummer="bg2", von=tag("2026-01-01")),
        1,
    ),
    "MIT-010": Case(nothing, put(MIT, 3, rolle="HP"), 3, clear(MIT), NO_ROWS),
    "MIT-011": Case(nothing, put(MIT, 2, rolle="SO"), 3, clear(MIT), NO_ROWS),
    "MIT-012": Case(put(MIT, 3, rolle="PA"), put(MIT, 2, rolle="PA"), 3, nothing, NO_ROWS),
    "MIT-013": Case(  # fifteen on 15 May, and one day later
        put(PER, geburtsdatum=tag("2011-05-15")),
        put(PER, geburtsdatum=tag("2011-05-16")),
        1,
        put(MIT, erwerbsfaehig=None),
        HELD,
    ),
    "MIT-013 zu alt": Case(  # 66 years and four months: the age limit counts from August, or already from 1 July
        all_of(again(STI, monat=JULI, stichtag=tag("2026-07-01")), put(PER, geburtsdatum=tag("1960-03-02"))),
        all_of(again(STI, monat=JULI, stichtag=tag("2026-07-01")), put(PER, geburtsdatum=tag("1960-03-01"))),
        1,
        clear(MIT),
        NO_ROWS,
    ),
    "MIT-013 nicht erwerbsfähig": Case(nothing, put(MIT, erwerbsfaehig=False), 3, clear(MIT), NO_ROWS),
    "MIT-014": Case(
        put(PER, 1, geburtsdatum=tag("2001-07-16")),
        put(PER, 1, geburtsdatum=tag("2001-07-15")),
        1,
        put(MIT, 1, rolle="SO"),
        NO_ROWS,
    ),
    "MIT-015": Case(
        all_of(put(MIT, 3, rolle="EL"), put(PER, geburtsdatum=tag("2001-07-16"))),
        all_of(put(MIT, 3, rolle="EL"), put(PER, geburtsdatum=tag("2001-07-15"))),
        1,
        nothing,
        NO_ROWS,
    ),
    "MIT-016": Case(
        all_of(put(MIT, 1, erwerbsfaehig=True), put(PER, 1, geburtsdatum=tag("2011-05-15"))),
        all_of(put(MIT, 1, erwerbsfaehig=True), put(PER, 1, geburtsdatum=tag("2011-05-16"))),
        1,
        put(MIT, 1, erwerbsfaehig=None),
        HELD,
    ),
    "MIT-017": Case(
        put(PER, 1, geburtsdatum=tag("2025-01-01")),
        put(PER, 1, geburtsdatum=tag("2025-01-02")),
        1,
        put(PER, 1, geburtsdatum=None),
        HELD,
    ),
    "MIT-018": Case(
        put(PER, 1, geburtsdatum=tag("2002-02-03")),
        put(PER, 1, geburtsdatum=tag("2002-02-02")),
        1,
        put(MIT, 1, rolle="SO"),
        NO_ROWS,
    ),
    "MIT-019": Case(
        put(PER, 1, familienstand="GESCH"), put(PER, 1, familienstand="VH"), 3, put(PER, 1, familienstand=None), HELD
    ),
    "MIT-020": Case(
        put(MIT, 3, rolle="PA"),
        all_of(put(MIT, 3, rolle="PA"), again(PER, kundennummer="p9"), again(MIT, 3, kundennummer="p9")),
        3,
        nothing,
        NO_ROWS,
    ),
    "MIT-021": Case(
        all_of(put(MIT, 3, rolle="EL"), put(MIT, 1, rolle="EL")),
        all_of(put(MIT, 3, rolle="EL"), put(MIT, 1, rolle="EL"), put(MIT, 0, rolle="EL")),
        3,
        nothing,
        NO_ROWS,
    ),
    "MIT-022": up_to_datenstand(MIT, "von"),
    "MIT-023": Case(  # the membership ended before the first month of this delivery, or on its first day
        drop(MIT, kundennummer="p4"),
        drop(MIT, kundennummer="p4"),
        1,
        nothing,
        NO_ROWS,
        before=put(MIT, 3, bis=tag("2026-04-30")),
        before_forbidden=put(MIT, 3, bis=tag("2026-05-01")),
    ),
    "MIT-024": withdrawn_share(MIT, "kundennummer"),
    "MIT-024 wenige": withdrawn_all(MIT, "kundennummer"),
    "MIT-025": Case(  # May was final: its counting day is the 15th
        put(MIT, 3, bis=tag("2026-05-15")), put(MIT, 3, bis=tag("2026-05-14")), 1, nothing, NO_ROWS, before=nothing
    ),
    "MIT-025 verlängert": Case(
        nothing,
        nothing,
        1,
        nothing,
        NO_ROWS,
        before=put(MIT, 3, bis=tag("2026-05-15")),
        before_forbidden=put(MIT, 3, bis=tag("2026-05-14")),
    ),
    "MIT-025 Ausschluss": Case(nothing, put(MIT, 3, ausschlussgrund=None), 1, nothing, NO_ROWS, before=nothing),
    "MIT-025 Erwerbsfähigkeit": Case(nothing, put(MIT, 3, erwerbsfaehig=False), 1, nothing, NO_ROWS, before=nothing),
    # --- leistung
    "LEI-001": not_empty(LEI),
    "LEI-002": key_once(LEI, leistungsart="MB21"),
    "LEI-003": required(LEI),
    "LEI-004": first_of_month(LEI),
    "LEI-005": code(LEI, "leistungsart", HELD),
    "LEI-006": known(LEI, "kundennummer", "p4"),
    "LEI-007": known(LEI, "bg_nummer", "bg2"),
    "LEI-008": Case(
        put(LEI, zahlung=euro("563.00")), put(LEI, zahlung=euro("563.01")), 1, put(LEI, zahlung=None), HELD
    ),
    "LEI-009": Case(
        put(LEI, anspruch=euro("0.00")), put(LEI, anspruch=euro("-0.01")), 1, put(LEI, anspruch=None), HELD
    ),
    "LEI-009 Bedarf": Case(put(LEI, bedarf=euro("0.00")), put(LEI, bedarf=euro("-0.01")), 1, clear(LEI), NO_ROWS),
    "LEI-010": Case(
        put(LEI, anspruch=euro("563.00")), put(LEI, anspruch=euro("563.01")), 1, put(LEI, anspruch=None), HELD
    ),
    "LEI-011": Case(
        put(LEI, minderung=euro("563.00")), put(LEI, minderung=euro("563.01")), 1, put(LEI, minderung=None), HELD
    ),
    "LEI-011 negativ": Case(
        put(LEI, minderung=euro("0.00")), put(LEI, minderung=euro("-0.01")), 1, clear(LEI), NO_ROWS
    ),
    "LEI-012": Case(
        put(LEI, 1, minderung=euro("0.00")),
        put(LEI, 1, minderung=euro("0.01")),
        1,
        drop(LEI, leistungsart="KDU22_1"),
        NO_ROWS,
    ),
    "LEI-013": Case(again(LEI, monat=tag("2026-08-01")), again(LEI, monat=tag("2026-09-01")), 1, clear(LEI), NO_ROWS),
    "LEI-014": Case(nothing, drop(LEI, monat=JUNI), 1, clear(LEI), NO_ROWS),
    "LEI-015": Case(put(MIT, bis=tag("2026-07-01")), put(MIT, bis=tag("2026-06-30")), 1, clear(LEI), NO_ROWS),
    "LEI-015 Beginn": Case(put(MIT, von=tag("2026-05-31")), put(MIT, von=tag("2026-06-01")), 1, clear(LEI), NO_ROWS),
    "LEI-016": Case(
        again(LEI, bg_nummer="bg2", anspruch=euro("0.00")),
        again(LEI, bg_nummer="bg2", anspruch=euro("0.01")),
        1,
        clear(LEI),
        NO_ROWS,
    ),
    "LEI-017": Case(  # months before the first one of this delivery are not withdrawn, they are out of reach
        nothing,
        drop(LEI, kundennummer="p1", monat=MAI, leistungsart="RB20"),
        1,
        nothing,
        NO_ROWS,
        before=again(LEI, monat=tag("2026-04-01")),
    ),
    "LEI-018": withdrawn_share(LEI, "kundennummer"),
    "LEI-018 wenige": withdrawn_all(LEI, "kundennummer"),
    "LEI-019": Case(  # June was not final yet
        put(LEI, 6, anspruch=euro("562.99")), put(LEI, 0, anspruch=euro("562.99")), 1, nothing, NO_ROWS, before=nothing
    ),
    "LEI-019 Zahlung": Case(
        put(LEI, 6, zahlung=euro("1.00")), put(LEI, 0, zahlung=euro("1.00")), 1, nothing, NO_ROWS, before=nothing
    ),
    "LEI-020": Case(
        again(LEI, 6, leistungsart="MB21"), again(LEI, 0, leistungsart="MB21"), 1, nothing, NO_ROWS, before=nothing
    ),
    "LEI-021": Case(  # the child p2, able to work and fifteen on 15 May, or one day later
        all_of(
            every(LEI, {"leistungsart": "SOZ23"}, leistungsart="RB20"),
            put(MIT, 1, erwerbsfaehig=True),
            put(PER, 1, geburtsdatum=tag("2011-05-15")),
        ),
        all_of(
            every(LEI, {"leistungsart": "SOZ23"}, leistungsart="RB20"),
            put(MIT, 1, erwerbsfaehig=True),
            put(PER, 1, geburtsdatum=tag("2011-05-16")),
        ),
        1,
        all_of(drop(LEI, leistungsart="RB20"), drop(LEI, leistungsart="SOZ23")),
        NO_ROWS,
    ),
    "LEI-022": Case(
        all_of(again(LEI, 2, leistungsart="BUT28"), put(PER, 1, geburtsdatum=tag("2001-05-02"))),
        all_of(again(LEI, 2, leistungsart="BUT28"), put(PER, 1, geburtsdatum=tag("2001-05-01"))),
        1,
        nothing,
        NO_ROWS,
    ),
    "LEI-023": Case(  # 1.00 EUR is left of 1,013 EUR in July 2026
        all_of(put(LEI, 16, minderung=euro("563.00")), put(LEI, 17, minderung=euro("449.00"))),
        all_of(put(LEI, 16, minderung=euro("563.00")), put(LEI, 17, minderung=euro("449.01"))),
        1,
        put(LEI, 16, minderung=euro("0.00")),
        NO_ROWS,
    ),
    "LEI-023 kleiner Anspruch": Case(  # nobody can be left more than there was
        all_of(
            put(LEI, 12, minderung=euro("1.00")),
            put(LEI, 16, anspruch=euro("0.99"), minderung=euro("0.01")),
            put(LEI, 17, anspruch=euro("0.00")),
        ),
        all_of(
            put(LEI, 12, minderung=euro("1.00")),
            put(LEI, 16, anspruch=euro("1.00"), minderung=euro("0.01")),
            put(LEI, 17, anspruch=euro("0.00")),
        ),
        1,
        drop(LEI, monat=JULI),
        NO_ROWS,
    ),
    "LEI-024": Case(
        put(LEI, bedarf=euro("10000.00")), put(LEI, bedarf=euro("10000.01")), 1, put(LEI, bedarf=None), HELD
    ),
    "LEI-025": Case(  # 30 percent of 563 EUR and a cent of rounding in May 2026
        put(LEI, 4, minderung=euro("168.91")),
        put(LEI, 4, minderung=euro("168.92")),
        1,
        put(LEI, 16, minderung=euro("0.00")),
        NO_ROWS,
    ),
    # --- einkommen
    "EIN-001": key_once(EIN, einkommensart="Kindergeld"),
    "EIN-002": required(EIN),
    "EIN-003": first_of_month(EIN),
    "EIN-004": known(EIN, "kundennummer", "p4"),
    "EIN-005": Case(
        put(EIN, betrag_verfuegbar=euro("0.00")),
        put(EIN, betrag_verfuegbar=euro("-0.01")),
        1,
        put(EIN, betrag_verfuegbar=None),
        HELD,
    ),
    "EIN-006": Case(
        put(EIN, betrag_angerechnet=euro("30.00")),
        put(EIN, betrag_angerechnet=euro("30.01")),
        1,
        put(EIN, betrag_angerechnet=None),
        HELD,
    ),
    "EIN-007": Case(put(MIT, 1, bis=tag("2026-05-01")), put(MIT, 1, bis=tag("2026-04-30")), 1, clear(EIN), NO_ROWS),
    "EIN-007 Beginn": Case(
        put(MIT, 1, von=tag("2026-05-31")), put(MIT, 1, von=tag("2026-06-01")), 1, clear(EIN), NO_ROWS
    ),
    "EIN-008": Case(
        put(EIN, betrag_verfuegbar=euro("10000.00")),
        put(EIN, betrag_verfuegbar=euro("10000.01")),
        1,
        put(EIN, betrag_verfuegbar=None),
        HELD,
    ),
    # --- unterkunft
    "UNT-001": key_once(UNT, bg_nummer="bg9"),
    "UNT-002": required(UNT),
    "UNT-003": first_of_month(UNT),
    "UNT-004": known(UNT, "bg_nummer", "bg2"),
    "UNT-005": Case(
        put(UNT, heizkosten_anerkannt=euro("80.00")),
        put(UNT, heizkosten_anerkannt=euro("80.01")),
        1,
        put(UNT, heizkosten_anerkannt=None),
        HELD,
    ),
    "UNT-006": Case(
        put(UNT, kosten_anerkannt=euro("0.00")),
        put(UNT, kosten_anerkannt=euro("-0.01")),
        1,
        put(UNT, kosten_anerkannt=None),
        HELD,
    ),
    "UNT-007": Case(
        put(UNT, personen_haushalt=1), put(UNT, personen_haushalt=0), 1, put(UNT, personen_haushalt=None), HELD
    ),
    "UNT-008": Case(
        put(UNT, personen_haushalt=3), put(UNT, personen_haushalt=2), 1, put(UNT, personen_haushalt=None), HELD
    ),
    "UNT-009": Case(
        put(UNT, wohnflaeche_qm=Decimal("500.000000")),
        put(UNT, wohnflaeche_qm=Decimal("500.000001")),
        1,
        put(UNT, wohnflaeche_qm=None),
        HELD,
    ),
    "UNT-009 zu klein": Case(
        put(UNT, wohnflaeche_qm=Decimal("5.000000")),
        put(UNT, wohnflaeche_qm=Decimal("4.999999")),
        1,
        every(UNT, {}, wohnflaeche_qm=None),
        NO_ROWS,
    ),
    "UNT-010": Case(  # June was not final yet
        put(UNT, 2, kosten_anerkannt=euro("699.99")),
        put(UNT, 0, kosten_anerkannt=euro("699.99")),
        1,
        nothing,
        NO_ROWS,
        before=nothing,
    ),
    "UNT-010 Heizung": Case(
        put(UNT, 2, heizkosten_anerkannt=euro("69.99")),
        put(UNT, 0, heizkosten_anerkannt=euro("69.99")),
        1,
        nothing,
        NO_ROWS,
        before=nothing,
    ),
    # eighteen more dwellings in May: two of twenty are ten percent
    "UNT-011": Case(
        all_of(copies(UNT, 16, "bg_nummer"), *[again(UNT, bg_nummer=f"x{i}", wohnflaeche_qm=None) for i in range(2)]),
        all_of(copies(UNT, 15, "bg_nummer"), *[again(UNT, bg_nummer=f"x{i}", wohnflaeche_qm=None) for i in range(3)]),
        1,
        clear(UNT),
        NO_ROWS,
    ),
    "UNT-012": Case(  # where nobody lives there is no area per person
        all_of(put(UNT, personen_haushalt=15), put(UNT, 1, personen_haushalt=0)),
        put(UNT, personen_haushalt=16),
        1,
        put(UNT, wohnflaeche_qm=None),
        HELD,
    ),
    "UNT-012 zu groß": Case(
        put(UNT, wohnflaeche_qm=Decimal("450.000000")),
        put(UNT, wohnflaeche_qm=Decimal("450.000001")),
        1,
        every(UNT, {}, personen_haushalt=None),
        NO_ROWS,
    ),
    "UNT-013": Case(
        all_of(put(UNT, kosten_tatsaechlich=euro("2400.00")), put(UNT, 1, wohnflaeche_qm=Decimal(0))),
        put(UNT, kosten_tatsaechlich=euro("2400.01")),
        1,
        put(UNT, wohnflaeche_qm=None),
        HELD,
    ),
    "UNT-014": Case(put(MIT, 2, von=tag("2026-05-31")), put(MIT, 2, von=tag("2026-06-01")), 1, clear(UNT), NO_ROWS),
    "UNT-014 Ende": Case(
        put(MIT, 2, bis=tag("2026-07-01")), put(MIT, 2, bis=tag("2026-06-30")), 1, clear(UNT), NO_ROWS
    ),
    "UNT-015": Case(  # 600 EUR of need in two rows, 70 EUR for heating
        put(UNT, kosten_anerkannt=euro("529.98")),
        put(UNT, kosten_anerkannt=euro("529.97")),
        1,
        drop(LEI, leistungsart="KDU22_1"),
        NO_ROWS,
    ),
    # --- erwerbstaetigkeit
    "ERW-001": key_once(ERW, erwerb_id="e2"),
    "ERW-002": required(ERW),
    "ERW-003": code(ERW, "art", NO_ROWS),
    "ERW-004": code(ERW, "foerderung", NO_ROWS),
    "ERW-005": known(ERW, "kundennummer", "p4"),
    "ERW-006": Case(
        put(ERW, ende=tag("2026-01-01")), put(ERW, ende=tag("2025-12-31")), 1, put(ERW, ende=None), NO_ROWS
    ),
    "ERW-007": up_to_datenstand(ERW, "erfasst_am"),
    "ERW-008": Case(
        put(PER, geburtsdatum=tag("2013-01-01")),
        put(PER, geburtsdatum=tag("2013-01-02")),
        1,
        put(PER, geburtsdatum=None),
        HELD,
    ),
    "ERW-009": Case(
        again(ERW, erwerb_id="e2", beginn=tag("2026-01-02")), again(ERW, erwerb_id="e2"), 2, clear(ERW), NO_ROWS
    ),
    "ERW-010": Case(  # e1 ended before the first month of this delivery, or on its first day
        put(ERW, erwerb_id="e2"),
        put(ERW, erwerb_id="e2"),
        1,
        nothing,
        NO_ROWS,
        before=all_of(again(ERW, erwerb_id="e2"), put(ERW, ende=tag("2026-04-30"))),
        before_forbidden=all_of(again(ERW, erwerb_id="e2"), put(ERW, ende=tag("2026-05-01"))),
    ),
    "ERW-011": withdrawn_share(ERW, "erwerb_id"),
    "ERW-011 wenige": withdrawn_all(ERW, "erwerb_id"),
    "ERW-012": Case(
        put(ERW, foerderung="P16i", beginn=tag("2019-01-01")),
        put(ERW, foerderung="P16i", beginn=tag("2018-12-31")),
        1,
        put(ERW, foerderung=None),
        NO_ROWS,
    ),
    "ERW-013": Case(
        put(ERW, erfasst_am=tag("2025-12-02")),
        put(ERW, erfasst_am=tag("2025-12-01")),
        1,
        put(ERW, erfasst_am=None),
        HELD,
    ),
    "ERW-014": up_to_datenstand(ERW, "beginn"),
    # --- massnahme
    "MAS-001": key_once(MAS, teilnahme_id="t2"),
    "MAS-002": required(MAS),
    "MAS-003": code(MAS, "instrument", NO_ROWS),
    "MAS-004": known(MAS, "kundennummer", "p4"),
    "MAS-005": Case(
        put(MAS, austritt=tag("2026-06-01")), put(MAS, austritt=tag("2026-05-31")), 1, put(MAS, austritt=None), NO_ROWS
    ),
    "MAS-006": up_to_datenstand(MAS, "erfasst_am"),
    "MAS-007": Case(put(MAS, kosten=euro("0.00")), put(MAS, kosten=euro("-0.01")), 1, put(MAS, kosten=None), NO_ROWS),
    "MAS-008": Case(
        put(MAS, instrument="P16i", eintritt=tag("2019-01-01")),
        put(MAS, instrument="P16i", eintritt=tag("2018-12-31")),
        1,
        nothing,
        NO_ROWS,
    ),
    "MAS-009": Case(
        put(MAS, instrument="P16k", eintritt=tag("2023-07-01")),
        put(MAS, instrument="P16k", eintritt=tag("2023-06-30")),
        1,
        nothing,
        NO_ROWS,
    ),
    "MAS-010": Case(
        again(MAS, teilnahme_id="t2", eintritt=tag("2026-07-16"), austritt=tag("2026-08-01")),
        again(MAS, teilnahme_id="t2", eintritt=tag("2026-07-15"), austritt=tag("2026-08-01")),
        1,
        all_of(again(MAS, teilnahme_id="t2", eintritt=tag("2026-07-16"), austritt=None), put(MAS, austritt=None)),
        1,
    ),
    "MAS-011": Case(  # t1 ended before the first month of this delivery, or on its first day
        put(MAS, teilnahme_id="t2"),
        put(MAS, teilnahme_id="t2"),
        1,
        nothing,
        NO_ROWS,
        before=all_of(again(MAS, teilnahme_id="t2"), put(MAS, austritt=tag("2026-04-30"))),
        before_forbidden=all_of(again(MAS, teilnahme_id="t2"), put(MAS, austritt=tag("2026-05-01"))),
    ),
    "MAS-012": withdrawn_share(MAS, "teilnahme_id"),
    "MAS-012 wenige": withdrawn_all(MAS, "teilnahme_id"),
    "MAS-013": Case(
        put(MIT, 2, von=tag("2026-06-01")), put(MIT, 2, von=tag("2026-06-02")), 1, put(MAS, instrument="P16g"), NO_ROWS
    ),
    "MAS-014": Case(
        put(PER, 2, geburtsdatum=tag("2011-06-01")),
        put(PER, 2, geburtsdatum=tag("2011-06-02")),
        1,
        put(PER, 2, geburtsdatum=None),
        HELD,
    ),
    "MAS-015": Case(
        put(MAS, eintritt=tag("2021-08-21"), austritt=None),
        put(MAS, eintritt=tag("2021-08-20"), austritt=None),
        1,
        clear(MAS),
        NO_ROWS,
    ),
    "MAS-016": Case(
        put(MAS, erfasst_am=tag("2026-05-02")),
        put(MAS, erfasst_am=tag("2026-05-01")),
        1,
        put(MAS, erfasst_am=None),
        HELD,
    ),
    "MAS-017": Case(
        all_of(again(MAS, teilnahme_id="t2"), put(MAS, instrument="P16_44", austritt=tag("2026-06-01"))),
        all_of(again(MAS, teilnahme_id="t2"), put(MAS, instrument="P16_44", austritt=tag("2026-06-02"))),
        1,
        put(MAS, instrument="P16_44", austritt=None),
        HELD,
    ),
    "MAS-018": Case(  # one of five is twenty percent
        all_of(copies(MAS, 4, "teilnahme_id"), put(MAS, kosten=None)),
        all_of(copies(MAS, 3, "teilnahme_id"), put(MAS, kosten=None)),
        1,
        clear(MAS),
        NO_ROWS,
    ),
    # --- leistungsminderung
    "MIN-001": key_once(MIN, minderung_id="m2"),
    "MIN-002": required(MIN),
    "MIN-003": code(MIN, "grund", NO_ROWS),
    "MIN-004": known(MIN, "kundennummer", "p4"),
    "MIN-005": known(MIN, "bg_nummer", "bg2"),
    "MIN-006": Case(
        put(MIN, ende=tag("2026-07-01")), put(MIN, ende=tag("2026-06-30")), 1, put(MIN, ende=None), NO_ROWS
    ),
    "MIN-007": Case(put(MIN, betrag=euro("0.00")), put(MIN, betrag=euro("-0.01")), 1, put(MIN, betrag=None), HELD),
    "MIN-008": Case(
        put(MIN, beginn=tag("2026-07-01")), put(MIN, beginn=tag("2026-07-02")), 1, put(MIN, beginn=None), HELD
    ),
    "MIN-009": Case(  # the last day of the old law
        put(MIN, beginn=tag("2022-12-31"), ende=tag("2023-03-30")),
        put(MIN, beginn=tag("2022-12-31"), ende=tag("2023-03-31")),
        1,
        nothing,
        NO_ROWS,
    ),
    "MIN-010": Case(  # the first day of the new law
        put(MIN, grund="PFLICHT", beginn=tag("2023-01-01"), ende=tag("2023-03-31")),
        put(MIN, grund="PFLICHT", beginn=tag("2023-01-01"), ende=tag("2023-04-01")),
        1,
        nothing,
        NO_ROWS,
    ),
    "MIN-011": Case(
        put(MIN, beginn=tag("2023-01-01"), ende=tag("2023-01-31")),
        put(MIN, beginn=tag("2023-01-01"), ende=tag("2023-02-01")),
        1,
        put(MIN, grund="PFLICHT"),
        NO_ROWS,
    ),
    "MIN-012": Case(
        put(MIN, grund="ARBEIT", ende=tag("2026-08-31")),
        put(MIN, grund="ARBEIT", ende=tag("2026-09-01")),
        1,
        nothing,
        NO_ROWS,
    ),
    "MIN-013": Case(  # 30 percent of 563 EUR and a cent of rounding
        put(MIN, betrag=euro("168.91")), put(MIN, betrag=euro("168.92")), 1, put(MIN, betrag=None), HELD
    ),
    "MIN-014": Case(
        put(MIN, grund="PFLICHT", beginn=tag("2023-01-01")),
        put(MIN, grund="PFLICHT", beginn=tag("2022-12-31")),
        1,
        nothing,
        NO_ROWS,
    ),
    "MIN-015": Case(put(MIT, 2, bis=tag("2026-07-01")), put(MIT, 2, bis=tag("2026-06-30")), 1, clear(MIN), NO_ROWS),
    "MIN-015 Beginn": Case(
        put(MIT, 2, von=tag("2026-07-31")), put(MIT, 2, von=tag("2026-08-01")), 1, clear(MIN), NO_ROWS
    ),
    "MIN-016": Case(
        put(PER, 2, geburtsdatum=tag("2011-07-01")),
        put(PER, 2, geburtsdatum=tag("2011-07-02")),
        1,
        put(PER, 2, geburtsdatum=None),
        HELD,
    ),
    "MIN-017": Case(
        again(MIN, minderung_id="m2", grund="PFLICHT"), again(MIN, minderung_id="m2"), 2, clear(MIN), NO_ROWS
    ),
    "MIN-018": Case(  # a reduction of nothing shows in no money
        all_of(put(LEI, 16, minderung=euro("0.01")), again(MIN, minderung_id="m2", betrag=euro("0.00"), beginn=JUNI)),
        put(LEI, 16, minderung=euro("0.00")),
        1,
        put(MIN, betrag=euro("0.00")),
        NO_ROWS,
    ),
    # --- arbeitsmarktstatus
    "AMS-001": key_once(AMS, von=tag("2025-01-02")),
    "AMS-002": required(AMS),
    "AMS-003": code(AMS, "status", HELD),
    "AMS-004": known(AMS, "kundennummer", "p4"),
    "AMS-005": Case(put(AMS, bis=tag("2025-01-01")), put(AMS, bis=tag("2024-12-31")), 1, put(AMS, bis=None), NO_ROWS),
    "AMS-006": Case(put(AMS, bis=tag("2026-05-31")), put(AMS, bis=tag("2026-06-01")), 1, put(AMS, bis=None), 1),
    "AMS-007": Case(
        put(PER, 2, geburtsdatum=tag("2010-01-01")),
        put(PER, 2, geburtsdatum=tag("2010-01-02")),
        1,
        put(PER, 2, geburtsdatum=None),
        HELD,
    ),
    "AMS-008": Case(  # the age limit counts from 1 June
        all_of(put(PER, 2, geburtsdatum=tag("1960-01-02")), put(AMS, bis=tag("2026-05-31"))),
        all_of(put(PER, 2, geburtsdatum=tag("1960-01-02")), put(AMS, bis=tag("2026-06-01"))),
        1,
        put(AMS, status="NAS"),
        NO_ROWS,
    ),
    "AMS-008 läuft": Case(  # an open one lasts up to the Datenstand
        all_of(put(PER, 2, geburtsdatum=tag("1960-04-02")), put(AMS, bis=None)),
        all_of(put(PER, 2, geburtsdatum=tag("1960-04-01")), put(AMS, bis=None)),
        1,
        put(AMS, status="NAS"),
        NO_ROWS,
    ),
    "AMS-009": Case(nothing, put(MIT, 2, erwerbsfaehig=False), 1, put(AMS, status="NAS"), NO_ROWS),
    "AMS-010": up_to_datenstand(AMS, "von"),
    # --- verfahren
    "VER-001": key_once(VER, verfahren_id="v2"),
    "VER-002": required(VER),
    "VER-003": code(VER, "art", NO_ROWS),
    "VER-004": Case(
        put(VER, erledigung=tag("2026-05-04")),
        put(VER, erledigung=tag("2026-05-03")),
        1,
        put(VER, erledigung=None),
        NO_ROWS,
    ),
    "VER-005": Case(nothing, put(VER, erledigungsart=None), 1, put(VER, erledigung=None, erledigungsart=None), HELD),
    "VER-006": up_to_datenstand(VER, "erledigung"),
    "VER-007": Case(
        put(VER, erledigung=None, eingang=tag("2016-08-20")),
        put(VER, erledigung=None, eingang=tag("2016-08-19")),
        1,
        nothing,
        NO_ROWS,
    ),
    # --- stichtag
    "STI-001": key_once(STI, monat=tag("2026-05-01")),
    "STI-002": required(STI),
    "STI-003": first_of_month(STI),
    "STI-004": Case(
        put(STI, stichtag=tag("2026-06-30")), put(STI, stichtag=tag("2026-07-01")), 1, put(STI, stichtag=None), HELD
    ),
    "STI-005": Case(nothing, put(STI, stichtag=tag("2026-06-13")), 1, nothing, NO_ROWS, before=nothing),
    # --- lieferung
    "LIE-001": Case(
        put(BG, gueltig_von=tag("2026-05-15")), put(BG, gueltig_von=tag("2026-05-16")), 1, clear(MIT), NO_ROWS
    ),
    "LIE-001 Ende": Case(
        put(BG, gueltig_bis=tag("2026-07-15")), put(BG, gueltig_bis=tag("2026-07-14")), 1, clear(MIT), NO_ROWS
    ),
    "LIE-002": Case(  # a child without money: seventeen on 15 July, or eighteen
        all_of(put(MIT, 3, ausschlussgrund=None, rolle="KI"), put(PER, 3, geburtsdatum=tag("2008-07-16"))),
        all_of(put(MIT, 3, ausschlussgrund=None, rolle="KI"), put(PER, 3, geburtsdatum=tag("2008-07-15"))),
        1,
        clear(MIT),
        NO_ROWS,
    ),
    "LIE-003": Case(
        all_of(put(LEI, 4, anspruch=euro("0.00")), put(LEI, 5, anspruch=euro("0.01"))),
        all_of(put(LEI, 4, anspruch=euro("0.00")), put(LEI, 5, anspruch=euro("0.00"))),
        1,
        clear(MIT),
        NO_ROWS,
    ),
    "LIE-004": Case(
        again(LEI, kundennummer="p4", anspruch=euro("0.00")),
        again(LEI, kundennummer="p4", anspruch=euro("0.01")),
        1,
        put(MIT, 3, ausschlussgrund=None),
        NO_ROWS,
    ),
    "LIE-005": Case(nothing, drop(UNT, bg_nummer="bg2", monat=MAI), 1, drop(LEI, leistungsart="KDU22_1"), NO_ROWS),
    "LIE-005 kein Bedarf": Case(
        all_of(drop(UNT, bg_nummer="bg2", monat=MAI), put(LEI, 5, bedarf=euro("0.00"))),
        all_of(drop(UNT, bg_nummer="bg2", monat=MAI), put(LEI, 5, bedarf=euro("0.01"))),
        1,
        drop(LEI, leistungsart="KDU22_1"),
        NO_ROWS,
    ),
    "LIE-006": Case(
        put(MIN, beginn=tag("2026-06-01"), ende=tag("2026-07-01")),
        put(MIN, beginn=tag("2026-06-01"), ende=tag("2026-06-30")),
        1,
        put(LEI, 16, minderung=euro("0.00")),
        NO_ROWS,
    ),
    "LIE-006 Beginn": Case(
        put(MIN, beginn=tag("2026-07-31"), ende=tag("2026-08-31")),
        put(MIN, beginn=tag("2026-08-01"), ende=tag("2026-08-31")),
        1,
        put(LEI, 16, minderung=euro("0.00")),
        NO_ROWS,
    ),
    "LIE-007": Case(
        put(AMS, bis=tag("2026-06-01")), put(AMS, bis=tag("2026-06-02")), 1, put(MAS, instrument="P16_44"), NO_ROWS
    ),
    "LIE-007 Beginn": Case(
        put(AMS, von=tag("2026-06-01"), bis=tag("2026-06-30")),
        put(AMS, von=tag("2026-05-31"), bis=tag("2026-06-30")),
        1,
        put(MAS, instrument="P16_44"),
        NO_ROWS,
    ),
    "LIE-008": Case(stock("bg_nummer", 100, 105), stock("bg_nummer", 100, 106), 1, clear(LEI), NO_ROWS),
    "LIE-009": Case(stock("kundennummer", 100, 107), stock("kundennummer", 100, 108), 1, clear(LEI), NO_ROWS),
    "LIE-010": Case(  # four rows in May: four cents of rounding
        put(EIN, betrag_angerechnet=euro("0.04")), put(EIN, betrag_angerechnet=euro("0.05")), 1, clear(LEI), NO_ROWS
    ),
    "LIE-011": Case(  # unemployed up to 31 May
        put(ERW, kundennummer="p3", art="SVP", beginn=tag("2026-05-24")),
        put(ERW, kundennummer="p3", art="SVP", beginn=tag("2026-05-23")),
        1,
        nothing,
        NO_ROWS,
    ),
    "LIE-011 Beginn": Case(
        put(ERW, kundennummer="p3", art="SVP", beginn=tag("2024-12-31")),
        put(ERW, kundennummer="p3", art="SVP", beginn=tag("2025-01-01")),
        1,
        nothing,
        NO_ROWS,
    ),
    "LIE-012": Case(
        stock("bg_nummer", *RUHIG, 102), stock("bg_nummer", *RUHIG, 103), 1, stock("bg_nummer", *RUHIG), NO_ROWS
    ),
    "LIE-013": Case(
        stock("kundennummer", *UNRUHIG, 176),
        stock("kundennummer", *UNRUHIG, 177),
        1,
        stock("kundennummer", *UNRUHIG),
        NO_ROWS,
    ),
    "LIE-014": Case(
        amounts(*["1000.00"] * 13, "1020.00"),
        amounts(*["1000.00"] * 13, "1020.01"),
        1,
        amounts(*["1000.00"] * 13),
        NO_ROWS,
    ),
    "LIE-014 nur 36 Monate": Case(
        amounts(*GEWACHSEN, "1020.00"), amounts(*GEWACHSEN, "1020.01"), 1, amounts(*["1000.00"] * 13), NO_ROWS
    ),
    "LIE-015": Case(nothing, put(MIT, erwerbsfaehig=None), 3, clear(MIT), NO_ROWS),
    "LIE-016": Case(nothing, drop(LEI, monat=JULI), 1, nothing, NO_ROWS, before=nothing),
}

EMPTY = {"PER-012", "PER-013", "PER-014", "MIT-024", "LEI-018", "ERW-011", "MAS-012", "MAS-018", "LIE-016"}
"""Rules about a whole table, office or instrument: their findings name no record."""
