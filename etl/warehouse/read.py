"""Reading: the figures of a span of months at a Datenstand, and what the warehouse holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
from pyarrow import csv
from sqlalchemy import Connection

from etl.errors import UsageError
from etl.extract.archive import Delivery
from etl.figures.kennzahlen import FINAL, Wert
from etl.figures.merkmale import INSGESAMT
from etl.monat import Monat
from etl.nowcast import Meldung
from etl.warehouse.load import CELLS
from etl.warehouse.session import cursor_of

if TYPE_CHECKING:
    import pandas as pd  # a second of import time that starting a server does not need

_ORDER = ("berichtsmonat", "groesse", "merkmal", "auspraegung")

# Per month the newest version of the delivery that was created last. lieferung_id only settles equal moments.
_STAND = """
    SELECT DISTINCT ON (berichtsmonat) ladung_id, berichtsmonat, wartezeit
    FROM jobcenter.rpt_stand
    WHERE traegernummer = %(traegernummer)s
      AND berichtsmonat BETWEEN %(first)s AND %(last)s
      AND (%(as_of)s::timestamptz IS NULL OR erstellt_am <= %(as_of)s::timestamptz)
    ORDER BY berichtsmonat, erstellt_am DESC, lieferung_id DESC, version DESC
"""

# The cells of the states ``stand``, with what was added to them later (up to as_of). gewartet: each one's waiting time.
_CELLS = """
nachtrag AS (
    SELECT DISTINCT ON (n.ladung_id, n.groesse) n.ladung_id, n.groesse, n.nachtrag_id, n.wartezeit
    FROM jobcenter.rpt_nachtrag AS n
    JOIN stand AS s USING (ladung_id)
    WHERE %(as_of)s::timestamptz IS NULL OR n.erstellt_am <= %(as_of)s::timestamptz
    ORDER BY n.ladung_id, n.groesse, n.erstellt_am DESC, n.lieferung_id DESC, n.version DESC
),
zelle AS (
    SELECT s.*, s.wartezeit AS gewartet, f.groesse, f.merkmal, f.auspraegung, f.wert, f.status
    FROM stand AS s
    JOIN jobcenter.rpt_figur_stand AS f USING (ladung_id)
    WHERE NOT EXISTS (SELECT FROM nachtrag AS n WHERE n.ladung_id = f.ladung_id AND n.groesse = f.groesse)
    UNION ALL
    SELECT s.*, n.wartezeit AS gewartet, f.groesse, f.merkmal, f.auspraegung, f.wert, f.status
    FROM stand AS s
    JOIN nachtrag AS n USING (ladung_id)
    JOIN jobcenter.rpt_figur_stand AS f ON f.ladung_id = n.nachtrag_id AND f.groesse = n.groesse
)
"""

_FIGURES = f"""
COPY (
    WITH stand AS ({_STAND}),
    {_CELLS}
    SELECT berichtsmonat, groesse, merkmal, auspraegung, wert, gewartet, status
    FROM zelle
    WHERE %(merkmal)s::text IS NULL OR merkmal = %(merkmal)s
) TO STDOUT (FORMAT csv)
"""

_LOADS_OF = f"""
WITH stand AS ({_STAND}),
{_CELLS}
SELECT ladung_id, berichtsmonat FROM stand
UNION
SELECT n.nachtrag_id, s.berichtsmonat FROM nachtrag AS n JOIN stand AS s USING (ladung_id)
ORDER BY 2, 1
"""

# The cells of one load, with the columns of ``CELLS``.
_LOAD = """
COPY (
    SELECT to_char(l.berichtsmonat, 'YYYY-MM'), z.groesse, z.merkmal, z.auspraegung, z.wert, l.wartezeit, z.status
    FROM jobcenter.ladung AS l
    JOIN jobcenter.zelle AS z USING (ladung_id)
    WHERE l.ladung_id = %s
) TO STDOUT (FORMAT csv)
"""

# Inputs of indicators: totals and both sexes. Of a month the final figures if there are any, else the newest (rule 10).
_INPUTS = f"""
WITH stand AS (
    SELECT DISTINCT ON (berichtsmonat) ladung_id, berichtsmonat, wartezeit
    FROM jobcenter.rpt_stand
    WHERE traegernummer = %(traegernummer)s
      AND berichtsmonat BETWEEN %(first)s AND %(last)s
      AND (%(as_of)s::timestamptz IS NULL OR erstellt_am <= %(as_of)s::timestamptz)
    ORDER BY berichtsmonat, wartezeit >= %(final)s DESC, erstellt_am DESC, lieferung_id DESC, version DESC
),
{_CELLS}
SELECT berichtsmonat, groesse, auspraegung, wert, gewartet
FROM zelle
WHERE groesse = ANY(%(groessen)s)
  AND (merkmal = 'INSGESAMT' OR merkmal = 'GESCHLECHT' AND auspraegung IN ('m', 'w'))
