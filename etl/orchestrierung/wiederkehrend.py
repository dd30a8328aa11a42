"""Steps of the other DAGs: the daily check, the comparison with published figures, retention."""
# ruff: noqa: PLC0415 (etl.pipeline brings pandas, DuckDB and Great Expectations along; Airflow loads the DAGs often)

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from airflow.sdk import task
from airflow.sdk.exceptions import AirflowSkipException

from etl.errors import UsageError
from etl.monat import Monat
from etl.orchestrierung import meldungen, quellen
from etl.orchestrierung.fehler import ended, explained
from etl.orchestrierung.fragen import chosen, person
from etl.orchestrierung.schritte import LONG, RECHNEN, SHORT
from etl.settings import Settings

log = logging.getLogger(__name__)

DAY = "{{ dag_run.run_after.date().isoformat() }}"
"""The day of a run, as its schedule or its trigger set it: a task that is repeated later keeps it."""
DELETE = "Löschen"
KEEP = "Nicht löschen"
NOT_LOADED = "nicht-geladen"
"""Paragraph of the errors that say that there are no figures yet."""
_FIRST = "{{ task.op_args[0] }}"


@task(task_display_name="Träger nennen", execution_timeout=SHORT)
def providers(delivery: str = "") -> list[str]:
    """Return the ids of the sources; ``FORM`` for the one delivery that the form names."""
    with explained():
        from etl.quellen import datei

        if delivery:
            return [quellen.FORM]
        if Settings().quellen is None:
            raise AirflowSkipException("Es sind keine Quellen eingerichtet (JOBCENTER_QUELLEN).")
        return [quelle.traegernummer for quelle in datei.sources(Settings())]


@task(
    task_display_name="Daten prüfen",
    multiple_outputs=False,
    pool=RECHNEN,
    execution_timeout=LONG,
    map_index_template="{{ task.op_kwargs['quelle'] }}",
)
def check(quelle: str, day: str, delivery: str) -> dict[str, int | None]:
    """Check what a source holds today; return counts. Nothing is loaded, and no case data stays behind."""
    with explained():
        from etl import vorpruefen
        from etl.quellen import datei

        when = dt.date.fromisoformat(day)
        place = quellen.place(Settings(), quelle, str(Monat.of(when)), delivery)
        if quelle != quellen.FORM and not datei.arrived(place):
            raise AirflowSkipException("Es ist noch keine Lieferung da.")
        expected = None if quelle == quellen.FORM else quelle
        found = vorpruefen.check(Settings(), quellen.opened(place), when, expected)
        log.info("Offene Befunde: %s (Prüfung davor: %s)", found.befunde, "-" if found.vorher is None else found.vorher)
        log.info("Korrekturlisten: vorpruefung/%s/korrekturen", found.traegernummer)
        return {name: count for name, count in found._asdict().items() if name != "traegernummer"}


@task(task_display_name="Veröffentlichte Zahlen einlesen", execution_timeout=SHORT, map_index_template=_FIRST)
def import_series(quelle: str, month: str, file: str) -> int:
    """Keep the published values of a file; return how many are new. Without a file there is nothing to read."""
    with explained():
        from etl import pipeline
        from etl.quellen import datei

        settings = Settings()
        path = file if quelle == quellen.FORM else datei.source(settings, quelle).series(Monat.parse(month))
        if not path:
            return 0
        if not Path(path).is_file():
            if file:
                raise UsageError(f"Die Datei {path} gibt es nicht.", abschnitt="eingabedatei")
            return 0
        total, new = pipeline.import_series(settings, Path(path), None if quelle == quellen.FORM else quelle)
        log.info("%s veröffentlichte Werte gelesen, %s davon neu.", total, new)
        return new


@task(
    task_display_name="Mit den eigenen Zahlen vergleichen",
    multiple_outputs=False,
    pool=RECHNEN,
    execution_timeout=SHORT,
    map_index_template=_FIRST,
)
def compare(quelle: str, month: str, *, dag_run: Any = None) -> dict[str, int]:
    """Compare the twelve months up to ``month``; return how many values have which verdict, and tell what is open."""
    with explained():
        from etl import pipeline

        last = Monat.parse(month)
        traeger = None if quelle == quellen.FORM else quelle
        try:
            rows = pipeline.compare_series(Settings(), last.shift(-11), last, traeger)
        except UsageError as error:
            if error.abschnitt != NOT_LOADED:
                raise
            raise AirflowSkipException(error.message) from None  # a new provider has nothing to compare yet
        still = [row for row in rows if row.urteil == "offen"]
        for row in still:
            what = (row.berichtsmonat, row.reihe, row.veroeffentlicht, row.eigen)
            log.warning("Offen: %s %s, veröffentlicht %s, eigen %s", *what)
        if still:
            about = "" if traeger is None else f" des Trägers {traeger}"
            meldungen.send(
                "Abweichungen von veröffentlichten Zahlen",
                [
                    f"{len(still)} veröffentlichte Werte{about} weichen stärker ab als die Toleranz und sind nicht "
                    "erklärt.",
                    "Ansehen mit „jobcenter series compare“, erklären mit „jobcenter series explain“.",
                ],
                dag_run.dag_id,
                dag_run.run_id,
            )
        verdicts = [row.urteil for row in rows]
        return {verdict: verdicts.count(verdict) for verdict in sorted(set(verdicts))}


@task(task_display_name="Löschplan erstellen", multiple_outputs=False, execution_timeout=SHORT)
def retention_plan(day: str) -> dict[str, Any]:
    """Return what is due: counts by class, their paths by reference of the delivery, and the hash of the plan."""
    with explained():
        from etl import pipeline

        due = _due(pipeline.retention_plan(Settings(), dt.date.fromisoformat(day)))
        for row in due:
            log.info("Fällig seit %s: %s", row["faellig_am"], row["gegenstand"])
        classes = [str(row["klasse"]) for row in due]
        return {
            "stichtag": day,
            "faellig": len(due),
            "klassen": {name: classes.count(name) for name in sorted(set(classes))},
            "gegenstaende": [str(row["gegenstand"]) for row in due],
            "plan_sha256": _hash(due),
        }


@task(task_display_name="Löschen", execution_timeout=LONG)
def retention_apply(plan: dict[str, Any], answer: dict[str, Any]) -> int:
    """Delete what a person has approved, if the plan is still the one that was shown; return how many objects went."""
    if not chosen(answer):
        raise AirflowSkipException("Es ist nichts zu löschen.")
    if chosen(answer) != [DELETE]:
        raise AirflowSkipException(f"{person(answer)} hat entschieden, nicht zu löschen.")
    with explained():
        from etl import pipeline

        day = dt.date.fromisoformat(plan["stichtag"])
        if _hash(_due(pipeline.retention_plan(Settings(), day))) != plan["plan_sha256"]:
            raise ended(
                "Der Löschplan hat sich geändert, seit er gezeigt wurde. Gelöscht wurde nichts: „Löschplan erstellen“ "
                "zurücksetzen (Clear).",
                abschnitt="loeschung-abgelehnt",
            )
        return len(pipeline.retention_apply(Settings(), day, person(answer)))


def _due(rows: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    return [row for row in rows if row["stand"] in ("fällig", "erneut")]


def _hash(rows: Sequence[dict[str, object]]) -> str:
    named = [[row["klasse"], row["gegenstand"], row["faellig_am"], row["dateien"], row["bytes"]] for row in rows]
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()
