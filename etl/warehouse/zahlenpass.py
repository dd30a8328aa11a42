"""The passports (Zahlenpässe): written link by link.

The database forges the links (``sql/warehouse/0009_zahlenpass.sql``); here is what a passport says, and the loads it
speaks of. The whole chain is read in ``evidence.py`` and judged in ``etl/nachweis``.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Connection

from etl.extract.archive import Archive, Delivery
from etl.monat import Monat
from etl.warehouse.session import cursor_of

LADUNG, DATEI, FREIGABE, ZUSTELLUNG, BEGINN = "ladung", "datei", "freigabe", "zustellung", "beginn"
LOESCHUNG, LOESCHSPERRE = "loeschung", "loeschsperre"
"""Kinds of passports: of a load, of a report file, of a step of its release, of what a recipient was sent, of the
loads from before there were passports; of a step of a deletion, of a hold."""

UNTERDRUECKUNG = "keine Unterdrückung, interner Stand"
"""The decision about suppression of what is loaded: the figures are complete and stay inside the job centre."""

_Cursor = psycopg.Cursor[tuple[object, ...]]


@dataclass(frozen=True)
class Herkunft:
    """By which program figures were made, and what people had decided. Values are plain JSON.

    ``programm``: version, commit, hashes of code and definitions. ``pakete``: what is installed. ``ausnahmen``: the
    waivers in force. ``programm`` None: made elsewhere, not known.
    """

    programm: Mapping[str, object] | None = None
    pakete: Mapping[str, object] | None = None
    ausnahmen: Sequence[Mapping[str, object]] = ()


class Glied(NamedTuple):
    """One link of a chain, as stored. ``erfasst_am`` is written in UTC, as it is hashed."""

    traegernummer: str
    pass_id: int
    art: str
    gegenstand: str
    inhalt_text: str
    inhalt_sha256: str
    vorgaenger_sha256: str
    sha256: str
    erfasst_am: str

    @property
    def inhalt(self) -> dict[str, Any]:
        """The content (the database takes nothing but JSON)."""
        content = json.loads(self.inhalt_text)
        return content if isinstance(content, dict) else {}


@dataclass(frozen=True)
class Ladung:
    """One load as the warehouse holds it today, without its cells. ``facts`` is what its passport should say.

    ``ergaenzt``: the load whose missing figures this one adds; None for a whole month. ``neueste``: it is published.
    """

    ladung_id: int
    delivery: Delivery
    monat: Monat
    inhalt_sha256: str
    wartezeit: int
    parameter_sha256: str | None
    definition_sha256: str | None
    neueste: bool
    ergaenzt: int | None
    facts: Mapping[str, object] = field(repr=False)


def record(cursor: _Cursor, traegernummer: str, art: str, gegenstand: str, inhalt: Mapping[str, object]) -> str:
    """Add a passport unless the newest of the same object says exactly this already; return the hash of the link."""
    text = json.dumps(inhalt, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    cursor.execute(
        "SELECT sha256, inhalt_text FROM jobcenter.zahlenpass "
        "WHERE traegernummer = %s AND art = %s AND gegenstand = %s ORDER BY pass_id DESC LIMIT 1",
        (traegernummer, art, gegenstand),
    )
    sha256, known = cursor.fetchone() or (None, None)
    if known != text:
        cursor.execute(
            "INSERT INTO jobcenter.zahlenpass (traegernummer, art, gegenstand, inhalt_text) VALUES (%s, %s, %s, %s) "
            "RETURNING sha256",
            (traegernummer, art, gegenstand, text),
        )
        (sha256,) = cursor.fetchone() or (None,)
    return str(sha256)


def record_loads(cursor: _Cursor, archive: Archive, loads: Sequence[int], herkunft: Herkunft) -> None:
    """Add the passport of each load, inside the transaction that loads it."""
    archived = {
        name: {"zeilen": table.rows, "datei_sha256": table.file_sha256, "inhalt_sha256": table.content_sha256}
        for name, table in archive.tables.items()
    }
    for load in read_loads(cursor, archive.delivery.traegernummer, loads):
        inhalt = {
            **load.facts,
            "archivtabellen": archived,
            "programm": herkunft.programm,
            "pakete": herkunft.pakete,
            "ausnahmen": list(herkunft.ausnahmen),
            "unterdrueckung": UNTERDRUECKUNG,
        }
        record(cursor, archive.delivery.traegernummer, LADUNG, str(load.ladung_id), inhalt)


def record_files(
    cursor: _Cursor,
    traegernummer: str,
    files: Mapping[str, Mapping[str, object]],
    loads: Sequence[int],
    compared: Sequence[int],
    herkunft: Herkunft,
) -> None:
    """Add the passport of each report file: what is said of it, and its loads.

    Files are named by their path below the reports. ``compared``: loads of earlier states that the files only compare
    with. Inside the transaction that records the report.
    """
    cursor.execute(
        "SELECT DISTINCT ON (gegenstand) gegenstand, sha256 FROM jobcenter.zahlenpass "
        "WHERE traegernummer = %s AND art = %s AND gegenstand = ANY(%s) ORDER BY gegenstand, pass_id DESC",
        (traegernummer, LADUNG, [str(load) for load in (*loads, *compared)]),
    )
    passes = {str(load): str(sha256) for load, sha256 in cursor.fetchall()}
    for path, said in sorted(files.items()):
        inhalt = {
            **said,
            "ladungen": [{"ladung_id": load, "zahlenpass": passes.get(str(load))} for load in sorted(loads)],
            "verglichen": [{"ladung_id": load, "zahlenpass": passes.get(str(load))} for load in sorted(compared)],
            "programm": herkunft.programm,
            "pakete": herkunft.pakete,
        }
        record(cursor, traegernummer, DATEI, path, inhalt)


class Dateipass(NamedTuple):
    """What the newest passport of a report file says: the file's hash, and the passport's place in the chain."""

    sha256: str
    pass_id: int


_DRAFTED = """
WITH entwurf AS (
    SELECT inhalt -> 'dateien' AS dateien
    FROM jobcenter.zahlenpass
    WHERE traegernummer = %(traegernummer)s AND art = %(freigabe)s AND gegenstand = %(bericht)s
        AND inhalt ->> 'schritt' = 'entwurf'
    ORDER BY pass_id DESC
    LIMIT 1
)
SELECT d.datei, d.sha256, max(z.pass_id)
FROM entwurf AS e, jsonb_each_text(e.dateien) AS d (datei, sha256)
JOIN jobcenter.zahlenpass AS z
    ON z.traegernummer = %(traegernummer)s AND z.art = %(datei)s
    AND z.gegenstand = %(bericht)s || '/' || d.datei AND z.inhalt ->> 'sha256' = d.sha256
