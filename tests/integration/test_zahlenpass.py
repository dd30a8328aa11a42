"""The chain of passports: forged by the database alone, whole or visibly broken, and written with every load."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import threading
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pytest
from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import IntegrityError, ProgrammingError

from etl.errors import WarehouseError
from etl.extract.archive import Archive, ArchivedTable, Delivery
from etl.monat import Monat
from etl.nachweis import kette
from etl.warehouse import CELLS, Herkunft, Role, Rules, load_many, open_url, read_evidence
from etl.warehouse.migrations import FOLDER, migrate
from integration.besitzer import als_besitzer

AUGUST = Monat(2026, 8)
COLUMNS = "traegernummer, art, gegenstand, inhalt_text"
HERKUNFT = Herkunft(programm={"version": "1"}, pakete={"installiert": 2}, ausnahmen=({"ausnahme_id": 7},))


def archive(lieferung: str = "L1", traeger: str = "T1") -> Archive:
    moment = dt.datetime(2026, 9, 10, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    tables = {"person": ArchivedTable(3, "b" * 64, "c" * 64)}
    return Archive(Path(), Delivery(lieferung, traeger, moment), "a" * 64, tables)


def cells(month: Monat = AUGUST, wert: str = "1.00") -> pa.Table:
    row = (str(month), "ELB", "INSGESAMT", "INSGESAMT", Decimal(wert), 0, "ok")
    return pa.Table.from_pylist([dict(zip(CELLS.names, row, strict=True))], schema=CELLS)


def load(connection: Connection, *months: Monat, wert: str = "1.00", reason: str | None = None) -> None:
    rules = Rules("1" * 64, {"a.yaml": "a"}, "2" * 64)
    load_many(connection, archive(), {m: cells(m, wert) for m in months or [AUGUST]}, reason, rules, HERKUNFT)


def rows(connection: Connection, statement: str) -> Sequence[Any]:
    with connection.begin():
        return connection.exec_driver_sql(statement).all()


def add(connection: Connection, *subjects: str, traeger: str = "T1") -> None:
    values = ", ".join(f"('{traeger}', 'datei', '{name}', '{{}}')" for name in subjects)
    with connection.begin():
        connection.exec_driver_sql(f"INSERT INTO jobcenter.zahlenpass ({COLUMNS}) VALUES {values}")


def verdicts(url: str) -> list[str]:
    """What the database's own view says, and that our own arithmetic finds just as many things wrong."""
    with open_url(url, role="auditor") as connection:
        view = [row[0] for row in rows(connection, "SELECT urteil FROM jobcenter.zahlenpass_kette")]
        own = [text for one in read_evidence(connection) for text in kette.check_links(one.kette)]
    assert len(own) == sum(urteil != "unversehrt" for urteil in view), own
    return view


@pytest.fixture
def etl(warehouse_url: str) -> Iterator[Connection]:
    with open_url(warehouse_url, role="etl") as connection:
        yield connection


# --- what the database guards ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["pass_id", "inhalt_sha256", "vorgaenger_sha256", "sha256", "erfasst_am", "inhalt"])
def test_etl_gives_the_content_and_nothing_else(etl: Connection, column: str) -> None:
    with pytest.raises(ProgrammingError) as caught, etl.begin():
        etl.exec_driver_sql(
            f"INSERT INTO jobcenter.zahlenpass ({COLUMNS}, {column}) VALUES ('T1', 'datei', 'x', '{{}}', DEFAULT)"
        )
    assert isinstance(caught.value.orig, psycopg.errors.InsufficientPrivilege | psycopg.errors.GeneratedAlways)
    add(etl, "x")


@pytest.mark.parametrize("role", ["controller", "auditor"])
def test_only_etl_adds_links(etl: Connection, warehouse_url: str, role: Role) -> None:
    with open_url(warehouse_url, role=role) as connection, pytest.raises(ProgrammingError, match="permission denied"):
        add(connection, "x")


