"""Which indicators can have a target, and the words for what they count (``ziele.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

SOURCE = Path(__file__).with_name("ziele.yaml")


@dataclass(frozen=True)
class Zielkennzahl:
    """An indicator that can have a target; see the head of ``ziele.yaml``."""

    wort: tuple[str, str] = ("", "")
    groesse: str = ""
    bei: str = ""


@cache
def load() -> Mapping[str, Zielkennzahl]:
    """Return every indicator that can have a target, by its code."""
    entries = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            code: Zielkennzahl(**entry | ({"wort": tuple(entry["wort"])} if "wort" in entry else {}))
            for code, entry in entries.items()
        }
    )
