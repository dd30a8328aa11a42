"""What the compose file promises, read from the file: hardening, limits, health, secrets, pinned images, networks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from etl.betrieb.erststart import PASSWORDS, SERVICE_USER, create
from etl.betrieb.rollen import read
from etl.resources import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
BETRIEB = ROOT / "etl" / "betrieb"
ONE_SHOT = {"migration"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_hardened_limited_and_watched(name: str) -> None:
    service = SERVICES[name]
    assert service["user"] == f"{SERVICE_USER}:{SERVICE_USER}"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(service[limit] for limit in ("mem_limit", "cpus", "pids_limit"))
    assert service["tmpfs"], "a read-only root needs a place for what lives as long as the process"
    assert re.fullmatch(r"\$\{JOBCENTER_[A-Z]+:-localhost/jobcenter/[a-z]+:[0-9.]+\}", service["image"])
    assert (service["healthcheck"]["test"] == ["NONE"]) is (name in ONE_SHOT)
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & service.keys()


def test_no_secret_stands_in_the_environment() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"_KEY|SECRET|PASSW|KENNWORT|ALCHEMY_CONN|BROKER_URL|RESULT_BACKEND", variable):
                assert re.match(r"cat /run/secrets/\w+$|echo$|echo sqlite", str(value)), f"{name}: {variable}"
            assert not re.search(r"://[^/]*@", str(value)), f"{name}: {variable} is an address with a password"


def test_every_secret_is_made_at_the_first_start_and_goes_only_where_it_is_used(tmp_path: Path) -> None:
    create(tmp_path)
    given = {name: _secrets(service) for name, service in SERVICES.items()}
    assert set(COMPOSE["secrets"]) == set().union(*given.values())
    assert set(COMPOSE["secrets"]) <= {path.name for path in tmp_path.iterdir()}
    assert {name for name, secrets in given.items() if "warehouse_besitzer" in secrets} == {"migration"}
    assert {name for name, secrets in given.items() if "warehouse_lauf" in secrets} == {"scheduler", "worker"}
    assert {name for name, secrets in given.items() if "kennwort_postgres" in secrets} == {"datenbank"}
    assert {name for name, secrets in given.items() if "airflow_jwt_secret" in secrets} == {"api-server", "scheduler"}
    assert given["worker"] == {"ca_zertifikat", "airflow_broker", "warehouse_lauf"}, "nothing of Airflow's own"
    assert not any("ca_schluessel" in secrets for secrets in given.values())
    for service in SERVICES.values():
        for command in service.get("environment", {}).values():
            if match := re.match(r"cat /run/secrets/(\w+)$", str(command)):
                assert match[1] in _secrets(service)


def test_only_the_api_server_is_published_and_on_loopback() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"api-server": ["${JOBCENTER_PORT:-127.0.0.1:8080}:8080"]}
    assert COMPOSE["networks"]["intern"] == {"internal": True}
    for name in ("datenbank", "broker", "dag-processor", "migration"):
        assert SERVICES[name]["networks"] == ["intern"]


def test_the_first_start_makes_private_files_once_and_addresses_that_verify_the_server(tmp_path: Path) -> None:
    folder = tmp_path / "geheimnisse"
    assert create(folder)
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert len({first[f"kennwort_{name}"] for name in PASSWORDS}) == len(PASSWORDS)
    for name in ("warehouse_besitzer", "warehouse_lauf", "warehouse_lesend", "airflow_datenbank"):
        assert b"?sslmode=verify-full&sslrootcert=/run/secrets/ca_zertifikat" in first[name]
    assert create(folder) == []
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first
    (folder / "kennwort_lauf").unlink()
    assert create(folder) == ["kennwort_lauf"]


def test_roles_separate_running_from_approving_and_nobody_deletes() -> None:
    roles = read(BETRIEB / "airflow" / "rollen.json")
    assert set(roles) == {"Revision", "Controlling", "Technik"}
    assert not any(action == "can_delete" for granted in roles.values() for action, _ in granted)
    assert ("can_edit", "HITL Detail") in roles["Controlling"]
    assert ("can_create", "DAG Runs") not in roles["Controlling"]
    assert ("can_create", "DAG Runs") in roles["Technik"]
    assert ("can_edit", "HITL Detail") not in roles["Technik"]
    assert {action for action, resource in roles["Revision"] if not resource.startswith("My ")} == {
        "can_read",
        "menu_access",
    }
    for resource in ("Connections", "Variables", "Users", "Roles"):
        assert not any(resource == named for granted in roles.values() for _, named in granted)


def test_the_build_context_holds_nothing_of_a_checkout_but_the_program() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule for rule in rules if rule.startswith("!")} == {
        f"!{name}"
        for name in ("pyproject.toml", "uv.lock", "README.md", "LICENSE", "etl", "sql", "expectations", "dags")
    }


def _secrets(service: dict[str, Any]) -> set[str]:
    return {secret if isinstance(secret, str) else secret["source"] for secret in service.get("secrets", [])}
