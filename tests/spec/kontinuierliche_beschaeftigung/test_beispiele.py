from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Beispiele des Handbuchs"
text = (
    "Definitionssammlung SGB II, Abschnitt 9.6: Integration im Monat 0 (September 2023), beschäftigt an den Zähltagen "
    "der Monate 1 bis 6 oder nicht."
)

MONTHS = ("2023-10", "2023-11", "2023-12", "2024-01", "2024-02", "2024-03")


@pytest.mark.parametrize(("employed", "continuous"), [
    ("1 1 1 1 1 1", 1),
    ("1 1 0 1 1 1", 0),  # im sechsten Monat wieder beschäftigt: nach dem Recht bis 2018 hätte das genügen können
    ("0 1 1 1 1 1", 0),
    ("1 1 1 1 1 0", 0),
    ("0 0 0 0 0 0", 0),
])  # fmt: skip
def test_pattern(spec_test: SpecTest, employed: str, continuous: int) -> None:
    """Jede 1 ist eine Beschäftigung von drei Tagen um den Zähltag: Es kommt nur auf die sechs Tage an."""
    jobs = "\n".join(
        f"P1 | {month}-14 | {month}-16" for month, works in zip(MONTHS, employed.split(), strict=True) if works == "1"
    )
    spec_test(
        "2023-09",
        {"INT": 1, "INT_SVP": 1, "INT_SVP_KONT": continuous},
        erstellt_am="2024-03-20T06:00:00+01:00",
        leistung="""
            kundennummer | monat
            -------------+-----------------
            P1           | 2023-06..2024-03
        """,
        erwerbstaetigkeit=f"""
            kundennummer | beginn     | ende
            -------------+------------+-----------
            P1           | 2023-09-01 | 2023-09-30
            {jobs}
        """,
    )
