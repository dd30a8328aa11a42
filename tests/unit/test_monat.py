"""The reporting month: text, arithmetic, limits."""

from __future__ import annotations

import datetime as dt

import pytest

from etl.errors import UsageError
from etl.monat import Monat


def test_text_and_back() -> None:
    assert str(Monat.parse("2026-08")) == "2026-08"
    assert Monat.parse("2026-08").name == "August 2026"


@pytest.mark.parametrize("text", ["2026-8", "2026-13", "2026-00", "202608", "08-2026", "2026-08-01", "", "٢٠٢٦-٠٨"])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(UsageError, match="ist kein Monat"):
        Monat.parse(text)


@pytest.mark.parametrize(("months", "expected"), [(0, "2026-01"), (-1, "2025-12"), (-13, "2024-12"), (12, "2027-01")])
def test_shift(months: int, expected: str) -> None:
    assert str(Monat(2026, 1).shift(months)) == expected


def test_span_includes_both_ends() -> None:
    assert [str(m) for m in Monat.span(Monat(2025, 11), Monat(2026, 1))] == ["2025-11", "2025-12", "2026-01"]
    assert list(Monat.span(Monat(2026, 2), Monat(2026, 1))) == []


def test_days_of_a_leap_february() -> None:
    february = Monat.of(dt.date(2024, 2, 29))
    assert (february.first_day, february.last_day) == (dt.date(2024, 2, 1), dt.date(2024, 2, 29))
