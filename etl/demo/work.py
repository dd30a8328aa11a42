"""Work: jobs and integrations, measures, labour-market status, reductions, objections and court actions of a month."""

from __future__ import annotations

import numpy as np

from etl.demo.arrays import KEINE, LEER, OFFEN, Bools, Floats, Ints, age_on, choose, day, ints, pick
from etl.demo.codes import (
    SACHGEBIETE,
    Art,
    Instrument,
    Minderungsgrund,
    Rolle,
    Sonderfall,
    Status,
    Verfahrensart,
)
from etl.demo.kalibrierung import InstrumentMerkmale
from etl.demo.world import (
    Jobs,
    Minderungen,
    Schritt,
    StatusEpisoden,
    Teilnahmen,
    VerfahrenLog,
    Welt,
    close_status,
    elb,
    first_per_bg,
)
from etl.monat import Monat

MONTH = 30.44
# Instruments that pay for a job; the job carries them as "foerderung".
GEFOERDERTE_STELLE = (Instrument.P16e, Instrument.P16i, Instrument.STA)
# Who is in one of the others is not unemployed meanwhile, § 16(2) SGB III.
LEISTUNGSBEGINN, MASSNAHMEENDE, BESCHAEFTIGUNGSENDE, STATUSWECHSEL = range(4)
LEISTUNGSENDE, MASSNAHMEBEGINN, BESCHAEFTIGUNGSBEGINN, STATUSWECHSEL_AB = range(4)


def found(w: Welt, s: Schritt) -> None:
    """Give the founding stock its jobs, measures and status."""
    _found_jobs(w, s, np.flatnonzero(elb(w, s.s1)))
    _start_measures(w, s, np.flatnonzero(elb(w, s.s1)), founding=True)
    _steer_status(w, s)


def live(w: Welt, s: Schritt) -> None:
    """Let a month of work happen to those who are or were in the job centre."""
    _end_jobs(w, s)
    _end_measures(w, s)
    _integrations(w, s)
    _marginal_jobs(w, s)
    came = s.neu[elb(w, s.s1)[s.neu]]
    _found_jobs(w, s, came)
    _start_measures(w, s, np.flatnonzero(elb(w, s.s1) & (w.lage.seit <= s.s0)), founding=False)
    _one_off_support(w, s)
    _steer_status(w, s)
    _reductions(w, s)
    _proceedings(w, s)


# ------------------------------------------------------------------ jobs


def _recorded(w: Welt, rng: np.random.Generator, happened: Ints, mean: float) -> Ints:
    """Return the day on which something was entered: ``mean`` days late, sometimes very late."""
    a, n = w.k.arbeit, len(happened)
    lag = rng.exponential(mean, n)
    lag += (rng.random(n) < a.erfassung_spaet_anteil) * rng.exponential(a.erfassung_spaet_mittel, n)
    return happened + np.floor(lag).astype(np.int64)


def _wages(w: Welt, rng: np.random.Generator, art: Ints) -> Ints:
    e = w.k.einkommen
    table = np.array([e.lohn_svp, e.lohn_ausb, e.lohn_selb, e.lohn_gering])
    mean, spread = table[art, 0], table[art, 1]
    result: Ints = np.round(100 * np.clip(rng.normal(mean, spread), 80, None)).astype(np.int64)
    return result


def _start_jobs(w: Welt, p: Ints, art: Ints, beginn: Ints, foerderung: Ints, known: Ints | None = None) -> Ints:
    """Persons take up jobs; ``known`` = from when the job centre could know (default: the begin)."""
    rng = w.rng("arbeit")
    seen = beginn if known is None else known
    rows = w.jobs.extend(
        Jobs(
            person=p,
            art=art,
            beginn=beginn,
            ende=ints(OFFEN, len(p)),
            foerderung=foerderung,
            erfasst=_recorded(w, rng, seen, w.k.arbeit.erfassung_mittel),
            lohn=_wages(w, rng, art),
        )
    )
    w.lage.job[p] = rows
    return rows


