"""Sentences from figures: every case of number, direction and sign; properties over many values."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.figures import katalog, kennzahlen
from etl.figures.kennzahlen import Zeile
from etl.monat import Monat
from etl.report import saetze
from etl.report.model import Sign, Value
from etl.zahlen import prozent, veraenderung, zahl

MONTH = Monat(2026, 8)
SIGNS = tuple(Sign)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def value_of(number: str | int | Sign) -> Value:
    return number if isinstance(number, Sign) else Decimal(number)


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        ("1234567", 0, "1.234.567"), ("-1234.5", 1, "−1.234,5"), ("0.05", 1, "0,1"), ("-0.04", 1, "0,0"),
        ("0", 0, "0"), ("999.5", 0, "1.000"), ("1E+3", None, "1.000"), ("0.050", None, "0,050"), ("-3", None, "−3"),
    ],
)  # fmt: skip
def test_a_number_is_written_the_german_way(value: str, places: int | None, expected: str) -> None:
    assert zahl(Decimal(value), places) == expected


@pytest.mark.parametrize(("value", "expected"), [("35", "+35"), ("-35", "−35"), ("0", "0"), ("-0.4", "0")])
def test_a_change_has_a_sign_unless_it_rounds_to_zero(value: str, expected: str) -> None:
    assert veraenderung(Decimal(value)) == expected


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3), st.integers(0, 3))
def test_what_is_written_is_the_value_rounded_once(value: Decimal, places: int) -> None:
    text = zahl(value, places)
    assert re.fullmatch(r"−?\d{1,3}(\.\d{3})*(,\d+)?", text)
    back = Decimal(text.replace(".", "").replace(",", ".").replace("−", "-"))
    assert abs(back - value) <= Decimal("0.5").scaleb(-places)
    assert prozent(value, places) == f"{text}\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(
    ("groesse", "value", "expected"),
    [
        ("BG", 0, "keine Bedarfsgemeinschaft"),
        ("BG", 1, "1 Bedarfsgemeinschaft"),
        ("BG", 2, "2 Bedarfsgemeinschaften"),
        ("ELB", 1, "1 erwerbsfähige leistungsberechtigte Person"),
        ("ELB", 12098, "12.098 erwerbsfähige Leistungsberechtigte"),
        ("W_EINGANG", 0, "kein eingegangener Widerspruch"),
        ("W_EINGANG", 1, "1 eingegangener Widerspruch"),
        ("W_EINGANG", 3, "3 eingegangene Widersprüche"),
        ("KOL", 0, "kein Kind ohne Leistungsanspruch"),
        ("KOL", 21, "21 Kinder ohne Leistungsanspruch"),
    ],
)
def test_a_count_has_the_right_number(groesse: str, value: int, expected: str) -> None:
    assert saetze.anzahl(Decimal(value), saetze.wort(groesse)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("4512345.37", "4,51 Millionen Euro"), ("1000000", "1,00 Millionen Euro"), ("999999.4", "999.999 Euro"),
        ("512345", "512.345 Euro"), ("1", "1 Euro"), ("0", "0 Euro"), ("0.37", "0,37 Euro"),
        ("-2500000", "−2,50 Millionen Euro"), ("123456789", "123,46 Millionen Euro"),
    ],
)  # fmt: skip
def test_an_amount_can_be_read(value: str, expected: str) -> None:
    assert saetze.betrag(Decimal(value)) == expected


@pytest.mark.parametrize(
    ("groesse", "values", "expected"),
    [
        ("BG", (8846, 8811, 8966), "Im August 2026 wurden 8.846 Bedarfsgemeinschaften gezählt, "
         "35 mehr als im Juli 2026 (+0,4 %), aber 120 weniger als im August 2025 (−1,3 %)."),
        ("BG", (8846, 8811, 8000), "Im August 2026 wurden 8.846 Bedarfsgemeinschaften gezählt, "
         "35 mehr als im Juli 2026 (+0,4 %) und 846 mehr als im August 2025 (+10,6 %)."),
        ("INT", (1, 1, 1), "Im August 2026 wurde 1 Integration gezählt, unverändert gegenüber Juli 2026 und "
         "August 2025."),
        ("INT", (0, 3, 0), "Im August 2026 wurde keine Integration gezählt, "
         "3 weniger als im Juli 2026 (−100,0 %) und unverändert gegenüber August 2025."),
        ("INT", (5, 0, 4), "Im August 2026 wurden 5 Integrationen gezählt, "
         "5 mehr als im Juli 2026 und 1 mehr als im August 2025 (+25,0 %)."),
        ("K_EINGANG", (4, Sign.HIDDEN, 4), "Im August 2026 wurden 4 eingegangene Klagen gezählt, "
         "unverändert gegenüber August 2025. Der Wert vom Juli 2026 unterliegt der Geheimhaltung (*)."),
        ("K_EINGANG", (4, Sign.UNKNOWN, Sign.UNKNOWN), "Im August 2026 wurden 4 eingegangene Klagen gezählt. "
         "Mit Juli 2026 lässt sich nicht vergleichen, weil kein Wert vorliegt. "
         "Mit August 2025 lässt sich nicht vergleichen, weil kein Wert vorliegt."),
        ("K_EINGANG", (Sign.HIDDEN, 4, 5), "Die Zahl der eingegangenen Klagen unterliegt im August 2026 der "
         "Geheimhaltung (*)."),
        ("LLU", (Sign.UNKNOWN, 4, 5), "Zur Summe der Leistungen zum Lebensunterhalt liegt für August 2026 kein "
         "Wert vor."),
        ("ELB", (Sign.IMPOSSIBLE, 4, 5), "Die Zahl der erwerbsfähigen Leistungsberechtigten lässt sich für August 2026 "
         "nicht sinnvoll angeben (x)."),
        ("LLU", ("4512345.37", "4400000.37", "4512346.00"), "Im August 2026 betrug die Summe der Leistungen zum "
         "Lebensunterhalt 4,51 Millionen Euro, 112.345 Euro mehr als im Juli 2026 (+2,6 %), "
         "aber 0,63 Euro weniger als im August 2025 (0,0 %)."),
    ],
)  # fmt: skip
def test_a_figure_of_a_month(groesse: str, values: tuple[str | int | Sign, ...], expected: str) -> None:
    new, before, year_before = map(value_of, values)
    assert plain(saetze.stand(groesse, MONTH, new, before, year_before)) == expected


COUNT = st.integers(0, 30_000).map(Decimal)
SHOWN = st.one_of(COUNT, st.sampled_from(SIGNS))
GROESSEN = st.sampled_from(sorted(katalog.load()))


@given(GROESSEN, SHOWN, SHOWN, SHOWN)
def test_every_sentence_keeps_the_rules(groesse: str, new: Value, before: Value, year_before: Value) -> None:
    text = saetze.stand(groesse, MONTH, new, before, year_before)
    assert text.endswith((".", "(*)."))
    assert text[0].isupper()
    assert "  " not in text
    assert "-" not in re.sub(r"[A-Za-zäöü]-[A-Za-zÄÖÜ]", "", text)
    assert not re.search(r"\b1 \w*(personen|Personen|gemeinschaften)", text)
    digits = re.sub(r"20\d\d|unter 15|100 ", "", text)
    if isinstance(new, Sign):  # of a value that is not shown nothing is said, nor of what is computed from it
        assert not re.search(r"\d", digits)
        assert "mehr" not in text
        assert "weniger" not in text
    elif katalog.load()[groesse].einheit != "EUR":
        for old, when in ((before, "Juli 2026"), (year_before, "August 2025")):
            said = "mehr" if not isinstance(old, Sign) and new > old else "weniger"
            changed = not isinstance(old, Sign) and new != old
            assert (f"{said} als im {when}" in text) == changed
            if changed:
                assert isinstance(old, Decimal)
                assert f" {zahl(abs(new - old), 0)} {said} als im {when}" in text


def test_every_figure_has_its_words() -> None:
    for code, figure in katalog.load().items():
        was = saetze.wort(code)
        assert was.mehrzahl, code
        assert was.genitiv, code
        assert bool(was.einzahl) == bool(was.kein) == (figure.einheit != "EUR"), code


@pytest.mark.parametrize(
    ("new", "old", "besser", "expected"),
    [
        (5, 4, "weniger", "negative Entwicklung"), (4, 5, "weniger", "positive Entwicklung"),
        (5, 4, "mehr", "positive Entwicklung"), (4, 5, "mehr", "negative Entwicklung"),
        (5, 5, "mehr", "unverändert"), (5, 4, None, ""), (5, 5, None, "unverändert"),
        (5, Sign.HIDDEN, "mehr", ""), (Sign.UNKNOWN, 5, "mehr", ""),
    ],
)  # fmt: skip
def test_which_development_is_good(
    new: int | Sign, old: int | Sign, besser: katalog.Besser | None, expected: str
) -> None:
    assert saetze.entwicklung(value_of(new), value_of(old), besser) == expected


@pytest.mark.parametrize(
    ("entries", "exits", "expected"),
    [
        (451, 472, "Im August 2026 standen 451 Zugängen 472 Abgänge gegenüber (Saldo −21)."),
        (1, 1, "Im August 2026 stand 1 Zugang 1 Abgang gegenüber (Saldo 0)."),
        (0, 2, "Im August 2026 standen keinem Zugang 2 Abgänge gegenüber (Saldo −2)."),
        (3, 0, "Im August 2026 stand 3 Zugängen kein Abgang gegenüber (Saldo +3)."),
        (Sign.HIDDEN, 2, ""),
    ],
)
def test_entries_against_exits(entries: int | Sign, exits: int | Sign, expected: str) -> None:
    assert saetze.saldo(MONTH, value_of(entries), value_of(exits)) == expected


def test_the_largest_part_leaves_out_what_is_hidden() -> None:
    parts: dict[str, Value] = {"Männer": Decimal(30), "Frauen": Decimal(30), "Menschen mit Eintrag divers": Sign.HIDDEN}
    said = plain(saetze.groesster_anteil(parts, Decimal(62)))
    assert said == "Den größten Anteil haben Männer und Frauen: je 30 von 62 (48,4 %)."
    assert saetze.groesster_anteil(parts, Sign.HIDDEN) == ""
    assert saetze.groesster_anteil({"Frauen": Sign.HIDDEN}, Decimal(62)) == ""
    assert saetze.groesster_anteil({"Frauen": Decimal(0)}, Decimal(0)) == ""


def test_the_range_of_a_series() -> None:
    series: dict[Monat, Value] = {Monat(2026, 7): Decimal(9151), Monat(2026, 6): Sign.UNKNOWN, MONTH: Decimal(8846)}
    said = "Höchster Wert seit Juli 2026: 9.151 (Juli 2026), niedrigster: 8.846 (August 2026)."
    assert saetze.spanne("BG", series) == said
    assert saetze.spanne("BG", {MONTH: Decimal(8846)}) == ""
    assert saetze.spanne("BG", {MONTH: Decimal(7), Monat(2026, 7): Decimal(7)}) == "Seit Juli 2026 unverändert: 7."


def zeile(kennzahl: str, wert: str | None, status: str = "ok") -> Zeile:
    exact = None if wert is None else Fraction(wert)
    return Zeile(MONTH, kennzahl, "INSGESAMT", exact, exact, exact, status, "T-0")  # type: ignore[arg-type]  # any status


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (zeile("K1", "2.34"), "Die Summe der Leistungen zum Lebensunterhalt war im August 2026 um 2,3 % höher "
         "als im August 2025."),
        (zeile("K3", "-1.25"), "Die Zahl der Langzeitleistungsbeziehenden war im August 2026 um 1,3 % niedriger "
         "als im August 2025."),
        (zeile("K3", "0"), "Die Zahl der Langzeitleistungsbeziehenden war im August 2026 so hoch wie im August 2025."),
        (zeile("K3", "-0.01"), "Die Zahl der Langzeitleistungsbeziehenden war im August 2026 fast so hoch wie "
         "im August 2025 "
         "(Veränderung unter 0,05 %)."),
        (zeile("K2", "19.84"), "In den zwölf Monaten bis August 2026 kamen auf durchschnittlich 100 erwerbsfähige "
         "Leistungsberechtigte 19,8 Integrationen."),
        (zeile("K1E3", "3.9"), "In den zwölf Monaten bis August 2026 kamen auf 100 erwerbsfähige Leistungsberechtigte "
         "im Monat durchschnittlich 3,9 Zugänge an erwerbsfähigen Leistungsberechtigten."),
        (zeile("K2E3", "61"), "In den zwölf Monaten bis Februar 2026 kamen auf 100 Integrationen in "
         "sozialversicherungspflichtige "
         "Beschäftigung 61,0 kontinuierliche Beschäftigungen nach Integration."),
        (zeile("K3E2", "8.1"), "Im August 2026 kamen auf 100 Langzeitleistungsbeziehende 8,1 "
         "Langzeitleistungsbeziehende in Maßnahmen."),
        (zeile("K2", None, "geheim"), "K2 unterliegt im August 2026 der Geheimhaltung (*)."),
        (zeile("K2", None, "fehlt"), "K2 lässt sich für August 2026 nicht berechnen: Es fehlen Werte."),
        (zeile("K2", None, "nenner_null"), "K2 lässt sich für August 2026 nicht berechnen (x): Der Nenner ist null."),
    ],
)  # fmt: skip
def test_an_indicator_read_out(row: Zeile, expected: str) -> None:
    assert plain(saetze.lesebeispiel(row)) == expected


def test_every_indicator_of_the_law_can_be_read_out() -> None:
    for kennzahl in kennzahlen.paragraph_48a():
        assert saetze.lesebeispiel(zeile(kennzahl.code, "1.5"))
