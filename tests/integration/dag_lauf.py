"""Runs of the DAG in one process of its own: ``python dag_lauf.py RUNS.json RESULTS.json``.

Airflow configures logging and the environment of the process that imports it. A process of its own keeps that away
from the other tests. The runs go through Airflow's own machinery (``dag.test``): templates, retries, XCom, database.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from airflow import settings
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from airflow.api_fastapi.core_api.datamodels.hitl import UpdateHITLDetailPayload
from airflow.api_fastapi.core_api.routes.public.hitl import update_hitl_detail
from airflow.dag_processing.dagbag import DagBag
from airflow.models.asset import AssetEvent
from airflow.models.deadline import Deadline
from airflow.models.hitl import HITLDetail
from airflow.models.renderedtifields import RenderedTaskInstanceFields
from airflow.models.taskinstance import TaskInstance
from airflow.models.xcom import XComModel
from airflow.sdk import DAG
from airflow.sdk.exceptions import ParamValidationError
from airflow.utils.state import TaskInstanceState
from sqlalchemy import select

APPROVER = "pruefstelle"


@contextmanager
def answering(dag_id: str, answer: dict[str, str]) -> Iterator[list[str]]:
    """Answer what a run asks, as a person does in the browser; yield what was asked.

    ``answer``: ``option``, ``bemerkung`` (optional) and ``user``. It goes through the function behind Airflow's REST
    interface: checks, resumes the task, keeps who it was.
    """
    asked: list[str] = []
    done = threading.Event()

    def watch() -> None:
        waiting = (
            select(TaskInstance.run_id, TaskInstance.task_id, TaskInstance.map_index, HITLDetail.body)
            .join(HITLDetail, HITLDetail.ti_id == TaskInstance.id)
            .where(TaskInstance.state == TaskInstanceState.AWAITING_INPUT)
        )
        payload = UpdateHITLDetailPayload(
            chosen_options=[answer.get("option", "Geprüft: freigeben")],
            params_input={"bemerkung": answer.get("bemerkung")} if dag_id == "monatsbericht" else {},
        )
        user = SimpleAuthManagerUser(username=answer.get("user", APPROVER), role="user")
        while not done.wait(0.5):
            assert settings.Session is not None
            with settings.Session() as session:
                for run_id, task_id, index, body in session.execute(waiting).all():
                    asked.append(body)
                    update_hitl_detail(dag_id, run_id, task_id, payload, user, session, index)
                session.commit()

    person = threading.Thread(target=watch)
    person.start()
    try:
        yield asked
    finally:
        done.set()
        person.join()


def run_once(
    dag: DAG,
    conf: dict[str, str],
    answer: dict[str, str],
    environment: dict[str, str],
) -> dict[str, object]:
    """Run the DAG with ``conf``; return what became of it, ``refused`` when the form does not take it.

    A step of the first provider is called by its name alone, one of another with its number: ``load``, ``load 1``.
    """
    os.environ.update(environment)
    try:
        with answering(dag.dag_id, answer) as asked:
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
            "tasks": {
                _name(task.task_id, task.map_index): [str(task.state), task.try_number]
                for task in run.get_task_instances()
            },
            "xcom": {_name(xcom.task_id, xcom.map_index): XComModel.deserialize_value(xcom) for xcom in xcoms},
            "asked": asked,
            "events": [
                [event.asset.name, event.partition_key, event.extra]
                for event in session.scalars(select(AssetEvent).where(AssetEvent.source_run_id == run.run_id))
            ],
            "deadlines": [
                deadline.deadline_time.isoformat()
                for deadline in session.scalars(
                    select(Deadline).where(Deadline.dagrun_id == run.id).order_by(Deadline.deadline_time)
                )
            ],
            "rendered": {_name(fields.task_id, fields.map_index): fields.rendered_fields for fields in rendered},
        }


def _name(task_id: str, index: int) -> str:
    step = task_id.rpartition(".")[2]
    return step if index < 1 else f"{step} {index}"


def _parsed(dag_id: str, *, deadlines: bool) -> DAG:
    """Parse the DAG anew, as every task of a real run does: an answered question leaves its mark on the one before.

    ``dag.test`` of Airflow 3.3.2 breaks off when a run with deadlines succeeds (it looks for them by what they are, not
    by their ids); only runs that fail may have them here. The scheduler has no such trouble.
    """
    dag = DagBag().dags[dag_id]
    if not deadlines:
        dag.deadline = None
    for task in dag.tasks:  # as many tries as in production, without their pauses
        task.retry_delay = timedelta(seconds=0)
    return dag


def main(runs: Path, results: Path) -> None:
    """Run what ``runs`` lists by name and write the results."""
    bag = DagBag()
    answer: dict[str, object] = {"import_errors": dict(bag.import_errors), "dags": sorted(bag.dags)}
    answer["runs"] = {
        name: run_once(
            _parsed(run.get("dag", "monatsbericht"), deadlines=run.get("deadlines", False)),
            run.get("conf", {}),
            run.get("answer", {}),
            run.get("environment", {}),
        )
        for name, run in json.loads(runs.read_text()).items()
    }
    results.write_text(json.dumps(answer, default=str))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
