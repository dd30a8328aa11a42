from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from etl.figures.kennzahlen import rounded

title = "Summen und Anteile"
text = (
    "Veröffentlichte Zahlen, die zusammenpassen müssen: ELB + NEF + übrige = Personen, verfügbar = arbeitslos + "
    "arbeitsuchend, ELB = verfügbar + reine Leistungsbeziehende; und Anteile mit ihren Grundzahlen."
)


@pytest.mark.parametrize(("month", "persons", "elb", "nef", "others"), [
    ("2011-01", 16986, 11435, 5551, 0),
    ("2011-02", 17108, 11502, 5606, 0),
    ("2011-06", 16705, 11225, 5480, 0),
    ("2013-11", 15768, 10562, 5206, 0),
    ("2017-01", 18318, 11909, 5592, 817),
    ("2017-04", 18695, 12075, 5825, 795),
    ("2018-02", 17903, 11375, 5593, 935),
    ("2023-12", 18680, 12156, 5594, 930),
    ("2025-02", 19237, 12734, 5450, 1053),
    ("2025-12", 18273, 12143, 5179, 951),
])  # fmt: skip
def test_persons(month: str, persons: int, elb: int, nef: int, others: int) -> None:
    """Personen in Bedarfsgemeinschaften = ELB + NEF + Personen ohne Regelleistung."""
    assert elb + nef + others == persons, month


def test_a_release_that_does_not_add_up() -> None:
    """September 2011: ELB und NEF ergeben eine Person weniger als veröffentlicht."""
    assert 10682 + 5351 == 16034 - 1


@pytest.mark.parametrize(("month", "unemployed", "seeking", "pure", "elb"), [
    ("2011-01", 5071, 3451, 2913, 11435),
    ("2011-02", 5019, 3485, 2998, 11502),
    ("2013-11", 4331, 3998, 2233, 10562),
    ("2018-02", 4311, 4318, 2746, 11375),
    ("2023-12", 4892, 4595, 2669, 12156),
])  # fmt: skip
def test_elb_by_status(month: str, unemployed: int, seeking: int, pure: int, elb: int) -> None:
    """ELB = arbeitslos + arbeitsuchend + reine Leistungsbeziehende."""
    assert unemployed + seeking + pure == elb, month


@pytest.mark.parametrize(("what", "part", "whole", "places", "published"), [
    ("Single-BG Anhalt-Bitterfeld September 2014", 6947, 12433, 1, "55.9"),
    ("Alleinerziehende", 1830, 12433, 1, "14.7"),
    ("bis drei Personen", 11462, 12433, 1, "92.2"),
    ("Arbeitsuchende Oktober 2017", 2977, 4294, 1, "69.3"),
    ("Langzeitarbeitslose Oktober 2017", 738, 4294, 1, "17.2"),
    ("Widersprüche je Bescheid 2017", 5282, 208000, 1, "2.5"),
    ("Sanktionen je 100 ELB Juli 2016 bis Juni 2017", 957428, 4352000, 1, "22.0"),
])  # fmt: skip
def test_shares(what: str, part: int, whole: int, places: int, published: str) -> None:
    """Anteile, die sich aus den veröffentlichten Zahlen ergeben."""
    assert f"{rounded(Fraction(100 * part, whole), places):f}" == published, what


@pytest.mark.parametrize(("what", "part", "whole", "published"), [
    ("eigene Aktivierungsquote November 2013", 1788, 8329, "21.4"),
    ("Klagen je Bescheid 2017", 980, 208000, "0.4"),
])  # fmt: skip
def test_shares_that_do_not_follow(what: str, part: int, whole: int, published: str) -> None:
    """Veröffentlichte Anteile, die sich nicht ergeben: 21,47 und 0,47."""
    assert f"{rounded(Fraction(100 * part, whole), 1):f}" != published, what


def test_presence_and_mean() -> None:
    """Beispiel der Statistik der BA: Jahresmittel 101,50; die Gesamtheit 293 liegt zwischen Maximum und Summe."""
    stocks = [78, 81, 83, 93, 103, 110, 114, 118, 113, 107, 108, 110]
    assert rounded(Fraction(sum(stocks), 12), 2) == Decimal("101.50")
    assert max(stocks) <= 293 <= sum(stocks)


def test_rounded_parts_need_not_add_up() -> None:
    """100,7 = 50,4 + 50,3 wird 101, 50 und 50; die Rundungsdifferenz 1 ist richtig."""
    whole, *parts = (rounded(Fraction(Decimal(value)), 0) for value in ("100.7", "50.4", "50.3"))
    assert whole == 101
    assert sum(parts) == 100
