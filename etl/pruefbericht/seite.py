"""Renders the validation report (HTML and PDF) and the public reference of the rules, without a clock."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from etl import parameter
from etl.handbuch.parameter import text
from etl.pruefbericht.modell import Lauf, Pruefbericht
from etl.typesetting import typeset
from etl.validate.regelwerk import FOLGE, Regelwerk
from etl.zahlen import zahl

_HERE = Path(__file__).parent
_WIDTH, _HEIGHT = 640, 160


@dataclasses.dataclass(frozen=True)
class Punkt:
    """One delivery of the trend as a bar of the drawing."""

    x: float
    y: float
    breite: float
    hoehe: float
    lauf: Lauf


def html(bericht: Pruefbericht, zurueck: str = "") -> str:
    """Return the report as one self-contained page; ``zurueck``: address of the page that led to it, if one did."""
    bars, levels = _bars(bericht.verlauf), list(FOLGE.values())
    return _page("bericht.html.j2", b=bericht, balken=bars, folgen=levels, zurueck=zurueck)


def pdf(bericht: Pruefbericht) -> bytes:
    """Return the report as PDF/UA-1, made from the same model; the same report gives the same bytes."""
    data = json.dumps(dataclasses.asdict(bericht), ensure_ascii=False, default=_plain)
    return typeset(_HERE / "bericht.typ", {"bericht": data}, ["ua-1"], bericht.erstellt_am)


def rule_reference(regelwerk: Regelwerk, datenstand: dt.date) -> str:
    """Return the public reference of all rules, with the limits that hold on a day."""
    suites = [(suite, [regel.am(datenstand) for regel in suite.regeln]) for suite in regelwerk.suiten]
    limits = parameter.read("pruefgrenzen")
    return _page(
        "regeln.html.j2", suiten=suites, folge=FOLGE, stand=datenstand, grenze=lambda name: limit(limits[name])
    )


def limit(block: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what a limit of ``pruefgrenzen.yaml`` is: every dated value, where it comes from, what is assumed."""
    first, *later = block["werte"]
    values = [text(first["wert"]), *(f"{text(one['wert'])} ab {one['gueltig_ab']:%d.%m.%Y}" for one in later)]
    said = (
        f"{label}: {block[name]}" for name, label in (("quelle", "Quelle"), ("annahme", "Annahme")) if name in block
    )
    return (f"{block['titel']}: {', '.join(values)} {block['einheit']}", *said)


def _page(template: str, **values: object) -> str:
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    filters: dict[str, Any] = {"zahl": zahl, "tag": _tag, "moment": _moment, "groessen": _groessen}
    environment.filters |= filters
    return environment.get_template(template).render(**values)


def _groessen(codes: Sequence[str]) -> str:
    """Write which figures a rule can move."""
    return "alle Größen" if tuple(codes) == ("ALLE",) else ", ".join(codes) or "keine Zahl"


def _tag(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"


def _moment(moment: dt.datetime) -> str:
    return f"{moment:%d.%m.%Y, %H:%M} Uhr (UTC{moment:%z})"


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime):
        return _moment(value)
    if isinstance(value, dt.date):
        return _tag(value)
    raise TypeError(type(value).__name__)


def _bars(verlauf: Sequence[Lauf]) -> list[Punkt]:
    """Return one bar per delivery, as high as its share of the largest number of findings."""
    most = max((lauf.summe for lauf in verlauf), default=0) or 1
    step = _WIDTH / max(len(verlauf), 1)
    return [
        Punkt(
            x=round(number * step + step * 0.15, 1),
            y=round(_HEIGHT - _HEIGHT * lauf.summe / most, 1),
            breite=round(min(step * 0.7, 60), 1),
            hoehe=round(_HEIGHT * lauf.summe / most, 1),
            lauf=lauf,
        )
        for number, lauf in enumerate(verlauf)
    ]
