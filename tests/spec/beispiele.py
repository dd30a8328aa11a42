"""Collects the cases of this folder as examples for the handbook: a recorder stands where ``spec_test`` is expected.

Nothing is computed here; that the figures come out is the work of the tests themselves.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from etl.handbuch.beispiel import Absatz, Abschnitt, Fall, Kapitel, Tabelle
from spec.conftest import Expected

FOLDER = Path(__file__).parent
CHAPTERS = (
    "kalender", "personengruppen", "bedarfsgemeinschaft", "bewegungen", "verweildauer", "anwesenheit",
    "langzeitleistungsbezug", "leistungen", "zahlungsansprueche", "unterkunft", "leistungsminderungen",
    "arbeitsmarktstatus", "massnahmen", "aktivierung", "integrationen", "kontinuierliche_beschaeftigung", "verfahren",
    "kennzahlen", "veroeffentlicht",
)  # fmt: skip
"""The chapters as they are read: what others build on comes first."""
_PARAMETER_SET = type(pytest.param())


def chapters() -> tuple[Kapitel, ...]:
    """Return the examples of every chapter."""
    found = {path.parent.name for path in FOLDER.glob("*/test_*.py")}
    if unplaced := found - set(CHAPTERS):
        raise ValueError(f"Kapitel ohne Platz im Handbuch (tests/spec/beispiele.py, CHAPTERS): {sorted(unplaced)}")
    return tuple(_chapter(name) for name in CHAPTERS if name in found)


def replay(spec_test: Callable[..., None]) -> None:
    """Call every case of the manual with another ``spec_test``."""
    for path in sorted(FOLDER.glob("*/test_*.py")):
        for function in _functions(importlib.import_module(f"spec.{path.parent.name}.{path.stem}")):
            if "spec_test" in inspect.signature(function).parameters:
                for case in _cases(function):
                    function(spec_test=spec_test, **case)


def _chapter(name: str) -> Kapitel:
    titel = importlib.import_module(f"spec.{name}").title
    sections = sorted(path.stem for path in (FOLDER / name).glob("test_*.py"))
    return Kapitel(name, titel, tuple(_section(name, section) for section in sections))


def _section(chapter: str, name: str) -> Abschnitt:
    module = importlib.import_module(f"spec.{chapter}.{name}")
    kennung = f"{chapter}-{name.removeprefix('test_')}"
    return Abschnitt(kennung, module.title, module.text, tuple(_paragraph(function) for function in _functions(module)))


def _functions(module: ModuleType) -> list[Callable[..., None]]:
    """Return the paragraphs of a section in the order in which they are written."""
    return [
        function
        for name, function in vars(module).items()
        if name.startswith("test_") and inspect.isfunction(function) and function.__module__ == module.__name__
    ]


def _paragraph(function: Callable[..., None]) -> Absatz:
    text = inspect.cleandoc(function.__doc__ or "")
    cases = list(_cases(function))
    wanted = set(inspect.signature(function).parameters)
    if "spec_test" not in wanted:  # a rule about numbers alone: its parameters are the example
        return Absatz(text, (), _table_of(cases) if cases[0] else None)
    if more := wanted - {"spec_test"} - set(cases[0]):
        raise TypeError(f"{function.__module__}.{function.__name__}: das Handbuch kennt {sorted(more)} nicht.")
    faelle: list[Fall] = []
    for case in cases:
        function(spec_test=_recorder(faelle), **case)
    return Absatz(text, tuple(faelle))


def _cases(function: Callable[..., None]) -> Iterator[dict[str, Any]]:
    """Return the arguments of every case in pytest's order; a function without parametrisation is one case."""
    marks = [mark for mark in getattr(function, "pytestmark", ()) if mark.name == "parametrize"]
    for choice in itertools.product(*(_values(*mark.args[:2]) for mark in marks)):
        yield {name: value for values in choice for name, value in values.items()}


def _values(names: str | Sequence[str], values: Sequence[Any]) -> list[dict[str, Any]]:
    columns = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    rows: list[dict[str, Any]] = []
    for value in values:
        plain = value.values if isinstance(value, _PARAMETER_SET) else value
        single = len(columns) == 1 and not isinstance(value, _PARAMETER_SET)
        rows.append(dict(zip(columns, [plain] if single else plain, strict=True)))
    return rows


def _recorder(faelle: list[Fall]) -> Callable[..., None]:
    def record(month: str, expected: Expected, *, erstellt_am: str | None = None, **tables: str) -> None:
        given = tuple(_table(name, text) for name, text in tables.items())
        ergebnis: Mapping[str, str | None] = {
            name: None if value is None else str(value) for name, value in expected.items()
        }
        faelle.append(Fall(month, erstellt_am, given, ergebnis))

    return record


def _table(name: str, text: str) -> Tabelle:
    """Take an ASCII table apart: a header, a line, the rows."""
    header, _, *lines = text.strip().splitlines()
    return Tabelle(name, _fields(header), tuple(_fields(line) for line in lines))


def _fields(line: str) -> tuple[str, ...]:
    return tuple(field.strip() for field in line.split("|"))


def _table_of(cases: Sequence[Mapping[str, Any]]) -> Tabelle:
    return Tabelle("Fälle", tuple(cases[0]), tuple(tuple(map(_text, case.values())) for case in cases))


def _text(value: object) -> str:
    """Write a parameter; one whose text may change from run to run (an address) has no place in the handbook."""
    match value:
        case None:
            return "kein Wert"
        case str() | int() | float() | Decimal() | Fraction():
            return str(value)
        case tuple() | list():
            return ", ".join(map(_text, value))
        case Mapping():
            return ", ".join(f"{_text(key)} = {_text(inner)}" for key, inner in value.items())
        case _:
            raise TypeError(f"Das Handbuch kann keinen Parameter der Art {type(value).__name__} schreiben.")
