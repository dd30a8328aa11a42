"""The monthly report as a DAG: the steps of ``jobcenter run`` in their order, one call into etl/ per task.

The reporting month is always an explicit parameter, never read from the clock, so the DAG has no schedule. XCom
carries identifiers and counts only. The steps are imported when a task runs: the file loads fast.
"""
# ruff: noqa: PLC0415 (etl.pipeline brings pandas, DuckDB and Great Expectations along; Airflow loads this file often)

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param, chain, dag, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException
from airflow.sdk.log import mask_secret

from etl.betriebshandbuch import reference as handbook
from etl.errors import (
    JobcenterError,
    ReleaseError,
    SourceUnavailableError,
    UnreachableError,
    UsageError,
    WarehouseError,
)
from etl.monat import Monat
from etl.settings import Settings

log = logging.getLogger(__name__)

ENVIRONMENT = "env:"
VARIABLE = "JOBCENTER_LIEFERUNG"
# What is typed into the form is stored with the run and shown to everybody who may read it. So an address with a
# password, or with options that may hold one, is refused there; and no variable but ours can be asked for.
DELIVERY_PATTERN = rf"^(?:{ENVIRONMENT}{VARIABLE}[A-Z0-9_]*|(?!{ENVIRONMENT})(?!.*://[^:/]*:[^@]*@)(?!.*://.*\?)\S.*)$"

DOC = f"""
### Monatsbericht

Erstellt die Zahlen und Berichte **eines Berichtsmonats** aus **einer Lieferung**, mit denselben Schritten wie
`jobcenter run`:

1. **Lieferung einlesen**: prüft den Quellvertrag, pseudonymisiert die Schlüssel, legt die Lieferung im Archiv ab.
2. **Lieferung prüfen**: wendet die Prüfregeln an und entscheidet, ob geladen werden darf.
3. **Zahlen berechnen**: zählt nach den Zählregeln des Quellvertrags.
4. **Sprünge prüfen**: bewegt die Lieferung wichtige Zahlen stärker als die Anhaltegrenzen, wartet der Lauf auf einen
   Menschen (**Entscheiden**, unter „Required Actions“); sonst geht es ohne Halt weiter.
5. **Zahlen laden**: schreibt die Zahlen in einer Transaktion in das Warehouse; frühere Stände bleiben erhalten.
6. **Berichte schreiben**: legt die Dateien als Entwurf ab; die Pfade stehen im Protokoll der Aufgabe.
7. **Prüfen und freigeben**: eine Person, die den Lauf nicht gestartet hat, sieht die Dateien an und gibt sie frei oder
   lehnt sie ab (unter „Required Actions“). Was schon freigegeben ist und gleich geblieben ist, wird nicht noch einmal
   gefragt. Nach sieben Tagen ohne Antwort scheitert der Lauf, damit er andere Monate nicht aufhält; der Entwurf bleibt,
   und es geht mit Clear oder am Terminal (`jobcenter approve`, `jobcenter release`) weiter.
8. **Zustellen**: gibt die Dateien jedem Empfänger, der sie noch nicht hat (Empfängerdatei `JOBCENTER_EMPFAENGER`; ohne
   sie wird der Schritt übersprungen). Wer nicht erreichbar ist, wird später noch einmal versucht.

Starten: „Trigger“ wählen und Berichtsmonat und Lieferung angeben. Jeder Schritt darf wiederholt werden: gleiche
Eingabe ergibt gleiche Zahlen und Dateien.

**Lieferung aus einer Datenbank.** Ein Kennwort gehört nicht in das Formular, denn dessen Inhalt wird gespeichert
und angezeigt. Die Adresse steht in einer Umgebungsvariablen, deren Name mit `{VARIABLE}` beginnt, und das Formular
nennt nur sie: `{ENVIRONMENT}{VARIABLE}`.

**Wenn ein Schritt scheitert.** Ist das Warehouse, das Quellsystem oder ein Empfänger nicht erreichbar, versucht es die
Aufgabe dreimal wieder, nach 30 Sekunden und dann in wachsendem Abstand. Verletzt die Lieferung den Quellvertrag oder
sperrt die Prüfung, scheitert sie sofort, und es wird nichts geladen. Was zu tun ist, steht im Protokoll der Aufgabe; wo
dort von `--accept-findings` die Rede ist, ist das Feld „Befunde akzeptieren“ gemeint. Ins Protokoll kommen keine
Falldaten.
"""

