"""How the local Airflow is configured: environment variables, and secrets in files that only their owner can read."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from etl import files
from etl.resources import DAGS

HOST = "127.0.0.1"
LOGIN = "admin"
APPROVER = "freigabe"
"""A second account: who starts a run cannot approve its report."""

_WORKERS = 4
# Airflow refuses HMAC keys that are shorter than their hash (64 bytes with SHA-512).
_SECRET_BYTES = 64


def airflow_environment(folder: Path, *, home: Path, port: int, database: str, warehouse: str) -> dict[str, str]:
    """Return the environment of every Airflow process.

    ``folder`` is AIRFLOW_HOME, ``home`` the home of jobcenter, ``database`` and ``warehouse`` are SQLAlchemy URLs of
    PostgreSQL. Settings of another Airflow in the user's environment are left out; connections and variables stay.
    """
    inherited = {name: value for name, value in os.environ.items() if not _of_another_airflow(name)}
    base_url = f"http://{HOST}:{port}"
    return (
        inherited
        | _options(folder, base_url, port, database)
        | _secrets(folder)
        | {
            "AIRFLOW_HOME": str(folder),
            "JOBCENTER_HOME": str(home),
            "JOBCENTER_WAREHOUSE": warehouse,
            # Tasks talk to the api-server on the loopback interface; a proxy of the house must not come between.
            "NO_PROXY": _no_proxy(inherited),
            "no_proxy": _no_proxy(inherited),
        }
    )


def _of_another_airflow(name: str) -> bool:
    return name.startswith("AIRFLOW__") or name in {"AIRFLOW_HOME", "AIRFLOW_CONFIG", "PYTHONWARNINGS"}


def _no_proxy(inherited: dict[str, str]) -> str:
    given = inherited.get("NO_PROXY") or inherited.get("no_proxy") or ""
    return ",".join(part for part in (given, HOST, "localhost") if part)


def _options(folder: Path, base_url: str, port: int, database: str) -> dict[str, str]:
    options = {
        ("core", "executor"): "LocalExecutor",
        ("core", "parallelism"): str(_WORKERS),  # the default starts 32 workers
        ("core", "dags_folder"): str(DAGS),
        ("core", "load_examples"): "False",
        ("core", "hostname_callable"): "socket.gethostname",  # the default asks the DNS, which may not answer
        # Airflow's audit log keeps what was typed into a form even when the form refuses it, a password for example.
        ("core", "sensitive_var_conn_names"): "lieferung",
        ("core", "simple_auth_manager_users"): f"{LOGIN}:admin,{APPROVER}:user",
        ("core", "simple_auth_manager_passwords_file"): str(password_file(folder)),
        ("database", "sql_alchemy_conn"): database,
        # Airflow would derive asyncpg, which is not installed; psycopg does both.
        ("database", "sql_alchemy_conn_async"): database,
        ("api", "host"): HOST,  # the default listens on every interface
        ("api", "port"): str(port),
        ("api", "base_url"): base_url,  # tasks find the api-server by it; the port alone is not enough
        ("dag_processor", "refresh_interval"): "10",
        # After a kill -9 the tasks of the old scheduler go on this soon; the default leaves them for five minutes.
        ("scheduler", "orphaned_tasks_check_interval"): "30",
        ("logging", "base_log_folder"): str(folder / "logs"),
        ("logging", "colored_console_log"): "False",
    }
    return {f"AIRFLOW__{section}__{name}".upper(): value for (section, name), value in options.items()}


def _secrets(folder: Path) -> dict[str, str]:
    vault = private_folder(folder / "geheim")
    _passwords(password_file(folder))
    return {
        "AIRFLOW__API_AUTH__JWT_SECRET": created_once(vault / "jwt_secret", _random_text),
        "AIRFLOW__API__SECRET_KEY": created_once(vault / "secret_key", _random_text),
        "AIRFLOW__CORE__FERNET_KEY": created_once(vault / "fernet_key", _fernet_key),
    }


def _passwords(path: Path) -> None:
    """Give every account a password that has none yet. Airflow would print what it makes up itself."""
    known = json.loads(created_once(path, lambda: "{}"))
    missing = {login: secrets.token_urlsafe(12) for login in (LOGIN, APPROVER) if login not in known}
    if missing:
        _write_private(path, json.dumps(known | missing))


def password_file(folder: Path) -> Path:
    """Where the logins of the local Airflow are kept."""
    return folder / "geheim" / "anmeldung.json"


def _random_text() -> str:
    return secrets.token_hex(_SECRET_BYTES)


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def private_folder(folder: Path) -> Path:
    """Create a folder that only its owner may enter."""
    files.private_folder(folder)
    folder.chmod(0o700)
    return folder


def created_once(path: Path, content: Callable[[], str]) -> str:
    """Return what ``path`` holds; create it with mode 0600 first if it is not there. A kill leaves no half file."""
    if not path.exists():
        _write_private(path, content())
    return path.read_text(encoding="utf-8")


def _write_private(path: Path, content: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(content)
    temporary.replace(path)
