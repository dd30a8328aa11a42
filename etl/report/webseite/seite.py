"""Puts a page together from the published cells: no clock, nothing from outside, scripts and styles by their hash."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from etl import zahlen
from etl.figures.katalog import Besser
from etl.monat import Monat
from etl.nowcast import METHODE
from etl.report import saetze
from etl.report.model import INSGESAMT, Cells, ReportRequest, Sign, Value, change, change_percent, gebiet
from etl.report.sheets import impressum, methodik
from etl.report.sheets.common import (
    SYNTHETISCH,
    datenstand,
    datum,
    figure_name,
    herausgeber,
    hinweis,
    merkmal_titel,
    source,
)
from etl.report.sheets.inhalt import SIGNS
from etl.report.webseite import auswahl, daten, tafeln
from etl.report.webseite import kennzahlen as steuerung
from etl.report.webseite.bausteine import GESPROCHEN, Block, Tafel, differenz, feld, rahmen, tafel, wert

_HERE = Path(__file__).parent
_SAETZE = ("BG", "INT", "PERS")
"""Figures that are told in a sentence, as the press release begins."""
_SPALTEN_DES_VERLAUFS = ("BG", "PERS", "ELB", "NEF", "LZB", "INT")


@dataclass(frozen=True)
class Aenderung:
    """A change of a headline figure: against what, the signs, and the word."""

    gegen: str
    text: str
    wort: str


@dataclass(frozen=True)
class Kachel:
    """A headline figure."""

    titel: str
    wert: str
    stand: str
    aenderungen: tuple[Aenderung, ...]


@dataclass(frozen=True)
class ZeileDesMonats:
    """A month on the start page: its mark, whether it has a page, its totals."""

    monat: Monat
    stand: str
    verweis: bool
    felder: Sequence[Markup]


def monat(request: ReportRequest, cells: Cells) -> str:
    """Return the page of the month."""
    titel = auswahl.titel_der_auswahl(INSGESAMT, "")
    eckwerte = tafeln.eckwerte(request, cells, INSGESAMT, INSGESAMT, titel)
    return _page(
        "monat.html.j2",
        request,
        cells,
        letzter=len(cells.months) - 1,
        saetze=[_satz(cells, code) for code in _SAETZE if cells.planned(code)],
        kacheln=[_kachel(request, cells, code) for code in auswahl.KACHELN if cells.planned(code)],
        auswahl=[(merkmal, merkmal_titel(merkmal)) for merkmal in (INSGESAMT, *auswahl.merkmale(cells))],
        eckwerte=rahmen(eckwerte.titel, tafel(eckwerte)),
        bilder=_bilder(request, cells, titel),
        strukturen=[_struktur(request, cells, merkmal) for merkmal in auswahl.merkmale(cells)],
        alle=[_kasten(tafeln.alle(request, cells, merkmal)) for merkmal in auswahl.merkmale(cells)],
        kennzahlen=steuerung.alle(request),
        bilder_der_kennzahlen=steuerung.bilder(request, cells),
        lesebeispiele=steuerung.lesebeispiele(request),
        ziele=steuerung.ziele(request),
        erwartungen=steuerung.erwartungen(request),
        ohne_erwartung=steuerung.ohne_erwartung(request),
        methode=METHODE,
        definitionen=[entry for code, entry in request.figures.items() if cells.planned(code)],
        daten=daten.der_seite(request, cells),
    )


def start(request: ReportRequest, cells: Cells) -> str:
    """Return the start page: every month with its totals, and a link where it has a page."""
    codes = [code for code in _SPALTEN_DES_VERLAUFS if cells.planned(code)]
    letzter = cells.verlauf[-1].months_since(cells.verlauf[0]) if cells.verlauf else len(cells.months) - 1
    return _page(
        "start.html.j2",
        request,
        cells,
        bilder=[
            Block(bild.kennung, bild.titel, tafeln.verlauf(request, cells, bild))
            for bild in auswahl.VERLAUF
            if all(map(cells.planned, bild.groessen))
        ],
        spalten=[(auswahl.kurz(request, code), figure_name(request, code)) for code in codes],
        jahre=_jahre(request, cells, codes),
        letzter=letzter,
        daten=daten.der_monate(request, cells),
    )


def _bilder(request: ReportRequest, cells: Cells, titel: str) -> list[Block]:
    """Return every chart that a choice can show; one that has nothing to show in total is there, but empty."""
    shown = {bild.kennung: codes for bild, codes in auswahl.bilder(cells, INSGESAMT)}
    return [
        Block(
            bild.kennung,
            bild.titel,
            tafeln.bild(request, cells, bild, shown[bild.kennung], titel) if bild.kennung in shown else Markup(""),
        )
        for bild in auswahl.BILDER
    ]


def _struktur(request: ReportRequest, cells: Cells, merkmal: str) -> Block:
    erste = auswahl.erste(cells, merkmal)
    return Block(
        f"struktur-{merkmal}",
        f"nach {merkmal_titel(merkmal)}",
        tafeln.struktur_und_tafel(request, cells, erste, merkmal),
        tuple((code, figure_name(request, code)) for code in auswahl.groessen(cells, merkmal)),
        erste,
        merkmal,
    )


def _kachel(request: ReportRequest, cells: Cells, code: str) -> Kachel:
    month = request.berichtsmonat
    new, *others = (cells.value(code, m) for m in (month, month.shift(-1), month.shift(-12)))
    besser = request.figures[code].besser
    changes = [_aenderung(gegen, new, old, besser) for gegen, old in zip(("Vormonat", "Vorjahr"), others, strict=True)]
    return Kachel(figure_name(request, code), wert(new), cells.mark(month), tuple(changes))


def _satz(cells: Cells, code: str) -> str:
    month = cells.months[-1]
    return saetze.stand(code, month, *(cells.value(code, m) for m in (month, month.shift(-1), month.shift(-12))))


def _aenderung(gegen: str, new: Value, old: Value, besser: Besser | None) -> Aenderung:
    absolute, percent = change(new, old), change_percent(new, old)
    if isinstance(absolute, Sign):
        return Aenderung(gegen, str(absolute), GESPROCHEN[absolute])
    relative = str(percent) if isinstance(percent, Sign) else f"{differenz(percent, 1)}{zahlen.GESCHUETZT}%"
    return Aenderung(gegen, f"{differenz(absolute)} ({relative})", saetze.entwicklung(new, old, besser))


def _jahre(request: ReportRequest, cells: Cells, codes: Sequence[str]) -> list[tuple[int, list[ZeileDesMonats]]]:
    """Return every month since the first, the newest first, by year."""
    linked = {*request.berichtsmonate, request.berichtsmonat}
    rows = [
        ZeileDesMonats(
            month, cells.mark(month), month in linked, [feld(wert(cells.value(code, month))) for code in codes]
        )
        for month in reversed(cells.verlauf)
    ]
    return [(jahr, list(found)) for jahr, found in groupby(rows, key=lambda row: row.monat.jahr)]


def _kasten(table: Tafel) -> tuple[str, Markup]:
    return table.titel, rahmen(table.titel, tafel(table))


def _page(template: str, request: ReportRequest, cells: Cells, **values: object) -> str:
    style, script = _asset("stil.css"), _asset("seite.js")
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(template).render(
        r=request,
        monat=request.berichtsmonat,
        stand=cells.mark(request.berichtsmonat),
        gebiet=gebiet(),
        herausgeber=herausgeber(request),
        datenstand=datenstand(request),
        gebietsstand=datum(gebiet().gebietsstand),
        quelle=source(request),
        hinweise=[*([SYNTHETISCH] if request.synthetic else []), hinweis(request)],
        zeichen=SIGNS,
        methodik=methodik.chapters(request, cells),
        impressum=impressum.fields(request, cells),
        stil=Markup(style),  # noqa: S704 (our own file)
        skript=Markup(script),  # noqa: S704 (our own file)
        regeln=_policy(style, script),
        **values,
    )


@cache
def _asset(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Return the content security policy: nothing is loaded, and no script runs but the page's own."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
