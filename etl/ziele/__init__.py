"""Targets (Zielvereinbarung, § 48b SGB II): plan values of a year, how far a month is from them, and what is needed.

Target values come from a file of the controller (``jobcenter targets import``); none is shipped. A result is a
``Zielstand`` per target; it holds everything that a report shows of it.
"""

from etl.ziele.datei import read_targets
from etl.ziele.modell import Ampel, Einheit, Ziel, Zielstand
from etl.ziele.stand import VERGLEICHSMONATE, zielstaende

__all__ = ["VERGLEICHSMONATE", "Ampel", "Einheit", "Ziel", "Zielstand", "read_targets", "zielstaende"]
