"""Figures as text: a table for the terminal, CSV and JSON for other programs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

import pandas as pd
from rich import box
from rich.console import Console, Group
from rich.table import Table

from etl.figures import katalog, kennzahlen
from etl.figures.merkmale import INSGESAMT
from etl.zahlen import zahl

T = TypeVar("T")

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet takes for a formula."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?|-")

_WIDTH = 120
_WITH_NAMES = 110
# Widths in characters.
_WORDS = 24
_BETWEEN = 3
_CODES = 28
_NAME = 40
_LABELS = _CODES + _NAME + _BETWEEN


def as_csv(cells: pd.DataFrame) -> str:
    """Every cell as CSV: decimal point, counts without decimals, missing values empty."""
    return _exact(cells).to_csv(index=False, lineterminator="\n")


def as_json(cells: pd.DataFrame) -> str:
    """Every cell as a JSON array of objects; ``wert`` is a number with its exact digits, or null."""
    records = [{**row, "wert": json.loads(row["wert"] or "null")} for row in _exact(cells).to_dict("records")]
    return json.dumps(records, ensure_ascii=False, indent=1) + "\n"


def as_text(cells: pd.DataFrame) -> str:
    """The table of totals without a terminal."""
    stream = io.StringIO()
    Console(file=stream, width=_WIDTH, no_color=True).print(totals(cells, _WIDTH))
    return stream.getvalue()


def totals(cells: pd.DataFrame, width: int) -> Group:
    """One row per figure, one column per month: totals only, numbers the German way.

    A number is never cut: where ``width`` characters are few, the names beside the codes go, and months that find no
    place are set below.
    """
    rows = cells[cells["merkmal"] == INSGESAMT].to_dict("records")
    waiting = {str(row["berichtsmonat"]): int(row["wartezeit"]) for row in rows}
    values = {(str(row["groesse"]), str(row["berichtsmonat"])): row["wert"] for row in rows}
    names = width >= _WITH_NAMES
    widest = max(len(_german(value, katalog.load()[code].einheit)) for (code, _), value in values.items())
    beside = max(1, (width - (_LABELS if names else _CODES)) // (widest + _BETWEEN))
    return Group(
        *(
            _totals([(month, waiting[month]) for month in months], values, names=names)
            for months in _batched(sorted(waiting), beside)
        )
    )


def in_unit(value: Decimal | None, groesse: str) -> Decimal | None:
    """Return a stored value (always two decimals) with the decimals of its unit: amounts two, counts none."""
    if value is None or katalog.load()[groesse].einheit == "EUR":
        return value
    return value.quantize(Decimal(1))


def with_unit(value: Decimal, groesse: str) -> str:
    """Write a value of a figure in a sentence, the German way."""
    return _german(value, katalog.load()[groesse].einheit)


def rows_as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """The ``columns`` of rows as CSV, one header line; what is None is empty.

    A text of somebody that begins like a formula (a reason, a name) gets an apostrophe before it: a spreadsheet would
    run it. Numbers are left alone.
    """
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return stream.getvalue()


def _harmless(value: object) -> object:
    formula = isinstance(value, str) and value.startswith(FORMULA) and not _NUMBER.fullmatch(value)
    return f"'{value}" if formula else value


def rows_as_json(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Rows as a JSON array of objects; empty texts are null, decimals keep their digits as text."""
    records = [{name: None if row[name] in ("", None) else str(row[name]) for name in columns} for row in rows]
    return json.dumps(records, ensure_ascii=False, indent=1) + "\n"


def rows_as_table(columns: Sequence[str], rows: Iterable[Mapping[str, object]], most: int | None = None) -> Group:
    """Rows as a table for people: numbers the German way and to the right, at most ``most`` rows."""
    every = list(rows)
    shown = every if most is None else every[:most]
    table = Table(box=box.SIMPLE_HEAD)
    for name in columns:
        numeric = any(isinstance(row[name], Decimal | int) for row in every)
        widest = max((len(_cell(row[name])) for row in shown), default=0)
        # Numbers and short codes stay whole; a long text runs on in the next line instead of out of the screen.
        least = widest if numeric else min(widest, _WORDS)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold", min_width=least)
    for row in shown:
        table.add_row(*(_cell(row[name]) for name in columns))
    rest = len(every) - len(shown)
    return Group(table, *([f"… und {zahl(rest)} weitere Zeilen (mit --format csv alle)"] if rest else []))


def indicators(rows: Sequence[kennzahlen.Zeile]) -> Group:
    """One row per indicator and sex, one column per month: one decimal, the German way; states below the months."""
    months = sorted({row.berichtsmonat for row in rows})
    values = {(row.kennzahl, row.geschlecht, row.berichtsmonat): row for row in rows}
    parts = []
    for shown in _batched(months, 5):
        table = Table(box=box.SIMPLE_HEAD)
        for title in ("Kennzahl", "", "Geschlecht"):
            table.add_column(title, no_wrap=True, overflow="ellipsis", max_width=_NAME if not title else None)
        for month in shown:
            table.add_column(str(month), justify="right", no_wrap=True)
        for code, sex in dict.fromkeys((row.kennzahl, row.geschlecht) for row in rows):
            name = kennzahlen.load()[code].name if sex == INSGESAMT else ""
            cells = [_indicator(values[code, sex, month]) for month in shown]
            table.add_row(code if sex == INSGESAMT else "", name, sex, *cells)
        parts.append(table)
    plain = sorted({row.kennzahl for row in rows if kennzahlen.load()[row.kennzahl].art == "verhaeltnis"})
    units = f"Prozent ({', '.join(plain)}: Personen)." if plain else "Prozent."
    return Group(*parts, f"{units} „.“ = fehlt, „/“ = Nenner null; ohne Zusatz endgültig (T-3).")


def _indicator(row: kennzahlen.Zeile) -> str:
    if row.wert is None:
        return "/" if row.status == "nenner_null" else "."
    text = zahl(kennzahlen.rounded(row.wert, 1), 1)
    return text if row.datenstand == kennzahlen.ENDGUELTIG else f"{text} {row.datenstand}"


def _cell(value: object) -> str:
    if isinstance(value, Decimal):
        return zahl(value, 0 if value == value.to_integral_value() else 2)
    return "" if value is None else str(value)


def _totals(months: Sequence[tuple[str, int]], values: Mapping[tuple[str, str], object], *, names: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("Größe", no_wrap=True)
    if names:
        table.add_column("", no_wrap=True, overflow="ellipsis", max_width=_NAME)
    for month, waiting in months:
        table.add_column(f"{month}\nT-{min(waiting, 3)}", justify="right", no_wrap=True)
    for figure in katalog.load().values():
        numbers = [_german(values.get((figure.code, month)), figure.einheit) for month, _ in months]
        table.add_row(figure.code, *([figure.name] if names else []), *numbers)
    return table


def _batched(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Cut ``items`` into runs of at most ``size`` (``itertools.batched`` begins with Python 3.12)."""
    return (items[start : start + size] for start in range(0, len(items), size))


def _exact(cells: pd.DataFrame) -> pd.DataFrame:
    """Values as text with their exact digits: amounts with two decimals, counts with none, nothing where missing."""
    formats = {code: ".2f" if figure.einheit == "EUR" else ".0f" for code, figure in katalog.load().items()}
    values = zip(cells["groesse"], cells["wert"], strict=True)
    return cells.assign(wert=["" if value is None else format(value, formats[code]) for code, value in values])


def _german(value: object, unit: str) -> str:
    if not isinstance(value, Decimal):
        return "."  # unknown or not available
    return zahl(value, 2 if unit == "EUR" else 0)
