"""Households that ask for benefits: drawn from the calibrated structures, chosen so that the stocks come out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.demo.arrays import (
    LEER,
    Bools,
    Floats,
    Ints,
    Saeulen,
    age_limit_day,
    age_on,
    birthday,
    calendar_key,
    choose,
    ints,
)
from etl.demo.codes import (
    BERUFSABSCHLUESSE,
    KEIN_GRUND,
    SCHULABSCHLUESSE,
    Familienstand,
    Geschlecht,
    Grund,
    Rolle,
)
from etl.demo.kalibrierung import Kalibrierung

UEBRIGE, ASYL, UKRAINE = range(3)
_GRUPPEN = ("uebrige", "asyl", "ukraine")
SINGLE, ALLEINERZIEHEND, PAAR_OHNE, PAAR_MIT, SONSTIGE = range(5)
YEAR = 365.25
# Nobody in this world becomes a parent earlier; the checks of a clean delivery rely on it.
MINDESTALTER_ELTERN = 17


@dataclass
class Personen(Saeulen):
    """One row per person: attributes that stay."""

    haushalt: Ints
    rolle: Ints
    geburt: Ints
    geburt_key: Ints
    geschlecht: Ints
    gruppe: Ints
    nation: Ints
    familienstand: Ints
    schule: Ints
    beruf: Ints
    schwerbehindert: Bools
    faehig: Bools
    grund: Ints
    tag15: Ints
    tag18: Ints
    tag25: Ints
    altersgrenze: Ints


@dataclass
class Haushalte:
    """Drawn households: their kind, and their persons ordered by household."""

    typ: Ints
    gruppe: Ints
    personen: Personen

    def __len__(self) -> int:
        return len(self.typ)


def nationen(k: Kalibrierung) -> tuple[str, ...]:
    """Return all nationality keys of the calibration in a fixed order."""
    return tuple(sorted({key for weights in k.herkunft.gruppen.values() for key in weights}))


def draw(rng: np.random.Generator, k: Kalibrierung, n: int, on: int, gruppen: tuple[float, float, float]) -> Haushalte:
    """Draw ``n`` households as they are on the day ``on``; ``gruppen`` = shares of origin of the households."""
    gruppe = choose(rng, list(gruppen), n)
    typ = np.zeros(n, dtype=np.int64)
    for code, name in enumerate(_GRUPPEN):
        mine = np.flatnonzero(gruppe == code)
        typ[mine] = choose(rng, k.bg_typ.anteile[name], len(mine))
    hp_age, pa_age = _adult_ages(rng, typ)
    kinder = _number_of_children(rng, k, typ, gruppe)
    parts = [
        _adults(rng, k, typ, hp_age, on, Rolle.HP),
        _adults(rng, k, typ, pa_age, on, Rolle.PA),
        _children(rng, k, typ, kinder, np.where(pa_age > 0, np.minimum(hp_age, pa_age), hp_age), on),
        _parents_of_young(rng, typ, hp_age, on),
    ]
    haushalt, rolle, geburt = (np.concatenate([part[i] for part in parts]) for i in range(3))
    order = np.lexsort((geburt, rolle, haushalt))
    personen = _persons(rng, k, typ, gruppe, haushalt[order], rolle[order], geburt[order], on)
    return Haushalte(typ, gruppe, personen)


def _adult_ages(rng: np.random.Generator, typ: Ints) -> tuple[Floats, Floats]:
    """Draw ages of HP and PA in years (0 = no partner)."""
    n = len(typ)
    young, middle, old = 18 + 7 * rng.random(n), 25 + 30 * rng.random(n), 55 + 10.4 * rng.random(n)
    single = np.select([rng.random(n) < 0.15, rng.random(n) < 0.68], [young, middle], old)
    parent = np.clip(rng.normal(36.5, 8.0, n), 19, 58)
    couple = np.clip(rng.normal(49, 11, n), 20, 64.9)
    grown = np.clip(rng.normal(51, 5, n), 40, 63)
    hp = np.select([typ == SINGLE, typ == PAAR_OHNE, typ == SONSTIGE], [single, couple, grown], parent)
    pa = np.clip(hp + rng.normal(-2, 4, n), 19, 64.9)
    return hp, np.where((typ == PAAR_OHNE) | (typ == PAAR_MIT), pa, 0.0)


def _number_of_children(rng: np.random.Generator, k: Kalibrierung, typ: Ints, gruppe: Ints) -> Ints:
    n = len(typ)
    alone = 1 + choose(rng, k.bg_typ.kinder_alleinerziehend, n)
    couple = 1 + choose(rng, k.bg_typ.kinder_paar, n) + ((gruppe == ASYL) & (rng.random(n) < 0.45))
    return np.select([typ == ALLEINERZIEHEND, typ == PAAR_MIT, typ == SONSTIGE], [alone, couple, 1], 0)


def _born(rng: np.random.Generator, age: Floats, on: int) -> Ints:
    return on - np.floor(age * YEAR).astype(np.int64) - rng.integers(0, 2, len(age))


Part = tuple[Ints, Ints, Ints]


def _adults(rng: np.random.Generator, k: Kalibrierung, typ: Ints, age: Floats, on: int, rolle: Rolle) -> Part:
    rows = np.flatnonzero(age > 0)
    return rows, ints(rolle, len(rows)), _born(rng, age[rows], on)


def _children(rng: np.random.Generator, k: Kalibrierung, typ: Ints, kinder: Ints, parent: Floats, on: int) -> Part:
    rows = np.repeat(np.arange(len(typ)), kinder)
    classes = choose(rng, k.kinder_alter.anteile, len(rows))
    # Adult children make a parent "sonstige"; in that type there are no others.
    classes = np.where(typ[rows] == SONSTIGE, 4, classes)
    low, high = np.array(k.kinder_alter.grenzen[:-1])[classes], np.array(k.kinder_alter.grenzen[1:])[classes]
    age = low + (high - low - 0.01) * rng.random(len(rows))
    oldest = parent[rows] - MINDESTALTER_ELTERN - 1
    age = np.where(age > oldest, rng.random(len(rows)) * np.clip(oldest, 0.2, 24.9), age)
    return rows, ints(Rolle.KI, len(rows)), _born(rng, age, on)


def _parents_of_young(rng: np.random.Generator, typ: Ints, hp_age: Floats, on: int) -> Part:
    """Give a few HP under 24 a parent who is not able to work (role EL): those homes form no usual type."""
    young = np.flatnonzero((typ == SINGLE) & (hp_age < 24) & (rng.random(len(typ)) < 0.04))
    age = hp_age[young] + MINDESTALTER_ELTERN + 1 + 15 * rng.random(len(young))
    return young, ints(Rolle.EL, len(young)), _born(rng, age, on)


def _persons(
    rng: np.random.Generator,
    k: Kalibrierung,
    typ: Ints,
    gruppe: Ints,
    haushalt: Ints,
    rolle: Ints,
    geburt: Ints,
    on: int,
) -> Personen:
    n = len(haushalt)
    geburt_key = calendar_key(geburt)
    age = age_on(geburt_key, on)
    geschlecht = _sexes(rng, k, typ[haushalt], gruppe[haushalt], haushalt, rolle)
    tag15 = birthday(geburt, 15)
    faehig = _able(rng, k, rolle, age)
    adult = age >= 18
    return Personen(
        haushalt=haushalt,
        rolle=rolle,
        geburt=geburt,
        geburt_key=geburt_key,
        geschlecht=geschlecht,
        gruppe=gruppe[haushalt],
        nation=_nationalities(rng, k, gruppe, haushalt, rolle),
        familienstand=_marital(rng, typ, haushalt, rolle, age),
        schule=_text(rng, k, age >= 16, [0.22, 0.40, 0.22, 0.06, 0.10], len(SCHULABSCHLUESSE)),
        beruf=_text(rng, k, adult, [0.60, 0.31, 0.02, 0.07], len(BERUFSABSCHLUESSE)),
        schwerbehindert=rng.random(n) < k.person.schwerbehindert * np.clip(age / 42, 0.15, 1.6),
        faehig=faehig,
        grund=_exclusions(rng, rolle, age),
        tag15=tag15,
        tag18=birthday(geburt, 18),
        tag25=birthday(geburt, 25),
        altersgrenze=age_limit_day(geburt),
    )


def _sexes(rng: np.random.Generator, k: Kalibrierung, typ: Ints, gruppe: Ints, haushalt: Ints, rolle: Ints) -> Ints:
    p = k.person
    share = np.where(typ == ALLEINERZIEHEND, p.maenner_alleinerziehend, p.maenner_single)
    share = np.where((gruppe == UKRAINE) & (typ == SINGLE), 0.38, share)
    male = rng.random(len(rolle)) < np.where((rolle == Rolle.KI) | (rolle == Rolle.EL), 0.51, share)
    hp_male = np.zeros(haushalt.max(initial=0) + 1, dtype=bool)
    hp = rolle == Rolle.HP
    hp_male[haushalt[hp]] = male[hp]
    same_sex = rng.random(len(rolle)) < 0.02
    male = np.where(rolle == Rolle.PA, hp_male[haushalt] == same_sex, male)
    rare = rng.random(len(rolle))
    codes = np.where(male, Geschlecht.M, Geschlecht.W)
    codes = np.where(rare < p.divers, Geschlecht.D, codes)
    return np.where((rare >= p.divers) & (rare < p.divers + p.ohne_angabe), Geschlecht.X, codes).astype(np.int64)


def _able(rng: np.random.Generator, k: Kalibrierung, rolle: Ints, age: Ints) -> Bools:
    unable = np.select(
        [rolle == Rolle.HP, rolle == Rolle.PA, rolle == Rolle.KI],
        [0.0, k.person.nicht_erwerbsfaehig_partner, k.person.nicht_erwerbsfaehig_kind],
        1.0,
    )
    return rng.random(len(age)) >= unable


def _nationalities(rng: np.random.Generator, k: Kalibrierung, gruppe: Ints, haushalt: Ints, rolle: Ints) -> Ints:
    keys = nationen(k)
    of_home = np.zeros(len(gruppe), dtype=np.int64)
    for code, name in enumerate(_GRUPPEN):
        mine = np.flatnonzero(gruppe == code)
        weights = k.herkunft.gruppen[name]
        local = choose(rng, list(weights.values()), len(mine))
        of_home[mine] = np.array([keys.index(key) for key in weights])[local]
    # Some children of foreign families are German; in refugee homes hardly any.
    german = (rolle == Rolle.KI) & (gruppe[haushalt] == UEBRIGE) & (rng.random(len(rolle)) < 0.3)
    return np.where(german, keys.index("000"), of_home[haushalt])


def _marital(rng: np.random.Generator, typ: Ints, haushalt: Ints, rolle: Ints, age: Ints) -> Ints:
    n = len(rolle)
    f = Familienstand
    older = np.clip((age - 25) / 30, 0, 1)
    draw_ = rng.random(n)
    alone = np.select(
        [draw_ < 0.92 - 0.55 * older, draw_ < 0.92 - 0.15 * older, draw_ < 0.96 - 0.10 * older],
        [f.LED, f.GESCH, f.GETR],
        f.VERW,
    )
    alone = np.where(age < 20, f.LED, alone)
    couple_draw = rng.random(len(typ))
    couple = np.select([couple_draw < 0.74, couple_draw < 0.75], [f.VH, f.LP], f.LED)[haushalt]
    paired = ((typ == PAAR_OHNE) | (typ == PAAR_MIT))[haushalt] & (rolle <= Rolle.PA)
    codes = np.where(paired, couple, alone)
    codes = np.where((rolle == Rolle.HP) & (typ[haushalt] == ALLEINERZIEHEND) & (codes == f.VERW), f.GETR, codes)
    return np.where(rolle == Rolle.KI, f.LED, codes).astype(np.int64)


def _exclusions(rng: np.random.Generator, rolle: Ints, age: Ints) -> Ints:
    """Draw members who are excluded from the beginning: a pensioner as partner or parent, a student as child."""
    u = rng.random(len(rolle))
    grund = ints(KEIN_GRUND, len(rolle))
    grund[(rolle == Rolle.PA) & (age >= 60) & (u < 0.20)] = Grund.RENTE
    grund[(rolle == Rolle.PA) & (age < 60) & (u < 0.015)] = Grund.SONST
    grund[(rolle == Rolle.EL) & (u < 0.4)] = Grund.RENTE
    grund[(rolle == Rolle.KI) & (age >= 18) & (u < 0.06)] = Grund.BAFOEG
    return grund


def _text(rng: np.random.Generator, k: Kalibrierung, known: Bools, shares: list[float], n: int) -> Ints:
    codes = choose(rng, shares[:n], len(known))
    unknown = ~known | (rng.random(len(known)) < k.person.ohne_abschlussangabe)
    return np.where(unknown, LEER, codes)


def is_elb(p: Personen, on: int) -> Bools:
    """Say who would be an ELB on a day when receiving standard benefit (contract, rule 2b)."""
    able = p.faehig & (p.grund == KEIN_GRUND)
    mask: Bools = able & (p.tag15 <= on) & (p.altersgrenze > on)
    return mask


def is_nef(p: Personen, on: int) -> Bools:
    """Say who would be an NEF on a day when receiving standard benefit."""
    mask: Bools = (p.grund == KEIN_GRUND) & ~is_elb(p, on)
    return mask


@dataclass(frozen=True)
class Bedarf:
    """What the chosen households should add up to."""

    elb: float
    nef: float
    asyl_elb: float
    ukraine_elb: float


def choose_households(rng: np.random.Generator, pool: Haushalte, n: int, need: Bedarf, on: int) -> Ints:
    """Choose ``n`` households of the pool whose expected sums come as near to ``need`` as the pool allows.

    Weights are an exponential tilt of the pool (maximum entropy), then a systematic sample. So steering changes the mix
    of entering households a little everywhere instead of inventing households that fit.
    """
    if n <= 0 or len(pool) == 0:
        return np.zeros(0, dtype=np.int64)
    features = _features(pool, on)
    wanted = np.array([need.elb, need.nef, need.asyl_elb, need.ukraine_elb]) / n
    weights = np.minimum(n * _tilt(features, wanted), 1.0)
    for _ in range(20):  # keep the expected number although a household is chosen at most once
        weights = np.minimum(weights * n / weights.sum(), 1.0)
    # A random order first: a systematic sample of an ordered list would tie neighbours together.
    order = rng.permutation(len(pool))
    position = np.floor(np.cumsum(weights[order]) + rng.random())
    return np.sort(order[np.diff(position, prepend=0.0) > 0][:n])


def _features(pool: Haushalte, on: int) -> Floats:
    p, n = pool.personen, len(pool)
    elb, nef = is_elb(p, on), is_nef(p, on)
    masks = (elb, nef, elb & (p.gruppe == ASYL), elb & (p.gruppe == UKRAINE))
    return np.stack([np.bincount(p.haushalt, weights=mask, minlength=n) for mask in masks], axis=1)


def _tilt(features: Floats, wanted: Floats) -> Floats:
    """Solve for weights proportional to exp(lambda . x) with the wanted means; Newton with a ridge, bounded."""
    low, high = np.quantile(features, 0.0, axis=0), np.quantile(features, 1.0, axis=0)
    goal = np.clip(wanted, low + 0.02, np.maximum(high * 0.6, low + 0.02))
    ridge, multipliers = 1e-3, np.zeros(features.shape[1])
    for _ in range(30):
        weights = np.exp(np.clip(features @ multipliers, -30, 30))
        weights /= weights.sum()
        mean = weights @ features
        spread = features - mean
        hessian = (spread * weights[:, None]).T @ spread + ridge * np.eye(len(goal))
        step = np.linalg.solve(hessian, goal - mean - ridge * multipliers)
        multipliers = np.clip(multipliers + np.clip(step, -0.7, 0.7), -4, 4)
    return weights
