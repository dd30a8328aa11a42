"""The dated parameters as tables, whatever a file of ``etl/parameter`` holds: nothing of it is left out.

A file is a block (``titel``, ``quelle``, ``werte``: a list of entries with the same fields) or holds several.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from etl import parameter

ENTSCHEIDUNGEN = "entscheidungen"
_TITEL: Mapping[str, str] = {
    "anhaltegrenzen": "Wann eine Lieferung auf eine Entscheidung wartet",
    "aufbewahrung": "Aufbewahrung und Löschung",
    "bezeichnungen": "Bezeichnungen der Leistung",
    "fristen": "Fristen eines Berichtsmonats",
    "merkmale": "Merkmale",
    "nowcast": "Erwartete endgültige Werte",
    "organisation": "Herausgeber und Gebiet",
    "pruefgrenzen": "Grenzen der Prüfung",
    "veroeffentlichungsplan": "Was an wen veröffentlicht wird",
    "zaehlregeln": "Zählregeln",
    "zielampel": "Ampel der Zielwerte",
}
"""Titles of the files that hold several blocks, each with a title of its own."""
_SPALTEN: Mapping[str, str] = {
    "annahme": "Annahme",
    "codes": "Größen",
    "foerderung_ab": "Förderung ab",
    "foerderung_bis": "Förderung bis",
    "geringfuegig": "geringfügig",
    "svp": "sozialversicherungspflichtig",
    "gueltig_ab": "gültig ab",
    "gueltig_bis": "gültig bis",
    "gruende": "Gründe",
    "hoechstens": "höchstens",
    "hoechstens_prozent": "höchstens, Prozent",
    "kleine_kinder": "kleine Kinder",
    "je_kind": "je Kind",
    "kurz": "Kurzform",
    "oeffentlich_gefoerdert": "öffentlich gefördert",
    "quelle": "Quelle",
    "rbs": "Regelbedarfsstufen 1 bis 6",
    "schluessel": "Schlüssel",
    "schluesselname": "Parameter",
    "begruendung": "Begründung",
}
_OFFEN = (-9999, 9999)
"""Bounds of an open class."""


@dataclass(frozen=True)
class Angaben:
    """One block: its values as a table, and what holds for all of them (label and text)."""

    titel: str
    angaben: tuple[tuple[str, str], ...]
    spalten: tuple[str, ...]
    zeilen: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Datei:
    """One file of parameters."""

    name: str
    titel: str
    bloecke: tuple[Angaben, ...]


def dateien() -> tuple[Datei, ...]:
    """Return every file of parameters but the decisions, by title."""
    names = [name for name in parameter.NAMES if name != ENTSCHEIDUNGEN]
    return tuple(sorted(map(datei, names), key=lambda entry: entry.titel))


def datei(name: str) -> Datei:
    """Return the file ``<name>.yaml`` as tables."""
    content = parameter.read(name)
    titel = content["titel"] if "titel" in content else _TITEL[name]
    blocks = {titel: content} if "werte" in content else content
    if _alike(blocks):
        return Datei(name, titel, (_one_table(titel, blocks),))
    return Datei(name, titel, tuple(_block(key, block) for key, block in blocks.items()))


def text(value: object) -> str:
    """Write a value the German way: yes and no in words, dates with dots, a decimal comma."""
    match value:
        case None:
            written = ""
        case bool():
            written = "ja" if value else "nein"
        case dt.date():
            written = f"{value:%d.%m.%Y}"
        case float():
            written = str(value).replace(".", ",")
        case int() | str():
            written = "offen" if value in _OFFEN else str(value)
        case Mapping():
            written = ", ".join(_property(key, inner) for key, inner in value.items())
        case Sequence():
            written = ", ".join(map(text, value))
        case _:
            raise TypeError(f"Das Handbuch kann keinen Wert der Art {type(value).__name__} schreiben.")
    return written


def _property(key: object, value: object) -> str:
    """Write ``130 (gültig ab 01.07.2013)``; a name without properties stands alone."""
    if not isinstance(value, Mapping):
        return f"{spalte(str(key))}: {text(value)}"
    inner = ", ".join(f"{_SPALTEN.get(name, name)} {text(what)}" for name, what in value.items())
    return f"{key} ({inner})" if inner else str(key)


def spalte(name: str) -> str:
    """Return how a field is called in a heading."""
    label = _SPALTEN.get(name, name.replace("_", " "))
    return label[:1].upper() + label[1:]


def _alike(blocks: Mapping[str, Any]) -> bool:
    """Whether there are several blocks of the same fields, which then are rows of one table."""
    entries = [block.get("werte") if isinstance(block, Mapping) else None for block in blocks.values()]
    kinds = {frozenset(entry) for values in entries for entry in values or [{}]}
    return len(blocks) > 1 and len(kinds) == 1 and all(entries)


def _one_table(titel: str, blocks: Mapping[str, Any]) -> Angaben:
    rows: list[Mapping[str, Any]] = []
    for key, block in blocks.items():
        common = {name: value for name, value in block.items() if name != "werte"}
        rows += [{"schluesselname": key} | common | entry for entry in block["werte"]]
    return _table(titel, (), rows)


def _block(key: str, block: Any) -> Angaben:
    if not isinstance(block, Mapping):
        return _table(spalte(key), (), block)
    if "werte" not in block:
        return _table(spalte(key), (), [block])
    common = [(spalte(name), text(value)) for name, value in block.items() if name not in ("titel", "werte")]
    return _table(block.get("titel", key), common, _expanded(block["werte"]))


def _expanded(entries: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Write an entry with periods as one row per period."""
    rows: list[Mapping[str, Any]] = []
    for entry in entries:
        fixed = {name: value for name, value in entry.items() if name != "perioden"}
        rows += [fixed | period for period in entry.get("perioden", [{}])]
    return rows


def _table(titel: str, angaben: Sequence[tuple[str, str]], rows: Sequence[Mapping[str, Any]]) -> Angaben:
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    cells = tuple(tuple(text(row.get(name)) for name in names) for row in rows)
    return Angaben(titel, tuple(angaben), tuple(map(spalte, names)), cells)
