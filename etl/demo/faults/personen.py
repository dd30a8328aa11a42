"""Defects of persons, memberships and Bedarfsgemeinschaften."""

from __future__ import annotations

import numpy as np

from etl.demo.arrays import OFFEN, Ints
from etl.demo.codes import Familienstand, Grund, Leistungsart, Rolle
from etl.demo.faults.eingriff import (
    DATENSTAND,
    ENDE,
    YEAR,
    Eingriff,
    Fehler,
    constant,
    member_ages,
    members,
    numbers,
    person_rows,
    plain,
    shift,
    whole,
)


def _overlapping_membership(w: Eingriff) -> Ints:
    rows = w.pick("bg_mitglied", members(w, Rolle.KI))
    von = w["bg_mitglied"]["von"][rows] + 90
    w.append("bg_mitglied", rows, von=von, bis=von + 200)
    return rows


def _membership_in_two_bgs(w: Eingriff) -> Ints:
    rows = w.pick("bg_mitglied", members(w, Rolle.KI))
    bg = np.roll(numbers(w["bg_mitglied"], "bg_nummer")[rows], 1)
    von = w["bg_mitglied"]["von"][rows] + 60
    w.append("bg_mitglied", rows, bg_nummer=bg, von=von, rolle=np.full(len(rows), Rolle.SO))
    return rows


def _second_head(w: Eingriff) -> Ints:
    return shift(w, "bg_mitglied", members(w, Rolle.PA), "rolle", constant(Rolle.HP))


def _membership_ends_first(w: Eingriff) -> Ints:
    m = w["bg_mitglied"]
    return shift(w, "bg_mitglied", members(w, Rolle.SO, Rolle.KI), "bis", lambda r: m["von"][r] - 30)


def _head_missing(w: Eingriff) -> Ints:
    m = w["bg_mitglied"]
    alone = np.bincount(m["bg_nummer"])[m["bg_nummer"]] == 1
    return shift(w, "bg_mitglied", members(w, Rolle.HP) & alone, "rolle", constant(Rolle.SO))


def _able_small_child(w: Eingriff) -> Ints:
    """A small child that is said to be able to work."""
    young = member_ages(w) < 8 * YEAR
    return shift(w, "bg_mitglied", members(w, Rolle.KI) & young, "erwerbsfaehig", constant(1))


def _born_later(w: Eingriff) -> Ints:
    rows = person_rows(w, members(w, Rolle.KI))
    latest = int(w["bg_mitglied"]["von"].max())
    w["person"]["geburtsdatum"][rows] = latest - 5
    return rows


def _child_older(w: Eingriff) -> Ints:
    rows = person_rows(w, members(w, Rolle.KI))
    w["person"]["geburtsdatum"][rows] -= 45 * YEAR
    return rows


def _very_old(w: Eingriff) -> Ints:
    rows = person_rows(w, members(w, Rolle.HP))
    w["person"]["geburtsdatum"][rows] -= 90 * YEAR
    return rows


def _married_child(w: Eingriff) -> Ints:
    rows = person_rows(w, members(w, Rolle.KI) & (member_ages(w) < 12 * YEAR))
    w["person"]["familienstand"][rows] = Familienstand.VH
    return rows


def _bg_ends_first(w: Eingriff) -> Ints:
    b = w["bedarfsgemeinschaft"]
    return shift(w, "bedarfsgemeinschaft", b["gueltig_bis"] == OFFEN, "gueltig_bis", lambda r: b["gueltig_von"][r] - 1)


def _bg_overlap(w: Eingriff) -> Ints:
    b = w["bedarfsgemeinschaft"]
    rows = w.pick("bedarfsgemeinschaft", b["gueltig_bis"] == OFFEN)
    gemeinde = (b["gemeinde_ags"][rows] + 7) % 51
    w.append("bedarfsgemeinschaft", rows, gueltig_von=b["gueltig_von"][rows] + 20, gemeinde_ags=gemeinde)
    return rows


