"""Findings for a page: filtered, page by page, without a key, a value or an amount of a single case."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from etl.validate.regelwerk import Regel

PAGE = 50
"""Findings on one page."""
SHORT = 12
"""Letters of a finding's id, as on the terminal and in the correction lists."""
FILTERS = {"regel": "regel_id", "team": "zustaendigkeit", "zustand": "zustand"}
"""What a person can filter by, and the column it means."""


@dataclass(frozen=True)
class Befund:
    """One finding. ``bewegt``: which figures would change without its record; by how much is a value of one case."""

    befund_id: str
    regel_id: str
    titel: str
    zustand: str
    ausnahme_id: int | None
    bewegt: str
    team: str
    geschaeftsstelle: str
    monat: dt.date | None


@dataclass(frozen=True)
class Auswahl:
    """One page of the findings that fit the filter, and what can be chosen (value to number of findings)."""

    filter: Mapping[str, str]
    werte: Mapping[str, Mapping[str, int]]
    befunde: tuple[Befund, ...]
    gesamt: int
    passend: int
    seite: int
    seiten: int


def chosen(found: pa.Table, regeln: Mapping[str, Regel], wanted: Mapping[str, str], page: int) -> Auswahl:
    """Return a page (from 1) of the findings that fit; a filter with a value that does not occur fits nothing."""
    kept = {name: value for name, value in wanted.items() if value}
    fitting = found
    for name, value in kept.items():
        fitting = fitting.filter(pc.equal(fitting[FILTERS[name]], value))
    pages = max(1, -(-fitting.num_rows // PAGE))
    at = min(max(page, 1), pages)
    rows = fitting.slice((at - 1) * PAGE, PAGE).to_pylist()
    return Auswahl(
        filter=kept,
        werte={name: dict(sorted(Counter(found[column].to_pylist()).items())) for name, column in FILTERS.items()},
        befunde=tuple(_befund(row, regeln) for row in rows),
        gesamt=found.num_rows,
        passend=fitting.num_rows,
        seite=at,
        seiten=pages,
    )


def _befund(row: Mapping[str, object], regeln: Mapping[str, Regel]) -> Befund:
    rule, month, waiver = str(row["regel_id"]), row["monat"], row["ausnahme_id"]
    return Befund(
        befund_id=str(row["befund_id"])[:SHORT],
        regel_id=rule,
        titel=regeln[rule].titel if rule in regeln else "",
        zustand=str(row["zustand"]),
        ausnahme_id=int(str(waiver)) if waiver is not None else None,
        bewegt=", ".join(re.findall(r"(?:^|; )([A-Z0-9_]+)", str(row["wirkung"] or ""))),
        team=str(row["zustaendigkeit"] or ""),
        geschaeftsstelle=str(row["geschaeftsstelle"] or ""),
        monat=month if isinstance(month, dt.date) else None,
    )
