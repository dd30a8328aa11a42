"""A made-up month for everybody: a cell for every table of the publication plan, with small counts that must be hidden.

The sums do not fit together, on purpose: a page must show what it was given, not what it could compute.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from etl.disclosure import (
    Empfaengerkreis,
    publish,
    publish_expectations,
    publish_indicators,
    publish_targets,
    vorgesehen,
)
from etl.figures import katalog, kennzahlen
from etl.figures.kennzahlen import Zeile
from etl.monat import Monat
from etl.nowcast import ZU_WENIG, Abdeckung, Erwartung
from etl.report import ReportRequest
from etl.report.model import COLUMNS, INSGESAMT
from etl.report.sheets.common import auspraegungen
from etl.ziele import Zielstand

MONTH = Monat(2026, 8)
DATENSTAND = dt.datetime(2026, 8, 28, 16, 30, tzinfo=dt.UTC)
ALLE = Empfaengerkreis.OEFFENTLICHKEIT
BUERO = '=1+1</script><b>"Lahr"'
"""An office that tries to end a script, to open an element and to be a formula."""
GEHEIM_BETRAG, GEHEIM_PERSONEN = Decimal("987654.32"), Decimal(73190)
"""Values of cells behind which two people or two Bedarfsgemeinschaften stand: on no page in any spelling."""
KLEIN = "08317003"
"""A municipality with two Bedarfsgemeinschaften (not in the official list, so it has no name)."""

_LUECKE = MONTH.shift(-15)
_BUEROS = ("Achern", "Kehl", BUERO)
_GEMEINDEN = ("08317001", "08317057", "08317096", KLEIN)


def cells(last: Monat = MONTH, months: int = 18) -> pd.DataFrame:
    """Cells of ``months`` months, the one before the window not loaded, unsuppressed."""
    rows = [
        (str(month), *key, wert, min(age, 5), "fehlt" if wert is None else "ok")
        for age in range(months)
        if (month := last.shift(-age)) != _LUECKE
        for *key, wert in _cells_of(month)
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["wert"] = frame["wert"].astype(object)
    return frame


def request(**changes: object) -> ReportRequest:
    """What everybody may see of the month."""
    published = publish(cells(), ALLE, DATENSTAND.date())
    fields: dict[str, object] = {
        "kreis": ALLE,
        "berichtsmonat": MONTH,
        "traegernummer": "DEMO-08317",
        "lieferung_id": "demo-2026-08",
        "datenstand": DATENSTAND,
        "auftragsnummer": "DEMO-08317/demo-2026-08/3f9a0c21b7de",
        "cells": published,
        "figures": katalog.load(),
        "vorher": published,
        "kennzahlen": publish_indicators(_kennzahlen(), published, ALLE, DATENSTAND.date()),
        "ziele": publish_targets(_ziele(), published, ALLE),
        "erwartungen": publish_expectations(_erwartungen(), published, ALLE, DATENSTAND.date()),
        "impressum": {"email": "statistik@example.org"},
        "berichtsmonate": (MONTH.shift(-13), MONTH.shift(-1)),
    }
    return ReportRequest(**(fields | changes))  # type: ignore[arg-type]  # one builder for many variants


def _cells_of(month: Monat) -> Iterator[tuple[str, str, str, Decimal | None]]:
    for groesse, merkmal in sorted(vorgesehen(ALLE)):
        for code in _codes(merkmal):
            yield groesse, merkmal, code, _wert(month, groesse, merkmal, code)


def _codes(merkmal: str) -> tuple[str, ...]:
    return {"GESCHAEFTSSTELLE": _BUEROS, "GEMEINDE": _GEMEINDEN}.get(merkmal) or tuple(auspraegungen(merkmal))


def _wert(month: Monat, groesse: str, merkmal: str, code: str) -> Decimal | None:
    """Return a value that looks at random, the same each time: some zero, some one or two, one not known."""
    if (groesse, merkmal, month) in {("LZB", INSGESAMT, MONTH.shift(-12)), ("K_BESTAND", INSGESAMT, MONTH)}:
        return None
    amount = katalog.load()[groesse].einheit == "EUR"
    if code in {KLEIN, "d"} or (groesse, code) == ("OEGB", "w"):
        few = code != KLEIN or groesse == "BG"
        return GEHEIM_BETRAG if amount else Decimal(2) if few else GEHEIM_PERSONEN
    chance = zlib.crc32(f"{month}/{groesse}/{merkmal}/{code}".encode())
    level = zlib.crc32(f"{groesse}/{merkmal}/{code}".encode()) % 9000 + 40
    if amount:
        return Decimal(level * (700 if merkmal == INSGESAMT else 100) + chance % 9000) / 4
    small = merkmal != INSGESAMT and chance % 11 == 0
    return Decimal((0, 1, 2)[chance % 3]) if small else Decimal(level + chance % 300)


def _kennzahlen() -> Iterator[Zeile]:
    for month in Monat.span(MONTH.shift(-12), MONTH):
        for kennzahl in kennzahlen.paragraph_48a():
            for sex in kennzahl.geschlechter:
                chance = zlib.crc32(f"{month}/{kennzahl.code}/{sex}".encode())
                value = Fraction(chance % 40000 - (20000 if kennzahl.art == "veraenderung" else 0), 997)
                parts = (Fraction(2 if (kennzahl.code, sex) == ("K2E2", "w") else chance % 900 + 3), Fraction(900))
                row = Zeile(month, kennzahl.code, sex, *parts, value, "ok", "T-0" if month == MONTH else "T-3")
                missing = kennzahl.code == "K3" and month < MONTH.shift(-9)
                yield row._replace(zaehler=None, nenner=None, wert=None, status="fehlt") if missing else row


def _ziele() -> Iterator[Zielstand]:
    first = Zielstand(
        monat=MONTH,
        kennzahl="K2",
        name="Integrationsquote",
        geschlecht=INSGESAMT,
        einheit="prozent",
        zielwert=Decimal("24.5"),
        istwert=Decimal("23.249999"),
        status="ok",
        abweichung=Decimal("-1.250001"),
        ampel="gelb",
        regel="grün ab dem Zielwert, gelb bis 2 Prozentpunkte darunter, sonst rot.",
        bedarf="Bis Dezember fehlen 412 Integrationen, 103 je Monat.",
        bedarf_gesamt=Decimal(412),
        bedarf_je_monat=Decimal(103),
        verbleibende_monate=4,
        datenstand="T-0",
        quelle="erfunden",
    )
    yield first
    yield Zielstand(
        **vars(first)
        | {"kennzahl": "K2E2", "geschlecht": "w", "istwert": Decimal("777.77"), "bedarf": "Es fehlen 4321 Eintritte."}
    )


def _erwartungen() -> Iterator[Erwartung]:
    yield Erwartung(
        "ELB", MONTH, 0, Decimal(11854), Decimal(11790), Decimal(11702), Decimal(11881), 26, Abdeckung(23, 26), "ok"
    )
    yield Erwartung("INT", MONTH.shift(-1), 1, Decimal(124), None, None, None, 3, None, ZU_WENIG)  # type: ignore[arg-type]
    yield Erwartung("K_BESTAND", MONTH, 0, Decimal(2), Decimal(3), Decimal(2), Decimal(5), 26, Abdeckung(23, 26), "ok")
