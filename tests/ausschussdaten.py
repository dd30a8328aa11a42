"""A committee report made up for tests: the report of ``berichtsdaten`` with all that the PDF shows besides.

Forty months, structure, flows, indicators, two targets, expected values; small counts that the district may not see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from berichtsdaten import CORE, DATENSTAND, MONTH, cells_frame, request_of
from etl.disclosure import Empfaengerkreis, publish, publish_expectations, publish_indicators, publish_targets
from etl.figures import kennzahlen
from etl.figures.kennzahlen import Zeile
from etl.monat import Monat
from etl.nowcast import Abdeckung, Erwartung
from etl.report import ReportRequest
from etl.report.model import COLUMNS
from etl.ziele import Zielstand

KREIS = Empfaengerkreis.LANDKREIS
MONATE = 40
LEVELS = {
    "ALO": 5294, "ASU": 3767, "REINE_LB": 2793, "LM_ELB": 85, "INT": 131, "INT_SVP": 122, "TN_BESTAND": 2057,
    "TN_EINTRITT": 650, "TN_AUSTRITT": 539, "LZB_AKTIV": 1216, "ZAHLUNG": 11226064, "W_EINGANG": 96, "W_BESTAND": 241,
    "K_EINGANG": 2, "K_BESTAND": 160,
}  # fmt: skip
TYPEN = {"SINGLE": 4420, "ALLEINERZIEHEND": 1512, "PARTNER_OHNE_KINDER": 860, "PARTNER_MIT_KINDERN": 2, "SONSTIGE": 0}
KLEIN = ("08317116", "08317056")
"""Municipalities with two Bedarfsgemeinschaften."""
LEER = ("08317118",)
"""A municipality without any."""


def frame() -> pd.DataFrame:
    """Return the cells of forty months, unsuppressed; ``INT`` is missing in one of them, municipalities are small."""
    rows = [
        (str(month), *row, min(age, 5), "ok")
        for age, month in enumerate(MONTH.shift(-age) for age in range(MONATE))
        for row in _rows(age)
        if (row[0], age) != ("INT", 4)
    ]
    more = pd.DataFrame(rows, columns=list(COLUMNS))
    base = cells_frame(months=MONATE)
    base = base[base["groesse"].isin(CORE) & (base["merkmal"] != "BG_TYP")]
    bg = (base["berichtsmonat"] == str(MONTH)) & (base["groesse"] == "BG")
    base.loc[bg & base["auspraegung"].isin(KLEIN), "wert"] = 2
    base = base[~(bg & base["auspraegung"].isin(LEER))]
    return pd.concat([base, more.astype({"wert": object})], ignore_index=True)


def _rows(age: int) -> Iterator[tuple[str, str, str, Decimal]]:
    for index, (code, level) in enumerate(LEVELS.items()):
        moved = age * 3 if level < 3 else (age * (31 + index) % 17 - 8) * max(1, level // 200)
        yield code, "INSGESAMT", "INSGESAMT", Decimal(level + moved)
    for code, level in TYPEN.items():
        yield "BG", "BG_TYP", code, Decimal(level + (age if level > 2 else 0))


def bericht(cells: pd.DataFrame | None = None, **changes: object) -> ReportRequest:
    """Return the request for the district; ``cells`` unsuppressed."""
    exact = frame() if cells is None else cells
    day = DATENSTAND.date()
    seen = publish(exact, KREIS, day)
    made = request_of(seen, kreis=KREIS, kennzahlen=publish_indicators(_kennzahlen(), seen, KREIS, day))
    filled = replace(
        made,
        ziele=publish_targets(ZIELE, seen, KREIS),
        erwartungen=publish_expectations(ERWARTUNGEN, seen, KREIS, day),
    )
    return replace(filled, **changes)  # type: ignore[arg-type]  # one builder for many variants


def _kennzahlen() -> Iterator[Zeile]:
    """Yield the indicators of the month and of the year before; K2E4 of men is of two persons, K3 of one year only."""
    for number, entry in enumerate(kennzahlen.paragraph_48a()):
        for back in (0, 12):
            for sex in entry.geschlechter:
                few = (entry.code, sex) == ("K2E4", "m")
                part, whole = Fraction(2 if few else 60 + number * 7 + back), Fraction(1000 + number * 13)
                rate = 100 * part / whole
                missing = entry.code == "K3" and back
                yield Zeile(
                    MONTH.shift(-back),
                    entry.code,
                    sex,
                    None if missing else part,
                    None if missing else whole,
                    None if missing else rate,
                    "fehlt" if missing else "ok",
                    None if missing else ("T-3" if back else "T-0"),
                )


def _ziel(kennzahl: str, ziel: str | None, ist: str, ampel: str, bedarf: str) -> Zielstand:
    deviation = None if ziel is None else Decimal(ist) - Decimal(ziel)
    return Zielstand(
        monat=MONTH,
        kennzahl=kennzahl,
        name=kennzahlen.load()[kennzahl].name,
        geschlecht="INSGESAMT",
        einheit="prozent" if kennzahl == "K2" else "prozent_jahresmittel",
        zielwert=None if ziel is None else Decimal(ziel),
        istwert=Decimal(ist),
        status="ok",
        abweichung=deviation,
        ampel=ampel,  # type: ignore[arg-type]  # a test's word
        regel="nur beobachtet, ohne Zielwert" if ziel is None else f"Grenze {ziel}".replace(".", ","),
        bedarf=bedarf,
        bedarf_gesamt=None,
        bedarf_je_monat=None,
        verbleibende_monate=4,
        datenstand="T-0",
        quelle="für den Test erfunden",
    )


ZIELE = (
    _ziel("K1", None, "-3.257000", "offen", ""),
    _ziel("K2", "14.500000", "14.115000", "gelb", "Es fehlen 46 Integrationen."),
    _ziel("K3", "2.000000", "1.475000", "gruen", "Das Ziel ist erreicht."),
)
"""Made-up targets: one observed, one missed, one reached."""


def _erwartung(groesse: str, monat: Monat, *values: int | None, status: str = "ok") -> Erwartung:
    before, mid, low, high = (None if value is None else Decimal(value) for value in values)
    hits = None if mid is None else Abdeckung(12, 13)
    return Erwartung(groesse, monat, 0, before, mid, low, high, 14, hits, status)  # type: ignore[arg-type]


ERWARTUNGEN = (
    _erwartung("BG", MONTH, 8806, 8830, 8801, 8862),
    _erwartung("INT", MONTH, 131, None, None, None, status="zu wenig Meldehistorie"),
    _erwartung("K_EINGANG", MONTH, 2, 4, 2, 6),
    _erwartung("BG", MONTH.shift(-1), 8886, 8890, 8880, 8899),
)
"""Made-up expectations: of one figure too little is known, one is of a hidden value, one of another month."""
