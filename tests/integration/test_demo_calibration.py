"""The full-size synthetic job centre against published figures of the Ortenaukreis, counted by the contract's rules.

The published values are in ``tests/data/ortenaukreis_veroeffentlicht.csv`` with their sources; the counting here is a
plain SQL of its own, independent of both the generator and the product's figures.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

from etl.contract import TABLES
from etl.demo import DemoRequest, generate
from etl.monat import Monat

pytestmark = pytest.mark.slow
PUBLISHED = Path(__file__).parents[1] / "data" / "ortenaukreis_veroeffentlicht.csv"
GRL = "('RB20', 'MB21', 'SOZ23', 'KDU22_1', 'INST22_2')"
OPEN = "DATE '2999-12-31'"

# Rules 1 and 2: one membership per person and counting day, the group from it and the month's money in that BG.
GROUPS = f"""
CREATE TABLE gruppe AS
WITH tag AS (SELECT DISTINCT monat, monat + 14 AS s FROM leistung),
mitglied AS (
  SELECT tag.monat, tag.s, m.*,
         row_number() OVER (PARTITION BY tag.monat, m.kundennummer ORDER BY m.von DESC, m.bg_nummer) AS rang
  FROM tag JOIN bg_mitglied m ON m.von <= tag.s AND coalesce(m.bis, {OPEN}) >= tag.s),
geld AS (
  SELECT monat, kundennummer, bg_nummer,
         coalesce(sum(anspruch) FILTER (leistungsart IN {GRL}), 0) AS grl,
         coalesce(sum(anspruch) FILTER (leistungsart NOT IN {GRL}), 0) AS andere
  FROM leistung GROUP BY ALL)
SELECT monat, s, kundennummer, bg_nummer, p.geschlecht, p.staatsangehoerigkeit,
       CASE WHEN ausschlussgrund IS NOT NULL THEN CASE WHEN andere > 0 THEN 'SLB' ELSE 'AUS' END
            WHEN grl > 0 THEN CASE WHEN erwerbsfaehig AND s >= p.geburtsdatum + INTERVAL 15 YEAR
                                    AND s < date_trunc('month', p.geburtsdatum) + INTERVAL 66 YEAR + INTERVAL 2 MONTH
                              THEN 'ELB' ELSE 'NEF' END
            WHEN andere > 0 THEN 'SLB'
            WHEN rolle = 'KI' AND familienstand = 'LED' AND s < p.geburtsdatum + INTERVAL 18 YEAR THEN 'KOL'
            ELSE 'ABGELEHNT' END AS gruppe
FROM mitglied JOIN person p USING (kundennummer) LEFT JOIN geld USING (monat, kundennummer, bg_nummer)
WHERE rang = 1
"""


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    folder = generate(DemoRequest(Monat(2026, 8)), tmp_path_factory.mktemp("demo") / "lieferung")
    return counted(folder)


def counted(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for table in TABLES:
        if (folder / f"{table}.parquet").is_file():
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM '{folder / table}.parquet'")
    connection.execute(GROUPS)
    return connection


def by_month(db: duckdb.DuckDBPyConnection, query: str) -> dict[str, float]:
    return {str(month)[:7]: float(value) for month, value in db.sql(query).fetchall()}


STOCKS = {
    "BG": "SELECT monat, count(DISTINCT bg_nummer) FROM gruppe WHERE gruppe IN ('ELB', 'NEF', 'SLB') GROUP BY 1",
    "PERS": "SELECT monat, count(*) FROM gruppe WHERE gruppe <> 'ABGELEHNT' GROUP BY 1",
    "ELB": "SELECT monat, count(*) FROM gruppe WHERE gruppe = 'ELB' GROUP BY 1",
    "NEF": "SELECT monat, count(*) FROM gruppe WHERE gruppe = 'NEF' GROUP BY 1",
    **{
        status: f"""SELECT monat, count(*) FROM gruppe g JOIN arbeitsmarktstatus a USING (kundennummer)
            WHERE g.gruppe = 'ELB' AND a.status = '{status}'
            AND a.von <= s AND coalesce(a.bis, {OPEN}) >= s GROUP BY 1"""
        for status in ("ALO", "ASU")
    },
}


@pytest.mark.parametrize("groesse", sorted(STOCKS))
def test_stocks_are_within_three_per_cent_of_the_published_ones(db: duckdb.DuckDBPyConnection, groesse: str) -> None:
    published: dict[str, dict[str, float]] = defaultdict(dict)
    with PUBLISHED.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            published[row["groesse"]][row["monat"]] = float(row["wert"])
    ours = by_month(db, STOCKS[groesse])
    assert len(published[groesse]) >= 6
    far = {m: (ours[m], value) for m, value in published[groesse].items() if abs(ours[m] / value - 1) > 0.03}
    assert not far


PARTICIPANTS = f"""SELECT monat, count(DISTINCT kundennummer) FROM gruppe JOIN massnahme USING (kundennummer)
    WHERE eintritt <= s AND coalesce(austritt, {OPEN}) >= s AND instrument NOT IN ('P16_44', 'P16_88', 'P16b')
    AND gruppe = 'ELB' GROUP BY 1"""


def final(values: dict[str, float]) -> dict[str, float]:
    """Leave out the last months: measures and jobs are recorded late."""
    return {month: value for month, value in sorted(values.items()) if month <= "2026-05"}


def test_two_thousand_participants_and_the_published_activation_rate(db: duckdb.DuckDBPyConnection) -> None:
    participants = final(by_month(db, PARTICIPANTS))
    alo, asu = by_month(db, STOCKS["ALO"]), by_month(db, STOCKS["ASU"])
    assert 1900 <= sum(participants.values()) / len(participants) <= 2150
    rates = [n / (alo[m] + asu[m]) for m, n in participants.items()]
    assert all(0.21 <= rate <= 0.26 for rate in rates)


# Rule 4: days of receipt of ELB = memberships cut to the months in which the person is ELB, runs joined over 7 days.
EXITS = f"""
WITH tage AS (
  SELECT g.kundennummer, greatest(m.von, g.monat) AS von, least(coalesce(m.bis, {OPEN}), last_day(g.monat)) AS bis
  FROM (SELECT DISTINCT kundennummer, monat FROM leistung WHERE anspruch > 0 AND leistungsart IN {GRL}) g
  JOIN person p USING (kundennummer) JOIN bg_mitglied m USING (kundennummer)
  WHERE m.erwerbsfaehig AND m.ausschlussgrund IS NULL
    AND m.von <= last_day(g.monat) AND coalesce(m.bis, {OPEN}) >= g.monat),
