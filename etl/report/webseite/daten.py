"""The cells that a page carries for its filter, as JSON: what the readers may see, hidden values as their sign."""

from __future__ import annotations

import json
from decimal import Decimal

from markupsafe import Markup

from etl.monat import Monat
from etl.report.model import INSGESAMT, Cells, ReportRequest, Sign, Value, gebiet
from etl.report.sheets.common import datenstand, figure_name, merkmal_titel
from etl.report.webseite import auswahl
from etl.report.webseite.bilder import kurzmonat
from etl.report.webseite.tafeln import endgueltig


def der_seite(request: ReportRequest, cells: Cells) -> Markup:
    """Return the published cells of the months t−12 … t and the words for them.

    ``zellen``: feature, figure, code, then one value per month, a number or a sign. ``auspraegungen``: the codes of a
    feature with their words, in order. ``erste``: the figure that a feature shows first.
    """
    merkmale = [INSGESAMT, *auswahl.merkmale(cells)]
    figures = sorted({code for merkmal in merkmale for code in auswahl.groessen(cells, merkmal)})
    return _json(
        {
            "gebiet": gebiet().name,
            "datenstand": datenstand(request),
            "monate": [_monat(cells, month) for month in cells.months],
            "groessen": {code: _groesse(request, code) for code in figures},
            "bloecke": auswahl.bloecke(cells),
            "bilder": [
                {"titel": bild.titel, "groessen": bild.groessen, "nur": bild.nur, "kennung": bild.kennung}
                for bild in auswahl.BILDER
            ],
            "merkmale": {merkmal: _merkmal(cells, merkmal) for merkmal in merkmale},
            "zellen": {
                merkmal: {code: _reihen(cells, code, merkmal) for code in auswahl.groessen(cells, merkmal)}
                for merkmal in merkmale
            },
        }
    )


def der_monate(request: ReportRequest, cells: Cells) -> Markup:
    """Return the published totals of every month since the first: ``zellen`` as in ``der_seite``, with one code."""
    figures = auswahl.groessen(cells, INSGESAMT)
    return _json(
        {
            "gebiet": gebiet().name,
            "datenstand": datenstand(request),
            "monate": [_monat(cells, month) for month in cells.verlauf],
            "groessen": {code: _groesse(request, code) for code in figures},
            "merkmale": {INSGESAMT: _merkmal(cells, INSGESAMT)},
            "zellen": {
                INSGESAMT: {
                    code: {INSGESAMT: [_zahl(cells.value(code, month)) for month in cells.verlauf]} for code in figures
                }
            },
        }
    )


def _monat(cells: Cells, month: Monat) -> dict[str, str | bool]:
    return {
        "code": str(month),
        "name": month.name,
        "kurz": kurzmonat(month),
        "stand": cells.mark(month),
        "endgueltig": endgueltig(cells, month),
    }


def _groesse(request: ReportRequest, code: str) -> dict[str, str]:
    return {
        "name": figure_name(request, code),
        "kurz": auswahl.kurz(request, code),
        "legende": auswahl.legende(request, code),
        "einheit": request.figures[code].einheit,
    }


def _merkmal(cells: Cells, merkmal: str) -> dict[str, object]:
    return {
        "titel": merkmal_titel(merkmal),
        "offen": merkmal in auswahl.OFFEN,
        "auspraegungen": auswahl.werte_von(cells, merkmal),
    }


def _reihen(cells: Cells, groesse: str, merkmal: str) -> dict[str, list[int | float | str]]:
    return {
        code: [_zahl(cells.value(groesse, month, merkmal, code)) for month in cells.months]
        for code, _ in auswahl.werte_von(cells, merkmal)
    }


def _zahl(value: Value) -> int | float | str:
    """Return a value as JSON has it; amounts have two decimals, which a float holds exactly enough to read back."""
    if isinstance(value, Sign):
        return str(value)
    return int(value) if value == value.to_integral_value() else float(round(Decimal(value), 2))


def _json(data: object) -> Markup:
    """Return JSON for inside of a ``script`` element: no ``<`` that could end it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 (JSON, and nothing in it can end the element)
