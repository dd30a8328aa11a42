"""The check of a parameter file: its form by JSON Schema (``schema/<name>.json``), the rest here.

People edit these files. A mistake is a ``UsageError`` that names the file, the place inside it and what is wrong there.
Dates are read from ``2019-01-01`` with or without quotation marks, so that nobody has to know how YAML writes a day.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from etl import contract
from etl.angaben import Mistake, Place, form, parsed, require_none, written

_SCHEMAS = Path(__file__).with_name("schema")
_SHARED = "gemeinsam"
NAMES = tuple(sorted(path.stem for path in _SCHEMAS.glob("*.json") if path.stem != _SHARED))
"""Every parameter file there must be: those that have a schema."""

Entry = Mapping[str, Any]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@cache
def checked(name: str, content: bytes) -> Any:
    """Return the content of the file ``<name>.yaml`` if it can be used; else ``UsageError`` with all mistakes in it."""
    what = f"Die Parameterdatei {name}.yaml"
    document = parsed(what, content)
    mistakes = list(form(_validator(name), document))
    if not mistakes:
        document = _with_days(document)
        mistakes = list(_sense(name, document))
    require_none(what, document, mistakes, f"Was die Datei enthalten darf, steht in etl/parameter/schema/{name}.json.")
    return document


def _with_days(value: Any) -> Any:
    """Turn every day, checked by the schema to be one, into a ``date``."""
    if isinstance(value, dict):
        return {key: _with_days(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_days(inner) for inner in value]
    return dt.date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else value


# --- form: JSON Schema ------------------------------------------------------------------------------------------------


@cache
def _validator(name: str) -> Draft202012Validator:
    schemas = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(_SCHEMAS.glob("*.json"))}
    registry: Registry[Any] = Registry().with_resources(
        (file, Resource.from_contents(schema)) for file, schema in schemas.items()
    )
    return Draft202012Validator(
        schemas[f"{name}.json"], registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER
    )


# --- sense: what a schema cannot say ----------------------------------------------------------------------------------


def _sense(name: str, document: Any) -> Iterator[Mistake]:
    yield from _days_in_order((), document)
    yield from _codes_once((), document)
    if name in _OF_FILE:
        yield from _OF_FILE[name](document)


def _days_in_order(place: Place, value: Any) -> Iterator[Mistake]:
    """Every list of dated entries is in order; so its periods neither overlap nor leave a gap."""
    for step, inner in _children(value):
        yield from _days_in_order((*place, step), inner)
    if isinstance(value, list) and value and all(isinstance(entry, dict) and "gueltig_ab" in entry for entry in value):
        for number, (earlier, later) in enumerate(pairwise(value), start=1):
            if later["gueltig_ab"] <= earlier["gueltig_ab"]:
                yield (*place, number), f"Der Zeitraum beginnt nicht nach dem vorigen ({earlier['gueltig_ab']})."


def _codes_once(place: Place, value: Any) -> Iterator[Mistake]:
    for step, inner in _children(value):
        yield from _codes_once((*place, step), inner)
    if isinstance(value, list) and value and all(isinstance(entry, dict) and "code" in entry for entry in value):
        codes = [entry["code"] for entry in value]
        for number, code in enumerate(codes):
            if code in codes[:number]:
                yield (*place, number), f"Der Schlüssel „{code}“ steht schon weiter oben."


def _children(value: Any) -> Iterable[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _classes_without_gap(entries: Sequence[Entry], place: Place, first: str, last: str) -> Iterator[Mistake]:
    """Classes of numbers follow each other: every number belongs to exactly one."""
    bounded = [(number, entry) for number, entry in enumerate(entries) if first in entry]
    for number, entry in bounded:
        if entry[first] > entry[last]:
            yield (*place, number), f"„{first}“ ({entry[first]}) liegt nach „{last}“ ({entry[last]})."
    for (_, earlier), (number, later) in pairwise(bounded):
        if later[first] != earlier[last] + 1:
            kind = "überschneidet sich mit der vorigen" if later[first] <= earlier[last] else "lässt eine Lücke"
            yield (*place, number), f"Die Klasse {kind}: {earlier[last] + 1} müsste ihre erste Zahl sein."


def _all_codes(place: Place, entries: Sequence[Entry], table: str, column: str) -> Iterator[Mistake]:
    """A list of the contract's codes has all of them and no other: a missing one would silently not be counted."""
    found, wanted = {entry["code"] for entry in entries}, set(contract.TABLES[table].column(column).codes)
    for code in sorted(wanted - found):
        yield place, f"Der Schlüssel „{code}“ des Quellvertrags ({table}.{column}) fehlt."
    for code in sorted(found - wanted):
        yield place, f"Den Schlüssel „{code}“ kennt der Quellvertrag ({table}.{column}) nicht."


