"""The tables of the open data: columns with their meaning, rows in the order of their key.

One description of a column serves the CSV, the Parquet file and the Data Package.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pandas as pd

from etl import parameter
from etl.figures import kennzahlen
from etl.figures.kennzahlen import state_of
from etl.report.model import COLUMNS, INSGESAMT, ReportRequest
from etl.report.sheets.common import auspraegungen, label_of, merkmal_titel

STATUS = {
    "ok": "Wert vorhanden",
    "fehlt": "Wert kann nicht ermittelt werden",
    "geheim": "Wert unterliegt der Geheimhaltung (1 oder 2, oder daraus gerechnet)",
    "nenner_null": "nicht zu berechnen, weil der Nenner null ist",
}
STAENDE = {
    "T-0": "vorläufig, Wartezeit unter einem Monat",
    "T-1": "vorläufig, Wartezeit ein Monat",
    "T-2": "vorläufig, Wartezeit zwei Monate",
    "T-3": "endgültig, Wartezeit mindestens drei Monate",
    "geschaetzt": "mindestens ein Eingangswert ist geschätzt",
}


@dataclass(frozen=True)
class Feld:
    """One column: its type (Frictionless), what it is called and means, and what its codes mean.

    ``pflicht``: it is never empty. ``geschlossen``: it holds no other code than those named.
    """

    name: str
    typ: str
    titel: str
    beschreibung: str
    codes: Mapping[str, str] = field(default_factory=dict)
    pflicht: bool = True
    geschlossen: bool = False


@dataclass(frozen=True)
class Tabelle:
    """One table: ``zeilen`` hold text as the CSV writes it, empty where there is no value."""

    name: str
    titel: str
    beschreibung: str
    felder: tuple[Feld, ...]
    schluessel: tuple[str, ...]
    zeilen: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Lizenz:
    """The licence of the open data, by its code of DCAT-AP.de."""

    code: str
    titel: str
    url: str
    dcat: str


def lizenz() -> Lizenz:
    """Return the licence under which open data is given away."""
    entry: dict[str, Any] = parameter.read("organisation")["lizenz"]
    return Lizenz(entry["code"], entry["titel"], entry["url"], entry["dcat"])


def all_cells(request: ReportRequest) -> Tabelle:
    """Return every cell of the month, and the totals of all months before, with the columns of the warehouse."""
    cells = request.cells
    month, last = cells["berichtsmonat"], str(request.berichtsmonat)
    chosen = cells[(month == last) | ((month < last) & (cells["merkmal"] == INSGESAMT))]
    rows = tuple(
        (row[0], row[1], row[2], row[3], _wert(request, row[1], row[4]), _wait(row[5]), row[6])
        for row in _ordered(chosen)
    )
    felder = (
        _MONAT,
        _groesse(request),
        Feld(
            "merkmal",
            "string",
            "Merkmal",
            "Merkmal der Gliederung; INSGESAMT = keine. Zwei Merkmale sind durch / getrennt (GEMEINDE/ALTER).",
        ),
        Feld(
            "auspraegung",
            "string",
            "Ausprägung",
            "Schlüssel der Ausprägung; INSGESAMT = keine Gliederung, OHNE = nicht zuzuordnen. "
            "Bei zwei Merkmalen durch / getrennt (08317096/15-24).",
        ),
        _WERT,
        Feld(
            "wartezeit",
            "integer",
            "Wartezeit",
            "Volle Monate zwischen Zähltag und Datenstand; ab 3 endgültig (T-3), darunter vorläufig.",
        ),
        _status("ok", "fehlt"),
    )
    return Tabelle(
        name="figures",
        titel="Größen",
        beschreibung="Alle Größen des Berichtsmonats und die Summen aller Monate davor: eine Zeile je Berichtsmonat, "
        "Größe, Merkmal und Ausprägung.",
        felder=felder,
        schluessel=COLUMNS[:4],
        zeilen=rows,
    )


def observations(request: ReportRequest) -> Tabelle:
    """Return the published figures with the words for their codes, one feature at a time."""
    cells = request.cells[~request.cells["merkmal"].str.contains("/", regex=False)]
    rows = []
    for month, groesse, merkmal, auspraegung, wert, wartezeit, status in _ordered(cells):
        figure = request.figures[groesse]
        words = (figure.name, figure.einheit, merkmal_titel(merkmal), label_of(auspraegung, auspraegungen(merkmal)))
        value = _wert(request, groesse, wert)
        stand = state_of(int(wartezeit)) if not pd.isna(wartezeit) else ""
        rows.append((month, groesse, merkmal, auspraegung, value, status, stand, *words))
    return Tabelle(
        name="groessen",
        titel="Größen",
        beschreibung="Eine Zeile je Berichtsmonat, Größe, Merkmal und Ausprägung: der Berichtsmonat und die zwölf "
        "Monate davor, Summen (INSGESAMT) auch früher. Was in einer Gliederung nach Gemeinde oder Geschäftsstelle "
        "nicht aufgeführt ist, ist null.",
        felder=(
            _MONAT,
            _groesse(request),
            Feld("merkmal", "string", "Merkmal", "Merkmal der Gliederung; INSGESAMT = keine."),
            Feld(
                "auspraegung",
                "string",
                "Ausprägung",
                "Schlüssel der Ausprägung; INSGESAMT = keine Gliederung, OHNE = nicht zuzuordnen, "
                "bei Gemeinden der amtliche Gemeindeschlüssel.",
            ),
            _WERT,
            _status("ok", "fehlt", "geheim"),
            _stand("T-0", "T-1", "T-2", "T-3"),
            Feld("groesse_name", "string", "Name der Größe", "Amtliche Bezeichnung der Größe."),
            Feld("einheit", "string", "Einheit", "Was gezählt wird, oder EUR."),
            Feld("merkmal_name", "string", "Name des Merkmals", "Bezeichnung des Merkmals."),
            Feld("auspraegung_name", "string", "Name der Ausprägung", "Bezeichnung der Ausprägung."),
        ),
        schluessel=COLUMNS[:4],
        zeilen=tuple(rows),
    )


def indicators(request: ReportRequest) -> Tabelle:
    """Return the indicators of § 48a SGB II as published, in the columns of ``jobcenter indicators``."""
    names = {kennzahl.code: kennzahl.name for kennzahl in kennzahlen.paragraph_48a()}
    rows = sorted(
        (tuple(kennzahlen.written(zeile)[name] for name in kennzahlen.COLUMNS) for zeile in request.kennzahlen),
        key=lambda row: row[:3],
    )
    return Tabelle(
        name="kennzahlen",
        titel="Kennzahlen nach § 48a SGB II",
        beschreibung="Eine Zeile je Berichtsmonat, Kennzahl und Geschlecht: der Berichtsmonat und die zwölf Monate "
        "davor.",
        felder=(
            _MONAT,
            Feld("kennzahl", "string", "Kennzahl", "Kürzel der Kennzahl.", names, geschlossen=True),
            Feld(
                "geschlecht",
                "string",
                "Geschlecht",
                "Für wen der Wert gilt.",
                {INSGESAMT: "alle Geschlechter", "m": "Männer", "w": "Frauen"},
                geschlossen=True,
            ),
            Feld("zaehler", "number", "Zähler", "Zähler der Kennzahl, in ihrer Einheit.", pflicht=False),
            Feld("nenner", "number", "Nenner", "Nenner der Kennzahl, in ihrer Einheit.", pflicht=False),
            Feld("wert", "number", "Wert", "Wert in Prozent, sechs Nachkommastellen.", pflicht=False),
            _status("ok", "fehlt", "geheim", "nenner_null"),
            _stand("T-0", "T-1", "T-2", "T-3", "geschaetzt", name="datenstand", pflicht=False),
        ),
        schluessel=kennzahlen.COLUMNS[:3],
        zeilen=tuple(rows),
    )


def number(value: Decimal, *, amount: bool) -> str:
    """Write a stored value for machines: amounts with two decimals, counts without; never rounded."""
    whole = value == value.to_integral_value()
    return f"{value:.0f}" if whole and not amount else f"{value:.2f}"


_MONAT = Feld("berichtsmonat", "yearmonth", "Berichtsmonat", "Monat, auf den sich der Wert bezieht (JJJJ-MM).")
_WERT = Feld(
    "wert",
    "number",
    "Wert",
    "Ungerundeter Wert in der Einheit der Größe. Leer, wenn es keinen gibt oder er nicht gezeigt wird (siehe status).",
    pflicht=False,
)


def _groesse(request: ReportRequest) -> Feld:
    names = {code: figure.name for code, figure in request.figures.items()}
    return Feld("groesse", "string", "Größe", "Kürzel der statistischen Größe; Bedeutung siehe enumLabels.", names)


def _status(*codes: str) -> Feld:
    known = {code: STATUS[code] for code in codes}
    text = "; ".join(f"{code} = {words}" for code, words in known.items())
    return Feld("status", "string", "Status", f"{text}.", known, geschlossen=True)


def _stand(*codes: str, name: str = "stand", pflicht: bool = True) -> Feld:
    known = {code: STAENDE[code] for code in codes}
    text = "; ".join(f"{code} = {words}" for code, words in known.items())
    return Feld(name, "string", "Stand des Wertes", f"{text}.", known, pflicht=pflicht, geschlossen=True)


def _ordered(cells: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    ordered = cells.sort_values(list(COLUMNS[:4]), kind="stable")[list(COLUMNS)]
    return ordered.itertuples(index=False, name=None)


def _wert(request: ReportRequest, groesse: str, wert: object) -> str:
    if wert is None or pd.isna(wert):  # type: ignore[call-overload]  # a cell is a Decimal or nothing
        return ""
    figure = request.figures.get(groesse)
    return number(Decimal(str(wert)), amount=figure is not None and figure.einheit == "EUR")


def _wait(wartezeit: object) -> str:
    return "" if pd.isna(wartezeit) else str(int(str(wartezeit)))  # type: ignore[call-overload]
