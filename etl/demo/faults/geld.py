"""Defects of benefits, income and housing."""

from __future__ import annotations

import numpy as np

from etl.demo.arrays import LEER, OFFEN, Bools, Ints
from etl.demo.codes import Leistungsart, Rolle
from etl.demo.faults.eingriff import (
    ENDE,
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
    steady,
    whole,
)


def _payment_differs(w: Eingriff) -> Ints:
    zahlung = w["leistung"]["zahlung"]
    return shift(w, "leistung", plain(w, Leistungsart.KDU22_1), "zahlung", lambda r: zahlung[r] + 1)


def _negative_entitlement(w: Eingriff) -> Ints:
    rows = w.pick("leistung", plain(w, Leistungsart.MB21))
    w["leistung"]["anspruch"][rows] = w["leistung"]["zahlung"][rows] = -1234
    return rows


def _entitlement_above_need(w: Eingriff) -> Ints:
    rows = w.pick("leistung", plain(w, Leistungsart.KDU22_1))
    w["leistung"]["anspruch"][rows] = w["leistung"]["zahlung"][rows] = w["leistung"]["bedarf"][rows] + 5000
    return rows


def _cut_above_entitlement(w: Eingriff) -> Ints:
    rows = w.pick("leistung", plain(w, Leistungsart.SOZ23))
    data = w["leistung"]
    data["minderung"][rows] = data["anspruch"][rows] + 1000
    data["zahlung"][rows] = -1000
    return rows


def _housing_cut(w: Eingriff) -> Ints:
    rows = w.pick("leistung", plain(w, Leistungsart.KDU22_1))
    data = w["leistung"]
    data["minderung"][rows] = data["anspruch"][rows] // 10
    data["zahlung"][rows] = data["anspruch"][rows] - data["minderung"][rows]
    return rows


def _money_without_membership(w: Eingriff) -> Ints:
    """Money in the first month of the delivery for somebody who came later."""
    m, data = w["bg_mitglied"], w["leistung"]
    first = int(data["monat"].min())
    came = np.full(int(m["kundennummer"].max(initial=0)) + 1, OFFEN, dtype=np.int64)
    np.minimum.at(came, m["kundennummer"].astype(np.int64), m["von"].astype(np.int64))
    late = came[data["kundennummer"]] > first + 62
    rows = w.pick("leistung", plain(w, Leistungsart.RB20) & late)
    return w.append("leistung", rows, monat=np.full(len(rows), first))


def _income_above_available(w: Eingriff) -> Ints:
    e = w["einkommen"]
    return shift(w, "einkommen", whole(e), "betrag_angerechnet", lambda r: e["betrag_verfuegbar"][r] + 2500)


def _negative_income(w: Eingriff) -> Ints:
    e = w["einkommen"]
    return shift(w, "einkommen", whole(e), "betrag_verfuegbar", lambda r: -numbers(e, "betrag_verfuegbar")[r] - 1)


def _recognised_above_actual(w: Eingriff) -> Ints:
    u = w["unterkunft"]
    return shift(w, "unterkunft", whole(u), "kosten_anerkannt", lambda r: u["kosten_tatsaechlich"][r] + 10000)


def _heating_above_actual(w: Eingriff) -> Ints:
    u = w["unterkunft"]
    return shift(w, "unterkunft", whole(u), "heizkosten_anerkannt", lambda r: u["heizkosten_tatsaechlich"][r] + 3000)


def _no_floor(w: Eingriff) -> Ints:
    u = w["unterkunft"]
    return shift(w, "unterkunft", u["wohnflaeche_qm"] != LEER, "wohnflaeche_qm", constant(0))


def _nobody_at_home(w: Eingriff) -> Ints:
    u = w["unterkunft"]
    return shift(w, "unterkunft", whole(u), "personen_haushalt", constant(0))


def _money_from_two_bgs(w: Eingriff) -> Ints:
    rows = w.pick("leistung", steady(w, "leistung", members(w, Rolle.HP)) & plain(w, Leistungsart.RB20))
    return w.append("leistung", rows, bg_nummer=np.roll(numbers(w["leistung"], "bg_nummer")[rows], 1))


