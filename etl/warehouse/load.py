"""Loading: figures and results of validation enter the warehouse whole or not at all, and only once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv
from sqlalchemy import Connection

from etl.errors import UsageError, WarehouseError
from etl.extract.archive import Archive, Delivery
from etl.monat import Monat
from etl.warehouse.locks import lock_until_commit, locked
from etl.warehouse.session import cursor_of
from etl.warehouse.zahlenpass import Herkunft, record_loads

if TYPE_CHECKING:
    from etl.validate.ergebnis import Validation  # its package brings Great Expectations along

CELLS = pa.schema(
    [
        pa.field("berichtsmonat", pa.string(), nullable=False),
        pa.field("groesse", pa.string(), nullable=False),
        pa.field("merkmal", pa.string(), nullable=False),
        pa.field("auspraegung", pa.string(), nullable=False),
        pa.field("wert", pa.decimal128(18, 2)),
        pa.field("wartezeit", pa.int32(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
    ]
)
"""The cells of figures: how they come in, and the columns they are read with."""

_KEY = ("groesse", "merkmal", "auspraegung")
_STORED = (*_KEY, "wert", "status")

_Cursor = psycopg.Cursor[tuple[object, ...]]


@dataclass(frozen=True)
class LoadResult:
    """What a load did. ``new`` is False when the warehouse held exactly these cells already."""

    berichtsmonat: Monat
    ladung_id: int
    version: int
    new: bool
    rows: int


@dataclass(frozen=True)
class Rules:
    """By what figures were computed: parameter files (name to text) with their hash, the hash of the definitions."""

    parameter_sha256: str
    parameter: Mapping[str, str]
    definition_sha256: str


@dataclass(frozen=True)
class _Month:
    """The cells of one month in canonical order, with the hash of their CSV."""

    monat: Monat
    cells: pa.Table
    sha256: str
    wartezeit: int


def alone(connection: Connection, traegernummer: str) -> AbstractContextManager[None]:
    """Let nobody else load for the Träger meanwhile: what is final may be asked, and loaded after the answer."""
    return locked(connection, f"ladung/{traegernummer}")


def load_cells(
    connection: Connection, archive: Archive, berichtsmonat: Monat, cells: pa.Table, findings_reason: str | None
) -> LoadResult:
    """Load the cells of one month in one transaction. See ``load_many``."""
    return load_many(connection, archive, {berichtsmonat: cells}, findings_reason)[0]


def load_many(
    connection: Connection,
    archive: Archive,
    months: Mapping[Monat, pa.Table],
    findings_reason: str | None,
    rules: Rules | None = None,
    herkunft: Herkunft | None = None,
    ergaenzt: Mapping[Monat, int] | None = None,
) -> list[LoadResult]:
    """Load the cells of several months of one delivery, all in one transaction; results in order of the months.

    What is there already is not loaded again; other content of the same month becomes its next version and the
    earlier one stays. ``findings_reason`` (why a person loads in spite of blocking findings) is kept with each load,
    as are the ``rules`` it was computed by (None: computed elsewhere, not known). Each load gets its passport in the
    same transaction; ``herkunft`` is what it says of the program and of people's decisions. The months of ``ergaenzt``
    are not whole: their cells complete the load (``ladung_id``) that it names.
    Raises ``WarehouseError`` when cells contradict each other or do not belong to their month, or when the
    warehouse knows the delivery with another content.
    """
    prepared = [_canonical(monat, months[monat]) for monat in sorted(months)]
    if findings_reason is not None and not findings_reason.strip():
        raise UsageError("Die Begründung für das Laden trotz Befunden ist leer.", abschnitt="name-oder-grund-fehlt")
    with connection.begin():
        cursor = cursor_of(connection)
        _register(cursor, archive)
        loads = [
            _load_month(cursor, archive.delivery, month, findings_reason, (ergaenzt or {}).get(month.monat))
            for month in prepared
        ]
        if rules is not None:
            _keep_rules(cursor, [load.ladung_id for load in loads], rules)
        record_loads(cursor, archive, [load.ladung_id for load in loads], herkunft or Herkunft())
        return loads


def record_validation(connection: Connection, archive: Archive, validation: Validation) -> int:
    """Keep the counts of a validation of the delivery, rule by rule; return ``pruefung_id``.

    The same rules with the same results are kept once; anything else is a further validation beside the earlier ones.
    """
    if validation.lieferung_sha256 != archive.content_sha256:
        raise WarehouseError(
            f"Die Prüfung gehört nicht zur Lieferung „{archive.delivery.reference}“.", abschnitt="zahlen-unstimmig"
        )
    rows = sorted((r.suite, r.regel_id, r.schwere, r.ergebnis, r.geprueft, r.verletzt) for r in validation.ergebnisse)
    sha256 = results_sha256(rows)
    identity = (archive.delivery.traegernummer, archive.delivery.lieferung_id)
    with connection.begin():
        cursor = cursor_of(connection)
        _register(cursor, archive)
        cursor.execute(
            "SELECT pruefung_id, version, regelwerk_sha256, ergebnis_sha256 FROM jobcenter.pruefung "
            "WHERE traegernummer = %s AND lieferung_id = %s ORDER BY version DESC LIMIT 1",
            identity,
        )
        pruefung_id, version, *known = cursor.fetchone() or (0, 0)
        if known == [validation.regelwerk_sha256, sha256]:
            return _integer(pruefung_id)
        pruefung_id = _inserted(
            cursor,
            "INSERT INTO jobcenter.pruefung (traegernummer, lieferung_id, version, regelwerk_sha256, ergebnis_sha256) "
            "VALUES (%s, %s, %s, %s, %s) RETURNING pruefung_id",
            (*identity, _integer(version) + 1, validation.regelwerk_sha256, sha256),
        )
        cursor.executemany(
            "INSERT INTO jobcenter.pruefergebnis VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [(pruefung_id, *row) for row in rows],
        )
        return pruefung_id


def results_sha256(rows: Sequence[Sequence[object]]) -> str:
    """Hash the results of a validation: suite, rule, severity, outcome, both counts; in order of suite and rule."""
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def cells_sha256(cells: pa.Table) -> str:
    """Hash cells (columns and types of ``CELLS``) in the one order and text form there is."""
    return hashlib.sha256(_csv(_ordered(cells))).hexdigest()


def _ordered(cells: pa.Table) -> pa.Table:
    return cells.cast(CELLS).sort_by([(name, "ascending") for name in _KEY])


def _canonical(monat: Monat, cells: pa.Table) -> _Month:
    """Check the cells of a month and bring them into the one order and text form that is hashed."""
    if cells.column_names != CELLS.names:
        raise WarehouseError(
            f"Die Werte für {monat} haben nicht die erwarteten Spalten {', '.join(CELLS.names)}.",
            abschnitt="zahlen-unstimmig",
        )
    if cells.num_rows == 0:
        raise WarehouseError(f"Für {monat} gibt es keine Werte zu laden.", abschnitt="zahlen-unstimmig")
    for name in CELLS.names:
        if not CELLS.field(name).nullable and cells.column(name).null_count:
            raise WarehouseError(
                f"In den Werten für {monat} ist die Spalte {name} nicht überall gefüllt.", abschnitt="zahlen-unstimmig"
            )
    try:
        if pa.types.is_floating(cells.schema.field("wert").type):
            raise ValueError  # amounts in binary floats are wrong before they are rounded
        cells = _ordered(cells)
    except (pa.ArrowInvalid, ValueError):
        # The reason is not repeated: it would hold the value.
        raise WarehouseError(
            f"Die Werte für {monat} haben nicht die erwarteten Typen.",
            hint="wert ist eine Dezimalzahl mit 18 Stellen, davon 2 Nachkommastellen.",
            abschnitt="zahlen-unstimmig",
        ) from None
    _check_texts(monat, cells)
    waiting = pc.unique(cells["wartezeit"]).to_pylist()
    if len(waiting) != 1:
        raise WarehouseError(
            f"Die Werte für {monat} haben verschiedene Wartezeiten; sie stammen nicht aus einer Rechnung.",
            abschnitt="zahlen-unstimmig",
        )
    return _Month(monat, cells.select(_STORED), hashlib.sha256(_csv(cells)).hexdigest(), waiting[0])


def _check_texts(monat: Monat, cells: pa.Table) -> None:
    other = pc.unique(cells["berichtsmonat"]).to_pylist()
    if other != [str(monat)]:
        raise WarehouseError(
            f"Unter den Werten für {monat} sind Werte eines anderen Monats.", abschnitt="zahlen-unstimmig"
        )
    if any(pc.any(pc.equal(cells[name], "")).as_py() for name in _KEY):
        raise WarehouseError(f"In den Werten für {monat} ist ein Schlüssel leer.", abschnitt="zahlen-unstimmig")
    if not pc.all(pc.equal(pc.equal(cells["status"], "ok"), pc.is_valid(cells["wert"]))).as_py():
        raise WarehouseError(
            f"In den Werten für {monat} passen Wert und Status nicht zusammen (ok = Wert vorhanden).",
            abschnitt="zahlen-unstimmig",
        )
    counted = cells.group_by(list(_KEY)).aggregate([([], "count_all")])
    doubled = counted.filter(pc.greater(counted["count_all"], 1)).sort_by([(name, "ascending") for name in _KEY])
    if doubled.num_rows:
        first = doubled.slice(0, 1).to_pylist()[0]
        raise WarehouseError(
            f"{doubled.num_rows} Zellen für {monat} kommen mehrfach vor, zuerst Größe {first['groesse']}, "
            f"Gliederung {first['merkmal']}, Ausprägung {first['auspraegung']}. Geladen wurde nichts.",
            abschnitt="zahlen-unstimmig",
        )


def _csv(table: pa.Table) -> bytes:
    buffer = BytesIO()
    csv.write_csv(table, buffer, csv.WriteOptions(include_header=False))
    return buffer.getvalue()


def _register(cursor: _Cursor, archive: Archive) -> None:
    """Enter the delivery if it is new, and keep others from loading for this Träger until the transaction ends."""
    delivery = archive.delivery
    lock_until_commit(cursor, f"ladung/{delivery.traegernummer}")
    identity = (delivery.traegernummer, delivery.lieferung_id)
    cursor.execute(
        "SELECT archiv_sha256, erstellt_am FROM jobcenter.lieferung WHERE traegernummer = %s AND lieferung_id = %s",
        identity,
    )
    known = cursor.fetchone()
    if known is None:
        cursor.execute(
            "INSERT INTO jobcenter.lieferung (traegernummer, lieferung_id, erstellt_am, datenstand, archiv_sha256) "
            "VALUES (%s, %s, %s, %s, %s)",
            (*identity, delivery.erstellt_am, delivery.datenstand, archive.content_sha256),
        )
    elif known != (archive.content_sha256, delivery.erstellt_am):
        raise WarehouseError(
            f"Das Warehouse kennt die Lieferung „{delivery.reference}“ mit anderem Inhalt.",
            hint="Eine geänderte Lieferung braucht eine neue lieferung_id.",
            abschnitt="lieferungskennung-vergeben",
        )


def _load_month(
    cursor: _Cursor, delivery: Delivery, month: _Month, findings_reason: str | None, ergaenzt: int | None
) -> LoadResult:
    identity = (delivery.traegernummer, delivery.lieferung_id, month.monat.first_day)
    cursor.execute(
        "SELECT ladung_id, version, inhalt_sha256, max(version) OVER () FROM jobcenter.ladung "
        "WHERE traegernummer = %s AND lieferung_id = %s AND berichtsmonat = %s "
        "ORDER BY ergaenzt IS NOT DISTINCT FROM %s DESC, version DESC LIMIT 1",
        (*identity, ergaenzt),
    )
    known_id, version, known_sha256, newest = cursor.fetchone() or (0, 0, None, 0)
    new = known_sha256 != month.sha256
    if new:
        version = _integer(newest) + 1
        known_id = _inserted(
            cursor,
            "INSERT INTO jobcenter.ladung "
            "(traegernummer, lieferung_id, berichtsmonat, version, inhalt_sha256, zeilen, wartezeit, ergaenzt) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING ladung_id",
            (*identity, version, month.sha256, month.cells.num_rows, month.wartezeit, ergaenzt),
        )
        _copy(cursor, known_id, month.cells)
    if findings_reason is not None:
        cursor.execute(
            "INSERT INTO jobcenter.befundannahme (ladung_id, grund) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            (known_id, findings_reason.strip()),
        )
    return LoadResult(month.monat, _integer(known_id), _integer(version), new, month.cells.num_rows)


def _keep_rules(cursor: _Cursor, loads: Sequence[int], rules: Rules) -> None:
    cursor.execute(
        "INSERT INTO jobcenter.parameterstand (parameter_sha256, dateien) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (rules.parameter_sha256, json.dumps(dict(rules.parameter), ensure_ascii=False, sort_keys=True)),
    )
    # A month that other rules give the same cells stays the load it was.
    cursor.executemany(
        "INSERT INTO jobcenter.rechenregel VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        [(load, rules.parameter_sha256, rules.definition_sha256) for load in loads],
    )


def _copy(cursor: _Cursor, ladung_id: int, cells: pa.Table) -> None:
    stored = cells.add_column(0, "ladung_id", pa.repeat(pa.scalar(ladung_id, pa.int64()), cells.num_rows))
    with cursor.copy(f"COPY jobcenter.zelle (ladung_id, {', '.join(_STORED)}) FROM STDIN (FORMAT csv)") as copy:
        copy.write(_csv(stored))


def _inserted(cursor: _Cursor, statement: str, values: Sequence[object]) -> int:
    cursor.execute(statement.encode(), values)
    return _integer((cursor.fetchone() or (None,))[0])


def _integer(value: object) -> int:
    """Narrow what the driver returns for an integer column."""
    if not isinstance(value, int):
        raise TypeError("expected an integer column")
    return value
