"""Which run of the DAG made which report: Airflow's own tables, read as the api-server reads them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote

from airflow.models.dagrun import DagRun
from airflow.models.xcom import XCOM_RETURN_KEY, XComModel
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

DAG_ID = "monatsbericht"
"""The DAG whose runs make reports, and whose permissions are asked."""
EXTRACT = "extract"
"""Its task that returns the reference of the delivery, inside a group or not."""

STATES = {"queued": "eingereiht", "running": "läuft", "success": "erfolgreich", "failed": "gescheitert"}
"""The states of a run as people read them."""


@dataclass(frozen=True)
class Lauf:
    """A delivery that a run has read: ``reference`` and month are identifiers that the run itself keeps.

    ``index``: its place among the providers of the run; -1 where the run has only one.
    """

    run_id: str
    zustand: str
    monat: str
    reference: str
    index: int

    @property
    def adresse(self) -> str:
        """Its page in Airflow, below the address of Airflow."""
        return f"dags/{DAG_ID}/runs/{quote(self.run_id, safe='')}"


def of_run(session: Session, run_id: str, index: int = -1) -> list[Lauf]:
    """Return what a run has read, by provider; with ``index`` (0 and more) only the one of that place."""
    found = _read(session, XComModel.run_id == run_id)
    return [one for one in found if index in (-1, one.index)]


def newest(session: Session, references: Collection[str]) -> dict[tuple[str, str], Lauf]:
    """Return the newest run of each delivery and month, and of each delivery (month ``""``)."""
    runs: dict[tuple[str, str], Lauf] = {}
    for one in _read(session):
        if one.reference in references:
            runs[one.reference, one.monat] = runs[one.reference, ""] = one
    return runs


def _read(session: Session, *conditions: ColumnElement[bool]) -> list[Lauf]:
    query = (
        select(XComModel, DagRun)
        .join(DagRun, XComModel.dag_run_id == DagRun.id)
        .where(XComModel.dag_id == DAG_ID, XComModel.key == XCOM_RETURN_KEY)
        .where(or_(XComModel.task_id == EXTRACT, XComModel.task_id.endswith(f".{EXTRACT}", autoescape=True)))
        .where(*conditions)
        .order_by(DagRun.id, XComModel.map_index)
    )
    return [
        Lauf(
            run_id=run.run_id,
            zustand=str(run.state),
            monat=str(run.partition_key or (run.conf or {}).get("monat") or ""),
            reference=str(XComModel.deserialize_value(xcom)),
            index=int(xcom.map_index),
        )
        for xcom, run in session.execute(query)
    ]
