"""The chart values stay in step with the compose file: same image, same settings, same secrets, no less hardened."""

from __future__ import annotations

import re
from typing import Any

import yaml

from container.test_compose import SERVICES
from etl.betrieb.erststart import SERVICE_USER
from etl.resources import ROOT

VALUES: dict[str, Any] = yaml.safe_load((ROOT / "etl/betrieb/kubernetes/values.yaml").read_text(encoding="utf-8"))
PODS = {
    name: VALUES[name] for name in ("migrateDatabaseJob", "apiServer", "scheduler", "dagProcessor", "triggerer")
} | {"worker": VALUES["workers"]["celery"]}
SERVICE_OF = {"migrateDatabaseJob": "migration", "apiServer": "api-server", "dagProcessor": "dag-processor"}

# Where a cluster must differ from one host, and why it is no drift.
ONLY_COMPOSE = {"JOBCENTER_EMPFAENGER", "JOBCENTER_IMPRESSUM", "NO_PROXY"}  # empty by default; no proxy in a pod
ONLY_CHART = {
    "AIRFLOW__CORE__DAGS_FOLDER",  # the chart writes a configuration file of its own; in the image it is set
    "AIRFLOW__LOGGING__BASE_LOG_FOLDER",
    "JOBCENTER_HOME",
}
OTHER_VALUE = {
    "AIRFLOW__CORE__EXECUTOR",  # distributed is the only way there
    "AIRFLOW__CORE__EXECUTION_API_SERVER_URL",  # the chart names the service
    "AIRFLOW__CORE__PARALLELISM",
    "JOBCENTER_QUELLEN",
}


def test_image_and_user_are_those_of_the_compose_file() -> None:
    image = f"{VALUES['defaultAirflowRepository']}:{VALUES['defaultAirflowTag']}"
    assert _default(SERVICES["worker"]["image"]) == image
    assert (VALUES["uid"], VALUES["gid"]) == (SERVICE_USER, SERVICE_USER)
    assert VALUES["securityContexts"]["containers"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_settings_are_those_of_the_compose_file() -> None:
    ours = {name: _default(str(value)) for name, value in SERVICES["scheduler"]["environment"].items()}
    theirs = {entry["name"]: str(entry["value"]) for entry in [*VALUES["env"], *PODS["scheduler"]["env"]]}
    assert ours.keys() - theirs.keys() == ONLY_COMPOSE
    assert theirs.keys() - ours.keys() == ONLY_CHART
    different = {name for name in ours.keys() & theirs.keys() if ours[name] != theirs[name]}
    assert different == OTHER_VALUE


def test_a_worker_overrides_the_same_as_in_the_compose_file() -> None:
    overridden = {entry["name"]: entry["value"] for entry in PODS["worker"]["env"]}
    ours = SERVICES["worker"]["environment"]
    assert overridden == {
        name: value for name, value in ours.items() if value != SERVICES["scheduler"]["environment"].get(name)
    }
    assert SERVICES["scheduler"]["environment"].keys() - ours.keys() == {
        entry["name"] for entry in PODS["scheduler"]["env"]
    }


def test_every_pod_runs_what_its_service_runs_within_limits() -> None:
    for name, pod in PODS.items():
        assert pod["args"] == SERVICES[SERVICE_OF.get(name, name)]["command"]
        if name != "migrateDatabaseJob":
            assert {"cpu", "memory"} <= pod["resources"]["limits"].keys()


def test_a_pod_sees_the_secrets_of_its_work_only() -> None:
    seen = {
        name: {source["secret"]["name"] for volume in pod["extraVolumes"] for source in _sources(volume)}
        for name, pod in PODS.items()
    }
    assert {name for name, secrets in seen.items() if "jobcenter-warehouse-besitzer" in secrets} == {
        "migrateDatabaseJob"
    }
    assert {name for name, secrets in seen.items() if "jobcenter-warehouse-lauf" in secrets} == {"worker"}
    assert {name for name, secrets in seen.items() if "jobcenter-ausweise" in secrets} == {"apiServer", "scheduler"}
    assert "jobcenter-airflow" not in seen["worker"], "it holds the login to Airflow's database"
    assert not any(VALUES["enableBuiltInSecretEnvVars"].values())


def test_nothing_of_the_chart_brings_another_image_or_a_password() -> None:
    for part in ("postgresql", "redis", "pgbouncer", "flower", "statsd", "createUserJob"):
        assert VALUES[part] == {"enabled": False}
    assert "password" not in yaml.safe_dump(VALUES).lower()


def _sources(volume: dict[str, Any]) -> list[dict[str, Any]]:
    return list(volume.get("projected", {}).get("sources", []))


def _default(text: str) -> str:
    """Return what a text of the compose file is where nobody sets its variables."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)