def lost_job(w: Welt, p: Ints, on: Ints) -> None:
    """Who comes back has lost the job that ended the receipt."""
    has = w.lage.job[p] != KEINE
    _close_jobs(w, p[has], on[has] - 1)


def _close_jobs(w: Welt, p: Ints, last: Ints) -> None:
    rows = w.lage.job[p]
    last = np.maximum(last, w.jobs.beginn[rows])
    w.jobs.ende[rows] = last
    w.lage.job[p] = KEINE
    w.lage.frei_seit[p] = np.maximum(w.lage.frei_seit[p], last)


def _found_jobs(w: Welt, s: Schritt, p: Ints) -> None:
    """Some of those who need benefits work already: their jobs began before."""
    rng, a = w.rng("arbeit"), w.k.arbeit
    adult = age_on(w.personen.geburt_key[p], s.s1) >= 18
    p = p[adult & (rng.random(len(p)) < a.erwerbstaetig) & (w.lage.job[p] == KEINE)]
    entry = w.lage.seit[p]
    grown_since = w.personen.tag18[p]
    beginn = np.maximum(entry - rng.integers(20, 900, len(p)), np.minimum(grown_since, entry))
    beginn = np.maximum(beginn, np.minimum(w.lage.frei_seit[p] + 1, s.s1))
    art = choose(rng, a.erwerbstaetig_art, len(p))
    _start_jobs(w, p, art, beginn, ints(KEINE, len(p)), known=np.maximum(entry, beginn))


def _end_jobs(w: Welt, s: Schritt) -> None:
    """Jobs end; more of them while more ELB work than the calibration says."""
    rng, a = w.rng("arbeit"), w.k.arbeit
    has = np.flatnonzero(w.aktiv & (w.lage.job != KEINE))
    rows = w.lage.job[has]
    free = w.jobs.foerderung[rows] == KEINE
    working = elb(w, s.s0)[has].sum()
    excess = float(np.clip(working / max(a.erwerbstaetig * s.ziel.elb, 1) - 1, 0, 0.25))
    ends = free & (w.jobs.beginn[rows] <= s.s0 - 20) & (rng.random(len(has)) < a.ende_monat + excess)
    month_end = rng.random(int(ends.sum())) < 0.7
    last = np.where(month_end, s.erster - 1, s.s0 + rng.integers(1, s.s1 - s.s0, int(ends.sum())))
    _close_jobs(w, has[ends], last)


def _integrations(w: Welt, s: Schritt) -> None:
    """ELB of the last counting day start work: some leave with it, some stay in receipt."""
    rng, a = w.rng("integration"), w.k.arbeit
    was_elb = s.ziel.elb
    total = a.integration_rate[s.monat.monat - 1] * was_elb * (1 + 0.06 * rng.standard_normal())
    p = w.personen
    age = age_on(p.geburt_key, s.s1)
    able = p.faehig & (p.grund == -1) & (age >= 17) & (age < 64) & (w.lage.job == KEINE)
    left = able[s.gegangen] & (w.lage.sonderfall[s.gegangen] == Sonderfall.KEINER)
    gone, gone_on = s.gegangen[left], s.gegangen_am[left]
    chosen = pick(rng, np.arange(len(gone)), round(total * a.beendet_bezug))
    one = np.unique(w.lage.bg[gone[chosen]], return_index=True)[1]
    chosen = chosen[np.sort(one)]
    _take_up(w, s, gone[chosen], gone_on[chosen] + 1, gone_on[chosen] + 1)
    stayers = elb(w, s.s1) & able & (w.lage.seit <= s.s0) & ~_in_funded_job(w)
    staying = pick(rng, np.flatnonzero(stayers), round(total) - len(chosen))
    any_day = s.s0 + rng.integers(1, s.s1 - s.s0 + 1, len(staying))
    beginn = np.where(rng.random(len(staying)) < 0.5, s.erster, any_day)
    _take_up(w, s, staying, beginn, ints(s.s0 + 1, len(staying)))


