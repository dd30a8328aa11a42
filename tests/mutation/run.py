"""Mutation run: change ``sql/`` and the catalogue in every small way, and see whether the tests would notice.

    uv run python tests/mutation/run.py [--every N] [-o FILE]

A mutant is killed when any published cell of any delivery of the corpus differs from the independent reference. The
corpus are the deliveries of the manual (``tests/spec``), joined where they cover the same months, and random nasty
ones (``tests/reference/strategies.py``). Survivors are listed; the exit status is 1 below 95 % killed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import os
import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import duckdb  # noqa: E402
from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402

import etl.figures  # noqa: E402
from etl.errors import JobcenterError  # noqa: E402
from etl.extract import extract  # noqa: E402
from etl.extract.archive import Archive  # noqa: E402
from etl.figures import katalog  # noqa: E402
from mutation.mutanten import ROOT as SOURCE  # noqa: E402
from mutation.mutanten import Mutant, mutants  # noqa: E402
from reference import oracle  # noqa: E402
from reference.delivery import Fall, Rows, write_delivery  # noqa: E402
from reference.oracle import Cell  # noqa: E402
from reference.product import archive_cells, cell_differences, expected_cells  # noqa: E402
from reference.strategies import lange_lieferungen, lieferungen  # noqa: E402
from spec.beispiele import replay  # noqa: E402
from spec.conftest import build, four_months_later  # noqa: E402

KILLED = 95
KEYS = ("kundennummer", "bg_nummer", "erwerb_id", "teilnahme_id", "minderung_id", "verfahren_id")
RANDOM = (("kurz", lieferungen, 24), ("lang", lange_lieferungen, 6))


class Probe(NamedTuple):
    """A delivery of the corpus, its months, and what the reference says of every cell."""

    archive: Archive
    months: Sequence[str]
    expected: Mapping[Cell, Decimal | None]


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


def random_falls() -> list[Fall]:
    """A fixed sample of random deliveries."""
    found: list[Fall] = []
    for _, strategy, count in RANDOM:

        @seed(3)
        @settings(
            max_examples=count, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(fall=strategy())
        def collect(fall: Fall) -> None:
            found.append(fall)

        collect()
    return found


def prepare(folder: Path) -> list[Probe]:
    """Archive the corpus and ask the reference once."""
    probes = []
    for number, fall in enumerate([*manual(), *random_falls()]):
        months = list(oracle.waiting_times(fall.tables, fall.erstellt_am))
        if not months:
            continue
        path = write_delivery(folder / "lieferung" / str(number), fall.tables, fall.erstellt_am, f"L{number}")
        archive = extract(path, archive_root=folder / "archiv", key_file=folder / "key")
        probes.append(Probe(archive, months, expected_cells(fall, months)))
    return probes


def killed(mutant: Mutant, probes: Sequence[Probe], folder: Path) -> bool:
    """Compute the corpus with the mutant until one cell differs; SQL that does not run is killed too."""
    changed = folder / "sql"
    for kind in ("core", "figures"):
        (changed / kind).mkdir(parents=True, exist_ok=True)
        for path in (SOURCE / "sql" / kind).glob("*.sql"):
            text = mutant.text if path == mutant.datei else path.read_text(encoding="utf-8")
            (changed / kind / path.name).write_text(text, encoding="utf-8")
    vars(etl.figures)["SQL"] = changed
    katalog.load.cache_clear()
    katalog.SOURCE = folder / "katalog.yaml" if mutant.datei.suffix == ".yaml" else SOURCE / "etl/figures/katalog.yaml"
    if mutant.datei.suffix == ".yaml":
        katalog.SOURCE.write_text(mutant.text, encoding="utf-8")
    try:
        return any(cell_differences(p.expected, archive_cells(p.archive, p.months)) for p in probes)
    except (duckdb.Error, JobcenterError, AssertionError):
        return True


_PROBES: list[Probe] = []


def _one(mutant: Mutant) -> tuple[str, bool]:
    with tempfile.TemporaryDirectory() as folder:
        return str(mutant), killed(mutant, _PROBES, Path(folder))


def main() -> int:
    """Run, print survivors and the share killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="only every N-th mutant")
    parser.add_argument("-o", type=Path, help="write the list of survivors here")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        _PROBES.extend(prepare(Path(folder)))
        cells = sum(len(probe.expected) for probe in _PROBES)
        print(f"{len(_PROBES)} deliveries, {cells} cells", flush=True)
        clean = [p for p in _PROBES if cell_differences(p.expected, archive_cells(p.archive, p.months))]
        if clean:
            print(f"{len(clean)} deliveries differ without any mutant")
            return 1
        chosen = list(mutants())[:: arguments.every]
        with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
            results = list(pool.imap_unordered(_one, chosen))
    survivors = sorted(name for name, dead in results if not dead)
    share = 100 * (len(results) - len(survivors)) / len(results)
    lines = [*survivors, f"{len(results)} mutants, {len(survivors)} survive, {share:.1f} % killed"]
    print("\n".join(lines))
    if arguments.o:
        arguments.o.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0 if share >= KILLED else 1


if __name__ == "__main__":
    raise SystemExit(main())
