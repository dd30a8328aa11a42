"""What the remaining months of the year must bring for a target, as a number and as a sentence.

Rates need the denominator of months that are still to come: it is taken to stay at its mean so far (Annahme). Numbers
are rounded to whole ones so that the target is kept: what must be reached up, what must not be exceeded down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from etl.figures import katalog as groessen
from etl.figures import kennzahlen
from etl.figures.kennzahlen import Inputs, Kennzahl
from etl.monat import Monat
from etl.zahlen import zahl
from etl.ziele import katalog
from etl.ziele.modell import Ziel
from etl.ziele.saetze import dezimal, gerundet, in_den_monaten, je_monat, mittel, veraenderung

_GESCHLECHT = {"m": " (Männer)", "w": " (Frauen)"}


class Lage(NamedTuple):
    """A target with a value, and all that is known of it in a month."""

    ziel: Ziel
    zielwert: Decimal
    kennzahl: Kennzahl
    inputs: Inputs
    month: Monat

    @property
    def dezember(self) -> Monat:
        """The month in which the target is to be reached."""
        return Monat(self.ziel.jahr, 12)

    @property
    def verbleibend(self) -> int:
        """Months until December."""
        return 12 - self.month.monat


class Bedarf(NamedTuple):
    """What is needed: the sentence, the whole, and the part of one remaining month."""

    satz: str
    gesamt: Decimal | None = None
    je_monat: Fraction | None = None


NICHTS = Bedarf("Ohne Zielwert gibt es keinen Bedarf.")
FEHLT = Bedarf("Nicht berechenbar, weil Zahlen früherer Monate fehlen.")
VORBEI = Bedarf("Das Jahr ist zu Ende; es verbleibt kein Monat.")


def bedarf(lage: Lage) -> Bedarf:
    """Return what the months after ``lage.month`` must bring until December."""
    if not lage.verbleibend:
        return VORBEI
    if lage.ziel.einheit == "prozent_jahresmittel":
        return _mittel(lage)
    if lage.kennzahl.art == "veraenderung":
        return _bestand(lage)
    quote = _quote(lage)
    if quote is None:
        return FEHLT
    return _anteil(lage, quote) if lage.kennzahl.art == "anteil" else _bewegungen(lage, quote)


# --- rates ------------------------------------------------------------------------------------------------------------


def _quote(lage: Lage) -> Fraction | None:
    """Return the rate that December shall have, in percent."""
    if lage.ziel.einheit == "prozent":
        return Fraction(lage.zielwert)
    rows = kennzahlen.compute(lage.inputs, [lage.dezember.shift(-12)], [lage.kennzahl])
    before = next(row.wert for row in rows if row.geschlecht == lage.ziel.geschlecht)
    return None if before is None else before * (1 + Fraction(lage.zielwert) / 100)


def _bewegungen(lage: Lage, quote: Fraction) -> Bedarf:
    """Rates over twelve months: how many are still needed, or how many may still come."""
    above, below = kennzahlen.windows(lage.kennzahl, lage.dezember)
    last = kennzahlen.windows(lage.kennzahl, lage.month)[0][-1]
    counted = _values(lage, [m for m in above if m <= last], lage.kennzahl.zaehler)
    stocks = _values(lage, [m for m in below if m <= lage.month], lage.kennzahl.nenner)
    if counted is None or not stocks:
        return FEHLT
    mean = sum(stocks) / len(stocks)
    nenner = mean if lage.kennzahl.art == "mittelquote" else mean * len(below)
    rest = quote / 100 * nenner - sum(counted)
    if lage.kennzahl.besser == "mehr":
        return _noch_noetig(lage, quote, math.ceil(rest))
    return _noch_moeglich(lage, quote, math.floor(rest))


def _noch_noetig(lage: Lage, quote: Fraction, number: int) -> Bedarf:
    words = katalog.load()[lage.ziel.kennzahl]
    if number <= 0:
        plural = words.wort[1]
        text = f"Das Ziel ist {words.bei} schon erreicht: Weitere {plural}{_sex(lage)} sind dafür nicht nötig."
        return Bedarf(text, Decimal(0), Fraction(0))
    verb = "fehlt" if number == 1 else "fehlen"
    return Bedarf(
        f"Für {_wunsch(lage, quote)} {verb} {words.bei} noch {_anzahl(lage, number)}{_verteilt(lage, number)}.",
        Decimal(number),
        Fraction(number, lage.verbleibend),
    )


def _noch_moeglich(lage: Lage, quote: Fraction, number: int) -> Bedarf:
    words = katalog.load()[lage.ziel.kennzahl]
    if number < 0:
        text = f"Das Ziel ist {words.bei} nicht mehr erreichbar: Es gab schon {_anzahl(lage, -number)} zu viel."
        return Bedarf(text, Decimal(number))
    if number == 0:
        text = f"Für {_wunsch(lage, quote)} dürfen {words.bei} keine weiteren {words.wort[1]}{_sex(lage)} hinzukommen."
        return Bedarf(text, Decimal(0), Fraction(0))
    verb = "darf" if number == 1 else "dürfen"
    return Bedarf(
        f"Für {_wunsch(lage, quote)} {verb} {words.bei} höchstens noch {_anzahl(lage, number)} hinzukommen"
        f"{_verteilt(lage, number)}.",
        Decimal(number),
        Fraction(number, lage.verbleibend),
    )


def _anteil(lage: Lage, quote: Fraction) -> Bedarf:
    """Share of one month: how many there must be in December."""
    part = _values(lage, [lage.month], lage.kennzahl.zaehler)
    whole = _values(lage, [lage.month], lage.kennzahl.nenner)
    if part is None or whole is None:
        return FEHLT
    number = math.ceil(quote / 100 * sum(whole))
    more = number - int(sum(part))
    verb = "muss" if number == 1 else "müssen"
    compared = f"so viele wie im {lage.month.name}"
    if more:
        compared = f"{zahl(abs(more))} {'mehr' if more > 0 else 'weniger'} als im {lage.month.name}"
    return Bedarf(
        f"Für {_wunsch(lage, quote)} {verb} es {katalog.load()[lage.ziel.kennzahl].bei} dann mindestens "
        f"{_anzahl(lage, number)} sein, {compared}.",
        Decimal(number),
        Fraction(max(more, 0), lage.verbleibend),
    )


def _wunsch(lage: Lage, quote: Fraction) -> str:
    """Say what is wanted: ``22,5 Prozent im Dezember 2026``."""
    if lage.ziel.einheit == "prozent":
        return f"{dezimal(lage.zielwert)} Prozent im {lage.dezember.name}"
    before = lage.dezember.shift(-12).name
    compared = f"{veraenderung(lage.zielwert)} als im {before}" if lage.zielwert else f"so viel wie im {before}"
    return f"{gerundet(quote)} Prozent im {lage.dezember.name} ({compared})"


def _verteilt(lage: Lage, number: int) -> str:
    if number == 1:
        return ""
    if lage.verbleibend == 1:
        return f", und zwar {je_monat(1)}"
    return f", im Mittel {mittel(Fraction(number, lage.verbleibend))} {je_monat(lage.verbleibend)}"


def _anzahl(lage: Lage, number: int) -> str:
    one, many = katalog.load()[lage.ziel.kennzahl].wort
    return f"{zahl(number)} {one if number == 1 else many}{_sex(lage)}"


# --- changes of a stock or sum ----------------------------------------------------------------------------------------


def _bestand(lage: Lage) -> Bedarf:
    """Change against December of the year before: the stock or sum that December must not exceed."""
    before, now = (_values(lage, [m], lage.kennzahl.zaehler) for m in (lage.dezember.shift(-12), lage.month))
    if before is None or now is None:
        return FEHLT
    most = math.floor(sum(before) * (1 + Fraction(lage.zielwert) / 100))
    over = sum(now) - most
    head = (
        f"Im {lage.dezember.name} darf {_groesse(lage)} höchstens {_betrag(lage, most)} betragen "
        f"({lage.dezember.shift(-12).name}: {_betrag(lage, _round(sum(before)))})."
    )
    return Bedarf(
        f"{head} {_verglichen(lage, math.ceil(over))}", Decimal(most), Fraction(max(over, 0)) / lage.verbleibend
    )


def _verglichen(lage: Lage, over: int) -> str:
    if over < 0:
        return f"Im {lage.month.name} liegt sie um {_betrag(lage, -over)} darunter."
    if over == 0:
        return f"Das ist so viel wie im {lage.month.name}."
    verb = "Das ist" if over == 1 else "Das sind"
    spread = ""
    if lage.verbleibend > 1 and over > 1:
        spread = f", im Mittel {mittel(Fraction(over, lage.verbleibend))} weniger {je_monat(lage.verbleibend)}"
    return f"{verb} {_betrag(lage, over)} weniger als im {lage.month.name}{spread}."


def _mittel(lage: Lage) -> Bedarf:
    """Change of the mean of the year: the mean that the remaining months must not exceed."""
    year = list(Monat.span(Monat(lage.ziel.jahr, 1), lage.dezember))
    before = _values(lage, [m.shift(-12) for m in year], lage.kennzahl.zaehler)
    so_far = _values(lage, [m for m in year if m <= lage.month], lage.kennzahl.zaehler)
    if before is None or so_far is None:
        return FEHLT
    most = sum(before) / 12 * (1 + Fraction(lage.zielwert) / 100)
    rest = math.floor((12 * most - sum(so_far)) / lage.verbleibend)
    head = (
        f"Damit {_groesse(lage)} im Jahresmittel {lage.ziel.jahr} höchstens {_betrag(lage, math.floor(most))} beträgt "
        f"({lage.ziel.jahr - 1}: {_betrag(lage, _round(sum(before, Fraction(0)) / 12))}), "
    )
    if rest < 0:
        return Bedarf("Das Ziel ist nicht mehr erreichbar: Die vergangenen Monate liegen zu hoch.", Decimal(0))
    now = _values(lage, [lage.month], lage.kennzahl.zaehler)
    return Bedarf(
        f"{head}darf sie {in_den_monaten(lage.verbleibend)} höchstens {_betrag(lage, rest)} betragen; "
        f"im {lage.month.name} beträgt sie {_betrag(lage, _round(sum(now or [], Fraction(0))))}.",
        Decimal(math.floor(most)),
        Fraction(rest),
    )


def _groesse(lage: Lage) -> str:
    return katalog.load()[lage.ziel.kennzahl].groesse + _sex(lage)


def _betrag(lage: Lage, value: int) -> str:
    euro = groessen.load()[lage.kennzahl.zaehler[0]].einheit == "EUR"
    return f"{zahl(value)} EUR" if euro else zahl(value)


# --- values -----------------------------------------------------------------------------------------------------------


def _values(lage: Lage, months: Sequence[Monat], codes: Sequence[str]) -> list[Fraction] | None:
    """Return the sum of the figures ``codes`` of each month; None where one is missing."""
    found = []
    for month in months:
        values = [lage.inputs.get((month, code, lage.ziel.geschlecht)) for code in codes]
        known = [Fraction(value.wert) for value in values if value is not None and value.wert is not None]
        if len(known) < len(values):
            return None
        found.append(sum(known, Fraction(0)))
    return found


def _round(value: Fraction | int) -> int:
    return int(kennzahlen.rounded(Fraction(value), 0))


def _sex(lage: Lage) -> str:
    return _GESCHLECHT.get(lage.ziel.geschlecht, "")
