"""Reporting a month: what the warehouse holds, as each circle of readers may see it, written as files with passports.

The rooms ``disclosure`` and ``report`` do the work; this is where they meet the archive and the warehouse.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from etl import disclosure, nachweis, validate, vorausschauen, warehouse
from etl import report as room
from etl.disclosure import Empfaengerkreis
from etl.extract.archive import Archive
from etl.figures import katalog, kennzahlen
from etl.figures.kennzahlen import Kennzahl, Zeile
from etl.figures.merkmale import INSGESAMT
from etl.monat import Monat
from etl.release import Bericht, entwurf
from etl.report import ReportRequest
from etl.report.sheets.common import kurzdatum
from etl.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from etl.nowcast import Erwartung
    from etl.ziele import Zielstand

WINDOW = 12
"""Months before the reporting month that its report shows in full; of the ones before only the totals."""
_EARLIEST = Monat(1, 1)
_BEKANNT = "liegt dem Jobcenter vor"
_MOMENT = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Stand:
    """What the warehouse holds for one report, unsuppressed: nothing but ``requests`` may pass it on.

    ``vorher``: the totals of the months before as they were known before this delivery. ``loads``: the ``ladung_id`` of
    every load that the values come from, ``compared``: of those that ``vorher`` comes from. ``berichtsmonate``: months
    that have a web page.
    """

    cells: pd.DataFrame
    vorher: pd.DataFrame
    kennzahlen: Sequence[Zeile]
    quoten: Sequence[Zeile]
    ziele: Sequence[Zielstand]
    erwartungen: Sequence[Erwartung]
    acceptance_reason: str | None
    loads: Sequence[int]
    compared: Sequence[int]
    berichtsmonate: Sequence[Monat]


def write(settings: Settings, archive: Archive, month: Monat, by: str) -> list[Path]:
    """Write the report files of the month, with their passports, as a draft prepared ``by``; return their paths."""
    delivery = archive.delivery
    with warehouse.connect(settings, role="auditor") as connection:
        stand = read(connection, archive, month)
    every = requests(settings, archive, month, stand)
    files = room.render(every, settings.reports / delivery.reference / str(month))
    described = {name: facts for request in every for name, facts in _described(settings, files, request).items()}
    with warehouse.connect(settings, role="etl") as connection:
        draft = entwurf(Bericht(delivery.reference, month), described, by)
        warehouse.record_report(connection, described, stand.loads, stand.compared, nachweis.herkunft(), draft)
        nachweis.bezeuge(settings.witness, connection, delivery.traegernummer)
    return files


def _described(settings: Settings, files: Sequence[Path], request: ReportRequest) -> dict[str, dict[str, object]]:
    """Return what the passports of the files for one circle of readers say, by path below the reports."""
    root = settings.reports / request.traegernummer / request.lieferung_id / str(request.berichtsmonat) / request.kreis
    said = {
        "auftragsnummer": request.auftragsnummer,
        "berichtsmonat": str(request.berichtsmonat),
        "lieferung_id": request.lieferung_id,
        "datenstand": kurzdatum(request.datenstand).isoformat(),
        "empfaengerkreis": str(request.kreis),
        "unterdrueckung": disclosure.entscheidung(request.kreis),
    }
    return nachweis.beschreibe(settings.reports, [file for file in files if file.is_relative_to(root)], said)


def read(connection: Connection, archive: Archive, month: Monat) -> Stand:
    """Read what the report of a month shows, as of the delivery's Datenstand."""
    delivery = archive.delivery
    traeger, now = delivery.traegernummer, delivery.erstellt_am
    first, months = month.shift(-WINDOW), list(Monat.span(month.shift(-WINDOW), month))

    def cells(first: Monat, last: Monat, as_of: dt.datetime, merkmal: str | None = None) -> pd.DataFrame:
        return warehouse.read_figures(
            connection, first=first, last=last, traegernummer=traeger, as_of=as_of, merkmal=merkmal
        )

    def loads(first: Monat, as_of: dt.datetime) -> list[int]:
        return warehouse.read_loads_of(connection, first=first, last=month, traegernummer=traeger, as_of=as_of)

    def rates(catalogue: Sequence[Kennzahl]) -> list[Zeile]:
        inputs = warehouse.read_indicator_inputs(
            connection, catalogue=catalogue, months=months, traegernummer=traeger, as_of=now
        )
        return kennzahlen.compute(inputs, months, catalogue)

    window = cells(first, month, now)
    # Every month that can still be provisional; a final one gives no expectation.
    provisional = [month.shift(-back) for back in range(kennzahlen.FINAL)]
    loaded = set(window["berichtsmonat"])
    return Stand(
        cells=_joined(cells(_EARLIEST, first.shift(-1), now, INSGESAMT), window),
        vorher=cells(first, month, now - _MOMENT, INSGESAMT),
        kennzahlen=rates(kennzahlen.paragraph_48a()),
        quoten=rates(kennzahlen.quoten()),
        ziele=vorausschauen.zielstaende(connection, month, traeger, now),
        erwartungen=[
            expected
            for when in provisional
            if str(when) in loaded
            for expected in vorausschauen.erwartungen(connection, when, traeger, now)
        ],
        acceptance_reason=warehouse.acceptance_reason(connection, delivery, month),
        loads=loads(_EARLIEST, now),
        compared=loads(first, now - _MOMENT),
        berichtsmonate=warehouse.read_reported_months(
            connection, traegernummer=traeger, kreis=Empfaengerkreis.OEFFENTLICHKEIT, bericht="webseite", as_of=now
        ),
    )


