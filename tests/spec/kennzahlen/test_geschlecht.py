from __future__ import annotations

from decimal import Decimal

import pytest

from etl.figures import kennzahlen
from etl.figures.kennzahlen import Wert
from etl.monat import Monat

title = "Insgesamt und nach Geschlecht"
text = (
    "Jede Kennzahl steht insgesamt, für Männer und für Frauen da. INSGESAMT enthält auch divers und ohne Angabe und "
    "ist deshalb nicht die Summe aus Männern und Frauen."
)

T = Monat(2025, 12)
NOW = {"INSGESAMT": 110, "m": 40, "w": 60, "d": 6, "x": 4}
BEFORE = {"INSGESAMT": 100, "m": 50, "w": 50, "d": 0, "x": 0}


def inputs() -> dict[tuple[Monat, str, str], Wert]:
    now = {(T, "ELB", sex): Wert(Decimal(value), 3) for sex, value in NOW.items()}
    return now | {(T.shift(-12), "ELB", sex): Wert(Decimal(value), 3) for sex, value in BEFORE.items()}


@pytest.mark.parametrize(("sex", "expected"), [("INSGESAMT", "10.0"), ("m", "-20.0"), ("w", "20.0")])
def test_each_by_its_own_cell(sex: str, expected: str) -> None:
    """ELB 110 nach 100: insgesamt +10,0 %; Männer und Frauen allein ergäben 100 nach 100."""
    rows = {row.geschlecht: row for row in kennzahlen.compute(inputs(), [T], [kennzahlen.load()["K1E2"]])}
    assert list(rows) == ["INSGESAMT", "m", "w"]
    wert = rows[sex].wert
    assert wert is not None
    assert f"{kennzahlen.rounded(wert, 1):f}" == expected


@pytest.mark.parametrize(("gone", "missing"), [
    ("INSGESAMT", ("INSGESAMT",)),
    ("m", ("m",)),
    ("w", ("w",)),
    ("d", ()),
    ("x", ()),
])  # fmt: skip
def test_a_missing_cell_is_missing_there_only(gone: str, missing: tuple[str, ...]) -> None:
    """Fehlt ein Geschlecht, so fehlt nur dessen Wert: Keiner wird aus den anderen errechnet."""
    left = {key: value for key, value in inputs().items() if key != (T, "ELB", gone)}
    rows = kennzahlen.compute(left, [T], [kennzahlen.load()["K1E2"]])
    assert tuple(row.geschlecht for row in rows if row.status == "fehlt") == missing
