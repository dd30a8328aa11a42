"""Is a part of Airflow well? For health checks: exit status 0 or 1, and one line why.

``airflow jobs check`` would load all of Airflow, three seconds of a core each time; the heartbeats that it reads are
also told by the api-server. Standard library only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request

_PARTS = {"scheduler": "scheduler", "dag-processor": "dag_processor", "triggerer": "triggerer"}
_SECONDS = 10
_CELERY = ("celery", "-A", "airflow.providers.celery.executors.celery_executor.app", "inspect", "ping")


def main(part: str) -> int:
    """Ask for ``part``: api-server, scheduler, dag-processor, triggerer or worker."""
    if part == "worker":
        destination = f"celery@{os.uname().nodename}"
        return subprocess.run([*_CELERY, "-d", destination, "-t", str(_SECONDS)], check=False).returncode  # noqa: S603
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
