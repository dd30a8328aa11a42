"""Is Airflow up? Asked the way its own monitoring endpoint answers."""

from __future__ import annotations

import http.client
import json

from etl.airflow_local.environment import HOST

_PATH = "/api/v2/monitor/health"
# Key of the answer ▶ the component that must write it (the name of its log file).
_PARTS = {
    "metadatabase": "api-server",
    "scheduler": "scheduler",
    "dag_processor": "dag-processor",
    "triggerer": "triggerer",
}


def unhealthy(port: int) -> list[str]:
    """Return the names of the components that are not healthy yet; empty when all are."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)  # never through a proxy, unlike urllib
    try:
        connection.request("GET", _PATH)
        response = connection.getresponse()
        answer = json.loads(response.read()) if response.status == http.HTTPStatus.OK else {}
    except (OSError, http.client.HTTPException, ValueError):
        return ["api-server"]
    finally:
        connection.close()
    return [name for key, name in _PARTS.items() if answer.get(key, {}).get("status") != "healthy"]
