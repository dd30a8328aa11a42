from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Alleinerziehende (AE)"
text = "AE ist, wer als ELB die Rolle HP in einer BG des Typs ALLEINERZIEHEND hat; nicht jede solche BG hat eine AE."


@pytest.mark.parametrize(("role", "able", "ae"), [("HP", "T", 1), ("HP", "F", 0), ("EL", "T", 0)])
def test_who_is_counted(spec_test: SpecTest, role: str, able: str, ae: int) -> None:
    """Der Typ ist dreimal derselbe, aber nur die erwerbsfähige Hauptperson ist AE."""
    spec_test(
        "2024-03",
        {"BG_ALLEINERZIEHEND": 1, "AE": ae, "AE BG_TYP ALLEINERZIEHEND": ae, "AE GESCHLECHT w": ae},
        person="""
            kundennummer | geburtsdatum
            -------------+-------------
            KI           | 2015-05-05
        """,
        bg_mitglied=f"""
            kundennummer | bg_nummer | rolle  | erwerbsfaehig
            -------------+-----------+--------+--------------
            P1           | B         | {role} | {able}
            KI           | B         | KI     | F
        """,
    )
