"""Targets: the file of a controller, and the sentences for every number, case and direction."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from etl import ziele
from etl.demo import write_targets
from etl.errors import UsageError
from etl.figures import kennzahlen
from etl.figures.kennzahlen import Wert
from etl.monat import Monat
from etl.ziele import Einheit, Ziel, Zielstand, katalog, zielstaende

BEI = "bei gleichbleibendem Bestand"
DEZ = "im Dezember 2026"
LZB = "die Zahl der Langzeitleistungsbeziehenden"
DARF = f"Im Dezember 2026 darf {LZB}"
HEAD = "jahr,kennzahl,geschlecht,zielwert,einheit,quelle"


def datei(folder: Path, text: str) -> Path:
    path = folder / "ziele.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_with_and_without_sex_and_with_an_observed_indicator(tmp_path: Path) -> None:
    text = "jahr,kennzahl,zielwert,einheit,quelle\n2026,K1,,prozent,Vereinbarung\n2026,K3,-2.5,prozent_jahresmittel,Z\n"
    assert ziele.read_targets(datei(tmp_path, text)) == [
        Ziel(2026, "K1", "INSGESAMT", None, "prozent", "Vereinbarung"),
        Ziel(2026, "K3", "INSGESAMT", Decimal("-2.5"), "prozent_jahresmittel", "Z"),
    ]


@pytest.mark.parametrize(("row", "message"), [
    ("26,K2,w,1,prozent,Q", "Zeile 2: Das Jahr"),
    ("2026,K9,w,1,prozent,Q", "Zeile 2: Für diese Kennzahl gibt es keine Zielwerte"),
    ("2026,K2E1,w,1,prozent,Q", "keine Zielwerte"),
    ("2026,K2,d,1,prozent,Q", "K2 gibt es nicht nach diesem Geschlecht"),
    ("2026,K2,w,Muster,prozent,Q", "Spalte zielwert: Der Wert ist keine Zahl"),
    ("2026,K2,w,--1,prozent,Q", "keine Zahl"),
    ("2026,K2,w,1,Stück,Q", "Diese Einheit gibt es für K2 nicht"),
    ("2026,K2,w,1,prozent_jahresmittel,Q", "Diese Einheit"),
    ("2026,K3,w,1,prozent_vorjahr,Q", "Diese Einheit gibt es für K3 nicht"),
    ("2026,K2,w,1,prozent,", "Die Spalte quelle ist leer"),
    ("2026,K2,w,1,prozent,Q\n2026,K2,w,2,prozent,Q", "K2 w 2026 kommt mehrfach vor"),
])  # fmt: skip
def test_mistakes_are_located(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as error:
        ziele.read_targets(datei(tmp_path, f"{HEAD}\n{row}\n"))
    assert "Muster" not in error.value.message


def test_the_invented_file_says_so_and_is_readable(tmp_path: Path) -> None:
    found = ziele.read_targets(write_targets(tmp_path / "ziele.csv", 2026))
    assert {ziel.einheit for ziel in found} == {"prozent", "prozent_vorjahr", "prozent_jahresmittel"}
    assert all("frei erfunden" in ziel.quelle for ziel in found)


def test_every_indicator_with_a_direction_has_the_words_of_its_kind() -> None:
    for code, entry in katalog.load().items():
        if kennzahlen.load()[code].art == "veraenderung":
            # Stocks and sums are known as what must not be exceeded, and as feminine.
            assert kennzahlen.load()[code].besser == "weniger"
            assert entry.groesse.startswith("die ")
        else:
            assert all(entry.wort)
            assert entry.bei
    assert set(katalog.load()) == {k.code for k in kennzahlen.paragraph_48a() if k.besser}


def stand(
    wert: str | None,
    month: int,
    values: Mapping[str, int],
    kennzahl: str = "K2",
    einheit: Einheit = "prozent",
    sex: str = "INSGESAMT",
) -> Zielstand:
    """Where ``month`` of 2026 stands when every figure has had the same value since 2023."""
    last = Monat(2026, month)
    inputs = {
        (m, code, sex): Wert(Decimal(value), 3 if m < last else 0)
        for m in Monat.span(Monat(2023, 1), last)
        for code, value in values.items()
    }
    ziel = Ziel(2026, kennzahl, sex, None if wert is None else Decimal(wert), einheit, "Q")
    return zielstaende([ziel, ziel._replace(jahr=2025)], inputs, last)[0]


INT = {"INT": 20, "ELB": 1000}
"""K2 = 24 percent."""


@pytest.mark.parametrize(("wert", "month", "sex", "sentence"), [
    ("25.0", 8, "INSGESAMT", f"Für 25,0 Prozent {DEZ} fehlen {BEI} noch 90 Integrationen, "
                             "im Mittel 22,5 in jedem der vier verbleibenden Monate."),
    ("25.0", 11, "w", f"Für 25,0 Prozent {DEZ} fehlen {BEI} noch 30 Integrationen (Frauen), "
                      "und zwar im verbleibenden Monat."),
    ("22.1", 11, "m", f"Für 22,1 Prozent {DEZ} fehlt {BEI} noch 1 Integration (Männer)."),
    ("22.0", 11, "w", f"Das Ziel ist {BEI} schon erreicht: Weitere Integrationen (Frauen) sind dafür "
                      "nicht nötig."),
    ("25.0", 12, "w", "Das Jahr ist zu Ende; es verbleibt kein Monat."),
    (None, 8, "w", "Ohne Zielwert gibt es keinen Bedarf."),
])  # fmt: skip
def test_how_many_are_still_needed(wert: str | None, month: int, sex: str, sentence: str) -> None:
    assert stand(wert, month, INT, sex=sex).bedarf == sentence


@pytest.mark.parametrize(("wert", "month", "sentence"), [
    ("3.0", 8, f"Für 3,0 Prozent {DEZ} dürfen {BEI} höchstens noch 200 Zugänge hinzukommen, "
               "im Mittel 50 in jedem der vier verbleibenden Monate."),
    ("1.3417", 8, f"Für 1,3417 Prozent {DEZ} darf {BEI} höchstens noch 1 Zugang hinzukommen."),
    ("1.334", 8, f"Für 1,334 Prozent {DEZ} dürfen {BEI} keine weiteren Zugänge hinzukommen."),
    ("1.33", 8, f"Das Ziel ist {BEI} nicht mehr erreichbar: Es gab schon 1 Zugang zu viel."),
    ("1.0", 8, f"Das Ziel ist {BEI} nicht mehr erreichbar: Es gab schon 40 Zugänge zu viel."),
])  # fmt: skip
def test_how_many_may_still_come(wert: str, month: int, sentence: str) -> None:
    # 8 months of 20 entries to a stock of 1,000: 160 of 12,000.
    assert stand(wert, month, {"ELB_ZUGANG": 20, "ELB": 1000}, "K1E3").bedarf == sentence


@pytest.mark.parametrize(("wert", "month", "sentence"), [
    ("-2.0", 8, f"{DARF} höchstens 4.900 betragen (Dezember 2025: 5.000). "
                "Das sind 100 weniger als im August 2026, im Mittel 25 weniger in jedem der vier verbleibenden "
                "Monate."),
    ("-0.02", 8, f"{DARF} höchstens 4.999 betragen (Dezember 2025: 5.000). "
                 "Das ist 1 weniger als im August 2026."),
    ("0", 8, f"{DARF} höchstens 5.000 betragen (Dezember 2025: 5.000). "
             "Das ist so viel wie im August 2026."),
    ("1.0", 11, f"{DARF} höchstens 5.050 betragen (Dezember 2025: 5.000). "
                "Im November 2026 liegt sie um 50 darunter."),
    ("-2.0", 11, f"{DARF} höchstens 4.900 betragen (Dezember 2025: 5.000). "
                 "Das sind 100 weniger als im November 2026."),
])  # fmt: skip
def test_which_stock_december_must_not_exceed(wert: str, month: int, sentence: str) -> None:
    assert stand(wert, month, {"LZB": 5000}, "K3").bedarf == sentence


def test_sums_are_in_euro() -> None:
    found = stand("-1.0", 8, {"LLU": 4_000_000}, "K1", sex="w")
    assert found.bedarf == (
        "Im Dezember 2026 darf die Summe der Leistungen zum Lebensunterhalt (Frauen) höchstens 3.960.000 EUR betragen "
        "(Dezember 2025: 4.000.000 EUR). Das sind 40.000 EUR weniger als im August 2026, im Mittel 10.000 weniger "
        "in jedem der vier verbleibenden Monate."
    )
    assert (found.bedarf_gesamt, found.bedarf_je_monat) == (Decimal(3_960_000), Decimal(10_000))


def test_the_mean_of_the_year() -> None:
    assert stand("-2.0", 8, {"LZB": 5000}, "K3", "prozent_jahresmittel").bedarf == (
        f"Damit {LZB} im Jahresmittel 2026 höchstens 4.900 beträgt (2025: 5.000), darf sie "
        "in den vier verbleibenden Monaten im Mittel höchstens 4.700 betragen; im August 2026 beträgt sie 5.000."
    )
    assert "darf sie im verbleibenden Monat höchstens 3.800 betragen" in (
        stand("-2.0", 11, {"LZB": 5000}, "K3", "prozent_jahresmittel").bedarf
    )
    assert stand("-60.0", 8, {"LZB": 5000}, "K3", "prozent_jahresmittel").bedarf == (
        "Das Ziel ist nicht mehr erreichbar: Die vergangenen Monate liegen zu hoch."
    )


@pytest.mark.parametrize(("wert", "sentence"), [
    ("11.0", f"Für 11,0 Prozent {DEZ} müssen es {BEI} dann mindestens 550 aktivierte Personen "
             "sein, 50 mehr als im August 2026."),
    ("10", f"Für 10,0 Prozent {DEZ} müssen es {BEI} dann mindestens 500 aktivierte Personen "
           "sein, so viele wie im August 2026."),
    ("0.02", f"Für 0,02 Prozent {DEZ} muss es {BEI} dann mindestens 1 aktivierte Person sein, "
             "499 weniger als im August 2026."),
])  # fmt: skip
def test_a_share_of_one_month(wert: str, sentence: str) -> None:
    assert stand(wert, 8, {"LZB_AKTIV": 500, "LZB": 5000}, "K3E2").bedarf == sentence


@pytest.mark.parametrize(("wert", "words"), [
    ("2.5", f"Für 24,6 Prozent {DEZ} (2,5 Prozent mehr als im Dezember 2025)"),
    ("-2.5", f"Für 23,4 Prozent {DEZ} (2,5 Prozent weniger als im Dezember 2025)"),
    ("0", f"Für 24,0 Prozent {DEZ} (so viel wie im Dezember 2025)"),
])  # fmt: skip
def test_a_change_of_a_rate_says_which_rate_that_is(wert: str, words: str) -> None:
    found = stand(wert, 3, INT, einheit="prozent_vorjahr")
    assert found.bedarf.startswith(words)
    assert found.istwert == 0
    assert found.abweichung == -Decimal(wert)


@pytest.mark.parametrize(("kennzahl", "wert", "light", "rule"), [
    ("K2", "24", "gruen", "grün ab 24,0 Prozent, gelb ab 23,5 Prozent, darunter rot"),
    ("K2", "24.5", "gelb", "grün ab 24,5 Prozent, gelb ab 24,0 Prozent, darunter rot"),
    ("K2", "24.51", "rot", "grün ab 24,51 Prozent, gelb ab 24,01 Prozent, darunter rot"),
    ("K1E2", "0.0", "gruen", "grün bis 0,0 Prozent, gelb bis 1,0 Prozent, darüber rot"),
    ("K1E2", "-1", "gelb", "grün bis −1,0 Prozent, gelb bis 0,0 Prozent, darüber rot"),
    ("K1E2", "-1.5", "rot", "grün bis −1,5 Prozent, gelb bis −0,5 Prozent, darüber rot"),
    ("K2", None, "offen", "nur beobachtet, ohne Zielwert"),
])  # fmt: skip
def test_the_light_and_its_rule(kennzahl: str, wert: str | None, light: str, rule: str) -> None:
    found = stand(wert, 8, INT, kennzahl)
    assert (found.ampel, found.regel, found.datenstand) == (light, rule, "T-0")


def test_what_is_missing_is_said_and_never_judged() -> None:
    found = stand("24", 8, {"INT": 20})
    assert (found.istwert, found.status, found.abweichung, found.ampel, found.datenstand) == (
        None, "fehlt", None, "offen", None,
    )  # fmt: skip
    assert found.bedarf == "Nicht berechenbar, weil Zahlen früherer Monate fehlen."
    assert stand("24", 8, {"INT": 0, "ELB": 0}).status == "nenner_null"
    assert stand("-1", 8, {"ELB": 1}, "K3", "prozent_jahresmittel").status == "fehlt"
