"""Short German sentences from figures: right in number, case and direction, silent about what is hidden.

Every function takes exact values (``Decimal``) or signs and rounds only what it writes. A sentence never says more than
a table may: of a hidden value (``*``) it says that it is hidden, of a value compared with it nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

from etl.figures import katalog, kennzahlen
from etl.figures.katalog import Besser
from etl.figures.kennzahlen import Kennzahl, Zeile
from etl.monat import Monat
from etl.report.model import Sign, Value, change, change_percent
from etl.zahlen import prozent, veraenderung, zahl

ALTERSGRUPPEN: Mapping[str, str] = MappingProxyType(
    {
        "U15": "Kinder unter 15 Jahren",
        "15-24": "junge Menschen von 15 bis unter 25 Jahren",
        "25-54": "Menschen von 25 bis unter 55 Jahren",
        "55+": "Menschen ab 55 Jahren",
    }
)
"""Age groups as a sentence names them."""

_MILLION = 1_000_000
_TAUSEND = 1_000
_MONATE = 12


@dataclass(frozen=True)
class Wort:
    """What a figure counts: ``<kein> <einzahl>``, ``1 <einzahl>``, ``2 <mehrzahl>``, ``die Zahl der <genitiv>``.

    Amounts have no ``einzahl``.
    """

    einzahl: str
    mehrzahl: str
    genitiv: str
    kein: str


@cache
def _woerter() -> Mapping[str, Wort]:
    with Path(__file__).with_name("woerter.csv").open(encoding="utf-8", newline="") as file:
        return {row.pop("groesse"): Wort(**row) for row in csv.DictReader(file)}


def wort(groesse: str) -> Wort:
    """Return the words for a figure of the catalogue (``woerter.csv``)."""
    return _woerter()[groesse]


def anzahl(value: Decimal, was: Wort) -> str:
    """Write a count with its noun: ``keine Person``, ``1 Person``, ``1.234 Personen``."""
    if value == 0:
        return f"{was.kein} {was.einzahl}"
    return f"{zahl(value, 0)} {was.einzahl if value == 1 else was.mehrzahl}"


def betrag(value: Decimal) -> str:
    """Write an amount to be read: ``4,51 Millionen Euro``, ``512.345 Euro``, ``0,37 Euro``, ``1 Euro``."""
    size = abs(value)
    if size >= _MILLION:
        return f"{zahl(value / _MILLION, 2)} Millionen Euro"
    whole = size >= _TAUSEND or value == value.to_integral_value()
    return f"{zahl(value, 0 if whole else 2)} Euro"


def aufzaehlung(teile: Sequence[str]) -> str:
    """Join words: ``a``, ``a und b``, ``a, b und c``."""
    *davor, letztes = teile
    return f"{', '.join(davor)} und {letztes}" if davor else letztes


def entwicklung(new: Value, old: Value, besser: Besser | None) -> str:
    """Say whether a change is a good one: ``positive Entwicklung``, ``negative Entwicklung``, ``unverändert``.

    Empty where that cannot be said: a value is a sign, or the catalogue does not know which development is better.
    """
    delta = change(new, old)
    if isinstance(delta, Sign):
        return ""
    if delta == 0:
        return "unverändert"
    if besser is None:
        return ""
    return "positive Entwicklung" if (delta > 0) == (besser == "mehr") else "negative Entwicklung"


def stand(groesse: str, monat: Monat, wert: Value, vormonat: Value, vorjahr: Value) -> str:
    """Say a figure of a month and how it differs from the month before and from the same month of the year before.

    ``Im August 2026 wurden 8.846 Bedarfsgemeinschaften gezählt, 35 mehr als im Juli 2026 (+0,4 %), aber 120 weniger als
    im August 2025 (−1,3 %).``
    """
    euro = _euro(groesse)
    if isinstance(wert, Sign):
        return ohne_wert(groesse, monat, wert)
    frueher = ((monat.shift(-1), vormonat), (monat.shift(-_MONATE), vorjahr))
    vergleich = _vergleich(wert, [(when, old) for when, old in frueher if not isinstance(old, Sign)], euro=euro)
    fehlend = "".join(f" {_ohne_vergleich(when, old)}" for when, old in frueher if isinstance(old, Sign))
    return f"{_aussage(groesse, monat, wert)}{vergleich}.{fehlend}"


def ohne_wert(groesse: str, monat: Monat, zeichen: Sign) -> str:
    """Say honestly why there is no value."""
    summe = f"{'Summe' if _euro(groesse) else 'Zahl'} der {wort(groesse).genitiv}"
    match zeichen:
        case Sign.HIDDEN:
            return f"Die {summe} unterliegt im {monat.name} der Geheimhaltung (*)."
        case Sign.IMPOSSIBLE:
            return f"Die {summe} lässt sich für {monat.name} nicht sinnvoll angeben (x)."
        case Sign.UNKNOWN:
            return f"Zur {summe} liegt für {monat.name} kein Wert vor."


def saldo(monat: Monat, zugang: Value, abgang: Value) -> str:
    """Set entries against exits; empty when one of them is a sign.

    ``Im August 2026 standen 451 Zugängen 472 Abgänge gegenüber (Saldo −21).``
    """
    if isinstance(zugang, Sign) or isinstance(abgang, Sign):
        return ""
    herein = {0: "keinem Zugang", 1: "1 Zugang"}.get(int(zugang), f"{zahl(zugang, 0)} Zugängen")
    hinaus = {0: "kein Abgang", 1: "1 Abgang"}.get(int(abgang), f"{zahl(abgang, 0)} Abgänge")
    verb = "stand" if abgang in (0, 1) else "standen"
    return f"Im {monat.name} {verb} {herein} {hinaus} gegenüber (Saldo {veraenderung(zugang - abgang)})."


def groesster_anteil(teile: Mapping[str, Value], ganzes: Value) -> str:
    """Name the largest part of ``teile`` (plural words to values); empty when it or the whole is not known.

    ``Den größten Anteil haben Frauen: 4.870 von 8.846 (55,1 %).``
    """
    bekannt = {name: value for name, value in teile.items() if not isinstance(value, Sign)}
    if isinstance(ganzes, Sign) or ganzes == 0 or not bekannt:
        return ""
    most = max(bekannt.values())
    namen = [name for name, value in bekannt.items() if value == most]
    anteil = prozent(most * 100 / ganzes)
    je = "je " if len(namen) > 1 else ""
    return f"Den größten Anteil haben {aufzaehlung(namen)}: {je}{zahl(most, 0)} von {zahl(ganzes, 0)} ({anteil})."


def spanne(groesse: str, verlauf: Mapping[Monat, Value]) -> str:
    """Name the highest and the lowest value of a series: ``Höchster Wert seit …: 9.151 (März 2025), niedrigster …``.

    Signs are left out; empty when fewer than two values are left. Of equal values the latest month is named.
    """
    bekannt = {when: value for when, value in sorted(verlauf.items()) if not isinstance(value, Sign)}
    if len(bekannt) < 2:
        return ""
    hoch, tief = max(bekannt.values()), min(bekannt.values())
    seit = min(bekannt).name
    if hoch == tief:
        return f"Seit {seit} unverändert: {_menge(groesse, hoch)}."
    oben, unten = (max(when for when, value in bekannt.items() if value == rand) for rand in (hoch, tief))
    return (
        f"Höchster Wert seit {seit}: {_menge(groesse, hoch)} ({oben.name}), "
        f"niedrigster: {_menge(groesse, tief)} ({unten.name})."
    )


def lesebeispiel(zeile: Zeile) -> str:
    """Read one of the indicators of § 48a SGB II out in a sentence (total of both sexes)."""
    kennzahl = kennzahlen.load()[zeile.kennzahl]
    monat = zeile.berichtsmonat
    match zeile.status:
        case "geheim":
            return f"{kennzahl.code} unterliegt im {monat.name} der Geheimhaltung (*)."
        case "nenner_null":
            return f"{kennzahl.code} lässt sich für {monat.name} nicht berechnen (x): Der Nenner ist null."
        case "fehlt":
            return f"{kennzahl.code} lässt sich für {monat.name} nicht berechnen: Es fehlen Werte."
    assert zeile.wert is not None  # noqa: S101 (what the status says)
    wert = kennzahlen.rounded(zeile.wert, 1)
    if kennzahl.art == "veraenderung":
        return _veraenderung(kennzahl, monat, wert, gleich=zeile.wert == 0)
    return _auf_hundert(kennzahl, monat, wert)


def _veraenderung(kennzahl: Kennzahl, monat: Monat, wert: Decimal, *, gleich: bool) -> str:
    (groesse,) = kennzahl.zaehler
    vorjahr = monat.shift(-_MONATE).name
    was = f"Die {'Summe' if _euro(groesse) else 'Zahl'} der {wort(groesse).genitiv} war im {monat.name}"
    if gleich:
        return f"{was} so hoch wie im {vorjahr}."
    if wert == 0:
        return f"{was} fast so hoch wie im {vorjahr} (Veränderung unter 0,05 %)."
    return f"{was} um {prozent(abs(wert))} {'höher' if wert > 0 else 'niedriger'} als im {vorjahr}."


def _auf_hundert(kennzahl: Kennzahl, monat: Monat, wert: Decimal) -> str:
    bestand = katalog.load()[kennzahl.nenner[0]].grundgesamtheit == "person"
    when = f"Im {monat.name}"
    if kennzahl.art != "anteil":
        when = f"In den zwölf Monaten bis {monat.shift(-kennzahl.endet_vor).name}"
    je = aufzaehlung([wort(code).mehrzahl for code in kennzahl.nenner])
    schnitt = "durchschnittlich " if kennzahl.art == "mittelquote" else ""
    monatlich = " im Monat durchschnittlich" if kennzahl.art == "summenquote" and bestand else ""
    zaehler = f"{zahl(wert, 1)} {wort(kennzahl.zaehler[0]).mehrzahl}"
    return f"{when} kamen auf {schnitt}100 {je}{monatlich} {zaehler}."


def _aussage(groesse: str, monat: Monat, wert: Decimal) -> str:
    if _euro(groesse):
        return f"Im {monat.name} betrug die Summe der {wort(groesse).genitiv} {betrag(wert)}"
    verb = "wurde" if wert in (0, 1) else "wurden"
    return f"Im {monat.name} {verb} {anzahl(wert, wort(groesse))} gezählt"


def _vergleich(wert: Decimal, frueher: Sequence[tuple[Monat, Decimal]], *, euro: bool) -> str:
    """Return ``, 35 mehr als im Juli 2026 (+0,4 %), aber 120 weniger als …`` for the months that can be compared."""
    if not frueher:
        return ""
    if all(old == wert for _, old in frueher):
        return f", unverändert gegenüber {aufzaehlung([when.name for when, _ in frueher])}"
    teile = [_unterschied(wert, old, when, euro=euro) for when, old in frueher]
    entgegen = len(frueher) == 2 and (wert - frueher[0][1]) * (wert - frueher[1][1]) < 0
    return ", " + (", aber " if entgegen else " und ").join(teile)


def _unterschied(new: Decimal, old: Decimal, when: Monat, *, euro: bool) -> str:
    delta = new - old
    if delta == 0:
        return f"unverändert gegenüber {when.name}"
    menge = betrag(abs(delta)) if euro else zahl(abs(delta), 0)
    relativ = change_percent(new, old)
    klammer = "" if isinstance(relativ, Sign) else f" ({veraenderung(relativ, 1)}\N{NO-BREAK SPACE}%)"
    return f"{menge} {'mehr' if delta > 0 else 'weniger'} als im {when.name}{klammer}"


def _ohne_vergleich(when: Monat, zeichen: Sign) -> str:
    if zeichen is Sign.HIDDEN:
        return f"Der Wert vom {when.name} unterliegt der Geheimhaltung (*)."
    return f"Mit {when.name} lässt sich nicht vergleichen, weil kein Wert vorliegt."


def _menge(groesse: str, wert: Decimal) -> str:
    return betrag(wert) if _euro(groesse) else zahl(wert, 0)


def _euro(groesse: str) -> bool:
    return katalog.load()[groesse].einheit == "EUR"
