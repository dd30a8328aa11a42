"""Retention: which data there is and how long (the catalogue), what lies there, what is due, and how it goes.

``katalog`` reads ``etl/parameter/aufbewahrung.yaml``; ``bestand`` knows the files; ``plan`` judges them on a day. Where
this meets the warehouse and the proof stands in ``etl/aufbewahren.py``. No clock: the day is an argument everywhere.
"""

from etl.aufbewahrung.bestand import Gegenstand, dateien, gegenstaende, groesse, hashes, loesche
from etl.aufbewahrung.katalog import BEGINN, LOESCHUNG, SCHUTZ, Klasse, klassen
from etl.aufbewahrung.plan import Lage, Lieferung, Posten, Stand, judge

__all__ = [
    "BEGINN",
    "LOESCHUNG",
    "SCHUTZ",
    "Gegenstand",
    "Klasse",
    "Lage",
    "Lieferung",
    "Posten",
    "Stand",
    "dateien",
    "gegenstaende",
    "groesse",
    "hashes",
    "judge",
    "klassen",
    "loesche",
]
