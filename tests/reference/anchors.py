"""Days near the days on which rules change."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from reference.kalender import shift
from reference.lieferung import ONE_DAY, Day, Month


def last_day(month: Month) -> Day:
    following = shift(month, 1)
    return Day(following[0], following[1], 1) - ONE_DAY


def near(draw: st.DrawFn, days: Sequence[Day], spread: int = 1) -> Day:
    """A day at most ``spread`` days away from one of ``days``."""
    return draw(st.sampled_from(days)) + draw(st.integers(-spread, spread)) * ONE_DAY
