"""The figures: which there are, by what they are broken down, when they have values, what each counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from reference.dauer import duration, was_present
from reference.gruppen import (
    BG_TYPEN,
    bg_counts,
    counted_group,
    entries,
    exits,
    is_elb,
    is_lone_parent,
    is_lzb,
    membership,
)
from reference.kalender import age, shift, stichtag
from reference.lieferung import Day, Lieferung, Month, Verfahren
from reference.massnahmen import (
    enters_subsidised_work,
    integrated,
    is_activated,
    marginally_employed,
    participation,
    stays_employed,
)
from reference.merkmale import (
    BG_MERKMALE,
    PERSONEN_MERKMALE,
    TEILNAHME_MERKMALE,
    Features,
    bg_features,
    member_features,
    person_features,
    personal_features,
)

LLU = {"RB20", "MB21", "SOZ23", "UNABW24"}
LUH = {"KDU22_1", "INST22_2", "UMZUG22_6", "SCHULD22_8"}


@dataclass(frozen=True)
class Groesse:
    """A figure: its features, and the months with values.

    ``ab``: months between the first ``leistung`` month and the first value (rule 9); ``bis``: months between the
    last value and the delivery's last month.
    """

    merkmale: tuple[str, ...]
    ab: int = 0
    bis: int = 0


_PERSON = Groesse(PERSONEN_MERKMALE)
_INTEGRATION = Groesse(PERSONEN_MERKMALE, ab=2)
_BG = Groesse(BG_MERKMALE)
_GELD = Groesse((*PERSONEN_MERKMALE, "LEISTUNGSART"))

GROESSEN: Mapping[str, Groesse] = {
    **dict.fromkeys(("PERS", "LB", "RLB", "ELB", "NEF", "SLB", "NLB", "AUS", "KOL", "AE", "ABGELEHNT"), _PERSON),
    **dict.fromkeys(("NEF_U15", "ALO", "ASU", "REINE_LB", "LM_ELB"), _PERSON),
    **dict.fromkeys(("LZB", "LZB_AKTIV"), Groesse(PERSONEN_MERKMALE, ab=24)),
    **dict.fromkeys(("LZB_ZUGANG", "LZB_ABGANG", "INT_LZB"), Groesse(PERSONEN_MERKMALE, ab=25)),
    **dict.fromkeys(("ELB_ZUGANG", "ELB_ABGANG"), Groesse(PERSONEN_MERKMALE, ab=2)),
    **dict.fromkeys(("INT", "INT_SVP", "INT_AE", "GERING", "OEGB"), _INTEGRATION),
    "INT_SVP_KONT": Groesse(PERSONEN_MERKMALE, ab=2, bis=6),
    **dict.fromkeys(("BG", *(f"BG_{typ}" for typ in BG_TYPEN)), _BG),
    **dict.fromkeys(("KDU_BG", "UNTERKUNFT_TATSAECHLICH", "UNTERKUNFT_ANERKANNT"), _BG),
    **dict.fromkeys(("HEIZUNG_TATSAECHLICH", "HEIZUNG_ANERKANNT"), _BG),
    **dict.fromkeys(("LLU", "LUH", "ZAHLUNG", "LM_BETRAG"), _GELD),
    "LM_NEU": Groesse(("GESCHLECHT", "MINDERUNGSGRUND"), ab=1),
    "TN_BESTAND": Groesse(TEILNAHME_MERKMALE),
    **dict.fromkeys(("TN_EINTRITT", "TN_AUSTRITT"), Groesse(TEILNAHME_MERKMALE, ab=1)),
    **dict.fromkeys(("W_BESTAND", "K_BESTAND"), Groesse(())),
    **dict.fromkeys(("W_EINGANG", "W_ERLEDIGUNG", "K_EINGANG", "K_ERLEDIGUNG"), Groesse((), ab=1)),
    "DAUER_BESTAND": Groesse(("GESCHLECHT", "VERWEILDAUER")),
    "DAUER_ABGANG": Groesse(("GESCHLECHT", "VERWEILDAUER"), ab=2),
    "ELB_AG12": Groesse(("GESCHLECHT",), ab=11),
}

Counted = tuple[str, Features, Decimal]
"""(groesse, features, 1 or an amount)"""
ONE = Decimal(1)


def bg_on(lieferung: Lieferung, person: str, day: Day) -> str:
    mitglied = membership(lieferung, person, day)
    assert mitglied is not None
    return mitglied.bg


# ---------------------------------------------------------------- persons on S(t)

GRUPPEN: Mapping[str, tuple[str, ...]] = {
    "ELB": ("ELB", "RLB", "LB", "PERS"),
    "NEF": ("NEF", "RLB", "LB", "PERS"),
    "SLB": ("SLB", "LB", "PERS"),
    "AUS": ("AUS", "NLB", "PERS"),
    "KOL": ("KOL", "NLB", "PERS"),
    "ABGELEHNT": ("ABGELEHNT",),
}


def stock_of(lieferung: Lieferung, month: Month) -> Iterable[Counted]:
    """Rules 2, 3, 5 and 8: persons on S(t), with the features of S(t)."""
    for person, mensch in lieferung.personen.items():
        gruppe = counted_group(lieferung, person, month)
        if gruppe is None:
            continue
        found = list(GRUPPEN[gruppe])
        if gruppe == "ELB":
            found += _elb_figures(lieferung, person, month)
        if gruppe == "NEF" and age(mensch.geburtsdatum, stichtag(lieferung, month)) < 15:
            found.append("NEF_U15")
        features = member_features(lieferung, person, month)
        for groesse in found:
            yield groesse, features, ONE


def _elb_figures(lieferung: Lieferung, person: str, month: Month) -> Iterable[str]:
    """What an ELB is besides on S(t)."""
    day = stichtag(lieferung, month)
    yield {"ALO": "ALO", "ASU": "ASU"}.get(labour_market_status(lieferung, person, day), "REINE_LB")
    if any(cut.person == person and cut.beginn <= day <= cut.ende for cut in lieferung.minderungen):
        yield "LM_ELB"
    if is_lone_parent(lieferung, person, month):
        yield "AE"
    if is_lzb(lieferung, person, month):
        yield "LZB"
        if is_activated(lieferung, person, month):
            yield "LZB_AKTIV"


def labour_market_status(lieferung: Lieferung, person: str, day: Day) -> str:
    """The status valid on the day, of several the one with the latest ``von``; without one NAS."""
    valid = [status for status in lieferung.status.get(person, []) if status.von <= day <= status.bis]
    return max(valid, key=lambda status: status.von).status if valid else "NAS"


def durations_of(lieferung: Lieferung, month: Month) -> Iterable[Counted]:
    """How long the ELB of S(t), and those who left in t, have been ELB; who was ELB within twelve months."""
    for person in lieferung.personen:
        features = personal_features(lieferung, person, month)
        if is_elb(lieferung, person, month):
            klasse = duration(lieferung, person, stichtag(lieferung, month))
            yield "DAUER_BESTAND", {**features, "VERWEILDAUER": klasse}, ONE
        for last in exits(lieferung, person, month):
            yield "DAUER_ABGANG", {**features, "VERWEILDAUER": duration(lieferung, person, last)}, ONE
        if was_present(lieferung, person, month):
            yield "ELB_AG12", features, ONE


# ---------------------------------------------------------------- events after S(t-1), up to S(t)


def movements_of(lieferung: Lieferung, month: Month) -> Iterable[Counted]:
    """Rules 4 and 5. Entries carry the features of t, exits those of t-1 (decision of the project)."""
    before = shift(month, -1)
    for person in lieferung.personen:
        for first in entries(lieferung, person, month):
            yield "ELB_ZUGANG", person_features(lieferung, person, bg_on(lieferung, person, first), month), ONE
        for last in exits(lieferung, person, month):
            yield "ELB_ABGANG", person_features(lieferung, person, bg_on(lieferung, person, last), before), ONE
        was, now = is_lzb(lieferung, person, before), is_lzb(lieferung, person, month)
        if now and not was:
            yield "LZB_ZUGANG", member_features(lieferung, person, month), ONE
        if was and not now:
            yield "LZB_ABGANG", member_features(lieferung, person, before), ONE


def integrations_of(lieferung: Lieferung, month: Month) -> Iterable[Counted]:
    """Rules 6 and 7: at most one of each kind per person; features and subgroups are those on S(t-1)."""
    before = shift(month, -1)
    for person in lieferung.personen:
        found = []
        if integrated(lieferung, person, month):
            found.append("INT")
            if is_lone_parent(lieferung, person, before):
                found.append("INT_AE")
            if is_lzb(lieferung, person, before):
                found.append("INT_LZB")
        if integrated(lieferung, person, month, ("SVP",)):
            found.append("INT_SVP")
            if stays_employed(lieferung, person, month):
                found.append("INT_SVP_KONT")
        if marginally_employed(lieferung, person, month):
            found.append("GERING")
        if enters_subsidised_work(lieferung, person, month):
            found.append("OEGB")
        for groesse in found:
            yield groesse, member_features(lieferung, person, before), ONE


def participations_of(lieferung: Lieferung, month: Month) -> Iterable[Counted]:
    """Rows of ``massnahme``, with the person's features on S(t)."""
    for teilnahme in lieferung.teilnahmen:
        for groesse in participation(lieferung, teilnahme, month):
            features = member_features(lieferung, teilnahme.person, month)
            yield groesse, {**features, "INSTRUMENT": teilnahme.instrument}, ONE


