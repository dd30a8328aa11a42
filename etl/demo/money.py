"""The money of every person and calendar month: need, income, entitlement, reduction, payment. All amounts are cents.

The rule, in the order of the law (§§ 9, 19, 20-22, 31a SGB II):
1. Need = Regelbedarf of the stage (with Mehrbedarf) + the person's share per head of recognised housing costs.
   In a part of a month every day counts one thirtieth (§ 41), also for income.
2. A child's own income (Kindergeld, maintenance, wages) covers the child's own need and nothing else.
3. The wages of the adults after allowances (§ 11b) cover the remaining needs of all members in proportion to them.
   Shares are rounded down; the cents left over go one each to the first members in the order of their keys.
4. Income covers Regelbedarf and Mehrbedarf first, then housing. What is left is the entitlement per kind.
5. A reduction cuts the Regelbedarf that is left, never housing. Payment = entitlement - reduction.
So in every BG and month: sum of needs - sum of counted income = sum of entitlements, to the cent.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from etl.demo.arrays import (
    KEINE,
    LEER,
    Bools,
    Floats,
    Ints,
    Saeulen,
    age_on,
    concat,
    day,
    empty,
    ints,
    last_day,
    share_cents,
    stream,
)
from etl.demo.codes import (
    ERWERBSEINKOMMEN,
    KEIN_GRUND,
    KINDERGELD,
    UNTERHALT,
    Leistungsart,
    Rolle,
    Sonderfall,
)
from etl.demo.kalibrierung import Rechtsstand, law
from etl.demo.world import Minderungen, Welt
from etl.monat import Monat

# Who has less than one euro left would drop out by rounding; own income stops before.
MINDESTREST = 100


@dataclass
class Leistungen(Saeulen):
    """Rows of ``leistung``."""

    person: Ints
    bg: Ints
    monat: Ints
    art: Ints
    bedarf: Ints
    anspruch: Ints
    minderung: Ints


@dataclass
class Einkommen(Saeulen):
    """Rows of ``einkommen``."""

    person: Ints
    monat: Ints
    art: Ints
    verfuegbar: Ints
    angerechnet: Ints


@dataclass
class Unterkuenfte(Saeulen):
    """Rows of ``unterkunft``; ``flaeche`` in hundredths of a square metre."""

    bg: Ints
    monat: Ints
    kosten: Ints
    kosten_anerkannt: Ints
    heizkosten: Ints
    heizkosten_anerkannt: Ints
    flaeche: Ints
    personen: Ints


@dataclass
class WirksameMinderungen(Saeulen):
    """Rows of ``leistungsminderung``: reductions that cut something."""

    person: Ints
    bg: Ints
    grund: Ints
    betrag: Ints
    beginn: Ints
    ende: Ints


@dataclass
class Geld:
    """Everything money.py produces, one chunk per month."""

    leistung: list[Leistungen] = field(default_factory=list)
    einkommen: list[Einkommen] = field(default_factory=list)
    unterkunft: list[Unterkuenfte] = field(default_factory=list)
    minderung: list[WirksameMinderungen] = field(default_factory=list)


@dataclass
class Zeilen:
    """The members of all BGs in one calendar month, ordered by BG and person; ``h`` = position of the BG."""

    person: Ints
    h: Ints
    bg: Ints
    tage: Ints
    rolle: Ints
    faehig: Bools
    sonderfall: Ints
    alter: Ints
    zuletzt: Bools
    gezahlt: Bools

    @property
    def bgs(self) -> int:
        """Number of BGs."""
        return int(self.h[-1]) + 1 if len(self.h) else 0

    def per_bg(self, mask: Bools | Ints) -> Ints:
        """Sum something over the members of each BG."""
        return np.bincount(self.h, weights=mask, minlength=self.bgs).astype(np.int64)

    def part(self, amount: Ints) -> Ints:
        """Prorate a monthly amount by thirtieths, half cents up."""
        return (amount * self.tage + 15) // 30


def settle(w: Welt, months: list[Monat]) -> Geld:
    """Work out the money of the months; ``months[i]`` is the i-th month lived."""
    geld, running = Geld(), empty(Minderungen)
    rng = stream(w.seed, w.block, "geld")
    order = np.argsort(w.minderungen.monat, kind="stable")
    decided = w.minderungen.take(order)
    for index, monat in enumerate(months):
        z = _rows(w, index, monat)
        recht = law(monat)
        unterkunft = _housing(w, z, monat)
        geld.unterkunft.append(unterkunft)
        rbs, extra = _standard_need(w, z, recht), _extra_need(z, recht)
        kdu = _housing_need(z, unterkunft)
        own, shared = _income(w, z, monat, recht, rbs, extra, kdu, geld)
        running.extend(decided.take(decided.monat == index))
        rows = _entitlements(z, day(monat), rbs, extra, kdu, own + shared)
        _reduce(w, monat, rows, running, geld)
        geld.leistung += [rows, _other_benefits(w, rng, z, monat, recht)]
        running = running.take(running.monat + running.monate - 1 > index)
    return geld


# ------------------------------------------------------------------ who is there


def _rows(w: Welt, index: int, monat: Monat) -> Zeilen:
    """One row per person and BG with days of receipt in the month, attributes of its last membership."""
    log, first, last = w.mitglieder, day(monat), last_day(monat)
    there = np.flatnonzero((log.von <= last) & (log.bezug_bis >= first))
    order = np.lexsort((log.von[there], log.person[there], log.bg[there]))
    e = there[order]
    days = np.minimum(log.bezug_bis[e], last) - np.maximum(log.von[e], first) + 1
    key = np.flatnonzero(np.diff(log.bg[e] * (1 << 32) + log.person[e], prepend=KEINE))
    final = np.append(key[1:], len(e)) - 1
    # Days under an exclusion are days without benefits.
    paid_days = np.add.reduceat(np.where(log.grund[e] == KEIN_GRUND, days, 0), key)
    full = paid_days >= last - first + 1
    person, bg = log.person[e[final]], log.bg[e[final]]
    latest = np.zeros(len(w.personen), dtype=np.int64)
    np.maximum.at(latest, person, log.von[e[final]])
    special = w.sonderfall_je_monat[index]
    known = person < len(special)
    return Zeilen(
        person=person,
        h=np.cumsum(np.diff(bg, prepend=KEINE) != 0) - 1,
        bg=bg,
        tage=np.where(full, 30, np.minimum(paid_days, 30)),
        rolle=log.rolle[e[final]],
        faehig=log.faehig[e[final]],
        sonderfall=np.where(known, special[np.where(known, person, 0)], 0),
        alter=age_on(w.personen.geburt_key[person], first + 14),
        zuletzt=log.von[e[final]] == latest[person],
        gezahlt=paid_days > 0,
    )


# ------------------------------------------------------------------ need


def _standard_need(w: Welt, z: Zeilen, recht: Rechtsstand) -> Ints:
    """Regelbedarf of the stage: 1 alone, 2 partners, 3 grown-up children, 4-6 children by age."""
    couple = z.per_bg(z.rolle == Rolle.PA)[z.h] > 0
    child = z.rolle == Rolle.KI
    stage = np.select(
        [
            child & (z.alter < 6),
            child & (z.alter < 14),
            child & (z.alter < 18),
            child | (z.rolle == Rolle.SO),
            couple & (z.rolle <= Rolle.PA),
        ],
        [5, 4, 3, 2, 1],
        0,
    )
    return np.where(_standard(z), z.part(np.array(recht.rbs)[stage]), 0)


def _standard(z: Zeilen) -> Bools:
    """Rows with a need of Regelbedarf and housing: not the excluded, not those with other benefits only."""
    mask: Bools = z.gezahlt & ((z.sonderfall == Sonderfall.KEINER) | (z.sonderfall == Sonderfall.KOL))
    return mask


def _extra_need(z: Zeilen, recht: Rechtsstand) -> Ints:
    """Mehrbedarf of lone parents, § 21(3): by number and age of the children."""
    child = (z.rolle == Rolle.KI) & (z.alter < 18)
    n, under7, under16 = (z.per_bg(child & (z.alter < limit)) for limit in (18, 7, 16))
    alone = (z.per_bg(z.rolle == Rolle.PA) == 0) & (n > 0)
    small = ((n == 1) & (under7 == 1)) | (under16 == 2) | (under16 == 3)
    share = np.maximum(np.where(small, recht.mehrbedarf_kleine_kinder, 0.0), n * recht.mehrbedarf_je_kind)
    amount = np.round(recht.rbs[0] * np.minimum(share, recht.mehrbedarf_hoechstens)).astype(np.int64)
    head = (z.rolle == Rolle.HP) & _standard(z) & alone[z.h]
    return np.where(head, z.part(amount[z.h]), 0)


def _housing(w: Welt, z: Zeilen, monat: Monat) -> Unterkuenfte:
    """Rent and heating of the dwelling by the number of people in it, recognised and actual."""
    u = w.k.unterkunft
    bg = z.bg[np.flatnonzero(np.diff(z.h, prepend=KEINE))]
    heads = z.per_bg(np.ones(len(z.h), dtype=bool)) + w.bgs.weitere[bg]
    size = np.minimum(heads, len(u.bruttokaltmiete)) - 1
    level = (1 + u.steigerung_jahr) ** (monat.jahr - u.bezugsjahr)
    rent = _cents(np.array(u.bruttokaltmiete)[size] * w.bgs.miete[bg] * level)
    heat = _cents(np.array(u.heizkosten)[size] * (0.5 + 0.5 * w.bgs.miete[bg]) * level)
    area = _cents(np.array(u.wohnflaeche)[size] * (0.6 + 0.4 * w.bgs.miete[bg]))
    return Unterkuenfte(
        bg=bg,
        monat=ints(day(monat), len(bg)),
        kosten=rent + _cents(rent / 100 * w.bgs.ueber[bg]),
        kosten_anerkannt=rent,
        heizkosten=heat + _cents(heat / 100 * w.bgs.ueber[bg] / 4),
        heizkosten_anerkannt=heat,
        flaeche=np.where(w.bgs.flaeche[bg], area, LEER),
        personen=heads,
    )


def _cents(euro: Floats) -> Ints:
    return np.round(100 * euro).astype(np.int64)


def _housing_need(z: Zeilen, u: Unterkuenfte) -> Ints:
    """Share per head: the recognised costs over everybody in the dwelling, cents left over to the first members."""
    total, heads = (u.kosten_anerkannt + u.heizkosten_anerkannt)[z.h], u.personen[z.h]
    rank = np.arange(len(z.h)) - np.searchsorted(z.h, z.h)
    share = total // heads + (rank < total % heads)
    return np.where(_standard(z), z.part(share), 0)


# ------------------------------------------------------------------ income


def _income(
    w: Welt, z: Zeilen, monat: Monat, recht: Rechtsstand, rbs: Ints, extra: Ints, kdu: Ints, geld: Geld
) -> tuple[Ints, Ints]:
    """Return a person's own income and its share of the adults' income; both are logged in ``einkommen``."""
    need = rbs + extra + kdu
    counts = _standard(z) & z.zuletzt
    wage = np.where(counts, z.part(_wages(w, z, monat, recht)), 0)
    wage = np.where(wage >= 1000, wage, 0)  # less than 10 euros is not recorded
    chargeable = _chargeable(wage)
    child = counts & (z.rolle == Rolle.KI)
    own = _own_income(w, z, monat, recht, need, np.where(child, chargeable, 0), wage, child, geld)
    adults = np.where(child, 0, chargeable)
    rest = need - own
    room = np.floor(z.per_bg(rest) * w.k.einkommen.hoechstens_gedeckt).astype(np.int64)
    earned = z.per_bg(adults)
    used = np.minimum(earned, room)
    charged = share_cents(used, z.h, adults)
    _log_income(geld, z, monat, ERWERBSEINKOMMEN, _net(wage), charged, (wage > 0) & ~child)
    return own, share_cents(used, z.h, rest)


def _wages(w: Welt, z: Zeilen, monat: Monat, recht: Rechtsstand) -> Ints:
    """Gross wages of the jobs that cover the counting day, at the wage level of the year."""
    middle = day(monat, 15)
    running = (w.jobs.beginn <= middle) & (w.jobs.ende >= middle)
    total = np.bincount(w.jobs.person[running], weights=w.jobs.lohn[running], minlength=len(w.personen))
    return _cents(total[z.person] / 100 * recht.rbs[0] / 56300)


def _net(gross: Ints) -> Ints:
    """Take-home pay: simplified to 80 % above the marginal-job limit (our assumption)."""
    return np.where(gross > 52000, gross * 4 // 5, gross)


def _chargeable(gross: Ints) -> Ints:
    """Wages after the allowances of § 11b in the simple form: 100 euros, 20 % up to 1,000, 10 % up to 1,200."""
    allowance = (
        np.minimum(gross, 10000) + np.clip(gross - 10000, 0, 90000) // 5 + np.clip(gross - 100000, 0, 20000) // 10
    )
    return np.maximum(_net(gross) - allowance, 0)


def _own_income(
    w: Welt,
    z: Zeilen,
    monat: Monat,
    recht: Rechtsstand,
    need: Ints,
    wage_used: Ints,
    wage: Ints,
    child: Bools,
    geld: Geld,
) -> Ints:
    """Income of children: Kindergeld, then maintenance, then wages, up to the child's own need."""
    school = (z.alter < 18) | ((z.alter < 25) & w.lage.in_schule[z.person])
    kol = child & (z.sonderfall == Sonderfall.KOL)
    room = np.where(child, np.where(kol, need, need - MINDESTREST), 0)
    benefit = np.where(child & school, z.part(np.full(len(need), recht.kindergeld)), 0)
    benefit_used = np.minimum(benefit, room)
    room = room - benefit_used
    paid = _maintenance(w, z, recht, child & (z.alter < 18) & ~kol)
    # What covers the need of a KOL child is booked as maintenance, with a little more available than is needed.
    paid = np.where(kol, (room * 23 + 19) // 20, paid)
    paid_used = np.minimum(paid, room)
    room = room - paid_used
    work_used = np.minimum(wage_used, room)
    _log_income(geld, z, monat, KINDERGELD, benefit, benefit_used, benefit > 0)
    _log_income(geld, z, monat, UNTERHALT, paid, paid_used, paid > 0)
    _log_income(geld, z, monat, ERWERBSEINKOMMEN, _net(wage), work_used, (wage > 0) & child)
    return benefit_used + paid_used + work_used


def _maintenance(w: Welt, z: Zeilen, recht: Rechtsstand, child: Bools) -> Ints:
    """Maintenance of children whose parents live apart, a share of the child's Regelbedarf."""
    e = w.k.einkommen
    alone = z.per_bg(z.rolle == Rolle.PA)[z.h] == 0
    trait = w.lage.unterhalt[z.person]
    share = e.unterhalt_von + (e.unterhalt_bis - e.unterhalt_von) * trait / e.unterhalt_anteil
    stage = np.select([z.alter < 6, z.alter < 14], [5, 4], 3)
    amount = z.part(_cents(np.array(recht.rbs)[stage] / 100 * share))
    return np.where(child & alone & (trait < e.unterhalt_anteil), amount, 0)


def _log_income(geld: Geld, z: Zeilen, monat: Monat, art: int, available: Ints, used: Ints, rows: Bools) -> None:
    r = np.flatnonzero(rows)
    month = ints(day(monat), len(r))
    geld.einkommen.append(Einkommen(z.person[r], month, ints(art, len(r)), available[r], used[r]))


# ------------------------------------------------------------------ entitlement


def _entitlements(z: Zeilen, month: int, rbs: Ints, extra: Ints, kdu: Ints, income: Ints) -> Leistungen:
    """Income covers Regelbedarf, then Mehrbedarf, then housing."""
    rest = income
    parts = []
    able = z.faehig & (z.alter >= 15)
    kinds = (
        (np.where(able, Leistungsart.RB20, Leistungsart.SOZ23), rbs),
        (ints(Leistungsart.MB21, len(rbs)), extra),
        (ints(Leistungsart.KDU22_1, len(rbs)), kdu),
    )
    for art, need in kinds:
        covered = np.minimum(rest, need)
        rest = rest - covered
        r = np.flatnonzero(need > 0)
        parts.append(
            Leistungen(
                z.person[r],
                z.bg[r],
                ints(month, len(r)),
                art[r].astype(np.int64),
                need[r],
                (need - covered)[r],
                ints(0, len(r)),
            )
        )
    return concat(Leistungen, parts)


def _reduce(w: Welt, monat: Monat, rows: Leistungen, running: Minderungen, geld: Geld) -> None:
    """Apply the running reductions to RB20; all of a person's together take at most 30 % of the Regelbedarf."""
    if not len(running):
        return
    percent = np.bincount(running.person, weights=running.prozent, minlength=len(w.personen))
    hit = np.flatnonzero((percent[rows.person] > 0) & (rows.art == Leistungsart.RB20))
    p = rows.person[hit]
    # A reduction is decided for a whole month of receipt, and for people whose Regelbedarf is not covered by income.
    cut = rows.bedarf[hit] * percent[p].astype(np.int64) // 100
    fits = (rows.anspruch[hit] >= cut) & (cut > 0) & (percent[p] <= 30) & (rows.bedarf[hit] % 100 == 0)
    hit, cut, p = hit[fits], cut[fits], p[fits]
    rows.minderung[hit] = cut
    where = ints(KEINE, len(w.personen))
    where[p] = hit
    found = where[running.person] != KEINE
    r = where[running.person[found]]
    geld.minderung.append(
        WirksameMinderungen(
            person=running.person[found],
            bg=rows.bg[r],
            grund=running.grund[found],
            betrag=rows.bedarf[r] * running.prozent[found] // 100,
            beginn=ints(day(monat), len(r)),
            ende=ints(last_day(monat), len(r)),
        )
    )


def _other_benefits(w: Welt, rng: np.random.Generator, z: Zeilen, monat: Monat, recht: Rechtsstand) -> Leistungen:
    """Trainees (§ 27), education and participation (§ 28), and the rare one-off kinds of the HP."""
    rows: list[tuple[Ints, int, Ints]] = []
    azubi = np.flatnonzero(z.gezahlt & (z.sonderfall == Sonderfall.SLB_AZUBI))
    rows.append((azubi, Leistungsart.AZUBI27, 12000 + (w.lage.unterhalt[z.person[azubi]] * 18000).astype(np.int64)))
    but = np.flatnonzero(z.gezahlt & (z.sonderfall == Sonderfall.SLB_BUT))
    rows.append((but, Leistungsart.BUT28, 1500 + (w.lage.unterhalt[z.person[but]] * 6000).astype(np.int64)))
    regular = _standard(z) & (z.sonderfall == Sonderfall.KEINER)
    pupils = np.flatnonzero(regular & (z.rolle == Rolle.KI) & (z.alter >= 6) & (z.alter < 18))
    if recht.schulbedarf:
        rows.append((pupils, Leistungsart.BUT28, ints(recht.schulbedarf, len(pupils))))
    head = np.flatnonzero(regular & (z.rolle == Rolle.HP))
    for name, kind in w.k.einmalig.items():
        chosen = head[rng.random(len(head)) < kind.anteil]
        rows.append((chosen, Leistungsart[name], 100 * rng.integers(kind.von, kind.bis + 1, len(chosen))))
    r = np.concatenate([row for row, _, _ in rows])
    amount = np.concatenate([amount for _, _, amount in rows])
    art = np.concatenate([ints(art, len(row)) for row, art, _ in rows])
    return Leistungen(z.person[r], z.bg[r], ints(day(monat), len(r)), art, amount, amount.copy(), ints(0, len(r)))


def merge_reductions(chunks: list[WirksameMinderungen]) -> WirksameMinderungen:
    """Join the consecutive months of one reduction into one row."""
    rows = concat(WirksameMinderungen, [empty(WirksameMinderungen), *chunks])
    order = np.lexsort((rows.beginn, rows.betrag, rows.grund, rows.bg, rows.person))
    rows = rows.take(order)
    same = np.ones(len(rows), dtype=bool)
    for column in (rows.person, rows.bg, rows.grund, rows.betrag):
        same &= np.diff(column, prepend=KEINE) == 0
    same &= rows.beginn == np.append([KEINE], rows.ende[:-1]) + 1
    starts = np.flatnonzero(~same)
    ende = rows.ende[np.append(starts[1:], len(rows)) - 1] if len(rows) else rows.ende
    return replace(rows.take(starts), ende=ende)
