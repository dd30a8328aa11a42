"""Runs of the DAG in one process of its own: ``python dag_lauf.py RUNS.json RESULTS.json``.

Airflow configures logging and the environment of the process that imports it. A process of its own keeps that away
from the other tests. The runs go through Airflow's own machinery (``dag.test``): templates, retries, XCom, database.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path

from airflow import settings
from airflow.dag_processing.dagbag import DagBag
from airflow.models.renderedtifields import RenderedTaskInstanceFields
from airflow.models.xcom import XComModel
from airflow.sdk import DAG
from airflow.sdk.exceptions import ParamValidationError
from sqlalchemy import select


def run_once(dag: DAG, conf: dict[str, str]) -> dict[str, object]:
    """Run the DAG with ``conf``; return what became of it, ``refused`` when the form does not take it."""
    try:
        run = dag.test(run_conf=conf, logical_date=None)
    except ParamValidationError:
        return {"state": "refused"}
    assert settings.Session is not None
    with settings.Session() as session:
        xcoms = session.scalars(select(XComModel).where(XComModel.run_id == run.run_id)).all()
        rendered = session.scalars(
            select(RenderedTaskInstanceFields).where(RenderedTaskInstanceFields.run_id == run.run_id)
        ).all()
        return {
            "state": str(run.state),
            "tasks": {task.task_id: [str(task.state), task.try_number] for task in run.get_task_instances()},
            "xcom": {xcom.task_id: XComModel.deserialize_value(xcom) for xcom in xcoms},
            "rendered": {fields.task_id: fields.rendered_fields for fields in rendered},
        }


def main(runs: Path, results: Path) -> None:
    """Run what ``runs`` lists by name and write the results."""
    bag = DagBag()
    dag = bag.dags.get("monatsbericht")
    answer: dict[str, object] = {"import_errors": dict(bag.import_errors), "dags": sorted(bag.dags), "runs": {}}
    if dag is not None:
        for task in dag.tasks:  # as many tries as in production, without their pauses
            task.retry_delay = timedelta(seconds=0)
        answer["runs"] = {name: run_once(dag, conf) for name, conf in json.loads(runs.read_text()).items()}
    results.write_text(json.dumps(answer, default=str))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
