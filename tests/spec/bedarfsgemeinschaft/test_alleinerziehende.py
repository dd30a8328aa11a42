from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Alleinerziehende (AE)"
text = "A lone parent is the ELB with role HP of a BG of type ALLEINERZIEHEND; not every such BG has one."


@pytest.mark.parametrize(("role", "able", "ae"), [("HP", "T", 1), ("HP", "F", 0), ("EL", "T", 0)])
def test_who_is_counted(spec_test: SpecTest, role: str, able: str, ae: int) -> None:
    """The type is the same three times, but only the able-to-work main person is AE."""
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
