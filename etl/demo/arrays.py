"""Columns of numbers instead of objects: days since 1970-01-01, amounts in cents, open ends as ``OFFEN``."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, fields
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from etl.monat import Monat

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

OFFEN = 2**31 - 1
"""An end that has not happened: later than every day, NULL in the delivery."""
LEER = -(2**62)
"""A value that is not known: NULL in the delivery."""
KEINE = -1
"""No row: index of a person without an open membership, job, measure or status."""


S = TypeVar("S", bound="Saeulen")


@dataclass
class Saeulen:
    """A struct of arrays of equal length that grows by rows."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def extend(self, rows: Self) -> Ints:
        """Append ``rows`` and return their positions."""
        first = len(self)
        for field in fields(self):
            setattr(self, field.name, np.concatenate([getattr(self, field.name), getattr(rows, field.name)]))
        return np.arange(first, len(self))

    def take(self, rows: Ints | Bools) -> Self:
        """Return a copy of the rows at ``rows`` (positions or a mask)."""
        return type(self)(*(getattr(self, field.name)[rows] for field in fields(self)))


def concat(kind: type[S], chunks: list[S]) -> S:
    """Join tables of one kind."""
    return kind(*(np.concatenate([getattr(chunk, column.name) for chunk in chunks]) for column in fields(kind)))


def stream(seed: int, block: int, name: str) -> np.random.Generator:
    """Return the random numbers of one purpose: another purpose drawing more or less does not move them."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, block, zlib.crc32(name.encode())])))


_DTYPES = {"Ints": np.int64, "Floats": np.float64, "Bools": np.bool_}


def empty(kind: type[S]) -> S:
    """Return a table without rows."""
    return kind(*(np.zeros(0, dtype=_DTYPES[str(column.type)]) for column in fields(kind)))


def ints(value: int, n: int) -> Ints:
    """Return ``n`` times the same number."""
    return np.full(n, value, dtype=np.int64)


def day(monat: Monat, tag: int = 1) -> int:
    """Return a day of a month as days since 1970-01-01."""
    return int(np.datetime64(f"{monat}-{tag:02d}", "D").astype(np.int64))


def last_day(monat: Monat) -> int:
    """Return the last day of a month as days since 1970-01-01."""
    return day(monat.shift(1)) - 1


def as_dates(days: Ints) -> NDArray[np.datetime64]:
    """Return days since 1970-01-01 as dates."""
    return days.astype("datetime64[D]")


def birthday(geburt: Ints, age: int | Ints) -> Ints:
    """Return the day on which ``age`` is reached; who was born on 29 February has it on 1 March in other years."""
    born = as_dates(geburt)
    month = born.astype("datetime64[M]")
    offset = (born - month.astype("datetime64[D]")).astype(np.int64)
    target = month + (np.asarray(age, dtype=np.int64) * 12).astype("timedelta64[M]")
    result: Ints = target.astype("datetime64[D]").astype(np.int64) + offset
    return result


def calendar_key(days: Ints) -> Ints:
    """Return days as numbers of the form 20260831: the difference of two, without the last four digits, is an age."""
    dates = as_dates(days)
    month = dates.astype("datetime64[M]")
    months = month.astype(np.int64) + 1970 * 12
    of_month = (dates - month.astype("datetime64[D]")).astype(np.int64) + 1
    result: Ints = months // 12 * 10000 + (months % 12 + 1) * 100 + of_month
    return result


def age_on(geburt_key: Ints, on: int) -> Ints:
    """Return completed years on a day, from ``calendar_key`` of the birth.

    The birthday itself counts as the new age; who was born on 29 February has it on 1 March in other years.
    """
    return (int(calendar_key(np.array([on]))[0]) - geburt_key) // 10000


def age_limit_day(geburt: Ints) -> Ints:
    """Return the first day on which the age limit of § 7a SGB II is reached (contract, rule 0)."""
    year = as_dates(geburt).astype("datetime64[Y]").astype(np.int64) + 1970
    months = np.select(
        [year <= 1946, year <= 1958, year <= 1963],
        [ints(65 * 12, len(year)), 65 * 12 + year - 1946, 66 * 12 + 2 * (year - 1958)],
        67 * 12,
    )
    # The age is completed on the day before the birthday, the limit is reached with the month after.
    completed = as_dates(geburt - 1).astype("datetime64[M]")
    result: Ints = (completed + (months + 1).astype("timedelta64[M]")).astype("datetime64[D]").astype(np.int64)
    return result


def first_of_month(days: Ints) -> Ints:
    """Return the first day of the month each day lies in."""
    return as_dates(days).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def pick(rng: np.random.Generator, candidates: Ints, n: int) -> Ints:
    """Draw at most ``n`` different candidates, in ascending order."""
    n = min(max(n, 0), len(candidates))
    return np.sort(rng.choice(candidates, size=n, replace=False)) if n else candidates[:0]


def choose(rng: np.random.Generator, shares: list[float], n: int) -> Ints:
    """Draw ``n`` positions with probabilities proportional to ``shares``."""
    edges = np.cumsum(shares) / np.sum(shares)
    return np.minimum(np.searchsorted(edges, rng.random(n), side="right"), len(shares) - 1).astype(np.int64)


def share_cents(total: Ints, group: Ints, weight: Ints) -> Ints:
    """Split ``total[g]`` cents over the rows of each group in proportion to ``weight``, exactly.

    Every row gets the rounded-down share; the cents left over go one each to the first rows (with weight) of the group.
    Rows must be ordered by group.
    """
    groups = len(total)
    sums = np.bincount(group, weights=weight, minlength=groups).astype(np.int64)
    shares = weight * total[group] // np.maximum(sums, 1)[group]
    rest = total - np.bincount(group, weights=shares, minlength=groups).astype(np.int64)
    counted = np.cumsum(weight > 0)
    first = np.searchsorted(group, np.arange(groups))
    before = np.concatenate([[0], counted])[first]
    rank = counted - 1 - before[group]
    result: Ints = shares + ((weight > 0) & (rank < rest[group])).astype(np.int64)
    return result
