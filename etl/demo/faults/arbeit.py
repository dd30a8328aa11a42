"""Defects of jobs, measures and labour market status."""

from __future__ import annotations

import numpy as np

from etl.demo.arrays import KEINE, LEER, OFFEN, Bools, Ints
from etl.demo.codes import Art, Instrument, Rolle, Status
from etl.demo.faults.eingriff import (
    DATENSTAND,
    ENDE,
    YEAR,
    Eingriff,
    Fehler,
    constant,
    day,
    member_ages,
    members,
    numbers,
    shift,
    whole,
)


def _new_jobs(w: Eingriff, person: Ints, beginn: Ints, foerderung: int = KEINE) -> Ints:
    """Add an open job in social insurance per person, recorded three days after its begin."""
    n = len(person)
    return w.append(
        "erwerbstaetigkeit",
        np.zeros(n, dtype=np.int64),
        erwerb_id=w.next_ids("erwerbstaetigkeit", "erwerb_id", n),
        kundennummer=person,
        art=np.full(n, Art.SVP),
        beginn=beginn,
        ende=np.full(n, OFFEN),
        foerderung=np.full(n, foerderung),
        erfasst_am=beginn + 3,
    )


def _new_measures(w: Eingriff, person: Ints, instrument: Instrument, eintritt: Ints, austritt: Ints) -> Ints:
    """Add a participation per person, recorded three days after its begin."""
    n = len(person)
    return w.append(
        "massnahme",
        np.zeros(n, dtype=np.int64),
        teilnahme_id=w.next_ids("massnahme", "teilnahme_id", n),
        kundennummer=person,
        instrument=np.full(n, instrument),
        eintritt=eintritt,
        austritt=austritt,
        kosten=np.full(n, 50_000),
        erfasst_am=eintritt + 3,
    )


def _heads(w: Eingriff) -> Ints:
    """Draw heads between 40 and 60 and return their numbers."""
    ages = member_ages(w)
    rows = w.pick("bg_mitglied", members(w, Rolle.HP) & (ages > 40 * YEAR) & (ages < 60 * YEAR))
    return numbers(w["bg_mitglied"], "kundennummer")[rows]


def _small_children(w: Eingriff) -> Ints:
    """Draw children under ten and return their numbers."""
    rows = w.pick("bg_mitglied", members(w, Rolle.KI) & (member_ages(w) < 10 * YEAR))
    return numbers(w["bg_mitglied"], "kundennummer")[rows]


def _job_ends_first(w: Eingriff) -> Ints:
    e = w["erwerbstaetigkeit"]
    return shift(w, "erwerbstaetigkeit", whole(e), "ende", lambda r: e["beginn"][r] - 10)


def _job_recorded_first(w: Eingriff) -> Ints:
    e = w["erwerbstaetigkeit"]
    return shift(w, "erwerbstaetigkeit", whole(e), "erfasst_am", lambda r: e["beginn"][r] - 40)


def _job_in_childhood(w: Eingriff) -> Ints:
    e = w["erwerbstaetigkeit"]
    return shift(w, "erwerbstaetigkeit", e["ende"] == OFFEN, "beginn", lambda r: e["beginn"][r] - 70 * YEAR)


def _job_while_unemployed(w: Eingriff) -> Ints:
    a = w["arbeitsmarktstatus"]
    rows = w.pick("arbeitsmarktstatus", (a["status"] == Status.ALO) & (a["bis"] != OFFEN) & (a["bis"] > a["von"] + 20))
    return _new_jobs(w, numbers(a, "kundennummer")[rows], numbers(a, "von")[rows] + 5)


def _measure_ends_first(w: Eingriff) -> Ints:
    m = w["massnahme"]
    return shift(w, "massnahme", whole(m), "austritt", lambda r: m["eintritt"][r] - 14)


def _negative_cost(w: Eingriff) -> Ints:
    m = w["massnahme"]
    return shift(w, "massnahme", whole(m), "kosten", lambda r: -numbers(m, "kosten")[r])


