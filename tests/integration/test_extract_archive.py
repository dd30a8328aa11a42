"""The archive: one delivery, however it arrives, gives one immutable, pseudonymised set of Parquet files."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from etl.contract import PSEUDONYMISED, TABLES
from etl.errors import ContractBreachError, JobcenterError, SourceUnavailableError, UsageError
from etl.extract import extract
from etl.extract.archive import Archive, open_archive
from integration.lieferungen import ERSTELLT_AM, KANARIE, geaendert, gezippt, gueltig, tabellen
from reference.delivery import write_delivery

Einlesen = Callable[[str | Path], Archive]


@pytest.fixture
def archive_root(tmp_path: Path) -> Path:
    return tmp_path / "archiv"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "schluessel" / "key"


@pytest.fixture
def einlesen(archive_root: Path, key_file: Path) -> Einlesen:
    """Extract into the archive of the test."""
    return partial(extract, archive_root=archive_root, key_file=key_file)


def als_parquet(folder: Path) -> Path:
    """Deliver the same rows as Parquet with native types."""
    import hashlib

    import pyarrow as pa

    gueltig(folder)
    manifest = json.loads((folder / "lieferung.json").read_text(encoding="utf-8"))
    for entry in manifest["dateien"]:
        name = entry["tabelle"]
        (folder / f"{name}.csv").unlink()
        path = folder / f"{name}.parquet"
        pq.write_table(pa.Table.from_pylist(tabellen()[name], schema=TABLES[name].arrow_schema), path)
        entry["datei"], entry["sha256"] = path.name, hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "lieferung.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def als_schema(url: str, schema: str, *, stand: dt.datetime = ERSTELLT_AM) -> str:
    """Write the same rows into a PostgreSQL schema; return the URL of the delivery."""
    types: dict[str, sa.types.TypeEngine[Any]] = {
        "string": sa.Text(),
        "date": sa.Date(),
        "number": sa.Numeric(14, 4),
        "integer": sa.Integer(),
        "boolean": sa.Boolean(),
    }
    engine = sa.create_engine(url)
    metadata = sa.MetaData(schema=schema)
    for name, table in TABLES.items():
        sa.Table(name, metadata, *(sa.Column(c.name, types[c.type]) for c in table.columns))
    manifest = sa.Table(
        "lieferung",
        metadata,
        *(sa.Column(name, sa.Text) for name in ("lieferung_id", "traegernummer", "vertrag")),
        sa.Column("erstellt_am", sa.DateTime(timezone=True)),
    )
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema(schema))
        metadata.create_all(connection)
        for name, rows in tabellen().items():
            connection.execute(metadata.tables[f"{schema}.{name}"].insert(), rows)
        connection.execute(
            manifest.insert(),
            {"lieferung_id": "lieferung-1", "traegernummer": "00000", "vertrag": "1.0", "erstellt_am": stand},
        )
    engine.dispose()
    return f"{url}?schema={schema}"


def rows(archive: Archive, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(archive.parquet(table)).to_pylist()
    return found


def test_archive_holds_the_contract_types(tmp_path: Path, einlesen: Einlesen) -> None:
    archive = einlesen(gueltig(tmp_path / "lieferung"))
    for name, table in TABLES.items():
        schema = pq.read_schema(archive.parquet(name))
        expected = table.arrow_schema.names + (["bg_rang"] if name == "bedarfsgemeinschaft" else [])
        assert schema.names == expected
        assert [schema.field(c.name).type for c in table.columns] == [c.arrow_type for c in table.columns]
        assert archive.tables[name].rows == len(tabellen()[name])


def test_same_rows_in_every_form_are_one_delivery(tmp_path: Path, einlesen: Einlesen, warehouse_url: str) -> None:
    first = einlesen(gueltig(tmp_path / "csv"))
    before = {path.name: path.stat().st_mtime_ns for path in first.folder.iterdir()}
    for source in (
        tmp_path / "csv",
        gezippt(tmp_path / "csv", tmp_path / "csv.zip"),
        als_parquet(tmp_path / "parquet"),
        als_schema(warehouse_url, "fachverfahren"),
    ):
        again = einlesen(source)
        assert again.content_sha256 == first.content_sha256
    assert {path.name: path.stat().st_mtime_ns for path in first.folder.iterdir()} == before


def test_order_of_rows_does_not_matter(tmp_path: Path, einlesen: Einlesen) -> None:
    first = einlesen(gueltig(tmp_path / "a"))
    turned = {name: list(reversed(table)) for name, table in tabellen().items()}
    again = einlesen(write_delivery(tmp_path / "b", turned, ERSTELLT_AM))
    assert again.content_sha256 == first.content_sha256


def test_other_delivery_under_the_same_id_is_refused(tmp_path: Path, einlesen: Einlesen) -> None:
    first = einlesen(gueltig(tmp_path / "a"))
    before = {path.name: path.read_bytes() for path in first.folder.iterdir()}
    other = geaendert(tmp_path / "b", "leistung", lambda text: text.replace("412.50", "412.51", 1))
    with pytest.raises(ContractBreachError, match="bereits eine andere Lieferung"):
        einlesen(other)
    assert {path.name: path.read_bytes() for path in first.folder.iterdir()} == before


def test_keys_are_pseudonyms(tmp_path: Path, einlesen: Einlesen) -> None:
    archive = einlesen(gueltig(tmp_path / "lieferung"))
    for name in TABLES:
        assert KANARIE.encode() not in archive.parquet(name).read_bytes()
        for row in rows(archive, name):
            for column in set(row) & set(PSEUDONYMISED):
                assert len(str(row[column])) == 12
                assert row[column] not in {str(r[column]) for r in tabellen()[name]}
    persons = {str(row["kundennummer"]) for row in rows(archive, "person")}
    assert {str(row["kundennummer"]) for row in rows(archive, "leistung")} == persons


def test_pseudonyms_follow_a_person_through_deliveries(tmp_path: Path, einlesen: Einlesen) -> None:
    first = einlesen(gueltig(tmp_path / "a", "januar"))
    second = einlesen(gueltig(tmp_path / "b", "februar"))
    assert rows(first, "person") == rows(second, "person")
    elsewhere = extract(gueltig(tmp_path / "c"), archive_root=tmp_path / "archiv2", key_file=tmp_path / "key2")
    assert not {r["kundennummer"] for r in rows(first, "person")} & {
        r["kundennummer"] for r in rows(elsewhere, "person")
    }


def test_rank_keeps_the_order_of_the_delivered_numbers(tmp_path: Path, einlesen: Einlesen) -> None:
    tables = tabellen()
    template = tables["bedarfsgemeinschaft"][0]
    numbers = ["b", "Z", "10", "9", "ä", "Ä02", "001"]
    tables["bedarfsgemeinschaft"] = [{**template, "bg_nummer": number, "aktenzeichen": number} for number in numbers]
    archive = einlesen(write_delivery(tmp_path / "lieferung", tables, ERSTELLT_AM))
    ranks = sorted(row["bg_rang"] for row in rows(archive, "bedarfsgemeinschaft"))
    assert ranks == list(range(1, 8))
    rank_of = {row["bg_nummer"]: row["bg_rang"] for row in rows(archive, "bedarfsgemeinschaft")}
    members = {row["bg_nummer"] for row in rows(archive, "bg_mitglied")}
    assert sorted(rank_of[number] for number in members) == [1, 6]  # 001 < 10 < 9 < Z < b < Ä02 < ä


def test_key_file_is_private_and_stays(tmp_path: Path, einlesen: Einlesen, key_file: Path) -> None:
    einlesen(gueltig(tmp_path / "lieferung"))
    key = key_file
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert [path.name for path in key.parent.iterdir()] == ["key"]
    before = key.read_bytes()
    einlesen(gueltig(tmp_path / "b", "zweite"))
    assert key.read_bytes() == before
    key.chmod(0o644)
    with pytest.raises(JobcenterError, match="für andere lesbar"):
        einlesen(gueltig(tmp_path / "c", "dritte"))


def test_lost_key_is_not_replaced_silently(tmp_path: Path, einlesen: Einlesen, key_file: Path) -> None:
    einlesen(gueltig(tmp_path / "lieferung"))
    key_file.unlink()
    with pytest.raises(JobcenterError, match="fehlt") as missing:
        einlesen(gueltig(tmp_path / "b", "zweite"))
    assert (missing.value.abschnitt, key_file.exists()) == ("pseudonymschluessel-fehlt", False)
    key_file.write_bytes(bytes(32))
    key_file.chmod(0o600)
    with pytest.raises(JobcenterError, match="Schlüsseldatei ist eine andere"):
        einlesen(tmp_path / "lieferung")


def test_additional_columns_do_not_enter_the_archive(tmp_path: Path, einlesen: Einlesen) -> None:
    folder = geaendert(
        tmp_path / "lieferung",
        "verfahren",
        lambda text: (
            "\n".join(line + ("," + name) for line, name in zip(text.splitlines(), ("x_name", "Geheim"), strict=True))
            + "\n"
        ),
    )
    archive = einlesen(folder)
    assert pq.read_schema(archive.parquet("verfahren")).names == list(TABLES["verfahren"].column_names)


def test_byte_order_mark_is_read_over(tmp_path: Path, einlesen: Einlesen) -> None:
    folder = geaendert(tmp_path / "lieferung", "person", str, encoding="utf-8-sig")
    assert einlesen(folder).tables["person"].rows == 2


# A path, an option of a command, a formula, a name longer than a folder's: it stands in all of them.
@pytest.mark.parametrize(
    "name", ["../../etc", "..", "a/b", "Lieferung 08/2026", ".versteckt", "-rf", "=1+1", "@x", "Prüfung", "x" * 101, ""]
)
def test_id_of_a_delivery_is_a_plain_name(name: str, tmp_path: Path, einlesen: Einlesen, archive_root: Path) -> None:
    with pytest.raises(ContractBreachError, match=r"lieferung_id.*keine Kennung"):
        einlesen(gueltig(tmp_path / "lieferung", name))
    assert not list(archive_root.iterdir())


@pytest.mark.parametrize("name", ["2026-08", "L_1", "x" * 100, "7.b"])
def test_id_of_a_delivery_names_its_folder(name: str, tmp_path: Path, einlesen: Einlesen, archive_root: Path) -> None:
    archive = einlesen(gueltig(tmp_path / "lieferung", name))
    assert archive.folder == archive_root / "00000" / name


def test_changed_archive_is_noticed(tmp_path: Path, einlesen: Einlesen, archive_root: Path) -> None:
    archive = einlesen(gueltig(tmp_path / "lieferung"))
    path = archive.parquet("leistung")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)
    with pytest.raises(ContractBreachError, match="verändert"):
        open_archive(archive_root, archive.delivery.reference)


def test_killed_extraction_leaves_no_debris(
    tmp_path: Path, einlesen: Einlesen, archive_root: Path, key_file: Path
) -> None:
    folder = gueltig(tmp_path / "lieferung")
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "import etl.extract.store as store\n"
        "store.sync_folder = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from etl.extract import extract\n"
        "extract(sys.argv[1], archive_root=Path(sys.argv[2]), key_file=Path(sys.argv[3]))\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, folder, archive_root, key_file], check=False, env={**os.environ}
    )
    assert killed.returncode == -signal.SIGKILL
    assert list(archive_root.glob(".staging-*")), "the test kills too early or too late"
    archive = einlesen(folder)
    assert [path.name for path in archive_root.iterdir()] == ["00000"]
    assert archive.tables["person"].rows == 2


# --- a database as the source -------------------------------------------------------------------------------------


def _execute(url: str, statement: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "says", "table", "row", "column"),
    [
        ("DROP TABLE fach.person", "fehlt im Quellschema", "person", None, None),
        ("ALTER TABLE fach.person DROP COLUMN geschlecht", "Spalte fehlt", "person", None, "geschlecht"),
        ("ALTER TABLE fach.person ADD COLUMN nachname text", "kennt der Vertrag nicht", "person", None, None),
        ("UPDATE fach.person SET geschlecht = 'q'", "Code", "person", 1, "geschlecht"),
        ("UPDATE fach.verfahren SET sachgebiet = NULL", "Pflichtwert", "verfahren", 1, "sachgebiet"),
        ("UPDATE fach.massnahme SET kosten = 1.005", "Falscher Typ", "massnahme", 1, "kosten"),
        ("UPDATE fach.massnahme SET kosten = 'NaN'", "Falscher Typ", "massnahme", 1, "kosten"),
        ("UPDATE fach.massnahme SET eintritt = 'infinity'", "Wert", "massnahme", None, None),
        ("ALTER TABLE fach.verfahren ALTER eingang TYPE timestamptz", "Falscher Typ", "verfahren", 1, "eingang"),
        ("INSERT INTO fach.person SELECT * FROM fach.person", "doppelt", "person", 3, "kundennummer"),
        ("DELETE FROM fach.lieferung", "genau eine Zeile", "lieferung", None, None),
        ("DROP TABLE fach.lieferung", "fehlt die Tabelle", "lieferung", None, None),
        ("UPDATE fach.lieferung SET vertrag = '0.9'", "vertrag", None, None, None),
    ],
)
def test_breach_in_a_database(
    statement: str,
    says: str,
    table: str | None,
    row: int | None,
    column: str | None,
    warehouse_url: str,
    einlesen: Einlesen,
    archive_root: Path,
) -> None:
    source = als_schema(warehouse_url, "fach")
    _execute(warehouse_url, statement)
    with pytest.raises(ContractBreachError, match=says) as caught:
        einlesen(source)
    assert (caught.value.table, caught.value.row, caught.value.column) == (table, row, column)
    assert not list(archive_root.iterdir())


def test_views_are_tables_too_and_stichtag_is_optional(warehouse_url: str, einlesen: Einlesen) -> None:
    source = als_schema(warehouse_url, "fach")
    _execute(warehouse_url, "DROP TABLE fach.stichtag")
    _execute(warehouse_url, "ALTER TABLE fach.person RENAME TO kunden")
    _execute(warehouse_url, "CREATE VIEW fach.person AS SELECT * FROM fach.kunden")
    archive = einlesen(source)
    assert (archive.tables["person"].rows, archive.tables["stichtag"].rows) == (2, 0)


def test_date_of_the_datenstand_is_the_german_one(warehouse_url: str, einlesen: Einlesen) -> None:
    late = dt.datetime(2024, 3, 28, 23, 30, tzinfo=dt.UTC)
    archive = einlesen(als_schema(warehouse_url, "fach", stand=late))
    assert archive.delivery.datenstand == dt.date(2024, 3, 29)


def test_unreachable_database_hides_the_password(einlesen: Einlesen) -> None:
    with pytest.raises(SourceUnavailableError) as caught:
        einlesen("postgresql+psycopg://leser:geheim@127.0.0.1:1/fach")
    assert caught.value.exit_status == 6
    assert "127.0.0.1" in str(caught.value)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("url", ["nichts://x", "://x", "oracle+cx_oracle://x/y"])
def test_url_that_cannot_be_one(url: str, einlesen: Einlesen) -> None:
    with pytest.raises(UsageError, match="SQLAlchemy-URL"):
        einlesen(url)


def _manifest(folder: Path, change: Callable[[str], str]) -> None:
    path = folder / "archiv.json"
    path.chmod(0o600)
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("2024-03-28", "2024-02-28"),
        lambda text: text[: len(text) // 2],
        lambda _: "",
        lambda _: "[]",
        lambda text: text.replace('"rows"', '"zeilen"', 1),
    ],
)
def test_a_damaged_description_of_an_archive_is_named(
    tmp_path: Path, einlesen: Einlesen, change: Callable[[str], str]
) -> None:
    archive = einlesen(gueltig(tmp_path / "lieferung"))
    _manifest(archive.folder, change)
    with pytest.raises(ContractBreachError, match=r"archiv\.json fehlt oder wurde verändert") as caught:
        open_archive(tmp_path / "archiv", archive.delivery.reference)
    assert "Sicherung" in str(caught.value.hint)
    with pytest.raises(ContractBreachError, match=r"archiv\.json fehlt oder wurde verändert"):
        einlesen(tmp_path / "lieferung")


def test_a_missing_description_of_an_archive_is_named(tmp_path: Path, einlesen: Einlesen) -> None:
    archive = einlesen(gueltig(tmp_path / "lieferung"))
    (archive.folder / "archiv.json").unlink()
    with pytest.raises(ContractBreachError, match=r"archiv\.json fehlt oder wurde verändert"):
        einlesen(tmp_path / "lieferung")
