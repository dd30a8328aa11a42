from __future__ import annotations

import pytest

from spec.conftest import SpecTest

pytestmark = pytest.mark.slow  # many cases of one kind
title = "Instrumente"
text = (
    "Nach Instrumenten, eine abgeschlossene Liste. Das Vermittlungsbudget (P16_44) ist eine einmalige Leistung: Es hat "
    "Eintritte, aber weder Bestand noch Austritte."
)

INSTRUMENTS = (
    "P16_45", "P16_81", "P16_44", "P16_88", "P16b", "P16c", "P16d", "P16e", "P16f", "P16g", "P16h", "P16i", "P16j",
    "P16k", "STA", "ESF_LZA",
)  # fmt: skip


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_each_instrument(spec_test: SpecTest, instrument: str) -> None:
    """Eine laufende und eine beendete Teilnahme: zwei Eintritte, ein Bestand, ein Austritt; einmalig nur Eintritte."""
    runs = 0 if instrument == "P16_44" else 1
    spec_test(
        "2024-03",
        {
            "TN_EINTRITT": 2,
            "TN_BESTAND": runs,
            "TN_AUSTRITT": runs,
            f"TN_EINTRITT INSTRUMENT {instrument}": 2,
            f"TN_BESTAND INSTRUMENT {instrument}": runs,
            f"TN_AUSTRITT INSTRUMENT {instrument}": runs,
        },
        massnahme=f"""
            kundennummer | eintritt   | austritt   | instrument
            -------------+------------+------------+-------------
            P1           | 2024-03-01 |            | {instrument}
            P1           | 2024-02-20 | 2024-03-01 | {instrument}
        """,
    )


@pytest.mark.parametrize("eintritt", ["2018-12-31", "2019-01-01"])
def test_16e_old_and_new(spec_test: SpecTest, eintritt: str) -> None:
    """Altes und neues Recht des § 16e haben denselben Schlüssel; als Teilnahme zählen beide."""
    spec_test(
        "2019-01",
        {"TN_EINTRITT": 1, "TN_BESTAND INSTRUMENT P16e": 1},
        massnahme=f"""
            kundennummer | eintritt   | instrument
            -------------+------------+-----------
            P1           | {eintritt} | P16e
        """,
    )


def test_instruments_add_up(spec_test: SpecTest) -> None:
    """Die Instrumente ergeben die Summe; die nicht vertretenen stehen mit null da."""
    spec_test(
        "2024-03",
        {"TN_BESTAND": len(INSTRUMENTS) - 1, "TN_EINTRITT": len(INSTRUMENTS)}
        | {f"TN_EINTRITT INSTRUMENT {instrument}": 1 for instrument in INSTRUMENTS}
        | {f"TN_AUSTRITT INSTRUMENT {instrument}": 0 for instrument in INSTRUMENTS},
        massnahme="kundennummer | eintritt | instrument\n---\n"
        + "\n".join(f"P1 | 2024-03-01 | {instrument}" for instrument in INSTRUMENTS),
    )
