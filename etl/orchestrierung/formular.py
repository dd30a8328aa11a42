"""The form of a run, and what a run says of itself: its month, and who started it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Param

from etl.geheimnisse import ADDRESS, REFERENCE
from etl.orchestrierung.meldungen import gescheitert

MONTH_PATTERN = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
# What is typed into the form is stored with the run and shown to everybody who may read it. So an address with a
# password, or with options that may hold one, is refused there; and no variable but ours can be asked for.
DELIVERY_PATTERN = rf"^(?:{REFERENCE}{ADDRESS}[A-Z0-9_]*|(?!{REFERENCE})(?!.*://[^:/]*:[^@]*@)(?!.*://.*\?)\S.*)$"

MONTH = "{{ dag_run.partition_key or params.monat or '' }}"
"""The reporting month of a run: its partition key, or the month of the form. Never the clock."""
STARTED_BY = "{{ dag_run.triggering_user_name or 'airflow' }}"
"""Who started the run; a schedule of its own is nobody."""


def month_param() -> Param:
    """Return the field for the reporting month."""
    return Param(
        default=None,
        type=["null", "string"],
        title="Berichtsmonat",
        description="Der Monat, über den berichtet wird, als JJJJ-MM, zum Beispiel 2026-08. Leer nur, wenn der Lauf "
        "einen Partitionsschlüssel hat.",
        pattern=MONTH_PATTERN,
        minLength=7,
        maxLength=7,
    )


def delivery_param() -> Param:
    """Return the field for one explicit delivery."""
    return Param(
        default=None,
        type=["null", "string"],
        title="Lieferung",
        description="Leer: die Lieferungen aller Träger aus der Quellendatei. Sonst der volle Pfad eines Ordners oder "
        "einer Zip-Datei, oder die Adresse einer Datenbank ohne Kennwort. Eine Adresse mit Kennwort ist ein "
        f"Geheimnis, und hier steht nur sein Name: {REFERENCE}{ADDRESS}.",
        pattern=DELIVERY_PATTERN,
        minLength=1,
        maxLength=1000,
    )


def acceptance_param() -> Param:
    """Return the field for the reason of loading in spite of blocking findings."""
    return Param(
        default=None,
        type=["null", "string"],
        title="Befunde akzeptieren (Begründung)",
        description="Nur ausfüllen, wenn trotz sperrender Befunde geladen werden soll. Die Begründung (mindestens zehn "
        "Zeichen) wird mit den Zahlen aufbewahrt; bitte keine Namen oder Nummern von Personen nennen.",
        maxLength=500,
    )


DEFAULTS: dict[str, Any] = {
    "on_failure_callback": gescheitert,
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
}
"""For every task. Three more tries for what may be better in a minute (see ``fehler``); everything else fails at once,
and is told."""
