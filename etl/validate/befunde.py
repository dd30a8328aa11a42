"""The rows that violate a rule, all of them: Great Expectations counts, this lists (its own lists are capped)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, cast

import pyarrow as pa

from etl import contract
from etl.extract.archive import Archive
from etl.validate import archiv_sql
from etl.validate.archiv_sql import Frage
from etl.validate.regelwerk import SQL_REGEL, Regel, Regelwerk, RegelwerkError


def findings(archive: Archive, regelwerk: Regelwerk, regel_id: str) -> pa.Table:
    """Return every row that violates ``regel_id``: its key columns, then what was found; sorted by all columns.

    Raises ``RegelwerkError`` for a rule that cannot be checked.
    """
    regel = regelwerk.regel(regel_id)
    with archiv_sql.opened(archive, regelwerk.sichten_sql) as connection:
        try:
            return archiv_sql.rows(connection, question(regel))
        except archiv_sql.RegelSqlError as error:
            raise RegelwerkError(f"Die Regel {regel_id} ist nicht prüfbar ({error}).") from None


def question(regel: Regel) -> Frage:
    """Return the SQL of a rule's violating rows; of a rule about columns, what Great Expectations means by its type."""
    if regel.typ == SQL_REGEL:
        return regel.frage
    build = _BY_TYPE.get(regel.typ)
    if build is None:
        raise RegelwerkError(
            f"Zur Regel {regel.regel_id} gibt es keine Befundliste: Der Typ {regel.typ} ist nicht als SQL bekannt.",
            hint="Den Typ in etl/validate/befunde.py ergänzen oder die Regel als SQL schreiben.",
        )
    return Frage(build(regel.suite, cast(Mapping[str, Any], regel.kwargs)), f"raw_{regel.suite}", {})


def _selected(table: str, columns: Sequence[str], condition: str) -> str:
    """SQL of the rows of a table: their key, then the columns the rule looks at."""
    key = contract.TABLES[table].primary_key
    names = ", ".join((*key, *(name for name in columns if name not in key)))
    return f"SELECT {names} FROM raw_{table} {condition}"


def _unique(table: str, columns: Sequence[str]) -> str:
    filled = " AND ".join(f"{name} IS NOT NULL" for name in columns)
    repeated = f"QUALIFY count(*) OVER (PARTITION BY {', '.join(columns)}) > 1"
    return _selected(table, columns, f"WHERE {filled} {repeated}")


def _in_set(table: str, kwargs: Mapping[str, Any]) -> str:
    allowed = ", ".join(_literal(value) for value in kwargs["value_set"])
    return _selected(table, [kwargs["column"]], f"WHERE {kwargs['column']} NOT IN ({allowed})")


def _regex(table: str, kwargs: Mapping[str, Any]) -> str:
    column = kwargs["column"]
    pattern = str(kwargs["regex"]).replace(r"\Z", r"\z")  # the end of the text: Python's and DuckDB's way to write it
    return _selected(table, [column], f"WHERE NOT regexp_matches({column}, {_literal(pattern)})")


def _pair(table: str, kwargs: Mapping[str, Any]) -> str:
    greater, smaller = kwargs["column_A"], kwargs["column_B"]
    wrong = "<" if kwargs.get("or_equal") else "<="
    return _selected(table, [smaller, greater], f"WHERE {greater} {wrong} {smaller}")


def _row_count(table: str, kwargs: Mapping[str, Any]) -> str:
    least, most = kwargs.get("min_value", 0), kwargs.get("max_value") or "count(*)"
    return f"SELECT count(*) AS zeilen FROM raw_{table} HAVING count(*) NOT BETWEEN {least} AND {most}"


def _literal(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


_BY_TYPE: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = MappingProxyType(
    {
        "expect_column_values_to_be_unique": lambda table, kwargs: _unique(table, [kwargs["column"]]),
        "expect_compound_columns_to_be_unique": lambda table, kwargs: _unique(table, kwargs["column_list"]),
        "expect_column_values_to_be_in_set": _in_set,
        "expect_column_values_to_match_regex": _regex,
        "expect_column_pair_values_a_to_be_greater_than_b": _pair,
        "expect_table_row_count_to_be_between": _row_count,
    }
)
