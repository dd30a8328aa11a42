"""The report of the proof: what was observed, on which machine and commit. German."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path


def write(steps: Sequence[dict[str, object]], folder: Path, persons: int) -> None:
    """Write ``bericht.md`` and ``bericht.json``."""
    environment = _environment() | {"personen je Träger": persons}
    told = {"umgebung": environment, "schritte": list(steps)}
    (folder / "bericht.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    good = all(step["gut"] for step in steps)
    lines = [
        "# Beweis: der Stapel in Containern",
        "",
        "Geschrieben von `python tests/container/beweis.py`; alle Daten sind erfunden.",
        "",
        *[f"* {name}: {value}" for name, value in environment.items()],
        "",
        f"Ergebnis: **{'alles bewiesen' if good else 'NICHT bewiesen'}**",
        "",
        "| | Schritt | Ergebnis |",
        "|---|---|---|",
        *[f"| {'✓' if step['gut'] else '✗'} | {step['schritt']} | {_cell(step['ergebnis'])} |" for step in steps],
        "",
    ]
    (folder / "bericht.md").write_text("\n".join(lines), encoding="utf-8")


def _cell(result: object) -> str:
    if isinstance(result, dict):
        return ", ".join(f"{name}: {value}" for name, value in result.items())
    if isinstance(result, list):
        return "<br>".join(str(one) for one in result).replace("|", " · ")
    return str(result).replace("|", "\\|").replace("\n", "<br>")


def _environment() -> dict[str, object]:
    commit = subprocess.run(("git", "describe", "--always", "--dirty"), check=False, capture_output=True, text=True)
    podman = subprocess.run(("podman", "--version"), check=False, capture_output=True, text=True)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "commit": commit.stdout.strip() or "unbekannt",
        "maschine": f"{platform.system()} {platform.release()}, {os.cpu_count()} Kerne, {memory:.0f} GiB",
        "engine": podman.stdout.strip(),
    }