def _in_funded_job(w: Welt) -> Bools:
    row = w.lage.job
    mask: Bools = (row != KEINE) & (w.jobs.foerderung[row] != KEINE) if len(w.jobs) else row != KEINE
    return mask


def _take_up(w: Welt, s: Schritt, p: Ints, beginn: Ints, earliest: Ints) -> None:
    """Start jobs of the first labour market, a few of them with support; a running measure ends the day before.

    Training begins on the first of September, or on the day ``earliest`` when that is later.
    """
    rng, a, m = w.rng("integration"), w.k.arbeit, w.k.massnahmen
    september = s.monat.monat == 9
    art = choose(rng, a.art_september if september else a.art, len(p))
    age = age_on(w.personen.geburt_key[p], s.s1)
    art = np.where((art == Art.AUSB) & (age > 34), Art.SVP, art)
    art = np.where((art == Art.SELB) & (age < 21), Art.SVP, art)
    beginn = np.where((art == Art.AUSB) & september, np.maximum(s.erster, earliest), beginn)
    # § 16b and §§ 88-90 support a part of the new jobs.
    u = rng.random(len(p))
    cheque = (u < m.einstiegsgeld_anteil) & (art != Art.AUSB)
    subsidy = (u > 1 - m.eingliederungszuschuss_anteil) & (art == Art.SVP)
    foerderung = np.select([cheque, subsidy], [int(Instrument.P16b), int(Instrument.P16_88)], KEINE)
    in_measure = w.lage.massnahme[p] != KEINE
    _stop_measures(w, p[in_measure], beginn[in_measure] - 1)
    rows = _start_jobs(w, p, art, beginn, foerderung.astype(np.int64))
    helped = rows[foerderung != KEINE]
    _log_participation(
        w,
        w.jobs.person[helped],
        w.jobs.foerderung[helped],
        w.jobs.beginn[helped],
        w.jobs.beginn[helped] + 182,
        np.round(rng.normal(38000, 8000, len(helped))),
        counts=False,
    )


def _marginal_jobs(w: Welt, s: Schritt) -> None:
    rng = w.rng("arbeit")
    age = age_on(w.personen.geburt_key, s.s1)
    free = elb(w, s.s1) & (w.lage.job == KEINE) & (w.lage.seit <= s.s0) & (age >= 16) & (age < 66)
    p = pick(rng, np.flatnonzero(free), round(w.k.arbeit.geringfuegig_beginn * s.ziel.elb))
    beginn = s.s0 + rng.integers(1, s.s1 - s.s0 + 1, len(p))
    _start_jobs(w, p, ints(Art.GERING, len(p)), beginn, ints(KEINE, len(p)))


# ------------------------------------------------------------------ measures


def _log_participation(
    w: Welt, p: Ints, instrument: Ints, eintritt: Ints, austritt: Ints, kosten: Floats, *, counts: bool
) -> Ints:
    return w.teilnahmen.extend(
        Teilnahmen(
            person=p,
            instrument=instrument,
            eintritt=eintritt,
            austritt=austritt,
            kosten=np.maximum(kosten, 1000).astype(np.int64),
            erfasst=_recorded(w, w.rng("massnahme"), eintritt, w.k.massnahmen.erfassung_mittel),
            bestand=np.full(len(p), counts),
        )
    )


def _stop_measures(w: Welt, p: Ints, last: Ints) -> None:
    rows = w.lage.massnahme[p]
    last = np.maximum(last, w.teilnahmen.eintritt[rows])
    w.teilnahmen.austritt[rows] = np.minimum(w.teilnahmen.austritt[rows], last)
    w.lage.massnahme[p] = KEINE
    w.lage.frei_seit[p] = np.maximum(w.lage.frei_seit[p], last)


