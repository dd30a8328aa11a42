from __future__ import annotations

from spec.conftest import SpecTest

title = "Leistungen zum Lebensunterhalt (LLU) und für Unterkunft und Heizung (LUH)"
text = "Summen der Ansprüche des Kalendermonats über alle Zeilen, gleich welcher Gruppe die Person angehört."


def test_which_kind_counts_where(spec_test: SpecTest) -> None:
    """Zwei geschlossene Listen; §§ 26, 24 Abs. 3, 27 und 28 SGB II stehen in keiner von beiden."""
    spec_test(
        "2024-03",
        {"LLU": "11.11", "LUH": "22.22"},
        leistung="""
            kundennummer | monat   | leistungsart | anspruch
            -------------+---------+--------------+---------
            P1           | 2024-03 | RB20         | 0.01
            P2           | 2024-03 | MB21         | 0.10
            P3           | 2024-03 | SOZ23        | 1.00
            P4           | 2024-03 | UNABW24      | 10.00
            P5           | 2024-03 | KDU22_1      | 0.02
            P6           | 2024-03 | INST22_2     | 0.20
            P7           | 2024-03 | UMZUG22_6    | 2.00
            P8           | 2024-03 | SCHULD22_8   | 20.00
            P9           | 2024-03 | SV26         | 500.00
            P10          | 2024-03 | EINM24_3     | 500.00
            P11          | 2024-03 | AZUBI27      | 500.00
            P12          | 2024-03 | BUT28        | 500.00
        """,
    )


def test_couple_with_a_child(spec_test: SpecTest) -> None:
    """Rechenbeispiel: Ansprüche eines Paares mit einem Kind von acht Jahren (Regelbedarfe 2024).

    Das Einkommen des Kindes deckt seinen Regelbedarf: Es hat nur Anspruch auf Unterkunft und ist trotzdem NEF.
    """
    spec_test(
        "2024-03",
        {
            "LLU": "367.26", "LUH": "584.75", "LLU GESCHLECHT m": "183.63", "LUH ALTER U15": "184.75",
            "LLU ALTER U15": 0, "LUH BG_TYP PARTNER_MIT_KINDERN": "584.75",
            "LLU STAATSANGEHOERIGKEIT DEUTSCH": "367.26",
            "ELB": 2, "NEF": 1, "BG": 1,
        },
        person="""
            kundennummer | geburtsdatum | geschlecht
            -------------+--------------+-----------
            HP           | 1988-01-01   | w
            PA           | 1987-01-01   | m
            KI           | 2015-06-01   | d
        """,
        bg_mitglied="""
            kundennummer | bg_nummer | rolle | erwerbsfaehig
            -------------+-----------+-------+--------------
            HP           | B         | HP    | T
            PA           | B         | PA    | T
            KI           | B         | KI    | F
        """,
        leistung="""
            kundennummer | bg_nummer | monat   | leistungsart | anspruch
            -------------+-----------+---------+--------------+---------
            HP           | B         | 2024-03 | RB20         | 183.63
            HP           | B         | 2024-03 | KDU22_1      | 200.00
            PA           | B         | 2024-03 | RB20         | 183.63
            PA           | B         | 2024-03 | KDU22_1      | 200.00
            KI           | B         | 2024-03 | SOZ23        | 0.00
            KI           | B         | 2024-03 | KDU22_1      | 184.75
        """,
    )  # fmt: skip


def test_a_sanction_changes_nothing(spec_test: SpecTest) -> None:
    """Summiert wird der Anspruch vor Minderung."""
    spec_test(
        "2024-03",
        {"LLU": "183.63"},
        leistung="""
            kundennummer | monat   | leistungsart | anspruch | minderung
            -------------+---------+--------------+----------+----------
            P1           | 2024-03 | RB20         | 183.63   | 50.60
        """,
    )


def test_whole_calendar_month(spec_test: SpecTest) -> None:
    """Nur die ersten zehn Tage Mitglied: nicht im Bestand, aber in der Summe, mit dem Alter an S(t)."""
    spec_test(
        "2024-03",
        {"PERS": 0, "LLU": "100.00", "LLU GESCHLECHT x": "100.00", "LLU ALTER 25-54": "100.00"},
        person="""
            kundennummer | geschlecht | geburtsdatum
            -------------+------------+-------------
            P1           | x          | 1999-03-15
        """,
        bg_mitglied="""
            kundennummer | bis
            -------------+-----------
            P1           | 2024-03-10
        """,
        leistung="""
            kundennummer | monat
            -------------+--------
            P1           | 2024-03
        """,
    )


def test_municipality_of_the_row(spec_test: SpecTest) -> None:
    """Leistung in einer BG, der die Person nicht angehört: Ort und Typ sind die der BG der Zeile."""
    spec_test(
        "2024-03",
        {
            "LLU GEMEINDE 08317001": "5.00",
            "LLU GEMEINDE 08317002": "100.00",
            "LLU BG_TYP OHNE": "5.00",
            "LLU BG_TYP SINGLE": "100.00",
            "ELB GEMEINDE 08317002": 1,
        },
        bg_mitglied="""
            kundennummer | bg_nummer
            -------------+----------
            P1           | B
        """,
        leistung="""
            kundennummer | bg_nummer | monat   | anspruch
            -------------+-----------+---------+---------
            P1           | A         | 2024-03 | 5.00
            P1           | B         | 2024-03 | 100.00
        """,
        bedarfsgemeinschaft="""
            bg_nummer | gemeinde_ags
            ----------+-------------
            A         | 08317001
            B         | 08317002
        """,
    )


def test_claims_that_cancel(spec_test: SpecTest) -> None:
    """Negative Ansprüche gehen in die Summe ein; heben sich Zeilen auf, ist sie null."""
    spec_test(
        "2024-03",
        {"LLU": 0, "LLU GEMEINDE 08317001": 0, "LUH": "-7.50"},
        leistung="""
            kundennummer | monat   | leistungsart | anspruch
            -------------+---------+--------------+---------
            P1           | 2024-03 | RB20         | 20.00
            P1           | 2024-03 | UNABW24      | -20.00
            P1           | 2024-03 | KDU22_1      | -7.50
        """,
    )
