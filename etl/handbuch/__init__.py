"""The handbook of figures (Handbuch der Zahlen): one HTML page, kept beside this file by ``tests/handbuch.py``."""

from __future__ import annotations

from pathlib import Path

from etl.files import write_atomically

SEITE = Path(__file__).with_name("handbuch.html")
"""The page as it is delivered. Its examples are the cases of ``tests/spec``, which an installation does not have."""


def write(path: Path) -> Path:
    """Write the handbook to ``path`` and return it."""
    write_atomically(path, SEITE.read_bytes())
    return path