neu AS (SELECT *, von - 8 > coalesce(max(bis) OVER (PARTITION BY kundennummer ORDER BY von, bis
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), DATE '1900-01-01') AS beginnt FROM tage),
lauf AS (SELECT *, sum(beginnt::int) OVER (PARTITION BY kundennummer ORDER BY von, bis) AS nr FROM neu),
ende AS (SELECT kundennummer, nr, max(bis) AS bis FROM lauf GROUP BY ALL)
SELECT date_trunc('month', bis + INTERVAL 17 DAY) AS monat, count(*) FROM ende
WHERE bis < DATE '2026-08-15' AND bis >= DATE '2023-05-15' GROUP BY 1
"""


def test_400_to_500_elb_leave_in_a_month(db: duckdb.DuckDBPyConnection) -> None:
    exits = by_month(db, EXITS)
    assert 400 <= sum(exits.values()) / len(exits) <= 500
    elb = by_month(db, STOCKS["ELB"])
    rates = [n / elb[m] for m, n in exits.items() if m in elb and m < "2026-08"]
    assert all(0.028 <= rate <= 0.05 for rate in rates)


def test_integrations_peak_in_september_and_stay_in_the_published_range(db: duckdb.DuckDBPyConnection) -> None:
    query = """SELECT (e.monat + INTERVAL 1 MONTH)::DATE AS monat, count(DISTINCT kundennummer)
        FROM gruppe e JOIN erwerbstaetigkeit w USING (kundennummer)
        WHERE e.gruppe = 'ELB' AND w.art <> 'GERING' AND coalesce(w.foerderung, '') NOT IN ('P16d', 'P16i', 'STA')
        AND w.beginn > e.s AND w.beginn <= e.s + INTERVAL 1 MONTH GROUP BY 1"""
    found = final(by_month(db, query))
    elb = by_month(db, STOCKS["ELB"])
    rates = {m: n / elb[m] for m, n in found.items()}
    assert all(0.006 <= rate <= 0.030 for rate in rates.values())
    for year in ("2023", "2024", "2025"):
        months = {m: rate for m, rate in rates.items() if m.startswith(year)}
        assert max(months, key=lambda m: months[m]) == f"{year}-09"


def share(db: duckdb.DuckDBPyConnection, condition: str, base: str) -> float:
    query = f"SELECT avg(({condition})::int) FROM gruppe JOIN person USING (kundennummer) WHERE {base}"
    ((value,),) = db.sql(query).fetchall()
    return float(value)


def test_structures_are_those_of_the_calibration(db: duckdb.DuckDBPyConnection) -> None:
    month = "monat = DATE '2025-06-01' AND gruppe = 'ELB'"
    ((ukraine,),) = db.sql(f"SELECT count(*) FROM gruppe WHERE {month} AND staatsangehoerigkeit = '166'").fetchall()
    assert abs(ukraine - 2199) <= 110
    ((asylum,),) = db.sql(
        f"SELECT count(*) FROM gruppe WHERE {month} "
        "AND staatsangehoerigkeit IN ('475', '423', '438', '439', '224', '273', '232', '461')"
    ).fetchall()
    assert abs(asylum - 1890) <= 95
    assert 0.42 <= share(db, "person.staatsangehoerigkeit <> '000'", month) <= 0.56
    ((working, all_),) = db.sql(
        f"""SELECT count(DISTINCT kundennummer) FILTER (EXISTS (FROM erwerbstaetigkeit w
              WHERE w.kundennummer = g.kundennummer AND w.beginn <= s AND coalesce(w.ende, {OPEN}) >= s)), count(*)
            FROM gruppe g WHERE {month}"""
    ).fetchall()
    assert 0.18 <= working / all_ <= 0.24
    ((stelle,),) = db.sql("SELECT count(DISTINCT geschaeftsstelle) FROM bedarfsgemeinschaft").fetchall()
    ((gemeinde,),) = db.sql("SELECT count(DISTINCT gemeinde_ags) FROM bedarfsgemeinschaft").fetchall()
    assert (stelle, gemeinde) == (5, 51)


def test_the_ukraine_jump_of_june_2022_is_there(tmp_path: Path) -> None:
    db = counted(generate(DemoRequest(Monat(2022, 7), monate=4, personen=9000), tmp_path / "lieferung"))
    bg = by_month(db, STOCKS["BG"])
    assert abs((bg["2022-06"] - bg["2022-05"]) * 2 - 1254) <= 60
    ukrainians = by_month(
        db, "SELECT monat, count(*) FROM gruppe WHERE staatsangehoerigkeit = '166' AND gruppe = 'ELB' GROUP BY 1"
    )
    assert (ukrainians["2022-06"] - ukrainians["2022-05"]) * 2 >= 1000
