"""Figures: set-based SQL (``sql/core``, ``sql/figures``) run by DuckDB over an archived delivery.

``compute_figures`` gives the cells of the months asked for. It is a pure function of the archive and the parameters:
no clock, no state, the same rows in the same order every time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from etl import parameter
from etl.errors import UsageError
from etl.extract.archive import Archive
from etl.figures import katalog, merkmale
from etl.figures.merkmale import INSGESAMT, MERKMALE, Merkmal
from etl.monat import Monat
from etl.resources import SQL

CELL_COLUMNS = ("berichtsmonat", "groesse", "merkmal", "auspraegung", "wert", "wartezeit", "status")


def available_months(archive: Archive) -> tuple[Monat, ...]:
    """Return the months the delivery has figures for (Quellvertrag 1.0, rule 9).

    They reach from its first month with money to the last whose counting day is not after the Datenstand.
    """
    with _opened(archive, ()) as engine:
        for name in _CALENDAR:
            engine.execute((SQL / "core" / name).read_text(encoding="utf-8"))
        return _covered(engine)


def compute_figures(archive: Archive, months: Sequence[Monat], law: Mapping[str, pa.Table] | None = None) -> pa.Table:
    """Compute all figures of ``months``: columns ``CELL_COLUMNS``, ordered by month, catalogue, table and cell.

    ``wert`` is a decimal(18,2), in the unit of the figure (persons, Bedarfsgemeinschaften, movements, EUR); NULL with
    status ``fehlt``. ``law``: the ``par_`` tables of an earlier state of the parameters; None takes today's.
    Raises ``UsageError`` for a month the delivery does not cover.
    """
    with records(archive, months, law) as engine:
        for population in MERKMALE:
            engine.execute(_finest_cells(population))
        engine.execute(_margins())
        engine.register("par_groesse", _groessen())
        engine.register("fig_geruest", _skeleton())
        cells: pa.Table = engine.sql((SQL / "figures" / "zellen.sql").read_text(encoding="utf-8")).to_arrow_table()
    return cells.cast(CELLS)


_HERE = Path(__file__).parent

_CALENDAR = ("00_rechnen.sql", "01_monat.sql")
"""The files of ``sql/core`` that know which months a delivery covers."""

_ARROW = {
    **dict.fromkeys(CELL_COLUMNS, pa.string()),
    "wert": pa.decimal128(18, 2),
    "wartezeit": pa.int32(),
}
CELLS = pa.schema([pa.field(name, _ARROW[name], nullable=name == "wert") for name in CELL_COLUMNS])
"""The schema of computed cells."""


def definition_fingerprint() -> str:
    """Hash of what defines the figures beside the law: the catalogue, its tables and the SQL."""
    digest = hashlib.sha256()
    for name, path in definition_files().items():
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def definition_files() -> Mapping[str, Path]:
    """Return the files that ``definition_fingerprint`` is the hash of, by folder and name."""
    files = [
        *(SQL / "core").glob("*.sql"),
        *(SQL / "figures").glob("*.sql"),
        *(_HERE / name for name in ("katalog.yaml", "merkmale.py")),
    ]
    ordered = sorted(files, key=lambda file: (file.parent.name, file.name))
    return {f"{path.parent.name}/{path.name}": path for path in ordered}


@contextmanager
def core(
    archive: Archive, months: Sequence[Monat], law: Mapping[str, pa.Table] | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield an engine that holds the ``core_`` tables of a delivery for ``months`` (``sql/core``, in order).

    ``law``: the ``par_`` tables of an earlier state of the parameters; None takes today's.
    """
    with _opened(archive, months, law) as engine:
        for file in sorted((SQL / "core").glob("*.sql")):
            engine.execute(file.read_text(encoding="utf-8"))
        yield engine