def _child_benefit_for_head(w: Eingriff) -> Ints:
    mask = steady(w, "leistung", members(w, Rolle.HP)) & plain(w, Leistungsart.RB20)
    return shift(w, "leistung", mask, "leistungsart", constant(Leistungsart.SOZ23))


def _education_for_adults(w: Eingriff) -> Ints:
    grown = members(w, Rolle.HP) & (member_ages(w) > 35 * YEAR)
    rows = w.pick("leistung", steady(w, "leistung", grown) & plain(w, Leistungsart.RB20))
    amount = np.full(len(rows), 3000)
    kind = np.full(len(rows), Leistungsart.BUT28)
    return w.append("leistung", rows, leistungsart=kind, bedarf=amount, anspruch=amount, zahlung=amount)


def _slipped_comma(w: Eingriff) -> Ints:
    return shift(w, "leistung", plain(w, Leistungsart.KDU22_1), "bedarf", constant(1_200_000))


def _cut(w: Eingriff, percent: int, before: int) -> Ints:
    """Reduce the standard benefits of persons who have no reduction, in a month before a day."""
    data = w["leistung"]
    known = np.isin(data["kundennummer"], w["leistungsminderung"]["kundennummer"])
    mask = steady(w, "leistung", members(w, Rolle.HP)) & plain(w, Leistungsart.RB20) & ~known
    rows = w.pick("leistung", mask & (data["anspruch"] == data["bedarf"]) & (data["monat"] < before))
    data["minderung"][rows] = data["bedarf"][rows] * percent // 100
    data["zahlung"][rows] = data["anspruch"][rows] - data["minderung"][rows]
    return rows


def _cut_above_limit(w: Eingriff) -> Ints:
    return _cut(w, 40, day("2026-07-01"))  # since then refused work costs more


def _cut_without_reduction(w: Eingriff) -> Ints:
    return _cut(w, 10, w.datenstand)


def _less_than_need(w: Eingriff) -> Ints:
    """Twenty euros less than need minus income."""
    rows = w.pick("leistung", steady(w, "leistung", members(w, Rolle.HP)) & plain(w, Leistungsart.KDU22_1))
    for name in ("anspruch", "zahlung"):
        w["leistung"][name][rows] -= 2000
    return rows


def _income_slipped_comma(w: Eingriff) -> Ints:
    return shift(w, "einkommen", whole(w["einkommen"]), "betrag_verfuegbar", constant(1_200_000))


def _income_before_membership(w: Eingriff) -> Ints:
    """Income in the first month of the delivery for somebody who came later."""
    e = w["einkommen"]
    rows = w.pick("einkommen", _came_later(w, "kundennummer")[numbers(e, "kundennummer")])
    return w.append("einkommen", rows, monat=np.full(len(rows), w.first_month))


def _came_later(w: Eingriff, owner: str) -> Bools:
    """Return by number whether the first membership begins months after the delivery's first month."""
    m = w["bg_mitglied"]
    came = np.full(int(m[owner].max(initial=0)) + 1, OFFEN, dtype=np.int64)
    np.minimum.at(came, numbers(m, owner), numbers(m, "von"))
    late: Bools = came > w.first_month + 62
    return late


def _negative_rent(w: Eingriff) -> Ints:
    return shift(w, "unterkunft", whole(w["unterkunft"]), "kosten_anerkannt", constant(-10_000))


def _household_too_small(w: Eingriff) -> Ints:
    couples = members(w, Rolle.HP) & np.isin(
        w["bg_mitglied"]["bg_nummer"], w["bg_mitglied"]["bg_nummer"][members(w, Rolle.PA)]
    )
    return shift(w, "unterkunft", steady(w, "unterkunft", couples), "personen_haushalt", constant(1))


def _huge_floor(w: Eingriff) -> Ints:
    return shift(w, "unterkunft", w["unterkunft"]["wohnflaeche_qm"] != LEER, "wohnflaeche_qm", constant(70_000))


