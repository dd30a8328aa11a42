"""From a source into the archive: type, pseudonymise, check keys, sort, hash, and rename into place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from etl.contract import PSEUDONYMISED, TABLES, Table
from etl.errors import ContractBreachError, JobcenterError
from etl.extract.archive import (
    ARCHIVE_MANIFEST,
    Archive,
    ArchivedTable,
    Delivery,
    content_sha256,
    open_archive,
    sha256_of,
)
from etl.extract.pseudonym import Pseudonymiser
from etl.extract.source import RawTable, Source
from etl.extract.typing import check_columns, typed_batch
from etl.files import private_folder, sync_folder

_ROW_GROUP = 131_072
RANK = "bg_rang"
"""Rank of the delivered bg_nummer by code point: the contract's rule 1 decides ties by it, and pseudonyms lose it."""

Step = Callable[[str, int], None]


def put_into_archive(
    source: Source, archive_root: Path, work: Path, pseudonymiser: Pseudonymiser, step: Step
) -> Archive:
    """Archive the delivery, or return the archived one when it is the same; ``work`` is a staging folder."""
    existing = _existing(source.delivery, archive_root)
    if existing is not None:
        _check_same_key(existing, archive_root, pseudonymiser)
        if source.source_sha256 is not None and source.source_sha256 == _kept(existing)["source_sha256"]:
            return existing
    raw, finished = work / "roh", work / "fertig"
    raw.mkdir()
    finished.mkdir()
    with duckdb.connect(config={"temp_directory": str(work), "memory_limit": "1500MB"}) as engine:
        # Rows carry their number and are sorted before they are written: no order needs to be kept in between.
        engine.execute("SET preserve_insertion_order = false")
        for done, table in enumerate(TABLES.values()):
            step(table.name, done)
            _stage(source, table, raw, pseudonymiser)
            _check_keys(engine, table, raw)
        engine.register("rang", _ranks(pseudonymiser))
        tables = {table.name: _write_sorted(engine, table, raw, finished) for table in TABLES.values()}
    step("archiv", len(TABLES))
    content = content_sha256(source.delivery, tables)
    _write_manifest(finished, source, tables, content, pseudonymiser.key_id)
    return _put_in_place(source.delivery, archive_root, finished, content)


def _existing(delivery: Delivery, archive_root: Path) -> Archive | None:
    if (archive_root / delivery.reference).is_dir():
        return open_archive(archive_root, delivery.reference)  # also says when its case data was deleted
    return None


def _kept(archive: Archive) -> dict[str, str | None]:
    kept: dict[str, str | None] = json.loads((archive.folder / ARCHIVE_MANIFEST).read_text(encoding="utf-8"))
    return kept


def _check_same_key(existing: Archive, archive_root: Path, pseudonymiser: Pseudonymiser) -> None:
    if _kept(existing)["key_id"] != pseudonymiser.key_id:
        raise JobcenterError(
            f"Die Schlüsseldatei ist eine andere als die, mit der {existing.folder.relative_to(archive_root)} "
            "archiviert wurde.",
            hint="Die ursprüngliche Schlüsseldatei aus der Sicherung zurückspielen.",
            abschnitt="pseudonymschluessel-anderer",
        )


def _stage(source: Source, table: Table, raw: Path, pseudonymiser: Pseudonymiser) -> None:
    """Write the table as delivered – typed, pseudonymised, in delivered order, so that a row has its number."""
    delivered = source.table(table)
    rows = 0
    with pq.ParquetWriter(raw / f"{table.name}.parquet", table.arrow_schema, compression="lz4") as writer:
        for batch in _typed(table, delivered) if delivered else ():
            writer.write_batch(_pseudonymised(table, batch, pseudonymiser))
            rows += batch.num_rows
    if delivered and delivered.announced_rows not in (None, rows):
        raise ContractBreachError(
            f"Die Datei hat {rows} Zeilen, das Manifest nennt {delivered.announced_rows}.",
            table=table.name,
            hint="Die Lieferung ist unvollständig: neu exportieren.",
            abschnitt="lieferung-unvollstaendig",
        )


def _typed(table: Table, delivered: RawTable) -> Iterator[pa.RecordBatch]:
    check_columns(table, delivered.column_names)
    row = 1
    for batch in delivered.batches:
        yield typed_batch(table, batch, row)
        row += batch.num_rows


def _pseudonymised(table: Table, batch: pa.RecordBatch, pseudonymiser: Pseudonymiser) -> pa.RecordBatch:
    for name in table.column_names:
        if name in PSEUDONYMISED:
            position = batch.schema.get_field_index(name)
            batch = batch.set_column(
                position, table.arrow_schema.field(name), pseudonymiser.column(name, batch.column(name))
            )
    return batch


