"""Where a month stands against its targets: value, deviation, traffic light with its rule.

A value is compared with the target of the whole year in every month: the rates are sums of twelve months, the changes
are measured against the same month of the year before. Sources of the forms of a target: § 48b Abs. 3, 5 SGB II;
Zielvereinbarungen des Landkreises Würzburg 2013 bis 2020 (Ratsinformation): Integrationsquote against the year before
in percent, mean stock of Langzeitleistungsbeziehende against the year before in percent, benefits only observed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from etl import parameter
from etl.figures import kennzahlen
from etl.figures.kennzahlen import Inputs, Kennzahl, Zeile
from etl.monat import Monat
from etl.ziele.bedarf import NICHTS, Lage, bedarf
from etl.ziele.modell import Ampel, Ziel, Zielstand
from etl.ziele.saetze import dezimal

VERGLEICHSMONATE = 23
"""Months from the January of the year before to a December: the oldest month that a target is compared with."""
_PLACES = 6
_NUR_BEOBACHTET = "nur beobachtet, ohne Zielwert"


class Istwert(NamedTuple):
    """A value in the unit of a target, as an exact fraction."""

    wert: Fraction | None
    status: Literal["ok", "fehlt", "nenner_null", "geheim"]
    datenstand: str | None


def zielstaende(ziele: Iterable[Ziel], inputs: Inputs, month: Monat) -> list[Zielstand]:
    """Return where ``month`` stands against the targets of its year, by catalogue and sex.

    ``inputs``: of the indicators from ``VERGLEICHSMONATE`` before ``month`` on; see ``kennzahlen.compute``.
    """
    places = list(kennzahlen.load())
    mine = [ziel for ziel in ziele if ziel.jahr == month.jahr]
    order = sorted(mine, key=lambda z: (places.index(z.kennzahl), kennzahlen.GESCHLECHTER.index(z.geschlecht)))
    return [_stand(ziel, inputs, month) for ziel in order]


def _stand(ziel: Ziel, inputs: Inputs, month: Monat) -> Zielstand:
    kennzahl = kennzahlen.load()[ziel.kennzahl]
    ist = istwert(ziel, inputs, month)
    abstand = None if ziel.zielwert is None or ist.wert is None else ist.wert - Fraction(ziel.zielwert)
    gelb = _gelb(ziel, kennzahl, month)
    need = NICHTS if ziel.zielwert is None else bedarf(Lage(ziel, ziel.zielwert, kennzahl, inputs, month))
    return Zielstand(
        monat=month,
        kennzahl=ziel.kennzahl,
        name=kennzahl.name,
        geschlecht=ziel.geschlecht,
        einheit=ziel.einheit,
        zielwert=ziel.zielwert,
        istwert=_rounded(ist.wert),
        status=ist.status,
        abweichung=_rounded(abstand),
        ampel=_ampel(kennzahl, abstand, gelb),
        regel=_regel(ziel, kennzahl, gelb),
        bedarf=need.satz,
        bedarf_gesamt=need.gesamt,
        bedarf_je_monat=_rounded(need.je_monat),
        verbleibende_monate=12 - month.monat,
        datenstand=ist.datenstand,
        quelle=ziel.quelle,
    )


def istwert(ziel: Ziel, inputs: Inputs, month: Monat) -> Istwert:
    """Return the value of ``month`` that a target is compared with."""
    kennzahl = kennzahlen.load()[ziel.kennzahl]
    if ziel.einheit == "prozent_jahresmittel":
        return _jahresmittel(ziel, kennzahl, inputs, month)
    now = _zeile(ziel, kennzahl, inputs, month)
    if ziel.einheit == "prozent" or now.wert is None:
        return Istwert(now.wert, now.status, now.datenstand)
    before = _zeile(ziel, kennzahl, inputs, month.shift(-12))
    if before.wert is None:
        return Istwert(None, before.status, None)
    state = _least_final([now.datenstand, before.datenstand])
    change = kennzahlen.change_rate(now.wert, before.wert)
    return Istwert(change, "nenner_null" if change is None else "ok", state)


def _jahresmittel(ziel: Ziel, kennzahl: Kennzahl, inputs: Inputs, month: Monat) -> Istwert:
    """Return the change of the mean of January to ``month`` against the same months of the year before."""
    months = list(Monat.span(Monat(month.jahr, 1), month))
    sums, states = [], []
    for year in (months, [m.shift(-12) for m in months]):
        values = [inputs.get((m, code, ziel.geschlecht)) for m in year for code in kennzahl.zaehler]
        known = [value for value in values if value is not None and value.wert is not None]
        if len(known) < len(values):
            return Istwert(None, "fehlt", None)
        sums.append(sum((Fraction(value.wert) for value in known if value.wert is not None), Fraction(0)))
        states += [kennzahlen.GESCHAETZT if v.geschaetzt else kennzahlen.state_of(v.wartezeit) for v in known]
    change = kennzahlen.change_rate(sums[0], sums[1])
    return Istwert(change, "nenner_null" if change is None else "ok", _least_final(states))


def _zeile(ziel: Ziel, kennzahl: Kennzahl, inputs: Inputs, month: Monat) -> Zeile:
    rows = kennzahlen.compute(inputs, [month], [kennzahl])
    return next(row for row in rows if row.geschlecht == ziel.geschlecht)


def _least_final(states: Sequence[str | None]) -> str | None:
    known = [state for state in states if state is not None]
    return kennzahlen.GESCHAETZT if kennzahlen.GESCHAETZT in known else min(known, default=None)


def _gelb(ziel: Ziel, kennzahl: Kennzahl, month: Monat) -> Decimal:
    change = ziel.einheit != "prozent" or kennzahl.art == "veraenderung"
    limits = parameter.read("zielampel")["veraenderung" if change else "quote"]["werte"]
    return Decimal(str(parameter.valid(limits, month.first_day)["prozentpunkte"]))


def _ampel(kennzahl: Kennzahl, abstand: Fraction | None, gelb: Decimal) -> Ampel:
    if abstand is None:
        return "offen"
    missed = -abstand if kennzahl.besser == "mehr" else abstand
    if missed <= 0:
        return "gruen"
    return "gelb" if missed <= gelb else "rot"


def _regel(ziel: Ziel, kennzahl: Kennzahl, gelb: Decimal) -> str:
    if ziel.zielwert is None:
        return _NUR_BEOBACHTET
    if kennzahl.besser == "mehr":
        return (
            f"grün ab {dezimal(ziel.zielwert)} Prozent, gelb ab {dezimal(ziel.zielwert - gelb)} Prozent, darunter rot"
        )
    return f"grün bis {dezimal(ziel.zielwert)} Prozent, gelb bis {dezimal(ziel.zielwert + gelb)} Prozent, darüber rot"


def _rounded(value: Fraction | None) -> Decimal | None:
    return None if value is None else kennzahlen.rounded(value, _PLACES)
