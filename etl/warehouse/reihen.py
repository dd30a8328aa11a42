"""Published series, explained differences and estimates in the warehouse: added, never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import Connection

from etl.errors import UsageError
from etl.figures import kennzahlen
from etl.figures.merkmale import INSGESAMT
from etl.monat import Monat
from etl.series import Schaetzung, Veroeffentlicht, reihen
from etl.warehouse.locks import lock_until_commit
from etl.warehouse.read import chosen_traeger, read_inputs
from etl.warehouse.session import cursor_of

_EARLIEST = Monat(1, 1)


def record_series(connection: Connection, values: Sequence[Veroeffentlicht], traegernummer: str | None) -> int:
    """Keep published values; return how many are new. A value that differs from the newest becomes its next version."""
    new = 0
    with connection.begin():
        traeger = _required(connection, traegernummer)
        cursor = cursor_of(connection)
        lock_until_commit(cursor, f"reihe/{traeger}")
        for value in values:
            key = (traeger, value.reihe, value.monat.first_day)
            cursor.execute(
                "SELECT version, wert, abgeleitet, quelle FROM jobcenter.amtliche_reihe "
                "WHERE (traegernummer, reihe, berichtsmonat) = (%s, %s, %s) ORDER BY version DESC LIMIT 1",
                key,
            )
            version, *known = cursor.fetchone() or (0,)
            if known == [value.wert, value.abgeleitet, value.quelle]:
                continue
            cursor.execute(
                "INSERT INTO jobcenter.amtliche_reihe "
                "(traegernummer, reihe, berichtsmonat, version, wert, abgeleitet, quelle) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s)",
                (*key, int(str(version)) + 1, value.wert, value.abgeleitet, value.quelle),
            )
            new += 1
    return new


def read_series(
    connection: Connection, *, first: Monat, last: Monat, traegernummer: str | None
) -> list[Veroeffentlicht]:
    """Return the newest version of every published value of ``first`` to ``last``, by series and month."""
    with connection.begin():
        traeger = chosen_traeger(connection, traegernummer)
        rows = (
            cursor_of(connection)
            .execute(
                "SELECT DISTINCT ON (reihe, berichtsmonat) reihe, to_char(berichtsmonat, 'YYYY-MM'), wert, abgeleitet, "
                "quelle FROM jobcenter.rpt_reihe WHERE traegernummer = %s AND berichtsmonat BETWEEN %s AND %s "
                "ORDER BY reihe, berichtsmonat, version DESC",
                (traeger, first.first_day, last.first_day),
            )
            .fetchall()
        )
    return [
        Veroeffentlicht(str(reihe), Monat.parse(str(month)), Decimal(str(wert)), abgeleitet is True, str(quelle))
        for reihe, month, wert, abgeleitet, quelle in rows
    ]


def record_explanation(
    connection: Connection, value: Veroeffentlicht, eigen: Decimal, grund: str, traegernummer: str | None
) -> None:
    """Keep why a published value and our own differ; it holds for exactly these two values."""
    if not grund.strip():
        raise UsageError("Die Begründung der Abweichung ist leer.", abschnitt="name-oder-grund-fehlt")
    with connection.begin():
        cursor_of(connection).execute(
            "INSERT INTO jobcenter.abweichung_erklaert "
            "(traegernummer, reihe, berichtsmonat, veroeffentlicht, eigen, grund) "
            "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (
                _required(connection, traegernummer),
                value.reihe,
                value.monat.first_day,
                value.wert,
                eigen,
                grund.strip(),
            ),
        )


def read_explanations(
    connection: Connection, traegernummer: str | None
) -> Mapping[tuple[str, Monat, Decimal, Decimal], str]:
    """Return every explained difference; several reasons are joined in the order of the alphabet."""
    with connection.begin():
        traeger = chosen_traeger(connection, traegernummer)
        rows = (
            cursor_of(connection)
            .execute(
                "SELECT reihe, to_char(berichtsmonat, 'YYYY-MM'), veroeffentlicht, eigen, "
                "string_agg(grund, '; ' ORDER BY grund) FROM jobcenter.rpt_abweichung_erklaert "
                "WHERE traegernummer = %s GROUP BY 1, 2, 3, 4",
                (traeger,),
            )
            .fetchall()
        )
    return {(str(r), Monat.parse(str(m)), Decimal(str(v)), Decimal(str(e))): str(g) for r, m, v, e, g in rows}


def record_estimates(connection: Connection, values: Sequence[Schaetzung], traegernummer: str | None) -> int:
    """Keep estimates; return how many are new. What is kept already as the newest is not kept again."""
    with connection.begin():
        traeger = _required(connection, traegernummer)
        lock_until_commit(cursor_of(connection), f"schaetzung/{traeger}")
        known = _estimates(connection, traeger)
        new = [value for value in values if known.get((value.monat, value.groesse, value.geschlecht)) != value]
        cursor_of(connection).executemany(
            "INSERT INTO jobcenter.schaetzung (traegernummer, berichtsmonat, groesse, geschlecht, wert, grund) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            [(traeger, v.monat.first_day, v.groesse, v.geschlecht, v.wert, v.grund) for v in new],
        )
    return len(new)


def read_estimates(connection: Connection, traegernummer: str | None) -> Mapping[tuple[Monat, str, str], Decimal]:
    """Return the newest estimate by month, figure and sex."""
    with connection.begin():
        newest = _estimates(connection, chosen_traeger(connection, traegernummer))
    return {key: value.wert for key, value in newest.items()}


def _estimates(connection: Connection, traeger: str | None) -> dict[tuple[Monat, str, str], Schaetzung]:
    rows = (
        cursor_of(connection)
        .execute(
            "SELECT DISTINCT ON (berichtsmonat, groesse, geschlecht) to_char(berichtsmonat, 'YYYY-MM'), groesse, "
            "geschlecht, wert, grund FROM jobcenter.rpt_schaetzung WHERE traegernummer = %s "
            "ORDER BY berichtsmonat, groesse, geschlecht, schaetzung_id DESC",
            (traeger,),
        )
        .fetchall()
    )
    values = [
        Schaetzung(Monat.parse(str(month)), str(groesse), str(sex), Decimal(str(wert)), str(grund))
        for month, groesse, sex, wert, grund in rows
    ]
    return {(value.monat, value.groesse, value.geschlecht): value for value in values}


def _required(connection: Connection, traegernummer: str | None) -> str:
    """Return the Träger a value belongs to: the given one, whether loaded or not, else the only one that is loaded."""
    traeger = traegernummer or chosen_traeger(connection, None)
    if traeger is None:
        raise UsageError(
            "Das Warehouse ist noch leer; zu welchem Träger gehört die Reihe?",
            hint="--traeger NUMMER angeben.",
            abschnitt="nicht-geladen",
        )
    return traeger


def read_indicator_inputs(
    connection: Connection,
    *,
    catalogue: Sequence[kennzahlen.Kennzahl],
    months: Sequence[Monat],
    traegernummer: str | None = None,
    as_of: dt.datetime | None = None,
) -> dict[tuple[Monat, str, str], kennzahlen.Wert]:
    """Return everything the indicators of ``catalogue`` need for ``months``: own figures, estimates, population.

    An estimate stands where there is no own value. ``as_of``: own figures of deliveries up to this moment only.
    """
    inputs = read_inputs(
        connection,
        groessen=sorted({code for kennzahl in catalogue for code in kennzahl.inputs}),
        first=min(months).shift(-kennzahlen.lookback(catalogue)),
        last=max(months),
        traegernummer=traegernummer,
        as_of=as_of,
    )
    for key, wert in read_estimates(connection, traegernummer).items():
        if key not in inputs or inputs[key].wert is None:
            inputs[key] = kennzahlen.Wert(wert, wartezeit=0, geschaetzt=True)
    population = read_series(connection, first=_EARLIEST, last=max(months), traegernummer=traegernummer)
    for value in sorted((v for v in population if not reihen()[v.reihe].groessen), key=lambda v: v.monat):
        # A state of the population holds until a newer one is published; for us it is final.
        for month in months:
            if month >= value.monat:
                inputs[month, value.reihe, INSGESAMT] = kennzahlen.Wert(value.wert, kennzahlen.FINAL)
    return inputs
