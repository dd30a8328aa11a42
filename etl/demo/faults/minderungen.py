"""Defects of reductions and proceedings."""

from __future__ import annotations

import numpy as np

from etl.demo.arrays import LEER, OFFEN, Bools, Ints
from etl.demo.codes import Leistungsart, Minderungsgrund, Rolle
from etl.demo.faults.eingriff import (
    DATENSTAND,
    YEAR,
    Eingriff,
    Fehler,
    constant,
    day,
    member_ages,
    members,
    numbers,
    plain,
    shift,
    whole,
)


def _reduction_too_high(w: Eingriff) -> Ints:
    m = w["leistungsminderung"]
    return shift(w, "leistungsminderung", whole(m), "betrag", lambda r: m["betrag"][r] * 6 + 20000)


def _reduction_ends_first(w: Eingriff) -> Ints:
    m = w["leistungsminderung"]
    return shift(w, "leistungsminderung", whole(m), "ende", lambda r: m["beginn"][r] - 1)


def _reduction_too_long(w: Eingriff) -> Ints:
    m = w["leistungsminderung"]
    mask = (m["grund"] == Minderungsgrund.MELDE) & (m["beginn"] >= day("2023-01-01"))
    return shift(w, "leistungsminderung", mask, "ende", lambda r: m["beginn"][r] + 400)


def _settled_before_filed(w: Eingriff) -> Ints:
    v = w["verfahren"]
    return shift(w, "verfahren", v["erledigung"] != OFFEN, "erledigung", lambda r: v["eingang"][r] - 7)


def _settled_without_kind(w: Eingriff) -> Ints:
    v = w["verfahren"]
    return shift(w, "verfahren", v["erledigung"] != OFFEN, "erledigungsart", lambda r: np.full(len(r), LEER))


def _new_reductions(w: Eingriff, rows: Ints, grund: Minderungsgrund, beginn: Ints, ende: Ints) -> Ints:
    """Add a reduction of 50 EUR per membership in ``rows``."""
    m, n = w["bg_mitglied"], len(rows)
    return w.append(
        "leistungsminderung",
        np.zeros(n, dtype=np.int64),
        minderung_id=w.next_ids("leistungsminderung", "minderung_id", n),
        kundennummer=numbers(m, "kundennummer")[rows],
        bg_nummer=numbers(m, "bg_nummer")[rows],
        grund=np.full(n, grund),
        betrag=np.full(n, 5000),
        beginn=beginn,
        ende=ende,
    )


def _month_before(w: Eingriff, months: int) -> int:
    """Return the first day of the month so many months before the last one of the delivery."""
    month = np.datetime64(w.datenstand, "D").astype("datetime64[M]") - months
    return int(month.astype("datetime64[D]").astype(np.int64))


def _span(w: Eingriff, mask: Bools, grund: Minderungsgrund, first: int, last: int) -> Ints:
    """Add reductions from the begin of one month to the end of another, both counted back from the last one."""
    rows = w.pick("bg_mitglied", mask)
    beginn, ende = np.full(len(rows), _month_before(w, first)), np.full(len(rows), _month_before(w, last - 1) - 1)
    return _new_reductions(w, rows, grund, beginn, ende)


def _negative_reduction(w: Eingriff) -> Ints:
    added = _span(w, members(w, Rolle.HP), Minderungsgrund.MELDE, 3, 3)
    w["leistungsminderung"]["betrag"][added] = -5000
    return added


def _reduction_in_mid_month(w: Eingriff) -> Ints:
    added = _span(w, members(w, Rolle.HP), Minderungsgrund.MELDE, 3, 3)
    w["leistungsminderung"]["beginn"][added] += 1
    return added


def _breach_of_duty_too_long(w: Eingriff) -> Ints:
    return _span(w, members(w, Rolle.HP), Minderungsgrund.PFLICHT, 6, 2)


def _refusal_too_long(w: Eingriff) -> Ints:
    """From the last month on, into the future: two months are the limit since July 2026."""
    return _span(w, members(w, Rolle.HP), Minderungsgrund.ARBEIT, 0, -4)


