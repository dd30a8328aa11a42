from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from etl.figures import kennzahlen
from etl.figures.kennzahlen import Wert, rounded
from etl.monat import Monat

title = "Quoten"
text = (
    "Veröffentlichte Quoten, mit denselben Formeln gerechnet wie die eigenen: aus den Grundzahlen der Veröffentlichung "
    "als Eingang."
)

T = Monat(2025, 12)
KOA_2013 = {"TN_BESTAND": 1788, "ALO": 4331, "ASU": 3998, "ELB": 10562}
VOGELSBERG_2012 = {"PERS": 4724, "BG": 2614}


def of_one_month(code: str, values: dict[str, int], places: int = 1) -> str:
    inputs = {(T, figure, "INSGESAMT"): Wert(Decimal(value), 3) for figure, value in values.items()}
    wert = kennzahlen.compute(inputs, [T], [kennzahlen.load()[code]])[0].wert
    assert wert is not None
    return f"{rounded(wert, places):f}"


@pytest.mark.parametrize(("code", "values", "expected"), [
    ("AQ1", KOA_2013, "29.2"),
    ("AQ2", KOA_2013, "16.9"),
    ("PERS_JE_BG", VOGELSBERG_2012, "1.8"),
])  # fmt: skip
def test_rates(code: str, values: dict[str, int], expected: str) -> None:
    """Aktivierungsquoten mit den Zahlen der KOA vom November 2013; Personen je BG im Vogelsbergkreis 2012."""
    assert of_one_month(code, values) == expected


def test_a_rate_that_does_not_follow() -> None:
    """Die eigene Aktivierungsquote der KOA vom November 2013, 21,4 %, folgt nicht aus 1.788 von 8.329: 21,47 %."""
    assert of_one_month("AQ_EIGEN", KOA_2013, 2) == "21.47"
    assert of_one_month("AQ_EIGEN", KOA_2013) != "21.4"


@pytest.mark.parametrize(("code", "figure", "stock", "total", "mean", "published"), [
    ("K2", "INT", "ELB", 1081000, 4394000, "24.6"),
    ("K3E1", "INT_LZB", "LZB", 485000, 2957000, "16.4"),
])  # fmt: skip
def test_integrations_2014(  # the means are derived from the published rates
    code: str, figure: str, stock: str, total: int, mean: int, published: str
) -> None:
    """Integrationsquoten 2014, Deutschland: Summe des Jahres durch den mittleren Bestand, gerundete Grundzahlen."""
    inputs = {(T.shift(-back), figure, "INSGESAMT"): Wert(Decimal(0 if back else total), 3) for back in range(12)}
    inputs |= {(T.shift(-back), stock, "INSGESAMT"): Wert(Decimal(mean), 3) for back in range(12)}
    wert = kennzahlen.compute(inputs, [T], [kennzahlen.load()[code]])[0].wert
    assert wert is not None
    assert f"{rounded(wert, 1):f}" == published


@pytest.mark.parametrize(("what", "part", "whole", "places", "published"), [
    ("Paare ohne Kinder, Anhalt-Bitterfeld September 2014", 1997, 12433, 1, "16.1"),
    ("Erwerbsfähige, Vogelsbergkreis September 2012", 3436, 4724, 0, "73"),
    ("nicht Erwerbsfähige, Vogelsbergkreis September 2012", 1288, 4724, 0, "27"),
])  # fmt: skip
def test_more_shares(what: str, part: int, whole: int, places: int, published: str) -> None:
    """Weitere Anteile, die sich ergeben."""
    assert f"{rounded(Fraction(100 * part, whole), places):f}" == published, what


def test_a_share_of_rounded_numbers() -> None:
    """Arbeitslose unter den ELB, Oktober 2017: veröffentlicht 37,0 %, aus 1,591 und 4,294 Millionen 37,1."""
    share = Fraction(100 * 1591, 4294)
    assert f"{rounded(share, 2):f}" == "37.05"
    assert f"{rounded(share, 1):f}" != "37.0"


def test_expenditure_2021() -> None:
    """Ausgaben der KOA 2021 in Millionen EUR: Arbeitslosengeld II, Unterkunft, Eingliederung, Übriges."""
    assert sum(map(Decimal, ("57.5", "37.3", "8.4", "4.2"))) == Decimal("107.4")
