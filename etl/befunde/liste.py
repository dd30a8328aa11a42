"""The complete list of findings of a delivery: set-based, pseudonymous, ranked by what they move.

It stays in the job centre's own zone (``Settings.findings``); the warehouse gets counts only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from etl import ablage, contract
from etl.extract.archive import Archive
from etl.figures import available_months, katalog, records
from etl.files import private_folder
from etl.resources import SQL
from etl.validate import Regelwerk, Validation, archiv_sql
from etl.validate.befunde import question
from etl.validate.regelwerk import Regel

OPEN_MONTHS = 4
"""A delivery states its month and the three before it anew: only their figures can still move."""

_TEXT = pa.string()
COLUMNS = pa.schema(
    [
        pa.field("regel_id", _TEXT),
        pa.field("befund_id", _TEXT),
        pa.field("satz", _TEXT),
        pa.field("kundennummer", _TEXT),
        pa.field("bg_nummer", _TEXT),
        pa.field("monat", pa.date32()),
        pa.field("gefunden", _TEXT),
        pa.field("werte_sha256", _TEXT),
        pa.field("zustaendigkeit", _TEXT),
        pa.field("geschaeftsstelle", _TEXT),
        pa.field("zustand", _TEXT),
        pa.field("wirkung", _TEXT),
        pa.field("wirkung_anzahl", pa.int64()),
        pa.field("wirkung_euro", pa.decimal128(18, 2)),
    ]
)
"""One row per finding. ``befund_id`` names rule and record; ``satz`` is the record's key as JSON; ``zustand`` is neu,
bestehend, wiedergekehrt or behoben; ``wirkung`` says what the figures of the open months would lose without it."""

_KEYS = tuple(dict.fromkeys(name for table in contract.TABLES.values() for name in table.primary_key))


def find(archive: Archive, validation: Validation, regelwerk: Regelwerk, earlier: Sequence[pa.Table] = ()) -> pa.Table:
    """Return every finding of a validated delivery; ``earlier`` are those of the deliveries before, the newest first.

    Raises ``RegelSqlError`` when a rule that was violated can suddenly not be asked for its rows.
    """
    outcomes = {result.regel_id: result.ergebnis for result in validation.ergebnisse}
    violated = [regel for regel in regelwerk.regeln if outcomes.get(regel.regel_id) == "verletzt"]
    checked = [regel_id for regel_id, outcome in outcomes.items() if outcome != "nicht_pruefbar"]
    with archiv_sql.opened(archive, regelwerk.sichten_sql) as engine:
        engine.execute(_RAW)
        for regel in violated:
            _collect(engine, regel)
        engine.register("regel_geprueft", pa.table({"regel_id": pa.array(checked, _TEXT)}))
        engine.register("regel_groesse", _figures_of(violated))
        engine.register("frueher", _earlier(earlier))
        engine.register("beitrag", _contributions(archive, violated))
        for name in ("01_zuordnung.sql", "02_wirkung.sql"):
            engine.execute((SQL / "befunde" / name).read_text(encoding="utf-8"))
        found = engine.sql((SQL / "befunde" / "03_zustand.sql").read_text(encoding="utf-8")).to_arrow_table()
    return found.select(COLUMNS.names).cast(COLUMNS)


def violations(archive: Archive, regelwerk: Regelwerk) -> tuple[pa.Table, Mapping[str, str]]:
    """Return ``regel_id`` and ``satz`` of every violating record, and per rule why it could not be asked (or "")."""
    reasons: dict[str, str] = {}
    with archiv_sql.opened(archive, regelwerk.sichten_sql) as engine:
        engine.execute(_RAW)
        for regel in regelwerk.regeln:
            try:
                _collect(engine, regel)
                reasons[regel.regel_id] = ""
            except archiv_sql.RegelSqlError as error:
                reasons[regel.regel_id] = str(error)
        found = engine.sql("SELECT DISTINCT regel_id, satz FROM befund_roh ORDER BY ALL").to_arrow_table()
    return found, reasons


def write(path: Path, befunde: pa.Table, regelwerk_sha256: str) -> None:
    """Keep the list, completely or not at all, in a folder that only its owner can look into."""
    private_folder(path.parent)
    ablage.write(path, befunde.replace_schema_metadata({"regelwerk_sha256": regelwerk_sha256}))


_FROM_BACKUP = "Die Datei aus der Sicherung zurückspielen: an ihr hängt, welche Befunde neu sind."


def read(path: Path, regelwerk_sha256: str | None = None) -> pa.Table | None:
    """Return a kept list; None when there is none, or none by these rules. Raises ``DamagedError``."""
    if not path.is_file():
        return None
    befunde = ablage.read(path, COLUMNS, "Die Befunde", _FROM_BACKUP)
    kept = (befunde.schema.metadata or {}).get(b"regelwerk_sha256", b"").decode()
    return None if regelwerk_sha256 not in (None, kept) else befunde.replace_schema_metadata()


_RAW = """
CREATE TABLE befund_roh (
    regel_id VARCHAR, satz VARCHAR, gefunden VARCHAR,
    kundennummer VARCHAR, bg_nummer VARCHAR, monat DATE, erwerb_id VARCHAR, teilnahme_id VARCHAR, minderung_id VARCHAR
)
"""
_OWN_COLUMNS = ("kundennummer", "bg_nummer", "monat", "erwerb_id", "teilnahme_id", "minderung_id")


def _collect(engine: duckdb.DuckDBPyConnection, regel: Regel) -> None:
    """Add the rows that violate a rule: what is a key of the contract names the record, the rest is what was found."""
    archiv_sql.keep_rows(engine, question(regel), "verletzung")
    kinds = {str(name): str(kind) for name, kind, *_ in engine.execute("DESCRIBE verletzung").fetchall()}
    keys = [name for name in kinds if name in _KEYS]
    satz = ", ".join(f"{name} := {name}" for name in keys)
    key = f"to_json(struct_pack({satz}))::VARCHAR" if satz else "'{}'"
    found = ", ".join(_written(name, kind) for name, kind in kinds.items() if name not in keys)
    own = ", ".join(name if name in keys else "NULL" for name in _OWN_COLUMNS)
    engine.execute(
        f"INSERT INTO befund_roh\n"
        f"SELECT '{regel.regel_id}', {key}, concat_ws('; ', {found or 'NULL'}), {own} FROM verletzung"
    )


def _written(name: str, kind: str) -> str:
    """SQL of a found value as a person reads it: ``zahlung = 563,01``; ``leer`` where there is none."""
    if kind in ("DATE", "TIMESTAMP"):
        text = f"strftime({name}, '%d.%m.%Y')"
    elif kind == "BOOLEAN":
        text = f"if({name}, 'ja', 'nein')"
    elif kind.startswith(("DECIMAL", "DOUBLE", "FLOAT")):
        text = f"replace({name}::VARCHAR, '.', ',')"
    else:
        text = f"{name}::VARCHAR"
    return f"'{name} = ' || coalesce({text}, 'leer')"


def _figures_of(violated: Sequence[Regel]) -> pa.Table:
    """Return which figures each rule can move, in the order of the catalogue."""
    catalogue = katalog.load()
    places = {code: place for place, code in enumerate(catalogue)}
    rows = [
        (regel.regel_id, code, places[code], catalogue[code].einheit == "EUR")
        for regel in violated
        for code in regel.figuren
        if code in catalogue
    ]
    kinds = (_TEXT, _TEXT, pa.int32(), pa.bool_())
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    names = ("regel_id", "groesse", "platz", "in_euro")
    return pa.table([pa.array(values, kind) for values, kind in zip(columns, kinds, strict=True)], names=list(names))


def _earlier(earlier: Sequence[pa.Table]) -> pa.Table:
    """Return the open findings of earlier deliveries with their rank: 1 is the delivery before."""
    found = [COLUMNS.append(_RANK).empty_table()]
    for rank, befunde in enumerate(earlier, start=1):
        opened = befunde.filter(pc.not_equal(befunde["zustand"], "behoben"))
        found.append(opened.append_column(_RANK, pa.array([rank] * opened.num_rows, _RANK.type)))
    return pa.concat_tables(found)


_RANK = pa.field("rang", pa.int32())


def _contributions(archive: Archive, violated: Sequence[Regel]) -> pa.Table:
    """Return what every person and Bedarfsgemeinschaft adds to the figures of the open months."""
    wanted = {code for regel in violated for code in regel.figuren}
    figures = [figure for code, figure in katalog.load().items() if code in wanted]
    months = available_months(archive)[-OPEN_MONTHS:]
    if not figures or not months:
        return _CONTRIBUTIONS.empty_table()
    with records(archive, months) as engine:
        parts = "\nUNION ALL\n".join(_part(figure) for figure in figures)
        added: pa.Table = engine.sql(parts).to_arrow_table()
    return added.cast(_CONTRIBUTIONS)


_CONTRIBUTIONS = pa.schema(
    [
        pa.field("monat", pa.date32()),
        pa.field("kundennummer", _TEXT),
        pa.field("bg_nummer", _TEXT),
        pa.field("groesse", _TEXT),
        pa.field("wert", pa.decimal128(18, 2)),
    ]
)


def _part(figure: katalog.Figure) -> str:
    return (
        f"SELECT monat, kundennummer, bg_nummer, '{figure.code}' AS groesse,\n"
        f"  sum({figure.mass})::DECIMAL(18, 2) AS wert\n"
        f"FROM satz_{figure.grundgesamtheit}\n"
        f"WHERE monat IN (SELECT monat FROM par_berichtsmonat) AND ({figure.bedingung}) GROUP BY ALL"
    )


def counts(befunde: pa.Table, closed: pa.Array) -> Mapping[str, Mapping[str, Mapping[str, int]]]:
    """Count by rule, office and state; ``ausgenommen`` counts those closed by a waiver."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    columns = (befunde.column(name).to_pylist() for name in ("regel_id", "geschaeftsstelle", "zustand"))
    for regel, stelle, zustand, ausnahme in zip(*columns, closed.to_pylist(), strict=True):
        row = found.setdefault(regel, {}).setdefault(stelle, dict.fromkeys(STATES, 0))
        row[zustand] += 1
        row["ausgenommen"] += ausnahme is not None
    return found


STATES = ("neu", "bestehend", "wiedergekehrt", "behoben", "ausgenommen")
