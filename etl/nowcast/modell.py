"""What is known of a figure at its different states, and what is expected of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from etl.monat import Monat

ZU_WENIG = "zu wenig Meldehistorie"
"""Status of a figure whose triangle is too short for an estimate."""


class Meldung(NamedTuple):
    """One total (INSGESAMT) in one state: waiting time in whole months (3 = final), and when it became known."""

    monat: Monat
    wartezeit: int
    bekannt_am: dt.datetime
    groesse: str
    wert: Decimal | None


class Abdeckung(NamedTuple):
    """In how many past months the interval held, judged as of their time: ``getroffen`` of ``geprueft``."""

    getroffen: int
    geprueft: int

    def __str__(self) -> str:
        """How a report says it: ``12 von 13 Monaten``."""
        if not self.geprueft:
            return "noch nicht geprüft"
        return f"{self.getroffen} von {self.geprueft} {'Monat' if self.geprueft == 1 else 'Monaten'}"


@dataclass(frozen=True)
class Erwartung:
    """The expected final value of one figure's total (INSGESAMT) in a month that is still provisional.

    ``wartezeit``: whole months that the provisional value ``vorlaeufig`` has waited (0 to 2). ``erwartet``, ``unten``
    and ``oben`` (90 % interval) are in the unit of the figure: whole numbers, EUR with two decimals; None, together
    with ``abdeckung``, where ``status`` is not ``ok``. ``historie``: number of past months that the estimate rests on,
    or that there are. ``status``: ``ok``; ``ZU_WENIG``; ``fehlt``, the figure has no provisional value; in what is
    published (``etl/disclosure``) ``geheim``.
    """

    groesse: str
    monat: Monat
    wartezeit: int
    vorlaeufig: Decimal | None
    erwartet: Decimal | None
    unten: Decimal | None
    oben: Decimal | None
    historie: int
    abdeckung: Abdeckung | None
    status: Literal["ok", "zu wenig Meldehistorie", "fehlt", "geheim"]
