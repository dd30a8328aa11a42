"""What a mutant is tried on: the deliveries of the manual and random nasty ones, with the reference's answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from etl.extract import extract
from etl.extract.archive import Archive
from reference import oracle
from reference.delivery import Fall, Rows, write_delivery
from reference.kennzahlen import Eingaenge
from reference.oracle import Cell
from reference.product import expected_cells
from reference.strategies import lange_lieferungen, lieferungen
from reference.strategies_reihen import eingaenge
from spec.beispiele import replay
from spec.conftest import build, four_months_later
from spec.knapp import CASES, Knapp, archived

T = TypeVar("T")
KEYS = ("kundennummer", "bg_nummer", "erwerb_id", "teilnahme_id", "minderung_id", "verfahren_id")


class Probe(NamedTuple):
    """A delivery of the corpus, its months, and what the reference says of every cell and waiting time."""

    archive: Archive
    months: Sequence[str]
    expected: Mapping[Cell, Decimal | None]
    waiting: Mapping[str, int]


def manual() -> list[Fall]:
    """Join the deliveries of the manual that cover the same months into few: their persons never meet."""
    joined: dict[object, dict[str, Rows]] = {}
    moments: dict[object, dt.datetime] = {}
    falls: list[Fall] = []

    def record(month: str, _expected: object, *, erstellt_am: str | None = None, **tables: str) -> None:
        moment = dt.datetime.fromisoformat(erstellt_am or four_months_later(month))
        falls.append(Fall(build(month, tables), moment))

    replay(record)
    for number, fall in enumerate(falls):
        months = [row["monat"] for row in fall.tables["leistung"]]
        key = (fall.erstellt_am, min(map(str, months)), max(map(str, months)), str(fall.tables.get("stichtag", [])))
        tables = joined.setdefault(key, {"stichtag": fall.tables.get("stichtag", [])})
        moments[key] = fall.erstellt_am
        for table, rows in fall.tables.items():
            if table != "stichtag":
                tables.setdefault(table, []).extend(_renamed(row, number) for row in rows)
    return [Fall(tables, moments[key]) for key, tables in joined.items()]


def _renamed(row: Mapping[str, object], number: int) -> dict[str, object]:
    return {name: f"{number}-{value}" if name in KEYS else value for name, value in row.items()}


def sample(strategy: SearchStrategy[T], count: int) -> list[T]:
    """Return the same ``count`` random examples every time."""
    found: list[T] = []

    @seed(3)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(one=strategy)
    def collect(one: T) -> None:
        found.append(one)

    collect()
    return found


def nearly(folder: Path) -> list[tuple[Archive, Knapp]]:
    """Archive the cases of what nearly counts."""
    return [(archived(case, folder / str(number)), case) for number, case in enumerate(CASES)]


def series() -> list[Eingaenge]:
    """Return random inputs of the indicators."""
    return sample(eingaenge(), 30)


def prepare(folder: Path) -> list[Probe]:
    """Archive the corpus and ask the reference once."""
    probes = []
    random = [*sample(lieferungen(), 24), *sample(lange_lieferungen(), 6)]
    for number, fall in enumerate([*random, *manual()]):
        waiting = oracle.waiting_times(fall.tables, fall.erstellt_am)
        # Every second random delivery with gaps: what a month needs of the one before must be found without asking for
        # it. Those of the manual without: each of its cases is about one month.
        months = list(waiting)[:: 1 + number % 2 if number < len(random) else 1]
        if not months:
            continue
        path = write_delivery(folder / "lieferung" / str(number), fall.tables, fall.erstellt_am, f"L{number}")
        archive = extract(path, archive_root=folder / "archiv", key_file=folder / "key")
        probes.append(Probe(archive, months, expected_cells(fall, months), waiting))
    return probes
