"""What the warehouse holds as evidence, all of one moment: chain, loads, validations, steps, receipts, and its guards.

Whether it agrees is judged in ``etl/nachweis``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import psycopg
from sqlalchemy import Connection

from etl.release.zustand import Stand
from etl.warehouse.freigabe import read_stands
from etl.warehouse.loeschung import Loeschung, Sperre, read_deletions, read_holds
from etl.warehouse.session import cursor_of
from etl.warehouse.zahlenpass import Glied, Ladung, read_loads
from etl.warehouse.zustellung import Beleg, read_documents

_Cursor = psycopg.Cursor[tuple[object, ...]]


class Pruefung(NamedTuple):
    """A recorded validation: its hashes, and its results in order of suite and rule."""

    regelwerk_sha256: str
    ergebnis_sha256: str
    ergebnisse: list[tuple[object, ...]]


@dataclass(frozen=True)
class Evidence:
    """What the warehouse holds of one Träger for a verification, all of one moment.

    ``pruefungen``: by delivery and version. ``berichte``: reports with their steps. ``belege``: the receipts of
    delivery. ``loeschungen``, ``sperren``: steps of deletions, and holds. ``ungeschuetzt``: tables whose protection
    against changes is switched off or gone.
    """

    traegernummer: str
    kette: list[Glied]
    ladungen: list[Ladung]
    pruefungen: Mapping[tuple[str, int], Pruefung]
    berichte: list[Stand]
    belege: list[Beleg]
    loeschungen: list[Loeschung]
    sperren: list[Sperre]
    ungeschuetzt: list[str]


# Every table keeps its rows; values and results come with their load and validation only. The passports also need their
# smith, loads, steps and receipts their passports, steps their order, receipts a release, deletions and holds their
# passports and their order.
_UNPROTECTED = """
WITH schutz (tabelle, ausloeser) AS (
    SELECT relname, 'unveraenderlich'
    FROM pg_class
    WHERE relnamespace = 'jobcenter'::regnamespace AND relkind = 'r'
    UNION ALL
    VALUES
        ('zahlenpass', 'verketten'),
        ('zelle', 'zelle_gehoert_zu_ladung'),
        ('pruefergebnis', 'pruefergebnis_gehoert_zu_pruefung'),
        ('ladung', 'ladung_hat_zahlenpass'),
        ('freigabeschritt', 'pruefen'),
        ('freigabeschritt', 'freigabeschritt_hat_zahlenpass'),
        ('zustellung', 'freigegeben'),
        ('zustellung', 'zustellung_hat_zahlenpass'),
        ('ladung', 'ladung_hat_falldaten'),
        ('loeschung', 'pruefen'),
        ('loeschung', 'loeschung_hat_zahlenpass'),
        ('loeschsperre', 'pruefen'),
        ('loeschsperre', 'loeschsperre_hat_zahlenpass')
)
SELECT s.tabelle
FROM schutz AS s
WHERE NOT EXISTS (
    SELECT FROM pg_trigger AS t
    JOIN pg_class AS c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'jobcenter'::regnamespace
      AND c.relname = s.tabelle AND t.tgname = s.ausloeser AND t.tgenabled = 'A'
)
GROUP BY s.tabelle
ORDER BY s.tabelle
"""


def unprotected(cursor: _Cursor) -> list[str]:
    """Return the tables one of whose guards is switched off or gone."""
    return [str(row[0]) for row in cursor.execute(_UNPROTECTED).fetchall()]


def read_evidence(connection: Connection) -> list[Evidence]:
    """Return what a verification judges, one entry per Träger that has a load or a passport. For the auditor."""
    with connection.begin():
        cursor = cursor_of(connection)
        # One moment for everything: a load that is being added meanwhile is there with its passport, or not at all.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(
            "SELECT traegernummer FROM jobcenter.ladung UNION SELECT traegernummer FROM jobcenter.zahlenpass ORDER BY 1"
        )
        traeger = [str(row[0]) for row in cursor.fetchall()]
        off = unprotected(cursor)
        return [
            Evidence(
                one,
                _chain(cursor, one),
                read_loads(cursor, one),
                _validations(cursor, one),
                read_stands(cursor, traegernummer=one),
                read_documents(cursor, one),
                read_deletions(cursor, one),
                read_holds(cursor, one),
                off,
            )
            for one in traeger
        ]


def read_end(connection: Connection, traegernummer: str) -> tuple[int, str]:
    """Return place and hash of the newest link of a Träger; 0 and nothing when there is no chain."""
    with connection.begin():
        row = connection.exec_driver_sql(
            "SELECT pass_id, sha256 FROM jobcenter.zahlenpass WHERE traegernummer = %s ORDER BY pass_id DESC LIMIT 1",
            (traegernummer,),
        ).one_or_none()
    return (0, "") if row is None else (int(row[0]), str(row[1]))


def read_ends(connection: Connection) -> dict[str, tuple[int, str]]:
    """Return place and hash of the newest link of every Träger."""
    with connection.begin():
        rows = connection.exec_driver_sql(
            "SELECT DISTINCT ON (traegernummer) traegernummer, pass_id, sha256 FROM jobcenter.zahlenpass "
            "ORDER BY traegernummer, pass_id DESC"
        ).all()
    return {str(traeger): (int(pass_id), str(sha256)) for traeger, pass_id, sha256 in rows}


def _chain(cursor: _Cursor, traegernummer: str) -> list[Glied]:
    cursor.execute(
        "SELECT traegernummer, pass_id, art, gegenstand, inhalt_text, inhalt_sha256, vorgaenger_sha256, sha256, "
        """to_char(erfasst_am AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') """
        "FROM jobcenter.zahlenpass WHERE traegernummer = %s ORDER BY pass_id",
        (traegernummer,),
    )
    return [Glied(*row) for row in cursor.fetchall()]  # type: ignore[arg-type]  # the columns are those of the table


def _validations(cursor: _Cursor, traegernummer: str) -> dict[tuple[str, int], Pruefung]:
    cursor.execute(
        "SELECT p.lieferung_id, p.version, p.regelwerk_sha256, p.ergebnis_sha256, "
        "e.suite, e.regel_id, e.schwere, e.ergebnis, e.geprueft, e.verletzt "
        "FROM jobcenter.pruefung AS p LEFT JOIN jobcenter.pruefergebnis AS e USING (pruefung_id) "
        "WHERE p.traegernummer = %s ORDER BY p.pruefung_id, e.suite, e.regel_id",
        (traegernummer,),
    )
    found: dict[tuple[str, int], Pruefung] = {}
    for lieferung_id, version, regelwerk, ergebnis, *row in cursor.fetchall():
        key = (str(lieferung_id), int(str(version)))
        results = found.setdefault(key, Pruefung(str(regelwerk), str(ergebnis), [])).ergebnisse
        if row[0] is not None:
            results.append(tuple(row))
    return found
