"""A delivery in a process of its own: ``python zusteller.py``, settings from the environment. Prints who got it now."""

from __future__ import annotations

from etl import zustellen
from etl.settings import Settings
from integration.berichte import BERICHT

if __name__ == "__main__":
    results = zustellen.deliver(Settings(), BERICHT, "D. Vier", pauses=())
    zustellen.require_complete(results)
    print(*[result.empfaenger for result in results if result.neu])
