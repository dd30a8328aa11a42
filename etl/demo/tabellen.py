"""What was lived becomes what is delivered: the contract's tables as the case management knows them at ``erstellt_am``.

Still numbers: codes are positions in the contract's lists, keys are running numbers, amounts are cents. ``write.py``
turns them into the contract's types; ``faults.py`` plants its defects in between.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.demo.arrays import KEINE, LEER, OFFEN, Bools, Ints, concat
from etl.demo.kalibrierung import gemeinden
from etl.demo.money import Einkommen, Geld, Leistungen, Unterkuenfte, merge_reductions
from etl.demo.world import Welt

Tabelle = dict[str, NDArray[np.int64] | NDArray[np.bool_]]
Tabellen = dict[str, Tabelle]


@dataclass
class Nummern:
    """The last number given so far of each kind of key, so that cohorts never share one."""

    person: int = 0
    bg: int = 0
    erwerb: int = 0
    teilnahme: int = 0
    minderung: int = 0
    verfahren: int = 0


def deliver(w: Welt, geld: Geld, stand: int, nummern: Nummern) -> Tabellen:
    """Build all tables as known on the day ``stand``; ``nummern`` moves on."""
    close_files(w)
    m = w.mitglieder
    bis = _as_known(m.person, m.von, m.bis, stand)
    known = m.von <= stand
    person = _numbers(np.unique(m.person[known]), len(w.personen), nummern.person)
    bg = _numbers(np.unique(m.bg[known]), len(w.bgs), nummern.bg)
    tables: Tabellen = {
        "bedarfsgemeinschaft": _bgs(w, stand, bg),
        "person": _persons(w, person),
        "bg_mitglied": {
            "kundennummer": person[m.person[known]],
            "bg_nummer": bg[m.bg[known]],
            "von": m.von[known],
            "bis": bis[known],
            "rolle": m.rolle[known],
            "erwerbsfaehig": m.faehig[known],
            "ausschlussgrund": m.grund[known],
        },
        **_money(geld, person, bg),
        "erwerbstaetigkeit": _jobs(w, stand, person, nummern),
        "massnahme": _measures(w, stand, person, nummern),
        "leistungsminderung": _reductions(geld, person, bg, nummern),
        "arbeitsmarktstatus": _status(w, stand, person),
        "verfahren": _proceedings(w, stand, nummern),
    }
    nummern.person += int((person != KEINE).sum())
    nummern.bg += int((bg != KEINE).sum())
    return tables


def close_files(w: Welt) -> None:
    """Close the files of BGs that left and did not come back, some time after they left."""
    gone = np.flatnonzero(~w.bgs.aktiv)
    w.bg_episoden.bis[w.bgs.episode[gone]] = w.bgs.schliesst[gone]


def _numbers(kept: Ints, n: int, last: int) -> Ints:
    numbers = np.full(n, KEINE, dtype=np.int64)
    numbers[kept] = last + 1 + np.arange(len(kept))
    return numbers


def _next(n: int, last: int) -> Ints:
    return last + 1 + np.arange(n)


def _as_known(owner: Ints, von: Ints, bis: Ints, stand: int) -> Ints:
    """Return the ends as known on the day ``stand``: what ends later, or goes on in another episode, is open."""
    goes_on = np.zeros(int(owner.max(initial=0)) + 1, dtype=bool)
    goes_on[owner[von == stand + 1]] = True
    return np.where((bis > stand) | ((bis == stand) & goes_on[owner]), OFFEN, bis)


def _bgs(w: Welt, stand: int, bg: Ints) -> Tabelle:
    e = w.bg_episoden
    rows = (e.von <= stand) & (bg[e.bg] != KEINE)
    stellen = sorted(set(gemeinden().stelle))
    office = np.array([stellen.index(name) for name in gemeinden().stelle])[e.gemeinde]
    return {
        "bg_nummer": bg[e.bg[rows]],
        "gueltig_von": e.von[rows],
        "gueltig_bis": _as_known(e.bg, e.von, e.bis, stand)[rows],
        "aktenzeichen": bg[e.bg[rows]],
        "gemeinde_ags": e.gemeinde[rows],
        "geschaeftsstelle": office[rows],
        "zustaendigkeit": (office * 10 + e.team)[rows],
    }


def _persons(w: Welt, person: Ints) -> Tabelle:
    p = w.personen
    rows = np.flatnonzero(person != KEINE)
    return {
        "kundennummer": person[rows],
        "geburtsdatum": p.geburt[rows],
        "geschlecht": p.geschlecht[rows],
        "staatsangehoerigkeit": p.nation[rows],
        "familienstand": p.familienstand[rows],
        "schulabschluss": p.schule[rows],
        "berufsabschluss": p.beruf[rows],
        "schwerbehindert": p.schwerbehindert[rows],
    }


def _money(geld: Geld, person: Ints, bg: Ints) -> Tabellen:
    leistung = concat(Leistungen, geld.leistung)
    einkommen = concat(Einkommen, geld.einkommen)
    unterkunft = concat(Unterkuenfte, geld.unterkunft)
    return {
        "leistung": {
            "kundennummer": person[leistung.person],
            "bg_nummer": bg[leistung.bg],
            "monat": leistung.monat,
            "leistungsart": leistung.art,
            "bedarf": leistung.bedarf,
            "anspruch": leistung.anspruch,
            "minderung": leistung.minderung,
            "zahlung": leistung.anspruch - leistung.minderung,
        },
        "einkommen": {
            "kundennummer": person[einkommen.person],
            "monat": einkommen.monat,
            "einkommensart": einkommen.art,
            "betrag_verfuegbar": einkommen.verfuegbar,
            "betrag_angerechnet": einkommen.angerechnet,
        },
        "unterkunft": {
            "bg_nummer": bg[unterkunft.bg],
            "monat": unterkunft.monat,
            "kosten_tatsaechlich": unterkunft.kosten,
            "kosten_anerkannt": unterkunft.kosten_anerkannt,
            "heizkosten_tatsaechlich": unterkunft.heizkosten,
            "heizkosten_anerkannt": unterkunft.heizkosten_anerkannt,
            "wohnflaeche_qm": unterkunft.flaeche,
            "personen_haushalt": unterkunft.personen,
        },
    }


def _jobs(w: Welt, stand: int, person: Ints, nummern: Nummern) -> Tabelle:
    rows = _visible(person[w.jobs.person], w.jobs.beginn, w.jobs.erfasst, stand)
    ids = _next(len(w.jobs), nummern.erwerb)  # also those not known yet: a later delivery gives the same row its number
    nummern.erwerb += len(w.jobs)
    j = w.jobs.take(rows)
    return {
        "erwerb_id": ids[rows],
        "kundennummer": person[j.person],
        "art": j.art,
        "beginn": j.beginn,
        "ende": np.where(j.ende > stand, OFFEN, j.ende),
        "foerderung": j.foerderung,
        "erfasst_am": j.erfasst,
    }


def _visible(person: Ints, begin: Ints, recorded: Ints, stand: int) -> Bools:
    """Rows that had happened and had been entered when the delivery was made."""
    mask: Bools = (person != KEINE) & (begin <= stand) & (recorded <= stand)
    return mask


def _measures(w: Welt, stand: int, person: Ints, nummern: Nummern) -> Tabelle:
    rows = _visible(person[w.teilnahmen.person], w.teilnahmen.eintritt, w.teilnahmen.erfasst, stand)
    ids = _next(len(w.teilnahmen), nummern.teilnahme)
    nummern.teilnahme += len(w.teilnahmen)
    t = w.teilnahmen.take(rows)
    return {
        "teilnahme_id": ids[rows],
        "kundennummer": person[t.person],
        "instrument": t.instrument,
        "eintritt": t.eintritt,
        "austritt": np.where(t.austritt > stand, OFFEN, t.austritt),
        "kosten": t.kosten,
        "erfasst_am": t.erfasst,
    }


def _reductions(geld: Geld, person: Ints, bg: Ints, nummern: Nummern) -> Tabelle:
    r = merge_reductions(geld.minderung)
    r = r.take(np.lexsort((r.betrag, r.grund, r.bg, r.person, r.beginn)))  # a later delivery goes on from here
    ids = _next(len(r), nummern.minderung)
    nummern.minderung += len(r)
    return {
        "minderung_id": ids,
        "kundennummer": person[r.person],
        "bg_nummer": bg[r.bg],
        "grund": r.grund,
        "betrag": r.betrag,
        "beginn": r.beginn,
        "ende": r.ende,
    }


def _status(w: Welt, stand: int, person: Ints) -> Tabelle:
    e = w.status
    bis = _as_known(e.person, e.von, e.bis, stand)
    rows = (e.von <= stand) & (person[e.person] != KEINE)
    return {
        "kundennummer": person[e.person[rows]],
        "von": e.von[rows],
        "bis": bis[rows],
        "status": e.status[rows],
        "zugangsgrund": e.zugang[rows],
        "abgangsgrund": np.where(bis == OFFEN, LEER, e.abgang)[rows],
    }


def _proceedings(w: Welt, stand: int, nummern: Nummern) -> Tabelle:
    rows = w.verfahren.eingang <= stand
    ids = _next(len(w.verfahren), nummern.verfahren)
    nummern.verfahren += len(w.verfahren)
    v = w.verfahren.take(rows)
    open_ = v.erledigung > stand
    return {
        "verfahren_id": ids[rows],
        "art": v.art,
        "sachgebiet": v.sachgebiet,
        "eingang": v.eingang,
        "erledigung": np.where(open_, OFFEN, v.erledigung),
        "erledigungsart": np.where(open_, LEER, v.erledigungsart),
    }