def _end_measures(w: Welt, s: Schritt) -> None:
    """Measures end as planned; a job that was paid by one ends with it."""
    in_measure = np.flatnonzero(w.aktiv & (w.lage.massnahme != KEINE))
    last = w.teilnahmen.austritt[w.lage.massnahme[in_measure]]
    over = last < s.s1
    p, last = in_measure[over], last[over]
    _stop_measures(w, p, last)
    paid = (w.lage.job[p] != KEINE) & _in_funded_job(w)[p]
    paid &= np.isin(w.jobs.foerderung[w.lage.job[p]], GEFOERDERTE_STELLE)
    _close_jobs(w, p[paid], last[paid])


def _instruments(w: Welt, s: Schritt) -> tuple[Ints, list[InstrumentMerkmale]]:
    """Return the instruments that can be entered in this month."""
    month = str(s.monat)
    valid = [(name, i) for name, i in w.k.massnahmen.instrumente.items() if i.von <= month <= i.bis]
    return np.array([Instrument[name] for name, _ in valid]), [i for _, i in valid]


def _start_measures(w: Welt, s: Schritt, candidates: Ints, *, founding: bool) -> None:
    """Fill the participants up to the activation rate of the month."""
    rng = w.rng("massnahme")
    rate = w.k.massnahmen.aktivierung[s.monat.monat - 1]
    running = int((w.aktiv & (w.lage.massnahme != KEINE)).sum())
    age = age_on(w.personen.geburt_key[candidates], s.s1)
    free = (w.lage.massnahme[candidates] == KEINE) & (age >= 18) & (age < 64) & ~_works(w, s.s1)[candidates]
    free &= (w.lage.frei_seit[candidates] < s.s0) & ((w.lage.naehe[candidates] > 0.15) | founding)
    wanted = round(rate * (s.ziel.arbeitslos + s.ziel.arbeitsuchend)) - running
    p = pick(rng, candidates[free], wanted)
    codes, traits = _instruments(w, s)
    kind = choose(rng, [t.gewicht * (t.dauer if founding else 1.0) for t in traits], len(p))
    months = np.array([t.dauer for t in traits])[kind] * rng.gamma(4.0, 0.25, len(p))
    length = np.maximum(np.floor(months * MONTH), 10).astype(np.int64)
    eintritt = _entry_days(w, s, rng, length, p, founding=founding)
    eintritt = np.maximum(eintritt, np.array([day(Monat.parse(t.von)) for t in traits])[kind])
    kosten = np.array([t.kosten for t in traits])[kind] * months * rng.normal(1.0, 0.15, len(p)) * 100
    w.lage.massnahme[p] = _log_participation(
        w, p, codes[kind], eintritt, eintritt + length, np.round(kosten), counts=True
    )
    paid = np.isin(codes[kind], GEFOERDERTE_STELLE)
    marginal = p[paid & (w.lage.job[p] != KEINE)]
    _close_jobs(w, marginal, w.teilnahmen.eintritt[w.lage.massnahme[marginal]] - 1)
    _start_jobs(w, p[paid], ints(Art.SVP, int(paid.sum())), eintritt[paid], codes[kind][paid])


def _entry_days(w: Welt, s: Schritt, rng: np.random.Generator, length: Ints, p: Ints, *, founding: bool) -> Ints:
    """Measures start on Mondays; those of the founding stock somewhere in their course."""
    if founding:
        back = np.floor(length * rng.random(len(p))).astype(np.int64)
        return np.maximum(s.s1 - back, np.maximum(w.lage.seit[p], w.personen.tag15[p]))
    any_day = s.s0 + rng.integers(1, s.s1 - s.s0 + 1, len(p))
    monday = any_day - (any_day + 3) % 7
    return np.where(monday > s.s0, monday, any_day)


