"""Renders the handbook: the catalogues, the parameters and the examples as one HTML page, without a clock.

Every field of a catalogue is shown under a label; a new field without one is an error, so that none is left out unseen.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from etl.figures import katalog, kennzahlen
from etl.handbuch import parameter
from etl.handbuch.beispiel import DATENSTAND, MONAT, Absatz, Fall, Kapitel, Stelle
from etl.monat import Monat
from etl.parameter import read

FELDER: Mapping[str, str] = {
    "kurz": "Kurzform",
    "rechtsgrundlage": "Rechtsgrundlage",
    "gueltig_ab": "Definition gilt ab",
    "formel": "Formel",
    "art": "Rechenart",
    "zaehler": "Zähler",
    "nenner": "Nenner",
    "nenner_versatz": "Versatz des Nenners",
    "endet_vor": "Letzter gezählter Monat",
    "einheit": "Einheit",
    "besser": "Günstige Entwicklung",
    "grundgesamtheit": "Grundgesamtheit",
    "bedingung": "Bedingung",
    "mass": "Summiert wird",
    "erster_wert_nach": "Erster Wert",
    "letzter_wert_vor": "Letzter Wert",
    "knapp": "Zählt knapp nicht",
    "fussnote": "Fußnote",
    "quelle": "Quelle",
}
"""Fields of a figure or indicator in the order in which they are shown."""
KOPF = ("code", "name", "familie")
"""Fields that stand in the heading or decide the chapter."""
ENTSCHEIDUNG: Mapping[str, str] = {
    "werte": "Entschieden",
    "bedeutung": "Bedeutung",
    "moeglich": "Möglich",
    "wirkung": "Wirkt auf",
    "ort": "Umgesetzt in",
    "annahme": "Annahme",
    "quelle": "Quelle",
}
"""Fields of a decision in the order in which they are shown; its question stands in the heading."""
CODE = ("grundgesamtheit", "bedingung", "mass", "ort")
"""Fields in the language of the computation: set as code."""
VERWEISE = ("zaehler", "nenner")
"""Fields that name figures by their codes."""
RECHENARTEN: Mapping[str, str] = {
    "veraenderung": "(Zähler ÷ Nenner − 1) · 100; der Nenner ist der Wert des Vorjahresmonats",
    "summenquote": "Zähler ÷ Nenner · 100; beide sind Summen über zwölf Monate",
    "mittelquote": "Zähler ÷ Nenner · 100; Summe über zwölf Monate, geteilt durch das Mittel von zwölf Beständen",
    "anteil": "Zähler ÷ Nenner · 100; beide im Berichtsmonat",
    "verhaeltnis": "Zähler ÷ Nenner; beide im Berichtsmonat",
}


@dataclasses.dataclass(frozen=True)
class Feld:
    """One labelled field of an entry: texts one below the other, or codes of figures that are links."""

    titel: str
    texte: tuple[str, ...]
    art: Literal["text", "code", "verweis"]


@dataclasses.dataclass(frozen=True)
class Eintrag:
    """One figure or indicator; ``beispiele`` are the sections (id and title) whose examples name its code."""

    code: str
    name: str
    felder: tuple[Feld, ...]
    beispiele: tuple[tuple[str, str], ...]


def render(kapitel: Sequence[Kapitel]) -> str:
    """Return the page. ``kapitel`` are the examples, in the order in which they are read."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "ergebnis": ergebnis,
        "stelle": stelle,
        "feldwert": feldwert,
        "monat": monat,
        "datenstand": datenstand,
        "umbrechbar": umbrechbar,
    }
    groessen = [_entry(figure, kapitel) for figure in katalog.load().values()]
    paragraph_48a = [_entry(kennzahl, kapitel) for kennzahl in kennzahlen.paragraph_48a()]
    quoten = [_entry(kennzahl, kapitel) for kennzahl in kennzahlen.quoten()]
    return environment.get_template("handbuch.html.j2").render(
        verzeichnisse=(
            ("groessen", "Größen", groessen),
            ("kennzahlen", "Kennzahlen nach § 48a SGB II", paragraph_48a),
            ("quoten", "Weitere Quoten", quoten),
        ),
        bekannt={entry.code for entry in (*groessen, *paragraph_48a, *quoten)},
        parameter=parameter.dateien(),
        entscheidungen=[_decision(code, block) for code, block in read(parameter.ENTSCHEIDUNGEN).items()],
        kapitel=kapitel,
        wartezeit=kennzahlen.FINAL,
    )


def ergebnis(fall: Fall) -> str:
    """Write the result of a case: ``ELB = 1 · ELB (ALTER 15-24) = 1``."""
    return " · ".join(f"{_groesse(name)} = {_wert(value)}" for name, value in fall.ergebnis.items())


