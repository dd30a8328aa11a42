"""Questions to a person: asked only when there is something to decide, and what they show."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Context, Param

from etl.orchestrierung.meldungen import Wartet

RESPONSE_DAYS = 30
"""How long a question waits. Other runs go on meanwhile; after that the task fails, and Clear asks again."""

GO_ON = "Weiterlaufen lassen"
DISCARD = "Verwerfen"
DECISION = """
{{ ti.xcom_pull(task_ids='traeger.undecided', map_indexes=ti.map_index) }}

**Weiterlaufen lassen**: Die Zahlen stimmen; sie werden geladen, Name und Begründung werden aufbewahrt.
**Verwerfen**: Es wird nichts geladen; der Lauf endet als gescheitert.
"""
"""What the person sees who decides. Totals of the whole job centre, no case data."""

APPROVE = "Geprüft: freigeben"
REJECT = "Ablehnen"
DRAFT = """
{% set draft = ti.xcom_pull(task_ids='traeger.draft', map_indexes=ti.map_index) %}
{% set reference = ti.xcom_pull(task_ids='traeger.extract', map_indexes=ti.map_index) %}
{% set files = ti.xcom_pull(task_ids='traeger.report', map_indexes=ti.map_index) %}
Bericht **{{ draft.monat }}** der Lieferung {{ reference }}: {{ files }} Dateien im Ordner
`berichte/{{ reference }}/{{ draft.monat }}` ([ansehen](/jobcenter/{{ reference }}/{{ draft.monat }}))

{% for name, counts in draft.zahlen.items() %}
- {{ name }}: **{{ '.' if counts[0] is none else '{:,}'.format(counts[0]).replace(',', '.') }}**
  (Vormonat {{ '.' if counts[1] is none else '{:,}'.format(counts[1]).replace(',', '.') }})
{% endfor %}

Inhalt (SHA-256 über alle Dateien): `{{ draft.inhalt_sha256 }}`

- **Geprüft: freigeben**: Ich habe die Dateien angesehen, sie stimmen; genau dieser Inhalt wird freigegeben.
- **Ablehnen**: Die Bemerkung sagt, was falsch ist; der Lauf endet als gescheitert.

Wer den Lauf gestartet hat, kann nicht freigeben.
"""
"""What the person sees who approves. Totals of the whole job centre, no case data."""
AGAIN = (
    "Damit eine Person antworten kann, die den Bericht nicht erstellt hat, die Aufgabe „Prüfen und freigeben“ "
    "zurücksetzen (Clear). Wurde der Bericht geändert oder abgelehnt, „Berichte schreiben“ zurücksetzen."
)

LABEL = "{{ ti.xcom_pull(task_ids='traeger.extract', map_indexes=ti.map_index) }}"
"""How an instance of a question is called in the browser: by the delivery."""
UNANSWERED: dict[str, Any] = {"chosen_options": [], "params_input": {}, "responded_by_user": None}
"""The answer to a question that was not asked."""


class Frage(HITLOperator):
    """A question that is asked only when its template ``noetig`` gives a text; else ``UNANSWERED`` is its result.

    A branch around the question would do the same, but inside a mapped task group Airflow neither skips the branch of
    one provider alone nor expands what joins the branches once another provider has failed. A chain has no such gap.
    """

    template_fields: ClassVar[Collection[str]] = (*HITLOperator.template_fields, "noetig")  # type: ignore[misc]

    def __init__(self, *, noetig: str, **rest: Any) -> None:
        """Keep the template; the rest is that of the question."""
        super().__init__(
            **{
                "retries": 0,
                "notifiers": [Wartet()],
                "response_timeout": timedelta(days=RESPONSE_DAYS),
                "map_index_template": LABEL,
                **rest,
            }
        )
        self.noetig = noetig

    def execute(self, context: Context) -> Any:
        """Ask and wait, or go on at once."""
        if not self.noetig.strip():
            self.log.info("Es ist nichts zu entscheiden.")
            return dict(UNANSWERED)
        return super().execute(context)


def decision() -> Frage:
    """Ask whether a delivery may be loaded that moves figures further than usual."""
    return Frage(
        task_id="decide",
        task_display_name="Entscheiden",
        noetig="{{ ti.xcom_pull(task_ids='traeger.undecided', map_indexes=ti.map_index) }}",
        subject="Eine Lieferung bewegt Zahlen stärker als üblich",
        body=DECISION,
        options=[GO_ON, DISCARD],
        # Airflow wants a valid value before the person has seen the form, so an empty one is refused by „resume“.
        params={
            "grund": Param(
                default=None, type=["null", "string"], title="Begründung (Pflicht)", minLength=10, maxLength=500
            )
        },
    )


def approval() -> Frage:
    """Ask a person to check and release a report, unless exactly this content is released already."""
    return Frage(
        task_id="approve",
        task_display_name="Prüfen und freigeben",
        noetig="{{ '' if ti.xcom_pull(task_ids='traeger.draft', map_indexes=ti.map_index).zustand "
        "in ('freigegeben', 'zugestellt') else 'ja' }}",
        subject="Ein Bericht wartet auf Prüfung und Freigabe",
        body=DRAFT,
        options=[APPROVE, REJECT],
        params={
            "bemerkung": Param(
                default=None, type=["null", "string"], title="Bemerkung (bei Ablehnung Pflicht)", maxLength=500
            )
        },
    )


def person(answer: dict[str, Any]) -> str:
    """Return the account that answered."""
    return str((answer.get("responded_by_user") or {}).get("name") or "unbekannt")


def chosen(answer: dict[str, Any]) -> Sequence[str]:
    """Return what was chosen; nothing when nothing was asked."""
    options: Sequence[str] = answer["chosen_options"]
    return options
