"""Roles of Airflow exactly as a file says: ``python -m etl.betrieb.rollen FILE``.

``airflow roles import`` leaves a role alone that exists already; after an upgrade it would keep the old permissions.
This adds what is missing and takes away what is not in the file, so that the file is what an auditor has to read.
Built-in roles and roles that the file does not name are not touched. The form is that of ``airflow roles export``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

Permissions = Mapping[str, frozenset[tuple[str, str]]]
"""By role: pairs of action and resource."""


def read(path: Path) -> Permissions:
    """Read a file of roles: a JSON list of ``{"name", "resource", "action"}``, actions separated by commas."""
    roles: dict[str, set[tuple[str, str]]] = {}
    for entry in json.loads(path.read_text(encoding="utf-8")):
        granted = roles.setdefault(entry["name"], set())
        granted.update((action, entry["resource"]) for action in entry["action"].split(","))
    return {name: frozenset(granted) for name, granted in roles.items()}


def apply(roles: Permissions) -> list[str]:
    """Bring the roles of the configured Airflow to ``roles``; return what was changed, one line each."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder  # noqa: PLC0415

    changes: list[str] = []
    with get_application_builder() as builder:
        manager = builder.sm
        # Airflow's own roles and resources first: our file names them.
        manager.sync_roles()
        for name, wanted in sorted(roles.items()):
            role = manager.find_role(name) or manager.add_role(name)
            present = {
                (permission.action.name, permission.resource.name): permission for permission in role.permissions
            }
            for action, resource in sorted(wanted - present.keys()):
                if manager.get_action(action) is None or manager.get_resource(resource) is None:
                    raise SystemExit(f"Rolle {name}: Airflow kennt das Recht „{action} on {resource}“ nicht.")
                manager.add_permission_to_role(role, manager.create_permission(action, resource))
                changes.append(f"+ {name}: {action} on {resource}")
            for action, resource in sorted(present.keys() - wanted):
                manager.remove_permission_from_role(role, present[action, resource])
                changes.append(f"- {name}: {action} on {resource}")
    return changes


def main() -> int:
    """Entry point; returns the exit status."""
    if len(sys.argv) != 2:
        print("Aufruf: python -m etl.betrieb.rollen DATEI", file=sys.stderr)
        return 2
    roles = read(Path(sys.argv[1]))
    for line in apply(roles) or [f"Rollen unverändert: {', '.join(sorted(roles))}"]:
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
