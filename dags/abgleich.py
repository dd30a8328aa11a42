"""Every month: published figures beside our own, and what is open."""

from __future__ import annotations

from typing import cast

from airflow.sdk import CronPartitionTimetable, Param, chain, dag, task_group

from etl.orchestrierung import formular, wiederkehrend

DOC = """
### Abgleich

Liest für jeden Träger die Datei veröffentlichter Zahlen ein, die die Quellendatei unter `reihen` nennt (oder die im
Formular steht), und stellt die eigenen Zahlen der zwölf Monate bis zum Berichtsmonat daneben. Was stärker abweicht als
die Toleranz und nicht erklärt ist, steht im Protokoll der Aufgabe und geht als Meldung hinaus. Ansehen: `jobcenter
series compare`; erklären: `jobcenter series explain`.

Eine Datei, die noch nicht da ist, ist kein Fehler; ihre Werte fehlen dann im Vergleich.
"""


@task_group(group_id="traeger", prefix_group_id=True)
def traeger(quelle: str) -> None:
    """Read what was published, then compare."""
    month = formular.MONTH
    chain(wiederkehrend.import_series(quelle, month, "{{ params.datei or '' }}"), wiederkehrend.compare(quelle, month))


@dag(
    dag_id="abgleich",
    dag_display_name="Abgleich mit veröffentlichten Zahlen",
    description="Veröffentlichte Zahlen einlesen und mit den eigenen vergleichen",
    doc_md=DOC,
    schedule=CronPartitionTimetable("0 0 1 * *", timezone="Europe/Berlin", run_offset=-1, key_format="%Y-%m"),
    catchup=False,
    max_active_runs=4,
    is_paused_upon_creation=False,
    params={
        "monat": formular.month_param(),
        "datei": Param(
            default=None,
            type=["null", "string"],
            title="Datei",
            description="Leer: die Dateien der Quellendatei. Sonst der volle Pfad einer CSV-Datei mit monat, quelle "
            "und einer Spalte je Reihe.",
            pattern=r"^/\S.*$",
            maxLength=1000,
        ),
    },
    default_args=formular.DEFAULTS,
    tags=["sgb2", "monat"],
)
def abgleich() -> None:
    """Compare every provider on its own."""
    traeger.expand(quelle=cast("str", wiederkehrend.providers("{{ params.datei or '' }}")))


abgleich()
