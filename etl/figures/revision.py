"""Why a figure changed: the change between two deliveries, split into causes whose sum is exactly the change.

Both deliveries are computed by today's rules and compared record by record (``sql/revision/ursachen.sql``). What a
stored figure differs from today's computation of the same delivery is due to the rules: first by today's definitions
with the parameters stored then (``definition``), then from those to today's parameters (``parameter``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

import duckdb
import pyarrow as pa

from etl.errors import UsageError
from etl.extract.archive import Archive
from etl.figures import katalog, merkmale, records
from etl.figures.erklaerung import Auswahl, check_codes
from etl.monat import Monat
from etl.resources import SQL

URSACHEN = ("nacherfasst", "korrigiert", "zurueckgenommen", "umgruppiert", "parameter", "definition")
"""The causes of a change, in the order they are shown."""

# What makes a record count at all; elsewhere every record counts.
_GEZAEHLT: Mapping[katalog.Population, str] = MappingProxyType(
    {"person": "gruppe <> 'ABGELEHNT'", "bg": "zaehlt", "teilnahme": "rechtzeitig"}
)
# What, beside the features of the tables, puts a record into another group.
_GRUPPE: Mapping[katalog.Population, str] = MappingProxyType({"person": "gruppe", "integration": "ist_ae, ist_lzb"})

Totals = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Stand:
    """A month as it was loaded from one delivery: the cell of every figure, and the law of then.

    ``law``: the ``par_`` tables of the parameters of then (None: not known, or the same as today's).
    """

    archive: Archive
    werte: Totals
    law: Mapping[str, pa.Table] | None


@dataclass(frozen=True)
class Revision:
    """The change of one figure and the part of each cause; ``sum(ursachen.values()) == nachher - vorher``."""

    groesse: str
    vorher: Decimal
    nachher: Decimal
    ursachen: Mapping[str, Decimal]


def revisions(vorher: Stand, nachher: Stand, monat: Monat, auswahl: Auswahl) -> list[Revision]:
    """Return every figure that both loads have a value of, in the order of the catalogue."""
    with records(vorher.archive, [monat]) as before, records(nachher.archive, [monat]) as after:
        _check_codes(before, after, monat, auswahl)
        caused = _causes(before, after, monat, auswahl)
        today = (_totals(before, monat, auswahl), _totals(after, monat, auswahl))
    then = tuple(
        _totals_then(stand, monat, auswahl) or now for stand, now in zip((vorher, nachher), today, strict=True)
    )
    rows = []
    for code in today[0]:
        old, new = vorher.werte.get(code), nachher.werte.get(code)
        if old is None or new is None:
            continue  # one of them has no value of it, or no such cell: there is no change to explain
        causes = dict.fromkeys(URSACHEN, Decimal(0)) | caused.get(code, {})
        causes["parameter"] = (today[0][code] - then[0][code]) - (today[1][code] - then[1][code])
        causes["definition"] = (then[0][code] - old) - (then[1][code] - new)
        rows.append(Revision(code, old, new, MappingProxyType(causes)))
    return rows


def _check_codes(
    before: duckdb.DuckDBPyConnection, after: duckdb.DuckDBPyConnection, monat: Monat, auswahl: Auswahl
) -> None:
    """Raise ``UsageError`` for a code that neither delivery has: what moved away is in the earlier one only."""
    for population, _ in _populations(auswahl):
        try:
            check_codes(after, population, monat, auswahl)
        except UsageError:
            check_codes(before, population, monat, auswahl)
        return


def _totals_then(stand: Stand, monat: Monat, auswahl: Auswahl) -> dict[str, Decimal] | None:
    """Compute the month by today's definitions with the parameters of then; None when they are today's."""
    if stand.law is None:
        return None
    with records(stand.archive, [monat], stand.law) as engine:
        return _totals(engine, monat, auswahl)


def _populations(auswahl: Auswahl) -> Iterator[tuple[katalog.Population, Sequence[katalog.Figure]]]:
    """Yield each population that has the features of the selection, with its figures."""
    for population in merkmale.MERKMALE:
        if set(auswahl) <= set(merkmale.columns(population)):
            yield population, [f for f in katalog.load().values() if f.grundgesamtheit == population]


def _where(monat: Monat, auswahl: Auswahl) -> tuple[str, dict[str, object]]:
    narrowed = "".join(f" AND {column} = ${column}" for column in auswahl)
    return f"monat = $monat{narrowed}", {"monat": monat.first_day, **auswahl}


def _totals(engine: duckdb.DuckDBPyConnection, monat: Monat, auswahl: Auswahl) -> dict[str, Decimal]:
    where, values = _where(monat, auswahl)
    totals: dict[str, Decimal] = {}
    for population, figures in _populations(auswahl):
        sums = ", ".join(
            f'coalesce(sum({f.mass}) FILTER ({f.bedingung}), 0)::DECIMAL(18, 2) AS "{f.code}"' for f in figures
        )
        rows = engine.execute(f"SELECT {sums} FROM satz_{population} WHERE {where}", values).fetchall()
        totals |= dict(zip([figure.code for figure in figures], rows[0], strict=True))
    return {code: totals[code] for code in katalog.load() if code in totals}


def _causes(
    before: duckdb.DuckDBPyConnection, after: duckdb.DuckDBPyConnection, monat: Monat, auswahl: Auswahl
) -> dict[str, dict[str, Decimal]]:
    caused: dict[str, dict[str, Decimal]] = {}
    with duckdb.connect() as engine:
        for side, source in (("vorher", before), ("nachher", after)):
            engine.register(f"satz_{side}", _export(source, monat, auswahl, _present))
            engine.register(f"wert_{side}", _export(source, monat, auswahl, _values))
        rows = engine.sql((SQL / "revision" / "ursachen.sql").read_text(encoding="utf-8")).fetchall()
    for groesse, ursache, differenz in rows:
        caused.setdefault(groesse, {})[ursache] = differenz
    return caused


def _export(
    engine: duckdb.DuckDBPyConnection,
    monat: Monat,
    auswahl: Auswahl,
    query: Callable[[katalog.Population, Sequence[katalog.Figure], Auswahl], str],
) -> pa.Table:
    parts = [query(population, figures, auswahl) for population, figures in _populations(auswahl)]
    values = {"monat": monat.first_day, **auswahl} if query is _values else {"monat": monat.first_day}
    return engine.sql("\nUNION ALL\n".join(parts), params=values).to_arrow_table()


def _present(population: katalog.Population, _figures: Sequence[katalog.Figure], _auswahl: Auswahl) -> str:
    """SQL: one row per record of the month, whether it counts, and all its features as one text."""
    columns = [*merkmale.columns(population), *([_GRUPPE[population]] if population in _GRUPPE else [])]
    features = f"concat_ws('/', {', '.join(columns)})" if columns else "''"
    return (
        f"SELECT '{population}' AS grundgesamtheit, satz, {_GEZAEHLT.get(population, 'true')} AS gezaehlt, "
        f"{features} AS merkmale FROM satz_{population} WHERE monat = $monat"
    )


def _values(population: katalog.Population, figures: Sequence[katalog.Figure], auswahl: Auswahl) -> str:
    """SQL: one row per record and figure it adds to, with what it adds."""
    narrowed = "".join(f" AND {column} = ${column}" for column in auswahl)
    return "\nUNION ALL\n".join(
        f"SELECT '{population}' AS grundgesamtheit, satz, '{figure.code}' AS groesse, "
        f"({figure.mass})::DECIMAL(18, 2) AS wert FROM satz_{population} "
        f"WHERE monat = $monat AND ({figure.bedingung}){narrowed}"
        for figure in figures
    )