GROUP BY d.datei, d.sha256
ORDER BY d.datei
"""


def read_file_passports(connection: Connection, traegernummer: str, bericht: str) -> dict[str, Dateipass]:
    """Return the passports of the files of a report's newest draft, by their path below its folder.

    ``bericht``: the folder, below the reports. Nothing when there is no such report.
    """
    wanted = {"traegernummer": traegernummer, "bericht": bericht, "freigabe": FREIGABE, "datei": DATEI}
    with connection.begin():
        rows = cursor_of(connection).execute(_DRAFTED, wanted).fetchall()
    return {str(path): Dateipass(str(sha256), int(str(number))) for path, sha256, number in rows}


_REPORTED = """
SELECT DISTINCT split_part(z.gegenstand, '/', 3) AS berichtsmonat
FROM jobcenter.zahlenpass AS z
JOIN jobcenter.lieferung AS l
    ON l.traegernummer = z.traegernummer AND l.lieferung_id = split_part(z.gegenstand, '/', 2)
WHERE z.traegernummer = %(traegernummer)s AND z.art = %(art)s AND l.erstellt_am <= %(as_of)s
    AND split_part(z.gegenstand, '/', 4) = %(kreis)s AND split_part(z.gegenstand, '/', 5) = %(bericht)s
ORDER BY berichtsmonat
"""


def read_reported_months(
    connection: Connection, *, traegernummer: str, kreis: str, bericht: str, as_of: dt.datetime
) -> list[Monat]:
    """Return the months of which a file of a product was written for a circle, from a delivery made up to ``as_of``."""
    wanted = {"traegernummer": traegernummer, "art": DATEI, "kreis": kreis, "bericht": bericht, "as_of": as_of}
    with connection.begin():
        return [Monat.parse(str(month)) for (month,) in cursor_of(connection).execute(_REPORTED, wanted).fetchall()]


# One row per load with everything its passport speaks of. The newest state of a month is the one that is published.
_LOADS = """
WITH neueste AS (
    SELECT DISTINCT ON (traegernummer, berichtsmonat) ladung_id
    FROM jobcenter.rpt_stand
    ORDER BY traegernummer, berichtsmonat, erstellt_am DESC, lieferung_id DESC, version DESC
),
annahme AS (
    SELECT ladung_id, array_agg(grund ORDER BY grund) AS gruende
    FROM jobcenter.befundannahme
    GROUP BY ladung_id
),
pruefung AS (
    SELECT DISTINCT ON (traegernummer, lieferung_id)
        traegernummer, lieferung_id, version, regelwerk_sha256, ergebnis_sha256
    FROM jobcenter.pruefung
    ORDER BY traegernummer, lieferung_id, version DESC
)
SELECT
    l.ladung_id, l.traegernummer, l.lieferung_id, l.berichtsmonat, l.version, l.inhalt_sha256, l.zeilen, l.wartezeit,
    d.erstellt_am, d.datenstand, d.archiv_sha256,
    r.parameter_sha256, r.definition_sha256,
    p.version, p.regelwerk_sha256, p.ergebnis_sha256,
    coalesce(a.gruende, '{}'),
    EXISTS (SELECT FROM neueste AS n WHERE n.ladung_id = coalesce(l.ergaenzt, l.ladung_id)),
    l.ergaenzt