def _partner_without_head(w: Eingriff) -> Ints:
    """Return the partners of couples without children, as yet undamaged; the head beside them becomes somebody else."""
    m = w["bg_mitglied"]
    two = np.bincount(m["bg_nummer"])[m["bg_nummer"]] == 2
    rows = w.pick("bg_mitglied", members(w, Rolle.PA) & two)
    head = (m["rolle"] == Rolle.HP) & (m["bis"] == OFFEN) & np.isin(m["bg_nummer"], m["bg_nummer"][rows])
    m["rolle"][head] = Rolle.SO
    return rows


def _head_not_able(w: Eingriff) -> Ints:
    return shift(w, "bg_mitglied", members(w, Rolle.HP), "erwerbsfaehig", constant(0))


def _head_excluded(w: Eingriff) -> Ints:
    m, money = w["bg_mitglied"], w["leistung"]
    paid = np.isin(m["kundennummer"], money["kundennummer"][plain(w, Leistungsart.RB20)])
    return shift(w, "bg_mitglied", members(w, Rolle.HP) & paid, "ausschlussgrund", constant(Grund.SONST))


def _grown_child(w: Eingriff) -> Ints:
    rows = person_rows(w, members(w, Rolle.KI))
    w["person"]["geburtsdatum"][rows] = w.datenstand - 27 * YEAR
    return rows


def _parent_beside_grown_head(w: Eingriff) -> Ints:
    m = w["bg_mitglied"]
    old = m["bg_nummer"][members(w, Rolle.HP) & (member_ages(w) > 35 * YEAR)]
    return shift(w, "bg_mitglied", members(w, Rolle.PA) & np.isin(m["bg_nummer"], old), "rolle", constant(Rolle.EL))


def _second_partner(w: Eingriff) -> Ints:
    m = w["bg_mitglied"]
    couples = m["bg_nummer"][members(w, Rolle.PA)]
    return shift(w, "bg_mitglied", members(w, Rolle.KI) & np.isin(m["bg_nummer"], couples), "rolle", constant(Rolle.PA))


def _married_grown_child(w: Eingriff) -> Ints:
    ages = member_ages(w)
    rows = person_rows(w, members(w, Rolle.KI) & (ages > 17 * YEAR) & (ages < 24 * YEAR))
    w["person"]["familienstand"][rows] = Familienstand.VH
    return rows


def _membership_in_the_future(w: Eingriff) -> Ints:
    return shift(w, "bg_mitglied", members(w, Rolle.KI), "von", constant(w.datenstand + 5))


def _unborn(w: Eingriff) -> Ints:
    rows = person_rows(w, members(w, Rolle.KI))
    w["person"]["geburtsdatum"][rows] = w.datenstand + 30
    return rows


def _person_without_bg(w: Eingriff) -> Ints:
    rows = w.pick("person", whole(w["person"]))
    return w.append("person", rows, kundennummer=w.next_ids("person", "kundennummer", len(rows)))


def _address_in_the_future(w: Eingriff) -> Ints:
    b = w["bedarfsgemeinschaft"]
    rows = w.pick("bedarfsgemeinschaft", b["gueltig_bis"] == OFFEN)
    b["gueltig_bis"][rows] = w.datenstand + 9
    later = np.full(len(rows), w.datenstand + 10)
    return w.append("bedarfsgemeinschaft", rows, gueltig_von=later, gueltig_bis=np.full(len(rows), OFFEN))


def _bg_without_members(w: Eingriff) -> Ints:
    b = w["bedarfsgemeinschaft"]
    rows = w.pick("bedarfsgemeinschaft", whole(b))
    number = w.next_ids("bedarfsgemeinschaft", "bg_nummer", len(rows))
    return w.append("bedarfsgemeinschaft", rows, bg_nummer=number, aktenzeichen=number)


