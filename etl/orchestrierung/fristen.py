"""Deadlines of a month: the alert of Airflow, dated by ``etl/parameter/fristen.yaml``, and what to say when one passes.

Airflow evaluates the reference when it makes a run, in the scheduler or the api-server, and calls ``versaeumt`` in the
triggerer when the run has not succeeded by then. Both import what they need when they are called.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import BaseDeadlineReference, DeadlineAlert

from etl.errors import JobcenterError
from etl.monat import Monat
from etl.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

ZONE = ZoneInfo("Europe/Berlin")
ALERTS = ("bericht_freigegeben", "uebermittlung")
"""Deadlines of ``fristen.yaml`` that a run of the monthly report can miss."""


def due(frist: str, month: Monat) -> dt.datetime:
    """Return the moment at which a deadline of a month has passed: the end of its day in Germany."""
    from etl import parameter

    rule = parameter.valid(parameter.read("fristen")[frist]["werte"], month.last_day)
    later = month.shift(rule["monate"])
    day = min(later.first_day + dt.timedelta(days=rule["tag"] - 1), later.last_day)
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZONE)


@dataclass
class FristDesMonats(BaseDeadlineReference):
    """The moment when a deadline of the run's month has passed. None for what was started after it, and for backfills.

    ``frist``: its name in ``fristen.yaml``.
    """

    frist: str = ""
    required_kwargs: ClassVar[set[str]] = {"dag_id", "run_id"}

    def serialize_reference(self) -> dict[str, Any]:
        """Return what Airflow keeps with the DAG."""
        return {**super().serialize_reference(), "frist": self.frist}

    @classmethod
    def deserialize_reference(cls, reference_data: dict[str, Any]) -> FristDesMonats:
        """Make it again from what Airflow has kept."""
        return cls(reference_data["frist"])

    def __hash__(self) -> int:
        """Hash like the class it comes from."""
        return super().__hash__()

    def _evaluate_with(self, *, session: Session, dag_id: str, run_id: str) -> dt.datetime | None:
        from airflow.models.dagrun import DagRun
        from airflow.utils.types import DagRunType
        from sqlalchemy import select

        run = session.scalar(select(DagRun).where(DagRun.dag_id == dag_id, DagRun.run_id == run_id))
        if run is None or run.run_type == DagRunType.BACKFILL_JOB:
            return None
        try:
            when = due(self.frist, Monat.parse(str(run.partition_key or (run.conf or {}).get("monat"))))
        except JobcenterError:  # a run that is about to say itself what is wrong with its month
            return None
        return when if when > dt.datetime.now(dt.UTC) else None


def alerts() -> list[DeadlineAlert]:
    """Return the alerts of the monthly report."""
    return [
        DeadlineAlert(
            reference=FristDesMonats(frist),
            interval=dt.timedelta(),
            callback=AsyncCallback(versaeumt, kwargs={"frist": frist}),
            name=frist,
        )
        for frist in ALERTS
    ]


async def versaeumt(*, frist: str, context: Mapping[str, Any]) -> None:
    """Tell that a deadline has passed while the run was not done, and which reports of the month are missing."""
    await asyncio.to_thread(_tell, frist, context["dag_run"])


def _tell(frist: str, run: Mapping[str, Any]) -> None:
    from etl import parameter
    from etl.orchestrierung import meldungen

    month = Monat.parse(str(run.get("partition_key") or (run.get("conf") or {}).get("monat")))
    entry = parameter.read("fristen")[frist]
    day = due(frist, month) - dt.timedelta(days=1)
    try:
        lines = open_reports(Settings(), month)
    except JobcenterError as error:
        log.error("%s", error.message)
        lines = ["Welche Berichte fehlen, ließ sich nicht feststellen: das Warehouse antwortet nicht."]
    if not lines:
        log.info("Frist %s für %s: alle Berichte sind freigegeben.", frist, month)
        return
    meldungen.send(
        f"Frist versäumt: {month.name}",
        [
            f"Die Frist für {month.name} ist am {day:%d.%m.%Y} abgelaufen: {entry['titel']}.",
            *lines,
            "Die Frist steht in etl/parameter/fristen.yaml.",
        ],
        str(run["dag_id"]),
        str(run.get("dag_run_id") or run.get("run_id")),
    )


def open_reports(settings: Settings, month: Monat) -> Sequence[str]:
    """Return one line for each provider whose report of a month is not released; nothing when all are."""
    from etl import warehouse
    from etl.quellen import datei
    from etl.release import NAMEN, Schritt

    with warehouse.connect(settings, role="auditor") as connection:
        stands = warehouse.read_releases(connection, month)
    newest = {stand.bericht.traegernummer: stand for stand in stands}
    providers = [quelle.traegernummer for quelle in datei.sources(settings)] if settings.quellen else sorted(newest)
    done = (Schritt.FREIGEGEBEN, Schritt.ZUGESTELLT)
    missing = [
        f"Träger {number}: {f'Bericht ist {NAMEN[newest[number].zustand]}' if number in newest else 'kein Bericht'}."
        for number in providers
        if number not in newest or newest[number].zustand not in done
    ]
    return missing or ([] if providers else ["Es gibt noch keinen Bericht."])
