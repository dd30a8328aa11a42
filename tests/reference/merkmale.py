"""Features (Merkmale): by what figures are broken down, and which code somebody has on a counting day."""

from __future__ import annotations

from collections.abc import Mapping

from reference.dauer import VERWEILDAUERN
from reference.gruppen import BG_TYPEN, address, bg_type, membership
from reference.kalender import age, stichtag
from reference.lieferung import Day, Lieferung, Month, once
from reference.massnahmen import INSTRUMENTE

CLOSED: Mapping[str, tuple[str, ...]] = {
    "GESCHLECHT": ("m", "w", "d", "x"),
    "ALTER": ("U15", "15-24", "25-54", "55+"),
    "STAATSANGEHOERIGKEIT": ("DEUTSCH", "EU", "ASYL", "UKRAINE", "SONSTIGE"),
    "BG_TYP": BG_TYPEN,
    "INSTRUMENT": INSTRUMENTE,
    "LEISTUNGSART": (
        "RB20", "MB21", "SOZ23", "UNABW24", "KDU22_1", "INST22_2", "UMZUG22_6", "SCHULD22_8", "SV26", "EINM24_3",
        "AZUBI27", "BUT28",
    ),
    "MINDERUNGSGRUND": ("PFLICHT", "MELDE", "ARBEIT"),
    "VERWEILDAUER": VERWEILDAUERN,
}  # fmt: skip
OPEN = ("GEMEINDE", "GESCHAEFTSSTELLE")
BG_MERKMALE = ("GEMEINDE", "GESCHAEFTSSTELLE", "BG_TYP")
PERSONEN_MERKMALE = ("GESCHLECHT", "ALTER", "STAATSANGEHOERIGKEIT", *BG_MERKMALE)
TEILNAHME_MERKMALE = ("GESCHLECHT", "ALTER", "STAATSANGEHOERIGKEIT", *OPEN, "INSTRUMENT")

EU = {
    "124", "125", "126", "127", "128", "129", "130", "131", "134", "135", "137", "139", "142", "143", "145", "148",
    "151", "152", "153", "154", "155", "157", "161", "164", "165", "181",
}  # fmt: skip
ASYL = {"423", "224", "438", "439", "232", "461", "273", "475"}


def nationality_group(key: str, day: Day) -> str:
    """Decision of the project: groups of nationality, EU by dated membership on the day."""
    if key == "000":
        return "DEUTSCH"
    if key == "130":  # Croatia
        return "EU" if day >= Day(2013, 7, 1) else "SONSTIGE"
    if key == "168":  # United Kingdom
        return "EU" if day <= Day(2020, 1, 31) else "SONSTIGE"
    if key in EU:
        return "EU"
    if key in ASYL:
        return "ASYL"
    return "UKRAINE" if key == "166" else "SONSTIGE"


def age_group(years: int) -> str:
    """Decision of the project: the four age groups."""
    if years < 15:
        return "U15"
    if years < 25:
        return "15-24"
    return "25-54" if years < 55 else "55+"


Features = Mapping[str, str]
"""Merkmal to code."""


def personal_features(lieferung: Lieferung, person: str, month: Month) -> Features:
    """The features of a person alone, as on S(month)."""
    day = stichtag(lieferung, month)
    mensch = lieferung.personen[person]
    return {
        "GESCHLECHT": mensch.geschlecht,
        "ALTER": age_group(age(mensch.geburtsdatum, day)),
        "STAATSANGEHOERIGKEIT": nationality_group(mensch.staatsangehoerigkeit, day),
    }


def person_features(lieferung: Lieferung, person: str, bg: str, month: Month) -> Features:
    """All features of a person in ``bg``, as on S(month)."""
    return once(
        lieferung,
        ("features", person, bg, month),
        lambda: {**personal_features(lieferung, person, month), **bg_features(lieferung, bg, month)},
    )


def member_features(lieferung: Lieferung, person: str, month: Month) -> Features:
    """All features of a person in the BG of S(month); OHNE for the places of a person in no BG that day."""
    mitglied = membership(lieferung, person, stichtag(lieferung, month))
    if mitglied is None:
        return {**personal_features(lieferung, person, month), **dict.fromkeys(BG_MERKMALE, "OHNE")}
    return person_features(lieferung, person, mitglied.bg, month)


def bg_features(lieferung: Lieferung, bg: str, month: Month) -> Features:
    """Municipality, office and type of a BG as on S(month)."""
    gemeinde, geschaeftsstelle = address(lieferung, bg, stichtag(lieferung, month))
    typ = bg_type(lieferung, bg, month)
    return {"GEMEINDE": gemeinde, "GESCHAEFTSSTELLE": geschaeftsstelle, "BG_TYP": typ}
