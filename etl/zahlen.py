"""Numbers the German way: point for thousands, decimal comma, a real minus sign, ``%`` after a space.

The one place for people's eyes; files for programs keep the decimal point. Rounding is commercial (half away from
zero) and done once, here, from the value as it is.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

MINUS = "−"
GESCHUETZT = "\N{NO-BREAK SPACE}"
"""Space that does not break a line, between a number and what belongs to it (DIN 5008)."""

_GERMAN = str.maketrans(",.-", ".," + MINUS)


def zahl(value: Decimal | int, stellen: int | None = None) -> str:
    """Write a number: ``1.234.567``, ``−0,5``; with ``stellen`` decimals, without it with those that it has."""
    if stellen is None:
        return f"{value:,f}".translate(_GERMAN) if isinstance(value, Decimal) else f"{value:,}".translate(_GERMAN)
    return f"{half_up(Decimal(value), stellen):,f}".translate(_GERMAN)


def veraenderung(value: Decimal | int, stellen: int = 0) -> str:
    """Write a change with its sign: ``+12``, ``−3``, ``0``; what rounds to zero has none."""
    text = zahl(value, stellen)
    return f"+{text}" if half_up(Decimal(value), stellen) > 0 else text


def prozent(value: Decimal | int, stellen: int = 1) -> str:
    """Write a percentage: ``12,3 %``."""
    return f"{zahl(value, stellen)}{GESCHUETZT}%"


def half_up(value: Decimal, stellen: int = 1) -> Decimal:
    """Round once, half away from zero. There is no negative zero: −0,04 becomes 0,0."""
    result = value.quantize(Decimal(1).scaleb(-stellen), rounding=ROUND_HALF_UP)
    return result or abs(result)