def requests(settings: Settings, archive: Archive, month: Monat, stand: Stand) -> list[ReportRequest]:
    """Return the report of a month once for each circle of readers, as it may see it."""
    findings = _findings(archive, settings, stand.acceptance_reason)
    return [_request(settings, archive, month, stand, kreis, findings) for kreis in Empfaengerkreis]


def _request(
    settings: Settings,
    archive: Archive,
    month: Monat,
    stand: Stand,
    kreis: Empfaengerkreis,
    findings: room.Findings,
) -> ReportRequest:
    delivery = archive.delivery
    day = delivery.datenstand
    cells = disclosure.publish(stand.cells, kreis, day)
    reason = findings.acceptance_reason
    return ReportRequest(
        kreis=kreis,
        berichtsmonat=month,
        traegernummer=delivery.traegernummer,
        lieferung_id=delivery.lieferung_id,
        datenstand=delivery.erstellt_am,
        auftragsnummer=f"{delivery.lieferung_id}/{month}/{archive.content_sha256[:12]}",
        cells=cells,
        figures=katalog.load(),
        vorher=disclosure.publish(stand.vorher, kreis, day),
        kennzahlen=disclosure.publish_indicators(stand.kennzahlen, cells, kreis, day),
        quoten=disclosure.publish_indicators(stand.quoten, cells, kreis, day),
        ziele=disclosure.publish_targets(stand.ziele, cells, kreis),
        erwartungen=disclosure.publish_expectations(stand.erwartungen, cells, kreis, day),
        # Why findings were accepted is written for colleagues.
        findings=replace(findings, acceptance_reason=_BEKANNT) if reason and kreis.geheimhaltung else findings,
        impressum=settings.impressum,
        berichtsmonate=tuple(stand.berichtsmonate),
    )


def _joined(earlier: pd.DataFrame, window: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([earlier, window], ignore_index=True) if len(earlier) else window


def _findings(archive: Archive, settings: Settings, reason: str | None) -> room.Findings:
    """Summarise the kept validation: violated rules by severity, and why they were accepted."""
    results = validate.validate(archive, settings.validation).ergebnisse
    violated = [result.schwere for result in results if result.ergebnis != "gehalten"]
    return room.Findings({severity: violated.count(severity) for severity in ("critical", "warning", "info")}, reason)
