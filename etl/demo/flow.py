"""The life of the job centre month by month: birthdays, exits, interruptions, births, moves, returns, entries."""

from __future__ import annotations

import numpy as np

from etl.demo import sonderfaelle, work
from etl.demo.arrays import (
    KEINE,
    OFFEN,
    Bools,
    Ints,
    age_limit_day,
    age_on,
    birthday,
    calendar_key,
    choose,
    day,
    first_of_month,
    ints,
    pick,
)
from etl.demo.codes import KEIN_GRUND, Familienstand, Geschlecht, Grund, Rolle
from etl.demo.haushalte import ASYL, UEBRIGE, UKRAINE, Bedarf, Haushalte, Personen, choose_households, draw, is_elb
from etl.demo.kalibrierung import gemeinden, target
from etl.demo.world import (
    BgEpisoden,
    Gemeinschaften,
    Schritt,
    Welt,
    admit,
    close_status,
    elb,
    first_per_bg,
    join,
    leave,
    members,
    nef,
    pause,
    split,
)
from etl.monat import Monat

# How many households are drawn for each one that is chosen: enough for the mix to be steered.
AUSWAHL = 6
MONTH = 30.44
TEAMS_JE_STELLE = 4


def step(w: Welt, index: int, monat: Monat, factor: float) -> None:
    """Live from one counting day to the next; the first step founds the job centre."""
    s = Schritt(index, monat, day(monat.shift(-1), 15), day(monat, 15), target(monat).scaled(factor))
    if index == 0:
        _found(w, s)
        sonderfaelle.steer(w, s, retroactive=True)
        work.found(w, s)
    else:
        _birthdays(w, s)
        _exits(w, s)
        _interruptions(w, s)
        _single_exits(w, s)
        _births(w, s)
        _lost_ability(w, s)
        _moves(w, s)
        sonderfaelle.steer(w, s, retroactive=False)
        _enter(w, s)
        work.live(w, s)
    w.sonderfall_je_monat.append(w.lage.sonderfall.copy())


# ------------------------------------------------------------------ founding