@contextmanager
def records(
    archive: Archive, months: Sequence[Monat], law: Mapping[str, pa.Table] | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield an engine that holds, as views ``satz_<population>``, every record that figures of ``months`` are sums of.

    Raises ``UsageError`` for a month the delivery does not cover.
    """
    with core(archive, months, law) as engine:
        _check_covered(engine, archive, months)
        for population in MERKMALE:
            engine.execute((SQL / "figures" / f"{population}.sql").read_text(encoding="utf-8"))
        yield engine


@contextmanager
def _opened(
    archive: Archive, months: Sequence[Monat], law: Mapping[str, pa.Table] | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield an engine with the delivery as ``raw_`` views and the parameters as ``par_`` tables."""
    with TemporaryDirectory(prefix="jobcenter-") as spill, duckdb.connect() as engine:
        engine.execute("SET temp_directory = ?", [spill])
        # Half of the machine (or of the container): what does not fit goes to the private folder.
        engine.execute("SET memory_limit = '50%'")
        engine.execute("SET preserve_insertion_order = false")
        engine.execute("SET VARIABLE datenstand = ?::DATE", [archive.delivery.datenstand])
        for table in archive.tables:
            engine.read_parquet(str(archive.parquet(table))).create_view(f"raw_{table}")
        for name, rows in (law or parameter.tables()).items():
            engine.register(name, rows)
        wanted = pa.array([month.first_day for month in months], pa.date32())
        engine.register("par_berichtsmonat", pa.table({"monat": wanted}))
        yield engine


def _covered(engine: duckdb.DuckDBPyConnection) -> tuple[Monat, ...]:
    rows = engine.execute("SELECT monat FROM core_monat WHERE auswertbar ORDER BY monat").fetchall()
    return tuple(Monat.of(row[0]) for row in rows)


def _check_covered(engine: duckdb.DuckDBPyConnection, archive: Archive, months: Sequence[Monat]) -> None:
    covered = _covered(engine)
    missing = sorted(set(months) - set(covered))
    if missing:
        reach = f"von {covered[0]} bis {covered[-1]}" if covered else "über keinen Monat"
        raise UsageError(
            f"Die Lieferung {archive.delivery.reference} reicht {reach}; verlangt ist {missing[0]}.",
            hint="Ein Monat ist auswertbar, wenn die Lieferung seine Leistungen enthält und nach seinem Zähltag "
            "erstellt wurde.",
            abschnitt="lieferung-reicht-nicht",
        )


def _figures_of(population: katalog.Population) -> list[katalog.Figure]:
    return [figure for figure in katalog.load().values() if figure.grundgesamtheit == population]


def _finest_cells(population: katalog.Population) -> str:
    """SQL of ``fig_<population>``: one row per month and combination of all features, one column per figure.

    Every figure is a filter and a sum over the records; the tables that are published are sums of these cells.
    """
    sums = ", ".join(f'sum({f.mass}) FILTER ({f.bedingung}) AS "{f.code}"' for f in _figures_of(population))
    features = "".join(f"{column}, " for column in merkmale.columns(population))
    return (
        f"CREATE TABLE fig_{population} AS\n"
        f"SELECT monat, {features}{sums} FROM satz_{population}\n"
        "WHERE monat IN (SELECT monat FROM par_berichtsmonat) GROUP BY ALL"
    )


def _margins() -> str:
    """SQL of ``fig_margen``: one row per month, figure, table and cell, summed from the finest cells."""
    return "CREATE TABLE fig_margen AS\n" + "\nUNION ALL BY NAME\n".join(_tables(population) for population in MERKMALE)


def _tables(population: katalog.Population) -> str:
    """SQL of all tables of a population at once: one grouping set each."""
    tables = MERKMALE[population]
    columns = merkmale.columns(population)
    sums = ", ".join(f'sum("{f.code}")::DECIMAL(18, 2) AS "{f.code}"' for f in _figures_of(population))
    sets = ", ".join(f"({', '.join(('monat', *merkmal.columns))})" for merkmal in tables)
    chosen = f"grouping_id({', '.join(columns)})" if columns else "0"
    names = " ".join(f"WHEN {_mask(columns, merkmal)} THEN '{merkmal.name}'" for merkmal in tables)
    codes = " ".join(f"WHEN {_mask(columns, merkmal)} THEN {merkmal.sql}" for merkmal in tables)
    return (
        f"SELECT monat, merkmal, auspraegung, groesse, wert FROM (\n"
        f"  UNPIVOT (SELECT monat, CASE {chosen} {names} END AS merkmal,\n"
        f"    CASE {chosen} {codes} END AS auspraegung, {sums}\n"
        f"  FROM fig_{population} GROUP BY GROUPING SETS ({sets}))\n"
        f"  ON COLUMNS(* EXCLUDE (monat, merkmal, auspraegung)) INTO NAME groesse VALUE wert\n)"
    )


def _mask(columns: Sequence[str], merkmal: Merkmal) -> int:
    """Return what ``grouping_id`` of all columns gives for the rows of a table: a bit per column summed over."""
    return sum(1 << place for place, column in enumerate(reversed(columns)) if column not in merkmal.columns)


def _groessen() -> pa.Table:
    figures = katalog.load().values()
    return pa.table(
        {
            "groesse": [figure.code for figure in figures],
            "platz": list(range(len(figures))),
            "erster_wert_nach": [figure.erster_wert_nach for figure in figures],
            "letzter_wert_vor": [figure.letzter_wert_vor for figure in figures],
        }
    )


def _skeleton() -> pa.Table:
    """Return the cells every month has: totals and closed one-way tables of every figure."""
    rows = [
        {"groesse": figure.code, "merkmal": merkmal.name, "auspraegung": code}
        for figure in katalog.load().values()
        for merkmal in MERKMALE[figure.grundgesamtheit]
        for code in merkmal.codes
    ]
    return pa.Table.from_pylist(rows)


__all__ = [
    "CELL_COLUMNS",
    "INSGESAMT",
    "available_months",
    "compute_figures",
    "core",
    "definition_files",
    "definition_fingerprint",
    "records",
]