def reductions_of(lieferung: Lieferung, month: Month) -> Iterable[Counted]:
    """Rows of ``leistungsminderung`` that begin in (S(t-1), S(t)], whatever the person's group."""
    before, now = stichtag(lieferung, shift(month, -1)), stichtag(lieferung, month)
    for minderung in lieferung.minderungen:
        if before < minderung.beginn <= now:
            features = personal_features(lieferung, minderung.person, month)
            yield "LM_NEU", {**features, "MINDERUNGSGRUND": minderung.grund}, ONE


def closed_on(verfahren: Verfahren) -> Day:
    """The day a procedure is closed: never before it was filed; ``Day.max`` while it is open."""
    return Day.max if verfahren.erledigung is None else max(verfahren.erledigung, verfahren.eingang)


def procedures_of(lieferung: Lieferung, month: Month) -> Iterable[Counted]:
    """Objections (W) and court actions (K): filed, closed, open on S(t)."""
    before, now = stichtag(lieferung, shift(month, -1)), stichtag(lieferung, month)
    for verfahren in lieferung.verfahren:
        if before < verfahren.eingang <= now:
            yield f"{verfahren.art}_EINGANG", {}, ONE
        if before < closed_on(verfahren) <= now:
            yield f"{verfahren.art}_ERLEDIGUNG", {}, ONE
        if verfahren.eingang <= now < closed_on(verfahren):
            yield f"{verfahren.art}_BESTAND", {}, ONE


