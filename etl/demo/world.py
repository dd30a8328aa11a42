"""The state of the synthetic job centre and the few things that can happen to a person in it.

What happened is kept in logs (memberships, jobs, measures, …); what is now is kept in ``Lage`` and
``Gemeinschaften``. Days are integers since 1970-01-01; an open end is ``OFFEN``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from etl.demo.arrays import KEINE, OFFEN, Bools, Floats, Ints, Saeulen, age_on, day, empty, ints, stream
from etl.demo.codes import KEIN_GRUND, Rolle, Sonderfall
from etl.demo.haushalte import Personen
from etl.demo.kalibrierung import Kalibrierung, Ziel
from etl.monat import Monat


@dataclass
class Lage(Saeulen):
    """What is true of a person now. ``mitglied``, ``job``, ``massnahme``, ``status``: open row of the log or KEINE.

    ``seit`` = begin of the open membership, ``frei_seit`` = last day of the latest job or measure, ``naehe`` =
    closeness to the labour market (decides who is unemployed, seeking or neither), ``unterhalt`` = height of
    maintenance payments, 0 to 1.
    """

    bg: Ints
    mitglied: Ints
    seit: Ints
    ausgezogen: Bools
    sonderfall: Ints
    job: Ints
    massnahme: Ints
    status: Ints
    frei_seit: Ints
    naehe: Floats
    sucht: Bools
    in_schule: Bools
    unterhalt: Floats


@dataclass
class Gemeinschaften(Saeulen):
    """What is true of a BG now; ``miete`` scales its housing costs, ``ueber`` = actual over recognised costs."""

    aktiv: Bools
    schnell: Bools
    ende: Ints
    schliesst: Ints
    rueckkehr: Ints
    episode: Ints
    gemeinde: Ints
    miete: Floats
    ueber: Floats
    weitere: Ints
    flaeche: Bools


@dataclass
class Mitgliedschaften(Saeulen):
    """Log of ``bg_mitglied``; ``bezug_bis`` = last day with benefits (before ``bis`` when its end came late)."""

    person: Ints
    bg: Ints
    von: Ints
    bis: Ints
    bezug_bis: Ints
    rolle: Ints
    faehig: Bools
    grund: Ints


@dataclass
class BgEpisoden(Saeulen):
    """Log of ``bedarfsgemeinschaft``."""

    bg: Ints
    von: Ints
    bis: Ints
    gemeinde: Ints
    team: Ints


@dataclass
class Jobs(Saeulen):
    """Log of ``erwerbstaetigkeit``; ``lohn`` = gross wage in cents per month."""

    person: Ints
    art: Ints
    beginn: Ints
    ende: Ints
    foerderung: Ints
    erfasst: Ints
    lohn: Ints


@dataclass
class Teilnahmen(Saeulen):
    """Log of ``massnahme``; ``bestand`` = a participation that counts among the participants of a day."""

    person: Ints
    instrument: Ints
    eintritt: Ints
    austritt: Ints
    kosten: Ints
    erfasst: Ints
    bestand: Bools


@dataclass
class StatusEpisoden(Saeulen):
    """Log of ``arbeitsmarktstatus``."""

    person: Ints
    von: Ints
    bis: Ints
    status: Ints
    zugang: Ints
    abgang: Ints


@dataclass
class Minderungen(Saeulen):
    """Decided reductions: per cent of the Regelbedarf for ``monate`` months from the window's month ``monat``."""

    person: Ints
    grund: Ints
    prozent: Ints
    monat: Ints
    monate: Ints


@dataclass
class VerfahrenLog(Saeulen):
    """Log of ``verfahren``."""

    art: Ints
    sachgebiet: Ints
    eingang: Ints
    erledigung: Ints
    erledigungsart: Ints


@dataclass
class Schritt:
    """One month of life: the days after one counting day up to the next, and what happened in them."""

    index: int
    monat: Monat
    s0: int
    s1: int
    ziel: Ziel
    gegangen: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    gegangen_am: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    neu: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def erster(self) -> int:
        """First day of the calendar month."""
        return day(self.monat)


@dataclass
class Welt:
    """A cohort of the job centre: persons, BGs, logs and the sources of chance."""

    k: Kalibrierung
    seed: int
    block: int
    personen: Personen
    lage: Lage
    bgs: Gemeinschaften
    mitglieder: Mitgliedschaften
    bg_episoden: BgEpisoden
    jobs: Jobs
    teilnahmen: Teilnahmen
    status: StatusEpisoden
    minderungen: Minderungen
    verfahren: VerfahrenLog
    sonderfall_je_monat: list[Ints] = field(default_factory=list)
    streams: dict[str, np.random.Generator] = field(default_factory=dict)

    def rng(self, name: str) -> np.random.Generator:
        """Return the random numbers of one purpose."""
        if name not in self.streams:
            self.streams[name] = stream(self.seed, self.block, name)
        return self.streams[name]

    @classmethod
    def new(cls, k: Kalibrierung, seed: int, block: int) -> Welt:
        """Return a job centre before its first case."""
        return cls(
            k, seed, block,
            empty(Personen), empty(Lage), empty(Gemeinschaften), empty(Mitgliedschaften), empty(BgEpisoden),
            empty(Jobs), empty(Teilnahmen), empty(StatusEpisoden), empty(Minderungen), empty(VerfahrenLog),
        )  # fmt: skip

    @property
    def aktiv(self) -> Bools:
        """Persons with an open membership."""
        mask: Bools = self.lage.mitglied != KEINE
        return mask


