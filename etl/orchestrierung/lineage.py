"""Lineage: what each step reads and writes, for OpenLineage. Airflow's provider loads this file by name and sends it.

It is sent where ``[openlineage] transport`` says; ``extractors`` names ``Schritte``, ``custom_run_facets`` names
``delivery_facet``. Names of data and of deliveries leave the house by it, never a value, and a source only by its id:
an address may hold a password.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

import attr
from airflow.providers.openlineage.extractors.base import BaseExtractor, OperatorLineage
from airflow.providers.openlineage.utils.utils import get_runtime_outlet_assets
from openlineage.client.event_v2 import Dataset, InputDataset, OutputDataset
from openlineage.client.facet_v2 import RunFacet
from sqlalchemy import make_url

from etl.settings import Settings

HOUSE = "jobcenter"
"""Namespace of what has no address that others could use."""

READS_AND_WRITES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "extract": (("quelle",), ("archiv",)),
    "validate": (("archiv",), ("pruefung",)),
    "figures": (("archiv",), ("zahlen",)),
    "undecided": (("zahlen", "jobcenter.zelle"), ()),
    "load": (("zahlen", "pruefung"), ("jobcenter.pruefung", "jobcenter.ladung", "jobcenter.zelle")),
    "report": (("jobcenter.ladung", "jobcenter.zelle"), ("berichte",)),
    "release": (("berichte",), ("jobcenter.freigabeschritt",)),
    "deliver": (("berichte", "jobcenter.freigabeschritt"), ("jobcenter.zustellung",)),
}
"""Steps of ``schritte`` to what they read and write: folders below ``home``, tables of the warehouse, or the source."""

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_REFERENCE = re.compile(r"[^/]+/[^/]+")


@attr.define
class LieferungRunFacet(RunFacet):
    """Which delivery and month a run of a step is about."""

    traegernummer: str
    lieferung_id: str
    berichtsmonat: str | None


class Schritte(BaseExtractor):
    """Says of a step of ours what it reads and writes; of any other task nothing."""

    @classmethod
    def get_operator_classnames(cls) -> list[str]:
        """Return the class of Airflow behind ``@task``."""
        return ["_PythonDecoratedOperator"]

    def _execute_extraction(self) -> OperatorLineage[Dataset, RunFacet]:
        return self._lineage(_reference(self.operator))

    def extract_on_complete(self, task_instance: Any) -> OperatorLineage[Dataset, RunFacet]:
        """Name the data of a step that has ended: only then ``extract`` knows which delivery it was."""
        return self._lineage(_reference(self.operator, task_instance))

    def _lineage(self, reference: str) -> OperatorLineage[Dataset, RunFacet]:
        reads, writes = READS_AND_WRITES.get(_step(self.operator), ((), ()))
        source = str(self.operator.op_args[0]) if self.operator.op_args else ""
        inputs = [_dataset(name, source, reference) for name in reads]
        outputs = [_dataset(name, source, reference) for name in writes]
        return OperatorLineage(
            inputs=[InputDataset(d.namespace, d.name) for d in inputs if d],
            outputs=[OutputDataset(d.namespace, d.name) for d in outputs if d],
        )


def delivery_facet(task_instance: Any, _state: object) -> dict[str, LieferungRunFacet]:
    """Return the facet ``jobcenter_lieferung`` of a step that is about a delivery."""
    task = task_instance.task
    reference = _reference(task, task_instance)
    if not reference:
        return {}
    traegernummer, _, lieferung_id = reference.partition("/")
    month = next((arg for arg in task.op_args[1:] if isinstance(arg, str) and _MONTH.fullmatch(arg)), None)
    return {"jobcenter_lieferung": LieferungRunFacet(traegernummer, lieferung_id, month)}


def _step(task: Any) -> str:
    return str(task.task_id).rpartition(".")[2]


def _reference(task: Any, task_instance: Any = None) -> str:
    """Return ``<traegernummer>/<lieferung_id>``; empty while ``extract`` does not know it, and for other tasks.

    What ``extract`` found stands in the event of its asset. Its XCom is out of reach: the provider asks in a process of
    its own, which has no way to Airflow and would wait for an answer until it is ended.
    """
    step = _step(task)
    if step not in READS_AND_WRITES or not task.op_args:
        return ""
    if step == "extract":
        told = [asset.extra for asset, _alias in get_runtime_outlet_assets(task_instance)]
        return next((f"{extra['traegernummer']}/{extra['lieferung_id']}" for extra in told), "")
    found = task.op_args[0]
    return found if isinstance(found, str) and _REFERENCE.fullmatch(found) else ""


def _dataset(name: str, source: str, reference: str) -> Dataset | None:
    """Name data as OpenLineage does: files by their path, tables by server and database, the rest in our namespace."""
    if name == "quelle":
        return Dataset(HOUSE, f"quelle/{source}")
    if name.startswith("jobcenter."):
        return _table(name)
    if not reference:
        return None
    return Dataset("file", str(PurePosixPath(Settings().home.resolve().as_posix()) / name / reference))


def _table(name: str) -> Dataset:
    url = Settings().warehouse
    if url is None:
        return Dataset(HOUSE, f"warehouse.{name}")
    server = make_url(url)
    return Dataset(f"postgres://{server.host or 'localhost'}:{server.port or 5432}", f"{server.database}.{name}")
