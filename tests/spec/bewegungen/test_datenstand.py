from __future__ import annotations

from spec.conftest import SpecTest

title = "Datenstand"
text = (
    "Nach dem Datum von erstellt_am gibt es keine ELB-Tage; eine Bezugszeit, deren letzter Tag dieses Datum ist, "
    "läuft weiter."
)


def test_running_spell_at_the_counting_day(spec_test: SpecTest) -> None:
    """Lieferung am Zähltag: Offene Bezugszeiten sind im Bestand und gehen nicht ab."""
    spec_test("2024-03", {"ELB": 1, "ELB_ABGANG": 0}, erstellt_am="2024-03-15T06:00:00+01:00", person=ONE)


def test_delivered_after_the_counting_day(spec_test: SpecTest) -> None:
    """Lieferung am Monatsende: dieselben Zahlen."""
    spec_test("2024-03", {"ELB": 1, "ELB_ABGANG": 0}, erstellt_am="2024-03-31T23:00:00+02:00", person=ONE)


def test_a_gap_that_the_delivery_cannot_close(spec_test: SpecTest) -> None:
    """Der Bezug endete sechs Tage vor der Lieferung; von der Rückkehr morgen weiß sie noch nichts: ein Abgang."""
    spec_test(
        "2024-03",
        {"ELB": 0, "ELB_ABGANG": 1},
        erstellt_am="2024-03-16T06:00:00+01:00",
        bg_mitglied="""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2023-01-01 | 2024-03-10
            P1           | 2024-03-17 |
        """,
    )


def test_the_same_gap_later(spec_test: SpecTest) -> None:
    """Eine Lieferung einen Tag später kennt die Rückkehr: kein Abgang."""
    spec_test(
        "2024-03",
        {"ELB": 0, "ELB_ABGANG": 0},
        erstellt_am="2024-03-17T06:00:00+01:00",
        bg_mitglied="""
            kundennummer | von        | bis
            -------------+------------+-----------
            P1           | 2023-01-01 | 2024-03-10
            P1           | 2024-03-17 |
        """,
    )


ONE = """
    kundennummer
    ------------
    P1
"""
