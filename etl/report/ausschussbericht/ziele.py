"""Indicators against the targets of the year (Zielvereinbarung): a chart of the deviations, a table, what is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from etl.figures import kennzahlen
from etl.report.angaben import differenz
from etl.report.ausschussbericht.tabellen import Reihe, Spalte, Tabelle
from etl.report.model import ReportRequest, Sign, Value
from etl.zahlen import half_up, zahl
from etl.ziele import Zielstand

_URTEIL: Mapping[str, str] = MappingProxyType(
    {"gruen": "erreicht", "gelb": "knapp verfehlt", "rot": "verfehlt", "offen": "ohne Bewertung"}
)
_EINHEIT: Mapping[str, str] = MappingProxyType(
    {
        "prozent": "Wert in %",
        "prozent_vorjahr": "Veränderung zum Vorjahr in %",
        "prozent_jahresmittel": "Jahresmittel zum Vorjahr in %",
    }
)
_ZEICHEN: Mapping[str, Sign] = MappingProxyType(
    {"fehlt": Sign.UNKNOWN, "nenner_null": Sign.IMPOSSIBLE, "geheim": Sign.HIDDEN}
)
_GESCHLECHT: Mapping[str, str] = MappingProxyType({"m": " (Männer)", "w": " (Frauen)"})


@dataclass(frozen=True)
class Abweichung:
    """A bar from the target: ``lage`` between −1 (worse) and 1 (better), None where nothing can be compared."""

    name: str
    text: str
    lage: float | None
    ampel: str
    urteil: str


@dataclass(frozen=True)
class Zielbild:
    """The chart with its alternative text, the table of the same values, and for each target rule and need."""

    titel: str
    alt: str
    zeilen: tuple[Abweichung, ...]
    tabelle: Tabelle
    erlaeuterungen: tuple[tuple[str, str], ...]


def zielbild(request: ReportRequest) -> Zielbild | None:
    """Return the targets of the year; None where there are none."""
    if not request.ziele:
        return None
    most = max((abs(entry.abweichung) for entry in request.ziele if entry.abweichung is not None), default=Decimal(0))
    rows = tuple(_abweichung(entry, most) for entry in request.ziele if entry.zielwert is not None)
    said = " ".join(f"{row.name}: {row.text}, {row.urteil}." for row in rows)
    titel = f"Abweichung von den Zielen {request.berichtsmonat.jahr} in Prozentpunkten"
    return Zielbild(
        titel,
        f"Balkendiagramm. {titel}. {said} Alle Werte stehen in der Tabelle darunter.",
        rows,
        _tabelle(request),
        tuple((_kurz(entry), _erlaeuterung(entry)) for entry in request.ziele),
    )


def _abweichung(entry: Zielstand, most: Decimal) -> Abweichung:
    if entry.abweichung is None:
        return Abweichung(_name(entry), differenz(_wert(entry, None), 1), None, entry.ampel, _URTEIL[entry.ampel])
    better = entry.abweichung if kennzahlen.load()[entry.kennzahl].besser == "mehr" else -entry.abweichung
    place = round(float(better / most), 5) if most else 0.0
    return Abweichung(_name(entry), differenz(entry.abweichung, 1), place, entry.ampel, _URTEIL[entry.ampel])


def _tabelle(request: ReportRequest) -> Tabelle:
    columns = (
        Spalte("Kennzahl", "links", "1fr"),
        Spalte("gemessen als", "links"),
        *(Spalte(text) for text in ("Ziel", "Ist", "Abweichung\nin Prozentp.")),
        Spalte("Stand", "links"),
        Spalte("Bewertung", "links"),
    )
    rows = tuple(
        Reihe(
            (
                _name(entry),
                _EINHEIT[entry.einheit],
                "kein" if entry.zielwert is None else _prozent(entry.zielwert),
                _prozent(_wert(entry, entry.istwert)),
                differenz(_wert(entry, entry.abweichung), 1),
                entry.datenstand or "",
                _URTEIL[entry.ampel],
            )
        )
        for entry in request.ziele
    )
    return Tabelle(f"Ziele {request.berichtsmonat.jahr} (§ 48b SGB II)", columns, rows)


def _erlaeuterung(entry: Zielstand) -> str:
    need = f" {entry.bedarf}" if entry.bedarf else ""
    return f"Regel: {entry.regel}.{need}"


def _wert(entry: Zielstand, value: Decimal | None) -> Value:
    return _ZEICHEN.get(entry.status, Sign.UNKNOWN) if value is None else value


def _prozent(value: Value) -> str:
    return str(value) if isinstance(value, Sign) else zahl(half_up(value), 1)


def _kurz(entry: Zielstand) -> str:
    return f"{entry.kennzahl}{_GESCHLECHT.get(entry.geschlecht, '')}"


def _name(entry: Zielstand) -> str:
    return f"{entry.kennzahl} {entry.name}{_GESCHLECHT.get(entry.geschlecht, '')}"
