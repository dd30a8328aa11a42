"""The pages under the auth manager of production: ``python fab_server.py ASK.json ANSWERS.json`` (group ``server``).

Starts an api-server with the FAB auth manager below a path, as behind a proxy, gives it the roles of ``etl/betrieb``
and one account each, and asks every route as each of them, and as nobody (role ``""``).
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from etl.airflow_local.environment import HOST, airflow_environment, private_folder
from etl.airflow_local.processes import StopRequests, end_all, start

BASE = "/airflow"
_PASSWORD = "nur-fuer-diesen-test"  # noqa: S105 (of a server that lives as long as the test)
_ACCOUNTS = """
import json, sys
from pathlib import Path
from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from etl.betrieb import rollen
rollen.apply(rollen.read(Path(sys.argv[1])))
with get_application_builder() as builder:
    for name in json.loads(sys.argv[2]):
        role = builder.sm.find_role(name)
        builder.sm.add_user(name, name, name, f"{name}@example.org", role, password=sys.argv[3])
"""
_PATIENCE_SECONDS = 240


def main(ask: Mapping[str, Any]) -> dict[str, dict[str, list[Any]]]:
    """Return status and where it leads, by role and route. ``ask``: folders, addresses, roles (a file), routes."""
    folder = private_folder(Path(ask["folder"]))
    environment = airflow_environment(
        folder, home=Path(ask["home"]), port=ask["port"], database=ask["database"], warehouse=ask["warehouse"]
    )
    manager = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"
    environment["AIRFLOW__CORE__AUTH_MANAGER"] = manager
    environment["AIRFLOW__API__BASE_URL"] = f"http://{HOST}:{ask['port']}{BASE}"
    _python(environment, "-m", "airflow", "db", "migrate")
    names = sorted({entry["name"] for entry in json.loads(Path(ask["roles"]).read_text())})
    _python(environment, "-c", _ACCOUNTS, ask["roles"], json.dumps(names), _PASSWORD)
    log = folder / "api-server.log"
    component = start("api-server", ("api-server", "--host", HOST, "--workers", "1"), environment, log)
    try:
        _wait(ask["port"], component.process, log)
        return {name: _asked(ask["port"], name, ask["routes"]) for name in ("", *names)}
    finally:
        end_all([component], StopRequests(), 20)


def _asked(port: int, name: str, routes: list[str]) -> dict[str, list[Any]]:
    headers = {"Accept": "text/html"}
    if name:
        body = json.dumps({"username": name, "password": _PASSWORD})
        _, _, answer = _request(port, "POST", "/auth/token", {"Content-Type": "application/json"}, body)
        headers["Authorization"] = f"Bearer {json.loads(answer)['access_token']}"
    found = {}
    for route in routes:
        status, location, _ = _request(port, "GET", route, headers)
        found[route] = [status, location]
    return found


def _request(
    port: int, method: str, path: str, headers: Mapping[str, str], body: str | None = None
) -> tuple[int, str | None, bytes]:
    connection = http.client.HTTPConnection(HOST, port, timeout=120)
    try:
        connection.request(method, f"{BASE}{path}", body, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.getheader("location"), answer.read()
    finally:
        connection.close()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            if _request(port, "GET", "/api/v2/monitor/health", {})[0] == http.HTTPStatus.OK:
                return
        except OSError:
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(log.read_text()[-5000:])
        time.sleep(0.5)


def _python(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], env=environment, check=True)


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(main(json.loads(Path(sys.argv[1]).read_text()))))
