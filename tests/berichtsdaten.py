"""A report of a month made up for tests: cells of 15 months, and the request of every circle of readers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from etl.disclosure import Empfaengerkreis, publish, publish_expectations, publish_indicators, publish_targets
from etl.figures import katalog, kennzahlen
from etl.figures.kennzahlen import Kennzahl, Wert, Zeile
from etl.figures.merkmale import MERKMALE
from etl.monat import Monat
from etl.nowcast import Abdeckung, Erwartung
from etl.report import Findings, ReportRequest
from etl.report.model import COLUMNS, gemeinden
from etl.ziele import Ziel, zielstaende

MONTH = Monat(2026, 8)
DATENSTAND = dt.datetime(2026, 8, 28, 16, 30, tzinfo=dt.UTC)
OFFICES = ("Achern", "Kehl", "Lahr", "Offenburg", "Wolfach")
SHARES = {
    "GESCHLECHT": {"m": 0.5, "w": 0.49, "d": 0.0002, "x": 0},
    "ALTER": {"U15": 0.28, "15-24": 0.16, "25-54": 0.42, "55+": 0.14},
    "STAATSANGEHOERIGKEIT": {"DEUTSCH": 0.5, "EU": 0.1, "ASYL": 0.15, "UKRAINE": 0.17, "SONSTIGE": 0.08},
}
CORE = {
    "BG": 8846, "PERS": 18140, "LB": 17550, "RLB": 17189, "ELB": 12098, "NEF": 5091, "SLB": 361, "NLB": 590,
    "AUS": 402, "KOL": 188, "AE": 1650, "LZB": 7730, "BG_SINGLE": 4870, "BG_ALLEINERZIEHEND": 1690,
    "BG_PARTNER_OHNE_KINDER": 735, "BG_PARTNER_MIT_KINDERN": 1290, "BG_SONSTIGE": 261, "ELB_ZUGANG": 451,
    "ELB_ABGANG": 472, "LZB_ZUGANG": 210, "LZB_ABGANG": 223, "LLU": 4512345, "LUH": 5123456, "ABGELEHNT": 7,
}  # fmt: skip
"""Figures in total; those of persons also by their features, municipality and office."""
LEVELS = {
    **CORE,
    "NEF_U15": 4811, "INT": 240, "INT_SVP": 214, "INT_SVP_KONT": 160, "INT_AE": 21, "INT_LZB": 96, "GERING": 71,
    "OEGB": 38, "LZB_AKTIV": 1190, "ALO": 5380, "ASU": 3810, "REINE_LB": 2908, "LM_ELB": 96, "LM_NEU": 88,
    "LM_BETRAG": 5210, "ZAHLUNG": 11316789, "TN_BESTAND": 2085, "TN_EINTRITT": 620, "TN_AUSTRITT": 570,
    "W_EINGANG": 131, "W_ERLEDIGUNG": 128, "W_BESTAND": 280, "K_EINGANG": 45, "K_ERLEDIGUNG": 41, "K_BESTAND": 180,
    "KDU_BG": 8680, "UNTERKUNFT_TATSAECHLICH": 5412345, "UNTERKUNFT_ANERKANNT": 5190123,
    "HEIZUNG_TATSAECHLICH": 738123, "HEIZUNG_ANERKANNT": 729456, "DAUER_BESTAND": 12098, "DAUER_ABGANG": 472,
    "ELB_AG12": 16320,
}  # fmt: skip
FURTHER = {
    "BG_TYP": {
        "SINGLE": 0.5, "ALLEINERZIEHEND": 0.18, "PARTNER_OHNE_KINDER": 0.1, "PARTNER_MIT_KINDERN": 0.18,
        "SONSTIGE": 0.04,
    },
    "INSTRUMENT": {"P16_45": 0.45, "P16_81": 0.17, "P16d": 0.11, "P16i": 0.11, "P16_88": 0.03, "STA": 0.001},
    "LEISTUNGSART": {"RB20": 0.43, "MB21": 0.02, "KDU22_1": 0.45, "BUT28": 0.03, "SV26": 0.0002},
    "MINDERUNGSGRUND": {"PFLICHT": 0.02, "MELDE": 0.91, "ARBEIT": 0.07},
    "VERWEILDAUER": {
        "U3M": 0.09, "3-6M": 0.06, "6-12M": 0.1, "1-2J": 0.13, "2-4J": 0.16, "4J+": 0.01, "SEIT_BEGINN": 0.45,
    },
}  # fmt: skip
"""Features beyond those of persons."""
CLOSED_PERSONS = frozenset({"PERS", "LB", "RLB", "ELB", "NEF", "SLB", "NLB", "AUS", "KOL", "AE", "LZB"})

Rows = list[tuple[str, str, str, str, Decimal | None, int, str]]


def _rows(month: Monat, age: int) -> Iterator[tuple[str, str, str, Decimal]]:
    """Yield made-up cells of one month; ``age`` = months before the reporting month, moves the level a little."""
    for index, (code, level) in enumerate(LEVELS.items()):
        drift = (age * (37 + index) % 41 - 20) + 3 * age
        value = Decimal(max(0, level + drift * max(1, level // 3000)))
        if katalog.load()[code].einheit == "EUR":
            value += Decimal("0.37")
        yield code, "INSGESAMT", "INSGESAMT", value
        yield from _further(code, value)
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


def _further(code: str, value: Decimal) -> Iterator[tuple[str, str, str, Decimal]]:
    """Yield the tables of a figure by the closed lists that ``_rows`` does not yield."""
    for merkmal in MERKMALE[katalog.load()[code].grundgesamtheit]:
        shares = FURTHER.get(merkmal.name) or ({} if code in CLOSED_PERSONS else SHARES.get(merkmal.name, {}))
        for key in merkmal.codes if shares else ():
            yield code, merkmal.name, key, Decimal(int(float(value) * shares.get(key, 0)))


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


def inputs_of(cells: pd.DataFrame) -> dict[tuple[Monat, str, str], Wert]:
    """Return the cells as inputs of indicators."""
    wanted = cells[cells["merkmal"].isin(["INSGESAMT", "GESCHLECHT"])]
    return {
        (Monat.parse(month), groesse, code): Wert(wert if status == "ok" else None, wartezeit)
        for month, groesse, _, code, wert, wartezeit, status in wanted.itertuples(index=False, name=None)
    }


def earlier(cells: pd.DataFrame) -> pd.DataFrame:
    """Return totals as a delivery one month before may have known them."""
    before = cells[(cells["merkmal"] == "INSGESAMT") & (cells["berichtsmonat"] != str(MONTH))].copy()
    before["wartezeit"] = before["wartezeit"] - 1
    less = before["groesse"].isin(["BG", "ELB", "LLU", "INT"]) & (before["wartezeit"] < 3)
    before["wert"] = before["wert"].mask(less, before["wert"].map(lambda wert: wert and wert - 3))
    return before


def indicators(cells: pd.DataFrame, catalogue: Sequence[Kennzahl]) -> list[Zeile]:
    """Return the indicators of the window t−12 … t."""
    return kennzahlen.compute(inputs_of(cells), list(Monat.span(MONTH.shift(-12), MONTH)), catalogue)


QUELLE = "Zielvereinbarung 2026 (erfunden)"
ZIELE = (
    Ziel(2026, "K1", "INSGESAMT", None, "prozent", QUELLE),
    Ziel(2026, "K2", "INSGESAMT", Decimal("24.5"), "prozent", QUELLE),
    Ziel(2026, "K2", "w", Decimal("20.5"), "prozent", QUELLE),
    Ziel(2026, "K3", "INSGESAMT", Decimal("-1.0"), "prozent", QUELLE),
)


def expectations(cells: pd.DataFrame) -> list[Erwartung]:
    """Return made-up expectations: 1 % above what is known, at most 2 %; of one figure too little is known."""
    wanted = cells[(cells["merkmal"] == "INSGESAMT") & cells["groesse"].isin(["BG", "ELB", "INT_AE", "LLU"])]
    wanted = wanted.sort_values(["berichtsmonat", "groesse"], ascending=[False, True])
    made = []
    for month, groesse, _, _, wert, age, _ in wanted.itertuples(index=False, name=None):
        known = Erwartung(groesse, Monat.parse(month), age, wert, None, None, None, 4, None, "zu wenig Meldehistorie")
        if age < 3 and groesse == "INT_AE":
            made.append(known)
        elif age < 3:
            erwartet, oben = (round(wert * factor) for factor in _FACTORS)
            made.append(replace(known, erwartet=Decimal(erwartet), unten=wert, oben=Decimal(oben), status="ok"))
    return [replace(e, historie=24, abdeckung=Abdeckung(22, 24)) if e.erwartet else e for e in made]


_FACTORS = (Decimal("1.01"), Decimal("1.02"))


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
        "vorher": earlier(cells),
        "kennzahlen": tuple(indicators(cells, kennzahlen.paragraph_48a())),
        "quoten": tuple(indicators(cells, kennzahlen.quoten())),
        "findings": Findings({"critical": 0, "warning": 3, "info": 1204}),
    }
    return ReportRequest(**(fields | changes))  # type: ignore[arg-type]  # one builder for many variants


def requests_of(cells: pd.DataFrame, **changes: object) -> list[ReportRequest]:
    """The report for every circle of readers, as each may see it."""
    return [_as_published(cells, kreis, changes) for kreis in Empfaengerkreis]


def _as_published(cells: pd.DataFrame, kreis: Empfaengerkreis, changes: Mapping[str, object]) -> ReportRequest:
    day = DATENSTAND.date()
    shown = publish(cells, kreis, day)
    seen = {
        "kreis": kreis,
        "vorher": publish(earlier(cells), kreis, day),
        "kennzahlen": publish_indicators(indicators(cells, kennzahlen.paragraph_48a()), shown, kreis, day),
        "quoten": publish_indicators(indicators(cells, kennzahlen.quoten()), shown, kreis, day),
        "ziele": publish_targets(zielstaende(ZIELE, inputs_of(cells), MONTH), shown, kreis),
        "erwartungen": publish_expectations(expectations(cells), shown, kreis, day),
    }
    return request_of(shown, **(seen | dict(changes)))
