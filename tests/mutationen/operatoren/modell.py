"""What an operator of mutation is, and the list they enter."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Form = Literal["csv", "parquet", "zip"]
FORMEN: tuple[Form, ...] = ("csv", "parquet", "zip")
"""The sound deliveries: a folder with CSV, a folder with Parquet, a zip with CSV."""

GEHEIM = "GEHEIM4711"
"""In every planted text: it must not turn up in a message or a log."""

Ort = tuple[str, int | None, str | None]
"""Table, number of the data row (from 1), column."""


@dataclass(frozen=True)
class Mutation:
    """What was done, and where: a rejection must name this place, unless it is a key that others refer to."""

    was: str
    ort: Ort | None = None


Ausfuehrung = Callable[[Path, random.Random], Mutation]


@dataclass(frozen=True)
class Operator:
    """One way to spoil a delivery.

    ``gepackt``: it works on the zip file itself; else on the folder, which is packed afterwards where the form is zip.
    ``selten``: it is heavy, and two of it are enough. ``strenger``: the words with which the product rejects what the
    contract's text allows, and why that is right.
    """

    gruppe: str
    name: str
    formen: tuple[Form, ...]
    ausfuehren: Ausfuehrung
    gepackt: bool = False
    selten: bool = False
    strenger: tuple[str, ...] = ()


OPERATOREN: list[Operator] = []


def operator(
    gruppe: str,
    name: str,
    *formen: Form,
    gepackt: bool = False,
    selten: bool = False,
    strenger: tuple[str, ...] = (),
) -> Callable[[Ausfuehrung], Ausfuehrung]:
    """Enter a function into the list of operators; without ``formen`` for all of them."""

    def merke(ausfuehrung: Ausfuehrung) -> Ausfuehrung:
        chosen = formen or (("zip",) if gepackt else FORMEN)
        OPERATOREN.append(Operator(gruppe, name, chosen, ausfuehrung, gepackt, selten, strenger))
        return ausfuehrung

    return merke
