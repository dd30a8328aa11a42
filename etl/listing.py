"""Figures as text: a table for the terminal, CSV and JSON for other programs."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from etl.figures import katalog
from etl.figures.merkmale import INSGESAMT

_WIDTH = 120
_NUMBER = len("999.999.999,99")  # a number is never cut; the name beside it may be


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
    Console(file=stream, width=_WIDTH, no_color=True).print(totals(cells))
    return stream.getvalue()


def totals(cells: pd.DataFrame) -> Table:
    """One row per figure, one column per month: totals only, numbers the German way."""
    rows = cells[cells["merkmal"] == INSGESAMT].to_dict("records")
    waiting = {str(row["berichtsmonat"]): int(row["wartezeit"]) for row in rows}
    values = {(row["groesse"], row["berichtsmonat"]): row["wert"] for row in rows}
    table = Table(title="Insgesamt", title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("Größe", no_wrap=True)
    table.add_column("", no_wrap=True, overflow="ellipsis")
    for month in sorted(waiting):
        table.add_column(f"{month}\nT-{min(waiting[month], 3)}", justify="right", no_wrap=True, min_width=_NUMBER)
    for figure in katalog.load().values():
        numbers = [_german(values.get((figure.code, month)), figure.einheit) for month in sorted(waiting)]
        table.add_row(figure.code, figure.name, *numbers)
    return table


def _exact(cells: pd.DataFrame) -> pd.DataFrame:
    """Values as text with their exact digits: amounts with two decimals, counts with none, nothing where missing."""
    formats = {code: ".2f" if figure.einheit == "EUR" else ".0f" for code, figure in katalog.load().items()}
    values = zip(cells["groesse"], cells["wert"], strict=True)
    return cells.assign(wert=["" if value is None else format(value, formats[code]) for code, value in values])


def _german(value: object, unit: str) -> str:
    if not isinstance(value, Decimal):
        return "."  # unknown or not available
    text = f"{value:,.2f}" if unit == "EUR" else f"{value:,.0f}"
    return text.translate(str.maketrans(",.", ".,"))
