"""Every month: what was kept long enough is deleted, after a person has agreed."""

from __future__ import annotations

from typing import Any, cast

from airflow.sdk import CronTriggerTimetable, chain, dag

from etl.orchestrierung import formular, wiederkehrend
from etl.orchestrierung.fragen import Frage

DOC = """
### Löschung

Stellt fest, was nach `etl/parameter/aufbewahrung.yaml` am Tag des Laufs lange genug aufbewahrt ist, und legt die Liste
einer Person vor („Required Actions“). Erst wenn sie zustimmt, wird gelöscht, mit Nachweis und unter ihrem Namen, und
nur, wenn die Liste noch dieselbe ist. Dasselbe am Terminal: `jobcenter retention`.
"""

QUESTION = """
{% set plan = ti.xcom_pull(task_ids='retention_plan') %}
Stichtag **{{ plan.stichtag }}**: {{ plan.faellig }} Gegenstände sind lange genug aufbewahrt.

{% for klasse, anzahl in plan.klassen.items() %}
- {{ klasse }}: **{{ anzahl }}**
{% endfor %}

{% for gegenstand in plan.gegenstaende %}
- `{{ gegenstand }}`
{% endfor %}

**Löschen**: Sie werden mit Nachweis gelöscht; das ist nicht rückgängig zu machen.
**Nicht löschen**: Es bleibt alles; der nächste Lauf fragt wieder.
"""
"""What the person sees: classes and paths made of the numbers of providers and deliveries, no case data."""


@dag(
    dag_id="loeschung",
    dag_display_name="Löschung",
    description="Löscht nach Zustimmung, was lange genug aufbewahrt ist",
    doc_md=DOC,
    schedule=CronTriggerTimetable("0 3 2 * *", timezone="Europe/Berlin"),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=formular.DEFAULTS,
    tags=["sgb2", "monat"],
)
def loeschung() -> None:
    """Plan, ask, delete."""
    plan = wiederkehrend.retention_plan(wiederkehrend.DAY)
    ask = Frage(
        task_id="ask",
        task_display_name="Löschung freigeben",
        noetig="{{ ti.xcom_pull(task_ids='retention_plan').faellig or '' }}",
        map_index_template=None,
        subject="Daten sind lange genug aufbewahrt und sollen gelöscht werden",
        body=QUESTION,
        options=[wiederkehrend.DELETE, wiederkehrend.KEEP],
    )
    chain(plan, ask)
    wiederkehrend.retention_apply(cast("dict[str, Any]", plan), cast("dict[str, Any]", ask.output))


loeschung()
