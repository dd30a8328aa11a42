from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Neue Leistungsminderungen (LM_NEU)"
text = (
    "Leistungsminderungen mit beginn in (S(t-1), S(t)], auch nach dem Grund. Gezählt werden Feststellungen, nicht "
    "Personen, und gleich, zu welcher Personengruppe die Person gehört."
)


@pytest.mark.parametrize(("beginn", "counted"), [
    ("2024-02-14", 0),
    ("2024-02-15", 0),
    ("2024-02-16", 1),
    ("2024-03-15", 1),
    ("2024-03-16", 0),
])  # fmt: skip
def test_window(spec_test: SpecTest, beginn: str, counted: int) -> None:
    """Nach dem Zähltag des Vormonats, bis zum Zähltag."""
    spec_test(
        "2024-03",
        {"LM_NEU": counted, "LM_NEU MINDERUNGSGRUND MELDE": counted, "LM_NEU GESCHLECHT w": counted},
        leistungsminderung=f"""
            kundennummer | beginn
            -------------+---------
            P1           | {beginn}
        """,
    )


def test_by_reason(spec_test: SpecTest) -> None:
    """Nach Gründen; die Gründe ergeben die Summe."""
    spec_test(
        "2024-03",
        {
            "LM_NEU": 4,
            "LM_NEU MINDERUNGSGRUND PFLICHT": 1,
            "LM_NEU MINDERUNGSGRUND MELDE": 3,
            "LM_NEU MINDERUNGSGRUND ARBEIT": 0,
        },
        leistungsminderung="""
            kundennummer | grund   | beginn
            -------------+---------+-----------
            P1           | PFLICHT | 2024-03-01
            P1           | MELDE   | 2024-03-01
            P2           | MELDE   | 2024-03-01
            P2           | MELDE   | 2024-03-02
            P2           | ARBEIT  | 2024-04-01
        """,
    )


def test_whatever_the_group(spec_test: SpecTest) -> None:
    """Auch von Personen, die an S(t) NEF sind oder keiner BG angehören."""
    spec_test(
        "2024-03",
        {"LM_NEU": 2, "LM_ELB": 0, "NEF": 1, "LM_NEU GESCHLECHT d": 1},
        person="""
            kundennummer | geschlecht
            -------------+-----------
            P1           | w
            P2           | d
        """,
        bg_mitglied="""
            kundennummer | erwerbsfaehig
            -------------+--------------
            P1           | F
        """,
        leistungsminderung="""
            kundennummer | beginn
            -------------+-----------
            P1           | 2024-03-01
            P2           | 2024-03-01
        """,
    )


@pytest.mark.parametrize(("first", "value"), [("2024-03", None), ("2024-02", 1)])
def test_first_value(spec_test: SpecTest, first: str, value: int | None) -> None:
    """Der Zeitraum beginnt am Zähltag des Vormonats: einen Monat nach dem ersten Monat mit leistung."""
    spec_test(
        "2024-03",
        {"LM_NEU": value, "LM_NEU MINDERUNGSGRUND MELDE": value, "LM_ELB": 1},
        leistung=f"""
            kundennummer | monat
            -------------+-----------------
            P1           | {first}..2024-04
        """,
        leistungsminderung="""
            kundennummer | beginn
            -------------+-----------
            P1           | 2024-03-01
        """,
    )