GO_ON = "Weiterlaufen lassen"
DISCARD = "Verwerfen"
DECISION = """
{{ ti.xcom_pull(task_ids='undecided') }}

**Weiterlaufen lassen**: Die Zahlen stimmen; sie werden geladen, Name und Begründung werden aufbewahrt.
**Verwerfen**: Es wird nichts geladen; der Lauf endet als gescheitert.
"""
"""What the person sees who decides. Totals of the whole job centre, no case data."""

APPROVE = "Geprüft: freigeben"
REJECT = "Ablehnen"
DRAFT = """
{% set draft = ti.xcom_pull(task_ids='draft') %}
{% set reference = ti.xcom_pull(task_ids='extract') %}
Bericht **{{ params.monat }}** der Lieferung {{ reference }}: {{ ti.xcom_pull(task_ids='report') }} Dateien im Ordner
`berichte/{{ reference }}/{{ params.monat }}`

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

PREPARER = "{{ dag_run.triggering_user_name or 'airflow' }}"
"""Who started the run; a schedule of its own is nobody."""

PARAMS = {
    "monat": Param(
        type="string",
        title="Berichtsmonat",
        description="Der Monat, über den berichtet wird, als JJJJ-MM, zum Beispiel 2026-08.",
        pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$",
        minLength=7,
        maxLength=7,
    ),
    "lieferung": Param(
        type="string",
        title="Lieferung",
        description=(
            "Voller Pfad eines Ordners oder einer Zip-Datei, oder die Adresse einer Datenbank ohne Kennwort. "
            f"Eine Adresse mit Kennwort steht in einer Umgebungsvariablen: {ENVIRONMENT}{VARIABLE}."
        ),
        pattern=DELIVERY_PATTERN,
        maxLength=1000,
    ),
    "befunde_akzeptieren": Param(
        default=None,
        type=["null", "string"],
        title="Befunde akzeptieren (Begründung)",
        description=(
            "Nur ausfüllen, wenn trotz sperrender Befunde geladen werden soll. Die Begründung (mindestens zehn "
            "Zeichen) wird mit den Zahlen aufbewahrt; bitte keine Namen oder Nummern von Personen nennen."
        ),
        maxLength=500,
    ),
}


@contextmanager
def _explained() -> Iterator[None]:
    """Turn errors into what a person on call needs, and decide about another try.

    Only an unreachable warehouse, source or recipient may be better in a minute. Everything else fails at once: a
    second try would find the same delivery. The message of an error nobody foresaw is withheld, because a library may
    have put case data into it; class and lines of code are enough to find it.
    """
    try:
        yield
    except JobcenterError as error:
        text = "\n".join(filter(None, (error.message, error.hint, handbook(error.abschnitt))))
        log.error("%s", text)
        again = isinstance(error, (WarehouseError, SourceUnavailableError, UnreachableError))
        raise (AirflowException if again else AirflowFailException)(text) from None
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        place = "\n".join(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
        log.error("Unerwarteter Fehler %s; Codestellen bis zum Fehler:\n%s", type(error).__name__, place)
        log.error("%s", handbook(JobcenterError.abschnitt))
        raise AirflowFailException(
            f"Unerwarteter Fehler ({type(error).__name__}). Das ist ein Fehler des Programms; seine Meldung bleibt "
            "verborgen, weil sie Falldaten enthalten könnte. Die Codestellen stehen im Protokoll."
        ) from None


def _source(text: str) -> str:
    """Resolve ``env:NAME``, and keep an address and its password out of every log from here on."""
    if not text.startswith(ENVIRONMENT):
        return text
    name = text.removeprefix(ENVIRONMENT)
    value = os.environ.get(name, "")
    if not value:
        raise UsageError(
            f"Die Umgebungsvariable {name} ist nicht gesetzt.",
            hint="Sie muss dort gesetzt sein, wo Airflow die Aufgaben ausführt.",
            abschnitt="einstellung",
        )
    if "://" in value:
        mask_secret(value)
        password = urlsplit(value).password
        if password:
            mask_secret(password)
            mask_secret(unquote(password))
    return value


@task(task_display_name="Lieferung einlesen")
def extract(lieferung: str) -> str:
    """Bring the delivery into the archive; return its reference ``<traegernummer>/<lieferung_id>``."""
    with _explained():
        from etl import pipeline

        return pipeline.extract(Settings(), _source(lieferung))


@task(task_display_name="Lieferung prüfen", multiple_outputs=False)
def validate(reference: str, begruendung: str) -> dict[str, int]:
    """Judge the delivery; return how many rules had which outcome."""
    with _explained():
        from etl import pipeline

        return pipeline.validate(Settings(), reference, begruendung or None)


@task(task_display_name="Zahlen berechnen")
def figures(reference: str, monat: str) -> int:
    """Compute the month; return the number of cells."""
    with _explained():
        from etl import pipeline

        return pipeline.figures(Settings(), reference, Monat.parse(monat))


@task(task_display_name="Sprünge prüfen")
def undecided(reference: str, monat: str) -> str:
    """Return why the delivery must wait for a person, in sentences of totals; empty when it need not."""
    with _explained():
        from etl import pipeline

        return pipeline.undecided(Settings(), reference, Monat.parse(monat))


@task.branch(task_display_name="Warten?")
def wait_or_load(reasons: str) -> str:
    """Go on to the decision of a person, or straight to loading."""
    return "decide" if reasons else "load"


@task(task_display_name="Entscheidung festhalten", retries=3)
def resume(reference: str, answer: dict[str, Any]) -> None:
    """Keep who let the delivery go on, and why; end the run when the person discarded it."""
    if answer["chosen_options"] != [GO_ON]:
        raise AirflowFailException(
            f"Die Lieferung {reference} wurde verworfen. Geladen wurde nichts; bitte neu liefern."
        )
    reason = answer["params_input"].get("grund")
    if not reason:
        raise AirflowFailException("Die Begründung fehlt: Aufgabe „Entscheiden“ zurücksetzen (Clear) und begründen.")
    with _explained():
        from etl import pipeline

        user = answer.get("responded_by_user") or {}
        pipeline.resume(Settings(), reference, by=str(user.get("name") or "unbekannt"), reason=str(reason))


@task(task_display_name="Zahlen laden", trigger_rule="none_failed_min_one_success")
def load(reference: str, monat: str, begruendung: str) -> int:
    """Load the month into the warehouse; return the number of cells."""
    with _explained():
        from etl import pipeline

        return pipeline.load(Settings(), reference, Monat.parse(monat), begruendung or None)


@task(task_display_name="Berichte schreiben")
def report(reference: str, monat: str, ersteller: str) -> int:
    """Write the files of the month; return how many there are. Their paths go to the log."""
    with _explained():
        from etl import pipeline

        files = pipeline.report(Settings(), reference, Monat.parse(monat), ersteller)
        for file in files:
            log.info("Bericht: %s", Path(file))
        return len(files)


@task(task_display_name="Entwurf vorlegen", multiple_outputs=False)
def draft(reference: str, monat: str) -> dict[str, Any]:
    """Return what a person is asked to approve: state, content hash, and totals of the whole job centre."""
    with _explained():
        from etl import pipeline

        return dict(pipeline.draft(Settings(), reference, Monat.parse(monat)))


@task.branch(task_display_name="Freigabe nötig?")
def approve_or_deliver(shown: dict[str, Any]) -> str:
    """Ask a person, unless exactly this content is released already."""
    return "deliver" if shown["zustand"] in ("freigegeben", "zugestellt") else "approve"


@task(task_display_name="Freigabe festhalten", retries=3)
def release(reference: str, monat: str, ersteller: str, shown: dict[str, Any], answer: dict[str, Any]) -> None:
    """Keep who approved the content that was shown, and release it; end the run when it was rejected."""
    name = str((answer.get("responded_by_user") or {}).get("name") or "unbekannt")
    note = str(answer["params_input"].get("bemerkung") or "")
    rejected = answer["chosen_options"] != [APPROVE]
    if rejected and not note:
        raise AirflowFailException(f"Die Bemerkung fehlt, die sagt, was falsch ist. {AGAIN}")
    with _explained():
        from etl import pipeline
        from etl.personen import same_person

        about = (Settings(), reference, Monat.parse(monat), name, note, shown["inhalt_sha256"])
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
        raise AirflowFailException(f"Der Bericht wurde abgelehnt; die Bemerkung ist festgehalten. {AGAIN}")


@task(task_display_name="Zustellen", trigger_rule="none_failed_min_one_success")
def deliver(reference: str, monat: str, wer: str) -> int:
    """Hand the released report to all recipients; return how many got it just now. Skipped when there are none."""
    with _explained():
        from etl import pipeline

        served = pipeline.deliver(Settings(), reference, Monat.parse(monat), wer)
    if served is None:
        raise AirflowSkipException("Es sind keine Empfänger eingerichtet (JOBCENTER_EMPFAENGER).")
    return served


@dag(
    dag_id="monatsbericht",
    dag_display_name="Monatsbericht",
    description="Zahlen und Berichte eines Berichtsmonats aus einer Lieferung",
    doc_md=DOC,
    schedule=None,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    params=PARAMS,
    default_args={
        "retries": 3,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=10),
    },
    tags=["sgb2", "monat"],
)
def monatsbericht() -> None:
    """Order the steps. Templates keep the parameters plain text arguments of the steps."""
    monat = "{{ params.monat }}"
    begruendung = "{{ params.befunde_akzeptieren or '' }}"
    # At parse time a task returns the promise of its result; Airflow's types cannot say so.
    reference = cast("str", extract("{{ params.lieferung }}"))
    reasons = undecided(reference, monat)
    choice = wait_or_load(cast("str", reasons))
    decide = HITLOperator(
        task_id="decide",
        task_display_name="Entscheiden",
        subject="Eine Lieferung bewegt Zahlen stärker als üblich",
        body=DECISION,
        options=[GO_ON, DISCARD],
        # Airflow wants a valid value before the person has seen the form, so an empty one is refused by „resume“.
        params={
            "grund": Param(
                default=None, type=["null", "string"], title="Begründung (Pflicht)", minLength=10, maxLength=500
            )
        },
        response_timeout=timedelta(days=14),
        retries=0,
    )
    shown = draft(reference, monat)
    approve = HITLOperator(
        task_id="approve",
        task_display_name="Prüfen und freigeben",
        subject="Ein Bericht wartet auf Prüfung und Freigabe",
        body=DRAFT,
        options=[APPROVE, REJECT],
        params={
            "bemerkung": Param(
                default=None, type=["null", "string"], title="Bemerkung (bei Ablehnung Pflicht)", maxLength=500
            )
        },
        # One run at a time: who never answers must not hold up the other months for ever. The draft stays.
        response_timeout=timedelta(days=7),
        retries=0,
    )
    resumed = resume(reference, cast("dict[str, Any]", decide.output))
    loaded = load(reference, monat, begruendung)
    chain(validate(reference, begruendung), figures(reference, monat), reasons)
    chain(choice, decide)
    chain([choice, resumed], loaded, report(reference, monat, PREPARER), shown)
    needed = approve_or_deliver(cast("dict[str, Any]", shown))
    released = release(
        reference, monat, PREPARER, cast("dict[str, Any]", shown), cast("dict[str, Any]", approve.output)
    )
    chain(needed, approve)
    chain([needed, released], deliver(reference, monat, PREPARER))


monatsbericht()