@pytest.mark.parametrize("change", ["UPDATE {} SET art = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("replica", [False, True], ids=["", "as a replica"])
def test_not_even_the_owner_changes_a_link(etl: Connection, warehouse_url: str, change: str, *, replica: bool) -> None:
    add(etl, "x")
    with create_engine(warehouse_url, poolclass=NullPool).connect() as owner:
        if replica:
            owner.exec_driver_sql("SET session_replication_role = replica")
        with pytest.raises(ProgrammingError, match="unveränderlich"):
            owner.exec_driver_sql(change.format("jobcenter.zahlenpass"))


def test_not_even_the_owner_forges_a_link(etl: Connection, warehouse_url: str) -> None:
    add(etl, "x")
    with create_engine(warehouse_url, poolclass=NullPool).connect() as owner:
        owner.exec_driver_sql(
            f"INSERT INTO jobcenter.zahlenpass ({COLUMNS}, pass_id, inhalt_sha256, vorgaenger_sha256, sha256, "
            "erfasst_am) VALUES ('T1', 'datei', 'y', '{}', 99, 'x', 'x', 'x', '2020-01-01')"
        )
        owner.commit()
    assert verdicts(warehouse_url) == ["unversehrt", "unversehrt"]
    found = rows(
        etl,
        "SELECT pass_id, vorgaenger_sha256 = lag(sha256) OVER (ORDER BY pass_id), erfasst_am > '2021-01-01' "
        "FROM jobcenter.zahlenpass ORDER BY pass_id",
    )
    assert [tuple(row) for row in found] == [(1, None, True), (2, True, True)]


def test_each_traeger_has_a_chain_without_gaps_also_of_many_rows_at_once(etl: Connection, warehouse_url: str) -> None:
    add(etl, "a", "b", "c")
    add(etl, "a", traeger="T2")
    with etl.begin() as transaction:
        etl.exec_driver_sql(f"INSERT INTO jobcenter.zahlenpass ({COLUMNS}) VALUES ('T1', 'datei', 'nie', '{{}}')")
        transaction.rollback()
    add(etl, "d")
    found = rows(etl, "SELECT traegernummer, pass_id FROM jobcenter.zahlenpass ORDER BY 1, 2")
    assert [tuple(row) for row in found] == [("T1", 1), ("T1", 2), ("T1", 3), ("T1", 4), ("T2", 1)]
    assert verdicts(warehouse_url) == ["unversehrt"] * 5


def test_two_at_once_join_one_after_the_other(etl: Connection, warehouse_url: str) -> None:
    def second() -> None:
        with open_url(warehouse_url, role="etl") as connection:
            add(connection, "zweite")

    waiting = threading.Thread(target=second)
    with etl.begin():
        etl.exec_driver_sql(f"INSERT INTO jobcenter.zahlenpass ({COLUMNS}) VALUES ('T1', 'datei', 'erste', '{{}}')")
        waiting.start()
        while not (locks := etl.exec_driver_sql("SELECT locktype FROM pg_locks WHERE NOT granted").all()):
            assert waiting.is_alive()
        assert [tuple(lock) for lock in locks] == [("advisory",)], "not only the unique index keeps them apart"
    waiting.join()
    assert verdicts(warehouse_url) == ["unversehrt", "unversehrt"]


def test_a_load_without_a_passport_is_refused_at_the_end(etl: Connection) -> None:
    load(etl)
    with pytest.raises(IntegrityError, match="ohne Zahlenpass"), etl.begin():
        etl.exec_driver_sql(
            "INSERT INTO jobcenter.ladung (traegernummer, lieferung_id, berichtsmonat, version, inhalt_sha256, "
            "zeilen, wartezeit) VALUES ('T1', 'L1', '2026-01-01', 1, repeat('a', 64), 1, 0)"
        )


# --- what the chain shows -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("UPDATE jobcenter.zahlenpass SET inhalt_text = '{\"x\": 1}' WHERE pass_id = 2", {2: "Inhalt verändert"}),
        ("UPDATE jobcenter.zahlenpass SET gegenstand = 'z' WHERE pass_id = 2", {2: "Glied verändert"}),
        ("UPDATE jobcenter.zahlenpass SET erfasst_am = '2020-01-01' WHERE pass_id = 2", {2: "Glied verändert"}),
        ("DELETE FROM jobcenter.zahlenpass WHERE pass_id = 1", {2: "davor fehlen Glieder"}),
        ("DELETE FROM jobcenter.zahlenpass WHERE pass_id = 2", {3: "davor fehlen Glieder"}),
        (
            "DELETE FROM jobcenter.zahlenpass WHERE pass_id = 2; "
            "UPDATE jobcenter.zahlenpass SET pass_id = 2, sha256 = jobcenter.zahlenpass_sha256("
            "2, traegernummer, art, gegenstand, inhalt_sha256, vorgaenger_sha256, erfasst_am) WHERE pass_id = 3",
            {2: "schließt nicht an"},
        ),
    ],
)
def test_a_broken_chain_shows_where(etl: Connection, warehouse_url: str, change: str, expected: dict[int, str]) -> None:
    add(etl, "a", "b", "c")
    als_besitzer(warehouse_url, "zahlenpass", change)
    verdicts(warehouse_url)
    broken = rows(etl, "SELECT pass_id, urteil FROM jobcenter.zahlenpass_kette WHERE urteil <> 'unversehrt'")
    assert dict(tuple(row) for row in broken) == expected