"""

# Every state of a month's totals: of each waiting time (3 = final) the delivery that was created last.
_STATES = f"""
WITH stand AS (
    SELECT DISTINCT ON (least(wartezeit, %(final)s))
        ladung_id, least(wartezeit, %(final)s) AS wartezeit, lieferung_id, datenstand
    FROM jobcenter.rpt_stand
    WHERE traegernummer = %(traegernummer)s AND berichtsmonat = %(month)s
    ORDER BY least(wartezeit, %(final)s), erstellt_am DESC, lieferung_id DESC, version DESC
),
{_CELLS}
SELECT wartezeit, lieferung_id, datenstand, groesse, wert
FROM zelle
WHERE merkmal = 'INSGESAMT'
ORDER BY wartezeit, groesse
"""


# The reporting triangle: of each month the newest delivery of each waiting time before it is final, and the first one
# after. What changes a final figure later is a correction, not what was recorded late.
_TRIANGLE = """
WITH stand AS (
    SELECT DISTINCT ON (berichtsmonat, least(wartezeit, %(final)s))
        ladung_id, berichtsmonat, least(wartezeit, %(final)s) AS wartezeit, erstellt_am
    FROM jobcenter.rpt_stand
    WHERE traegernummer = %(traegernummer)s AND berichtsmonat BETWEEN %(first)s AND %(last)s
      AND (%(as_of)s::timestamptz IS NULL OR erstellt_am <= %(as_of)s::timestamptz)
    ORDER BY berichtsmonat, least(wartezeit, %(final)s), CASE WHEN wartezeit >= %(final)s THEN erstellt_am END,
        erstellt_am DESC, lieferung_id DESC, version DESC
)
SELECT s.berichtsmonat, s.wartezeit, s.erstellt_am, f.groesse, f.wert
FROM stand AS s
JOIN jobcenter.rpt_figur_stand AS f USING (ladung_id)
WHERE f.groesse = ANY(%(groessen)s) AND f.merkmal = 'INSGESAMT'
ORDER BY s.berichtsmonat, s.wartezeit, f.groesse
"""


@dataclass(frozen=True)
class KnownDelivery:
    """A delivery that the warehouse knows, with the number of months loaded from it."""

    traegernummer: str
    lieferung_id: str
    erstellt_am: dt.datetime
    datenstand: dt.date
    monate: int


class State(NamedTuple):
    """One total in one state: waiting time in whole months (3 = final), the delivery and the day of its data."""

    wartezeit: int
    lieferung_id: str
    datenstand: str
    groesse: str
    wert: Decimal | None


def read_figures(
    connection: Connection,
    *,
    first: Monat,
    last: Monat,
    traegernummer: str | None = None,
    as_of: dt.datetime | None = None,
    merkmal: str | None = None,
) -> pd.DataFrame:
    """Return the cells of ``first`` to ``last``: per month the newest Datenstand, or the newest up to ``as_of``.

    ``merkmal``: of one table only, such as ``INSGESAMT``.

    Columns of ``CELLS`` (``wert``: Decimal or None), sorted by month, groesse, merkmal, auspraegung by code point;
    months that are not loaded are missing. ``traegernummer`` None means the only one there is.
    """
    arguments = {"first": str(first), "last": str(last), "as_of": as_of, "merkmal": merkmal}
    with connection.begin():
        arguments["traegernummer"] = chosen_traeger(connection, traegernummer)
        cells = _copied(connection, _FIGURES, arguments)
    frame: pd.DataFrame = cells.sort_by([(name, "ascending") for name in _ORDER]).to_pandas()
    return frame


def read_loads_of(
    connection: Connection, *, first: Monat, last: Monat, traegernummer: str, as_of: dt.datetime
) -> list[int]:
    """Return the ``ladung_id`` of every load that ``read_figures`` takes its cells from, in order of the months."""
    arguments = {"first": str(first), "last": str(last), "traegernummer": traegernummer, "as_of": as_of}
    with connection.begin():
        return [_whole(row[0]) for row in cursor_of(connection).execute(_LOADS_OF, arguments).fetchall()]


def read_load(connection: Connection, ladung_id: int) -> pa.Table:
    """Return the cells of one load (columns of ``CELLS``), in no order. Not for the role controller."""
    with connection.begin():
        return _copied(connection, _LOAD, (ladung_id,))


def read_parameters(connection: Connection, parameter_sha256: str) -> dict[str, str] | None:
    """Return the parameter files (name to text) kept under a hash; None when there are none."""
    with connection.begin():
        files = connection.exec_driver_sql(
            "SELECT dateien FROM jobcenter.parameterstand WHERE parameter_sha256 = %s", (parameter_sha256,)
        ).scalar_one_or_none()
    return None if files is None else dict(files)


def read_inputs(
    connection: Connection,
    *,
    groessen: Sequence[str],
    first: Monat,
    last: Monat,
    traegernummer: str | None = None,
    as_of: dt.datetime | None = None,
) -> dict[tuple[Monat, str, str], Wert]:
    """Return the totals of ``groessen`` and those of both sexes, by month, figure and sex, with their waiting time.

    Per month the final figures where there are any, else the newest; of deliveries up to ``as_of`` only. What is not
    loaded is not there.
    """
    arguments = {
        "first": str(first),
        "last": str(last),
        "as_of": as_of,
        "final": FINAL,
        "groessen": sorted(groessen),
    }
    with connection.begin():
        chosen = chosen_traeger(connection, traegernummer)
        rows = cursor_of(connection).execute(_INPUTS, {**arguments, "traegernummer": chosen, "as_of": as_of}).fetchall()
    return {
        (Monat.parse(str(month)), str(groesse), str(geschlecht)): Wert(_decimal(wert), _whole(wartezeit))
        for month, groesse, geschlecht, wert, wartezeit in rows
    }


def read_states(connection: Connection, *, month: Monat, traegernummer: str | None = None) -> list[State]:
    """Return the totals of a month in every state that is loaded, T-0 first, by figure."""
    with connection.begin():
        chosen = chosen_traeger(connection, traegernummer)
        arguments = {"month": str(month), "final": FINAL, "traegernummer": chosen, "as_of": None}
        rows = cursor_of(connection).execute(_STATES, arguments).fetchall()
    return [
        State(_whole(wartezeit), str(lieferung), str(datenstand), str(groesse), _decimal(wert))
        for wartezeit, lieferung, datenstand, groesse, wert in rows
    ]


def read_triangle(
    connection: Connection,
    *,
    groessen: Sequence[str],
    first: Monat,
    last: Monat,
    traegernummer: str | None = None,
    as_of: dt.datetime | None = None,
) -> list[Meldung]:
    """Return the totals of ``groessen`` in every state of each month: the newest T-0, T-1, T-2 and the first final one.

    By month, waiting time and figure; ``as_of``: of deliveries created until then.
    """
    arguments = {"first": str(first), "last": str(last), "final": FINAL, "groessen": sorted(groessen)}
    with connection.begin():
        chosen = chosen_traeger(connection, traegernummer)
        rows = (
            cursor_of(connection).execute(_TRIANGLE, {**arguments, "traegernummer": chosen, "as_of": as_of}).fetchall()
        )
    return [
        Meldung(Monat.parse(str(month)), _whole(wartezeit), _moment(erstellt_am), str(groesse), _decimal(wert))
        for month, wartezeit, erstellt_am, groesse, wert in rows
    ]


# Whether the load l has a value of a figure.
_HAS_VALUE = (
    "EXISTS (SELECT FROM jobcenter.zelle AS z WHERE z.ladung_id = l.ladung_id AND z.groesse = %s "
    "AND z.merkmal = 'INSGESAMT' AND z.wert IS NOT NULL)"
)


class Stored(NamedTuple):
    """A load of a month from one delivery: its cells, and by which rules they were computed (None: not known).

    ``cells``: (groesse, merkmal, auspraegung) to the value.
    """

    cells: dict[tuple[str, str, str], Decimal | None]
    parameter_sha256: str | None
    parameter: dict[str, str] | None

    def value(self, groesse: str, cell: tuple[str, str]) -> Decimal | None:
        """Return the value of a cell (merkmal, auspraegung); one that is not kept is zero if its figure has a total."""
        total = self.cells.get((groesse, INSGESAMT, INSGESAMT))
        return self.cells.get((groesse, *cell), None if total is None else Decimal(0))


def read_stored(connection: Connection, *, reference: str, month: Monat, groesse: str | None = None) -> Stored:
    """Return a month as loaded from one delivery (its newest version). Not for the role controller.

    With ``groesse`` the newest load that has a value of this figure, if there is one: it may only have added it.
    Raises ``UsageError`` when the month was never loaded from the delivery.
    """
    traegernummer, _, lieferung_id = reference.partition("/")
    with connection.begin():
        cursor = cursor_of(connection)
        cursor.execute(
            "SELECT l.ladung_id, r.parameter_sha256, p.dateien FROM jobcenter.ladung AS l "
            "LEFT JOIN jobcenter.rechenregel AS r USING (ladung_id) "
            "LEFT JOIN jobcenter.parameterstand AS p USING (parameter_sha256) "
            "WHERE l.traegernummer = %s AND l.lieferung_id = %s AND l.berichtsmonat = %s "
            f"AND (l.ergaenzt IS NULL OR {_HAS_VALUE}) ORDER BY {_HAS_VALUE} DESC, l.version DESC LIMIT 1",
            (traegernummer, lieferung_id, month.first_day, groesse, groesse),
        )
        load = cursor.fetchone()
        if load is None:
            raise UsageError(
                f"{month} ist aus der Lieferung {reference} nicht geladen.",
                hint="„jobcenter run“ oder „jobcenter backfill“ mit dieser Lieferung ausführen.",
                abschnitt="nicht-geladen",
            )
        cursor.execute(
            "SELECT groesse, merkmal, auspraegung, wert FROM jobcenter.zelle WHERE ladung_id = %s", (load[0],)
        )
        cells = {(str(g), str(m), str(a)): _decimal(wert) for g, m, a, wert in cursor.fetchall()}
    sha256, files = load[1], load[2]
    if not isinstance(sha256, str) or not isinstance(files, dict):
        return Stored(cells, None, None)
    return Stored(cells, sha256, files)


def newest_delivery(connection: Connection, *, month: Monat, groesse: str, traegernummer: str | None = None) -> str:
    """Return the reference of the delivery that the newest value of a figure comes from. Not for the role controller.

    A month that is loaded, but has no value of the figure, still has the delivery it comes from.
    """
    with connection.begin():
        chosen = chosen_traeger(connection, traegernummer)
        row = (
            cursor_of(connection)
            .execute(
                "SELECT traegernummer || '/' || lieferung_id "
                "FROM jobcenter.ladung AS l JOIN jobcenter.lieferung AS d USING (traegernummer, lieferung_id) "
                "WHERE traegernummer = %s AND berichtsmonat = %s "
                f"ORDER BY {_HAS_VALUE} DESC, erstellt_am DESC, lieferung_id DESC, version DESC LIMIT 1",
                (chosen, month.first_day, groesse),
            )
            .fetchone()
        )
    if row is None:
        raise UsageError(
            f"{month} ist nicht geladen.",
            hint="Zuerst „jobcenter run“ oder „jobcenter backfill“ ausführen.",
            abschnitt="nicht-geladen",
        )
    return str(row[0])


def newest_month(connection: Connection, *, traegernummer: str | None = None) -> Monat:
    """Return the newest month that is loaded."""
    with connection.begin():
        chosen = chosen_traeger(connection, traegernummer)
        row = (
            cursor_of(connection)
            .execute("SELECT max(berichtsmonat) FROM jobcenter.rpt_stand WHERE traegernummer = %s", (chosen,))
            .fetchone()
        )
    if row is None or row[0] is None:
        raise UsageError(
            "Das Warehouse ist noch leer.",
            hint="Zuerst „jobcenter run“ oder „jobcenter backfill“ ausführen.",
            abschnitt="nicht-geladen",
        )
    return Monat.parse(str(row[0]))


def _decimal(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _moment(value: object) -> dt.datetime:
    if not isinstance(value, dt.datetime):
        raise TypeError("a moment")
    return value


def _whole(value: object) -> int:
    return int(str(value))


def final_months(connection: Connection, delivery: Delivery) -> list[Monat]:
    """Return the months that are final in the warehouse from another delivery of the same Träger, in order.

    What was recorded after the waiting time does not count any more: such months are not stated anew.
    """
    with connection.begin():
        rows = connection.exec_driver_sql(
            "SELECT DISTINCT berichtsmonat FROM jobcenter.rpt_stand "
            "WHERE traegernummer = %s AND lieferung_id <> %s AND wartezeit >= %s ORDER BY 1",
            (delivery.traegernummer, delivery.lieferung_id, FINAL),
        ).all()
    return [Monat.parse(str(row[0])) for row in rows]


def read_provisional(connection: Connection) -> dict[str, list[Monat]]:
    """Return the months whose newest state is not final, by the reference of the delivery it is from."""
    with connection.begin():
        rows = connection.exec_driver_sql(
            "SELECT DISTINCT ON (traegernummer, berichtsmonat) "
            "traegernummer, lieferung_id, erstellt_am, berichtsmonat, wartezeit FROM jobcenter.rpt_stand "
            "ORDER BY traegernummer, berichtsmonat, erstellt_am DESC, lieferung_id DESC, version DESC"
        ).all()
    found: dict[str, list[Monat]] = {}
    for traeger, lieferung_id, erstellt_am, month, wartezeit in rows:
        if wartezeit < FINAL:
            found.setdefault(Delivery(lieferung_id, traeger, erstellt_am).reference, []).append(Monat.parse(str(month)))
    return found


class Gap(NamedTuple):
    """A final state and the figures it has no value of."""

    ladung_id: int
    groessen: frozenset[str]


_GAPS = """
WITH stand AS (
    SELECT DISTINCT ON (berichtsmonat) ladung_id, berichtsmonat, erstellt_am
    FROM jobcenter.rpt_stand
    WHERE traegernummer = %(traegernummer)s AND wartezeit >= %(final)s
    ORDER BY berichtsmonat, erstellt_am DESC, lieferung_id DESC, version DESC
)
SELECT s.berichtsmonat, s.ladung_id, array_agg(f.groesse)
FROM stand AS s
JOIN jobcenter.rpt_figur_stand AS f USING (ladung_id)
WHERE s.erstellt_am < %(erstellt_am)s
  AND f.merkmal = 'INSGESAMT' AND f.wert IS NULL
  AND NOT EXISTS (
      SELECT FROM jobcenter.rpt_nachtrag AS n
      WHERE n.ladung_id = f.ladung_id AND n.groesse = f.groesse AND n.lieferung_id <> %(lieferung_id)s
  )
