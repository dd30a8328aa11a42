"""The validation report for auditors (HTML, PDF, Data Docs) and the public reference of the rules.

The reference (``regeln.html``) is kept beside this file by ``tests/handbuch.py``, like the handbook of figures.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from etl.files import write_atomically
from etl.pruefbericht.modell import Lauf, Pruefbericht, assemble, open_findings
from etl.pruefbericht.seite import html, pdf, rule_reference

REGELN = Path(__file__).with_name("regeln.html")
"""The reference as it is delivered."""
STAND = dt.date(2026, 7, 1)
"""The day whose limits the reference shows: the newest change of the law that is built in."""


def write(bericht: Pruefbericht, folder: Path) -> list[Path]:
    """Write ``pruefbericht.html`` and ``pruefbericht.pdf``; the same report gives the same bytes."""
    files = {"pruefbericht.html": html(bericht).encode(), "pruefbericht.pdf": pdf(bericht)}
    for name, content in files.items():
        write_atomically(folder / name, content)
    return [folder / name for name in files]


__all__ = [
    "REGELN",
    "STAND",
    "Lauf",
    "Pruefbericht",
    "assemble",
    "html",
    "open_findings",
    "pdf",
    "rule_reference",
    "write",
]
