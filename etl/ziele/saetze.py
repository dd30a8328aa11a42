"""Numbers and words of German sentences."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from etl.figures import kennzahlen
from etl.zahlen import zahl

_ZAHLWORT = ("null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")


def dezimal(value: Decimal) -> str:
    """Write a number with all its decimals, at least one: ``−2,0``, ``21,75``."""
    return zahl(value, max(1, -int(value.normalize().as_tuple().exponent)))


def gerundet(value: Fraction) -> str:
    """Write a value with one decimal: ``102,6``."""
    return zahl(kennzahlen.rounded(value, 1), 1)


def mittel(value: Fraction) -> str:
    """Write a positive mean: whole if it is, else with one decimal."""
    return zahl(int(value)) if value.denominator == 1 else gerundet(value)


def je_monat(number: int) -> str:
    """Say it of each remaining month: ``in jedem der vier verbleibenden Monate``, ``im verbleibenden Monat``."""
    return "im verbleibenden Monat" if number == 1 else f"in jedem der {_ZAHLWORT[number]} verbleibenden Monate"


def in_den_monaten(number: int) -> str:
    """Say it of the remaining months together: ``in den vier verbleibenden Monaten im Mittel``."""
    return "im verbleibenden Monat" if number == 1 else f"in den {_ZAHLWORT[number]} verbleibenden Monaten im Mittel"


def veraenderung(value: Decimal) -> str:
    """Say a change that is not zero: ``2,0 Prozent mehr``, ``2,0 Prozent weniger``."""
    return f"{dezimal(abs(value))} Prozent {'mehr' if value > 0 else 'weniger'}"
