"""Who may see what, in the words of Airflow's auth manager: permissions of the DAG, never names of roles.

Two rights. Who may read the *runs* of the DAG sees months, reports, releases and validation reports: totals. Findings
are pseudonymous single cases and need the right to read the DAG's *XComs* besides: they are what the task „Lieferung
prüfen“ found, and what a task found or handed on is what Airflow keeps behind that right. The logs would be the other
candidate; but they hold no case data, and whoever approves a report needs them to see why a run failed.
"""

from __future__ import annotations

from typing import Annotated

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import GetUserDep
from airflow.models.dag import DagModel
from fastapi import Depends, HTTPException, status

from etl.airflow_seiten.laeufe import DAG_ID


def may_read_reports(user: BaseUser) -> bool:
    """Whether a person may see months, reports, releases and validation reports."""
    return _may_read(user, DagAccessEntity.RUN)


def may_read_findings(user: BaseUser) -> bool:
    """Whether a person may see findings too."""
    return may_read_reports(user) and _may_read(user, DagAccessEntity.XCOM)


def _may_read(user: BaseUser, entity: DagAccessEntity) -> bool:
    details = DagDetails(id=DAG_ID, team_name=DagModel.get_team_name(DAG_ID))
    return get_auth_manager().is_authorized_dag(method="GET", access_entity=entity, details=details, user=user)


def _reader(user: GetUserDep) -> BaseUser:
    if not may_read_reports(user):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "die Läufe des Monatsberichts zu lesen (DAG Runs)")
    return user


def _reader_of_findings(user: GetUserDep) -> BaseUser:
    _reader(user)
    if not may_read_findings(user):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Ergebnisse einzelner Aufgaben zu lesen (XComs)")
    return user


Reader = Annotated[BaseUser, Depends(_reader)]
"""The logged-in person, who may see reports. Everybody else is sent away before the page begins."""
ReaderOfFindings = Annotated[BaseUser, Depends(_reader_of_findings)]
"""The logged-in person, who may see findings."""
