"""Run the rules of ``expectations/`` on an archived delivery and keep the outcome."""

from __future__ import annotations

import contextlib
import logging
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from etl import contract, rechner
from etl.extract.archive import Archive
from etl.files import remove_abandoned
from etl.validate import archiv_sql, ergebnis
from etl.validate.ergebnis import RuleResult, Validation
from etl.validate.regelwerk import FOLDER, SQL_REGEL, SUITE_LIEFERUNG, Regel, RegelwerkError, Suite, load
from etl.zahlen import zahl

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

Progress = Callable[[str, int, int], None]
"""Called before each suite with its name, the suites done and all suites."""

# Counts, and not one example of a value.
_RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}
_NICHT_PRUEFBAR = "Die Regel konnte nicht geprüft werden: {grund}."


def validate(archive: Archive, results: Path, progress: Progress | None = None, *, rules: Path = FOLDER) -> Validation:
    """Judge an archived delivery by every rule and keep the outcome below ``results``.

    A kept outcome of the same content under the same rules, compared with the same previous delivery, is returned as
    it is, unless a rule could not be checked then. Raises ``RegelwerkError`` when a rule file cannot be used; what is
    wrong with the data is never an exception but an outcome.
    """
    regelwerk = load(rules)
    path = ergebnis.result_path(results, archive.delivery.reference, regelwerk.sha256)
    kept = ergebnis.read(path)
    identity = Validation(archive.delivery.reference, archive.content_sha256, regelwerk.sha256, (), _previous(archive))
    if kept and kept.vollstaendig and replace(kept, ergebnisse=()) == identity:
        remove_abandoned(path.parent)
        return kept
    found = judge(archive, regelwerk.suiten, regelwerk.sichten_sql, progress)
    validation = replace(identity, ergebnisse=found)
    ergebnis.write(validation, path)
    return validation


def kept(archive: Archive, results: Path, regelwerk_sha256: str) -> Validation | None:
    """Return the kept outcome of an archived delivery under one version of the rules; None when there is none."""
    found = ergebnis.read(ergebnis.result_path(results, archive.delivery.reference, regelwerk_sha256))
    same = found is not None and (found.lieferung_sha256, found.regelwerk_sha256) == (
        archive.content_sha256,
        regelwerk_sha256,
    )
    return found if same else None


def _previous(archive: Archive) -> str | None:
    before = archiv_sql.previous(archive)
    return f"{before.delivery.reference}@{before.content_sha256}" if before else None


def judge(
    archive: Archive, suiten: Sequence[Suite], sichten_sql: str, progress: Progress | None = None
) -> tuple[RuleResult, ...]:
    """Judge an archived delivery by some suites; nothing is kept. One outcome per rule, in the order of the rules."""
    regeln = [regel for suite in suiten for regel in suite.regeln]
    fragen = [regel.frage for regel in regeln if regel.typ == SQL_REGEL]
    found: list[RuleResult] = []
    with quiet_great_expectations(), archiv_sql.counting(archive, sichten_sql, fragen):
        context = ephemeral_context()
        for done, suite in enumerate(suiten):
            if progress:
                progress(suite.name, done, len(suiten))
            found += _run(context, archive, suite)
    return tuple(found)


