"""What Airflow must know of this room before it meets a DAG (entry point ``airflow.plugins``)."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from etl.orchestrierung.fristen import FristDesMonats


class OrchestrierungPlugin(AirflowPlugin):
    """The deadlines of a month."""

    name = "jobcenter_orchestrierung"
    deadline_references = [FristDesMonats]  # noqa: RUF012 - how Airflow declares it
