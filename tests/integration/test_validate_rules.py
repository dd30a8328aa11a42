"""Every rule, run by Great Expectations: the last value it allows, the first it forbids, and an empty one.

``tests/validate_rules.py`` is the table of the cases, to be read like a manual; a rule without an entry fails here.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import cast

import pytest

import validate_data as data
from etl import contract, parameter
from etl.validate import RuleResult, load
from etl.validate.ergebnis import KEINE_ZEILEN
from etl.validate.pruefung import judge
from etl.validate.regelwerk import Regel, Suite
from etl.zahlen import zahl
from validate_rules import CASES, EMPTY, HELD, NO_ROWS, Case, Change

RULES = load()


def _alone(regel: Regel) -> Suite:
    """The suite of a rule with that rule only."""
    suite = next(suite for suite in RULES.suiten if suite.name == regel.suite)
    entries = cast(list[dict[str, dict[str, object]]], suite.konfiguration["expectations"])
    only = [entry for entry in entries if entry["meta"]["id"] == regel.regel_id]
    return dataclasses.replace(suite, konfiguration={**suite.konfiguration, "expectations": only}, regeln=(regel,))


def _judged(root: Path, regel: Regel, change: Change, before: Change | None) -> RuleResult:
    rows = data.clean()
    change(rows)
    if before:
        earlier = data.clean()
        before(earlier)
        data.write_previous(root, earlier)
    (result,) = judge(data.write(root, rows), [_alone(regel)], RULES.sichten_sql)
    return result


# The first entry of every rule is judged in the fast run, its further limits with the slow tests.
@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.slow) if " " in n else n for n in CASES])
def test_the_last_allowed_the_first_forbidden_and_an_empty_value(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    regel = RULES.regel(name.split(maxsplit=1)[0])
    allowed = _judged(tmp_path / "erlaubt", regel, case.allowed, case.before)
    assert (allowed.ergebnis, allowed.befund, allowed.grund) == ("gehalten", "", "")
    assert allowed.geprueft
    forbidden = _judged(tmp_path / "verboten", regel, case.forbidden, case.before_forbidden or case.before)
    assert (forbidden.ergebnis, forbidden.verletzt) == ("verletzt", case.violated)
    assert case.violated <= (forbidden.geprueft or 0)
    _assert_message(regel, forbidden)
    empty = _judged(tmp_path / "leer", regel, case.empty, None)
    _assert_empty(case, empty)


def _assert_message(regel: Regel, result: RuleResult) -> None:
    """The message names what was found and what is right, with the numbers that the SQL used."""
    text = f"{result.titel} {result.befund} {result.erwartet}"
    assert "{" not in text
    assert str(result.verletzt) in result.befund
    assert "{geprueft}" not in regel.befund or str(result.geprueft) in result.befund
    limits = parameter.pruefgrenzen(data.DATENSTAND.date())
    for name in regel.grenzen:
        assert zahl(limits[name]) in text, f"the texts do not name the limit {name}"
    assert result.erwartet.endswith(".")
    assert result.erwartet != result.befund


def _assert_empty(case: Case, result: RuleResult) -> None:
    if case.on_empty == NO_ROWS:
        assert (result.ergebnis, result.grund, result.geprueft) == ("nicht_pruefbar", KEINE_ZEILEN, None)
        assert KEINE_ZEILEN in result.befund
    elif case.on_empty == HELD:
        assert (result.ergebnis, result.befund) == ("gehalten", "")
    else:
        assert (result.ergebnis, result.verletzt) == ("verletzt", case.on_empty)


def test_every_rule_has_its_cases() -> None:
    assert {name.split()[0] for name in CASES} == {regel.regel_id for regel in RULES.regeln}


def test_every_limit_is_used_by_a_rule() -> None:
    used = {name for regel in RULES.regeln for name in regel.grenzen}
    assert used == set(parameter.read("pruefgrenzen"))


def test_every_record_of_a_finding_is_named_by_its_key() -> None:
    """The SELECT begins with keys of the contract; only statements about a whole table or office have none."""
    keys = {name for table in contract.TABLES.values() for name in table.primary_key}
    without = {
        regel.regel_id
        for regel in RULES.regeln
        if "verletzungen" in regel.kwargs and not _first_columns(str(regel.kwargs["verletzungen"])) & keys
    }
    assert without == EMPTY


def test_semi_and_anti_joins_have_an_equality() -> None:
    """Without one DuckDB 2.0.0 fills their columns with memory it never wrote; EXISTS is right."""
    statements = [str(regel.kwargs.get(part, "")) for regel in RULES.regeln for part in _SQL] + [RULES.sichten_sql]
    joins = [join for sql in statements for join in re.split(r"\b(?:SEMI|ANTI) JOIN\b", _without_comments(sql))[1:]]
    assert joins
    conditions = [re.split("WHERE|GROUP", _SUBQUERY.sub("", join))[0] for join in joins]
    assert [condition for condition in conditions if not re.search("USING|[^<>!]=", condition)] == []


_SQL = ("grundgesamtheit", "verletzungen")
_SUBQUERY = re.compile(r"\((?:SELECT|FROM)[^()]*(?:\([^()]*\)[^()]*)*\)")


def _without_comments(sql: str) -> str:
    return re.sub(r"--.*", "", sql)


def _first_columns(sql: str) -> set[str]:
    """The words behind the last SELECT that begins a line: the outermost one."""
    start = sql.rindex("\nSELECT") if "\nSELECT" in sql else sql.index("SELECT")
    words = sql[start:].replace("SELECT", "", 1).replace("DISTINCT", "").split("FROM")[0]
    return {column.strip().split(" AS ")[-1].split(".")[-1] for column in words.split(",")}


@pytest.mark.parametrize(
    "column",
    [(t.name, c.name) for t in contract.TABLES.values() for c in t.columns if c.required],
    ids=lambda pair: ".".join(cast(tuple[str, str], pair)),
)
def test_every_required_column_is_guarded(column: tuple[str, str]) -> None:
    table, name = column
    rule = next(r for r in RULES.regeln if r.suite == table and r.titel.startswith("Pflichtangaben"))
    assert f"{name} IS NULL" in str(rule.kwargs["verletzungen"])


@pytest.mark.parametrize("table", [t for t in contract.TABLES.values() if any(c.codes for c in t.columns)])
def test_codes_of_the_rules_are_the_codes_of_the_contract(table: contract.Table) -> None:
    sets = {
        r.spalten[0]: r.kwargs["value_set"] for r in RULES.regeln if r.suite == table.name and "value_set" in r.kwargs
    }
    assert sets == {column.name: list(column.codes) for column in table.columns if column.codes}