def admit(w: Welt, personen: Personen, bg: Ints) -> Ints:
    """Add new persons (not yet members) to the world and return their positions."""
    n, rng = len(personen), w.rng("eigenschaften")
    w.lage.extend(
        Lage(
            bg=bg,
            mitglied=ints(KEINE, n),
            seit=ints(0, n),
            ausgezogen=np.zeros(n, dtype=bool),
            sonderfall=ints(Sonderfall.KEINER, n),
            job=ints(KEINE, n),
            massnahme=ints(KEINE, n),
            status=ints(KEINE, n),
            frei_seit=ints(0, n),
            naehe=rng.random(n),
            sucht=rng.random(n) < w.k.arbeit.sucht_weiter,
            in_schule=rng.random(n) < 0.9,
            unterhalt=rng.random(n),
        )
    )
    return w.personen.extend(personen)


def join(w: Welt, p: Ints, von: Ints) -> None:
    """Persons become members of their BG: a new membership with today's role, ability and exclusion."""
    person = w.personen
    log = Mitgliedschaften(
        person=p,
        bg=w.lage.bg[p],
        von=von,
        bis=ints(OFFEN, len(p)),
        bezug_bis=ints(OFFEN, len(p)),
        rolle=person.rolle[p],
        faehig=person.faehig[p] & (person.tag15[p] <= von),
        grund=person.grund[p],
    )
    w.lage.mitglied[p] = w.mitglieder.extend(log)
    w.lage.seit[p] = von


def split(w: Welt, p: Ints, on: Ints) -> None:
    """A change of role, ability or exclusion opens a new membership episode on the day ``on``."""
    fresh = w.lage.seit[p] >= on  # began on that day or later: the episode simply has the new attributes
    same = p[fresh]
    rows = w.lage.mitglied[same]
    w.mitglieder.rolle[rows] = w.personen.rolle[same]
    w.mitglieder.faehig[rows] = w.personen.faehig[same] & (w.personen.tag15[same] <= w.lage.seit[same])
    w.mitglieder.grund[rows] = w.personen.grund[same]
    older, day_ = p[~fresh], on[~fresh]
    rows = w.lage.mitglied[older]
    w.mitglieder.bis[rows] = w.mitglieder.bezug_bis[rows] = day_ - 1
    join(w, older, day_)


def pause(w: Welt, p: Ints, last: Ints) -> None:
    """End the memberships of persons with the day ``last``."""
    rows = w.lage.mitglied[p]
    w.mitglieder.bis[rows] = w.mitglieder.bezug_bis[rows] = last
    w.lage.mitglied[p] = KEINE


def leave(w: Welt, schritt: Schritt, p: Ints, last: Ints) -> None:
    """Persons leave: membership, labour-market status and most measures end with the day ``last``."""
    pause(w, p, last)
    close_status(w, p, last, abgang=0)
    in_measure = w.lage.massnahme[p] != KEINE
    stops = in_measure & (w.rng("abbruch").random(len(p)) < w.k.massnahmen.abbruch_bei_abgang)
    rows = w.lage.massnahme[p[stops]]
    w.teilnahmen.austritt[rows] = np.maximum(
        w.teilnahmen.eintritt[rows], np.minimum(w.teilnahmen.austritt[rows], last[stops])
    )
    w.lage.massnahme[p[stops]] = KEINE
    schritt.gegangen = np.concatenate([schritt.gegangen, p])
    schritt.gegangen_am = np.concatenate([schritt.gegangen_am, last])


def close_status(w: Welt, p: Ints, last: Ints, abgang: int | Ints) -> None:
    """End the open status episodes of persons; one that would end before it began had not begun."""
    has = w.lage.status[p] != KEINE
    rows = w.lage.status[p[has]]
    w.status.bis[rows] = last[has]
    w.status.abgang[rows] = abgang if isinstance(abgang, int) else abgang[has]
    w.lage.status[p[has]] = KEINE


def members(w: Welt, bg: Ints) -> Ints:
    """Return the active persons of some BGs."""
    chosen = np.zeros(len(w.bgs), dtype=bool)
    chosen[bg] = True
    return np.flatnonzero(w.aktiv & chosen[w.lage.bg])


def elb(w: Welt, on: int) -> Bools:
    """Who is ELB on a day, by rule 2 of the contract (money follows from ``sonderfall``)."""
    p = w.personen
    able = p.faehig & (p.grund == KEIN_GRUND) & (p.tag15 <= on) & (p.altersgrenze > on)
    mask: Bools = w.aktiv & able & (w.lage.sonderfall == Sonderfall.KEINER)
    return mask


def nef(w: Welt, on: int) -> Bools:
    """Who is NEF on a day."""
    counts = w.aktiv & (w.personen.grund == KEIN_GRUND) & (w.lage.sonderfall == Sonderfall.KEINER)
    mask: Bools = counts & ~elb(w, on)
    return mask


def first_per_bg(w: Welt, p: Ints) -> Ints:
    """Keep one person of each BG (the first)."""
    _, first = np.unique(w.lage.bg[p], return_index=True)
    return p[np.sort(first)]


def minor_children(w: Welt, on: int) -> Bools:
    """Active children under 18 on a day."""
    mask: Bools = w.aktiv & (w.personen.rolle == Rolle.KI) & (age_on(w.personen.geburt_key, on) < 18)
    return mask
