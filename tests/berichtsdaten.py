"""A report of a month made up for tests: cells of 15 months, and the request of every circle of readers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pandas as pd

from etl.disclosure import Empfaengerkreis, publish
from etl.figures import katalog
from etl.monat import Monat
from etl.report import Findings, ReportRequest
from etl.report.model import COLUMNS, gemeinden

MONTH = Monat(2026, 8)
DATENSTAND = dt.datetime(2026, 8, 28, 16, 30, tzinfo=dt.UTC)
OFFICES = ("Achern", "Kehl", "Lahr", "Offenburg", "Wolfach")
SHARES = {
    "GESCHLECHT": {"m": 0.5, "w": 0.49, "d": 0.0002, "x": 0},
    "ALTER": {"U15": 0.28, "15-24": 0.16, "25-54": 0.42, "55+": 0.14},
    "STAATSANGEHOERIGKEIT": {"DEUTSCH": 0.5, "EU": 0.1, "ASYL": 0.15, "UKRAINE": 0.17, "SONSTIGE": 0.08},
}
LEVELS = {
    "BG": 8846, "PERS": 18140, "LB": 17550, "RLB": 17189, "ELB": 12098, "NEF": 5091, "SLB": 361, "NLB": 590,
    "AUS": 402, "KOL": 188, "AE": 1650, "LZB": 7730, "BG_SINGLE": 4870, "BG_ALLEINERZIEHEND": 1690,
    "BG_PARTNER_OHNE_KINDER": 735, "BG_PARTNER_MIT_KINDERN": 1290, "BG_SONSTIGE": 261, "ELB_ZUGANG": 451,
    "ELB_ABGANG": 472, "LZB_ZUGANG": 210, "LZB_ABGANG": 223, "LLU": 4512345, "LUH": 5123456, "ABGELEHNT": 7,
}  # fmt: skip
CLOSED_PERSONS = frozenset({"PERS", "LB", "RLB", "ELB", "NEF", "SLB", "NLB", "AUS", "KOL", "AE", "LZB"})

Rows = list[tuple[str, str, str, str, Decimal | None, int, str]]


def _rows(month: Monat, age: int) -> Iterator[tuple[str, str, str, Decimal]]:
    """Yield made-up cells of one month; ``age`` = months before the reporting month, moves the level a little."""
    for index, (code, level) in enumerate(LEVELS.items()):
        drift = (age * (37 + index) % 41 - 20) + 3 * age
        value = Decimal(max(0, level + drift * max(1, level // 3000)))
        if code in {"LLU", "LUH"}:
            value += Decimal("0.37")
        yield code, "INSGESAMT", "INSGESAMT", value
        if code in CLOSED_PERSONS:
            for merkmal, shares in SHARES.items():
                for key, part in shares.items():
                    impossible = key == "U15" and code in {"ELB", "AE", "LZB"}
                    yield code, merkmal, key, Decimal(0 if impossible else int(float(value) * part))
        if code in CLOSED_PERSONS or code == "BG":
            for place, ags in enumerate(gemeinden()):
                count = (level // 200 + place * 7 + age) % (level // 60 + 3)
                if count:
                    yield code, "GEMEINDE", ags, Decimal(count)
            for place, office in enumerate(OFFICES):
                yield code, "GESCHAEFTSSTELLE", office, Decimal(level // 5 + place * 3 - age)


def cells_frame(last: Monat = MONTH, months: int = 15) -> pd.DataFrame:
    """Return made-up cells of ``months`` months that end with ``last``."""
    rows: Rows = []
    for age in range(months):
        month = last.shift(-age)
        rows.extend((str(month), *row, min(age, 5), "ok") for row in _rows(month, age))
    rows.append((str(last), "BG", "GEMEINDE/BG_TYP", "08317096/SINGLE", Decimal(1021), 0, "ok"))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["wert"] = frame["wert"].astype(object)
    return frame


def request_of(cells: pd.DataFrame, **changes: object) -> ReportRequest:
    fields: dict[str, object] = {
        "kreis": Empfaengerkreis.DIENSTSTELLE,
        "berichtsmonat": MONTH,
        "traegernummer": "DEMO-08317",
        "lieferung_id": "demo-2026-08",
        "datenstand": DATENSTAND,
        "auftragsnummer": "DEMO-08317/demo-2026-08/3f9a0c21b7de",
        "cells": cells,
        "figures": katalog.load(),
        "vorher": cells,
        "findings": Findings({"critical": 0, "warning": 3, "info": 1204}),
    }
    return ReportRequest(**(fields | changes))  # type: ignore[arg-type]  # one builder for many variants


def requests_of(cells: pd.DataFrame, **changes: object) -> list[ReportRequest]:
    """The report for every circle of readers, as each may see it."""
    return [request_of(publish(cells, kreis, DATENSTAND.date()), kreis=kreis, **changes) for kreis in Empfaengerkreis]
