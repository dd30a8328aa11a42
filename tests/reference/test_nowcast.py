"""The nowcast against a second reading of its description, its past judged by living through it, and its promise."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.monat import Monat
from etl.nowcast import Erwartung, Meldung, erwartungen
from etl.nowcast.spanne import Paar, spanne
from reference import nowcast
from reference.conftest import PROFIL

NINE_IN_TEN = Fraction(9, 10)
FIRST = Monat(2024, 1)
values = st.one_of(st.integers(0, 9), st.integers(0, 400), st.integers(10**6, 10**7))


@PROFIL
@given(
    pairs=st.lists(st.one_of(st.tuples(values, values), values.map(lambda v: (v, v))), min_size=9, max_size=24),
    value=values,
)
def test_product_equals_reference(pairs: list[tuple[int, int]], value: int) -> None:
    # A width of millions is searched number by number in the reference.
    pairs = [(first, min(last, first + 1000)) for first, last in pairs]
    found = spanne([Paar(Fraction(a), Fraction(b)) for a, b in pairs], Fraction(min(value, 5000)), NINE_IN_TEN)
    assert tuple(found) == nowcast.expected(pairs, min(value, 5000))


def triangle(seed: int, months: int, share: float) -> list[Meldung]:
    """A job centre that reports every month: of each month's cases every one is recorded at T-0 with ``share``, later
    with more; nothing of it is known before its time.
    """
    chance = random.Random(seed)  # noqa: S311
    found = []
    for number in range(months):
        month, true = FIRST.shift(number), sum(chance.random() < 0.5 for _ in range(400))
        known = 0
        for wait in range(4):
            if wait == 3:
                known = true
            else:
                known += sum(chance.random() < share for _ in range(true - known))
            day = dt.datetime.combine(month.shift(wait).last_day, dt.time(6), dt.UTC)
            found.append(Meldung(month, wait, day, "INT", Decimal(known)))
    return found


def until(states: list[Meldung], day: dt.datetime) -> list[Meldung]:
    return [state for state in states if state.bekannt_am <= day]


def one(states: list[Meldung], month: Monat) -> Erwartung:
    return erwartungen(states, month)[0]


@PROFIL
@given(seed=st.integers(0, 10**6), months=st.integers(4, 40), wait=st.integers(0, 2))
def test_the_past_is_judged_as_one_would_have_lived_through_it(seed: int, months: int, wait: int) -> None:
    """Coverage by brute force: ask at every past moment with what was delivered until then, and look at the end."""
    states = triangle(seed, months, 0.9)
    month = FIRST.shift(months - 1)
    now = next(s for s in states if (s.monat, s.wartezeit) == (month, wait)).bekannt_am
    asked = one(until(states, now), month)
    finals = {s.monat: s for s in until(states, now) if s.wartezeit == 3}
    hits = tried = 0
    for past in sorted(finals)[-24:]:
        moment = next(s for s in states if (s.monat, s.wartezeit) == (past, wait)).bekannt_am
        then = one(until(states, moment), past)
        if then.status == "ok" and then.unten is not None and then.oben is not None:
            tried += 1
            hits += then.unten <= (finals[past].wert or 0) <= then.oben
    if asked.status == "ok":
        assert asked.abdeckung == (hits, tried)
    else:
        assert asked.abdeckung is None
        assert len(finals) < 9
    assert asked.historie == min(len(finals), 24)


@PROFIL
@given(seed=st.integers(0, 10**6), other=st.integers(0, 10**6), wait=st.integers(0, 2))
def test_nothing_of_the_future_is_used(seed: int, other: int, wait: int) -> None:
    """Two histories that differ only after the moment of the asked state give the same answer."""
    months, month = 30, FIRST.shift(20)
    states, different = triangle(seed, months, 0.9), triangle(other, months, 0.8)
    now = next(s for s in states if (s.monat, s.wartezeit) == (month, wait)).bekannt_am
    later = [s for s in different if s.bekannt_am > now and s.monat != month]
    assert one(until(states, now), month) == one([*until(states, now), *later], month)


@pytest.mark.parametrize("months", [9, 19])
def test_nine_in_ten_intervals_hold(months: int) -> None:
    """The promise itself, on many independent job centres with counts and late records."""
    hits, tries = 0, 300
    for seed in range(tries):
        states = triangle(seed, months + 4, 0.9)
        month = FIRST.shift(months + 2)
        now = next(s for s in states if (s.monat, s.wartezeit) == (month, 0)).bekannt_am
        found = one(until(states, now), month)
        final = next(s.wert for s in states if (s.monat, s.wartezeit) == (month, 3))
        assert found.historie == months
        assert found.unten is not None
        assert found.oben is not None
        hits += found.unten <= (final or 0) <= found.oben
    assert 0.87 <= hits / tries <= 0.97
