"""Compare published figures with our own: difference, tolerance by data state, and what is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from etl.figures.kennzahlen import Inputs, change_rate, state_of
from etl.figures.merkmale import INSGESAMT
from etl.monat import Monat
from etl.series.dateien import Reihe, Veroeffentlicht, reihen, toleranzen

Urteil = Literal["gleich", "in_toleranz", "erklaert", "offen", "nicht_vergleichbar", "ohne_eigenen_wert"]
Erklaert = Mapping[tuple[str, Monat, Decimal, Decimal], str]
"""(series, month, published, own) to the reason; another value of either opens the difference again."""


class Vergleich(NamedTuple):
    """A published value beside our own. Rates in percent, from unrounded values.

    ``datenstand`` and ``toleranz`` (percent) belong to our value; ``veraenderung_…``: since the month published before
    (``vergleichsmonat``). ``grund``: why it is not comparable, or how the difference was explained.
    """

    berichtsmonat: Monat
    reihe: str
    groesse: str
    veroeffentlicht: Decimal
    eigen: Decimal | None
    differenz: Decimal | None
    differenz_prozent: Fraction | None
    datenstand: str | None
    toleranz: Decimal | None
    urteil: Urteil
    vergleichsmonat: Monat | None
    veraenderung_veroeffentlicht: Fraction | None
    veraenderung_eigen: Fraction | None
    grund: str | None
    quelle: str


def compare(published: Sequence[Veroeffentlicht], own: Inputs, explained: Erklaert) -> list[Vergleich]:
    """Compare every published value of a series that has figures of ours, by month and series."""
    values = {(value.reihe, value.monat): value.wert for value in published}
    order = list(reihen())
    rows = sorted(published, key=lambda value: (value.monat, order.index(value.reihe)))
    return [_row(value, values, own, explained) for value in rows if reihen()[value.reihe].groessen]


def own_value(reihe: Reihe, month: Monat, own: Inputs) -> tuple[Decimal, str] | None:
    """Return our sum of the figures of a series and its data state; None where any of them has no value."""
    found = [own.get((month, groesse, INSGESAMT)) for groesse in reihe.groessen]
    known = [(value.wert, value.wartezeit) for value in found if value is not None and value.wert is not None]
    if len(known) < len(reihe.groessen):
        return None
    return sum((wert for wert, _ in known), Decimal(0)), state_of(min(wartezeit for _, wartezeit in known))


def _row(
    value: Veroeffentlicht, published: Mapping[tuple[str, Monat], Decimal], own: Inputs, explained: Erklaert
) -> Vergleich:
    reihe = reihen()[value.reihe]
    # Series have gaps: the change is the one since the value published before.
    before = max((month for name, month in published if name == value.reihe and month < value.monat), default=None)
    ours = own_value(reihe, value.monat, own)
    earlier = None if before is None else own_value(reihe, before, own)
    published_before = None if before is None else published[value.reihe, before]
    eigen = ours[0] if ours else None
    reason = None if eigen is None else explained.get((value.reihe, value.monat, value.wert, eigen))
    return Vergleich(
        berichtsmonat=value.monat,
        reihe=value.reihe,
        groesse="+".join(reihe.groessen),
        veroeffentlicht=value.wert,
        eigen=eigen,
        differenz=None if eigen is None else eigen - value.wert,
        differenz_prozent=None if eigen is None else change_rate(eigen, value.wert),
        datenstand=ours[1] if ours else None,
        toleranz=toleranzen()[ours[1]] if ours else None,
        urteil=_judge(reihe, value.wert, ours, reason),
        vergleichsmonat=before,
        veraenderung_veroeffentlicht=None if published_before is None else change_rate(value.wert, published_before),
        veraenderung_eigen=change_rate(ours[0], earlier[0]) if ours and earlier else None,
        grund=reihe.nicht_vergleichbar or reason,
        quelle=value.quelle,
    )


def _judge(reihe: Reihe, published: Decimal, ours: tuple[Decimal, str] | None, reason: str | None) -> Urteil:
    if ours is None:
        return "ohne_eigenen_wert"
    if reihe.nicht_vergleichbar:
        return "nicht_vergleichbar"
    eigen, state = ours
    if eigen == published:
        return "gleich"
    if abs(eigen - published) * 100 <= toleranzen()[state] * abs(published):
        return "in_toleranz"
    return "erklaert" if reason else "offen"
