"""Rehearsal (Probelauf): what a changed rule, parameter or SQL would do to past months, before it is merged.

Two versions judge and count the same archived delivery: the installed one, and a copy of it with the changed files on
top, in a process of its own. Nothing is written to the warehouse or to kept results.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from etl.errors import UsageError
from etl.probelauf.messen import BEFUNDE, REGELN, ZELLEN, measure
from etl.resources import ROOT

CHANGEABLE = ("expectations/*.yaml", "expectations/*.sql", "sql/*/*.sql", "etl/parameter/*.yaml", "etl/figures/*.yaml")
"""What a rehearsal takes from the folder: rules, SQL, parameters of the law, the catalogues. Never a program."""
_NEEDED = ("etl", "sql", "expectations")


@dataclass(frozen=True)
class Regelaenderung:
    """One rule whose findings differ: numbers before and after (None: not there, not checkable), records that flip."""

    regel_id: str
    vorher: int | None
    nachher: int | None
    grund: str
    neu_verletzt: tuple[str, ...]
    nicht_mehr: tuple[str, ...]


@dataclass(frozen=True)
class Zellaenderung:
    """One cell of the figures that moves; None where one version has no such cell, or no value."""

    monat: str
    groesse: str
    merkmal: str
    auspraegung: str
    vorher: Decimal | None
    nachher: Decimal | None


@dataclass(frozen=True)
class Probe:
    """What would change. ``dateien``: the changed files that were taken from the folder."""

    dateien: tuple[str, ...]
    regeln: tuple[Regelaenderung, ...]
    zellen: tuple[Zellaenderung, ...]


def rehearse(archive_root: Path, reference: str, changed: Path, last: int) -> Probe:
    """Compare both versions over the last months of a delivery.

    Raises ``UsageError`` when the folder holds nothing that can be rehearsed, or nothing that can be used.
    """
    files = _changed_files(changed)
    with TemporaryDirectory(prefix="jobcenter-probelauf-") as folder:
        before, after, copy = (Path(folder) / name for name in ("vorher", "nachher", "fassung"))
        for part in _NEEDED:
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        for name in files:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(changed / name, copy / name)
        measure(archive_root, reference, last, before)
        _measure_in(copy, archive_root, reference, last, after)
        return Probe(files, tuple(_rules(before, after)), tuple(_cells(before, after)))


def _changed_files(changed: Path) -> tuple[str, ...]:
    """Return the files of the folder that differ from the installed ones, or are new."""
    if not changed.is_dir():
        raise UsageError(f"Den Ordner {changed} gibt es nicht.", abschnitt="probelauf")
    found = sorted(str(path.relative_to(changed)) for pattern in CHANGEABLE for path in changed.glob(pattern))
    different = [name for name in found if not _same(changed / name, ROOT / name)]
    if not different:
        raise UsageError(
            f"In {changed} ist nichts anders als im installierten Programm.",
            hint=f"Erprobt werden {', '.join(CHANGEABLE)} in derselben Anordnung wie dort.",
            abschnitt="probelauf",
        )
    return tuple(different)


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


def _measure_in(copy: Path, archive_root: Path, reference: str, last: int, target: Path) -> None:
    """Measure with the program at ``copy``: Python finds it there first."""
    done = subprocess.run(  # noqa: S603 - our own module, arguments without a shell
        [sys.executable, "-m", "etl.probelauf.messen", str(archive_root.absolute()), reference, str(last), str(target)],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UsageError(
            "Die geänderte Fassung lässt sich nicht ausführen.",
            hint=done.stderr.strip().splitlines()[-1] if done.stderr.strip() else None,
            abschnitt="probelauf",
        )


_MISSING = "gibt es nicht"


def _rules(before: Path, after: Path) -> Iterator[Regelaenderung]:
    states = [json.loads((side / REGELN).read_text(encoding="utf-8")) for side in (before, after)]
    found = [_records(side) for side in (before, after)]
    for regel in sorted({*states[0], *states[1]}):
        old, new = (records.get(regel, frozenset()) for records in found)
        reasons = [state.get(regel, _MISSING) for state in states]
        if old == new and reasons[0] == reasons[1]:
            continue
        # Where a version could not ask the rule it says nothing about its records: they do not flip.
        asked = all(reason in ("", _MISSING) for reason in reasons)
        yield Regelaenderung(
            regel_id=regel,
            vorher=None if reasons[0] else len(old),
            nachher=None if reasons[1] else len(new),
            grund=reasons[1] or reasons[0],
            neu_verletzt=tuple(sorted(new - old)) if asked else (),
            nicht_mehr=tuple(sorted(old - new)) if asked else (),
        )


def _records(side: Path) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in pq.read_table(side / BEFUNDE).to_pylist():
        found.setdefault(row["regel_id"], set()).add(row["satz"])
    return {regel: frozenset(records) for regel, records in found.items()}


def _cells(before: Path, after: Path) -> Iterator[Zellaenderung]:
    old, new = (_values(pq.read_table(side / ZELLEN)) for side in (before, after))
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            yield Zellaenderung(*key, vorher=old.get(key), nachher=new.get(key))


def _values(cells: pa.Table) -> Mapping[tuple[str, str, str, str], Decimal | None]:
    names = ("berichtsmonat", "groesse", "merkmal", "auspraegung", "wert")
    columns = (cells[name].to_pylist() for name in names)
    return {(m, g, k, a): wert for m, g, k, a, wert in zip(*columns, strict=True)}
