"""Catalogue of defects that the contract lets pass and the validation must find.

One entry = one defect: where, what a reader calls it, how it is planted, and the SQL that proves it (the rows it finds
begin with the table's primary key). Every entry damages its own records, so the defects do not hide each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.contract import TABLES
from etl.demo.arrays import LEER, OFFEN, Ints, stream
from etl.demo.codes import Art, Leistungsart, Rolle, Status
from etl.demo.tabellen import Tabelle, Tabellen
from etl.demo.write import encode

# Each defect is planted this often: enough to be seen, too few to move a figure by much.
ANZAHL = 5
YEAR = 365


class Eingriff:
    """What planting a defect needs: the tables, chance, and the persons already damaged (each gets one defect only)."""

    def __init__(self, tables: Tabellen, rng: np.random.Generator) -> None:
        """Work on ``tables`` in place."""
        self.tables, self.rng = tables, rng
        self._used: dict[str, NDArray[np.bool_]] = {}

    def __getitem__(self, table: str) -> Tabelle:
        return self.tables[table]

    def pick(self, table: str, mask: NDArray[np.bool_], n: int = ANZAHL) -> Ints:
        """Draw up to ``n`` rows from those in ``mask`` whose owner is still undamaged, one row per owner."""
        column = "kundennummer" if "kundennummer" in self[table] else "bg_nummer"
        if column not in self[table]:
            column = TABLES[table].primary_key[0]
        owner = self[table][column].astype(np.int64)
        used = self._used.setdefault(column, np.zeros(0, dtype=bool))
        if len(used) <= owner.max(initial=0):
            used = np.concatenate([used, np.zeros(int(owner.max(initial=0)) + 1 - len(used), dtype=bool)])
            self._used[column] = used
        rows = np.flatnonzero(mask & ~used[owner])
        rows = self.rng.permutation(rows)
        _, first = np.unique(owner[rows], return_index=True)
        chosen = np.sort(rows[np.sort(first)[:n]])
        used[owner[chosen]] = True
        return chosen

    def append(self, table: str, rows: Ints, **changes: Ints) -> Ints:
        """Append copies of rows with changed columns; return the new positions."""
        data = self[table]
        first = len(next(iter(data.values())))
        for name, column in data.items():
            copies = changes.get(name, column[rows])
            data[name] = np.concatenate([column, copies.astype(column.dtype)])
        return np.arange(first, first + len(rows))

    def next_ids(self, table: str, column: str, n: int) -> Ints:
        """Return ``n`` fresh running numbers."""
        result: Ints = self[table][column].max(initial=0) + 1 + np.arange(n)
        return result


@dataclass(frozen=True)
class Fehler:
    """One defect of the catalogue. ``plant`` returns the damaged rows of ``table``."""

    id: str
    table: str
    titel: str
    geplant: str
    plant: Callable[[Eingriff], Ints]
    nachweis: str


def plant(tables: Tabellen, seed: int) -> list[dict[str, object]]:
    """Plant every defect of the catalogue into ``tables`` and return the list for ``fehler.json``."""
    work = Eingriff(tables, stream(seed, 0, "fehler"))
    planted = [(fault, fault.plant(work)) for fault in KATALOG]
    result: list[dict[str, object]] = []
    for fault, rows in planted:
        table = TABLES[fault.table]
        chosen = {name: column[rows] for name, column in tables[fault.table].items()}
        data = encode(table, chosen).select(list(table.primary_key)).to_pylist()
        keys = [{name: str(value) for name, value in row.items()} for row in data]
        result.append(
            {
                "id": fault.id,
                "tabelle": fault.table,
                "titel": fault.titel,
                "geplant": fault.geplant,
                "anzahl": len(keys),
                "schluessel": keys,
            }
        )
    return result


def _all(data: Tabelle) -> NDArray[np.bool_]:
    return np.ones(len(next(iter(data.values()))), dtype=bool)


def _column(data: Tabelle, name: str) -> Ints:
    """Return a column that holds numbers."""
    return data[name].astype(np.int64)


def _shift(w: Eingriff, table: str, mask: NDArray[np.bool_], column: str, change: Callable[[Ints], Ints]) -> Ints:
    """Overwrite one column of some rows with a function of the rows."""
    rows = w.pick(table, mask)
    w[table][column][rows] = change(rows)
    return rows


def _unchanged_members(w: Eingriff) -> NDArray[np.bool_]:
    """Memberships that run since long: the only one of the person, open, begun a year before the last begin."""
    m = w["bg_mitglied"]
    once = np.bincount(m["kundennummer"])[m["kundennummer"]] == 1
    mask: NDArray[np.bool_] = (m["bis"] == OFFEN) & once & (m["von"] < m["von"].max(initial=0) - YEAR)
    return mask


def _members(w: Eingriff, *rollen: Rolle) -> NDArray[np.bool_]:
    return _unchanged_members(w) & np.isin(w["bg_mitglied"]["rolle"], rollen)


# ------------------------------------------------------------------ memberships and persons


def _overlapping_membership(w: Eingriff) -> Ints:
    rows = w.pick("bg_mitglied", _members(w, Rolle.KI))
    von = w["bg_mitglied"]["von"][rows] + 90
    return w.append("bg_mitglied", rows, von=von, bis=von + 200)


def _membership_in_two_bgs(w: Eingriff) -> Ints:
    rows = w.pick("bg_mitglied", _members(w, Rolle.KI))
    bg = np.roll(_column(w["bg_mitglied"], "bg_nummer")[rows], 1)
    von = w["bg_mitglied"]["von"][rows] + 60
    return w.append("bg_mitglied", rows, bg_nummer=bg, von=von, rolle=np.full(len(rows), Rolle.SO))


def _second_head(w: Eingriff) -> Ints:
    return _shift(w, "bg_mitglied", _members(w, Rolle.PA), "rolle", lambda r: np.full(len(r), Rolle.HP))


def _membership_ends_first(w: Eingriff) -> Ints:
    m = w["bg_mitglied"]
    return _shift(w, "bg_mitglied", _members(w, Rolle.SO, Rolle.KI), "bis", lambda r: m["von"][r] - 30)


def _head_missing(w: Eingriff) -> Ints:
    m = w["bg_mitglied"]
    alone = np.bincount(m["bg_nummer"])[m["bg_nummer"]] == 1
    return _shift(w, "bg_mitglied", _members(w, Rolle.HP) & alone, "rolle", lambda r: np.full(len(r), Rolle.SO))


def _excluded_and_able_child(w: Eingriff) -> Ints:
    """A small child that is said to be able to work."""
    m, p = w["bg_mitglied"], w["person"]
    born = np.zeros(int(p["kundennummer"].max(initial=0)) + 1, dtype=np.int64)
    born[p["kundennummer"]] = p["geburtsdatum"]
    young = born[m["kundennummer"]] > m["von"].max(initial=0) - 8 * YEAR
    return _shift(
        w, "bg_mitglied", _members(w, Rolle.KI) & young, "erwerbsfaehig", lambda r: np.ones(len(r), dtype=np.int64)
    )


def _person_rows(w: Eingriff, mask: NDArray[np.bool_]) -> Ints:
    """Draw persons through their membership row and return their rows in ``person``."""
    members = w.pick("bg_mitglied", mask)
    numbers = w["person"]["kundennummer"].astype(np.int64)
    return np.searchsorted(numbers, w["bg_mitglied"]["kundennummer"][members])


def _born_later(w: Eingriff) -> Ints:
    rows = _person_rows(w, _members(w, Rolle.KI))
    latest = int(w["bg_mitglied"]["von"].max())
    w["person"]["geburtsdatum"][rows] = latest - 5
    return rows


def _child_older(w: Eingriff) -> Ints:
    rows = _person_rows(w, _members(w, Rolle.KI))
    w["person"]["geburtsdatum"][rows] -= 45 * YEAR
    return rows


def _very_old(w: Eingriff) -> Ints:
    rows = _person_rows(w, _members(w, Rolle.HP))
    w["person"]["geburtsdatum"][rows] -= 90 * YEAR
    return rows


def _married_child(w: Eingriff) -> Ints:
    p = w["person"]
    born = np.zeros(int(p["kundennummer"].max(initial=0)) + 1, dtype=np.int64)
    born[p["kundennummer"]] = p["geburtsdatum"]
    m = w["bg_mitglied"]
    young = born[m["kundennummer"]] > m["von"].max(initial=0) - 12 * YEAR
    rows = _person_rows(w, _members(w, Rolle.KI) & young)
    p["familienstand"][rows] = 1
    return rows


# ------------------------------------------------------------------ bedarfsgemeinschaft


def _bg_ends_first(w: Eingriff) -> Ints:
    b = w["bedarfsgemeinschaft"]
    return _shift(w, "bedarfsgemeinschaft", b["gueltig_bis"] == OFFEN, "gueltig_bis", lambda r: b["gueltig_von"][r] - 1)


def _bg_overlap(w: Eingriff) -> Ints:
    b = w["bedarfsgemeinschaft"]
    rows = w.pick("bedarfsgemeinschaft", b["gueltig_bis"] == OFFEN)
    gemeinde = (b["gemeinde_ags"][rows] + 7) % 51
    return w.append("bedarfsgemeinschaft", rows, gueltig_von=b["gueltig_von"][rows] + 20, gemeinde_ags=gemeinde)


# ------------------------------------------------------------------ money


def _plain(w: Eingriff, *arten: Leistungsart) -> NDArray[np.bool_]:
    leistung = w["leistung"]
    mask: NDArray[np.bool_] = (
        np.isin(leistung["leistungsart"], arten) & (leistung["minderung"] == 0) & (leistung["anspruch"] > 5000)
    )
    return mask


def _payment_differs(w: Eingriff) -> Ints:
    zahlung = w["leistung"]["zahlung"]
    return _shift(w, "leistung", _plain(w, Leistungsart.KDU22_1), "zahlung", lambda r: zahlung[r] + 1)


def _negative_entitlement(w: Eingriff) -> Ints:
    rows = w.pick("leistung", _plain(w, Leistungsart.MB21))
    w["leistung"]["anspruch"][rows] = w["leistung"]["zahlung"][rows] = -1234
    return rows


def _entitlement_above_need(w: Eingriff) -> Ints:
    rows = w.pick("leistung", _plain(w, Leistungsart.KDU22_1))
    w["leistung"]["anspruch"][rows] = w["leistung"]["zahlung"][rows] = w["leistung"]["bedarf"][rows] + 5000
    return rows


def _cut_above_entitlement(w: Eingriff) -> Ints:
    rows = w.pick("leistung", _plain(w, Leistungsart.SOZ23))
    data = w["leistung"]
    data["minderung"][rows] = data["anspruch"][rows] + 1000
    data["zahlung"][rows] = -1000
    return rows


def _housing_cut(w: Eingriff) -> Ints:
    rows = w.pick("leistung", _plain(w, Leistungsart.KDU22_1))
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
    rows = w.pick("leistung", _plain(w, Leistungsart.RB20) & late)
    return w.append("leistung", rows, monat=np.full(len(rows), first))


def _income_above_available(w: Eingriff) -> Ints:
    e = w["einkommen"]
    return _shift(w, "einkommen", _all(e), "betrag_angerechnet", lambda r: e["betrag_verfuegbar"][r] + 2500)


def _negative_income(w: Eingriff) -> Ints:
    e = w["einkommen"]
    return _shift(w, "einkommen", _all(e), "betrag_verfuegbar", lambda r: -_column(e, "betrag_verfuegbar")[r] - 1)


def _recognised_above_actual(w: Eingriff) -> Ints:
    u = w["unterkunft"]
    return _shift(w, "unterkunft", _all(u), "kosten_anerkannt", lambda r: u["kosten_tatsaechlich"][r] + 10000)


def _heating_above_actual(w: Eingriff) -> Ints:
    u = w["unterkunft"]
    return _shift(w, "unterkunft", _all(u), "heizkosten_anerkannt", lambda r: u["heizkosten_tatsaechlich"][r] + 3000)


def _no_floor(w: Eingriff) -> Ints:
    u = w["unterkunft"]
    return _shift(w, "unterkunft", u["wohnflaeche_qm"] != LEER, "wohnflaeche_qm", lambda r: np.zeros(len(r), np.int64))


def _nobody_at_home(w: Eingriff) -> Ints:
    u = w["unterkunft"]
    return _shift(w, "unterkunft", _all(u), "personen_haushalt", lambda r: np.zeros(len(r), np.int64))


# ------------------------------------------------------------------ work


def _job_ends_first(w: Eingriff) -> Ints:
    e = w["erwerbstaetigkeit"]
    return _shift(w, "erwerbstaetigkeit", _all(e), "ende", lambda r: e["beginn"][r] - 10)


def _job_recorded_first(w: Eingriff) -> Ints:
    e = w["erwerbstaetigkeit"]
    return _shift(w, "erwerbstaetigkeit", _all(e), "erfasst_am", lambda r: e["beginn"][r] - 40)


def _job_in_childhood(w: Eingriff) -> Ints:
    e = w["erwerbstaetigkeit"]
    return _shift(w, "erwerbstaetigkeit", e["ende"] == OFFEN, "beginn", lambda r: e["beginn"][r] - 70 * YEAR)


def _job_while_unemployed(w: Eingriff) -> Ints:
    a = w["arbeitsmarktstatus"]
    rows = w.pick("arbeitsmarktstatus", (a["status"] == Status.ALO) & (a["bis"] != OFFEN) & (a["bis"] > a["von"] + 20))
    n = len(rows)
    template = np.zeros(n, dtype=np.int64)
    beginn = a["von"][rows] + 5
    return w.append(
        "erwerbstaetigkeit",
        template,
        erwerb_id=w.next_ids("erwerbstaetigkeit", "erwerb_id", n),
        kundennummer=a["kundennummer"][rows].astype(np.int64),
        art=np.full(n, Art.SVP),
        beginn=beginn,
        ende=np.full(n, OFFEN),
        foerderung=np.full(n, -1),
        erfasst_am=beginn + 3,
    )


def _measure_ends_first(w: Eingriff) -> Ints:
    m = w["massnahme"]
    return _shift(w, "massnahme", _all(m), "austritt", lambda r: m["eintritt"][r] - 14)


def _negative_cost(w: Eingriff) -> Ints:
    m = w["massnahme"]
    return _shift(w, "massnahme", _all(m), "kosten", lambda r: -_column(m, "kosten")[r])


def _measure_twice(w: Eingriff) -> Ints:
    m = w["massnahme"]
    rows = w.pick("massnahme", _all(m))
    return w.append("massnahme", rows, teilnahme_id=w.next_ids("massnahme", "teilnahme_id", len(rows)))


def _two_statuses(w: Eingriff) -> Ints:
    a = w["arbeitsmarktstatus"]
    rows = w.pick("arbeitsmarktstatus", (a["bis"] != OFFEN) & (a["bis"] > a["von"] + 10))
    other = (a["status"][rows] + 1) % 3
    return w.append("arbeitsmarktstatus", rows, von=a["von"][rows] + 3, status=other)


def _status_ends_first(w: Eingriff) -> Ints:
    a = w["arbeitsmarktstatus"]
    return _shift(w, "arbeitsmarktstatus", a["bis"] != OFFEN, "bis", lambda r: a["von"][r] - 2)


# ------------------------------------------------------------------ reductions, proceedings


def _reduction_too_high(w: Eingriff) -> Ints:
    m = w["leistungsminderung"]
    return _shift(w, "leistungsminderung", _all(m), "betrag", lambda r: m["betrag"][r] * 6 + 20000)


def _reduction_ends_first(w: Eingriff) -> Ints:
    m = w["leistungsminderung"]
    return _shift(w, "leistungsminderung", _all(m), "ende", lambda r: m["beginn"][r] - 1)


def _reduction_too_long(w: Eingriff) -> Ints:
    m = w["leistungsminderung"]
    return _shift(w, "leistungsminderung", _all(m), "ende", lambda r: m["beginn"][r] + 400)


def _settled_before_filed(w: Eingriff) -> Ints:
    v = w["verfahren"]
    return _shift(w, "verfahren", v["erledigung"] != OFFEN, "erledigung", lambda r: v["eingang"][r] - 7)


def _settled_without_kind(w: Eingriff) -> Ints:
    v = w["verfahren"]
    return _shift(w, "verfahren", v["erledigung"] != OFFEN, "erledigungsart", lambda r: np.full(len(r), LEER))


_END = "coalesce({}, DATE '2999-12-31')"
_M = "a.kundennummer, a.bg_nummer, a.von"
_B = "a.bg_nummer, a.gueltig_von"
_L = "kundennummer, bg_nummer, monat, leistungsart"
_E = "kundennummer, monat, einkommensart"
_U = "bg_nummer, monat"

KATALOG: tuple[Fehler, ...] = (
    Fehler(
        "M01",
        "bg_mitglied",
        "Mitgliedschaften derselben BG überlappen",
        "zweite Mitgliedschaft in derselben BG, 90 Tage nach Beginn der ersten",
        _overlapping_membership,
        f"SELECT {_M} FROM bg_mitglied a JOIN bg_mitglied b USING (kundennummer, bg_nummer) "
        f"WHERE a.von > b.von AND a.von <= {_END.format('b.bis')}",
    ),
    Fehler(
        "M02",
        "bg_mitglied",
        "Person zugleich in zwei Bedarfsgemeinschaften",
        "zweite Mitgliedschaft in einer fremden BG",
        _membership_in_two_bgs,
        f"SELECT {_M} FROM bg_mitglied a JOIN bg_mitglied b USING (kundennummer) WHERE a.bg_nummer <> b.bg_nummer "
        f"AND a.von <= {_END.format('b.bis')} AND b.von <= {_END.format('a.bis')}",
    ),
    Fehler(
        "M03",
        "bg_mitglied",
        "Zwei Hauptpersonen in einer BG",
        "Partner als Hauptperson",
        _second_head,
        f"SELECT {_M} FROM bg_mitglied a JOIN bg_mitglied b USING (bg_nummer) WHERE a.rolle = 'HP' AND b.rolle = 'HP' "
        f"AND a.kundennummer <> b.kundennummer AND a.von <= {_END.format('b.bis')} AND b.von <= {_END.format('a.bis')}",
    ),
    Fehler(
        "M04",
        "bg_mitglied",
        "Mitgliedschaft endet vor ihrem Beginn",
        "Ende 30 Tage vor Beginn",
        _membership_ends_first,
        f"SELECT {_M} FROM bg_mitglied a WHERE bis < von",
    ),
    Fehler(
        "M05",
        "bg_mitglied",
        "BG ohne Hauptperson",
        "einziges Mitglied mit Rolle SO",
        _head_missing,
        f"SELECT {_M} FROM bg_mitglied a WHERE bg_nummer NOT IN (SELECT bg_nummer FROM bg_mitglied WHERE rolle = 'HP')",
    ),
    Fehler(
        "M06",
        "bg_mitglied",
        "Kind unter 15 als erwerbsfähig geführt",
        "Kind unter 8 erwerbsfähig",
        _excluded_and_able_child,
        f"SELECT {_M} FROM bg_mitglied a JOIN person USING (kundennummer) WHERE erwerbsfaehig "
        "AND geburtsdatum + INTERVAL 15 YEAR > von + INTERVAL 1 DAY",
    ),
    Fehler(
        "P01",
        "person",
        "Geburt nach Beginn der Mitgliedschaft",
        "Geburtsdatum in den letzten Tagen der Lieferung",
        _born_later,
        "SELECT DISTINCT kundennummer FROM person JOIN bg_mitglied USING (kundennummer) WHERE geburtsdatum > von",
    ),
    Fehler(
        "P02",
        "person",
        "Kind älter als ein Elternteil",
        "Kind 45 Jahre älter gemacht",
        _child_older,
        "SELECT DISTINCT k.kundennummer FROM person k JOIN bg_mitglied m ON m.kundennummer = k.kundennummer "
        "AND m.rolle = 'KI' JOIN bg_mitglied e ON e.bg_nummer = m.bg_nummer AND e.rolle IN ('HP', 'PA') "
        "AND e.kundennummer <> m.kundennummer "
        f"AND m.von <= {_END.format('e.bis')} AND e.von <= {_END.format('m.bis')} "
        "JOIN person p ON p.kundennummer = e.kundennummer WHERE k.geburtsdatum <= p.geburtsdatum",
    ),
    Fehler(
        "P03",
        "person",
        "Unmögliches Alter",
        "Hauptperson 90 Jahre älter gemacht",
        _very_old,
        "SELECT kundennummer FROM person WHERE geburtsdatum < DATE '1916-01-01'",
    ),
    Fehler(
        "P04",
        "person",
        "Verheiratetes Kind unter 16",
        "Kind unter 12 verheiratet",
        _married_child,
        "SELECT DISTINCT kundennummer FROM person JOIN bg_mitglied USING (kundennummer) WHERE familienstand <> 'LED' "
        "AND rolle = 'KI' AND geburtsdatum + INTERVAL 16 YEAR > (SELECT max(monat) FROM leistung)",
    ),
    Fehler(
        "B01",
        "bedarfsgemeinschaft",
        "BG-Episode endet vor ihrem Beginn",
        "Ende am Tag vor Beginn",
        _bg_ends_first,
        f"SELECT {_B} FROM bedarfsgemeinschaft a WHERE gueltig_bis < gueltig_von",
    ),
    Fehler(
        "B02",
        "bedarfsgemeinschaft",
        "BG zugleich in zwei Gemeinden",
        "zweite Episode in anderer Gemeinde",
        _bg_overlap,
        f"SELECT {_B} FROM bedarfsgemeinschaft a JOIN bedarfsgemeinschaft b USING (bg_nummer) "
        f"WHERE a.gueltig_von > b.gueltig_von AND a.gueltig_von <= {_END.format('b.gueltig_bis')}",
    ),
    Fehler(
        "L01",
        "leistung",
        "Zahlung ungleich Anspruch minus Minderung",
        "Zahlung um einen Cent erhöht",
        _payment_differs,
        f"SELECT {_L} FROM leistung WHERE zahlung <> anspruch - minderung",
    ),
    Fehler(
        "L02",
        "leistung",
        "Negativer Anspruch",
        "Anspruch −12,34 €",
        _negative_entitlement,
        f"SELECT {_L} FROM leistung WHERE anspruch < 0",
    ),
    Fehler(
        "L03",
        "leistung",
        "Anspruch höher als Bedarf",
        "Anspruch 50 € über dem Bedarf",
        _entitlement_above_need,
        f"SELECT {_L} FROM leistung WHERE anspruch > bedarf",
    ),
    Fehler(
        "L04",
        "leistung",
        "Minderung höher als Anspruch",
        "Minderung 10 € über dem Anspruch",
        _cut_above_entitlement,
        f"SELECT {_L} FROM leistung WHERE minderung > anspruch AND anspruch >= 0",
    ),
    Fehler(
        "L05",
        "leistung",
        "Unterkunft gemindert",
        "ein Zehntel der Unterkunftskosten gemindert",
        _housing_cut,
        f"SELECT {_L} FROM leistung WHERE leistungsart = 'KDU22_1' AND minderung > 0",
    ),
    Fehler(
        "L06",
        "leistung",
        "Leistung ohne Mitgliedschaft",
        "Leistung im ersten Monat der Lieferung für später Zugegangene",
        _money_without_membership,
        f"SELECT {_L} FROM leistung l WHERE NOT EXISTS (FROM bg_mitglied m WHERE m.kundennummer = l.kundennummer "
        f"AND m.bg_nummer = l.bg_nummer AND m.von <= last_day(l.monat) AND {_END.format('m.bis')} >= l.monat)",
    ),
    Fehler(
        "E01",
        "einkommen",
        "Angerechnet mehr als verfügbar",
        "25 € mehr angerechnet als verfügbar",
        _income_above_available,
        f"SELECT {_E} FROM einkommen WHERE betrag_angerechnet > betrag_verfuegbar AND betrag_verfuegbar >= 0",
    ),
    Fehler(
        "E02",
        "einkommen",
        "Negatives verfügbares Einkommen",
        "Vorzeichen gedreht",
        _negative_income,
        f"SELECT {_E} FROM einkommen WHERE betrag_verfuegbar < 0",
    ),
    Fehler(
        "U01",
        "unterkunft",
        "Anerkannte Unterkunftskosten über den tatsächlichen",
        "100 € mehr anerkannt",
        _recognised_above_actual,
        f"SELECT {_U} FROM unterkunft WHERE kosten_anerkannt > kosten_tatsaechlich",
    ),
    Fehler(
        "U02",
        "unterkunft",
        "Anerkannte Heizkosten über den tatsächlichen",
        "30 € mehr anerkannt",
        _heating_above_actual,
        f"SELECT {_U} FROM unterkunft WHERE heizkosten_anerkannt > heizkosten_tatsaechlich",
    ),
    Fehler(
        "U03",
        "unterkunft",
        "Wohnfläche 0",
        "Wohnfläche auf 0 gesetzt",
        _no_floor,
        f"SELECT {_U} FROM unterkunft WHERE wohnflaeche_qm = 0",
    ),
    Fehler(
        "U04",
        "unterkunft",
        "Niemand im Haushalt",
        "Personen im Haushalt auf 0 gesetzt",
        _nobody_at_home,
        f"SELECT {_U} FROM unterkunft WHERE personen_haushalt < 1",
    ),
    Fehler(
        "A01",
        "erwerbstaetigkeit",
        "Beschäftigung endet vor ihrem Beginn",
        "Ende zehn Tage vor Beginn",
        _job_ends_first,
        "SELECT erwerb_id FROM erwerbstaetigkeit WHERE ende < beginn",
    ),
    Fehler(
        "A02",
        "erwerbstaetigkeit",
        "Beschäftigung lange vor ihrem Beginn erfasst",
        "40 Tage vor Beginn erfasst",
        _job_recorded_first,
        "SELECT erwerb_id FROM erwerbstaetigkeit WHERE erfasst_am < beginn - 30",
    ),
    Fehler(
        "A03",
        "erwerbstaetigkeit",
        "Beschäftigung vor dem 15. Geburtstag",
        "Beginn 70 Jahre früher",
        _job_in_childhood,
        "SELECT erwerb_id FROM erwerbstaetigkeit JOIN person USING (kundennummer) "
        "WHERE beginn < geburtsdatum + INTERVAL 13 YEAR",
    ),
    Fehler(
        "A04",
        "erwerbstaetigkeit",
        "Zugleich arbeitslos und versicherungspflichtig beschäftigt",
        "Beschäftigung fünf Tage nach Beginn der Arbeitslosigkeit",
        _job_while_unemployed,
        "SELECT erwerb_id FROM erwerbstaetigkeit e JOIN arbeitsmarktstatus a USING (kundennummer) "
        "WHERE a.status = 'ALO' "
        f"AND e.art = 'SVP' AND e.beginn <= {_END.format('a.bis')} AND {_END.format('e.ende')} >= a.von",
    ),
    Fehler(
        "T01",
        "massnahme",
        "Maßnahme endet vor ihrem Eintritt",
        "Austritt 14 Tage vor Eintritt",
        _measure_ends_first,
        "SELECT teilnahme_id FROM massnahme WHERE austritt < eintritt",
    ),
    Fehler(
        "T02",
        "massnahme",
        "Negative Maßnahmekosten",
        "Vorzeichen gedreht",
        _negative_cost,
        "SELECT teilnahme_id FROM massnahme WHERE kosten < 0",
    ),
    Fehler(
        "T03",
        "massnahme",
        "Maßnahme doppelt erfasst",
        "dieselbe Teilnahme unter zweiter Nummer",
        _measure_twice,
        "SELECT a.teilnahme_id FROM massnahme a JOIN massnahme b USING (kundennummer, instrument, eintritt) "
        "WHERE a.teilnahme_id <> b.teilnahme_id AND a.kosten = b.kosten",
    ),
    Fehler(
        "S01",
        "arbeitsmarktstatus",
        "Zwei Status an einem Tag",
        "anderer Status drei Tage nach Beginn",
        _two_statuses,
        "SELECT a.kundennummer, a.von FROM arbeitsmarktstatus a JOIN arbeitsmarktstatus b USING (kundennummer) "
        f"WHERE a.von > b.von AND a.von <= {_END.format('b.bis')}",
    ),
    Fehler(
        "S02",
        "arbeitsmarktstatus",
        "Status endet vor seinem Beginn",
        "Ende zwei Tage vor Beginn",
        _status_ends_first,
        "SELECT kundennummer, von FROM arbeitsmarktstatus WHERE bis < von",
    ),
    Fehler(
        "R01",
        "leistungsminderung",
        "Minderung höher als 30 % des Regelbedarfs",
        "Betrag versechsfacht und 200 € mehr",
        _reduction_too_high,
        "SELECT minderung_id FROM leistungsminderung WHERE betrag > 169",
    ),
    Fehler(
        "R02",
        "leistungsminderung",
        "Minderung endet vor ihrem Beginn",
        "Ende am Tag vor Beginn",
        _reduction_ends_first,
        "SELECT minderung_id FROM leistungsminderung WHERE ende < beginn",
    ),
    Fehler(
        "R03",
        "leistungsminderung",
        "Minderung länger als drei Monate",
        "Ende 400 Tage nach Beginn",
        _reduction_too_long,
        "SELECT minderung_id FROM leistungsminderung WHERE ende > beginn + INTERVAL 3 MONTH",
    ),
    Fehler(
        "V01",
        "verfahren",
        "Verfahren erledigt vor Eingang",
        "Erledigung sieben Tage vor Eingang",
        _settled_before_filed,
        "SELECT verfahren_id FROM verfahren WHERE erledigung < eingang",
    ),
    Fehler(
        "V02",
        "verfahren",
        "Erledigtes Verfahren ohne Erledigungsart",
        "Erledigungsart geleert",
        _settled_without_kind,
        "SELECT verfahren_id FROM verfahren WHERE erledigung IS NOT NULL AND erledigungsart IS NULL",
    ),
)
