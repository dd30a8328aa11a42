"""The catalogue of figures (``katalog.yaml``): what each figure is called, rests on, and counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import yaml

Population = Literal["person", "bg", "bewegung", "leistung"]


@dataclass(frozen=True)
class Figure:
    """One figure (Größe). ``bedingung`` is SQL over the columns of ``sql/figures/<grundgesamtheit>.sql``."""

    code: str
    name: str
    kurz: str
    rechtsgrundlage: str
    formel: str
    einheit: str
    grundgesamtheit: Population
    bedingung: str
    mass: Literal["anzahl", "llu", "luh"]
    erster_wert_nach: int
    fussnote: str | None
    quelle: str


@cache
def load() -> Mapping[str, Figure]:
    """Return every figure by its code, in the order of the catalogue."""
    entries = yaml.safe_load(Path(__file__).with_name("katalog.yaml").read_text(encoding="utf-8"))
    return MappingProxyType({entry["code"]: Figure(**entry) for entry in entries})