def _check_keys(engine: duckdb.DuckDBPyConnection, table: Table, raw: Path) -> None:
    """Primary key unique, references not dangling; the first offending row is named."""
    path = str(raw / f"{table.name}.parquet")
    engine.read_parquet(path, file_row_number=True).create_view(f"roh_{table.name}")
    key = ", ".join(table.primary_key)
    doubled = _first_row(
        engine,
        # By hash first: of a hundred million keys the texts would not fit into memory, and hardly any hash repeats.
        f"WITH verdacht AS (SELECT hash({key}) AS h FROM roh_{table.name} GROUP BY ALL HAVING count(*) > 1) "
        f"SELECT min(zweite) FROM (SELECT list_sort(list(file_row_number))[2] AS zweite "
        f"FROM roh_{table.name} WHERE hash({key}) IN (SELECT h FROM verdacht) GROUP BY {key} HAVING count(*) > 1)",
    )
    if doubled is not None:
        raise ContractBreachError(
            "Der Schlüssel kommt doppelt vor.",
            table=table.name,
            row=doubled,
            column=key,
            abschnitt="schluessel-der-saetze",
        )
    for reference in table.references:
        dangling = _first_row(
            engine,
            f"SELECT min(file_row_number) FROM roh_{table.name} "
            f"WHERE {reference.column} NOT IN (SELECT {reference.column} FROM roh_{reference.parent_table})",
        )
        if dangling is not None:
            raise ContractBreachError(
                f"Der Schlüssel kommt in der Tabelle {reference.parent_table} nicht vor.",
                table=table.name,
                row=dangling,
                column=reference.column,
                abschnitt="schluessel-der-saetze",
            )


def _first_row(engine: duckdb.DuckDBPyConnection, query: str) -> int | None:
    """Number (from 1) of the data row that ``query`` finds first, or None."""
    [(found,)] = engine.execute(query).fetchall()
    return None if found is None else int(found) + 1


def _ranks(pseudonymiser: Pseudonymiser) -> pa.Table:
    known = pseudonymiser.known.get("bg_nummer", {})
    ordered = sorted(known)  # Python compares text by code point, as the contract asks
    return pa.table(
        {
            "bg_nummer": pa.array([known[original] for original in ordered], pa.string()),
            RANK: pa.array(range(1, len(ordered) + 1), pa.int32()),
        }
    )


def _canonical_text(batch: pa.RecordBatch) -> memoryview:
    """Rows in a text form that depends on their content alone, not on a file format or a library's version."""
    sink = pa.BufferOutputStream()
    pa_csv.write_csv(batch, sink, pa_csv.WriteOptions(include_header=False))
    return memoryview(sink.getvalue())


def _write_sorted(engine: duckdb.DuckDBPyConnection, table: Table, raw: Path, finished: Path) -> ArchivedTable:
    """Write the table in the order of its primary key: the same rows give the same archive, however delivered."""
    columns = ", ".join(f"t.{name}" for name in table.column_names)
    ranked = table.name == "bedarfsgemeinschaft"
    schema = table.arrow_schema.append(pa.field(RANK, pa.int32(), nullable=False)) if ranked else table.arrow_schema
    query = (
        f"SELECT {columns}{f', r.{RANK}' if ranked else ''} FROM roh_{table.name} t "
        f"{'JOIN rang r USING (bg_nummer) ' if ranked else ''}"
        f"ORDER BY {', '.join(f't.{name}' for name in table.primary_key)}"
    )
    path, rows, text = finished / f"{table.name}.parquet", 0, hashlib.sha256()
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        reader: pa.RecordBatchReader = engine.sql(query).to_arrow_reader(_ROW_GROUP)
        for batch in reader:
            exact = batch.cast(schema)
            writer.write_batch(exact, row_group_size=_ROW_GROUP)
            text.update(_canonical_text(exact))
            rows += exact.num_rows
    path.chmod(0o400)
    (raw / f"{table.name}.parquet").unlink()
    return ArchivedTable(rows, sha256_of(path), text.hexdigest())


def _write_manifest(
    finished: Path, source: Source, tables: dict[str, ArchivedTable], content: str, key_id: str
) -> None:
    delivery = source.delivery
    manifest = {
        "lieferung_id": delivery.lieferung_id,
        "traegernummer": delivery.traegernummer,
        "erstellt_am": delivery.erstellt_am.isoformat(),
        "content_sha256": content,
        "source_sha256": source.source_sha256,
        "key_id": key_id,
        "tables": {name: vars(table) for name, table in sorted(tables.items())},
    }
    path = finished / ARCHIVE_MANIFEST
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    path.chmod(0o400)


def _put_in_place(delivery: Delivery, archive_root: Path, finished: Path, content: str) -> Archive:
    target = archive_root / delivery.reference
    private_folder(target.parent)
    sync_folder(finished)
    if not target.exists():
        try:
            finished.rename(target)
        except OSError:
            if not target.exists():
                raise
    archive = open_archive(archive_root, delivery.reference)
    if archive.content_sha256 != content:
        raise ContractBreachError(
            f"Unter der lieferung_id von {delivery.reference} ist bereits eine andere Lieferung archiviert.",
            hint="Eine geänderte Lieferung braucht eine neue lieferung_id; das Archiv wird nie überschrieben.",
            abschnitt="lieferungskennung-vergeben",
        )
    return archive
