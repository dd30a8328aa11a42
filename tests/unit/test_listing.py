"""Figures at the terminal: whole numbers the German way, whatever the width."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pandas as pd
import pytest
from rich.console import Console

from etl import listing

MONTHS = [f"2026-{month:02d}" for month in range(1, 9)]


def cells() -> pd.DataFrame:
    rows = [
        (month, groesse, "INSGESAMT", "INSGESAMT", value, 0, "ok" if value is not None else "fehlt")
        for month in MONTHS
        for groesse, value in (("BG", Decimal("8682.00")), ("LLU", Decimal("123456789.10")), ("LZB", None))
    ]
    columns = ["berichtsmonat", "groesse", "merkmal", "auspraegung", "wert", "wartezeit", "status"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize("width", [50, 80, 120, 200])
def test_no_number_is_cut(width: int) -> None:
    stream = io.StringIO()
    Console(file=stream, width=width).print(listing.totals(cells(), width))
    shown = stream.getvalue()
    assert shown.count("123.456.789,10") == len(MONTHS)
    assert shown.count("8.682") == len(MONTHS)
    assert all(month in shown for month in MONTHS)


def test_csv_writes_amounts_with_cents_counts_without_and_nothing_for_what_is_missing() -> None:
    lines = listing.as_csv(cells()).splitlines()
    assert lines[1:4] == [
        "2026-01,BG,INSGESAMT,INSGESAMT,8682,0,ok",
        "2026-01,LLU,INSGESAMT,INSGESAMT,123456789.10,0,ok",
        "2026-01,LZB,INSGESAMT,INSGESAMT,,0,fehlt",
    ]


def test_json_writes_numbers_and_null() -> None:
    values = [record["wert"] for record in json.loads(listing.as_json(cells()))[:3]]
    assert values == [8682, 123456789.10, None]
