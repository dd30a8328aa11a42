"""The reporting month (Berichtsmonat): an argument everywhere, never read from the clock."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from etl.errors import UsageError

_MONATSNAMEN = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Monat:
    """One calendar month. Ordered and hashable; ``str(Monat(2026, 8))`` is ``2026-08``."""

    jahr: int
    monat: int

    @classmethod
    def parse(cls, text: str) -> Monat:
        """Read ``YYYY-MM``; anything else is a usage error."""
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
            raise UsageError(f"„{text}“ ist kein Monat.", hint="Erwartet wird JJJJ-MM, zum Beispiel 2026-08.")
        return cls(int(text[:4]), int(text[5:]))

    @classmethod
    def of(cls, day: dt.date) -> Monat:
        """Return the month that ``day`` lies in."""
        return cls(day.year, day.month)

    @classmethod
    def span(cls, first: Monat, last: Monat) -> Iterator[Monat]:
        """Yield every month from ``first`` to ``last``, both included."""
        while first <= last:
            yield first
            first = first.shift(1)

    def shift(self, months: int) -> Monat:
        """Return the month ``months`` later (earlier when negative)."""
        index = self.jahr * 12 + self.monat - 1 + months
        return Monat(index // 12, index % 12 + 1)

    def months_since(self, earlier: Monat) -> int:
        """Return how many months lie between ``earlier`` and this one."""
        return (self.jahr - earlier.jahr) * 12 + self.monat - earlier.monat

    @property
    def first_day(self) -> dt.date:
        """The first day: how the source contract writes a month."""
        return dt.date(self.jahr, self.monat, 1)

    @property
    def last_day(self) -> dt.date:
        """The last day of the month."""
        return dt.date(self.jahr, self.monat, calendar.monthrange(self.jahr, self.monat)[1])

    @property
    def name(self) -> str:
        """How reports write it: ``August 2026``."""
        return f"{_MONATSNAMEN[self.monat - 1]} {self.jahr}"

    def __str__(self) -> str:
        return f"{self.jahr:04d}-{self.monat:02d}"
