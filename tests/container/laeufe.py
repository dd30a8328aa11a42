"""Runs of the DAG ``monatsbericht`` over REST: start as one person, answer its questions as another."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from container.stapel import APPROVER, STARTER, BeweisError, Stapel, wait_for

RUNS = "/api/v2/dags/monatsbericht/dagRuns"
ANSWERS: dict[str, dict[str, object]] = {
    "traeger.decide": {
        "chosen_options": ["Weiterlaufen lassen"],
        "params_input": {"grund": "Kleines erfundenes Jobcenter: Sprünge sind erwartet"},
    },
    "traeger.approve": {"chosen_options": ["Geprüft: freigeben"], "params_input": {"bemerkung": None}},
}
"""By task that asks a person: the answer."""


def start(stapel: Stapel, month: str, delivery: str | None = None) -> str:
    """Start a run; return its address."""
    conf = {"monat": month, **({"lieferung": delivery} if delivery else {})}
    wait_for(lambda: stapel.request("GET", "/api/v2/dags/monatsbericht")[0] == 200, "der DAG")
    status, run = stapel.request("POST", RUNS, {"logical_date": None, "conf": conf})
    if status != 200:
        raise BeweisError(f"Der Lauf für {month} ließ sich nicht starten: {status} {run}")
    return f"{RUNS}/{run['dag_run_id']}"


def instances(stapel: Stapel, run: str) -> list[dict[str, Any]]:
    """Return the task instances of a run; none while the api-server is away."""
    status, answer = stapel.request("GET", f"{run}/taskInstances?limit=500")
    return list(answer["task_instances"]) if status == 200 else []


def answer(stapel: Stapel, run: str, instance: dict[str, Any], *, user: str = APPROVER) -> int:
    """Answer the question of a task as ``user``; return the status of the answer."""
    task, index = instance["task_id"], instance["map_index"]
    return stapel.request("PATCH", f"{run}/taskInstances/{task}/{index}/hitlDetails", ANSWERS[task], user=user)[0]


def waiting(stapel: Stapel, run: str) -> list[dict[str, Any]]:
    """Return the tasks that ask a person."""
    return [one for one in instances(stapel, run) if one["state"] == "awaiting_input" and one["task_id"] in ANSWERS]


def working(stapel: Stapel, run: str) -> list[dict[str, Any]]:
    """Return the tasks that compute in some container right now."""
    return [one for one in instances(stapel, run) if one["state"] == "running" and one["hostname"]]


def finish(stapel: Stapel, runs: Sequence[str]) -> None:
    """Answer whatever is asked until all runs have ended. Raises ``BeweisError`` when one has failed."""

    def ended() -> bool:
        states = {run: stapel.request("GET", run)[1] for run in runs}
        for run in runs:
            for instance in waiting(stapel, run):
                # An answer at once would overtake the scheduler, which still expects the end of the process that asked.
                time.sleep(10)
                answer(stapel, run, instance)
        failed = [run for run, state in states.items() if isinstance(state, dict) and state.get("state") == "failed"]
        if failed:
            raise BeweisError(f"Gescheitert: {[(run, _failed(stapel, run)) for run in failed]}")
        return all(isinstance(state, dict) and state.get("state") == "success" for state in states.values())

    wait_for(ended, "das Ende aller Läufe")


def _failed(stapel: Stapel, run: str) -> list[str]:
    found = [one for one in instances(stapel, run) if one["state"] in ("failed", "upstream_failed")]
    return [f"{one['task_id']}[{one['map_index']}] {one['state']} auf {one['hostname']}" for one in found]


def refusals(stapel: Stapel, run: str) -> dict[str, int]:
    """Try what must be refused while ``run`` waits for approval; return the statuses."""
    instance = waiting(stapel, run)[0]
    return {
        "Controlling startet einen Lauf": stapel.request(
            "POST", RUNS, {"logical_date": None, "conf": {"monat": "2026-08"}}, user=APPROVER
        )[0],
        "Technik gibt frei": answer(stapel, run, instance, user=STARTER),
    }
