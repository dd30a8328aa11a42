"""The synthetic job centre: same bytes, the contract holds, clean data is clean, faults are where they say."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from etl.contract import TABLES
from etl.demo import DemoRequest, generate
from etl.demo.arrays import age_limit_day, age_on, birthday, calendar_key, share_cents
from etl.demo.codes import ENUMS, code_list
from etl.demo.faults import KATALOG
from etl.errors import UsageError
from etl.monat import Monat

BIS = Monat(2026, 8)
SMALL = DemoRequest(BIS, monate=14, personen=600)


def days(*texts: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(texts, dtype="datetime64[D]").astype(np.int64)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(SMALL, tmp_path_factory.mktemp("demo") / "lieferung")


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    request = DemoRequest(BIS, monate=14, personen=600, faults=True)
    return generate(request, tmp_path_factory.mktemp("demo") / "lieferung")


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for table in TABLES:
        path = folder / f"{table}.parquet"
        if path.is_file():
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM '{path}'")
    return connection


def bytes_of(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


# ---------------------------------------------------------------- calendar and cents


def test_age_changes_on_the_birthday_and_leap_days_on_the_first_of_march() -> None:
    born = calendar_key(days("2010-08-15", "2010-08-16", "2008-02-29"))
    assert list(age_on(born, int(days("2025-08-15")[0]))) == [15, 14, 17]
    leap = calendar_key(days("2008-02-29"))
    assert list(age_on(leap, int(days("2023-02-28")[0]))) == [14]
    assert list(age_on(leap, int(days("2023-03-01")[0]))) == [15]
    assert list(birthday(days("2008-02-29"), 15)) == list(days("2023-03-01"))


def test_age_limit_follows_the_examples_of_the_contract() -> None:
    limit = age_limit_day(days("1959-03-01", "1959-03-02", "1946-05-10", "1964-01-01", "1964-01-02"))
    assert list(limit) == list(days("2025-05-01", "2025-06-01", "2011-06-01", "2031-01-01", "2031-02-01"))


def test_shares_add_up_to_the_cent() -> None:
    group, weight = np.array([0, 0, 0, 1, 1]), np.array([70600, 70600, 34000, 0, 5])
    shares = share_cents(np.array([80000, 3]), group, weight)
    # 800 euros over 706.00 / 706.00 / 340.00: the cent left over goes to the first.
    assert list(shares) == [32238, 32237, 15525, 0, 3]


def test_small_integers_are_positions_in_the_code_lists_of_the_contract() -> None:
    for table, column, enum in ENUMS:
        assert [m.name.lower() for m in enum] == [code.lower() for code in code_list(table, column)]


# ---------------------------------------------------------------- request and folder


def test_same_request_same_bytes(clean: Path, tmp_path: Path) -> None:
    again = generate(SMALL, tmp_path / "again")
    assert bytes_of(again) == bytes_of(clean)


def test_another_seed_is_another_job_centre(clean: Path, tmp_path: Path) -> None:
    other = generate(DemoRequest(BIS, monate=14, personen=600, seed=2), tmp_path / "other")
    assert bytes_of(other)["leistung.parquet"] != bytes_of(clean)["leistung.parquet"]


def test_the_next_delivery_gives_the_same_row_the_same_key(clean: Path, tmp_path: Path) -> None:
    """Else a comparison of two deliveries would find everything withdrawn and recorded anew."""
    following = generate(DemoRequest(BIS.shift(1), monate=15, personen=600), tmp_path / "next")
    for table, *names in (
        ("erwerbstaetigkeit", "erwerb_id", "kundennummer", "beginn"),
        ("massnahme", "teilnahme_id", "kundennummer", "eintritt"),
        ("leistungsminderung", "minderung_id", "kundennummer", "beginn"),
        ("verfahren", "verfahren_id", "eingang"),
    ):
        before, after = (pq.read_table(folder / f"{table}.parquet") for folder in (clean, following))
        known = {tuple(row[name] for name in names) for row in after.select(names).to_pylist()}
        rows = {tuple(row[name] for name in names) for row in before.select(names).to_pylist()}
        assert rows, table
        assert rows <= known, table


def test_every_content_has_its_own_id() -> None:
    requests = [
        SMALL,
        DemoRequest(BIS, monate=15, personen=600),
        DemoRequest(BIS, monate=14, personen=601),
        DemoRequest(BIS, monate=14, personen=600, seed=2),
        DemoRequest(BIS, monate=14, personen=600, faults=True),
        DemoRequest(BIS.shift(-1), monate=14, personen=600),
    ]
    assert len({request.lieferung_id for request in requests}) == len(requests)


def test_own_delivery_is_replaced_and_nothing_else(clean: Path, tmp_path: Path) -> None:
    request = DemoRequest(BIS, monate=2, personen=60)
    out = tmp_path / "out"
    generate(request, out)
    (out / "verfahren.parquet").write_bytes(b"damaged")
    generate(request, out)
    assert pq.read_table(out / "verfahren.parquet").num_rows >= 0
    with pytest.raises(UsageError, match="enthält schon etwas anderes"):
        generate(DemoRequest(BIS, monate=3, personen=60), out)
    (out / "notiz.txt").write_text("mein", encoding="utf-8")
    with pytest.raises(UsageError, match="enthält schon etwas anderes"):
        generate(request, out)
    assert (out / "notiz.txt").read_text(encoding="utf-8") == "mein"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


@pytest.mark.parametrize("wrong", [{"monate": 0}, {"personen": 19}, {"seed": -1}, {"monate": 200}])
def test_impossible_requests_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        DemoRequest(BIS, **wrong)  # type: ignore[arg-type]  # the point: wrong arguments


def test_csv_holds_the_same_as_parquet(clean: Path, tmp_path: Path) -> None:
    folder = generate(DemoRequest(BIS, monate=14, personen=600, format="csv"), tmp_path / "csv")
    for name, table in TABLES.items():
        if table.optional:
            continue
        options = pa_csv.ConvertOptions(
            column_types=table.arrow_schema, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True
        )
        read = pa_csv.read_csv(folder / f"{name}.csv", convert_options=options)
        expected = pq.read_table(clean / f"{name}.parquet")
        assert read.cast(expected.schema).equals(expected), name


# ---------------------------------------------------------------- contract


def test_manifest_and_files_agree(clean: Path) -> None:
    manifest = json.loads((clean / "lieferung.json").read_text(encoding="utf-8"))
    assert manifest["vertrag"] == "1.0"
    assert manifest["lieferung_id"] == SMALL.lieferung_id
    assert dt.datetime.fromisoformat(manifest["erstellt_am"]).isoformat() == "2026-08-31T06:00:00+02:00"
    assert [entry["tabelle"] for entry in manifest["dateien"]] == [n for n, t in TABLES.items() if not t.optional]
    for entry in manifest["dateien"]:
        assert pq.read_metadata(clean / entry["datei"]).num_rows == entry["zeilen"] > 0
        assert hashlib.sha256((clean / entry["datei"]).read_bytes()).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("kind", ["clean", "faulty"])
def test_tables_keep_the_contract(kind: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(kind)
    connection = connect(folder)
    for name, table in TABLES.items():
        if table.optional:
            continue
        data: pa.Table = pq.read_table(folder / f"{name}.parquet")
        assert data.schema.equals(table.arrow_schema), name
        for column in table.columns:
            values = data[column.name]
            assert not (column.required and values.null_count), (name, column.name)
            if column.codes:
                assert set(values.to_pylist()) <= {*column.codes, None}, (name, column.name)
            if column.name == "monat":
                assert {value.day for value in values.to_pylist()} == {1}
        key = data.select(list(table.primary_key))
        assert key.group_by(list(table.primary_key)).aggregate([]).num_rows == data.num_rows, name
        for reference in table.references:
            c, parent = reference.column, reference.parent_table
            query = f"SELECT count(*) FROM {name} WHERE {c} NOT IN (SELECT {c} FROM {parent})"
            assert connection.sql(query).fetchall() == [(0,)], (name, c)


@pytest.mark.slow
def test_cohorts_share_no_key(tmp_path: Path) -> None:
    """More than 20,000 persons live in two cohorts, written one after the other."""
    folder = generate(DemoRequest(BIS, monate=1, personen=20_002), tmp_path / "zwei")
    connection = connect(folder)
    for name, table in TABLES.items():
        if table.optional:
            continue
        key = ", ".join(table.primary_key)
        (counts,) = connection.sql(f"SELECT count(*), count(DISTINCT ({key})) FROM {name}").fetchall()
        assert counts[0] == counts[1], name
    assert pq.read_metadata(folder / "person.parquet").num_row_groups == 2


# ---------------------------------------------------------------- clean data is clean

_END = "coalesce({}, DATE '2999-12-31')"
CLEAN_RULES: dict[str, str] = {
    "membership ends before it begins": "FROM bg_mitglied WHERE bis < von",
    "membership overlaps": f"""FROM bg_mitglied a JOIN bg_mitglied b USING (kundennummer)
        WHERE b.von > a.von AND b.von <= {_END.format("a.bis")}
           OR a.von = b.von AND a.bg_nummer < b.bg_nummer""",
    "two HP": f"""FROM bg_mitglied a JOIN bg_mitglied b USING (bg_nummer) WHERE a.rolle = 'HP' AND b.rolle = 'HP'
        AND a.kundennummer < b.kundennummer AND a.von <= {_END.format("b.bis")} AND b.von <= {_END.format("a.bis")}""",
    "no HP": f"""FROM bg_mitglied a WHERE rolle <> 'HP' AND NOT EXISTS (FROM bg_mitglied h
          WHERE h.bg_nummer = a.bg_nummer
        AND h.rolle = 'HP' AND h.von <= a.von AND {_END.format("h.bis")} >= a.von)""",
    "born after membership": "FROM bg_mitglied JOIN person USING (kundennummer) WHERE geburtsdatum > von",
    "able below 15": "FROM bg_mitglied JOIN person USING (kundennummer) "
    "WHERE erwerbsfaehig AND geburtsdatum + INTERVAL 15 YEAR > von + INTERVAL 1 DAY",
    "HP not able or excluded": "FROM bg_mitglied WHERE rolle = 'HP' AND (NOT erwerbsfaehig "
    "OR ausschlussgrund IS NOT NULL)",
    "HP too old": "FROM bg_mitglied JOIN person USING (kundennummer) WHERE rolle = 'HP' "
    "AND coalesce(bis, DATE '2026-08-31') > geburtsdatum + INTERVAL 67 YEAR + INTERVAL 1 MONTH",
    "child of 25 or married": "FROM bg_mitglied JOIN person USING (kundennummer) WHERE rolle = 'KI' "
    "AND (coalesce(bis, von) >= geburtsdatum + INTERVAL 25 YEAR OR von >= geburtsdatum + INTERVAL 25 YEAR)",
    "child not younger than parents": """FROM bg_mitglied k JOIN person pk ON pk.kundennummer = k.kundennummer
        JOIN bg_mitglied e ON e.bg_nummer = k.bg_nummer JOIN person pe ON pe.kundennummer = e.kundennummer
        WHERE k.rolle = 'KI' AND e.rolle IN ('HP', 'PA') AND k.kundennummer <> e.kundennummer
        AND k.von <= coalesce(e.bis, DATE '2999-12-31') AND e.von <= coalesce(k.bis, DATE '2999-12-31')
        AND pk.geburtsdatum < pe.geburtsdatum + INTERVAL 15 YEAR""",
    "BG episode in disorder": f"""FROM bedarfsgemeinschaft a JOIN bedarfsgemeinschaft b USING (bg_nummer)
        WHERE a.gueltig_bis < a.gueltig_von
           OR b.gueltig_von > a.gueltig_von AND b.gueltig_von <= {_END.format("a.gueltig_bis")}""",
    "member without BG episode": f"""FROM bg_mitglied m WHERE NOT EXISTS (FROM bedarfsgemeinschaft b
        WHERE b.bg_nummer = m.bg_nummer AND b.gueltig_von <= m.von AND {_END.format("b.gueltig_bis")} >= m.von)""",
    "money does not add up": "FROM leistung WHERE zahlung <> anspruch - minderung OR anspruch < 0 OR minderung < 0 "
    "OR minderung > anspruch OR anspruch > bedarf OR bedarf <= 0",
    "housing cut": "FROM leistung WHERE minderung > 0 AND leistungsart <> 'RB20'",
    "money without membership": f"""FROM leistung l WHERE NOT EXISTS (FROM bg_mitglied m
          WHERE m.kundennummer = l.kundennummer
        AND m.bg_nummer = l.bg_nummer AND m.von <= last_day(l.monat) AND {_END.format("m.bis")} >= l.monat)""",
    "need - income <> entitlement": """FROM (SELECT bg_nummer, monat, sum(bedarf) AS bedarf, sum(anspruch)
          AS anspruch FROM leistung
          WHERE leistungsart IN ('RB20', 'SOZ23', 'MB21', 'KDU22_1') GROUP BY ALL) l
        JOIN (SELECT z.bg_nummer, e.monat, sum(betrag_angerechnet) AS einkommen
          FROM einkommen e JOIN (SELECT DISTINCT bg_nummer, kundennummer, monat
          FROM leistung) z USING (kundennummer, monat)
          WHERE (SELECT count(DISTINCT bg_nummer) FROM leistung x
                 WHERE x.kundennummer = e.kundennummer AND x.monat = e.monat) = 1
          GROUP BY ALL) e USING (bg_nummer, monat)
        WHERE l.bedarf - e.einkommen <> l.anspruch
          AND NOT EXISTS (FROM leistung a JOIN leistung b USING (kundennummer, monat)
          WHERE a.bg_nummer = l.bg_nummer AND a.monat = l.monat AND b.bg_nummer <> a.bg_nummer)""",
    "income used above available": "FROM einkommen WHERE betrag_angerechnet > betrag_verfuegbar "
    "OR betrag_angerechnet < 0",
    "recognised above actual": "FROM unterkunft WHERE kosten_anerkannt > kosten_tatsaechlich "
    "OR heizkosten_anerkannt > heizkosten_tatsaechlich OR wohnflaeche_qm <= 0 OR personen_haushalt < 1",
    "housing shares above costs": """FROM (SELECT bg_nummer, monat, sum(bedarf) AS kdu FROM leistung
        WHERE leistungsart = 'KDU22_1' GROUP BY ALL) JOIN unterkunft USING (bg_nummer, monat)
        WHERE kdu > kosten_anerkannt + heizkosten_anerkannt""",
    "money without dwelling": "FROM leistung l WHERE NOT EXISTS (FROM unterkunft u WHERE u.bg_nummer = l.bg_nummer "
    "AND u.monat = l.monat)",
    "two statuses": f"""FROM arbeitsmarktstatus a JOIN arbeitsmarktstatus b USING (kundennummer)
        WHERE b.von > a.von AND b.von <= {_END.format("a.bis")} OR a.bis < a.von""",
    "unemployed with a job": f"""FROM arbeitsmarktstatus a JOIN erwerbstaetigkeit e USING (kundennummer)
        WHERE a.status = 'ALO' AND e.art <> 'GERING' AND e.beginn <= {_END.format("a.bis")}
        AND {_END.format("e.ende")} >= a.von""",
    "unemployed in a measure": f"""FROM arbeitsmarktstatus a JOIN massnahme m USING (kundennummer)
        WHERE a.status = 'ALO' AND m.instrument IN ('P16_45', 'P16_81', 'P16d', 'P16i')
        AND m.eintritt <= {_END.format("a.bis")} AND {_END.format("m.austritt")} >= a.von""",
    "job in disorder": "FROM erwerbstaetigkeit JOIN person USING (kundennummer) "
    "WHERE ende < beginn OR erfasst_am < beginn OR erfasst_am > DATE '2026-08-31' "
    "OR beginn < geburtsdatum + INTERVAL 15 YEAR",
    "measure in disorder": "FROM massnahme JOIN person USING (kundennummer) WHERE austritt < eintritt "
    "OR erfasst_am < eintritt "
    "OR erfasst_am > DATE '2026-08-31' OR kosten < 0 OR eintritt < geburtsdatum + INTERVAL 15 YEAR",
    "instrument before its law": "FROM massnahme WHERE instrument = 'P16i' AND eintritt < DATE '2019-01-01' "
    "OR instrument = 'P16k' AND eintritt < DATE '2023-07-01' OR instrument = 'STA' AND eintritt > DATE '2018-12-31'",
    "reduction not in whole months": "FROM leistungsminderung WHERE day(beginn) <> 1 OR ende <> last_day(ende) "
    "OR ende < beginn OR betrag <= 0 OR ende > beginn + INTERVAL 3 MONTH",
    "reduction without effect": """FROM leistungsminderung r WHERE NOT EXISTS (FROM leistung l
        WHERE l.kundennummer = r.kundennummer AND l.bg_nummer = r.bg_nummer AND l.monat = r.beginn
          AND l.minderung >= r.betrag)""",
    "cut without reduction": """FROM leistung l WHERE minderung > 0 AND minderung <> (SELECT sum(betrag)
          FROM leistungsminderung r
        WHERE r.kundennummer = l.kundennummer AND r.beginn <= l.monat AND r.ende >= l.monat)""",
    "cut above 30 %": "FROM leistung WHERE minderung > bedarf * 0.3",
    "proceeding in disorder": "FROM verfahren WHERE erledigung < eingang "
    "OR (erledigung IS NULL) <> (erledigungsart IS NULL)",
    "after the delivery": "FROM bg_mitglied WHERE von > DATE '2026-08-31' OR bis > DATE '2026-08-31'",
    "uninhabited area": "FROM bedarfsgemeinschaft WHERE gemeinde_ags = '08317971'",
    "not obviously made up": "FROM person WHERE kundennummer NOT SIMILAR TO 'DEMO-P-[0-9]{7}'",
}


@pytest.mark.parametrize("rule", sorted(CLEAN_RULES))
def test_clean_data_breaks_no_rule(clean: Path, rule: str) -> None:
    found = connect(clean).sql(f"SELECT count(*) {CLEAN_RULES[rule]}").fetchall()
    assert found == [(0,)]


def test_nobody_is_counted_nowhere_except_the_realistic_rest(clean: Path) -> None:
    """A member without money, exclusion or covered need on a counting day is a reject; a few are meant to be there."""
    rejects = """SELECT count(*) FROM (SELECT DISTINCT monat FROM leistung) t
        JOIN bg_mitglied m ON m.von <= t.monat + 14 AND coalesce(m.bis, DATE '2999-12-31') >= t.monat + 14
        JOIN person USING (kundennummer)
        WHERE ausschlussgrund IS NULL AND NOT (rolle = 'KI' AND geburtsdatum + INTERVAL 18 YEAR > t.monat + 14)
        AND NOT EXISTS (FROM leistung l WHERE l.kundennummer = m.kundennummer AND l.bg_nummer = m.bg_nummer
                        AND l.monat = t.monat AND l.anspruch > 0)"""
    ((count,),) = connect(clean).sql(rejects).fetchall()
    assert count <= 14 * 600 * 0.002


# ---------------------------------------------------------------- faults


def test_catalogue_is_in_order() -> None:
    assert len(KATALOG) >= 60
    assert len({fault.id for fault in KATALOG}) == len(KATALOG)
    assert all(fault.table in TABLES and fault.titel and fault.geplant for fault in KATALOG)


def test_fehler_json_lists_every_fault_with_existing_keys(faulty: Path) -> None:
    entries = json.loads((faulty / "fehler.json").read_text(encoding="utf-8"))
    assert [entry["id"] for entry in entries] == [fault.id for fault in KATALOG]
    for entry in entries:
        data = pq.read_table(faulty / f"{entry['tabelle']}.parquet")
        assert entry["anzahl"] == len(entry["schluessel"]) > 0, entry["id"]
        for key in entry["schluessel"]:
            assert set(key) == set(TABLES[entry["tabelle"]].primary_key)
            mask = np.ones(data.num_rows, dtype=bool)
            for column, value in key.items():
                mask &= np.array([str(v) == value for v in data[column].to_pylist()])
            assert mask.sum() == 1, (entry["id"], key)


def test_every_planted_record_breaks_its_rule_and_the_manifest_leaves_the_list_out(faulty: Path) -> None:
    connection = connect(faulty)
    entries = {e["id"]: e for e in json.loads((faulty / "fehler.json").read_text(encoding="utf-8"))}
    for fault in KATALOG:
        rows = connection.sql(fault.nachweis).fetchall()
        names = TABLES[fault.table].primary_key
        found = {tuple(str(v) for v in row[: len(names)]) for row in rows}
        planted = {tuple(key[name] for name in names) for key in entries[fault.id]["schluessel"]}
        assert planted <= found, fault.id
    assert "fehler" not in (faulty / "lieferung.json").read_text(encoding="utf-8")


def test_proofs_find_nothing_in_clean_data(clean: Path) -> None:
    connection = connect(clean)
    for fault in KATALOG:
        assert connection.sql(fault.nachweis).fetchall() == [], fault.id
