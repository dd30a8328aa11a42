from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Welche Bedarfsgemeinschaften zählen"
text = "Eine BG zählt, wenn ihr am Zähltag mindestens eine LB (ELB, NEF oder SLB) angehört."


@pytest.mark.parametrize(("kind", "able"), [("RB20", "T"), ("RB20", "F"), ("SV26", "T")])
def test_one_lb_is_enough(spec_test: SpecTest, kind: str, able: str) -> None:
    """Eine ELB, eine NEF oder eine SLB genügt."""
    spec_test(
        "2024-03",
        {"BG": 1, "LB": 1},
        bg_mitglied=f"""
            kundennummer | erwerbsfaehig
            -------------+--------------
            P1           | {able}
        """,
        leistung=f"""
            kundennummer | monat   | leistungsart
            -------------+---------+-------------
            P1           | 2024-03 | {kind}
        """,
    )


def test_money_before_the_counting_day_only(spec_test: SpecTest) -> None:
    """Das Mitglied mit Anspruch ist vor dem Zähltag ausgeschieden; das verbliebene hat keinen."""
    spec_test(
        "2024-03",
        {"BG": 0, "PERS": 0, "ABGELEHNT": 1, "LLU": 100, "LLU BG_TYP OHNE": 100},
        bg_mitglied="""
            kundennummer | bg_nummer | rolle | bis
            -------------+-----------+-------+-----------
            HP           | B         | HP    | 2024-03-14
            PA           | B         | PA    |
        """,
        leistung="""
            kundennummer | bg_nummer | monat
            -------------+-----------+--------
            HP           | B         | 2024-03
        """,
    )


def test_two_bgs(spec_test: SpecTest) -> None:
    """Jede zählt für sich."""
    spec_test(
        "2024-03",
        {"BG": 2, "BG_SINGLE": 2, "PERS": 2},
        person="""
            kundennummer
            ------------
            P1
            P2
        """,
    )
