"""Open a figure: the pseudonymous records it is the sum of, and those that nearly count.

The records come from the same ``satz_`` view, with the same condition and measure, that the figure is summed from, so
that both agree by construction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

import duckdb
import pyarrow as pa

from etl.errors import UsageError
from etl.extract.archive import Archive
from etl.figures import katalog, kennzahlen, merkmale, records
from etl.monat import Monat

SPALTEN: Mapping[str, str] = MappingProxyType({"gemeinde_ags": "gemeinde", "altersgruppe": "alter"})
"""Names of the source contract for feature columns that the figures call otherwise."""


Auswahl = Mapping[str, str]
"""Feature column to its code: which records of a figure are meant."""


def parse(where: Sequence[str]) -> Auswahl:
    """Read restrictions such as ``gemeinde_ags=08317096``; anything else is a usage error."""
    known = sorted({column for population in merkmale.MERKMALE for column in merkmale.columns(population)})
    chosen: dict[str, str] = {}
    for text in where:
        name, found, value = text.partition("=")
        column = SPALTEN.get(name, name)
        if not found or not value or column not in known or column in chosen:
            raise UsageError(
                f"Die Einschränkung „{text}“ ist nicht lesbar.",
                hint=f"Erwartet wird MERKMAL=WERT mit einem Merkmal aus: {', '.join(known)}.",
            )
        chosen[column] = value
    return MappingProxyType(chosen)


def cell(population: katalog.Population, auswahl: Auswahl) -> tuple[str, str] | None:
    """Return table and cell (merkmal, auspraegung) in which the selection is published; None if it is in none."""
    for merkmal in merkmale.MERKMALE[population]:
        if set(merkmal.columns) == set(auswahl):
            return merkmal.name, "/".join(auswahl[column] for column in merkmal.columns) or merkmale.INSGESAMT
    return None


@dataclass(frozen=True)
class Erklaerung:
    """The records of one figure and month, in order of their names.

    ``saetze`` has the columns satz, kundennummer, bg_nummer (pseudonyms), the features, and ``wert``, what the record
    adds to the figure; ``knapp`` the same columns with ``warum`` instead of ``wert``. ``summe`` is the figure's value
    for ``auswahl``.
    """

    groesse: katalog.Figure
    monat: Monat
    auswahl: Auswahl
    saetze: pa.Table
    knapp: pa.Table
    summe: Decimal


def explain(
    archive: Archive, groesse: str, monat: Monat, auswahl: Auswahl, law: Mapping[str, pa.Table] | None = None
) -> Erklaerung:
    """Return the records that ``groesse`` counts in ``monat``, narrowed to ``auswahl``, and those nearly counted.

    ``law``: the ``par_`` tables of an earlier state of the parameters; None takes today's.
    Raises ``UsageError`` for an unknown figure, a feature it does not have, a code that does not exist, a month the
    delivery does not cover.
    """
    figure = _figure(groesse)
    _check_features(figure, auswahl)
    with records(archive, [monat], law) as engine:
        check_codes(engine, figure.grundgesamtheit, monat, auswahl)
        saetze = _select(engine, figure, monat, auswahl, figure.bedingung, f"({figure.mass})::DECIMAL(18, 2) AS wert")
        return Erklaerung(
            groesse=figure,
            monat=monat,
            auswahl=auswahl,
            saetze=saetze,
            knapp=_nearly(engine, figure, monat, auswahl),
            summe=sum(saetze.column("wert").to_pylist(), Decimal(0)),
        )


def _figure(code: str) -> katalog.Figure:
    known = katalog.load()
    if code in kennzahlen.load():
        inputs = dict.fromkeys(kennzahlen.load()[code].inputs)
        raise UsageError(
            f"{code} ist eine Kennzahl, keine Größe.",
            hint=f"Sie wird gebildet aus: {', '.join(inputs)}; diese lassen sich aufschlagen.",
        )
    if code not in known:
        raise UsageError(f"Eine Größe „{code}“ gibt es nicht.", hint=f"Es gibt: {', '.join(known)}.")
    return known[code]


def _check_features(figure: katalog.Figure, auswahl: Auswahl) -> None:
    columns = merkmale.columns(figure.grundgesamtheit)
    missing = [column for column in auswahl if column not in columns]
    if missing:
        raise UsageError(
            f"{figure.code} ist nicht nach {missing[0]} gegliedert.",
            hint=f"Merkmale von {figure.code}: {', '.join(columns) or 'keine'}.",
        )


_NAMED = 12
"""Codes that an error names."""


def check_codes(
    engine: duckdb.DuckDBPyConnection, population: katalog.Population, monat: Monat, auswahl: Auswahl
) -> None:
    """Raise ``UsageError`` for a code that is on no list and that no record of the month has: a slip, not a zero."""
    for column, value in auswahl.items():
        listed = [code for table in merkmale.MERKMALE[population] if table.columns == (column,) for code in table.codes]
        query = f"SELECT DISTINCT {column} FROM satz_{population} WHERE monat = $monat ORDER BY 1"
        met = [str(code) for (code,) in engine.execute(query, {"monat": monat.first_day}).fetchall()]
        if value not in listed and value not in met:
            named = listed or met
            raise UsageError(
                f"„{value}“ gibt es in {monat} bei {column} nicht.",
                hint=f"Es gibt: {', '.join(named[:_NAMED])}{', …' if len(named) > _NAMED else ''}.",
            )


def _select(
    engine: duckdb.DuckDBPyConnection,
    figure: katalog.Figure,
    monat: Monat,
    auswahl: Auswahl,
    counted: str,
    result: str,
) -> pa.Table:
    features = "".join(f", {column}" for column in merkmale.columns(figure.grundgesamtheit))
    narrowed = "".join(f" AND {column} = ${column}" for column in auswahl)
    query = (
        f"SELECT satz, kundennummer, bg_nummer{features}, {result} FROM satz_{figure.grundgesamtheit}\n"
        f"WHERE monat = $monat AND ({counted}){narrowed}\nORDER BY satz"
    )
    return engine.sql(query, params={"monat": monat.first_day, **auswahl}).to_arrow_table()


def _nearly(engine: duckdb.DuckDBPyConnection, figure: katalog.Figure, monat: Monat, auswahl: Auswahl) -> pa.Table:
    """Return the records that the figure's ``knapp`` names, each with its first reason."""
    cases = " ".join(f"WHEN {near.wenn} THEN '{near.warum}'" for near in figure.knapp)
    reason = f"CASE {cases} END" if figure.knapp else "NULL::VARCHAR"
    counted = f"({figure.bedingung}) IS NOT TRUE AND {reason} IS NOT NULL"
    return _select(engine, figure, monat, auswahl, counted, f"{reason} AS warum")
