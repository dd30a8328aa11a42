"""The catalogue of figures (``katalog.yaml``): what each figure is called, rests on, and counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import yaml

Population = Literal[
    "person",
    "bg",
    "bewegung",
    "leistung",
    "integration",
    "teilnahme",
    "zahlung",
    "unterkunft",
    "minderung",
    "verfahren",
    "dauer",
    "anwesenheit",
]

Besser = Literal["weniger", "mehr"]

SOURCE = Path(__file__).with_name("katalog.yaml")


@dataclass(frozen=True)
class Knapp:
    """Records that nearly count: ``wenn`` is SQL like a figure's ``bedingung``, ``warum`` the reason in words."""

    wenn: str
    warum: str


@dataclass(frozen=True)
class Figure:
    """One figure (Größe): what is summed (``mass``) over which records (``bedingung``) of ``satz_<grundgesamtheit>``.

    ``bedingung`` and ``mass`` are SQL over the columns of ``sql/figures/<grundgesamtheit>.sql``. A first value needs
    ``erster_wert_nach`` months of data before the month, the last one ``letzter_wert_vor`` months after it.
    ``gueltig_ab``: since when the official statistics count by this definition. ``besser``: whether fewer or more of it
    is the better development; None where that cannot be said.
    """

    code: str
    name: str
    kurz: str
    rechtsgrundlage: str
    formel: str
    einheit: str
    gueltig_ab: dt.date
    grundgesamtheit: Population
    bedingung: str
    mass: str
    erster_wert_nach: int
    fussnote: str | None
    quelle: str
    letzter_wert_vor: int = 0
    knapp: tuple[Knapp, ...] = ()
    besser: Besser | None = None


@cache
def load() -> Mapping[str, Figure]:
    """Return every figure by its code, in the order of the catalogue."""
    entries = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return MappingProxyType({entry["code"]: _figure(entry) for entry in entries})


def _figure(entry: dict[str, Any]) -> Figure:
    return Figure(**entry | {"knapp": tuple(Knapp(**near) for near in entry.get("knapp", ()))})
