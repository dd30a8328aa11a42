"""Published series: official figures of others, imported with their source and compared with our own; and estimates.

``read_series`` and ``read_estimates`` read files, the ``warehouse`` room keeps the values, ``compare`` judges them.
"""

from etl.series.dateien import KOA, Reihe, Schaetzung, Veroeffentlicht, read_estimates, read_series, reihen, toleranzen
from etl.series.vergleich import Vergleich, compare, own_value

__all__ = [
    "KOA",
    "Reihe",
    "Schaetzung",
    "Vergleich",
    "Veroeffentlicht",
    "compare",
    "own_value",
    "read_estimates",
    "read_series",
    "reihen",
    "toleranzen",
]