def _altersgrenze(document: Any) -> Iterator[Mistake]:
    yield from _classes_without_gap(document["werte"], ("werte",), "geboren_ab", "geboren_bis")


def _instrumente(document: Any) -> Iterator[Mistake]:
    yield from _all_codes(("werte",), document["werte"], "massnahme", "instrument")


def _leistungsarten(document: Any) -> Iterator[Mistake]:
    yield from _all_codes(("werte",), document["werte"], "leistung", "leistungsart")


def _erwerbsarten(document: Any) -> Iterator[Mistake]:
    yield from _all_codes(("werte",), document["werte"], "erwerbstaetigkeit", "art")


def _merkmale(document: Any) -> Iterator[Mistake]:
    for name in ("altersgruppen", "verweildauern"):
        yield from _classes_without_gap(document[name]["werte"], (name, "werte"), "von", "bis")
    yield from _all_codes(("geschlechter", "werte"), document["geschlechter"]["werte"], "person", "geschlecht")
    reasons = document["minderungsgruende"]["werte"]
    yield from _all_codes(("minderungsgruende", "werte"), reasons, "leistungsminderung", "grund")
    group_of: dict[str, str] = {}
    for number, group in enumerate(document["staatsangehoerigkeiten"]["werte"]):
        for key, period in group["schluessel"].items():
            place = ("staatsangehoerigkeiten", "werte", number, "schluessel", key)
            if key in group_of:
                yield place, f"Dieser Staat gehört schon zu {group_of[key]}."
            group_of[key] = group["code"]
            if "gueltig_ab" in period and "gueltig_bis" in period and period["gueltig_bis"] < period["gueltig_ab"]:
                yield place, "Der Zeitraum endet vor seinem Beginn."


def _entscheidungen(document: Any) -> Iterator[Mistake]:
    """A decided value is one of those that are implemented (``true`` is not 1)."""
    for name, entry in document.items():
        possible = [(type(value), value) for value in entry["moeglich"]]
        for number, value in enumerate(entry["werte"]):
            if (type(value["wert"]), value["wert"]) not in possible:
                choice = " oder ".join(written(other) for other in entry["moeglich"])
                text = f"{written(value['wert'])} ist nicht gebaut; möglich ist nur {choice}."
                yield (name, "werte", number, "wert"), text


def _nowcast(document: Any) -> Iterator[Mistake]:
    """Of n months the largest deviation covers n/(n+1): fewer months than that cannot give the wanted certainty."""
    needed = max(Decimal(str(entry["sicherheit"])) for entry in document["spanne"]["werte"])
    for number, entry in enumerate(document["historie"]["werte"]):
        if entry["mindestens"] < needed * (entry["mindestens"] + 1):
            yield (
                ("historie", "werte", number, "mindestens"),
                f"So wenige Monate ergeben keine Sicherheit von {needed}.",
            )
        if entry["hoechstens"] < entry["mindestens"]:
            yield ("historie", "werte", number, "hoechstens"), "Das ist weniger als „mindestens“."


_OF_FILE: Mapping[str, Callable[[Any], Iterator[Mistake]]] = {
    "altersgrenze": _altersgrenze,
    "entscheidungen": _entscheidungen,
    "erwerbsarten": _erwerbsarten,
    "instrumente": _instrumente,
    "leistungsarten": _leistungsarten,
    "merkmale": _merkmale,
    "nowcast": _nowcast,
}