def _one_off_support(w: Welt, s: Schritt) -> None:
    """Placement budget: paid once, no stock."""
    rng = w.rng("massnahme")
    free = elb(w, s.s1) & (w.lage.seit <= s.s0) & (age_on(w.personen.geburt_key, s.s1) >= 17)
    p = pick(rng, np.flatnonzero(free), round(w.k.massnahmen.vermittlungsbudget_monat * s.ziel.elb))
    on = s.s0 + rng.integers(1, s.s1 - s.s0 + 1, len(p))
    _log_participation(w, p, ints(Instrument.P16_44, len(p)), on, on, rng.gamma(2.0, 9000, len(p)), counts=False)


# ------------------------------------------------------------------ labour-market status


def _works(w: Welt, on: int) -> Bools:
    """Who has work of 15 hours or more and so is not unemployed."""
    if not len(w.jobs):
        return np.zeros(len(w.lage), dtype=bool)
    row = w.lage.job
    mask: Bools = (row != KEINE) & (w.jobs.art[row] != Art.GERING) & (w.jobs.beginn[row] <= on)
    return mask


def _steer_status(w: Welt, s: Schritt) -> None:
    """Decide who is unemployed, job-seeking or neither on the counting day, and log what changed.

    Measures, work and school decide for some. The others are ordered by their closeness to the labour market, which
    drifts slowly; the published numbers of unemployed and job-seeking draw the two lines.
    """
    rng, p = w.rng("status"), w.personen
    w.lage.naehe = np.clip(w.lage.naehe + rng.normal(0, 0.035, len(p)), 0, 1)
    needs = w.aktiv & p.faehig & (p.grund == -1) & (p.tag15 <= s.s1) & (p.altersgrenze > s.s1)
    counted = elb(w, s.s1)
    pupil = (p.rolle == Rolle.KI) & (age_on(p.geburt_key, s.s1) < 20) & w.lage.in_schule
    in_measure, works = w.lage.massnahme != KEINE, _works(w, s.s1)
    wanted = ints(Status.NAS, len(p))
    # Who came back during a measure that ended meanwhile was not unemployed from the first day.
    ended_inside = (w.lage.status == KEINE) & (w.lage.frei_seit >= w.lage.seit)
    forced_asu = needs & (in_measure | ended_inside | (works & w.lage.sucht))
    wanted[forced_asu] = Status.ASU
    free = np.flatnonzero(needs & counted & ~in_measure & ~ended_inside & ~works & ~pupil)
    ranked = free[np.argsort(-w.lage.naehe[free], kind="stable")]
    alo = round(s.ziel.arbeitslos)
    asu = max(round(s.ziel.arbeitsuchend) - int((forced_asu & counted).sum()), 0)
    wanted[ranked[:alo]] = Status.ALO
    wanted[ranked[alo : alo + asu]] = Status.ASU
    _log_status(w, s, needs, wanted)


def _log_status(w: Welt, s: Schritt, needs: Bools, wanted: Ints) -> None:
    rng, lage = w.rng("status"), w.lage
    has = lage.status != KEINE
    new = np.flatnonzero(needs & ~has)
    _open_status(w, new, np.maximum(lage.seit[new], w.personen.tag15[new]), wanted[new], LEISTUNGSBEGINN)
    old = np.flatnonzero(needs & has)
    row = lage.status[old]
    changed = w.status.status[row] != wanted[old]
    old, row = old[changed], row[changed]
    on, reason_out, reason_in = _change_days(w, s, rng, old, wanted[old])
    # A person has one change of status a month, always after the day the running episode began.
    late = on > w.status.von[row]
    direct = row[~late]
    w.status.status[direct] = wanted[old[~late]]

    close_status(w, old[late], on[late] - 1, abgang=reason_out[late])
    _open_status(w, old[late], on[late], wanted[old[late]], reason_in[late])