def _floor_per_person(w: Eingriff) -> Ints:
    """160 square metres per person, and not more than 500 in all."""
    u = w["unterkunft"]
    mask = (u["wohnflaeche_qm"] != LEER) & (u["personen_haushalt"] > 0) & (u["personen_haushalt"] <= 3)
    return shift(w, "unterkunft", mask, "wohnflaeche_qm", lambda r: numbers(u, "personen_haushalt")[r] * 16_000)


def _rent_per_metre(w: Eingriff) -> Ints:
    """60 EUR per square metre."""
    u = w["unterkunft"]
    mask = (u["wohnflaeche_qm"] != LEER) & (u["wohnflaeche_qm"] > 0)
    return shift(w, "unterkunft", mask, "kosten_tatsaechlich", lambda r: numbers(u, "wohnflaeche_qm")[r] * 60)


def _dwelling_before_membership(w: Eingriff) -> Ints:
    u = w["unterkunft"]
    rows = w.pick("unterkunft", _came_later(w, "bg_nummer")[numbers(u, "bg_nummer")])
    return w.append("unterkunft", rows, monat=np.full(len(rows), w.first_month))


def _rent_not_recognised(w: Eingriff) -> Ints:
    """Nothing is recognised where rent is granted."""
    u, data = w["unterkunft"], w["leistung"]
    granted = data["bg_nummer"] * OFFEN + data["monat"]
    paid = np.isin(u["bg_nummer"] * OFFEN + u["monat"], granted[plain(w, Leistungsart.KDU22_1)])
    rows = w.pick("unterkunft", paid)
    u["kosten_anerkannt"][rows] = u["heizkosten_anerkannt"][rows] = 0
    return rows


_L = "kundennummer, bg_nummer, monat, leistungsart"
_E = "kundennummer, monat, einkommensart"
_U = "bg_nummer, monat"

