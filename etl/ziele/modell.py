"""What a target is, and where a month stands against it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from etl.monat import Monat

Ampel = Literal["gruen", "gelb", "rot", "offen"]
"""``offen``: there is nothing to judge, because the target is only observed or the value is missing."""

Einheit = Literal["prozent", "prozent_vorjahr", "prozent_jahresmittel"]
"""What a target is a value of. ``prozent``: the indicator itself; ``prozent_vorjahr``: the change of a rate against the
same month of the year before; ``prozent_jahresmittel``: where the indicator is the change of a stock or sum, the change
of its mean over the months of the year so far against the same months of the year before."""


class Ziel(NamedTuple):
    """One target of a year: the value an indicator shall have in December. None: it is only observed."""

    jahr: int
    kennzahl: str
    geschlecht: str
    zielwert: Decimal | None
    einheit: Einheit
    quelle: str


@dataclass(frozen=True)
class Zielstand:
    """Where a month stands against one target.

    ``zielwert`` and ``istwert`` are in percent, in the sense of ``einheit``; ``abweichung`` is ``istwert`` minus
    ``zielwert`` in percentage points. All three are rounded once, to six decimals; ``ampel`` is judged before rounding.
    ``regel`` says in German which value gives which light, ``bedarf`` what the remaining months must bring.

    ``bedarf_gesamt`` is what must still be reached by December, in the unit that ``bedarf`` names: the number of
    further integrations, the stock of persons, the sum in EUR; ``bedarf_je_monat`` the part of one remaining month.
    They are exact or rounded to six decimals, and None where there is no such number. ``verbleibende_monate``: until
    December.

    ``status``: ``ok``; ``fehlt``, an input of the indicator is missing; ``nenner_null``; in what is published
    (``etl/disclosure``) ``geheim``. ``datenstand``: the least final input, ``T-0`` to ``T-3``, or ``geschaetzt``; None
    where there is no value.
    """

    monat: Monat
    kennzahl: str
    name: str
    geschlecht: str
    einheit: Einheit
    zielwert: Decimal | None
    istwert: Decimal | None
    status: Literal["ok", "fehlt", "nenner_null", "geheim"]
    abweichung: Decimal | None
    ampel: Ampel
    regel: str
    bedarf: str
    bedarf_gesamt: Decimal | None
    bedarf_je_monat: Decimal | None
    verbleibende_monate: int
    datenstand: str | None
    quelle: str
