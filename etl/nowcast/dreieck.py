"""From the reporting triangle of past months to what is expected of a month, and how often such intervals held."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from etl import parameter
from etl.figures import katalog
from etl.figures.kennzahlen import FINAL
from etl.monat import Monat
from etl.nowcast.modell import Abdeckung, Erwartung, Meldung
from etl.nowcast.spanne import Paar, spanne


class Regel(NamedTuple):
    """The parameters ``nowcast`` of a day: months at least and at most, and the wanted certainty."""

    mindestens: int
    hoechstens: int
    sicherheit: Fraction

    @classmethod
    def of(cls, day: dt.date) -> Regel:
        """Return what holds on ``day``."""
        entry = parameter.read("nowcast")
        history = parameter.valid(entry["historie"]["werte"], day)
        certainty = parameter.valid(entry["spanne"]["werte"], day)["sicherheit"]
        return cls(history["mindestens"], history["hoechstens"], Fraction(str(certainty)))


class Vergangen(NamedTuple):
    """A past month: its values in units of the last place, and when each became known."""

    paar: Paar
    bekannt_am: dt.datetime
    endgueltig_am: dt.datetime


def first_month(month: Monat) -> Monat:
    """Return the first month whose states are needed: the history, as of then, of the oldest month of the history."""
    return month.shift(-2 * (Regel.of(month.first_day).hoechstens + FINAL))


def erwartungen(meldungen: Sequence[Meldung], month: Monat) -> list[Erwartung]:
    """Return what is expected of every figure of ``month`` in its newest state, in the order of the catalogue.

    ``meldungen``: every state of ``first_month`` to ``month``. A month that is final has no expectations.
    """
    by_figure: dict[str, dict[tuple[Monat, int], Meldung]] = defaultdict(dict)
    for meldung in meldungen:
        by_figure[meldung.groesse][meldung.monat, meldung.wartezeit] = meldung
    regel = Regel.of(month.first_day)
    found = (_erwartung(code, by_figure[code], month, regel) for code in katalog.load() if code in by_figure)
    return [erwartung for erwartung in found if erwartung is not None]


def _erwartung(
    groesse: str, states: Mapping[tuple[Monat, int], Meldung], month: Monat, regel: Regel
) -> Erwartung | None:
    wartezeit = max((wait for m, wait in states if m == month), default=FINAL)
    if wartezeit >= FINAL:
        return None
    places = 2 if katalog.load()[groesse].einheit == "EUR" else 0
    now = states[month, wartezeit]
    past = _past(states, wartezeit, places)
    base = _known(past, now.bekannt_am, regel)
    common = (groesse, month, wartezeit, now.wert)
    if now.wert is None:
        return Erwartung(*common, None, None, None, len(base), None, "fehlt")
    if len(base) < regel.mindestens:
        return Erwartung(*common, None, None, None, len(base), None, "zu wenig Meldehistorie")
    found = spanne(base, _units(now.wert, places), regel.sicherheit)
    erwartet, unten, oben = (Decimal(value).scaleb(-places) for value in found)
    return Erwartung(*common, erwartet, unten, oben, len(base), _backtest(past, now.bekannt_am, regel), "ok")


def _past(states: Mapping[tuple[Monat, int], Meldung], wartezeit: int, places: int) -> list[Vergangen]:
    """Return the months of which a value after ``wartezeit`` and the final one are known, in order."""
    past = []
    for month, wait in sorted(states):
        final = states.get((month, FINAL))
        first = states[month, wait]
        if wait != wartezeit or final is None or final.wert is None or first.wert is None:
            continue
        paar = Paar(_units(first.wert, places), _units(final.wert, places))
        past.append(Vergangen(paar, first.bekannt_am, final.bekannt_am))
    return past


def _known(past: Sequence[Vergangen], on: dt.datetime, regel: Regel) -> list[Paar]:
    """Return the newest pairs that were complete at the moment ``on``; what is provisional then lies after them."""
    known = [entry.paar for entry in past if entry.endgueltig_am <= on]
    return known[-regel.hoechstens :]


def _backtest(past: Sequence[Vergangen], on: dt.datetime, regel: Regel) -> Abdeckung:
    """Estimate the newest past months with what was known when they were provisional, and count the hits."""
    hits = tried = 0
    for entry in [entry for entry in past if entry.endgueltig_am <= on][-regel.hoechstens :]:
        base = _known(past, entry.bekannt_am, regel)
        if len(base) >= regel.mindestens:
            found = spanne(base, entry.paar.vorlaeufig, regel.sicherheit)
            tried += 1
            hits += found.unten <= entry.paar.endgueltig <= found.oben
    return Abdeckung(hits, tried)


def _units(value: Decimal, places: int) -> Fraction:
    return Fraction(value.scaleb(places))