@contextlib.contextmanager
def quiet_great_expectations() -> Iterator[None]:
    """Keep Great Expectations silent: it logs tracebacks that may quote rows, and warns about its own libraries."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logger = logging.getLogger("great_expectations")
    disabled_before, level = logger.propagate, logger.level
    logger.propagate = False
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"great_expectations(\.|$)")
            yield
    finally:
        logger.propagate = disabled_before
        logger.setLevel(level)


def ephemeral_context() -> EphemeralDataContext:
    """A context of this run only: nothing of Great Expectations is kept on disk or sent anywhere."""
    import great_expectations as gx  # noqa: PLC0415 - seconds, and not needed when a kept outcome is used
    from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415 - as above

    from etl.validate import sql_regel  # noqa: F401, PLC0415 - registers the expectation of the SQL rules

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def _run(context: EphemeralDataContext, archive: Archive, suite: Suite) -> list[RuleResult]:
    expected = _suite(suite)
    regeln = [regel.am(archive.delivery.datenstand) for regel in suite.regeln]
    try:
        frame = _frame(archive, suite)
    except (OSError, pa.ArrowException, KeyError) as error:
        if rechner.explained(error):
            raise
        return [_not_checkable(regel, "die archivierte Tabelle fehlt oder ist nicht lesbar") for regel in regeln]
    source = context.data_sources.add_pandas(suite.name)
    whole = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe(suite.name)
    batch = whole.get_batch({"dataframe": frame})
    outcome = batch.validate(expected, result_format=cast(Any, _RESULT_FORMAT))
    by_id = {str(result.expectation_config.meta["id"]): result.to_json_dict() for result in outcome.results}
    return [_judge(regel, by_id.get(regel.regel_id)) for regel in regeln]


def _suite(suite: Suite) -> Any:
    from great_expectations import ExpectationSuite  # noqa: PLC0415 - seconds, as above

    built = ExpectationSuite(**dict(suite.konfiguration))  # type: ignore[arg-type] # checked by our loader
    loaded = [str(expectation.meta["id"]) for expectation in built.expectations if expectation.meta]
    for regel in suite.regeln:
        if regel.regel_id not in loaded:
            raise RegelwerkError(
                f"{suite.name}.yaml, Regel {regel.regel_id}: Great Expectations kann sie nicht laden.",
                hint=f"Typ „{regel.typ}“ und kwargs prüfen.",
            )
    return built


def _frame(archive: Archive, suite: Suite) -> pd.DataFrame:
    """Read the columns that the suite's expectations look at; text as categories, amounts stay out of pandas."""
    if suite.name == SUITE_LIEFERUNG:
        return _to_pandas(pa.table({"lieferung": [0]}))
    table = contract.TABLES[suite.name]
    columns = sorted({name for regel in suite.regeln for name in regel.spalten}) or [table.primary_key[0]]
    texts = [name for name in columns if table.column(name).type == "string"]
    file = pq.ParquetFile(archive.parquet(suite.name), read_dictionary=texts)
    with file:
        data = file.read(columns=columns).unify_dictionaries()
    return _to_pandas(data)


def _to_pandas(data: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = data.to_pandas(date_as_object=False)
    return frame


def _judge(regel: Regel, result: Mapping[str, Any] | None) -> RuleResult:
    if result is None:
        return _not_checkable(regel, "Great Expectations hat kein Ergebnis geliefert")
    raised = _exception(regel, result.get("exception_info"))
    if raised:
        return _not_checkable(regel, raised)
    counted = _counts(regel, result)
    if counted is None:
        return _not_checkable(regel, "das Ergebnis enthält keine Zahlen")
    geprueft, verletzt = counted
    if not geprueft and not verletzt:
        return _not_checkable(regel, ergebnis.KEINE_ZEILEN)
    if bool(result["success"]) != (verletzt == 0):
        return _not_checkable(regel, "Urteil und Zahlen widersprechen sich")
    befund = regel.befund.format(geprueft=zahl(geprueft), verletzt=zahl(verletzt)) if verletzt else ""
    return _result(regel, "verletzt" if verletzt else "gehalten", geprueft, verletzt, befund)


def _exception(regel: Regel, info: object) -> str | None:
    """Return why the rule could not run, or ``None``. Great Expectations reports one exception or one per metric."""
    if not isinstance(info, dict):
        return None
    infos = [info] if "raised_exception" in info else [part for part in info.values() if isinstance(part, dict)]
    raised = [part for part in infos if part.get("raised_exception")]
    if not raised:
        return None
    if regel.typ == SQL_REGEL:
        return f"Fehler im SQL ({raised[0].get('exception_message')})"
    return "Fehler beim Ausführen"


def _counts(regel: Regel, result: Mapping[str, Any]) -> tuple[int, int] | None:
    counted = result.get("result") or {}
    if "element_count" in counted and "unexpected_count" in counted:
        return counted["element_count"] - (counted.get("missing_count") or 0), counted["unexpected_count"]
    if regel.typ.startswith("expect_table_") and counted.get("observed_value") is not None:
        return 1, 0 if result["success"] else 1  # one statement about the table as a whole
    return None


def _not_checkable(regel: Regel, grund: str) -> RuleResult:
    return replace(_result(regel, "nicht_pruefbar", None, None, _NICHT_PRUEFBAR.format(grund=grund)), grund=grund)


def _result(
    regel: Regel, outcome: ergebnis.Ergebnis, geprueft: int | None, verletzt: int | None, befund: str
) -> RuleResult:
    return RuleResult(
        suite=regel.suite,
        regel_id=regel.regel_id,
        titel=regel.titel,
        schwere=regel.schwere,
        ergebnis=outcome,
        geprueft=geprueft,
        verletzt=verletzt,
        befund=befund,
        behebt=regel.behebt,
        erwartet=regel.erwartet,
    )
