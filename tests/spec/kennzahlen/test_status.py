from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from etl.figures import kennzahlen
from etl.figures.kennzahlen import Kennzahl, Wert
from etl.monat import Monat

title = "Status, Datenstand, Runden"
text = (
    "Fehlt ein Eingangsmonat, fehlt der Wert: nie ein kürzerer Zeitraum. Ist der Nenner null, gibt es Zähler und "
    "Nenner, aber keinen Wert. Der Datenstand ist der am wenigsten endgültige der Eingänge."
)

T = Monat(2025, 12)
ALL = kennzahlen.paragraph_48a()
CODES = [kennzahl.code for kennzahl in ALL]


def complete(kennzahl: Kennzahl, wert: str = "100") -> dict[tuple[Monat, str, str], Wert]:
    """Every month that any indicator of § 48a may need, for every input and both sexes."""
    return {
        (T.shift(-back), code, geschlecht): Wert(Decimal(wert), 3)
        for back in range(18)
        for code in kennzahl.inputs
        for geschlecht in ("INSGESAMT", "m", "w")
    }


def needed(kennzahl: Kennzahl) -> int:
    """How many inputs of one sex the definition names."""
    return {
        "veraenderung": 2,
        "anteil": 2,
        "summenquote": 24,
        "mittelquote": 24,
    }[kennzahl.art]


def test_there_are_fifteen_by_sex() -> None:
    """Drei Kennzahlen und zwölf Ergänzungsgrößen, jede insgesamt, für Männer und für Frauen."""
    expected = "K1 K1E1 K1E2 K1E3 K1E4 K2 K2E1 K2E2 K2E3 K2E4 K3 K3E1 K3E2 K3E3 K3E4"
    assert expected.split() == CODES
    assert {kennzahl.geschlechter for kennzahl in ALL} == {("INSGESAMT", "m", "w")}


@pytest.mark.parametrize("code", CODES)
def test_every_single_month_is_needed(code: str) -> None:
    """Jeder Eingang wird einmal weggelassen: genau die des Zeitraums lassen den Wert fehlen."""
    kennzahl = kennzahlen.load()[code]
    inputs = complete(kennzahl)
    missing = 0
    for key in [key for key in inputs if key[2] == "INSGESAMT"]:
        for gone in (None, Wert(None, 3)):
            changed = {other: value for other, value in inputs.items() if other != key}
            if gone is not None:
                changed[key] = gone
            row = kennzahlen.compute(changed, [T], [kennzahl])[0]
            if row.status == "fehlt":
                assert row[3:6] == (None, None, None)
                assert row.datenstand is None
                missing += 1
    assert missing == 2 * needed(kennzahl)


@pytest.mark.parametrize("code", CODES)
def test_a_denominator_of_zero(code: str) -> None:
    """Bestände null: Status nenner_null, Zähler und Nenner stehen da, der Wert ist leer."""
    kennzahl = kennzahlen.load()[code]
    inputs = {
        key: Wert(Decimal(0), value.wartezeit) if key[1] in kennzahl.nenner else value
        for key, value in complete(kennzahl).items()
    }
    row = kennzahlen.compute(inputs, [T], [kennzahl])[0]
    assert (row.status, row.wert, row.datenstand) == ("nenner_null", None, "T-3")
    assert row.nenner == 0


@pytest.mark.parametrize(("wartezeit", "state"), [(0, "T-0"), (1, "T-1"), (2, "T-2"), (3, "T-3"), (40, "T-3")])
def test_the_least_final_input_decides(wartezeit: int, state: str) -> None:
    """Ein vorläufiger Monat unter zwölf endgültigen macht die Kennzahl vorläufig."""
    kennzahl = kennzahlen.load()["K2"]
    inputs = complete(kennzahl) | {(T, "INT", "INSGESAMT"): Wert(Decimal(7), wartezeit)}
    assert kennzahlen.compute(inputs, [T], [kennzahl])[0].datenstand == state


def test_an_estimate_is_said() -> None:
    """Ein geschätzter Eingang: geschaetzt, auch wenn ein anderer vorläufig ist."""
    kennzahl = kennzahlen.load()["K1E2"]
    inputs = complete(kennzahl) | {(T.shift(-12), "ELB", "m"): Wert(Decimal(7), 0, geschaetzt=True)}
    states = {row.geschlecht: row.datenstand for row in kennzahlen.compute(inputs, [T], [kennzahl])}
    assert states == {"INSGESAMT": "T-3", "m": "geschaetzt", "w": "T-3"}


@pytest.mark.parametrize(("value", "places", "shown"), [
    (Fraction(-150502, 10000), 1, "-15.1"),  # -15,0502
    (Fraction(1505, 100), 1, "15.1"),
    (Fraction(-1505, 100), 1, "-15.1"),
    (Fraction(-149, 10000), 1, "0.0"),
    (Fraction(-5, 100), 1, "-0.1"),
    (Fraction(-4999999, 100000000), 1, "0.0"),
    (Fraction(2, 3), 6, "0.666667"),
    (Fraction(1, 3), 0, "0"),
])  # fmt: skip
def test_rounding(value: Fraction, places: int, shown: str) -> None:
    """Kaufmännisch, einmal am Ende; −0,0 wird 0,0."""
    assert f"{kennzahlen.rounded(value, places):f}" == shown