def _measure_twice(w: Eingriff) -> Ints:
    m = w["massnahme"]
    rows = w.pick("massnahme", m["austritt"] > m["eintritt"] + 10)
    number = w.next_ids("massnahme", "teilnahme_id", len(rows))
    w.append("massnahme", rows, teilnahme_id=number, eintritt=m["eintritt"][rows] + 1)
    return rows


def _two_statuses(w: Eingriff) -> Ints:
    a = w["arbeitsmarktstatus"]
    rows = w.pick("arbeitsmarktstatus", (a["bis"] != OFFEN) & (a["bis"] > a["von"] + 10))
    other = (a["status"][rows] + 1) % 3
    w.append("arbeitsmarktstatus", rows, von=a["von"][rows] + 3, status=other)
    return rows


def _status_ends_first(w: Eingriff) -> Ints:
    a = w["arbeitsmarktstatus"]
    return shift(w, "arbeitsmarktstatus", a["bis"] != OFFEN, "bis", lambda r: a["von"][r] - 2)


def _job_recorded_in_the_future(w: Eingriff) -> Ints:
    e = w["erwerbstaetigkeit"]
    return shift(w, "erwerbstaetigkeit", whole(e), "erfasst_am", constant(w.datenstand + 3))


def _job_twice(w: Eingriff) -> Ints:
    rows = w.pick("erwerbstaetigkeit", whole(w["erwerbstaetigkeit"]))
    return w.append("erwerbstaetigkeit", rows, erwerb_id=w.next_ids("erwerbstaetigkeit", "erwerb_id", len(rows)))


def _subsidy_before_its_law(w: Eingriff) -> Ints:
    person = _heads(w)
    return _new_jobs(w, person, np.full(len(person), day("2018-06-01")), Instrument.P16i)


def _job_in_the_future(w: Eingriff) -> Ints:
    e = w["erwerbstaetigkeit"]
    rows = w.pick("erwerbstaetigkeit", e["ende"] == OFFEN)
    e["beginn"][rows], e["erfasst_am"][rows] = w.datenstand + 10, w.datenstand
    return rows


def _measure_recorded_in_the_future(w: Eingriff) -> Ints:
    return shift(w, "massnahme", whole(w["massnahme"]), "erfasst_am", constant(w.datenstand + 3))


def _old_measure(w: Eingriff, instrument: Instrument, eintritt: str) -> Ints:
    person = _heads(w)
    begin = np.full(len(person), day(eintritt))
    return _new_measures(w, person, instrument, begin, begin + 300)


def _p16i_before_2019(w: Eingriff) -> Ints:
    return _old_measure(w, Instrument.P16i, "2018-06-01")


def _p16k_before_2023(w: Eingriff) -> Ints:
    return _old_measure(w, Instrument.P16k, "2023-01-10")


def _measure_before_membership(w: Eingriff) -> Ints:
    m = w["bg_mitglied"]
    rows = w.pick("bg_mitglied", members(w, Rolle.HP))
    begin = numbers(m, "von")[rows] - 200
    return _new_measures(w, numbers(m, "kundennummer")[rows], Instrument.P16_45, begin, begin + 60)


def _measure_in_childhood(w: Eingriff) -> Ints:
    person = _small_children(w)
    begin = np.full(len(person), w.datenstand - 100)
    return _new_measures(w, person, Instrument.P16_45, begin, begin + 60)


def _endless_measure(w: Eingriff) -> Ints:
    person = _heads(w)
    begin = np.full(len(person), w.datenstand - 6 * YEAR)
    return _new_measures(w, person, Instrument.P16e, begin, np.full(len(person), OFFEN))


def _measure_recorded_first(w: Eingriff) -> Ints:
    m = w["massnahme"]
    return shift(w, "massnahme", whole(m), "erfasst_am", lambda r: m["eintritt"][r] - 60)


def _one_day_for_a_month(w: Eingriff) -> Ints:
    m = w["massnahme"]
    return shift(w, "massnahme", m["instrument"] == Instrument.P16_44, "austritt", lambda r: m["eintritt"][r] + 30)


def _unemployed_in_measure(w: Eingriff) -> Ints:
    a = w["arbeitsmarktstatus"]
    rows = w.pick("arbeitsmarktstatus", (a["status"] == Status.ALO) & (a["bis"] != OFFEN) & (a["bis"] > a["von"] + 40))
    begin = numbers(a, "von")[rows] + 10
    return _new_measures(w, numbers(a, "kundennummer")[rows], Instrument.P16_45, begin, begin + 20)