FEHLER: tuple[Fehler, ...] = (
    Fehler(
        "L01",
        "LEI-008",
        "leistung",
        "Zahlung ungleich Anspruch minus Minderung",
        "Zahlung um einen Cent erhöht",
        _payment_differs,
        f"SELECT {_L} FROM leistung WHERE zahlung <> anspruch - minderung",
    ),
    Fehler(
        "L02",
        "LEI-009",
        "leistung",
        "Negativer Anspruch",
        "Anspruch −12,34 €",
        _negative_entitlement,
        f"SELECT {_L} FROM leistung WHERE anspruch < 0",
    ),
    Fehler(
        "L03",
        "LEI-010",
        "leistung",
        "Anspruch höher als Bedarf",
        "Anspruch 50 € über dem Bedarf",
        _entitlement_above_need,
        f"SELECT {_L} FROM leistung WHERE anspruch > bedarf",
    ),
    Fehler(
        "L04",
        "LEI-011",
        "leistung",
        "Minderung höher als Anspruch",
        "Minderung 10 € über dem Anspruch",
        _cut_above_entitlement,
        f"SELECT {_L} FROM leistung WHERE minderung > anspruch AND anspruch >= 0",
    ),
    Fehler(
        "L05",
        "LEI-012",
        "leistung",
        "Unterkunft gemindert",
        "ein Zehntel der Unterkunftskosten gemindert",
        _housing_cut,
        f"SELECT {_L} FROM leistung WHERE leistungsart = 'KDU22_1' AND minderung > 0",
    ),
    Fehler(
        "L06",
        "LEI-015",
        "leistung",
        "Leistung ohne Mitgliedschaft",
        "Leistung im ersten Monat der Lieferung für später Zugegangene",
        _money_without_membership,
        f"SELECT {_L} FROM leistung l WHERE NOT EXISTS (FROM bg_mitglied m WHERE m.kundennummer = l.kundennummer "
        f"AND m.bg_nummer = l.bg_nummer AND m.von <= last_day(l.monat) AND {ENDE.format('m.bis')} >= l.monat)",
    ),
    Fehler(
        "E01",
        "EIN-006",
        "einkommen",
        "Angerechnet mehr als verfügbar",
        "25 € mehr angerechnet als verfügbar",
        _income_above_available,
        f"SELECT {_E} FROM einkommen WHERE betrag_angerechnet > betrag_verfuegbar AND betrag_verfuegbar >= 0",
    ),
    Fehler(
        "E02",
        "EIN-005",
        "einkommen",
        "Negatives verfügbares Einkommen",
        "Vorzeichen gedreht",
        _negative_income,
        f"SELECT {_E} FROM einkommen WHERE betrag_verfuegbar < 0",
    ),
    Fehler(
        "U01",
        "UNT-005",
        "unterkunft",
        "Anerkannte Unterkunftskosten über den tatsächlichen",
        "100 € mehr anerkannt",
        _recognised_above_actual,
        f"SELECT {_U} FROM unterkunft WHERE kosten_anerkannt > kosten_tatsaechlich",
    ),
    Fehler(
        "U02",
        "UNT-005",
        "unterkunft",
        "Anerkannte Heizkosten über den tatsächlichen",
        "30 € mehr anerkannt",
        _heating_above_actual,
        f"SELECT {_U} FROM unterkunft WHERE heizkosten_anerkannt > heizkosten_tatsaechlich",
    ),
    Fehler(
        "U03",
        "UNT-009",
        "unterkunft",
        "Wohnfläche 0",
        "Wohnfläche auf 0 gesetzt",
        _no_floor,
        f"SELECT {_U} FROM unterkunft WHERE wohnflaeche_qm = 0",
    ),
    Fehler(
        "U04",
        "UNT-007",
        "unterkunft",
        "Niemand im Haushalt",
        "Personen im Haushalt auf 0 gesetzt",
        _nobody_at_home,
        f"SELECT {_U} FROM unterkunft WHERE personen_haushalt < 1",
    ),
    Fehler(
        "L07",
        "LEI-016",
        "leistung",
        "Gesamtregelleistung aus zwei Bedarfsgemeinschaften",
        "Regelbedarf desselben Monats auch in einer fremden BG",
        _money_from_two_bgs,
        f"SELECT {_L} FROM leistung ANTI JOIN bg_mitglied USING (kundennummer, bg_nummer)",
    ),
    Fehler(
        "L08",
        "LEI-021",
        "leistung",
        "Regelbedarf nach § 23 für eine Hauptperson",
        "Regelbedarf der Hauptperson als SOZ23",
        _child_benefit_for_head,
        f"SELECT {_L} FROM leistung SEMI JOIN (FROM bg_mitglied WHERE rolle = 'HP') AS h USING (kundennummer) "
        "WHERE leistungsart = 'SOZ23'",
    ),
    Fehler(
        "L09",
        "LEI-022",
        "leistung",
        "Bildung und Teilhabe für Erwachsene",
        "30 € Bildung und Teilhabe für eine Hauptperson über 35",
        _education_for_adults,
        f"SELECT {_L} FROM leistung JOIN person USING (kundennummer) "
        "WHERE leistungsart = 'BUT28' AND geburtsdatum + INTERVAL 25 YEAR <= monat",
    ),
    Fehler(
        "L10",
        "LEI-024",
        "leistung",
        "Unglaubhaft hoher Bedarf",
        "Bedarf für Unterkunft 12.000 €",
        _slipped_comma,
        f"SELECT {_L} FROM leistung WHERE bedarf > 10000",
    ),
    Fehler(
        "L11",
        "LEI-025",
        "leistung",
        "Minderung des Monats über der Obergrenze",
        "40 % des Regelbedarfs gemindert",
        _cut_above_limit,
        f"SELECT {_L} FROM leistung WHERE leistungsart = 'RB20' AND minderung > 0.31 * bedarf",
    ),
    Fehler(
        "L12",
        "LIE-006",
        "leistung",
        "Minderung im Geld ohne Leistungsminderung",
        "10 % gemindert, ohne Satz in leistungsminderung",
        _cut_without_reduction,
        f"SELECT {_L} FROM leistung ANTI JOIN leistungsminderung USING (kundennummer) "
        "WHERE leistungsart = 'RB20' AND minderung > 0",
    ),
    Fehler(
        "L13",
        "LIE-010",
        "leistung",
        "Anspruch ungleich Bedarf minus Einkommen",
        "Anspruch 20 € zu niedrig",
        _less_than_need,
        f"SELECT {_L} FROM leistung l JOIN (SELECT bg_nummer, monat, sum(bedarf - anspruch) AS gedeckt, "
        "list(DISTINCT kundennummer) AS personen FROM leistung GROUP BY ALL) AS g USING (bg_nummer, monat) "
        "WHERE gedeckt <> coalesce((SELECT sum(betrag_angerechnet) FROM einkommen e "
        "WHERE e.monat = l.monat AND list_contains(g.personen, e.kundennummer)), 0) "
        "AND NOT EXISTS (FROM leistung x WHERE x.monat = l.monat AND x.bg_nummer <> l.bg_nummer "
        "AND list_contains(g.personen, x.kundennummer))",
    ),
    Fehler(
        "E03",
        "EIN-008",
        "einkommen",
        "Unglaubhaft hohes Einkommen",
        "12.000 € verfügbar",
        _income_slipped_comma,
        f"SELECT {_E} FROM einkommen WHERE betrag_verfuegbar > 10000",
    ),
    Fehler(
        "E04",
        "EIN-007",
        "einkommen",
        "Einkommen ohne Mitgliedschaft",
        "Einkommen im ersten Monat der Lieferung für später Zugegangene",
        _income_before_membership,
        f"SELECT {_E} FROM einkommen WHERE last_day(monat) < (SELECT min(von) FROM bg_mitglied m "
        "WHERE m.kundennummer = einkommen.kundennummer)",
    ),
    Fehler(
        "U05",
        "UNT-006",
        "unterkunft",
        "Negative Unterkunftskosten",
        "−100 € anerkannt",
        _negative_rent,
        f"SELECT {_U} FROM unterkunft WHERE kosten_anerkannt < 0",
    ),
    Fehler(
        "U06",
        "UNT-008",
        "unterkunft",
        "Haushalt kleiner als die Bedarfsgemeinschaft",
        "ein Paar in einem Haushalt mit einer Person",
        _household_too_small,
        f"SELECT {_U} FROM unterkunft u WHERE personen_haushalt < (SELECT count(*) FROM bg_mitglied m "
        "WHERE m.bg_nummer = u.bg_nummer AND von <= u.monat AND bis IS NULL)",
    ),
    Fehler(
        "U07",
        "UNT-009",
        "unterkunft",
        "Unglaubhaft große Wohnung",
        "700 Quadratmeter",
        _huge_floor,
        f"SELECT {_U} FROM unterkunft WHERE wohnflaeche_qm > 500",
    ),
    Fehler(
        "U08",
        "UNT-012",
        "unterkunft",
        "Unglaubhaft viel Wohnfläche je Person",
        "160 Quadratmeter je Person",
        _floor_per_person,
        f"SELECT {_U} FROM unterkunft WHERE personen_haushalt > 0 AND wohnflaeche_qm / personen_haushalt > 150",
    ),
    Fehler(
        "U09",
        "UNT-013",
        "unterkunft",
        "Unglaubhaft hohe Miete",
        "60 € je Quadratmeter",
        _rent_per_metre,
        f"SELECT {_U} FROM unterkunft WHERE kosten_tatsaechlich > 40 * wohnflaeche_qm AND wohnflaeche_qm > 0",
    ),
    Fehler(
        "U10",
        "UNT-014",
        "unterkunft",
        "Unterkunft ohne Mitglieder",
        "Unterkunft im ersten Monat der Lieferung für eine spätere BG",
        _dwelling_before_membership,
        f"SELECT {_U} FROM unterkunft WHERE last_day(monat) < (SELECT min(von) FROM bg_mitglied m "
        "WHERE m.bg_nummer = unterkunft.bg_nummer)",
    ),
    Fehler(
        "U11",
        "UNT-015",
        "unterkunft",
        "Bedarf für Unterkunft ohne anerkannte Kosten",
        "keine Kosten anerkannt",
        _rent_not_recognised,
        f"SELECT {_U} FROM unterkunft JOIN (SELECT bg_nummer, monat, sum(bedarf) AS kdu FROM leistung "
        "WHERE leistungsart = 'KDU22_1' GROUP BY ALL) AS l USING (bg_nummer, monat) "
        "WHERE kdu > kosten_anerkannt + heizkosten_anerkannt",
    ),
)
