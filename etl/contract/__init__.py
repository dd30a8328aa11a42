"""The source contract 1.0: tables, columns, codes and keys. Nothing else knows what a job centre delivers.

``quellvertrag.json`` is the machine-readable contract (Frictionless Table Schema). What a table schema cannot
say is added here, with the contract's own words: which tables must name an existing Bedarfsgemeinschaft, which
columns are amounts, and that a month is written as its first day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import pyarrow as pa

VERSION = "1.0"
"""The contract version a manifest must name in ``vertrag``."""

MANIFEST = "lieferung.json"
"""File name of the manifest in a folder or zip."""

ColumnType = Literal["string", "date", "number", "integer", "boolean"]

_ARROW: Mapping[ColumnType, pa.DataType] = MappingProxyType(
    {
        "string": pa.string(),
        "date": pa.date32(),
        "number": pa.decimal128(12, 2),
        "integer": pa.int32(),
        "boolean": pa.bool_(),
    }
)
# "Every bg_nummer [exists] in bedarfsgemeinschaft": its key has two columns, so a table schema cannot say it.
_BG_PARENT = "bedarfsgemeinschaft"
_OPTIONAL_TABLES = frozenset({"stichtag"})
# "Amounts are EUR with two decimals"; a floor area is a number, but no amount.
_NO_AMOUNT = frozenset({"wohnflaeche_qm"})


@dataclass(frozen=True)
class Column:
    """One column: its type, whether NULL is forbidden, its closed code list or pattern."""

    name: str
    type: ColumnType
    required: bool
    codes: tuple[str, ...] = ()
    pattern: str | None = None

    @property
    def arrow_type(self) -> pa.DataType:
        """The type in the archive. Amounts are exact decimals with two places, never floats."""
        return pa.decimal128(18, 6) if self.name in _NO_AMOUNT else _ARROW[self.type]


@dataclass(frozen=True)
class Reference:
    """``column`` must hold a value that occurs in ``parent_table`` under the same column name."""

    column: str
    parent_table: str


@dataclass(frozen=True)
class Table:
    """One table of the contract with its columns in order, its primary key and its references."""

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    references: tuple[Reference, ...]
    optional: bool = False

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns, in the order of the contract."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column called ``name``."""
        return next(column for column in self.columns if column.name == name)

    @property
    def arrow_schema(self) -> pa.Schema:
        """The typed shape of the table."""
        return pa.schema([pa.field(c.name, c.arrow_type, nullable=not c.required) for c in self.columns])


def _column(field: Mapping[str, Any]) -> Column:
    constraints = field.get("constraints", {})
    return Column(
        name=field["name"],
        type=field["type"],
        required=bool(constraints.get("required", False)),
        codes=tuple(constraints.get("enum", ())),
        pattern=constraints.get("pattern"),
    )


def _table(resource: Mapping[str, Any]) -> Table:
    schema = resource["schema"]
    name = resource["name"]
    columns = tuple(_column(field) for field in schema["fields"])
    references = [Reference(key["fields"][0], key["reference"]["resource"]) for key in schema.get("foreignKeys", ())]
    if name != _BG_PARENT and any(column.name == "bg_nummer" for column in columns):
        references.append(Reference("bg_nummer", _BG_PARENT))
    return Table(
        name=name,
        columns=columns,
        primary_key=tuple(schema["primaryKey"]),
        references=tuple(references),
        optional=name in _OPTIONAL_TABLES,
    )


def _load() -> Mapping[str, Table]:
    package = json.loads(Path(__file__).with_name("quellvertrag.json").read_text(encoding="utf-8"))
    return MappingProxyType({resource["name"]: _table(resource) for resource in package["resources"]})


TABLES: Mapping[str, Table] = _load()
"""Every table of the contract by name, parents before the tables that refer to them."""

MONTH_COLUMN = "monat"
"""Columns of this name hold the first day of a month."""

TEXT_LENGTH = 500
"""Characters a text may have. The contract names no limit; names of offices are keys in the warehouse and need one."""

PSEUDONYMISED = (
    "kundennummer",
    "bg_nummer",
    "aktenzeichen",
    "erwerb_id",
    "teilnahme_id",
    "minderung_id",
    "verfahren_id",
)
"""Keys of persons and cases: the archive holds them only as keyed hashes."""
