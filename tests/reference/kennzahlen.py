"""Rule 9: the fifteen indicators of § 48a SGB II once more, straight from the handbook's table 2.1, and the rates.

f(t) is the value of a figure in month t. Nothing is rounded. No code and no catalogue is shared with ``etl``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reference.kalender import shift
from reference.lieferung import Month


@dataclass(frozen=True)
class Eingang:
    """One input: its value (None: ``fehlt``), its waiting time, and whether it is an estimate."""

    wert: Decimal | None
    wartezeit: int
    geschaetzt: bool = False


@dataclass(frozen=True)
class Ergebnis:
    """N, D and the indicator in percent; ``ok``, ``fehlt`` or ``nenner_null``; the least final input."""

    zaehler: Fraction | None
    nenner: Fraction | None
    wert: Fraction | None
    status: str
    datenstand: str | None


Eingaenge = Mapping[tuple[Month, str, str], Eingang]
"""(month, groesse, geschlecht) to the input; one that is not there is missing."""

FEHLT = Ergebnis(None, None, None, "fehlt", None)
GESCHLECHTER = ("INSGESAMT", "m", "w")


class MissingInputError(Exception):
    """An input month is missing."""


class Series:
    """The inputs of one indicator: answers f(t), and remembers what was asked for."""

    def __init__(self, eingaenge: Eingaenge, geschlecht: str) -> None:
        self._eingaenge, self._geschlecht = eingaenge, geschlecht
        self._used: list[Eingang] = []

    def value(self, groesse: str, month: Month) -> Fraction:
        found = self._eingaenge.get((month, groesse, self._geschlecht))
        if found is None or found.wert is None:
            raise MissingInputError
        self._used.append(found)
        return Fraction(found.wert)

    def total(self, groesse: str, months: Iterable[Month]) -> Fraction:
        return sum((self.value(groesse, month) for month in months), Fraction())

    def data_state(self) -> str:
        """Rule 10: T-3 is final; of many inputs the least final one counts, and an estimate is none at all."""
        if any(one.geschaetzt for one in self._used):
            return "geschaetzt"
        waited = min(one.wartezeit for one in self._used)
        return "T-3" if waited >= 3 else f"T-{waited}"


def months_back(t: Month, oldest: int, newest: int = 0) -> list[Month]:
    """t-oldest … t-newest."""
    return [shift(t, -n) for n in range(oldest, newest - 1, -1)]


Parts = tuple[Fraction, Fraction]
"""N and D."""


def _change(groesse: str) -> Callable[[Series, Month], Parts]:
    return lambda f, t: (f.value(groesse, t), f.value(groesse, shift(t, -12)))


def _entry_rate(flow: str, stock: str) -> Callable[[Series, Month], Parts]:
    """Entries of twelve months over the stocks of the same months."""
    return lambda f, t: (f.total(flow, months_back(t, 11)), f.total(stock, months_back(t, 11)))


def _exit_rate(flow: str, stock: str) -> Callable[[Series, Month], Parts]:
    """Exits of twelve months over the stocks of the month before each."""
    return lambda f, t: (f.total(flow, months_back(t, 11)), f.total(stock, months_back(t, 12, 1)))


def _per_mean_stock(flow: str, stock: str) -> Callable[[Series, Month], Parts]:
    """The sum of twelve months over the mean of their stocks."""
    return lambda f, t: (f.total(flow, months_back(t, 11)), f.total(stock, months_back(t, 11)) / 12)


def _continuous(f: Series, t: Month) -> Parts:
    """K2E3, rule 7: the integrations of t-17 … t-6, of which six months of work are known at t."""
    return f.total("INT_SVP_KONT", months_back(t, 17, 6)), f.total("INT_SVP", months_back(t, 17, 6))


def _share(upper: str, *lower: str) -> Callable[[Series, Month], Parts]:
    """One month over the sum of figures of the same month."""
    return lambda f, t: (f.value(upper, t), sum((f.value(groesse, t) for groesse in lower), Fraction()))


KENNZAHLEN: Mapping[str, Callable[[Series, Month], Parts]] = {
    "K1": _change("LLU"),
    "K1E1": _change("LUH"),
    "K1E2": _change("ELB"),
    "K1E3": _entry_rate("ELB_ZUGANG", "ELB"),
    "K1E4": _exit_rate("ELB_ABGANG", "ELB"),
    "K2": _per_mean_stock("INT", "ELB"),
    "K2E1": _per_mean_stock("GERING", "ELB"),
    "K2E2": _per_mean_stock("OEGB", "ELB"),
    "K2E3": _continuous,
    "K2E4": _per_mean_stock("INT_AE", "AE"),
    "K3": _change("LZB"),
    "K3E1": _per_mean_stock("INT_LZB", "LZB"),
    "K3E2": _share("LZB_AKTIV", "LZB"),
    "K3E3": _entry_rate("LZB_ZUGANG", "LZB"),
    "K3E4": _exit_rate("LZB_ABGANG", "LZB"),
    "AQ1": _share("TN_BESTAND", "TN_BESTAND", "ALO"),
    "AQ2": _share("TN_BESTAND", "ELB"),
    "AQ_EIGEN": _share("TN_BESTAND", "ALO", "ASU"),
    "LMQ": _share("LM_ELB", "ELB"),
    "LM_JE_100": _per_mean_stock("LM_NEU", "ELB"),
    "PERS_JE_BG": _share("PERS", "BG"),
    "HQ_LB": _share("LB", "BEV_U_ALTERSGRENZE"),
    "HQ_ELB": _share("ELB", "BEV_15_ALTERSGRENZE"),
    "HQ_NEF": _share("NEF_U15", "BEV_U15"),
}
CHANGES = ("K1", "K1E1", "K1E2", "K3")
"""Shown as a rate of change: (N/D - 1)·100."""
PLAIN = ("PERS_JE_BG",)
"""Shown as N/D; all others N/D·100."""
ONLY_TOTAL = ("PERS_JE_BG", "HQ_LB", "HQ_ELB", "HQ_NEF")
"""Bedarfsgemeinschaften have no sex; the population is published without."""


def kennzahl(eingaenge: Eingaenge, code: str, geschlecht: str, t: Month) -> Ergebnis:
    """One indicator of one month."""
    series = Series(eingaenge, geschlecht)
    try:
        zaehler, nenner = KENNZAHLEN[code](series, t)
    except MissingInputError:
        return FEHLT
    if nenner == 0:
        return Ergebnis(zaehler, nenner, None, "nenner_null", series.data_state())
    quotient = zaehler / nenner
    if code not in PLAIN:
        quotient = (quotient - 1 if code in CHANGES else quotient) * 100
    return Ergebnis(zaehler, nenner, quotient, "ok", series.data_state())


def oracle_kennzahlen(eingaenge: Eingaenge, months: Iterable[Month]) -> dict[tuple[Month, str, str], Ergebnis]:
    """All indicators and rates of ``months``, in total and for both sexes."""
    return {
        (month, code, geschlecht): kennzahl(eingaenge, code, geschlecht, month)
        for month in months
        for code in KENNZAHLEN
        for geschlecht in (GESCHLECHTER[:1] if code in ONLY_TOTAL else GESCHLECHTER)
    }
