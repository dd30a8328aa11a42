"""The steps of a month for one provider: one call into ``etl/pipeline.py`` per task.

They pass plain names: ids of sources, references of deliveries, months, counts. A step that is repeated gives the same.
"""
# ruff: noqa: PLC0415 (etl.pipeline brings pandas, DuckDB and Great Expectations along; Airflow loads the DAGs often)

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import task
from airflow.sdk.exceptions import AirflowSkipException

from etl.errors import ReleaseError
from etl.monat import Monat
from etl.orchestrierung import messwerte, quellen
from etl.orchestrierung.ereignisse import ARCHIV, BERICHT, ZAHLEN, tell
from etl.orchestrierung.fehler import ended, explained
from etl.orchestrierung.fragen import AGAIN, APPROVE, GO_ON, chosen, person
from etl.settings import Settings

log = logging.getLogger(__name__)

RECHNEN = "rechnen"
"""Pool of the tasks that need memory and processors."""
WAREHOUSE = "warehouse"
"""Pool of the tasks that write to the warehouse."""

SHORT = timedelta(minutes=15)
LONG = timedelta(hours=2)
"""A full-size delivery takes minutes; what runs for hours hangs, and must give its place to others."""

_FIRST = "{{ task.op_args[0] }}"
"""How an instance is called in the browser: by its source or its delivery."""


@task(task_display_name="Quellen nennen", execution_timeout=SHORT)
def sources(month: str, form_month: str, delivery: str, run_type: str) -> list[str]:
    """Return the ids of the sources of the run. Where none are set up, the schedule has nothing to do."""
    with explained():
        if run_type == "scheduled" and Settings().quellen is None:
            raise AirflowSkipException("Es sind keine Quellen eingerichtet (JOBCENTER_QUELLEN).")
        return quellen.ids(Settings(), month, form_month, delivery)


@task(task_display_name="Lieferung einlesen", execution_timeout=LONG, outlets=[ARCHIV], map_index_template=_FIRST)
def extract(quelle: str, month: str, delivery: str, *, outlet_events: Any = None) -> str:
    """Bring the delivery into the archive; return its reference ``<traegernummer>/<lieferung_id>``."""
    with explained():
        from etl import pipeline

        settings = Settings()
        place = quellen.opened(quellen.place(settings, quelle, month, delivery))
        expected = None if quelle == quellen.FORM else quelle
        reference = pipeline.extract(settings, place, traegernummer=expected)
        tell(outlet_events, ARCHIV, reference, month)
        return reference


@task(
    task_display_name="Lieferung prüfen",
    multiple_outputs=False,
    pool=RECHNEN,
    execution_timeout=LONG,
    map_index_template=_FIRST,
)
def validate(reference: str, begruendung: str) -> dict[str, int]:
    """Judge the delivery; return how many rules had which outcome."""
    with explained(reference):
        from etl import pipeline

        outcomes = pipeline.validate(Settings(), reference, begruendung or None)
        for outcome, rules in outcomes.items():
            messwerte.gauge(f"regeln.{outcome}", rules, reference)
        return outcomes


@task(task_display_name="Zahlen berechnen", pool=RECHNEN, execution_timeout=LONG, map_index_template=_FIRST)
def figures(reference: str, month: str) -> int:
    """Compute the month; return the number of cells."""
    with explained(reference, month):
        from etl import pipeline

        return pipeline.figures(Settings(), reference, Monat.parse(month))


@task(task_display_name="Sprünge prüfen", execution_timeout=SHORT, map_index_template=_FIRST)
def undecided(reference: str, month: str) -> str:
    """Return why the delivery must wait for a person, in sentences of totals; empty when it need not."""
    with explained(reference, month):
        from etl import pipeline

        return pipeline.undecided(Settings(), reference, Monat.parse(month))


@task(task_display_name="Entscheidung festhalten", execution_timeout=SHORT, map_index_template=_FIRST)
def resume(reference: str, answer: dict[str, Any]) -> None:
    """Keep who let the delivery go on, and why; end the run when the person discarded it."""
    if not chosen(answer):
        return
    if chosen(answer) != [GO_ON]:
        raise ended(
            f"Die Lieferung {reference} wurde verworfen. Geladen wurde nichts; bitte neu liefern.",
            abschnitt="airflow-mensch-gefragt",
        )
    reason = answer["params_input"].get("grund")
    if not reason:
        raise ended(
            "Die Begründung fehlt: Aufgabe „Entscheiden“ zurücksetzen (Clear) und begründen.",
            abschnitt="airflow-mensch-gefragt",
        )
    with explained(reference):
        from etl import pipeline

        pipeline.resume(Settings(), reference, by=person(answer), reason=str(reason))


