from __future__ import annotations

from spec.conftest import SpecTest

title = "Typ der Bedarfsgemeinschaft"
text = "Der Typ ergibt sich aus den PERS der BG am Zähltag; die Bedingungen werden in fester Reihenfolge geprüft."

CASES = """
    HP=HP                 | SINGLE
    KI8=KI                | SINGLE
    PA=PA                 | SINGLE
    HP=HP PA=PA           | PARTNER_OHNE_KINDER
    HP=HP PA=PA KI18=KI   | PARTNER_OHNE_KINDER
    HP=HP PA=PA KI17VH=KI | PARTNER_OHNE_KINDER
    HP=HP PA=PA KI8=SO    | PARTNER_OHNE_KINDER
    HP=HP PA=PA KI17=KI   | PARTNER_MIT_KINDERN
    PA=PA KI8=KI          | PARTNER_MIT_KINDERN
    HP=HP KI8=KI          | ALLEINERZIEHEND
    HP=HP KI8=KI KI18=KI  | ALLEINERZIEHEND
    EL=EL KI8=KI          | ALLEINERZIEHEND
    HP=HP EL=EL KI8=KI    | SONSTIGE
    HP=HP KI18=KI         | SONSTIGE
    HP=HP KI17VH=KI       | SONSTIGE
    HP=HP SO=SO           | SONSTIGE
    SO=SO KI8=KI          | SONSTIGE
    HP=HP HP2=HP          | SONSTIGE
"""
# Am Zähltag im März 2024 sind sie 8, 17 und 18 Jahre alt (wer heute 18 wird, ist 18; wer morgen 18 wird, ist 17).
# VH = verheiratet.
BORN = {"KI8": "2015-05-05", "KI17": "2006-03-16", "KI18": "2006-03-15", "KI17VH": "2006-03-16"}


def test_all_members_have_a_claim(spec_test: SpecTest) -> None:
    """Den Typ bestimmt, wer zusammenlebt (Person = Rolle). Jeder Fall ist eine BG mit eigener Geschäftsstelle."""
    persons = ["kundennummer | geburtsdatum | familienstand", "-"]
    members = ["kundennummer | bg_nummer | rolle", "-"]
    offices = ["bg_nummer | geschaeftsstelle", "-"]
    expected: dict[str, int | str | None] = {}
    for case in CASES.strip().splitlines():
        who, bg_type = (part.strip() for part in case.split("|"))
        offices.append(f"{who} | {who}")
        expected |= {f"BG_{bg_type} GESCHAEFTSSTELLE {who}": 1, f"BG GESCHAEFTSSTELLE {who}": 1}
        for person, role in (member.split("=") for member in who.split()):
            status = "VH" if person.endswith("VH") else "LED"
            persons.append(f"{who} {person} | {BORN.get(person, '1990-01-01')} | {status}")
            members.append(f"{who} {person} | {who} | {role}")
    spec_test(
        "2024-03",
        expected,
        person="\n".join(persons),
        bg_mitglied="\n".join(members),
        bedarfsgemeinschaft="\n".join(offices),
    )


def test_an_excluded_second_parent_leaves_one(spec_test: SpecTest) -> None:
    """HP und EL, aber EL ist ausgeschlossen: genau eine LB der Elterngeneration, also ALLEINERZIEHEND."""
    spec_test(
        "2024-03",
        {"BG_ALLEINERZIEHEND": 1, "AUS": 1, "PERS": 3, "AE": 1},
        person="""
            kundennummer | geburtsdatum
            -------------+-------------
            KI           | 2015-05-05
        """,
        bg_mitglied="""
            kundennummer | bg_nummer | rolle | ausschlussgrund
            -------------+-----------+-------+----------------
            HP           | B         | HP    |
            EL           | B         | EL    | RENTE
            KI           | B         | KI    |
        """,
        leistung="""
            kundennummer | bg_nummer | monat
            -------------+-----------+--------
            HP           | B         | 2024-03
            KI           | B         | 2024-03
        """,
    )


def test_partner_without_a_claim_is_still_a_partner(spec_test: SpecTest) -> None:
    """Ein ausgeschlossener Partner (AUS) gehört zu den PERS, ein nicht gezählter (ABGELEHNT) nicht."""
    spec_test(
        "2024-03",
        {"BG_PARTNER_OHNE_KINDER": 1, "BG_SINGLE": 1, "AUS": 1, "ABGELEHNT": 1, "PERS": 3},
        bg_mitglied="""
            kundennummer | bg_nummer | rolle | ausschlussgrund
            -------------+-----------+-------+----------------
            HP1          | B1        | HP    |
            PA1          | B1        | PA    | RENTE
            HP2          | B2        | HP    |
            PA2          | B2        | PA    |
        """,
        leistung="""
            kundennummer | bg_nummer | monat
            -------------+-----------+--------
            HP1          | B1        | 2024-03
            HP2          | B2        | 2024-03
        """,
    )


def test_children_without_a_claim_are_children(spec_test: SpecTest) -> None:
    """Ein KOL gehört zu den PERS und macht den Elternteil alleinerziehend."""
    spec_test(
        "2024-03",
        {"BG_ALLEINERZIEHEND": 1, "KOL": 1, "AE": 1, "PERS": 2},
        person="""
            kundennummer | geburtsdatum
            -------------+-------------
            KI           | 2015-05-05
        """,
        bg_mitglied="""
            kundennummer | bg_nummer | rolle
            -------------+-----------+------
            HP           | B         | HP
            KI           | B         | KI
        """,
        leistung="""
            kundennummer | bg_nummer | monat
            -------------+-----------+--------
            HP           | B         | 2024-03
        """,
    )
