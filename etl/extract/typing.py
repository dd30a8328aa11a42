"""From what a source holds to the contract's types: every value passes without loss or is a located breach.

A column may arrive as text (CSV, or a source that stores text) or already typed (Parquet, database). Both meet the
same rules: dates ``JJJJ-MM-TT``, amounts with at most two decimals and a point, booleans ``true``/``false``, keys
as text, closed codes. No message repeats a value: what stands in the wrong column may be a name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from etl import rechner
from etl.contract import MONTH_COLUMN, TEXT_LENGTH, Column, Table
from etl.errors import ContractBreachError

_TEXT_FORM = {
    "date": (r"\A\d{4}-\d{2}-\d{2}\z", "kein Datum in der Form JJJJ-MM-TT"),
    "integer": (r"\A-?\d{1,9}\z", "keine ganze Zahl"),
    "boolean": (r"\A(true|false)\z", "weder „true“ noch „false“"),
}
# Null and its kin, which XML, PostgreSQL or a terminal cannot take, and signs that turn the direction of reading, so
# that a report says something else than its data. Tabs and line breaks are text.
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}\x{202a}-\x{202e}\x{2066}-\x{2069}\x{fffe}\x{ffff}]"
_CELL_NAMES = {"geschaeftsstelle"}
"""Free texts of a delivery that name cells of published tables. A spreadsheet must not take one for a formula."""
_NUMBER_FORM = "keine Zahl mit Dezimalpunkt, höchstens {scale} Nachkommastellen und {digits} Stellen davor"


def check_columns(table: Table, names: Sequence[str]) -> None:
    """Check the names of the columns: all of the contract, none twice, none else unless it begins with ``x_``."""
    for name in table.column_names:
        if names.count(name) != 1:
            problem = "fehlt" if name not in names else "kommt mehrfach vor"
            raise ContractBreachError(f"Die Spalte {problem}.", table=table.name, column=name)
    for position, name in enumerate(names, start=1):
        if name not in table.column_names and not name.startswith("x_"):
            raise ContractBreachError(
                f"Die {position}. Spalte kennt der Vertrag nicht.",
                table=table.name,
                hint="Zusätzliche Spalten sind nur erlaubt, wenn ihr Name mit x_ beginnt; sie werden nicht übernommen.",
            )


def typed_batch(table: Table, raw: pa.RecordBatch, first_row: int) -> pa.RecordBatch:
    """Convert one batch of raw columns; ``first_row`` is the number of its first data row (from 1)."""
    arrays = [_typed_column(table, column, raw.column(column.name), first_row) for column in table.columns]
    return pa.RecordBatch.from_arrays(arrays, schema=table.arrow_schema)


def _typed_column(table: Table, column: Column, values: pa.Array, first_row: int) -> pa.Array:
    def breach(position: int, what: str) -> ContractBreachError:
        return ContractBreachError(what, table=table.name, row=first_row + position, column=column.name)

    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_null(values.type):
        values = values.cast(pa.string())
    if _is_text(values.type):
        values = _decoded(values, breach)
        values = pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)
    if column.required and values.null_count:
        raise breach(_first(pc.is_null(values)), "Pflichtwert fehlt.")
    typed = _from_text(column, values, breach) if _is_text(values.type) else _from_native(column, values, breach)
    _check_content(column, typed, breach)
    return typed


Breach = Callable[[int, str], ContractBreachError]


def _is_text(kind: pa.DataType) -> bool:
    return any(
        is_kind(kind)
        for is_kind in (
            pa.types.is_string,
            pa.types.is_large_string,
            pa.types.is_string_view,
            pa.types.is_binary,
            pa.types.is_large_binary,
        )
    )


def _decoded(values: pa.Array, breach: Breach) -> pa.Array:
    """Text as UTF-8. CSV arrives as bytes, so that a wrong encoding can be located to row and column."""
    # By way of bytes: from one kind of text to another Arrow looks at no byte, and a Parquet file may lie.
    return _converted(
        values,
        lambda part: part.cast(pa.binary()).cast(pa.string()),
        breach,
        "Der Text ist nicht in UTF-8 kodiert.",
    )


def _from_text(column: Column, values: pa.Array, breach: Breach) -> pa.Array:
    if column.type == "string":
        return values
    if column.type == "number":
        scale = column.arrow_type.scale
        digits = column.arrow_type.precision - scale
        pattern = rf"\A-?\d{{1,{digits}}}(\.\d{{1,{scale}}})?\z"
        expected = _NUMBER_FORM.format(scale=scale, digits=digits)
    else:
        pattern, expected = _TEXT_FORM[column.type]
    _require(pc.match_substring_regex(values, pattern), breach, f"Falscher Typ: {expected}.")
    return _converted(values, lambda part: part.cast(column.arrow_type), breach, f"Falscher Typ: {expected}.")


def _from_native(column: Column, values: pa.Array, breach: Breach) -> pa.Array:
    what = f"Falscher Typ: {values.type} lässt sich nicht ohne Verlust in den Vertragstyp „{column.type}“ wandeln."
    kind = values.type
    suits = {
        "string": False,
        "date": pa.types.is_date(kind) or (pa.types.is_timestamp(kind) and kind.tz is None),
        "number": pa.types.is_decimal(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind),
        "integer": pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_floating(kind),
        "boolean": pa.types.is_boolean(kind),
    }[column.type]
    if not suits:
        raise breach(0, what)
    if pa.types.is_float16(kind):
        values = values.cast(pa.float64())  # Arrow cannot round halves
    if pa.types.is_floating(kind) and column.type == "number":
        scale = column.arrow_type.scale
        # 12.34 has no exact binary form: it is an amount when it is the nearest one to some cent.
        exact = pc.less(pc.abs(pc.subtract(values, pc.round(values, scale))), 10.0 ** -(scale + 4))
        _require(exact, breach, what)
        values = pc.round(values, scale)
    typed = _converted(values, lambda part: part.cast(column.arrow_type), breach, what)
    if column.type == "date":
        # Arrow cuts off the time of day without a word.
        _require(pc.equal(typed.cast(kind), values), breach, what)
    return typed


def _check_content(column: Column, values: pa.Array, breach: Breach) -> None:
    if column.codes:
        valid = pc.is_in(values, value_set=pa.array(column.codes, values.type), skip_nulls=False)
        _require(pc.or_(valid, pc.is_null(values)), breach, f"Unbekannter Code; erlaubt: {', '.join(column.codes)}.")
    if column.pattern:
        digits = column.pattern.removeprefix(r"\d").strip("{}")
        valid = pc.match_substring_regex(values, rf"\A(?:{column.pattern})\z")
        _require(valid, breach, f"Falsche Form; erwartet werden {digits} Ziffern.")
    if column.type == "string":
        _require(
            pc.less_equal(pc.utf8_length(values), TEXT_LENGTH), breach, f"Der Text ist über {TEXT_LENGTH} Zeichen lang."
        )
        _require(pc.invert(pc.match_substring_regex(values, _CONTROL)), breach, "Der Text enthält ein Steuerzeichen.")
    if column.name in _CELL_NAMES:
        harmless = pc.match_substring_regex(values, r"\A[^=+\-@\pC\pZ][^\pC]*\z")
        _require(harmless, breach, "Der Name beginnt wie eine Formel oder enthält ein Steuerzeichen.")
    if column.type == "date":
        years = pc.year(values)
        _require(pc.and_(pc.greater(years, 0), pc.less(years, 10000)), breach, "Das Jahr ist nicht vierstellig.")
    if column.name == MONTH_COLUMN:
        _require(pc.equal(pc.day(values), 1), breach, "Ein Monat wird als sein erster Tag angegeben.")


def _require(valid: pa.Array, breach: Breach, what: str) -> None:
    """Raise at the first False; NULL (no value) passes."""
    wrong = pc.invert(pc.fill_null(valid, True))
    if pc.any(wrong).as_py():
        raise breach(_first(wrong), what)


def _first(flags: pa.Array) -> int:
    return int(pc.index(flags, True).as_py())


def _converted(values: pa.Array, convert: Callable[[pa.Array], pa.Array], breach: Breach, what: str) -> pa.Array:
    """Convert all values at once; only if that fails, halve until the first bad one is found."""
    try:
        return convert(values)
    except pa.ArrowException as error:
        if rechner.explained(error):  # no fault of the delivery
            raise
        start, length = 0, len(values)
        while length > 1:
            half = length // 2
            try:
                convert(values.slice(start, half))
            except pa.ArrowException as error:
                if rechner.explained(error):
                    raise
                length = half
            else:
                start, length = start + half, length - half
        raise breach(start, what) from None