def _address_begins_late(w: Eingriff) -> Ints:
    """The only address of a Bedarfsgemeinschaft with members begins in the last weeks."""
    b, m = w["bedarfsgemeinschaft"], w["bg_mitglied"]
    once = np.bincount(b["bg_nummer"])[b["bg_nummer"]] == 1
    lived_in = np.isin(b["bg_nummer"], m["bg_nummer"][members(w, Rolle.HP)])
    mask = once & lived_in & (b["gueltig_bis"] == OFFEN)
    return shift(w, "bedarfsgemeinschaft", mask, "gueltig_von", constant(w.datenstand - 5))


_M = "a.kundennummer, a.bg_nummer, a.von"
_B = "a.bg_nummer, a.gueltig_von"

FEHLER: tuple[Fehler, ...] = (
    Fehler(
        "M01",
        "MIT-009",
        "bg_mitglied",
        "Mitgliedschaften derselben BG überlappen",
        "zweite Mitgliedschaft in derselben BG, 90 Tage nach Beginn der ersten",
        _overlapping_membership,
        f"SELECT {_M} FROM bg_mitglied a JOIN bg_mitglied b USING (kundennummer, bg_nummer) "
        f"WHERE b.von > a.von AND b.von <= {ENDE.format('a.bis')}",
    ),
    Fehler(
        "M02",
        "MIT-009",
        "bg_mitglied",
        "Person zugleich in zwei Bedarfsgemeinschaften",
        "zweite Mitgliedschaft in einer fremden BG",
        _membership_in_two_bgs,
        f"SELECT {_M} FROM bg_mitglied a JOIN bg_mitglied b USING (kundennummer) WHERE a.bg_nummer <> b.bg_nummer "
        f"AND a.von <= {ENDE.format('b.bis')} AND b.von <= {ENDE.format('a.bis')}",
    ),
    Fehler(
        "M03",
        "MIT-010",
        "bg_mitglied",
        "Zwei Hauptpersonen in einer BG",
        "Partner als Hauptperson",
        _second_head,
        f"SELECT {_M} FROM bg_mitglied a JOIN bg_mitglied b USING (bg_nummer) WHERE a.rolle = 'HP' AND b.rolle = 'HP' "
        f"AND a.kundennummer <> b.kundennummer AND a.von <= {ENDE.format('b.bis')} AND b.von <= {ENDE.format('a.bis')}",
    ),
    Fehler(
        "M04",
        "MIT-008",
        "bg_mitglied",
        "Mitgliedschaft endet vor ihrem Beginn",
        "Ende 30 Tage vor Beginn",
        _membership_ends_first,
        f"SELECT {_M} FROM bg_mitglied a WHERE bis < von",
    ),
    Fehler(
        "M05",
        "MIT-011",
        "bg_mitglied",
        "BG ohne Hauptperson",
        "einziges Mitglied mit Rolle SO",
        _head_missing,
        f"SELECT {_M} FROM bg_mitglied a WHERE bg_nummer NOT IN (SELECT bg_nummer FROM bg_mitglied WHERE rolle = 'HP')",
    ),
    Fehler(
        "M06",
        "MIT-016",
        "bg_mitglied",
        "Kind unter 15 als erwerbsfähig geführt",
        "Kind unter 8 erwerbsfähig",
        _able_small_child,
        f"SELECT {_M} FROM bg_mitglied a JOIN person USING (kundennummer) WHERE erwerbsfaehig "
        "AND geburtsdatum + INTERVAL 15 YEAR > von + INTERVAL 1 DAY",
    ),
    Fehler(
        "P01",
        "MIT-017",
        "person",
        "Geburt nach Beginn der Mitgliedschaft",
        "Geburtsdatum in den letzten Tagen der Lieferung",
        _born_later,
        "SELECT DISTINCT kundennummer FROM person JOIN bg_mitglied USING (kundennummer) WHERE geburtsdatum > von",
    ),
    Fehler(
        "P02",
        "MIT-018",
        "person",
        "Kind älter als ein Elternteil",
        "Kind 45 Jahre älter gemacht",
        _child_older,
        "SELECT DISTINCT k.kundennummer FROM person k JOIN bg_mitglied m ON m.kundennummer = k.kundennummer "
        "AND m.rolle = 'KI' JOIN bg_mitglied e ON e.bg_nummer = m.bg_nummer AND e.rolle IN ('HP', 'PA') "
        "AND e.kundennummer <> m.kundennummer "
        f"AND m.von <= {ENDE.format('e.bis')} AND e.von <= {ENDE.format('m.bis')} "
        "JOIN person p ON p.kundennummer = e.kundennummer WHERE k.geburtsdatum <= p.geburtsdatum",
    ),
    Fehler(
        "P03",
        "PER-008",
        "person",
        "Unmögliches Alter",
        "Hauptperson 90 Jahre älter gemacht",
        _very_old,
        "SELECT kundennummer FROM person WHERE geburtsdatum < DATE '1916-01-01'",
    ),
    Fehler(
        "P04",
        "PER-010",
        "person",
        "Verheiratetes Kind unter 16",
        "Kind unter 12 verheiratet",
        _married_child,
        "SELECT DISTINCT kundennummer FROM person JOIN bg_mitglied USING (kundennummer) WHERE familienstand <> 'LED' "
        "AND rolle = 'KI' AND geburtsdatum + INTERVAL 16 YEAR > (SELECT max(monat) FROM leistung)",
    ),
    Fehler(
        "B01",
        "BG-005",
        "bedarfsgemeinschaft",
        "BG-Episode endet vor ihrem Beginn",
        "Ende am Tag vor Beginn",
        _bg_ends_first,
        f"SELECT {_B} FROM bedarfsgemeinschaft a WHERE gueltig_bis < gueltig_von",
    ),
    Fehler(
        "B02",
        "BG-006",
        "bedarfsgemeinschaft",
        "BG zugleich in zwei Gemeinden",
        "zweite Episode in anderer Gemeinde",
        _bg_overlap,
        f"SELECT {_B} FROM bedarfsgemeinschaft a JOIN bedarfsgemeinschaft b USING (bg_nummer) "
        f"WHERE b.gueltig_von > a.gueltig_von AND b.gueltig_von <= {ENDE.format('a.gueltig_bis')}",
    ),
    Fehler(
        "M07",
        "MIT-012",
        "bg_mitglied",
        "Partner ohne Hauptperson",
        "Hauptperson neben dem Partner mit Rolle SO",
        _partner_without_head,
        f"SELECT {_M} FROM bg_mitglied a WHERE rolle = 'PA' AND bis IS NULL AND NOT EXISTS (FROM bg_mitglied h "
        "WHERE h.bg_nummer = a.bg_nummer AND h.rolle = 'HP' AND h.bis IS NULL)",
    ),
    Fehler(
        "M08",
        "MIT-013",
        "bg_mitglied",
        "Hauptperson nicht erwerbsfähig",
        "Erwerbsfähigkeit der Hauptperson verneint",
        _head_not_able,
        f"SELECT {_M} FROM bg_mitglied a WHERE rolle = 'HP' AND NOT erwerbsfaehig",
    ),
    Fehler(
        "M09",
        "MIT-014",
        "person",
        "Kind der BG über 25",
        "Kind auf 27 Jahre gesetzt",
        _grown_child,
        "SELECT DISTINCT kundennummer FROM person JOIN bg_mitglied USING (kundennummer) "
        f"WHERE rolle = 'KI' AND bis IS NULL AND geburtsdatum + INTERVAL 26 YEAR < {DATENSTAND}",
    ),
    Fehler(
        "M10",
        "MIT-015",
        "bg_mitglied",
        "Elternteil neben einer Hauptperson über 25",
        "Partner mit Rolle EL",
        _parent_beside_grown_head,
        f"SELECT {_M} FROM bg_mitglied a JOIN bg_mitglied h USING (bg_nummer) "
        "JOIN person p ON p.kundennummer = h.kundennummer "
        f"WHERE a.rolle = 'EL' AND h.rolle = 'HP' AND h.bis IS NULL AND geburtsdatum + INTERVAL 30 YEAR < {DATENSTAND}",
    ),
    Fehler(
        "M11",
        "MIT-020",
        "bg_mitglied",
        "Zwei Partner in einer BG",
        "Kind mit Rolle PA",
        _second_partner,
        f"SELECT {_M} FROM bg_mitglied a JOIN bg_mitglied b USING (bg_nummer) WHERE a.rolle = 'PA' AND b.rolle = 'PA' "
        "AND a.kundennummer <> b.kundennummer AND a.bis IS NULL AND b.bis IS NULL",
    ),
    Fehler(
        "M12",
        "MIT-022",
        "bg_mitglied",
        "Mitgliedschaft beginnt nach dem Datenstand",
        "Beginn fünf Tage nach dem Datenstand",
        _membership_in_the_future,
        f"SELECT {_M} FROM bg_mitglied a WHERE von > {DATENSTAND}",
    ),
    Fehler(
        "M13",
        "LIE-004",
        "bg_mitglied",
        "Ausgeschlossene mit Gesamtregelleistung",
        "Hauptperson mit Regelbedarf ausgeschlossen",
        _head_excluded,
        f"SELECT {_M} FROM bg_mitglied a WHERE rolle = 'HP' AND ausschlussgrund IS NOT NULL",
    ),
    Fehler(
        "P05",
        "PER-007",
        "person",
        "Geburt nach dem Datenstand",
        "Geburtsdatum 30 Tage nach dem Datenstand",
        _unborn,
        f"SELECT kundennummer FROM person WHERE geburtsdatum > {DATENSTAND}",
    ),
    Fehler(
        "P06",
        "PER-009",
        "person",
        "Person ohne Bedarfsgemeinschaft",
        "Kopie einer Person unter neuer Kundennummer",
        _person_without_bg,
        "SELECT kundennummer FROM person ANTI JOIN bg_mitglied USING (kundennummer)",
    ),
    Fehler(
        "P07",
        "MIT-019",
        "person",
        "Verheiratetes Kind in der BG der Eltern",
        "Kind von 17 bis 23 Jahren verheiratet",
        _married_grown_child,
        "SELECT DISTINCT kundennummer FROM person JOIN bg_mitglied USING (kundennummer) "
        "WHERE rolle = 'KI' AND bis IS NULL AND familienstand = 'VH'",
    ),
    Fehler(
        "B03",
        "BG-007",
        "bedarfsgemeinschaft",
        "Anschrift beginnt nach dem Datenstand",
        "Umzug zehn Tage nach dem Datenstand",
        _address_in_the_future,
        f"SELECT {_B} FROM bedarfsgemeinschaft a WHERE gueltig_von > {DATENSTAND}",
    ),
    Fehler(
        "B04",
        "BG-011",
        "bedarfsgemeinschaft",
        "Bedarfsgemeinschaft ohne Mitglieder",
        "Kopie einer BG unter neuer Nummer",
        _bg_without_members,
        f"SELECT {_B} FROM bedarfsgemeinschaft a ANTI JOIN bg_mitglied USING (bg_nummer)",
    ),
    Fehler(
        "B05",
        "LIE-001",
        "bedarfsgemeinschaft",
        "BG ohne Anschrift am Stichtag",
        "einzige Anschrift beginnt kurz vor dem Datenstand",
        _address_begins_late,
        f"SELECT {_B} FROM bedarfsgemeinschaft a WHERE gueltig_von > (SELECT min(von) + 200 FROM bg_mitglied m "
        "WHERE m.bg_nummer = a.bg_nummer) AND (SELECT count(*) FROM bedarfsgemeinschaft b "
        "WHERE b.bg_nummer = a.bg_nummer) = 1",
    ),
)
