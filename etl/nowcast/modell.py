"""What is expected of a provisional figure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from etl.monat import Monat

ZU_WENIG = "zu wenig Meldehistorie"
"""Status of a figure whose triangle is too short for an estimate."""


class Abdeckung(NamedTuple):
    """In how many past months the interval held, judged as of their time: ``getroffen`` of ``geprueft``."""

    getroffen: int
    geprueft: int


@dataclass(frozen=True)
class Erwartung:
    """The expected final value of one figure's total (INSGESAMT) in a month that is still provisional.

    ``wartezeit``: whole months that the provisional value ``vorlaeufig`` has waited (0 to 2). ``erwartet``, ``unten``
    and ``oben`` (90 % interval) are in the unit of the figure: whole numbers, EUR with two decimals; None, together
    with ``abdeckung``, where ``status`` is not ``ok``. ``historie``: number of past months that the estimate rests on,
    or that there are.
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
    status: Literal["ok", "zu wenig Meldehistorie", "fehlt"]
