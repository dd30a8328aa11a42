from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Beispiele des Handbuchs"
text = (
    "Die Fälle I1 bis I10 der Definitionssammlung SGB II, Abschnitt 9.4. Die Zähltage sind der 15. Januar, der 15. "
    "Februar und der 15. März; Berichtsmonat ist der März."
)

ALWAYS = ("2023-01-01", "")
LEFT = ("2023-01-01", "2024-03-10")
ENTERED = ("2024-01-20", "")
NOTHING = {"INT": 0, "INT_SVP": 0, "GERING": 0, "OEGB": 0}


@pytest.mark.parametrize(("month", "stay", "job", "expected"), [
    pytest.param("2024-03", LEFT, "2024-03-01 | SVP |", {"INT": 1, "INT_SVP": 1, "ELB": 0}, id="I1"),
    pytest.param("2024-03", ENTERED, "2024-02-05 | SVP |", {"INT": 1, "INT_SVP": 1}, id="I2"),
    pytest.param("2024-02", ENTERED, "2024-02-05 | SVP |", {"INT": 0}, id="I2 im Februar"),
    pytest.param("2024-03", ALWAYS, "2024-02-05 | SVP |", {"INT": 0}, id="I3"),
    pytest.param("2024-02", ALWAYS, "2024-02-05 | SVP |", {"INT": 1, "INT_SVP": 1}, id="I3 im Februar"),
    pytest.param("2024-03", ALWAYS, "2024-03-01 | GERING |", {"GERING": 1}, id="I7"),
    pytest.param("2024-03", ALWAYS, "2024-03-01 | SVP | P16_88", {"INT": 1, "INT_SVP": 1}, id="I9"),
    pytest.param("2024-03", ALWAYS, "2024-03-01 | SELB | P16b", {"INT": 1}, id="I10"),
])  # fmt: skip
def test_cases(spec_test: SpecTest, month: str, stay: tuple[str, str], job: str, expected: dict[str, int]) -> None:
    """I1 ist Person A, I2 Person B; I3 zählt nur im Februar, I7 nur als geringfügig; I9 und I10 sind begleitet."""
    von, bis = stay
    spec_test(
        month,
        NOTHING | expected,
        bg_mitglied=f"""
            kundennummer | von   | bis
            -------------+-------+------
            P1           | {von} | {bis}
        """,
        erwerbstaetigkeit=f"""
            kundennummer | beginn | art | foerderung
            -------------+--------+-----+-----------
            P1           | {job}
        """,
    )


def test_i8_subsidised_under_16i(spec_test: SpecTest) -> None:
    """I8: Die nach § 16i geförderte Stelle zählt nur als öffentlich geförderte Beschäftigung (K2E2)."""
    spec_test(
        "2024-03",
        NOTHING | {"OEGB": 1},
        erwerbstaetigkeit="""
            kundennummer | beginn     | art | foerderung
            -------------+------------+-----+-----------
            P1           | 2024-03-01 | SVP | P16i
        """,
        massnahme="""
            kundennummer | eintritt   | instrument
            -------------+------------+-----------
            P1           | 2024-03-01 | P16i
        """,
    )
