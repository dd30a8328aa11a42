"""The tables of the report as plain text: every value that a chart draws stands in one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from etl.figures import kennzahlen
from etl.figures.kennzahlen import Zeile
from etl.monat import Monat
from etl.nowcast import ZU_WENIG, Erwartung
from etl.report.angaben import angabe, differenz, kennzahl, kennzahl_differenz
from etl.report.layout import Footnotes
from etl.report.model import (
    INSGESAMT,
    Cells,
    ReportRequest,
    Sign,
    Value,
    change,
    change_percent,
    gebiet,
    gemeinden,
    share,
)
from etl.report.sheets.common import figure_name, label_of, listed, words
from etl.zahlen import GESCHUETZT

Art = Literal["zeile", "summe", "abschnitt"]

ECKWERTE: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = (
    (
        "Bedarfsgemeinschaften und Personen am Zähltag",
        (("BG", 0), ("PERS", 0), ("LB", 1), ("ELB", 2), ("NEF", 2), ("SLB", 2), ("NLB", 1)),
    ),
    (
        "Erwerbsfähige Leistungsberechtigte am Zähltag",
        (("ALO", 0), ("ASU", 0), ("REINE_LB", 0), ("AE", 0), ("LZB", 0), ("LM_ELB", 0)),
    ),
    (
        "Bewegungen und Integrationen",
        (("ELB_ZUGANG", 0), ("ELB_ABGANG", 0), ("LZB_ZUGANG", 0), ("LZB_ABGANG", 0), ("INT", 0), ("INT_SVP", 1)),
    ),
    ("Maßnahmen", (("TN_BESTAND", 0), ("TN_EINTRITT", 0), ("TN_AUSTRITT", 0), ("LZB_AKTIV", 0))),
    ("Ansprüche im Kalendermonat in Euro", (("LLU", 0), ("LUH", 0), ("ZAHLUNG", 0))),
    ("Widersprüche und Klagen", (("W_EINGANG", 0), ("W_BESTAND", 0), ("K_EINGANG", 0), ("K_BESTAND", 0))),
)
"""The figures of the annex: (heading, (code, level)); the level shows „darunter“."""

STRUKTUR: tuple[tuple[str, str, str, str], ...] = (
    ("PERS", "ALTER", "altersgruppen", "Personen in Bedarfsgemeinschaften nach Alter"),
    ("BG", "BG_TYP", "bg_typen", "Bedarfsgemeinschaften nach Typ"),
    (
        "ELB",
        "STAATSANGEHOERIGKEIT",
        "staatsangehoerigkeiten",
        "Erwerbsfähige Leistungsberechtigte nach Staatsangehörigkeit",
    ),
)
"""What the structure shows: (figure, feature, classification, heading)."""

REIHEN = ("BG", "ELB", "LZB")
"""Figures that are drawn and listed over every month."""
BEWEGUNGEN = ("ELB_ZUGANG", "ELB_ABGANG", "INT")
"""Figures that are drawn and listed over thirteen months."""


@dataclass(frozen=True)
class Spalte:
    """A column: heading, alignment and width as Typst writes them (``auto``, ``1fr``)."""

    kopf: str
    ausrichtung: Literal["links", "rechts"] = "rechts"
    breite: Literal["auto", "1fr"] = "auto"


@dataclass(frozen=True)
class Reihe:
    """A row of ready texts; an ``abschnitt`` has one cell over all columns."""

    zellen: tuple[str, ...]
    art: Art = "zeile"
    stufe: int = 0


@dataclass(frozen=True)
class Tabelle:
    """A table. ``gruppen``: headings over several columns, as (text, number of columns); ``noten``: lines below it."""

    titel: str
    spalten: tuple[Spalte, ...]
    reihen: tuple[Reihe, ...]
    gruppen: tuple[tuple[str, int], ...] = ()
    noten: tuple[str, ...] = ()


def eckwerte(request: ReportRequest, cells: Cells) -> Tabelle:
    """Return the figures of the month beside the month before and the same month of the year before."""
    month = request.berichtsmonat
    months = (month, month.shift(-1), month.shift(-12))
    notes = Footnotes()
    rows: list[Reihe] = []
    for heading, figures in ECKWERTE:
        planned = [(code, level) for code, level in figures if cells.planned(code)]
        if planned:
            rows.append(Reihe((heading,), "abschnitt"))
        for code, level in planned:
            new, old, older = (cells.value(code, m) for m in months)
            changes = (*_changes(new, old), *_changes(new, older))
            label = _mit_note(notes, request, code)
            rows.append(Reihe((label, *map(angabe, (new, old, older)), *changes), stufe=level))
    columns = (
        Spalte("Größe", "links", "1fr"),
        *(Spalte(f"{m.name}\n{cells.mark(m)}") for m in months),
        *(Spalte(text) for text in ("absolut", "in %") * 2),
    )
    groups = (("", 4), ("zum Vormonat", 2), ("zum Vorjahr", 2))
    return Tabelle(f"Eckwerte im {month.name}", columns, tuple(rows), groups, notes.lines)


def struktur(request: ReportRequest, cells: Cells) -> Tabelle:
    """Return age, household and nationality of the month, with the share and the change on the year before."""
    month, before = request.berichtsmonat, request.berichtsmonat.shift(-12)
    rows: list[Reihe] = []
    for groesse, merkmal, classification, heading in STRUKTUR:
        if not cells.planned(groesse, merkmal):
            continue
        total, earlier = cells.value(groesse, month), cells.value(groesse, before)
        rows.append(Reihe((heading,), "abschnitt"))
        rows.append(_teil("Insgesamt", total, total, earlier, "summe"))
        titles = words(classification)
        for code in listed(cells, (groesse,), merkmal, titles, (month, before)):
            new, old = (cells.value(groesse, m, merkmal, code) for m in (month, before))
            rows.append(_teil(label_of(code, titles), new, total, old))
    columns = (
        Spalte("Merkmal", "links", "1fr"),
        *(Spalte(f"{m.name}\n{cells.mark(m)}") for m in (month, before)),
        *(Spalte(text) for text in ("Anteil\nin %", "Veränderung\nabsolut", "Veränderung\nin %")),
    )
    return Tabelle(f"Alter, Haushalte und Staatsangehörigkeit im {month.name}", columns, tuple(rows))


def bewegungen(request: ReportRequest, cells: Cells) -> Tabelle:
    """Return entries, exits and integrations of thirteen months."""
    codes = [code for code in BEWEGUNGEN if cells.planned(code)]
    columns = (
        Spalte("Monat", "links", "1fr"),
        Spalte("Stand", "links", "1fr"),
        *(Spalte(request.figures[code].kurz if code in request.figures else code, breite="1fr") for code in codes),
    )
    rows = tuple(
        Reihe((month.name, cells.mark(month), *(angabe(cells.value(code, month)) for code in codes)))
        for month in cells.months
    )
    return Tabelle("Zugang, Abgang und Integrationen in 13 Monaten", columns, rows)


def verlauf(cells: Cells) -> tuple[Tabelle, ...]:
    """Return the series of every month, a table per calendar year."""
    codes = [code for code in REIHEN if cells.planned(code)]
    columns = (Spalte("Monat", "links", "1fr"), *(Spalte(code) for code in codes))
    return tuple(
        Tabelle(str(year), columns, tuple(_monat(cells, codes, month) for month in months))
        for year, months in groupby(alle_monate(cells), key=lambda month: month.jahr)
    )


def kuerzel(request: ReportRequest, codes: Sequence[str]) -> str:
    """Say what the short names of figures stand for."""
    return "; ".join(f"{code}: {figure_name(request, code)}" for code in codes) + "."


def alle_monate(cells: Cells) -> tuple[Monat, ...]:
    """Return every month from the first loaded one to the reporting month, gaps included."""
    return tuple(Monat.span(min((*cells.verlauf, cells.months[-1])), cells.months[-1]))


def gemeindetabelle(request: ReportRequest, cells: Cells) -> Tabelle:
    """Return the municipalities by their official names."""
    month = request.berichtsmonat
    figures = ("BG", "PERS", "ELB")
    months = (month, month.shift(-1), month.shift(-12))
    rows = [_gemeinde(gebiet().name, INSGESAMT, INSGESAMT, cells, months, "summe")]
    for code in listed(cells, figures, "GEMEINDE", gemeinden(), months):
        rows.append(_gemeinde(label_of(code, gemeinden()), "GEMEINDE", code, cells, months))
    columns = (
        Spalte("Gemeinde", "links", "1fr"),
        *(Spalte(code) for code in figures),
        *(Spalte(text) for text in ("absolut", "in %") * 2),
    )
    groups = (
        ("", 1),
        (f"Bestand ({cells.mark(month)})", 3),
        ("BG zum Vormonat", 2),
        ("BG zum Vorjahr", 2),
    )
    return Tabelle(f"Gemeinden im {month.name}", columns, tuple(rows), groups, (kuerzel(request, figures),))


def kennzahltabelle(request: ReportRequest) -> Tabelle:
    """Return the fifteen indicators, of both sexes together and of men and women, beside those of the year before."""
    month = request.berichtsmonat
    rows = tuple(
        Reihe(
            (
                f"{entry.code} {entry.name}",
                _besser(entry.besser),
                *(angabe(kennzahl(_zeile(request, entry.code, month, sex)), 1) for sex in (INSGESAMT, "w", "m")),
                angabe(kennzahl(_zeile(request, entry.code, month.shift(-12))), 1),
                differenz(_kennzahl_veraenderung(request, entry.code), 1),
                _stand(_zeile(request, entry.code, month)),
            ),
            "summe" if len(entry.code) == 2 else "zeile",
        )
        for entry in kennzahlen.paragraph_48a()
    )
    columns = (
        Spalte("Kennzahl", "links", "1fr"),
        Spalte("besser ist", "links"),
        *(Spalte(text) for text in ("insg.", "Frauen", "Männer", "Vorjahr", "Diff. in\nProzentp.")),
        Spalte("Stand", "links"),
    )
    return Tabelle(f"Kennzahlen nach § 48a SGB II im {month.name} in Prozent", columns, rows)


def erwartungstabelle(request: ReportRequest, cells: Cells) -> Tabelle | None:
    """Return what is expected of the provisional figures of the annex; None where nothing can be estimated yet."""
    of_month = {entry.groesse: entry for entry in request.erwartungen if entry.monat == request.berichtsmonat}
    codes = [code for _, figures in ECKWERTE for code, _ in figures if code in of_month and cells.planned(code)]
    rows = tuple(_erwartet(figure_name(request, code), cells, of_month[code]) for code in codes)
    if not any(of_month[code].status == "ok" for code in codes):
        return None
    columns = (
        Spalte("Größe", "links", "1fr"),
        *(Spalte(text) for text in ("vorläufig", "erwartet\nendgültig", "90-%-Bereich")),
        Spalte("eingetroffen in", "links"),
    )
    return Tabelle(f"Erwartete endgültige Werte für {request.berichtsmonat.name}", columns, rows)


def _erwartet(name: str, cells: Cells, entry: Erwartung) -> Reihe:
    """Return the row of a figure; a hidden value hides its estimate."""
    value = cells.value(entry.groesse, entry.monat)
    if entry.status == "geheim" or value is Sign.HIDDEN:
        return Reihe((name, "*", "*", "*", ""))
    if entry.erwartet is None or entry.unten is None or entry.oben is None:
        return Reihe((name, angabe(value), ".", ".", entry.status if entry.status == ZU_WENIG else ""))
    spanne = f"{angabe(entry.unten)} bis {angabe(entry.oben)}"
    return Reihe((name, angabe(value), angabe(entry.erwartet), spanne, str(entry.abdeckung or "")))


def _zeile(request: ReportRequest, code: str, month: Monat, sex: str = INSGESAMT) -> Zeile | None:
    key = (code, month, sex)
    return next((row for row in request.kennzahlen if (row.kennzahl, row.berichtsmonat, row.geschlecht) == key), None)


def kennzahl_zeilen(request: ReportRequest, codes: Sequence[str]) -> Iterator[Zeile]:
    """Yield the totals of these indicators in the reporting month, as far as there are any."""
    found = (_zeile(request, code, request.berichtsmonat) for code in codes)
    return (row for row in found if row is not None)


def _kennzahl_veraenderung(request: ReportRequest, code: str) -> Value:
    month = request.berichtsmonat
    return kennzahl_differenz(_zeile(request, code, month), _zeile(request, code, month.shift(-12)))


def _stand(row: Zeile | None) -> str:
    return row.datenstand.replace("geschaetzt", "geschätzt") if row is not None and row.datenstand else ""


def _mit_note(notes: Footnotes, request: ReportRequest, code: str) -> str:
    """Return the name of a figure with the number of its footnote, which never stands alone on a line."""
    name = figure_name(request, code)
    number = notes.label("", request.figures.get(code)).strip()
    return f"{name}{GESCHUETZT}{number}" if number else name


def _besser(besser: str | None) -> str:
    return {"weniger": "niedriger", "mehr": "höher"}.get(besser or "", "–")


def _monat(cells: Cells, codes: Sequence[str], month: Monat) -> Reihe:
    mark = cells.mark(month)
    state = f" {mark.split()[0]}" if "vorläufig" in mark else ""
    return Reihe((f"{month.name[:3]}{state}", *(angabe(cells.value(code, month)) for code in codes)))


def _teil(name: str, new: Value, total: Value, old: Value, art: Art = "zeile") -> Reihe:
    anteil = angabe(share(new, total), 1)
    return Reihe((name, angabe(new), angabe(old), anteil, *_changes(new, old)), art)


def _gemeinde(name: str, merkmal: str, code: str, cells: Cells, months: Sequence[Monat], art: Art = "zeile") -> Reihe:
    month, before, year_before = months
    values = [cells.value(figure, month, merkmal, code) for figure in ("BG", "PERS", "ELB")]
    old, older = (cells.value("BG", m, merkmal, code) for m in (before, year_before))
    return Reihe((name, *map(angabe, values), *_changes(values[0], old), *_changes(values[0], older)), art)


def _changes(new: Value, old: Value) -> tuple[str, str]:
    return differenz(change(new, old)), differenz(change_percent(new, old), 1)
