"""Members without standard benefit: children with enough income (KOL), excluded (AUS), other benefits only (SLB)."""

from __future__ import annotations

import numpy as np

from etl.demo.arrays import Bools, Ints, age_on, ints, pick
from etl.demo.codes import KEIN_GRUND, Grund, Rolle, Sonderfall
from etl.demo.world import Schritt, Welt, close_status, split


def steer(w: Welt, s: Schritt, *, retroactive: bool) -> None:
    """Bring the three groups to their share of the persons without standard benefit.

    ``retroactive``: the founding stock was like that before, so its memberships get no new episode.
    """
    _end_some(w, s)
    k = w.k.sonderfaelle
    _fill_kol(w, s, round(s.ziel.sonstige * k.anteil_kol))
    _fill_slb(w, s, round(s.ziel.sonstige * k.anteil_slb))
    _fill_aus(w, s, round(s.ziel.sonstige * k.anteil_aus), retroactive=retroactive)


def _end_some(w: Welt, s: Schritt) -> None:
    """Every month some needs are covered no longer, and at 18 a child is no KOL any more."""
    rng, p, lage = w.rng("sonderfall"), w.personen, w.lage
    ends = (rng.random(len(p)) < w.k.sonderfaelle.wechsel_monat) | (p.tag18 <= s.s1)
    azubi = lage.sonderfall == Sonderfall.SLB_AZUBI
    ends = np.where(azubi, (rng.random(len(p)) < w.k.sonderfaelle.wechsel_monat / 2), ends)
    lage.sonderfall[ends | ~w.aktiv] = Sonderfall.KEINER


def _children(w: Welt, s: Schritt, low: int, high: int) -> Bools:
    """Included children in the BG of an age from ``low`` to below ``high`` whose need is not covered so far."""
    p = w.personen
    age = age_on(p.geburt_key, s.s1)
    open_ = w.aktiv & (p.grund == KEIN_GRUND) & (w.lage.sonderfall == Sonderfall.KEINER)
    mask: Bools = open_ & (p.rolle == Rolle.KI) & (age >= low) & (age < high)
    return mask


def _count(w: Welt, *kinds: Sonderfall) -> int:
    return int((w.aktiv & np.isin(w.lage.sonderfall, kinds)).sum())


def _fill_kol(w: Welt, s: Schritt, wanted: int) -> None:
    chosen = pick(w.rng("sonderfall"), np.flatnonzero(_children(w, s, 0, 18)), wanted - _count(w, Sonderfall.KOL))
    w.lage.sonderfall[chosen] = Sonderfall.KOL


def _fill_slb(w: Welt, s: Schritt, wanted: int) -> None:
    rng = w.rng("sonderfall")
    missing = wanted - _count(w, Sonderfall.SLB_AZUBI, Sonderfall.SLB_BUT)
    trainee = np.flatnonzero(_children(w, s, 16, 24) & w.personen.faehig)
    w.lage.sonderfall[pick(rng, trainee, round(0.7 * missing))] = Sonderfall.SLB_AZUBI
    pupil = np.flatnonzero(_children(w, s, 6, 17))
    w.lage.sonderfall[pick(rng, pupil, missing - round(0.7 * missing))] = Sonderfall.SLB_BUT


def _fill_aus(w: Welt, s: Schritt, wanted: int, *, retroactive: bool) -> None:
    """Exclude partners, parents and grown-up children; let some back in when there are too many."""
    rng, p = w.rng("sonderfall"), w.personen
    quiet = w.aktiv & ((w.lage.seit <= s.s0) | retroactive) & (w.lage.sonderfall == Sonderfall.KEINER)
    excluded = w.aktiv & (p.grund != KEIN_GRUND)
    missing = wanted - int(excluded.sum())
    grown_child = (p.rolle == Rolle.KI) & (p.tag18 <= s.s0)
    partner = (p.rolle == Rolle.PA) | (p.rolle == Rolle.EL)
    candidates = np.flatnonzero(quiet & ~excluded & (grown_child | partner))
    chosen = pick(rng, candidates, missing)
    p.grund[chosen] = _reasons(rng, w, chosen, age_on(p.geburt_key[chosen], s.s1))
    temporary = np.isin(p.grund, (Grund.STATIONAER, Grund.ORTSABW, Grund.SONST, Grund.BAFOEG))
    back = pick(rng, np.flatnonzero(quiet & excluded & temporary & (p.altersgrenze > s.s1)), -missing)
    p.grund[back] = KEIN_GRUND
    changed = np.concatenate([chosen, back])
    split(w, changed, w.lage.seit[changed] if retroactive else ints(s.erster, len(changed)))
    if not retroactive:
        close_status(w, chosen, ints(s.erster - 1, len(chosen)), abgang=0)


def _reasons(rng: np.random.Generator, w: Welt, p: Ints, age: Ints) -> Ints:
    u = rng.random(len(p))
    adult = np.select(
        [(age >= 60) & (u < 0.8), u < 0.30, u < 0.45, u < 0.70],
        [Grund.RENTE, Grund.STATIONAER, Grund.ASYLBLG, Grund.ORTSABW],
        Grund.SONST,
    )
    child = np.where(u < 0.75, Grund.BAFOEG, Grund.SONST)
    return np.where(w.personen.rolle[p] == Rolle.KI, child, adult).astype(np.int64)
