"""What the people are told who run jobcenter: a task has failed, something waits for a person, a deadline has passed.

A message names DAG, run, month and task and where to look; nothing of a delivery, and no text of an error. It goes to
the address of the file ``JOBCENTER_MELDUNGEN``; without the file it is only logged. A message that cannot be sent
changes nothing else.
"""
# ruff: noqa: PLC0415 (the way of e-mail brings SSH along; Airflow loads this file with every DAG)

from __future__ import annotations

import logging
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from urllib.parse import quote

from airflow.sdk import BaseNotifier, Context
from airflow.sdk.configuration import conf

from etl.errors import JobcenterError
from etl.settings import Settings

log = logging.getLogger(__name__)

LOOK = "Was zu tun ist, steht im Protokoll der Aufgabe."


def send(title: str, lines: Sequence[str], dag_id: str, run_id: str) -> None:
    """Tell one thing about a run: a title and what there is to say, one sentence per line."""
    log.warning("Meldung: %s\n%s", title, "\n".join(lines))
    try:
        settings = Settings()
        if settings.meldungen is None:
            log.info("Es geht keine E-Mail hinaus: JOBCENTER_MELDUNGEN ist nicht gesetzt.")
            return
        from etl.zustellung import mail
        from etl.zustellung.empfaenger import read_mail

        way = read_mail(settings.meldungen, "JOBCENTER_MELDUNGEN")
        mail.send(
            way, _message(way.von, way.an, title, [*lines, f"Lauf: {dag_id}, {run_id}", _address(dag_id, run_id)])
        )
    except JobcenterError as error:
        log.error("Die Meldung ging nicht hinaus. %s", error.message)


def gescheitert(context: Context) -> None:
    """Tell that a task has failed for good. What to do stands in its log, not in the message."""
    try:
        task, lines = _task(context)
        send(
            f"Aufgabe gescheitert: {task}",
            [f"Die Aufgabe „{task}“ ist gescheitert und wird nicht von selbst wiederholt.", *lines, LOOK],
            context["dag_run"].dag_id,
            context["dag_run"].run_id,
        )
    except Exception as error:
        # Whatever happens here, the task has failed already; a library's words might quote something.
        log.error("Die Meldung ließ sich nicht erstellen (%s).", type(error).__name__)


class Wartet(BaseNotifier):
    """Tell that a task waits for the answer of a person."""

    def notify(self, context: Context) -> None:
        """Tell it once, when the question is asked."""
        task, lines = _task(context)
        send(
            f"Wartet auf eine Entscheidung: {task}",
            [f"Die Aufgabe „{task}“ wartet auf eine Person (in Airflow unter „Required Actions“).", *lines],
            context["dag_run"].dag_id,
            context["dag_run"].run_id,
        )


def _task(context: Context) -> tuple[str, list[str]]:
    """Return how a task is called, and the month and provider it is about: identifiers only."""
    instance, run = context["ti"], context["dag_run"]
    task = instance.task
    name = str(getattr(task, "task_display_name", None) or instance.task_id)
    lines = []
    month = run.partition_key or (run.conf or {}).get("monat")
    if month:
        lines.append(f"Berichtsmonat: {month}")
    subject = getattr(task, "quelle", None) or next(iter(getattr(task, "op_args", None) or ()), None)
    subject = subject or getattr(instance, "rendered_map_index", None)
    if isinstance(subject, str) and instance.map_index is not None and instance.map_index >= 0:
        lines.append(f"Quelle oder Lieferung: {subject}")
    return name, lines


def _address(dag_id: str, run_id: str) -> str:
    base = str(conf.get("api", "base_url", fallback="") or "").rstrip("/")
    return f"{base}/dags/{quote(dag_id)}/runs/{quote(run_id, safe='')}"


def _message(sender: str, recipient: str, title: str, lines: Sequence[str]) -> EmailMessage:
    note = EmailMessage()
    note["From"], note["To"] = sender, recipient
    note["Subject"] = f"jobcenter: {title}"
    note["Date"] = localtime()
    note["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    text = "\n".join(lines)
    note.set_content(
        f"Guten Tag,\n\n{text}\n\nDiese Nachricht wurde maschinell erstellt und enthält keine Falldaten.\n",
        cte="quoted-printable",
    )
    return note
