"""The catalogue of data classes (``etl/parameter/aufbewahrung.yaml``) as it holds on a day, and when a period ends."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from etl import parameter

BEGINN: Mapping[str, str] = {
    "datenstand": "ab dem Datenstand der Lieferung",
    "jahresende": "ab dem Ende des Jahres, in dem der Datenstand liegt",
    "erfassung": "ab der Erfassung",
    "letzte_verwendung": "ab der letzten Verwendung",
}
"""From which day on a period runs, in words."""
SCHUTZ: Mapping[str, str] = {
    "sozialdaten": "Sozialdaten (§ 67 Abs. 2 SGB X)",
    "aggregate": "Aggregate, auch mit kleinen Fallzahlen",
    "beschaeftigte": "Angaben über Beschäftigte",
    "keiner": "kein Personenbezug",
}
"""Classes of protection, in words."""
LOESCHUNG: Mapping[str, str] = {
    "programm": "durch das Programm, mit Nachweis",
    "schritt": "durch den Schritt, der es schreibt",
    "haus": "durch das Haus",
    "bleibt": "nicht einzeln",
}
"""Who deletes, in words."""


@dataclass(frozen=True)
class Klasse:
    """One class of data. ``monate``: its period, None where ``frist`` says in words what has no number of months.

    ``annahme``: what a house must decide, empty where nothing is assumed.
    """

    name: str
    titel: str
    inhalt: str
    ort: str
    betroffene: str
    schutz: str
    zweck: str
    rechtsgrundlage: str
    beginn: str
    loeschung: str
    ende: str
    quelle: str
    annahme: str
    monate: int | None
    frist: str

    @property
    def fristtext(self) -> str:
        """The period in words."""
        if self.monate is None:
            return self.frist
        return f"{self.monate} Monate {BEGINN[self.beginn]}"

    def faellig_am(self, datenstand: dt.date) -> dt.date:
        """Return the first day after the period of what came with a Datenstand.

        The day on which a period of months begins does not count; it ends on the day of the same number, or on the last
        one of a month without it (§§ 187, 188 BGB). Only for classes that the program deletes.
        """
        if self.monate is None:
            raise ValueError(f"{self.name} has no period in months")
        begin = dt.date(datenstand.year, 12, 31) if self.beginn == "jahresende" else datenstand
        index = begin.year * 12 + begin.month - 1 + self.monate
        year, month = index // 12, index % 12 + 1
        last = dt.date(year, month, min(begin.day, calendar.monthrange(year, month)[1]))
        return last + dt.timedelta(days=1)


def klassen(tag: dt.date) -> dict[str, Klasse]:
    """Return every class by name, with the period that holds on a day, in the order of the catalogue."""
    return {
        name: Klasse(
            name=name,
            **{key: value for key, value in block.items() if key not in ("werte", "annahme")},
            annahme=block.get("annahme", ""),
            monate=(valid := parameter.valid(block["werte"], tag)).get("monate"),
            frist=valid.get("frist", ""),
        )
        for name, block in parameter.read("aufbewahrung").items()
    }