@task(
    task_display_name="Zahlen laden",
    pool=WAREHOUSE,
    execution_timeout=LONG,
    outlets=[ZAHLEN],
    map_index_template=_FIRST,
)
def load(reference: str, month: str, begruendung: str, *, outlet_events: Any = None) -> int:
    """Load the month into the warehouse; return the number of cells."""
    with explained(reference, month):
        from etl import pipeline

        cells = pipeline.load(Settings(), reference, Monat.parse(month), begruendung or None)
        messwerte.gauge("zellen", cells, reference)
        tell(outlet_events, ZAHLEN, reference, month)
        return cells


@task(task_display_name="Berichte schreiben", pool=RECHNEN, execution_timeout=LONG, map_index_template=_FIRST)
def report(reference: str, month: str, ersteller: str) -> int:
    """Write the files of the month; return how many there are. Their paths go to the log."""
    with explained(reference, month):
        from etl import pipeline

        files = pipeline.report(Settings(), reference, Monat.parse(month), ersteller)
        for file in files:
            log.info("Bericht: %s", Path(file))
        messwerte.gauge("berichtsdateien", len(files), reference)
        return len(files)


@task(task_display_name="Entwurf vorlegen", multiple_outputs=False, execution_timeout=SHORT, map_index_template=_FIRST)
def draft(reference: str, month: str) -> dict[str, Any]:
    """Return what a person is asked to approve: month, state, content hash, and totals of the whole job centre."""
    with explained(reference, month):
        from etl import pipeline

        return {"monat": month, **pipeline.draft(Settings(), reference, Monat.parse(month))}


@task(task_display_name="Freigabe festhalten", execution_timeout=SHORT, outlets=[BERICHT], map_index_template=_FIRST)
def release(
    reference: str,
    month: str,
    ersteller: str,
    shown: dict[str, Any],
    answer: dict[str, Any],
    *,
    outlet_events: Any = None,
) -> None:
    """Keep who approved the content that was shown, and release it; end the run when it was rejected."""
    tell(outlet_events, BERICHT, reference, month)
    if not chosen(answer):
        return
    name, note = person(answer), str(answer["params_input"].get("bemerkung") or "")
    rejected = chosen(answer) != [APPROVE]
    if rejected and not note:
        raise ended(f"Die Bemerkung fehlt, die sagt, was falsch ist. {AGAIN}", abschnitt="airflow-mensch-gefragt")
    with explained(reference, month):
        from etl import pipeline
        from etl.personen import same_person

        about = (Settings(), reference, Monat.parse(month), name, note, shown["inhalt_sha256"])
        try:
            if rejected:
                pipeline.reject(*about)
            elif same_person(name, ersteller):
                raise ReleaseError(
                    "Wer den Lauf gestartet hat, kann den Bericht nicht freigeben.", abschnitt="freigabe-vier-augen"
                )
            else:
                pipeline.release(*about)
        except ReleaseError as error:
            raise ReleaseError(error.message, hint=AGAIN, abschnitt=error.abschnitt) from None
    if rejected:
        raise ended(
            f"Der Bericht wurde abgelehnt; die Bemerkung ist festgehalten. {AGAIN}", abschnitt="airflow-mensch-gefragt"
        )


@task(task_display_name="Zustellen", execution_timeout=LONG, map_index_template=_FIRST)
def deliver(reference: str, month: str, wer: str) -> int:
    """Hand the released report to all recipients; return how many got it just now. Skipped when there are none."""
    with explained(reference, month):
        from etl import pipeline

        served = pipeline.deliver(Settings(), reference, Monat.parse(month), wer)
    if served is None:
        raise AirflowSkipException("Es sind keine Empfänger eingerichtet (JOBCENTER_EMPFAENGER).")
    messwerte.gauge("zugestellt", served, reference)
    return served
