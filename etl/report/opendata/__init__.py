"""The figures for machines: tidy CSV and Parquet with everything that says what they are.

Product ``zahlen``: every cell of the month for the job centre itself (``figures.csv``, ``datapackage.json``). Product
``offene_daten``: what the publication plan gives to everybody, as CSV and Parquet with a description (Frictionless Data
Package), metadata for data portals (DCAT-AP.de as JSON-LD), SDMX-CSV with its data structure definition (SDMX-ML 2.1),
and a list of checksums.
"""

from __future__ import annotations

from pathlib import Path

from etl.report.model import ReportRequest
from etl.report.opendata import datapackage, dcat, sdmx
from etl.report.opendata.dateien import checksums, write_csv, write_parquet
from etl.report.opendata.tabelle import Lizenz, all_cells, indicators, lizenz, observations

__all__ = ["Lizenz", "lizenz", "write", "write_cells"]


def write_cells(request: ReportRequest, folder: Path) -> list[Path]:
    """Write every cell of the month, for the job centre only; return the paths."""
    table = all_cells(request)
    data = write_csv(table, folder)
    return [data, datapackage.write(request, folder, [(table, [data])], lizenz=None)]


def write(request: ReportRequest, folder: Path) -> list[Path]:
    """Write the open data of the month; return the paths."""
    written = [
        (table, [write_csv(table, folder), write_parquet(table, folder)])
        for table in (observations(request), indicators(request))
    ]
    described = [
        datapackage.write(request, folder, written, lizenz=lizenz()),
        dcat.write(request, folder, written),
        *sdmx.write(request, folder),
    ]
    files = [*(path for _, paths in written for path in paths), *described]
    return [*files, checksums(files, folder)]
