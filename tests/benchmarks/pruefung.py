"""Steps of the validation that ``bench.py`` measures, each as a process of its own: ``pruefung.py STEP HOME …``.

The comparison is with plain Great Expectations, as its documentation shows it: a data source of whole pandas frames, or
a PostgreSQL that holds the tables; expectations of its own library only. It knows no rule across tables, months or
deliveries, so only the rules that both can express are compared, and how many of them there are is said beside it.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import duckdb
import psycopg
import pyarrow.parquet as pq
from psycopg import sql
from sqlalchemy import make_url

from etl import contract, pruefen, validate
from etl.contract import MANIFEST
from etl.extract.archive import Archive, open_archive, sha256_of
from etl.settings import Settings
from etl.validate.pruefung import ephemeral_context, judge, quiet_great_expectations
from etl.validate.regelwerk import SQL_REGEL, Regel, Suite

VIOLATIONS = 200_000
_POSTGRES_TYPES = {"string": "text", "date": "date", "integer": "integer", "number": "numeric", "boolean": "boolean"}
_QUERY = "unexpected_rows_expectation"


# --- the product ------------------------------------------------------------------------------------------------------


def validation(settings: Settings, reference: str) -> None:
    """Judge a delivery by every rule."""
    validate.validate(open_archive(settings.archive, reference), settings.validation)


def findings(settings: Settings, reference: str) -> None:
    """List and keep every finding of a delivery that has been judged."""
    archive = open_archive(settings.archive, reference)
    pruefen.findings(settings, archive, validate.validate(archive, settings.validation))


def own(settings: Settings, reference: str, only: str) -> None:
    """Judge a delivery by the rules that the plain pandas or PostgreSQL can express."""
    regelwerk = validate.load()
    ids = set(only.split(","))
    suites = [_only(suite, ids) for suite in regelwerk.suiten]
    judge(open_archive(settings.archive, reference), [s for s in suites if s.regeln], regelwerk.sichten_sql)


def _only(suite: Suite, ids: set[str]) -> Suite:
    entries = [e for e in cast(list[Any], suite.konfiguration["expectations"]) if e["meta"]["id"] in ids]
    regeln = tuple(regel for regel in suite.regeln if regel.regel_id in ids)
    return dataclasses.replace(suite, konfiguration={**suite.konfiguration, "expectations": entries}, regeln=regeln)


# --- plain Great Expectations -----------------------------------------------------------------------------------------


def plain_pandas(settings: Settings, reference: str, only: str) -> None:
    """Judge whole pandas frames by the expectations that need one column, or a pair, of one table."""
    archive = open_archive(settings.archive, reference)
    with quiet_great_expectations():
        source = ephemeral_context().data_sources.add_pandas("lieferung")
        for suite, expectations in _plain(only):
            batches = source.add_dataframe_asset(suite).add_batch_definition_whole_dataframe(suite)
            frame = pq.read_table(archive.parquet(suite)).to_pandas()
            _run(batches.get_batch({"dataframe": frame}), suite, expectations)


def plain_postgres(_: Settings, url: str, only: str) -> None:
    """Judge the tables inside PostgreSQL."""
    with quiet_great_expectations():
        source = ephemeral_context().data_sources.add_postgres("lieferung", connection_string=url)
        for suite, expectations in _plain(only):
            asset = source.add_table_asset(suite, table_name=f"raw_{suite}")
            _run(asset.add_batch_definition_whole_table(suite).get_batch(), suite, expectations)


def _plain(only: str) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """Yield per table the expectations that say the same as our rules of these ids."""
    ids = set(only.split(","))
    for suite in validate.load().suiten:
        found = [e for regel in suite.regeln if regel.regel_id in ids for e in _translated(regel)]
        if found:
            yield suite.name, found


def _translated(regel: Regel) -> list[Mapping[str, Any]]:
    if regel.typ != SQL_REGEL:
        return [{"type": regel.typ, "kwargs": dict(regel.kwargs)}]
    if regel.titel.startswith("Pflichtangaben"):
        required = [column.name for column in contract.TABLES[regel.suite].columns if column.required]
        return [{"type": "expect_column_values_to_not_be_null", "kwargs": {"column": name}} for name in required]
    return [{"type": _QUERY, "kwargs": {"unexpected_rows_query": str(regel.kwargs["verletzungen"])}}]


def _run(batch: Any, suite: str, expectations: Sequence[Mapping[str, Any]]) -> None:
    from great_expectations import ExpectationSuite

    built = ExpectationSuite(name=suite, expectations=list(expectations))  # type: ignore[arg-type] # plain mappings
    outcome = batch.validate(built, result_format={"result_format": "BASIC", "partial_unexpected_count": 0})
    raised = [
        r for r in outcome.results if r.exception_info and "raised_exception" not in str(r.success) and _raised(r)
    ]
    if raised or len(outcome.results) != len(expectations):
        raise SystemExit(f"{suite}: Great Expectations konnte {len(raised)} Regeln nicht ausführen.")


def _raised(result: Any) -> bool:
    return '"raised_exception": true' in json.dumps(result.exception_info, default=str)


# --- which rules can be compared, and the data ------------------------------------------------------------------------


def for_pandas() -> list[str]:
    """Rules that plain Great Expectations has on pandas."""
    return [r.regel_id for r in validate.load().regeln if r.typ != SQL_REGEL or r.titel.startswith("Pflichtangaben")]


def for_postgres(url: str) -> list[str]:
    """The same, and every rule about one table whose SQL PostgreSQL understands as it stands."""
    ids = for_pandas()
    with _connected(url) as connection:
        for regel in validate.load().regeln:
            if regel.suite in contract.TABLES and regel.regel_id not in ids and _standard(regel):
                try:
                    connection.execute(f"EXPLAIN {regel.kwargs['verletzungen']}")
                except psycopg.Error:
                    continue
                ids.append(regel.regel_id)
    return ids


def _standard(regel: Regel) -> bool:
    """No parameters; and no ANTI or SEMI JOIN, which PostgreSQL takes for the name of the table before it."""
    text = str(regel.kwargs["verletzungen"])
    return not regel.grenzen and not regel.gueltig_ab and "ANTI JOIN" not in text and "SEMI JOIN" not in text


def _connected(url: str) -> psycopg.Connection[tuple[object, ...]]:
    server = make_url(url)
    return psycopg.connect(
        host=server.host, port=server.port, user=server.username, password=server.password, dbname=server.database,
        autocommit=True,
    )  # fmt: skip


def fill(url: str, archive: Archive) -> None:
    """Copy the archive into PostgreSQL, analysed: what a warehouse of raw data would hold."""
    with _connected(url) as connection, duckdb.connect() as engine:
        for name, table in contract.TABLES.items():
            columns = ", ".join(f"{c.name} {_POSTGRES_TYPES[c.type]}" for c in table.columns)
            connection.execute(f"CREATE TABLE raw_{name} ({columns})")
            names = ", ".join(table.column_names)
            batches = engine.sql(f"SELECT {names} FROM read_parquet('{archive.parquet(name)}')").to_arrow_reader()
            copy = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(f"raw_{name}"))
            with connection.cursor().copy(copy) as stream:
                for batch in batches:
                    for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                        stream.write_row(row)
        connection.execute("CREATE TABLE lieferung (datenstand date)")
        connection.execute("INSERT INTO lieferung VALUES (%s)", [archive.delivery.datenstand])
        connection.execute("ANALYZE")


def with_violations(delivery: Path, target: Path) -> Path:
    """Write a copy of a delivery in which the newest 200,000 payments are a cent too high."""
    target.mkdir()
    manifest = json.loads((delivery / MANIFEST).read_text(encoding="utf-8"))
    for entry in manifest["dateien"]:
        (target / entry["datei"]).hardlink_to(delivery / entry["datei"])
    path = target / "leistung.parquet"
    path.unlink()
    source, key = delivery / path.name, ", ".join(contract.TABLES["leistung"].primary_key)
    duckdb.sql(
        "COPY (SELECT * EXCLUDE (platz) REPLACE ((zahlung + if(platz <= "
        f"{VIOLATIONS}, 0.01, 0))::DECIMAL(12, 2) AS zahlung) FROM ("
        f"SELECT *, row_number() OVER (ORDER BY monat DESC, {key}) AS platz FROM read_parquet('{source}'))) "
        f"TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
    )
    manifest["lieferung_id"] += "-VERLETZT"
    for entry in manifest["dateien"]:
        if entry["datei"] == path.name:
            entry["sha256"] = sha256_of(path)
    (target / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return target


STEPS: Mapping[str, Callable[..., None]] = {
    "validation": validation,
    "findings": findings,
    "own": own,
    "plain-pandas": plain_pandas,
    "plain-postgres": plain_postgres,
}

if __name__ == "__main__":
    STEPS[sys.argv[1]](Settings(home=Path(sys.argv[2])), *sys.argv[3:])