FROM jobcenter.ladung AS l
JOIN jobcenter.lieferung AS d USING (traegernummer, lieferung_id)
LEFT JOIN jobcenter.rechenregel AS r USING (ladung_id)
LEFT JOIN pruefung AS p USING (traegernummer, lieferung_id)
LEFT JOIN annahme AS a USING (ladung_id)
WHERE l.traegernummer = %(traegernummer)s AND (%(loads)s::bigint[] IS NULL OR l.ladung_id = ANY(%(loads)s))
ORDER BY l.ladung_id
"""


def read_loads(cursor: _Cursor, traegernummer: str, loads: Sequence[int] | None = None) -> list[Ladung]:
    """Return the loads of a Träger (None: all of them) as the warehouse holds them, in the order of loading."""
    cursor.execute(_LOADS, {"traegernummer": traegernummer, "loads": None if loads is None else list(loads)})
    return [_ladung(row) for row in cursor.fetchall()]


def _ladung(row: tuple[Any, ...]) -> Ladung:
    ladung_id, traeger, lieferung, first_day, version, sha256, zeilen, wartezeit, *rest = row
    erstellt_am, datenstand, archiv_sha256, parameter_sha256, definition_sha256, *decided = rest
    pruefung_version, regelwerk_sha256, ergebnis_sha256, gruende, neueste, ergaenzt = decided
    monat = Monat.of(first_day)
    facts: dict[str, object] = {
        "lieferung": {
            "traegernummer": traeger,
            "lieferung_id": lieferung,
            "erstellt_am": erstellt_am.astimezone(dt.UTC).isoformat(),
            "datenstand": datenstand.isoformat(),
            "inhalt_sha256": archiv_sha256,
        },
        "ladung": {
            "ladung_id": ladung_id,
            "berichtsmonat": str(monat),
            "version": version,
            "zeilen": zeilen,
            "wartezeit": wartezeit,
            "inhalt_sha256": sha256,
            **({} if ergaenzt is None else {"ergaenzt": ergaenzt}),
        },
        "rechenregel": parameter_sha256
        and {"parameter_sha256": parameter_sha256, "definition_sha256": definition_sha256},
        "pruefung": pruefung_version
        and {
            "version": pruefung_version,
            "regelwerk_sha256": regelwerk_sha256,
            "ergebnis_sha256": ergebnis_sha256,
        },
        "befundannahmen": list(gruende),
    }
    return Ladung(
        ladung_id=ladung_id,
        delivery=Delivery(lieferung, traeger, erstellt_am),
        monat=monat,
        inhalt_sha256=sha256,
        wartezeit=wartezeit,
        parameter_sha256=parameter_sha256,
        definition_sha256=definition_sha256,
        neueste=neueste,
        ergaenzt=ergaenzt,
        facts=facts,
    )
