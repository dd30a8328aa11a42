from __future__ import annotations

import pytest

from etl.figures.kennzahlen import change_rate, rounded

title = "Veränderungsraten"
text = (
    "Raten aus Pressemitteilungen der Kommunalen Arbeitsförderung Ortenaukreis, aus den veröffentlichten Zahlen "
    "nachgerechnet. Einige folgen nicht aus den eigenen Zahlen der Mitteilung; sie dürfen sich nicht ergeben."
)


def rate(new: int, old: int) -> str:
    change = change_rate(new, old)
    assert change is not None
    return f"{rounded(change, 1):f}"


@pytest.mark.parametrize(("what", "new", "old", "published"), [
    ("BG Februar 2011", 8369, 8268, "1.2"),
    ("ELB Februar 2011", 11502, 11435, "0.6"),
    ("Arbeitslose Februar 2011", 5019, 5071, "-1.0"),
    ("BG Januar 2018", 8266, 8358, "-1.1"),
    ("BG Februar 2018", 8333, 8266, "0.8"),
    ("ELB Februar 2018", 11375, 11253, "1.1"),
    ("Arbeitslose Februar 2018", 4311, 4449, "-3.1"),
    ("BG März 2018 zu Dezember 2017", 8299, 8358, "-0.7"),
    ("BG Dezember 2021 zu Januar 2021", 7158, 7425, "-3.6"),
    ("Integrationen Dezember 2021 zu November", 82, 95, "-13.7"),
    ("Integrationen Dezember 2021 zu Dezember 2020", 82, 73, "12.3"),
    ("BG Juni 2022 zu März 2022", 8278, 7079, "16.9"),
    ("BG Juni 2023 zu Mai 2023", 8703, 8716, "-0.1"),
    ("BG September 2024 zu August", 9081, 9145, "-0.7"),
    ("BG März 2025 zu Februar", 9151, 9263, "-1.2"),
    ("Arbeitslose März 2025 zu Februar", 5155, 5243, "-1.7"),
    ("BG Juni 2025 zu März", 9019, 9151, "-1.4"),
    ("BG Juni 2025 zu Juni 2024 („gleich viele“)", 9019, 9020, "0.0"),
    ("BG Februar 2025 zu Januar", 9263, 9127, "1.5"),
    ("ELB 2012 zu 2011", 10479, 10746, "-2.5"),
    ("NEF unter 15 nach der Revision 2016", 1542310, 1660100, "-7.1"),
])  # fmt: skip
def test_rates_that_follow(what: str, new: int, old: int, published: str) -> None:
    """Die veröffentlichte Rate ergibt sich aus den unveränderten Zahlen, kaufmännisch gerundet."""
    assert rate(new, old) == published, what


@pytest.mark.parametrize(("what", "new", "old", "published"), [
    ("BG April 2023 („146 mehr, +0,9 %“)", 8809, 8663, "0.9"),
    ("BG 2012 („−175 auf 7.675, −2,3 %“)", 7675, 7850, "-2.3"),
    ("Arbeitslose September 2024 („438 mehr, +2,0 %“)", 5438, 5000, "2.0"),
])  # fmt: skip
def test_rates_that_do_not_follow(what: str, new: int, old: int, published: str) -> None:
    """Die veröffentlichte Rate folgt nicht aus den veröffentlichten Zahlen."""
    assert rate(new, old) != published, what


def test_no_whole_number_gives_the_rate() -> None:
    """Integrationen März 2022 („98, −1,8 %“): keine ganze Zahl im Nenner ergibt diese Rate."""
    assert "-1.8" not in {rate(98, old) for old in range(1, 1000)}
