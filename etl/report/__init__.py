"""The report of a month: for each circle of readers the files that the publication plan gives to it.

``render`` writes ``<kreis>/<bericht>/…`` below the folder of the month, so that a file shows by its place for whom it
is and what it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from etl import disclosure
from etl.report import ausschussbericht, opendata, statistikreport, webseite, workbook
from etl.report.folder import replaced
from etl.report.model import Findings, ReportRequest

__all__ = ["Findings", "ReportRequest", "render"]

WRITERS: Mapping[str, Callable[[ReportRequest, Path], list[Path]]] = MappingProxyType(
    {
        "arbeitsmappe": workbook.write,
        "ausschussbericht": ausschussbericht.write,
        "zahlen": opendata.write_cells,
        "webseite": webseite.write,
        "offene_daten": opendata.write,
        "statistikreport": statistikreport.write,
    }
)
"""For each product of the plan who writes its files into a folder; the same request gives the same bytes."""


def render(requests: Iterable[ReportRequest], out_dir: Path) -> list[Path]:
    """Write every file of the report and return their paths; ``out_dir`` is replaced as a whole.

    ``requests``: the report of one month, once for each circle of readers. The same requests give the same bytes. After
    a failure or a kill the previous folder still stands (or is put back by the next run).
    """
    of_kreis = {request.kreis: request for request in requests}
    written: list[Path] = []
    with replaced(out_dir) as folder:
        for bericht in disclosure.berichte():
            for kreis in bericht.kreise:
                place = folder / kreis / bericht.code
                place.mkdir(parents=True)
                written += WRITERS[bericht.code](of_kreis[kreis], place)
    return [out_dir / path.relative_to(folder) for path in written]
