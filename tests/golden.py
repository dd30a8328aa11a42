"""The golden texts of the reports in ``tests/data/golden``: what a reader sees, so that its changes can be reviewed.

``uv run python tests/golden.py`` writes them anew; ``tests/unit/test_golden.py`` compares them line by line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from berichtsdaten import cells_frame, requests_of
from etl.disclosure import Empfaengerkreis
from etl.files import write_atomically
from etl.report import ReportRequest
from etl.report.statistikreport import meldung, text

FOLDER = Path(__file__).parent / "data" / "golden"


def _statistikreport(requests: Mapping[Empfaengerkreis, ReportRequest]) -> str:
    return text.content(meldung(requests[Empfaengerkreis.OEFFENTLICHKEIT]))


TEXTS: Mapping[str, Callable[[Mapping[Empfaengerkreis, ReportRequest]], str]] = {
    "statistikreport.txt": _statistikreport,
}
"""Name of each golden file and who makes its text from the requests of ``berichtsdaten``."""


def requests() -> dict[Empfaengerkreis, ReportRequest]:
    """Return the made-up report for each circle of readers."""
    return {request.kreis: request for request in requests_of(cells_frame())}


if __name__ == "__main__":
    made = requests()
    for name, make in TEXTS.items():
        write_atomically(FOLDER / name, make(made).encode())
        print(FOLDER / name)
