"""A delivery has arrived: start its month."""

from __future__ import annotations

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import PartitionedAssetTimetable, dag

from etl.orchestrierung import ereignisse, formular

DOC = """
### Lieferungseingang

Startet den DAG `monatsbericht` für einen Monat, sobald jemand meldet, dass dessen Lieferungen bereitliegen: ein
Ereignis des Assets `jobcenter_lieferung` mit dem Monat (JJJJ-MM) als Partitionsschlüssel, aus dem Fachverfahren über
`POST /api/v2/assets/events` oder in der Oberfläche am Asset („Create Asset Event“).

Zweimal gemeldet ist kein Schaden: der zweite Lauf findet alles fertig vor und ergibt dieselben Zahlen.
"""


@dag(
    dag_id="lieferungseingang",
    dag_display_name="Lieferungseingang",
    description="Startet den Monatsbericht, wenn eine Lieferung gemeldet wird",
    doc_md=DOC,
    schedule=PartitionedAssetTimetable(assets=ereignisse.LIEFERUNG),
    catchup=False,
    is_paused_upon_creation=False,
    default_args=formular.DEFAULTS,
    tags=["sgb2", "monat"],
)
def lieferungseingang() -> None:
    """Trigger the month that the event names; the form of the month refuses what is none."""
    TriggerDagRunOperator(
        task_id="starten",
        task_display_name="Monatsbericht starten",
        trigger_dag_id="monatsbericht",
        # A fixed name: when the answer to the call is lost, the next try finds the run instead of making another.
        trigger_run_id="operator_triggered__{{ dag_run.run_id }}",
        skip_when_already_exists=True,
        conf={"monat": "{{ dag_run.partition_key }}"},
        logical_date=None,
    )


lieferungseingang()
