"""The nowcast once more, straight from its description, with long decimals instead of fractions and searches instead of
formulas.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext

Pair = tuple[int, int]
"""Provisional and final value of a past month."""


def expected(pairs: Sequence[Pair], value: int) -> tuple[int, int, int]:
    """Estimate and bounds of the 90 percent interval."""
    with localcontext() as context:
        context.prec = 60
        widths = [_deviation([*pairs[:n], *pairs[n + 1 :]], pair) for n, pair in enumerate(pairs)]
        # Small-sample correction: of n + 1 deviations, the next one among them, nine in ten are within.
        enough = next(w for w in sorted(widths) if 10 * sum(v <= w for v in widths) >= 9 * (len(pairs) + 1))
        middle = value * _ratio(pairs)
        half = (enough * max(value, 1)).sqrt()
        estimate = int(middle.to_integral_value(ROUND_HALF_UP))
        inside = [
            n for n in range(int(middle - half) - 2, int(middle + half) + 3) if middle - half <= n <= middle + half
        ]
        return estimate, max(0, min([*inside, estimate])), max([*inside, estimate])


def _ratio(pairs: Sequence[Pair]) -> Decimal:
    before = sum(first for first, _ in pairs)
    return Decimal(sum(last for _, last in pairs)) / before if before else Decimal(1)


def _deviation(others: Sequence[Pair], pair: Pair) -> Decimal:
    """How far the estimate from the other months misses, squared, in units of the provisional value."""
    first, last = pair
    return (last - first * _ratio(others)) ** 2 / max(first, 1)
