"""What several sheets share: words for codes, the line of the source, the marks of months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from zoneinfo import ZoneInfo

from etl import parameter
from etl.figures import kennzahlen
from etl.figures.katalog import Figure
from etl.monat import Monat
from etl.report.layout import Column, Footnotes, Kind, Row, RowKind
from etl.report.model import INSGESAMT, OHNE, Cells, ReportRequest, gebiet, gemeinden, organisation

ZEITZONE = ZoneInfo("Europe/Berlin")
_NUR_DIENSTGEBRAUCH = "Nur für den Dienstgebrauch – enthält Werte unter 3"
_GEHEIM = "Werte von 1 und 2 sind durch * ersetzt"
SYNTHETISCH = "Synthetische Daten – keine amtlichen Zahlen"
ROUNDING_NOTE = (
    "Veränderungen und Anteile sind aus ungerundeten Werten berechnet; Abweichungen durch Rundung sind möglich."
)

NICHT_VORGESEHEN = "Für diesen Empfängerkreis im Veröffentlichungsplan nicht vorgesehen."
NICHT_GELADEN = "Für die verglichenen Monate liegen diese Werte nicht vor."

MERKMALE: Mapping[str, str] = MappingProxyType(
    {"GESCHLECHT": "geschlechter", "ALTER": "altersgruppen", "STAATSANGEHOERIGKEIT": "staatsangehoerigkeiten"}
)
"""Closed lists of persons in the order of the report, and the classification that names their codes."""

KLASSIFIKATIONEN: Mapping[str, str] = MappingProxyType(
    {
        **MERKMALE,
        "BG_TYP": "bg_typen",
        "INSTRUMENT": "instrumente",
        "LEISTUNGSART": "leistungsarten",
        "MINDERUNGSGRUND": "minderungsgruende",
        "VERWEILDAUER": "verweildauern",
    }
)
"""Every feature that has a closed list of codes, and the classification that names them."""

_TITEL: Mapping[str, str] = MappingProxyType(
    {
        INSGESAMT: "Insgesamt",
        "GESCHLECHT": "Geschlecht",
        "ALTER": "Alter",
        "STAATSANGEHOERIGKEIT": "Staatsangehörigkeit",
        "BG_TYP": "Typ der Bedarfsgemeinschaft",
        "GEMEINDE": "Gemeinde",
        "GESCHAEFTSSTELLE": "Geschäftsstelle",
        "INSTRUMENT": "Maßnahme",
        "LEISTUNGSART": "Leistungsart",
        "MINDERUNGSGRUND": "Grund der Leistungsminderung",
        "VERWEILDAUER": "Verweildauer",
    }
)

_MAX_LABEL = 60


def kurzdatum(moment: dt.datetime) -> dt.date:
    """Return the calendar day of ``moment`` in Germany."""
    return moment.astimezone(ZEITZONE).date()


def datum(day: dt.date) -> str:
    """Write a day the German way: ``05.09.2026``."""
    return f"{day:%d.%m.%Y}"


def datenstand(request: ReportRequest) -> str:
    """Write the Datenstand with its time of day in Germany."""
    return f"{request.datenstand.astimezone(ZEITZONE):%d.%m.%Y, %H:%M} Uhr"


def herausgeber(request: ReportRequest) -> str:
    """Return the name of the job centre that issues the report."""
    return organisation(kurzdatum(request.datenstand)).name


def hinweis(request: ReportRequest) -> str:
    """Say whether the report may leave the job centre, and what is hidden in it."""
    return _NUR_DIENSTGEBRAUCH if request.vertraulich else _GEHEIM


def source(request: ReportRequest) -> str:
    """Return the line of the source that stands below every grid."""
    kind = "Synthetische Falldaten" if request.synthetic else "Falldaten"
    return (
        f"Quelle: {kind} des Trägers {request.traegernummer}, Lieferung {request.lieferung_id}, "
        f"Datenstand {datenstand(request)}; eigene Auswertung ({herausgeber(request)})."
    )


def head_line(request: ReportRequest) -> str:
    """Return the line in the head of every sheet."""
    return (
        f"{gebiet().name}  ·  Berichtsmonat {request.berichtsmonat.name}  ·  Datenstand {datenstand(request)}"
        f"  ·  Gebietsstand {datum(gebiet().gebietsstand)}"
    )


def words(classification: str) -> Mapping[str, str]:
    """Return the word for each code of a classification, in its order."""
    return {code.code: code.titel for code in parameter.codes(classification)}


def merkmal_titel(merkmal: str) -> str:
    """Return what a feature is called: ``Staatsangehörigkeit``."""
    return _TITEL[merkmal]


def auspraegungen(merkmal: str) -> Mapping[str, str]:
    """Return the word for each code of a feature, in the order of its list; empty for an open list without one."""
    if merkmal == INSGESAMT:
        return {INSGESAMT: _TITEL[INSGESAMT]}
    if merkmal == "GEMEINDE":
        return gemeinden()
    return words(KLASSIFIKATIONEN[merkmal]) if merkmal in KLASSIFIKATIONEN else {}


def figure_name(request: ReportRequest, code: str) -> str:
    """Return the official name of a figure; its code while the catalogue does not know it."""
    figure = request.figures.get(code)
    return figure.name if figure else code


def figure(request: ReportRequest, code: str) -> Figure | None:
    """Return the catalogue's entry of a figure, if there is one."""
    return request.figures.get(code)