GROUP BY s.berichtsmonat, s.ladung_id
"""


def gaps(connection: Connection, delivery: Delivery) -> dict[Monat, Gap]:
    """Return what final months of earlier deliveries still have no value of, and no other delivery has added."""
    arguments = {
        "traegernummer": delivery.traegernummer,
        "lieferung_id": delivery.lieferung_id,
        "erstellt_am": delivery.erstellt_am,
        "final": FINAL,
    }
    with connection.begin():
        rows = connection.exec_driver_sql(_GAPS, arguments).all()
    return {Monat.parse(str(month)): Gap(int(load), frozenset(groessen)) for month, load, groessen in rows}


def acceptance_reason(connection: Connection, delivery: Delivery, berichtsmonat: Monat) -> str | None:
    """Return why the month was loaded from the delivery in spite of findings; None when there was no need.

    Several reasons for the same figures are joined in the order they were given. Not for the role controller.
    """
    with connection.begin():
        reason = connection.exec_driver_sql(
            "SELECT string_agg(grund, '; ' ORDER BY angenommen_am, grund) FROM jobcenter.befundannahme "
            "WHERE ladung_id = (SELECT ladung_id FROM jobcenter.ladung WHERE traegernummer = %s "
            "AND lieferung_id = %s AND berichtsmonat = %s ORDER BY version DESC LIMIT 1)",
            (delivery.traegernummer, delivery.lieferung_id, berichtsmonat.first_day),
        ).scalar_one()
    return None if reason is None else str(reason)


def read_acceptance_reasons(connection: Connection, delivery: Delivery) -> str | None:
    """Return why months of the delivery were loaded in spite of findings, each reason once, by month; None: no need."""
    with connection.begin():
        months = connection.exec_driver_sql(
            "SELECT DISTINCT berichtsmonat FROM jobcenter.ladung "
            "WHERE traegernummer = %s AND lieferung_id = %s ORDER BY 1",
            (delivery.traegernummer, delivery.lieferung_id),
        ).all()
    reasons = [acceptance_reason(connection, delivery, Monat.of(month)) for (month,) in months]
    return "; ".join(dict.fromkeys(filter(None, reasons))) or None


def read_validated_by(connection: Connection, delivery: Delivery) -> list[str]:
    """Return the hash of the rules that the delivery was judged by when it was loaded last; nothing before that."""
    with connection.begin():
        rows = connection.exec_driver_sql(
            "SELECT regelwerk_sha256 FROM jobcenter.pruefung WHERE traegernummer = %s AND lieferung_id = %s "
            "ORDER BY version DESC LIMIT 1",
            (delivery.traegernummer, delivery.lieferung_id),
        ).all()
    return [str(row[0]) for row in rows]


def read_outcomes(connection: Connection, traegernummer: str, lieferung_id: str) -> dict[str, int]:
    """Return how many rules had which outcome when the delivery was judged last; empty when it was not.

    The counts stay when the findings and the kept validation are deleted after their period.
    """
    with connection.begin():
        rows = connection.exec_driver_sql(
            "SELECT ergebnis, count(*) FROM jobcenter.pruefergebnis WHERE pruefung_id = ("
            "SELECT pruefung_id FROM jobcenter.pruefung WHERE traegernummer = %s AND lieferung_id = %s "
            "ORDER BY version DESC LIMIT 1) GROUP BY ergebnis ORDER BY ergebnis",
            (traegernummer, lieferung_id),
        ).all()
    return {str(outcome): int(rules) for outcome, rules in rows}


def deliveries(connection: Connection) -> list[KnownDelivery]:
    """Return every delivery that was validated or loaded, oldest Datenstand first. Not for the role controller."""
    with connection.begin():
        rows = connection.exec_driver_sql(
            "SELECT d.traegernummer, d.lieferung_id, d.erstellt_am, d.datenstand, "
            "count(DISTINCT l.berichtsmonat) AS monate "
            "FROM jobcenter.lieferung AS d LEFT JOIN jobcenter.ladung AS l USING (traegernummer, lieferung_id) "
            "GROUP BY d.traegernummer, d.lieferung_id ORDER BY d.traegernummer, d.erstellt_am, d.lieferung_id"
        ).all()
    return [KnownDelivery(*row) for row in rows]


def chosen_traeger(connection: Connection, traegernummer: str | None) -> str | None:
    """Return the Träger to read: the given one, else the only one; None when nothing is loaded at all."""
    known = [
        str(row[0])
        for row in cursor_of(connection)
        .execute("SELECT DISTINCT traegernummer FROM jobcenter.rpt_stand ORDER BY 1")
        .fetchall()
    ]
    if traegernummer is None:
        if len(known) > 1:
            raise UsageError(
                f"Im Warehouse gibt es mehrere Träger: {', '.join(known)}.",
                hint=f"Einen auswählen, zum Beispiel --traeger {known[0]}.",
                abschnitt="nicht-geladen",
            )
        return known[0] if known else None
    if traegernummer not in known:
        raise UsageError(
            f"Für den Träger „{traegernummer}“ ist nichts geladen.",
            hint=f"Geladen sind: {', '.join(known)}." if known else "Das Warehouse ist noch leer.",
            abschnitt="nicht-geladen",
        )
    return traegernummer


def _copied(connection: Connection, statement: str, arguments: Mapping[str, object] | Sequence[object]) -> pa.Table:
    """Return what a COPY of cells gives, inside the transaction of ``connection``."""
    buffer = BytesIO()
    with cursor_of(connection).copy(statement.encode(), arguments) as copy:
        for block in copy:
            buffer.write(block)
    return _table(buffer.getvalue())


def _table(content: bytes) -> pa.Table:
    if not content:
        return CELLS.empty_table()
    return csv.read_csv(
        BytesIO(content),
        csv.ReadOptions(column_names=CELLS.names),
        convert_options=csv.ConvertOptions(
            column_types=CELLS, strings_can_be_null=False, null_values=[""], quoted_strings_can_be_null=False
        ),
    )