def _reduction_in_moratorium(w: Eingriff) -> Ints:
    rows = w.pick("bg_mitglied", members(w, Rolle.HP))
    first, last = np.full(len(rows), day("2022-08-01")), np.full(len(rows), day("2022-08-31"))
    return _new_reductions(w, rows, Minderungsgrund.PFLICHT, first, last)


def _reduction_in_foreign_bg(w: Eingriff) -> Ints:
    added = _span(w, members(w, Rolle.HP), Minderungsgrund.MELDE, 3, 3)
    bg = w["leistungsminderung"]["bg_nummer"]
    bg[added] = np.roll(bg[added], 1)
    return added


def _reduction_of_a_child(w: Eingriff) -> Ints:
    return _span(w, members(w, Rolle.KI) & (member_ages(w) < 10 * YEAR), Minderungsgrund.MELDE, 3, 3)


def _reduction_twice(w: Eingriff) -> Ints:
    first = _span(w, members(w, Rolle.HP), Minderungsgrund.MELDE, 3, 3)
    number = w.next_ids("leistungsminderung", "minderung_id", len(first))
    return w.append("leistungsminderung", first, minderung_id=number)


def _reduction_without_effect(w: Eingriff) -> Ints:
    """A reduction of a month in which standard benefits are paid in full."""
    m, money = w["bg_mitglied"], w["leistung"]
    paid = money["kundennummer"][plain(w, Leistungsart.RB20) & (money["monat"] == _month_before(w, 3))]
    cut = money["kundennummer"][money["minderung"] > 0]
    mask = members(w, Rolle.HP) & np.isin(m["kundennummer"], paid) & ~np.isin(m["kundennummer"], cut)
    return _span(w, mask, Minderungsgrund.MELDE, 3, 3)


def _filed_in_the_future(w: Eingriff) -> Ints:
    return shift(w, "verfahren", w["verfahren"]["erledigung"] == OFFEN, "eingang", constant(w.datenstand + 5))


def _pending_for_ever(w: Eingriff) -> Ints:
    open_ = w["verfahren"]["erledigung"] == OFFEN
    return shift(w, "verfahren", open_, "eingang", constant(w.datenstand - 11 * YEAR))


