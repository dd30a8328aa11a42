from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Zahlungsanspruch (ZAHLUNG)"
text = (
    "Summe der Spalte zahlung über alle Zeilen von leistung des Kalendermonats t, in EUR, auch nach Leistungsart: der "
    "Anspruch nach der Minderung. LLU und LUH summieren dagegen den Anspruch vor der Minderung."
)

KINDS = (
    "RB20", "MB21", "SOZ23", "UNABW24", "KDU22_1", "INST22_2", "UMZUG22_6", "SCHULD22_8", "SV26", "EINM24_3", "AZUBI27",
    "BUT28",
)  # fmt: skip

FAMILY = {
    "person": """
        kundennummer | geburtsdatum | geschlecht
        -------------+--------------+-----------
        HP           | 1988-01-01   | w
        PA           | 1987-01-01   | m
        KI           | 2015-06-01   | d
    """,
    "bg_mitglied": """
        kundennummer | bg_nummer | rolle | erwerbsfaehig
        -------------+-----------+-------+--------------
        HP           | B         | HP    | T
        PA           | B         | PA    | T
        KI           | B         | KI    | F
    """,
    "einkommen": """
        kundennummer | monat   | einkommensart    | betrag_verfuegbar | betrag_angerechnet
        -------------+---------+------------------+-------------------+-------------------
        HP           | 2024-03 | Erwerbseinkommen | 1200.00           | 322.37
        PA           | 2024-03 | Erwerbseinkommen | 0.00              | 322.37
        KI           | 2024-03 | Kindergeld       | 250.00            | 250.00
        KI           | 2024-03 | Erwerbseinkommen | 0.00              | 155.25
    """,
}


@pytest.mark.parametrize(("reduction", "of_adult", "paid"), [
    ("0.00", "383.63", "952.01"),
    ("50.60", "333.03", "901.41"),  # zehn Prozent von 506 EUR
    ("151.80", "231.83", "800.21"),  # dreißig Prozent, noch unter dem Anspruch von 183,63 EUR
])  # fmt: skip
def test_couple_with_a_child(spec_test: SpecTest, reduction: str, of_adult: str, paid: str) -> None:
    """Das Beispiel des Handbuchs (9.8): Die Minderung beim Partner senkt die Zahlung, nicht LLU und LUH."""
    spec_test(
        "2024-03",
        {
            "LLU": "367.26", "LUH": "584.75", "LM_BETRAG": reduction,
            "ZAHLUNG": paid, "ZAHLUNG GESCHLECHT m": of_adult, "ZAHLUNG GESCHLECHT w": "383.63",
            "ZAHLUNG GESCHLECHT d": "184.75", "ZAHLUNG LEISTUNGSART KDU22_1": "584.75",
            "ZAHLUNG LEISTUNGSART SOZ23": 0, "ELB": 2, "NEF": 1, "BG": 1,
        },
        **FAMILY,
        leistung=f"""
            kundennummer | bg_nummer | monat   | leistungsart | bedarf | anspruch | minderung
            -------------+-----------+---------+--------------+--------+----------+------------
            HP           | B         | 2024-03 | RB20         | 506.00 | 183.63   | 0.00
            HP           | B         | 2024-03 | KDU22_1      | 200.00 | 200.00   | 0.00
            PA           | B         | 2024-03 | RB20         | 506.00 | 183.63   | {reduction}
            PA           | B         | 2024-03 | KDU22_1      | 200.00 | 200.00   | 0.00
            KI           | B         | 2024-03 | SOZ23        | 390.00 | 0.00     | 0.00
            KI           | B         | 2024-03 | KDU22_1      | 200.00 | 184.75   | 0.00
        """,
    )  # fmt: skip


@pytest.mark.parametrize(("reduction", "paid"), [("56.30", "506.70"), ("112.60", "450.40"), ("168.90", "394.10")])
def test_single(spec_test: SpecTest, reduction: str, paid: str) -> None:
    """Alleinstehend mit 563 EUR: zehn, zwanzig und dreißig Prozent."""
    spec_test(
        "2024-03",
        {"LLU": "563.00", "LM_BETRAG": reduction, "ZAHLUNG": paid, "ZAHLUNG LEISTUNGSART RB20": paid},
        leistung=f"""
            kundennummer | monat   | anspruch | minderung
            -------------+---------+----------+------------
            P1           | 2024-03 | 563.00   | {reduction}
        """,
    )


def test_every_kind(spec_test: SpecTest) -> None:
    """Alle zwölf Leistungsarten zählen, auch die, die weder in LLU noch in LUH stehen."""
    rows = "\n".join(f"P1 | 2024-03 | {kind} | {2**number}.00" for number, kind in enumerate(KINDS))
    spec_test(
        "2024-03",
        {"ZAHLUNG": 2**12 - 1, "LM_BETRAG": 0}
        | {f"ZAHLUNG LEISTUNGSART {kind}": 2**number for number, kind in enumerate(KINDS)},
        leistung=f"kundennummer | monat | leistungsart | anspruch\n---\n{rows}",
    )


def test_calendar_month_and_all_rows(spec_test: SpecTest) -> None:
    """Der Kalendermonat, ganz; auch von Personen, die am Zähltag keiner BG mehr angehören."""
    spec_test(
        "2024-03",
        {"PERS": 1, "ZAHLUNG": "111.00", "ZAHLUNG GESCHLECHT x": "11.00"},
        person="""
            kundennummer | geschlecht
            -------------+-----------
            P1           | w
            P2           | x
        """,
        bg_mitglied="""
            kundennummer | bis
            -------------+-----------
            P1           |
            P2           | 2024-03-10
        """,
        leistung="""
            kundennummer | monat   | anspruch
            -------------+---------+---------
            P1           | 2024-02 | 9000.00
            P1           | 2024-03 | 100.00
            P1           | 2024-04 | 9000.00
            P2           | 2024-03 | 11.00
        """,
    )


def test_the_column_is_summed(spec_test: SpecTest) -> None:
    """Summiert wird zahlung, wie geliefert; dass sie Anspruch weniger Minderung ist, prüft das Regelwerk."""
    spec_test(
        "2024-03",
        {"ZAHLUNG": "80.00", "LLU": "100.00", "LM_BETRAG": "10.00"},
        leistung="""
            kundennummer | monat   | anspruch | minderung | zahlung
            -------------+---------+----------+-----------+--------
            P1           | 2024-03 | 100.00   | 10.00     | 80.00
        """,
    )