def _unemployed_child(w: Eingriff) -> Ints:
    person = _small_children(w)
    n = len(person)
    return w.append(
        "arbeitsmarktstatus",
        np.zeros(n, dtype=np.int64),
        kundennummer=person,
        von=np.full(n, w.datenstand - 100),
        bis=np.full(n, OFFEN),
        status=np.full(n, Status.ALO),
        abgangsgrund=np.full(n, LEER),
    )


def _long_unemployed(w: Eingriff) -> Bools:
    """Open unemployment of at least three months."""
    a = w["arbeitsmarktstatus"]
    mask: Bools = (a["status"] == Status.ALO) & (a["bis"] == OFFEN) & (a["von"] < w.datenstand - 100)
    return mask


def _unemployed_pensioner(w: Eingriff) -> Ints:
    rows = w.pick("arbeitsmarktstatus", _long_unemployed(w))
    known = numbers(w["person"], "kundennummer")
    person = np.searchsorted(known, numbers(w["arbeitsmarktstatus"], "kundennummer")[rows])
    w["person"]["geburtsdatum"][person] = w.datenstand - 70 * YEAR
    return rows


def _unemployed_not_able(w: Eingriff) -> Ints:
    a, m = w["arbeitsmarktstatus"], w["bg_mitglied"]
    able = np.isin(a["kundennummer"], m["kundennummer"][members(w, Rolle.HP, Rolle.PA)])
    rows = w.pick("arbeitsmarktstatus", _long_unemployed(w) & able)
    m["erwerbsfaehig"][np.isin(m["kundennummer"], a["kundennummer"][rows])] = 0
    return rows


def _status_in_the_future(w: Eingriff) -> Ints:
    mask = w["arbeitsmarktstatus"]["bis"] == OFFEN
    return shift(w, "arbeitsmarktstatus", mask, "von", constant(w.datenstand + 4))


