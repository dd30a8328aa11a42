"""Is a part of Airflow well? For health checks: exit status 0 or 1, and one line why.

``airflow jobs check`` would load all of Airflow each time, seconds of a core; the heartbeats it reads are also told
by the api-server. A worker is asked through the broker, as the scheduler would reach it, by Celery without Airflow.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from pathlib import Path

_PARTS = {"scheduler": "scheduler", "dag-processor": "dag_processor", "triggerer": "triggerer"}
_SECONDS = 10
_BROKER = Path("/run/secrets/airflow_broker")


def main(part: str) -> int:
    """Ask for ``part``: api-server, scheduler, dag-processor, triggerer or worker."""
    if part == "worker":
        return _worker()
    host = "localhost" if part == "api-server" else "api-server"
    try:
        # No proxy of the house between two services.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://{host}:8080/api/v2/monitor/health", timeout=_SECONDS) as answer:
            health = json.load(answer)
    except OSError as error:
        print(f"api-server: {error}")
        return 1
    state = health[_PARTS.get(part, "metadatabase")]["status"]
    print(f"{part}: {state}")
    return 0 if state == "healthy" else 1


def _worker() -> int:
    from celery import Celery  # noqa: PLC0415 (of the group „server“)

    name = f"celery@{os.uname().nodename}"
    with Celery(broker=_BROKER.read_text(encoding="utf-8")) as app:
        answered = app.control.ping(destination=[name], timeout=_SECONDS)
    print(f"{name}: {'healthy' if answered else 'no answer'}")
    return 0 if answered else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