FEHLER: tuple[Fehler, ...] = (
    Fehler(
        "R01",
        "MIN-013",
        "leistungsminderung",
        "Minderung höher als 30 % des Regelbedarfs",
        "Betrag versechsfacht und 200 € mehr",
        _reduction_too_high,
        "SELECT minderung_id FROM leistungsminderung WHERE betrag > 169",
    ),
    Fehler(
        "R02",
        "MIN-006",
        "leistungsminderung",
        "Minderung endet vor ihrem Beginn",
        "Ende am Tag vor Beginn",
        _reduction_ends_first,
        "SELECT minderung_id FROM leistungsminderung WHERE ende < beginn",
    ),
    Fehler(
        "R03",
        "MIN-011",
        "leistungsminderung",
        "Minderung wegen Meldeversäumnis länger als einen Monat",
        "Ende 400 Tage nach Beginn",
        _reduction_too_long,
        "SELECT minderung_id FROM leistungsminderung WHERE ende > beginn + INTERVAL 3 MONTH",
    ),
    Fehler(
        "R04",
        "MIN-007",
        "leistungsminderung",
        "Negative Minderung",
        "Betrag −50 €",
        _negative_reduction,
        "SELECT minderung_id FROM leistungsminderung WHERE betrag < 0",
    ),
    Fehler(
        "R05",
        "MIN-008",
        "leistungsminderung",
        "Minderung beginnt nicht am Monatsersten",
        "Beginn am zweiten Tag des Monats",
        _reduction_in_mid_month,
        "SELECT minderung_id FROM leistungsminderung WHERE day(beginn) <> 1",
    ),
    Fehler(
        "R06",
        "MIN-010",
        "leistungsminderung",
        "Minderung wegen Pflichtverletzung länger als drei Monate",
        "fünf Monate",
        _breach_of_duty_too_long,
        "SELECT minderung_id FROM leistungsminderung WHERE grund = 'PFLICHT' AND ende > beginn + INTERVAL 4 MONTH",
    ),
    Fehler(
        "R07",
        "MIN-012",
        "leistungsminderung",
        "Minderung wegen Arbeitsverweigerung länger als zwei Monate",
        "fünf Monate",
        _refusal_too_long,
        "SELECT minderung_id FROM leistungsminderung WHERE grund = 'ARBEIT' AND ende > beginn + INTERVAL 4 MONTH",
    ),
    Fehler(
        "R08",
        "MIN-014",
        "leistungsminderung",
        "Minderung im Sanktionsmoratorium",
        "August 2022",
        _reduction_in_moratorium,
        "SELECT minderung_id FROM leistungsminderung WHERE beginn BETWEEN DATE '2022-07-01' AND DATE '2022-12-31'",
    ),
    Fehler(
        "R09",
        "MIN-015",
        "leistungsminderung",
        "Minderung in fremder Bedarfsgemeinschaft",
        "BG einer anderen Person",
        _reduction_in_foreign_bg,
        "SELECT minderung_id FROM leistungsminderung ANTI JOIN bg_mitglied USING (kundennummer, bg_nummer)",
    ),
    Fehler(
        "R10",
        "MIN-016",
        "leistungsminderung",
        "Minderung für ein Kind",
        "Kind unter 10 gemindert",
        _reduction_of_a_child,
        "SELECT minderung_id FROM leistungsminderung "
        "JOIN person USING (kundennummer) WHERE beginn < geburtsdatum + INTERVAL 14 YEAR",
    ),
    Fehler(
        "R11",
        "MIN-017",
        "leistungsminderung",
        "Minderung doppelt erfasst",
        "dieselbe Minderung unter zweiter Nummer",
        _reduction_twice,
        "SELECT a.minderung_id FROM leistungsminderung a JOIN leistungsminderung b USING (kundennummer, grund, beginn) "
        "WHERE a.minderung_id <> b.minderung_id",
    ),
    Fehler(
        "R12",
        "MIN-018",
        "leistungsminderung",
        "Minderung ohne Wirkung im Geld",
        "Minderung in einem ungeminderten Monat",
        _reduction_without_effect,
        "SELECT minderung_id FROM leistungsminderung l "
        "WHERE (SELECT sum(minderung) FROM leistung g "
        "WHERE g.kundennummer = l.kundennummer AND g.monat = l.beginn) = 0",
    ),
    Fehler(
        "V01",
        "VER-004",
        "verfahren",
        "Verfahren erledigt vor Eingang",
        "Erledigung sieben Tage vor Eingang",
        _settled_before_filed,
        "SELECT verfahren_id FROM verfahren WHERE erledigung < eingang",
    ),
    Fehler(
        "V02",
        "VER-005",
        "verfahren",
        "Erledigtes Verfahren ohne Erledigungsart",
        "Erledigungsart geleert",
        _settled_without_kind,
        "SELECT verfahren_id FROM verfahren WHERE erledigung IS NOT NULL AND erledigungsart IS NULL",
    ),
    Fehler(
        "V03",
        "VER-006",
        "verfahren",
        "Verfahren geht nach dem Datenstand ein",
        "Eingang fünf Tage nach dem Datenstand",
        _filed_in_the_future,
        f"SELECT verfahren_id FROM verfahren WHERE eingang > {DATENSTAND}",
    ),
    Fehler(
        "V04",
        "VER-007",
        "verfahren",
        "Verfahren seit über zehn Jahren offen",
        "Eingang vor elf Jahren",
        _pending_for_ever,
        f"SELECT verfahren_id FROM verfahren WHERE erledigung IS NULL AND eingang + INTERVAL 10 YEAR < {DATENSTAND}",
    ),
)
