"""Writes the handbook and the reference of the rules anew into the package: ``uv run python tests/handbuch.py``."""

from __future__ import annotations

from etl.files import write_atomically
from etl.handbuch import SEITE
from etl.handbuch.seite import render
from etl.pruefbericht import REGELN, STAND, rule_reference
from etl.validate import load
from spec.beispiele import chapters

if __name__ == "__main__":
    write_atomically(SEITE, render(chapters()).encode())
    write_atomically(REGELN, rule_reference(load(), STAND).encode())
    for path in (SEITE, REGELN):
        print(f"{path} ({path.stat().st_size:,} Byte)".replace(",", "."))
