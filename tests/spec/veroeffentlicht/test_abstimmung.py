from __future__ import annotations

import pytest

from etl.figures.kennzahlen import change_rate, rounded

title = "Abstimmung der Mitteilungen"
text = (
    "Weitere Zahlen aus Pressemitteilungen der Kommunalen Arbeitsförderung Ortenaukreis, die untereinander aufgehen: "
    "verfügbare Personen, Personen insgesamt, Integrationen und die genannten Unterschiede zweier Monate."
)


@pytest.mark.parametrize(("month", "unemployed", "seeking", "available"), [
    ("2011-01", 5071, 3451, 8522),
    ("2011-02", 5019, 3485, 8504),
    ("2011-06", 4735, 3645, 8380),
    ("2011-09", 4602, 3546, 8148),
    ("2013-11", 4331, 3998, 8329),
    ("2018-01", 4449, 4094, 8543),
    ("2018-02", 4311, 4318, 8629),
    ("2018-07", 4130, 4173, 8303),
    ("2023-12", 4892, 4595, 9487),
    ("2025-02", 5243, 4586, 9829),
    ("2025-03", 5155, 4346, 9501),
    ("2025-08", 5242, 3986, 9228),
    ("2025-09", 5240, 3940, 9180),
    ("2025-12", 5099, 4126, 9225),
    ("2026-01", 5394, 3838, 9232),
])  # fmt: skip
def test_available(month: str, unemployed: int, seeking: int, available: int) -> None:
    """Verfügbar = arbeitslos + arbeitsuchend."""
    assert unemployed + seeking == available, month


@pytest.mark.parametrize(("month", "available", "pure", "nef", "others", "persons"), [
    ("2011-01", 8522, 2913, 5551, 0, 16986),
    ("2011-02", 8504, 2998, 5606, 0, 17108),
    ("2011-06", 8380, 2845, 5480, 0, 16705),
    ("2013-11", 8329, 2233, 5206, 0, 15768),
    ("2018-01", 8543, 2710, 5523, 927, 17703),
    ("2018-02", 8629, 2746, 5593, 935, 17903),
    ("2018-07", 8303, 2567, 5483, 901, 17254),
    ("2023-06", 9224, 2756, 5607, 936, 18523),
    ("2023-12", 9487, 2669, 5594, 930, 18680),
])  # fmt: skip
def test_persons_from_all_parts(  # the ELB themselves are not in every release
    month: str, available: int, pure: int, nef: int, others: int, persons: int
) -> None:
    """Personen = verfügbar + reine Leistungsbeziehende + NEF + übrige."""
    assert available + pure + nef + others == persons, month


def test_one_month_is_short_of_a_person() -> None:
    """September 2011: Die Teile ergeben 16.033, veröffentlicht sind 16.034."""
    assert 8148 + 2534 + 5351 == 16033


@pytest.mark.parametrize(("month", "first_market", "second_market", "together"), [
    ("2017-04", 222, 38, 260),
    ("2021-12", 82, 18, 100),
    ("2022-12", 88, 14, 102),
    ("2023-12", 88, 13, 101),
    ("2025-02", 127, 28, 155),
    ("2025-03", 176, 32, 208),
    ("2025-08", 163, 31, 194),
    ("2025-09", 319, 18, 337),
    ("2025-12", 125, 36, 161),
    ("2026-01", 107, 22, 129),
])  # fmt: skip
def test_integrations(month: str, first_market: int, second_market: int, together: int) -> None:
    """Erster Arbeitsmarkt (Integrationen) und zweiter (öffentlich gefördert)."""
    assert first_market + second_market == together, month


@pytest.mark.parametrize(("what", "old", "difference", "new"), [
    ("BG April 2017 bis März 2018", 8717, -418, 8299),
    ("BG Dezember 2017 bis Dezember 2018", 8358, -798, 7560),
    ("BG Dezember 2018 ohne Geflüchtete", 7560, -1306, 6254),
    ("BG Mai bis Juni 2023", 8716, -13, 8703),
    ("BG August bis September 2024", 9145, -64, 9081),
    ("BG Februar bis März 2025", 9263, -112, 9151),
    ("BG Dezember 2025 bis Januar 2026", 8892, -46, 8846),
    ("BG Januar 2025 bis Januar 2026", 9127, -281, 8846),
    ("BG bis April 2023 (die Rate dazu folgt nicht)", 8663, 146, 8809),
    ("BG 2012 (die Rate dazu folgt nicht)", 7850, -175, 7675),
    ("NEF unter 15 nach der Revision 2016", 1660100, -117790, 1542310),
    ("Kinder statt Personen unter 18, Dezember 2015", 1939187, -7713, 1931474),
])  # fmt: skip
def test_differences(what: str, old: int, difference: int, new: int) -> None:
    """Der genannte Unterschied und die ungerundete Rate sagen dasselbe."""
    change = change_rate(new, old)
    assert change is not None
    assert change * old / 100 == difference, what


@pytest.mark.parametrize(("unemployed", "expected"), [(4000, "11.0"), (5000, "8.8"), (6000, "7.3"), (21900, "2.0")])
def test_a_rate_that_needs_four_times_the_unemployed(unemployed: int, expected: str) -> None:
    """„438 mehr, +2,0 %“ (September 2024) verlangt rund 21.900 Arbeitslose; es sind etwa 5.000."""
    change = change_rate(unemployed + 438, unemployed)
    assert change is not None
    assert f"{rounded(change, 1):f}" == expected
