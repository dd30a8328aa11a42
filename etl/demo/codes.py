"""The contract's codes as small integers: position in the contract's own code list, -1 = NULL."""

from __future__ import annotations

from enum import IntEnum

from etl.contract import TABLES

KEIN_GRUND = -1


def code_list(table: str, column: str) -> tuple[str, ...]:
    """Return the contract's code list of a column."""
    return TABLES[table].column(column).codes


class Geschlecht(IntEnum):
    """``person.geschlecht``."""

    M, W, D, X = range(4)


class Familienstand(IntEnum):
    """``person.familienstand``."""

    LED, VH, LP, GESCH, VERW, GETR = range(6)


class Rolle(IntEnum):
    """``bg_mitglied.rolle``."""

    HP, PA, KI, EL, SO = range(5)


class Grund(IntEnum):
    """``bg_mitglied.ausschlussgrund``."""

    RENTE, BAFOEG, ASYLBLG, STATIONAER, ORTSABW, SONST = range(6)


class Leistungsart(IntEnum):
    """``leistung.leistungsart``."""

    RB20, MB21, SOZ23, UNABW24, KDU22_1, INST22_2, UMZUG22_6, SCHULD22_8, SV26, EINM24_3, AZUBI27, BUT28 = range(12)


class Art(IntEnum):
    """``erwerbstaetigkeit.art``."""

    SVP, AUSB, SELB, GERING = range(4)


class Instrument(IntEnum):
    """``massnahme.instrument`` and ``erwerbstaetigkeit.foerderung``."""

    (P16_45, P16_81, P16_44, P16_88, P16b, P16c, P16d, P16e, P16f, P16g, P16h, P16i, P16j, P16k, STA, ESF_LZA) = range(
        16
    )


class Minderungsgrund(IntEnum):
    """``leistungsminderung.grund``."""

    PFLICHT, MELDE, ARBEIT = range(3)


class Status(IntEnum):
    """``arbeitsmarktstatus.status``."""

    ALO, ASU, NAS = range(3)


class Verfahrensart(IntEnum):
    """``verfahren.art``."""

    W, K = range(2)


class Sonderfall(IntEnum):
    """Why a person in a BG has no standard benefit in a month (no column of the contract)."""

    KEINER = 0
    KOL = 1  # child whose own income covers its need
    SLB_AZUBI = 2  # trainee with § 27 only
    SLB_BUT = 3  # child with education and participation only


ENUMS: tuple[tuple[str, str, type[IntEnum]], ...] = (
    ("person", "geschlecht", Geschlecht),
    ("person", "familienstand", Familienstand),
    ("bg_mitglied", "rolle", Rolle),
    ("bg_mitglied", "ausschlussgrund", Grund),
    ("leistung", "leistungsart", Leistungsart),
    ("erwerbstaetigkeit", "art", Art),
    ("massnahme", "instrument", Instrument),
    ("leistungsminderung", "grund", Minderungsgrund),
    ("arbeitsmarktstatus", "status", Status),
    ("verfahren", "art", Verfahrensart),
)

# Free text of the contract ("no code list"): the vocabulary of this made-up case management.
EINKOMMENSARTEN = ("Kindergeld", "Unterhalt", "Erwerbseinkommen")
KINDERGELD, UNTERHALT, ERWERBSEINKOMMEN = range(3)
SCHULABSCHLUESSE = ("ohne Abschluss", "Hauptschule", "Mittlere Reife", "Fachhochschulreife", "Abitur")
BERUFSABSCHLUESSE = ("ohne Abschluss", "Ausbildung", "Meister oder Techniker", "Studium")
ZUGANGSGRUENDE = ("Leistungsbeginn", "Maßnahmeende", "Beschäftigungsende", "Statuswechsel")
ABGANGSGRUENDE = ("Leistungsende", "Maßnahmebeginn", "Beschäftigungsbeginn", "Statuswechsel")
SACHGEBIETE = (
    "Kosten der Unterkunft", "Anrechnung von Einkommen", "Aufhebung und Erstattung", "Mehrbedarf",
    "Leistungsminderung", "Eingliederung", "Sonstiges",
)  # fmt: skip
ERLEDIGUNGSARTEN = ("Stattgabe", "Teilweise Stattgabe", "Zurückweisung", "Rücknahme")