def _change_days(w: Welt, s: Schritt, rng: np.random.Generator, p: Ints, wanted: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the day of each change and its reasons: a measure or job that began or ended, else some day."""
    lage = w.lage
    on = s.s0 + rng.integers(1, s.s1 - s.s0 + 1, len(p))
    out, into = ints(STATUSWECHSEL_AB, len(p)), ints(STATUSWECHSEL, len(p))
    measure = lage.massnahme[p]
    entered = np.where(measure != KEINE, _at(w.teilnahmen.eintritt, measure), OFFEN)
    job = lage.job[p]
    started = np.where((job != KEINE) & _works(w, s.s1)[p], _at(w.jobs.beginn, job), OFFEN)
    begun = np.minimum(entered, started)
    in_month = (begun > s.s0) & (begun <= s.s1)
    on = np.where(in_month, begun, on)
    out = np.where(in_month, np.where(started <= entered, BESCHAEFTIGUNGSBEGINN, MASSNAHMEBEGINN), out)
    freed = lage.frei_seit[p]
    ended = (freed > s.s0) & (freed < s.s1) & ~in_month
    on = np.where(ended, np.maximum(on, freed + 1), on)
    into = np.where(ended, MASSNAHMEENDE, into)
    return on, out, into


def _at(column: Ints, rows: Ints) -> Ints:
    """Look rows up; KEINE gives some value that the caller masks."""
    return column[rows] if len(column) else ints(0, len(rows))


def _open_status(w: Welt, p: Ints, von: Ints, status: Ints, zugang: int | Ints) -> None:
    w.lage.status[p] = w.status.extend(
        StatusEpisoden(
            person=p,
            von=von,
            bis=ints(OFFEN, len(p)),
            status=status,
            zugang=ints(zugang, len(p)) if isinstance(zugang, int) else zugang,
            abgang=ints(LEER, len(p)),
        )
    )


# ------------------------------------------------------------------ reductions, proceedings


def _reductions(w: Welt, s: Schritt) -> None:
    """Decide reductions that take effect with the next month; money.py applies and, if need be, drops them."""
    m, rng = w.k.minderungen, w.rng("minderung")
    if m.pause_von <= str(s.monat.shift(1)) <= m.pause_bis:
        return
    age = age_on(w.personen.geburt_key, s.s1)
    able = elb(w, s.s1) & (age >= 18) & (w.lage.job == KEINE)
    p = first_per_bg(w, pick(rng, np.flatnonzero(able), round(m.quote_monat * s.ziel.elb)))
    u = rng.random(len(p))
    grund = np.select(
        [u < m.anteil_melde, u < m.anteil_melde + m.anteil_pflicht],
        [int(Minderungsgrund.MELDE), int(Minderungsgrund.PFLICHT)],
        int(Minderungsgrund.ARBEIT),
    )
    level = np.where(grund == Minderungsgrund.MELDE, 1, 1 + choose(rng, m.stufen_pflicht, len(p)))
    w.minderungen.extend(Minderungen(p, grund.astype(np.int64), 10 * level, ints(s.index + 1, len(p)), level))


def _proceedings(w: Welt, s: Schritt) -> None:
    v, rng = w.k.verfahren, w.rng("verfahren")
    parts = (
        (Verfahrensart.W, v.widerspruch_je_bg_monat, v.dauer_widerspruch_tage),
        (Verfahrensart.K, v.klage_je_bg_monat, v.dauer_klage_tage),
    )
    for art, rate, mean in parts:
        n = int(rng.poisson(rate * s.ziel.bg))
        eingang = s.s0 + rng.integers(1, s.s1 - s.s0 + 1, n)
        outcome = choose(rng, [v.stattgabe * 0.6, v.stattgabe * 0.4, 0.92 - v.stattgabe, 0.08], n)
        w.verfahren.extend(
            VerfahrenLog(
                art=ints(art, n),
                sachgebiet=rng.integers(0, len(SACHGEBIETE), n),
                eingang=np.sort(eingang),
                erledigung=np.sort(eingang) + np.floor(rng.gamma(2.0, mean / 2, n)).astype(np.int64) + 3,
                erledigungsart=outcome,
            )
        )