def stelle(place: Stelle, absatz: Absatz) -> str:
    """Write where a field stands: ``person: geburtsdatum``, with the row where a case has several."""
    table, row, column = place
    if not table:
        return column
    rows = max(len(given.zeilen) for fall in absatz.faelle for given in fall.tabellen if given.name == table)
    return f"{table}: {column}" + (f", Zeile {row}" if rows > 1 else "")


def feldwert(place: Stelle, fall: Fall) -> str:
    """Return the field of a case, as text for the reader."""
    found = fall.felder.get(place, "")
    if place == MONAT:
        return monat(found)
    return datenstand(found) if place == DATENSTAND and found else found


def monat(text: str) -> str:
    """Write ``2024-03`` as ``März 2024``."""
    return Monat.parse(text).name


def datenstand(text: str) -> str:
    """Write the moment a delivery was made, in the zone it names."""
    moment = dt.datetime.fromisoformat(text)
    return f"{moment:%d.%m.%Y, %H:%M} Uhr (UTC{moment:%z})"


def umbrechbar(text: str) -> Markup:
    """Let a long name break after an underscore."""
    return Markup("_<wbr>").join(text.split("_"))


def _groesse(name: str) -> str:
    code, _, cell = name.partition(" ")
    return f"{code} ({cell})" if cell else code


def _wert(value: str | None) -> str:
    return "noch kein Wert" if value is None else value.replace("-", "−").replace(".", ",")


def _entry(source: katalog.Figure | kennzahlen.Kennzahl, kapitel: Sequence[Kapitel]) -> Eintrag:
    names = [field.name for field in dataclasses.fields(source)]
    _check_labels(names, (*FELDER, *KOPF))
    fields = [
        Feld(label, _texts(name, getattr(source, name)), _kind(name)) for name, label in FELDER.items() if name in names
    ]
    return Eintrag(
        code=source.code,
        name=source.name,
        felder=tuple(field for field in fields if field.texte),
        beispiele=tuple(
            (section.kennung, section.titel)
            for chapter in kapitel
            for section in chapter.abschnitte
            if source.code in section.groessen
        ),
    )


def _check_labels(names: Iterable[str], known: Iterable[str]) -> None:
    if unknown := set(names) - set(known):
        raise ValueError(
            f"Neue Felder ohne Bezeichnung im Handbuch: {', '.join(sorted(unknown))}. "
            "Die Bezeichnungen stehen in etl/handbuch/seite.py (FELDER, ENTSCHEIDUNG)."
        )


def _decision(code: str, block: Mapping[str, Any]) -> Eintrag:
    _check_labels(block, (*ENTSCHEIDUNG, "frage"))
    felder = tuple(
        Feld(label, _decided(block[name]) if name == "werte" else (parameter.text(block[name]),), _kind(name))
        for name, label in ENTSCHEIDUNG.items()
        if name in block
    )
    return Eintrag(code, block["frage"], felder, ())


def _decided(values: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(f"{parameter.text(value['wert'])} (ab {parameter.text(value['gueltig_ab'])})" for value in values)


def _texts(name: str, value: object) -> tuple[str, ...]:
    """Return the text of a field; nothing where a field says nothing (no footnote, no lag)."""
    match name, value:
        case (_, None) | (("letzter_wert_vor" | "nenner_versatz" | "endet_vor"), 0):
            return ()
        case (("zaehler" | "nenner"), tuple()):
            return value
        case "knapp", tuple():
            return tuple(f"{near.warum} ({near.wenn})" for near in value)
        case "erster_wert_nach", int():
            written = _first_value(value)
        case "letzter_wert_vor", int():
            written = f"{value} Monate vor dem letzten Monat der Lieferung"
        case "nenner_versatz", int():
            written = f"Monate des Nenners liegen {_months(value)} vor denen des Zählers"
        case "endet_vor", int():
            written = f"{_months(value)} vor dem Berichtsmonat"
        case "art", str():
            written = RECHENARTEN[value]
        case (("zaehler" | "nenner"), tuple()):
            written = " + ".join(value)
        case "grundgesamtheit", str():
            written = f"sql/figures/{value}.sql"
        case _:
            written = parameter.text(value)
    return (written,)


def _kind(name: str) -> Literal["text", "code", "verweis"]:
    if name in VERWEISE:
        return "verweis"
    return "code" if name in CODE else "text"


def _months(count: int) -> str:
    return "einen Monat" if count == 1 else f"{count} Monate"


def _first_value(months: int) -> str:
    first = "im ersten Monat der Lieferung mit Leistungen"
    return f"{months} Monate nach dem ersten Monat der Lieferung mit Leistungen" if months else first