FEHLER: tuple[Fehler, ...] = (
    Fehler(
        "A01",
        "ERW-006",
        "erwerbstaetigkeit",
        "Beschäftigung endet vor ihrem Beginn",
        "Ende zehn Tage vor Beginn",
        _job_ends_first,
        "SELECT erwerb_id FROM erwerbstaetigkeit WHERE ende < beginn",
    ),
    Fehler(
        "A02",
        "ERW-013",
        "erwerbstaetigkeit",
        "Beschäftigung lange vor ihrem Beginn erfasst",
        "40 Tage vor Beginn erfasst",
        _job_recorded_first,
        "SELECT erwerb_id FROM erwerbstaetigkeit WHERE erfasst_am < beginn - 30",
    ),
    Fehler(
        "A03",
        "ERW-008",
        "erwerbstaetigkeit",
        "Beschäftigung vor dem 15. Geburtstag",
        "Beginn 70 Jahre früher",
        _job_in_childhood,
        "SELECT erwerb_id FROM erwerbstaetigkeit JOIN person USING (kundennummer) "
        "WHERE beginn < geburtsdatum + INTERVAL 13 YEAR",
    ),
    Fehler(
        "A04",
        "LIE-011",
        "erwerbstaetigkeit",
        "Zugleich arbeitslos und versicherungspflichtig beschäftigt",
        "Beschäftigung fünf Tage nach Beginn der Arbeitslosigkeit",
        _job_while_unemployed,
        "SELECT erwerb_id FROM erwerbstaetigkeit e JOIN arbeitsmarktstatus a USING (kundennummer) "
        "WHERE a.status = 'ALO' "
        f"AND e.art = 'SVP' AND e.beginn <= {ENDE.format('a.bis')} AND {ENDE.format('e.ende')} >= a.von",
    ),
    Fehler(
        "T01",
        "MAS-005",
        "massnahme",
        "Maßnahme endet vor ihrem Eintritt",
        "Austritt 14 Tage vor Eintritt",
        _measure_ends_first,
        "SELECT teilnahme_id FROM massnahme WHERE austritt < eintritt",
    ),
    Fehler(
        "T02",
        "MAS-007",
        "massnahme",
        "Negative Maßnahmekosten",
        "Vorzeichen gedreht",
        _negative_cost,
        "SELECT teilnahme_id FROM massnahme WHERE kosten < 0",
    ),
    Fehler(
        "T03",
        "MAS-010",
        "massnahme",
        "Maßnahme doppelt erfasst",
        "dieselbe Teilnahme unter zweiter Nummer, Eintritt einen Tag später",
        _measure_twice,
        "SELECT a.teilnahme_id FROM massnahme a JOIN massnahme b USING (kundennummer, instrument, kosten) "
        "WHERE a.eintritt + 1 = b.eintritt",
    ),
    Fehler(
        "S01",
        "AMS-006",
        "arbeitsmarktstatus",
        "Zwei Status an einem Tag",
        "anderer Status drei Tage nach Beginn",
        _two_statuses,
        "SELECT a.kundennummer, a.von FROM arbeitsmarktstatus a JOIN arbeitsmarktstatus b USING (kundennummer) "
        f"WHERE b.von > a.von AND b.von <= {ENDE.format('a.bis')}",
    ),
    Fehler(
        "S02",
        "AMS-005",
        "arbeitsmarktstatus",
        "Status endet vor seinem Beginn",
        "Ende zwei Tage vor Beginn",
        _status_ends_first,
        "SELECT kundennummer, von FROM arbeitsmarktstatus WHERE bis < von",
    ),
    Fehler(
        "A05",
        "ERW-007",
        "erwerbstaetigkeit",
        "Beschäftigung nach dem Datenstand erfasst",
        "drei Tage nach dem Datenstand erfasst",
        _job_recorded_in_the_future,
        f"SELECT erwerb_id FROM erwerbstaetigkeit WHERE erfasst_am > {DATENSTAND}",
    ),
    Fehler(
        "A06",
        "ERW-009",
        "erwerbstaetigkeit",
        "Beschäftigung doppelt erfasst",
        "dieselbe Beschäftigung unter zweiter Nummer",
        _job_twice,
        "SELECT a.erwerb_id FROM erwerbstaetigkeit a JOIN erwerbstaetigkeit b USING (kundennummer, art, beginn) "
        "WHERE a.erwerb_id <> b.erwerb_id",
    ),
    Fehler(
        "A07",
        "ERW-012",
        "erwerbstaetigkeit",
        "Förderung vor ihrem Gesetz",
        "Förderung nach § 16i ab Juni 2018",
        _subsidy_before_its_law,
        "SELECT erwerb_id FROM erwerbstaetigkeit WHERE foerderung = 'P16i' AND beginn < DATE '2019-01-01'",
    ),
    Fehler(
        "A08",
        "ERW-014",
        "erwerbstaetigkeit",
        "Beschäftigung beginnt nach dem Datenstand",
        "Beginn zehn Tage nach dem Datenstand",
        _job_in_the_future,
        f"SELECT erwerb_id FROM erwerbstaetigkeit WHERE beginn > {DATENSTAND}",
    ),
    Fehler(
        "T04",
        "MAS-006",
        "massnahme",
        "Maßnahme nach dem Datenstand erfasst",
        "drei Tage nach dem Datenstand erfasst",
        _measure_recorded_in_the_future,
        f"SELECT teilnahme_id FROM massnahme WHERE erfasst_am > {DATENSTAND}",
    ),
    Fehler(
        "T05",
        "MAS-008",
        "massnahme",
        "§ 16i vor seinem Gesetz",
        "Eintritt im Juni 2018",
        _p16i_before_2019,
        "SELECT teilnahme_id FROM massnahme WHERE instrument = 'P16i' AND eintritt < DATE '2019-01-01'",
    ),
    Fehler(
        "T06",
        "MAS-009",
        "massnahme",
        "§ 16k vor seinem Gesetz",
        "Eintritt im Januar 2023",
        _p16k_before_2023,
        "SELECT teilnahme_id FROM massnahme WHERE instrument = 'P16k' AND eintritt < DATE '2023-07-01'",
    ),
    Fehler(
        "T07",
        "MAS-013",
        "massnahme",
        "Eintritt ohne Bedarfsgemeinschaft",
        "Eintritt 200 Tage vor der ersten Mitgliedschaft",
        _measure_before_membership,
        "SELECT teilnahme_id FROM massnahme t WHERE eintritt < (SELECT min(von) - 150 FROM bg_mitglied m "
        "WHERE m.kundennummer = t.kundennummer)",
    ),
    Fehler(
        "T08",
        "MAS-014",
        "massnahme",
        "Maßnahme für ein Kind",
        "Kind unter 10 nimmt teil",
        _measure_in_childhood,
        "SELECT teilnahme_id FROM massnahme JOIN person USING (kundennummer) "
        "WHERE eintritt < geburtsdatum + INTERVAL 14 YEAR",
    ),
    Fehler(
        "T09",
        "MAS-015",
        "massnahme",
        "Maßnahme über Jahre nicht beendet",
        "Eintritt vor sechs Jahren, kein Austritt",
        _endless_measure,
        f"SELECT teilnahme_id FROM massnahme WHERE austritt IS NULL AND eintritt + INTERVAL 5 YEAR < {DATENSTAND}",
    ),
    Fehler(
        "T10",
        "MAS-016",
        "massnahme",
        "Maßnahme lange vor ihrem Eintritt erfasst",
        "60 Tage vor Eintritt erfasst",
        _measure_recorded_first,
        "SELECT teilnahme_id FROM massnahme WHERE erfasst_am < eintritt - 30",
    ),
    Fehler(
        "T11",
        "MAS-017",
        "massnahme",
        "Einmalige Förderung dauert einen Monat",
        "Austritt 30 Tage nach Eintritt",
        _one_day_for_a_month,
        "SELECT teilnahme_id FROM massnahme WHERE instrument = 'P16_44' AND austritt > eintritt",
    ),
    Fehler(
        "T12",
        "LIE-007",
        "massnahme",
        "Arbeitslos während einer Aktivierung",
        "Maßnahme zehn Tage nach Beginn der Arbeitslosigkeit",
        _unemployed_in_measure,
        "SELECT teilnahme_id FROM massnahme JOIN arbeitsmarktstatus a USING (kundennummer) WHERE instrument = 'P16_45' "
        f"AND status = 'ALO' AND von < eintritt AND {ENDE.format('a.bis')} > eintritt",
    ),
    Fehler(
        "S03",
        "AMS-007",
        "arbeitsmarktstatus",
        "Arbeitsloses Kind",
        "Kind unter 10 arbeitslos",
        _unemployed_child,
        "SELECT kundennummer, von FROM arbeitsmarktstatus JOIN person USING (kundennummer) "
        "WHERE status = 'ALO' AND von < geburtsdatum + INTERVAL 14 YEAR",
    ),
    Fehler(
        "S04",
        "AMS-008",
        "arbeitsmarktstatus",
        "Arbeitslos über der Altersgrenze",
        "Person auf 70 Jahre gesetzt",
        _unemployed_pensioner,
        "SELECT kundennummer, von FROM arbeitsmarktstatus JOIN person USING (kundennummer) "
        f"WHERE status = 'ALO' AND bis IS NULL AND geburtsdatum + INTERVAL 68 YEAR < {DATENSTAND}",
    ),
    Fehler(
        "S05",
        "AMS-009",
        "arbeitsmarktstatus",
        "Arbeitslos und nicht erwerbsfähig",
        "Erwerbsfähigkeit verneint",
        _unemployed_not_able,
        "SELECT DISTINCT a.kundennummer, a.von FROM arbeitsmarktstatus a JOIN bg_mitglied m USING (kundennummer) "
        "WHERE status = 'ALO' AND a.bis IS NULL AND m.bis IS NULL AND NOT erwerbsfaehig",
    ),
    Fehler(
        "S06",
        "AMS-010",
        "arbeitsmarktstatus",
        "Status beginnt nach dem Datenstand",
        "Beginn vier Tage nach dem Datenstand",
        _status_in_the_future,
        f"SELECT kundennummer, von FROM arbeitsmarktstatus WHERE von > {DATENSTAND}",
    ),
)