def _found(w: Welt, s: Schritt) -> None:
    """Create the stock of the first counting day with the durations of receipt it would have."""
    n, rng = round(s.ziel.bg), w.rng("gruendung")
    # NEF and ELB that become KOL, AUS or SLB in a moment are needed on top.
    need = Bedarf(
        elb=s.ziel.elb + 0.44 * s.ziel.sonstige,
        nef=s.ziel.nef + 0.47 * s.ziel.sonstige,
        asyl_elb=s.ziel.asyl_elb,
        ukraine_elb=s.ziel.ukraine_elb,
    )
    pool, chosen = _applicants(w, rng, n, need, s.s1, AUSWAHL // 2)
    schnell = rng.random(n) < w.k.dauer.schnell_im_bestand
    months = np.where(
        schnell,
        rng.geometric(w.k.dauer.schnell_abgang, n),
        rng.geometric(w.k.dauer.langsam_abgang, n),
    )
    earliest = np.array([np.datetime64(w.k.dauer.fruehester_beginn, "D").astype(np.int64), 0, 0])
    earliest[ASYL], earliest[UKRAINE] = day(Monat(2014, 9)), day(Monat(2022, 6))
    origin = pool.gruppe[chosen]
    begin = s.s1 - np.floor(months * MONTH - MONTH * rng.random(n)).astype(np.int64)
    begin = np.minimum(np.where(rng.random(n) < w.k.fluktuation.zugang_am_ersten, first_of_month(begin), begin), s.s1)
    # Nobody heads a BG before 18; before its group came to the country no case of it began.
    adults = pool.personen.rolle <= Rolle.PA
    grown = np.zeros(len(pool), dtype=np.int64)
    np.maximum.at(grown, pool.personen.haushalt[adults], pool.personen.tag18[adults])
    possible = np.minimum(np.maximum(earliest[origin], grown[chosen]), s.s1)
    _settle(w, s, pool, chosen, np.maximum(begin, possible), schnell, backdated=True)


def _applicants(
    w: Welt, rng: np.random.Generator, n: int, need: Bedarf, on: int, factor: int
) -> tuple[Haushalte, Ints]:
    """Draw a pool of households and choose ``n`` of them that bring the stocks to their targets."""
    total = max(need.elb, 1.0)
    ukraine, asyl = (float(np.clip(x / total, 0.01, 0.9)) for x in (need.ukraine_elb, need.asyl_elb))
    shares = (max(1 - ukraine - asyl, 0.05), asyl, ukraine)
    pool = draw(rng, w.k, max(n * factor, 60), on, shares)
    return pool, choose_households(rng, pool, n, need, on)


def _settle(
    w: Welt, s: Schritt, pool: Haushalte, chosen: Ints, begin: Ints, schnell: Bools, *, backdated: bool
) -> Ints:
    """Turn chosen households into BGs whose members join on ``begin``; return the new persons."""
    number = ints(KEINE, len(pool))
    number[chosen] = np.arange(len(chosen))
    mine = np.flatnonzero(number[pool.personen.haushalt] != KEINE)
    personen = pool.personen.take(mine)
    home = number[personen.haushalt]
    bg = _new_bgs(w, len(chosen), schnell[: len(chosen)], begin[: len(chosen)])
    personen.haushalt = bg[home]
    p = admit(w, personen, bg[home])
    von = np.maximum(begin[home], personen.geburt)
    if backdated:
        _join_before_fifteen(w, p, von, s.s1)
    else:
        join(w, p, von)
    return p


def _join_before_fifteen(w: Welt, p: Ints, von: Ints, on: int) -> None:
    """Let members join in the past: who turned 15 or 25 on the way has the episodes to show for it."""
    join(w, p, von)
    fifteen = w.personen.tag15[p]
    grown = (fifteen > von) & (fifteen <= on) & w.personen.faehig[p]
    split(w, p[grown], fifteen[grown])


def _new_bgs(w: Welt, n: int, schnell: Bools, begin: Ints) -> Ints:
    rng, u = w.rng("wohnen"), w.k.unterkunft
    place = choose(rng, list(gemeinden().gewicht), n)
    over = np.where(rng.random(n) < u.anteil_ueber_anerkannt, rng.exponential(u.ueberschreitung_mittel, n), 0.0)
    bg = w.bgs.extend(
        Gemeinschaften(
            aktiv=np.ones(n, dtype=bool),
            schnell=schnell,
            ende=ints(0, n),
            schliesst=ints(OFFEN, n),
            rueckkehr=ints(KEINE, n),
            episode=ints(KEINE, n),
            gemeinde=place,
            miete=np.clip(np.exp(rng.normal(0, u.streuung, n)), 0.55, 1.7),
            ueber=np.minimum(over, 0.9),
            weitere=(rng.random(n) < u.weitere_im_haushalt).astype(np.int64),
            flaeche=rng.random(n) >= u.ohne_flaeche,
        )
    )
    _open_bg_episode(w, bg, begin)
    return bg


def _open_bg_episode(w: Welt, bg: Ints, von: Ints) -> None:
    n = len(bg)
    w.bgs.episode[bg] = w.bg_episoden.extend(
        BgEpisoden(
            bg=bg,
            von=von,
            bis=ints(OFFEN, n),
            gemeinde=w.bgs.gemeinde[bg],
            team=w.rng("teams").integers(1, TEAMS_JE_STELLE + 1, n),
        )
    )


# ------------------------------------------------------------------ birthdays


def _birthdays(w: Welt, s: Schritt) -> None:
    p = w.personen
    fifteen = np.flatnonzero(w.aktiv & (p.tag15 > s.s0) & (p.tag15 <= s.s1) & p.faehig)
    split(w, fifteen, p.tag15[fifteen])
    _grown_children(w, s)
    _age_limit(w, s)


def _grown_children(w: Welt, s: Schritt) -> None:
    """At 25 a child no longer belongs to its parents' BG; many then have a BG of their own in the same home."""
    p = w.personen
    grown = np.flatnonzero(w.aktiv & (p.rolle == Rolle.KI) & (p.tag25 > s.s0) & (p.tag25 <= s.s1))
    if not len(grown):
        return
    own = p.faehig[grown] & (p.grund[grown] == KEIN_GRUND) & (w.rng("auszug").random(len(grown)) < 0.6)
    leave(w, s, grown[~own], p.tag25[grown[~own]] - 1)
    w.lage.ausgezogen[grown[~own]] = True
    moved = grown[own]
    pause(w, moved, p.tag25[moved] - 1)
    bg = _new_bgs(w, len(moved), w.rng("auszug").random(len(moved)) < 0.5, p.tag25[moved])
    old = w.lage.bg[moved]
    w.bgs.gemeinde[bg] = w.bgs.gemeinde[old]
    w.bg_episoden.gemeinde[w.bgs.episode[bg]] = w.bgs.gemeinde[old]
    w.lage.bg[moved] = bg
    p.haushalt[moved] = bg
    p.rolle[moved] = Rolle.HP
    w.lage.sonderfall[moved] = 0
    join(w, moved, p.tag25[moved])


def _age_limit(w: Welt, s: Schritt) -> None:
    """At the age limit a partner who can take over becomes HP, otherwise the BG leaves; others are excluded."""
    p = w.personen
    old = np.flatnonzero(w.aktiv & (p.altersgrenze > s.s0) & (p.altersgrenze <= s.s1) & (p.grund == KEIN_GRUND))
    heads, others = old[p.rolle[old] == Rolle.HP], old[p.rolle[old] != Rolle.HP]
    partner = ints(KEINE, len(w.bgs))
    able = np.flatnonzero(elb(w, s.s1) & (p.rolle == Rolle.PA))
    partner[w.lage.bg[able]] = able
    successor = partner[w.lage.bg[heads]]
    handed, new = heads[successor != KEINE], successor[successor != KEINE]
    p.rolle[new], p.rolle[handed] = Rolle.HP, Rolle.PA
    p.grund[handed] = Grund.RENTE
    p.grund[others] = Grund.RENTE
    split(w, np.concatenate([handed, new]), np.tile(p.altersgrenze[handed], 2))
    split(w, others, p.altersgrenze[others])
    _exclude_status(w, np.concatenate([handed, others]))
    alone = heads[successor == KEINE]
    _bg_leaves(w, s, w.lage.bg[alone], p.altersgrenze[alone] - 1)


def _exclude_status(w: Welt, p: Ints) -> None:
    """Who is excluded or unable to work no longer has a labour-market status."""
    close_status(w, p, w.lage.seit[p] - 1, abgang=0)


# ------------------------------------------------------------------ exits


def _bg_leaves(w: Welt, s: Schritt, bg: Ints, last: Ints) -> None:
    """Whole BGs leave; a member who changed after ``last`` sets the day for all."""
    if not len(bg):
        return
    p = members(w, bg)
    day_of = np.zeros(len(w.bgs), dtype=np.int64)
    day_of[bg] = last
    np.maximum.at(day_of, w.lage.bg[p], w.lage.seit[p])
    rng, f = w.rng("abgang"), w.k.fluktuation
    leave(w, s, p, day_of[w.lage.bg[p]])
    w.bgs.aktiv[bg] = False
    w.bgs.ende[bg] = day_of[bg]
    w.bgs.schliesst[bg] = day_of[bg] + rng.integers(20, 160, len(bg))
    returns = rng.random(len(bg)) < f.rueckkehr_anteil
    w.bgs.rueckkehr[bg] = np.where(
        returns, s.index + rng.integers(2, f.rueckkehr_hoechstens_monate + 1, len(bg)), KEINE
    )
    _late_ends(w, rng, bg)


def _late_ends(w: Welt, rng: np.random.Generator, bg: Ints) -> None:
    """In a few BGs nobody closed the memberships when the money ended: days without a group, the realistic rest."""
    month_end = first_of_month(w.bgs.ende[bg] + 1) == w.bgs.ende[bg] + 1
    late = bg[
        month_end & (w.bgs.rueckkehr[bg] == KEINE) & (rng.random(len(bg)) < w.k.fluktuation.nachlaufende_mitgliedschaft)
    ]
    marked = np.zeros(len(w.bgs), dtype=bool)
    marked[late] = True
    rows = np.flatnonzero(marked[w.mitglieder.bg] & (w.mitglieder.bis == w.bgs.ende[w.mitglieder.bg]))
    extra = np.zeros(len(w.bgs), dtype=np.int64)
    extra[late] = rng.integers(5, 40, len(late))
    p, ended = w.personen, w.mitglieder.bis[rows]
    member = w.mitglieder.person[rows]
    # Not beyond the age at which the membership would be wrong for another reason.
    limit = np.where(w.mitglieder.rolle[rows] == Rolle.KI, p.tag25[member], p.altersgrenze[member]) - 1
    w.mitglieder.bis[rows] = np.maximum(ended, np.minimum(ended + extra[w.mitglieder.bg[rows]], limit))


def _exits(w: Welt, s: Schritt) -> None:
    """BGs leave with hazards that fall with duration; the total follows the turnover and the target."""
    rng, f, d = w.rng("abgang"), w.k.fluktuation, w.k.dauer
    active = np.flatnonzero(w.bgs.aktiv)
    hazard = np.where(w.bgs.schnell[active], d.schnell_abgang, d.langsam_abgang)
    heads = np.bincount(w.lage.bg[elb(w, s.s0)], minlength=len(w.bgs))[active]
    season = 1 + 0.04 * np.cos(2 * np.pi * (s.monat.monat - 5) / 12)
    rate = f.abgang_elb_monat * season
    shrinking = (len(active) - s.ziel.bg) / max(len(active), 1) + f.mindestzugang * f.abgang_elb_monat
    rate = max(rate, float(shrinking))
    scale = rate * heads.sum() / max(float((hazard * heads).sum()), 1e-9)
    # A systematic sample in the order of size: turnover is steady, only who leaves is chance.
    order = np.lexsort((rng.random(len(active)), heads))
    position = np.floor(np.cumsum(np.clip(hazard * scale, 0, 0.9)[order]) + rng.random())
    goes = np.sort(active[order[np.diff(position, prepend=0.0) > 0]])
    month_end = s.erster - 1
    early = s.s0 + rng.integers(0, s.s1 - s.s0, len(goes))
    last = np.where(rng.random(len(goes)) < f.abgang_am_monatsende, month_end, early)
    _bg_leaves(w, s, goes, last)


def _quiet(w: Welt, s: Schritt) -> Bools:
    """Active persons to whom nothing has happened since the last counting day."""
    return w.aktiv & (w.lage.seit <= s.s0)


def _quiet_bgs(w: Welt, s: Schritt) -> Ints:
    """BGs all of whose members are quiet."""
    noisy = np.zeros(len(w.bgs), dtype=bool)
    noisy[w.lage.bg[w.aktiv & (w.lage.seit > s.s0)]] = True
    return np.flatnonzero(w.bgs.aktiv & ~noisy)


def _interruptions(w: Welt, s: Schritt) -> None:
    """BGs stop for one to seven days: too short to count as a movement."""
    rng = w.rng("unterbrechung")
    bg = _quiet_bgs(w, s)
    bg = bg[rng.random(len(bg)) < w.k.fluktuation.unterbrechung_bg]
    last = np.zeros(len(w.bgs), dtype=np.int64)
    gap = np.zeros(len(w.bgs), dtype=np.int64)
    last[bg] = s.s0 + rng.integers(1, 18, len(bg))
    gap[bg] = rng.integers(1, 8, len(bg))
    p = members(w, bg)
    home = w.lage.bg[p]
    pause(w, p, last[home])
    join(w, p, last[home] + gap[home] + 1)


def _single_exits(w: Welt, s: Schritt) -> None:
    """Grown-up children move out, couples part: the BG stays."""
    rng, f, p = w.rng("auszug"), w.k.fluktuation, w.personen
    quiet = _quiet(w, s)
    u = rng.random(len(p))
    child = quiet & (p.rolle == Rolle.KI) & (p.tag18 <= s.s0) & (u < f.auszug_erwachsenes_kind)
    partner = quiet & (p.rolle == Rolle.PA) & (u < f.trennung_partner)
    goes = np.flatnonzero(child | partner)
    leave(w, s, goes, ints(s.erster - 1, len(goes)))
    w.lage.ausgezogen[goes] = True
    parted = np.flatnonzero(partner)
    head = np.isin(w.lage.bg, w.lage.bg[parted]) & w.aktiv & (p.rolle == Rolle.HP)
    married = head & ((p.familienstand == Familienstand.VH) | (p.familienstand == Familienstand.LP))
    p.familienstand[married] = Familienstand.GETR


# ------------------------------------------------------------------ births, ability, moves


def _births(w: Welt, s: Schritt) -> None:
    rng, p = w.rng("geburt"), w.personen
    age = age_on(p.geburt_key, s.s0)
    mother = _quiet(w, s) & (p.geschlecht == Geschlecht.W) & (p.rolle <= Rolle.PA) & (age >= 18) & (age <= 42)
    youngest = np.zeros(len(w.bgs), dtype=np.int64)
    np.maximum.at(youngest, w.lage.bg[w.aktiv], p.geburt[w.aktiv])
    mother &= (youngest[w.lage.bg] < s.s0 - 300) & (p.grund == KEIN_GRUND)
    mothers = first_per_bg(w, np.flatnonzero(mother & (rng.random(len(p)) < w.k.fluktuation.geburt_frau_18_42)))
    mothers = mothers[np.isin(w.lage.bg[mothers], _quiet_bgs(w, s))]
    geburt = s.s0 + rng.integers(1, s.s1 - s.s0 + 1, len(mothers))
    child = _newborn(w, rng, mothers, geburt)
    join(w, admit(w, child, w.lage.bg[mothers]), geburt)


def _newborn(w: Welt, rng: np.random.Generator, mothers: Ints, geburt: Ints) -> Personen:
    n = len(mothers)
    child = w.personen.take(mothers)
    child.rolle = ints(Rolle.KI, n)
    child.geburt = geburt
    child.geburt_key = calendar_key(geburt)
    child.geschlecht = np.where(rng.random(n) < 0.51, Geschlecht.M, Geschlecht.W).astype(np.int64)
    child.familienstand = ints(Familienstand.LED, n)
    child.schule, child.beruf = ints(-(2**62), n), ints(-(2**62), n)
    child.schwerbehindert = np.zeros(n, dtype=bool)
    child.faehig = rng.random(n) >= w.k.person.nicht_erwerbsfaehig_kind
    child.grund = ints(KEIN_GRUND, n)
    child.tag15, child.tag18, child.tag25 = (birthday(geburt, years) for years in (15, 18, 25))
    child.altersgrenze = age_limit_day(geburt)
    return child


def _lost_ability(w: Welt, s: Schritt) -> None:
    """Partners and grown-up children become unable to work for good."""
    rng, p = w.rng("faehigkeit"), w.personen
    able = _quiet(w, s) & elb(w, s.s1) & (p.rolle != Rolle.HP) & (p.tag18 <= s.s0)
    lost = np.flatnonzero(able & (rng.random(len(p)) < w.k.fluktuation.verlust_erwerbsfaehigkeit))
    p.faehig[lost] = False
    split(w, lost, ints(s.erster, len(lost)))
    _exclude_status(w, lost)


def _moves(w: Welt, s: Schritt) -> None:
    """BGs move to another municipality: a new episode of the BG."""
    rng = w.rng("umzug")
    bg = _quiet_bgs(w, s)
    bg = bg[(w.bg_episoden.von[w.bgs.episode[bg]] <= s.s0) & (rng.random(len(bg)) < w.k.fluktuation.umzug_bg)]
    place = choose(rng, list(gemeinden().gewicht), len(bg))
    changed = place != w.bgs.gemeinde[bg]
    bg, place = bg[changed], place[changed]
    day_ = np.where(rng.random(len(bg)) < 0.7, s.erster, s.s0 + rng.integers(1, s.s1 - s.s0 + 1, len(bg)))
    w.bg_episoden.bis[w.bgs.episode[bg]] = day_ - 1
    w.bgs.gemeinde[bg] = place
    _open_bg_episode(w, bg, day_)


# ------------------------------------------------------------------ entries


def _enter(w: Welt, s: Schritt) -> None:
    """Fill the BGs that are missing: some come back, the rest is new."""
    rng = w.rng("zugang")
    missing = max(round(s.ziel.bg) - int(w.bgs.aktiv.sum()), 0)
    _returns(w, s, rng, missing)
    n = max(round(s.ziel.bg) - int(w.bgs.aktiv.sum()), 0)
    now_elb, now_nef = elb(w, s.s1), nef(w, s.s1)
    origin = w.personen.gruppe
    need = Bedarf(
        elb=s.ziel.elb - now_elb.sum(),
        nef=s.ziel.nef - now_nef.sum(),
        asyl_elb=s.ziel.asyl_elb - (now_elb & (origin == ASYL)).sum(),
        ukraine_elb=s.ziel.ukraine_elb - (now_elb & (origin == UKRAINE)).sum(),
    )
    pool, chosen = _applicants(w, rng, n, need, s.s1, AUSWAHL)
    begin = _entry_days(w, s, rng, len(chosen))
    share = np.array([0.0, 0.0, 0.0])
    share[UEBRIGE], share[ASYL], share[UKRAINE] = w.k.dauer.schnell_im_zugang, 0.6, 0.4
    schnell = rng.random(len(chosen)) < share[pool.gruppe[chosen]]
    s.neu = _settle(w, s, pool, chosen, begin, schnell, backdated=False)


def _entry_days(w: Welt, s: Schritt, rng: np.random.Generator, n: int) -> Ints:
    """Benefits mostly begin with the month of the application, § 37 SGB II."""
    any_day = s.s0 + rng.integers(1, s.s1 - s.s0 + 1, n)
    return np.where(rng.random(n) < w.k.fluktuation.zugang_am_ersten, s.erster, any_day)


def _returns(w: Welt, s: Schritt, rng: np.random.Generator, missing: int) -> None:
    """Former BGs come back under their old number, without those who moved out or are too old by now."""
    p = w.personen
    due = ~w.bgs.aktiv & (w.bgs.rueckkehr != KEINE) & (w.bgs.rueckkehr <= s.index) & (w.bgs.ende < s.s0 - 8)
    fits = ~w.aktiv & ~w.lage.ausgezogen & due[w.lage.bg]
    fits &= (p.rolle != Rolle.KI) | (p.tag25 > s.s1)
    head = np.zeros(len(w.bgs), dtype=bool)
    able = is_elb(p, s.s1) & (p.altersgrenze > s.s1 + 62)
    head[w.lage.bg[fits & (p.rolle == Rolle.HP) & able]] = True
    limit = round(w.k.fluktuation.rueckkehr_anteil * missing)
    bg = pick(rng, np.flatnonzero(due & head), limit)
    begin = np.zeros(len(w.bgs), dtype=np.int64)
    begin[bg] = _entry_days(w, s, rng, len(bg))
    chosen = np.zeros(len(w.bgs), dtype=bool)
    chosen[bg] = True
    back = np.flatnonzero(fits & chosen[w.lage.bg])
    w.bgs.aktiv[bg] = True
    w.bgs.rueckkehr[bg] = KEINE
    closed = bg[w.bgs.schliesst[bg] < begin[bg]]
    w.bg_episoden.bis[w.bgs.episode[closed]] = w.bgs.schliesst[closed]
    w.bgs.schliesst[bg] = OFFEN
    _open_bg_episode(w, closed, begin[closed])
    retired = back[(p.altersgrenze[back] <= s.s1) & (p.grund[back] == KEIN_GRUND)]
    p.grund[retired] = Grund.RENTE
    w.lage.sonderfall[back] = 0
    work.lost_job(w, back, begin[w.lage.bg[back]])
    join(w, back, begin[w.lage.bg[back]])