# --- passports of loads ---------------------------------------------------------------------------------------------


def passports(connection: Connection) -> list[dict[str, Any]]:
    found = rows(
        connection, "SELECT inhalt_text, inhalt FROM jobcenter.zahlenpass WHERE art = 'ladung' ORDER BY pass_id"
    )
    assert all(json.loads(text) == content for text, content in found)
    return [content for _, content in found]


def test_the_passport_of_a_load_says_what_it_was_made_from(etl: Connection) -> None:
    load(etl, reason="Altfälle")
    (content,) = passports(etl)
    sha256 = content["ladung"].pop("inhalt_sha256")
    assert rows(etl, "SELECT inhalt_sha256 FROM jobcenter.ladung")[0][0] == sha256
    assert content == {
        "lieferung": {
            "traegernummer": "T1",
            "lieferung_id": "L1",
            "erstellt_am": "2026-09-09T22:30:00+00:00",
            "datenstand": "2026-09-10",
            "inhalt_sha256": "a" * 64,
        },
        "archivtabellen": {"person": {"zeilen": 3, "datei_sha256": "b" * 64, "inhalt_sha256": "c" * 64}},
        "ladung": {"ladung_id": 1, "berichtsmonat": "2026-08", "version": 1, "zeilen": 1, "wartezeit": 0},
        "rechenregel": {"parameter_sha256": "1" * 64, "definition_sha256": "2" * 64},
        "pruefung": None,
        "befundannahmen": ["Altfälle"],
        "programm": {"version": "1"},
        "pakete": {"installiert": 2},
        "ausnahmen": [{"ausnahme_id": 7}],
        "unterdrueckung": "keine Unterdrückung, interner Stand",
    }


def test_the_same_load_again_writes_no_second_passport_another_decision_does(etl: Connection) -> None:
    july = Monat(2026, 7)
    load(etl, july, AUGUST)
    load(etl, july, AUGUST)
    assert len(passports(etl)) == 2
    load(etl, AUGUST, reason="Altfälle")
    assert [found["befundannahmen"] for found in passports(etl)] == [[], [], ["Altfälle"]]
    load(etl, AUGUST, wert="2.00")
    assert [found["ladung"]["version"] for found in passports(etl)] == [1, 1, 1, 2]


def test_a_load_that_fails_leaves_no_passport(etl: Connection) -> None:
    with pytest.raises(WarehouseError):
        load_many(etl, archive(), {Monat(2026, 7): cells(Monat(2026, 7)), AUGUST: cells(Monat(2026, 7))}, None)
    assert rows(etl, "SELECT * FROM jobcenter.zahlenpass") == []


def test_what_was_loaded_before_there_were_passports_is_sealed(warehouse_url: str, tmp_path: Path) -> None:
    before = Path(shutil.copytree(FOLDER, tmp_path / "sql"))
    for path in before.glob("*.sql"):
        if path.name >= "0009":
            path.unlink()
    with create_engine(warehouse_url, poolclass=NullPool).connect() as owner:
        migrate(owner, before)
        with owner.begin():
            owner.exec_driver_sql(
                "INSERT INTO jobcenter.lieferung (traegernummer, lieferung_id, erstellt_am, datenstand, archiv_sha256) "
                "VALUES ('T1', 'L1', '2026-09-10', '2026-09-10', repeat('a', 64)); "
                "INSERT INTO jobcenter.ladung (traegernummer, lieferung_id, berichtsmonat, version, inhalt_sha256, "
                "zeilen, wartezeit) VALUES ('T1', 'L1', '2026-08-01', 1, repeat('e', 64), 1, 0)"
            )
    with open_url(warehouse_url, role="auditor") as connection:
        (one,) = read_evidence(connection)
        assert kette.without_passport(one.kette) == {1: "e" * 64}
        assert [*kette.check_links(one.kette), *kette.check_objects(one)] == []
    als_besitzer(warehouse_url, "ladung", "UPDATE jobcenter.ladung SET inhalt_sha256 = repeat('f', 64)")
    with open_url(warehouse_url, role="auditor") as connection:
        (text,) = kette.check_objects(*read_evidence(connection))
        assert "bei Einführung der Zahlenpässe" in text
