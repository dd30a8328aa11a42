"""Writes the handbook anew into the package: ``uv run python tests/handbuch.py``."""

from __future__ import annotations

from etl.files import write_atomically
from etl.handbuch import SEITE
from etl.handbuch.seite import render
from spec.beispiele import chapters

if __name__ == "__main__":
    write_atomically(SEITE, render(chapters()).encode())
    print(f"{SEITE} ({SEITE.stat().st_size:,} Byte)".replace(",", "."))
