"""The examples of the handbook as data: what was given, what came out, and where the cases of a paragraph differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Stelle = tuple[str, int, str]
"""A field of the given tables: table, row from 1, column. Month and Datenstand are fields of no table."""
MONAT: Stelle = ("", 0, "Berichtsmonat")
DATENSTAND: Stelle = ("", 0, "Datenstand")


@dataclass(frozen=True)
class Tabelle:
    """A small table as it is written in an example; every field is text."""

    name: str
    spalten: tuple[str, ...]
    zeilen: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Fall:
    """One case: a delivery in small tables, and the figures that must come out (None: no value yet)."""

    monat: str
    erstellt_am: str | None
    tabellen: tuple[Tabelle, ...]
    ergebnis: Mapping[str, str | None]

    @property
    def felder(self) -> dict[Stelle, str]:
        """Return every given field by its place."""
        head = {MONAT: self.monat, DATENSTAND: self.erstellt_am or ""}
        return head | {
            (tabelle.name, number, column): field
            for tabelle in self.tabellen
            for number, row in enumerate(tabelle.zeilen, 1)
            for column, field in zip(tabelle.spalten, row, strict=True)
        }


@dataclass(frozen=True)
class Absatz:
    """One rule in a sentence, with its cases; ``werte`` holds the cases of a rule that needs no delivery."""

    text: str
    faelle: tuple[Fall, ...]
    werte: Tabelle | None = None

    @property
    def unterschiede(self) -> tuple[Stelle, ...]:
        """Return the fields in which the cases differ, in the order of the tables."""
        every = [fall.felder for fall in self.faelle]
        places = dict.fromkeys(place for fields in every for place in fields)
        return tuple(place for place in places if len({fields.get(place, "") for fields in every}) > 1)

    @property
    def groessen(self) -> tuple[str, ...]:
        """Return the codes that the results name, each once."""
        return tuple(dict.fromkeys(name.split(" ")[0] for fall in self.faelle for name in fall.ergebnis))


@dataclass(frozen=True)
class Abschnitt:
    """One section: a rule of counting in all its cases."""

    kennung: str
    titel: str
    text: str
    absaetze: tuple[Absatz, ...]

    @property
    def groessen(self) -> tuple[str, ...]:
        """Return the codes that the examples name, each once."""
        return tuple(dict.fromkeys(code for absatz in self.absaetze for code in absatz.groessen))


@dataclass(frozen=True)
class Kapitel:
    """One chapter of the examples."""

    kennung: str
    titel: str
    abschnitte: tuple[Abschnitt, ...]
