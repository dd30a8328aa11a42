"""One version of the program judges and counts: ``python -m etl.probelauf.messen ARCHIVE REFERENCE MONTHS TARGET``.

Run in a process of its own, it is the version that lies in the current folder.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from etl.befunde import violations
from etl.errors import JobcenterError, UsageError
from etl.extract.archive import open_archive
from etl.figures import available_months, compute_figures
from etl.resources import SQL
from etl.validate import load

ZELLEN, BEFUNDE, REGELN = "zellen.parquet", "befunde.parquet", "regeln.json"
"""What is left in the target: cells, violating records, and per rule why it could not be checked (empty: it could)."""


def measure(archive_root: Path, reference: str, last: int, target: Path) -> None:
    """Judge a delivery and count its ``last`` months; leave the results in ``target``."""
    archive = open_archive(archive_root, reference)
    target.mkdir(parents=True)
    found, reasons = violations(archive, load())
    pq.write_table(compute_figures(archive, available_months(archive)[-last:]), target / ZELLEN)
    pq.write_table(found, target / BEFUNDE)
    (target / REGELN).write_text(json.dumps(reasons, ensure_ascii=False), encoding="utf-8")


def _check_syntax() -> None:
    """Name the file whose SQL cannot be read: DuckDB would only quote the place."""
    for path in sorted(SQL.glob("*/*.sql")):
        if path.parent.name in ("core", "figures"):
            try:
                duckdb.extract_statements(path.read_text(encoding="utf-8"))
            except duckdb.ParserException as error:
                place = f"sql/{path.parent.name}/{path.name}"
                raise UsageError(f"{place}: {str(error).splitlines()[0]}", abschnitt="probelauf") from None


if __name__ == "__main__":
    try:
        _check_syntax()
        measure(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
    except JobcenterError as error:
        raise SystemExit(error.message + (f" {error.hint}" if error.hint else "")) from None
    except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException) as error:
        raise SystemExit(f"SQL: {str(error).splitlines()[0]}") from None  # about the text of a file, never a value
    except (TypeError, KeyError, ValueError, duckdb.Error) as error:
        raise SystemExit(f"{type(error).__name__}: die geänderten Dateien passen nicht zum Programm.") from None