def label_of(code: str, titles: Mapping[str, str]) -> str:
    """Return the word for a code; an unknown code stands for itself, shortened if it is very long."""
    if code == OHNE:
        return "ohne Zuordnung"
    if code in titles:
        return titles[code]
    return code if len(code) <= _MAX_LABEL else code[: _MAX_LABEL - 1] + "…"


def listed(
    cells: Cells, figures: Sequence[str], merkmal: str, titles: Mapping[str, str], months: Sequence[Monat]
) -> tuple[str, ...]:
    """Return the codes of a list: the known ones in their order, then what else ``figures`` have, ``OHNE`` last."""
    found = {code for month in months for groesse in figures for code in cells.codes(groesse, merkmal, month)}
    found -= set(titles)
    return (*titles, *sorted(found, key=lambda code: (code == OHNE, code)))


def section(text: str, columns: int) -> Row:
    """Return the heading of a block inside a grid."""
    return Row((text, *[""] * (columns - 1)), RowKind.SECTION)


def remark(text: str, columns: int) -> Row:
    """Return a row of words across the grid, such as why a block is empty."""
    return Row((text, *[""] * (columns - 1)), RowKind.REMARK)


def zeilenname(groesse: str, merkmal: str, code: str = "") -> str:
    """Return the name of the row of a code: ``ELB_ALTER_55plus``.

    Codes of open lists come from the data: their names hold a slash and so never become the name of a range.
    """
    if merkmal not in KLASSIFIKATIONEN:
        return f"{groesse}/{merkmal}/{code}"
    return f"{groesse}_{merkmal}_{code.replace('+', 'plus').replace('-', '_')}"


def kennzahl_label(notes: Footnotes, code: str) -> str:
    """Return the code and the name of an indicator with the number of its footnote."""
    kennzahl = kennzahlen.load()[code]
    text = f"{code}: {kennzahl.name}" if kennzahl.familie == "paragraph_48a" else kennzahl.name
    return notes.mark(text, kennzahl.fussnote) if kennzahl.fussnote else text


def spaltenbreite(heading: str, least: float) -> float:
    """Return a width in which no word of a heading is broken."""
    return max(least, max(map(len, heading.split())) * 1.05 + 1.5)


def nachkommastellen(kennzahl: str) -> int:
    """Return the decimals of an indicator in a report: percentages have one, ratios two."""
    return 2 if kennzahlen.load()[kennzahl].art == "verhaeltnis" else 1


def stufe(cells: Cells, month: Monat) -> str:
    """Return the mark of a month for a narrow column: ``T-0``."""
    mark = cells.mark(month)
    return mark.split()[0] if mark.startswith("T-") else mark


def month_column(cells: Cells, month: Monat, group: str = "", width: float = 11, kind: Kind = Kind.NUMBER) -> Column:
    """Return a column of values of one month with the mark of its data state."""
    return Column(month.first_day, kind, width, group, cells.mark(month))