# ---------------------------------------------------------------- BGs and money


def bgs_of(lieferung: Lieferung, month: Month) -> Iterable[Counted]:
    """Rule 3: the BGs that count, each once more under its type, and the costs of their dwellings in the month."""
    for bg in lieferung.adressen:
        if not bg_counts(lieferung, bg, month):
            continue
        features = bg_features(lieferung, bg, month)
        yield "BG", features, ONE
        yield f"BG_{features['BG_TYP']}", features, ONE
        kosten = lieferung.wohnkosten.get((bg, month))
        if kosten is not None:
            yield "KDU_BG", features, ONE
            yield "UNTERKUNFT_TATSAECHLICH", features, kosten.unterkunft_tatsaechlich
            yield "UNTERKUNFT_ANERKANNT", features, kosten.unterkunft_anerkannt
            yield "HEIZUNG_TATSAECHLICH", features, kosten.heizung_tatsaechlich
            yield "HEIZUNG_ANERKANNT", features, kosten.heizung_anerkannt


def money_of(lieferung: Lieferung, month: Month) -> Iterable[Counted]:
    """Rule 9: all ``leistung`` rows of the calendar month, whatever the person's group."""
    for row in lieferung.geld:
        if row.monat != month:
            continue
        features = {**person_features(lieferung, row.person, row.bg, month), "LEISTUNGSART": row.art}
        if row.art in LLU:
            yield "LLU", features, row.anspruch
        if row.art in LUH:
            yield "LUH", features, row.anspruch
        yield "LM_BETRAG", features, row.minderung
        yield "ZAHLUNG", features, row.zahlung


SOURCES: tuple[Callable[[Lieferung, Month], Iterable[Counted]], ...] = (
    stock_of,
    durations_of,
    movements_of,
    integrations_of,
    participations_of,
    reductions_of,
    procedures_of,
    bgs_of,
    money_of,
)
