"""Whether the corpus notices a mutant: computes with the changed file and compares with the reference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import duckdb

import etl.figures
from etl.errors import JobcenterError
from etl.extract.archive import Archive
from etl.figures import katalog, kennzahlen
from mutation.corpus import Probe
from mutation.mutants import ROOT, Mutant
from reference.kennzahlen import Eingaenge
from reference.product import archive_cells, cell_differences, kennzahl_differences, waiting_differences
from spec.knapp import Knapp, reasons


class Corpus:
    """The probes, those first that noticed most mutants so far: the order saves time and changes no result."""

    def __init__(
        self, probes: Sequence[Probe], nearly: Sequence[tuple[Archive, Knapp]], series: Sequence[Eingaenge]
    ) -> None:
        self._checks = [*(partial(_differs, probe) for probe in probes), partial(_any_explains_otherwise, nearly)]
        self._noticed = dict.fromkeys(range(len(self._checks)), 0)
        self._series = series

    def kills(self, mutant: Mutant, folder: Path) -> bool:
        """Compute with the mutant until one cell differs; what does not run is killed too."""
        with _planted(mutant, folder):
            try:
                if mutant.datei.name == "kennzahlen.yaml":
                    return any(map(kennzahl_differences, self._series))
                return self._any_notices()
            except (duckdb.Error, JobcenterError, AssertionError):
                return True

    def differing(self) -> int:
        """Return how many checks differ without any mutant: none may."""
        return sum(check() for check in self._checks) + sum(map(bool, map(kennzahl_differences, self._series)))

    def _any_notices(self) -> bool:
        for number in sorted(self._noticed, key=lambda check: -self._noticed[check]):
            self._noticed[number] += 1
            if self._checks[number]():
                return True
            self._noticed[number] -= 1
        return False


def _differs(probe: Probe) -> bool:
    product = archive_cells(probe.archive, probe.months)
    return bool(cell_differences(probe.expected, product) or waiting_differences(probe.waiting, product))


def _any_explains_otherwise(nearly: Sequence[tuple[Archive, Knapp]]) -> bool:
    return any(reasons(archive, expected.groesse) != expected.warum for archive, expected in nearly)


@contextmanager
def _planted(mutant: Mutant, folder: Path) -> Iterator[None]:
    """Let the product read the mutant instead of its own file."""
    kept = vars(etl.figures)["SQL"], katalog.SOURCE, kennzahlen.SOURCE
    changed = folder / mutant.datei.name
    if mutant.datei.suffix == ".sql":
        _copy((ROOT / "sql").glob("*/*.sql"), folder)
        changed = folder / mutant.datei.relative_to(ROOT / "sql")
        vars(etl.figures)["SQL"] = folder
    elif mutant.datei == katalog.SOURCE:
        katalog.SOURCE = changed
    else:
        kennzahlen.SOURCE = changed
    changed.write_text(mutant.text, encoding="utf-8")
    _forget()
    try:
        yield
    finally:
        vars(etl.figures)["SQL"], katalog.SOURCE, kennzahlen.SOURCE = kept
        _forget()


def _copy(files: Iterable[Path], folder: Path) -> None:
    for file in files:
        target = folder / file.relative_to(ROOT / "sql")
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(file.read_bytes())


def _forget() -> None:
    katalog.load.cache_clear()
    kennzahlen.load.cache_clear()
