from __future__ import annotations

from spec.conftest import SpecTest

title = "Betrag der Leistungsminderungen (LM_BETRAG)"
text = (
    "Summe der Spalte minderung über alle Zeilen von leistung des Kalendermonats t, in EUR; der Betrag in der Tabelle "
    "leistungsminderung ist der festgestellte, nicht der wirksam gewordene, und zählt hier nicht."
)


def test_calendar_month(spec_test: SpecTest) -> None:
    """Nur der Kalendermonat; alle Personen, auch solche, die am Zähltag keiner BG angehören."""
    spec_test(
        "2024-03",
        {"LM_BETRAG": "66.66", "LM_BETRAG GESCHLECHT m": "10.10", "LM_BETRAG GESCHLECHT w": "56.56"},
        person="""
            kundennummer | geschlecht
            -------------+-----------
            P1           | w
            P2           | m
        """,
        bg_mitglied="""
            kundennummer | bis
            -------------+-----------
            P1           |
            P2           | 2024-03-10
        """,
        leistung="""
            kundennummer | monat   | leistungsart | anspruch | minderung
            -------------+---------+--------------+----------+----------
            P1           | 2024-02 | RB20         | 500.00   | 1000.00
            P1           | 2024-03 | RB20         | 500.00   | 56.30
            P1           | 2024-03 | MB21         | 50.00    | 0.26
            P2           | 2024-03 | RB20         | 500.00   | 10.10
            P1           | 2024-04 | RB20         | 500.00   | 2000.00
        """,
    )


def test_not_the_amount_that_was_stated(spec_test: SpecTest) -> None:
    """Festgestellt sind 168,90 EUR, gemindert wurden 30,00 EUR, weil die Unterkunft nicht gekürzt werden darf."""
    spec_test(
        "2024-03",
        {"LM_BETRAG": "30.00", "ZAHLUNG": "400.00"},
        leistung="""
            kundennummer | monat   | leistungsart | anspruch | minderung
            -------------+---------+--------------+----------+----------
            P1           | 2024-03 | RB20         | 30.00    | 30.00
            P1           | 2024-03 | KDU22_1      | 400.00   | 0.00
        """,
        leistungsminderung="""
            kundennummer | grund   | betrag | beginn     | ende
            -------------+---------+--------+------------+-----------
            P1           | PFLICHT | 168.90 | 2024-03-01 | 2024-05-31
        """,
    )


def test_first_month(spec_test: SpecTest) -> None:
    """Eine Summe des Kalendermonats hat vom ersten Monat mit leistung an einen Wert."""
    spec_test(
        "2024-03",
        {"LM_BETRAG": "5.00", "ZAHLUNG": "95.00"},
        leistung="""
            kundennummer | monat   | minderung
            -------------+---------+----------
            P1           | 2024-03 | 5.00
        """,
    )
