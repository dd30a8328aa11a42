"""The report of the matrix: a table of steps and faults with counts, below it what each cell was told. German."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from stoerungen.schritt import SCHRITTE
from stoerungen.vergleich import Zaehler
from stoerungen.zellen import STOERUNGEN, Probe, Zelle

NAMEN = {
    "extract": "Lieferung einlesen",
    "validate": "Lieferung prüfen",
    "figures": "Zahlen berechnen",
    "load": "Zahlen laden",
    "report": "Berichte schreiben",
    "release": "Prüfen und freigeben",
    "deliver": "Zustellen",
}


def zeile(zelle: Zelle) -> str:
    """Say in one line what a cell gave."""
    name = f"{zelle.schritt}/{zelle.stoerung}"
    if zelle.entfaellt:
        return f"{name}: entfällt"
    if zelle.fehlt:
        return f"{name}: NICHT AUSGEFÜHRT – {zelle.fehlt}"
    return f"{name}: {len(zelle.proben)} Proben, {len(zelle.maengel)} Mängel"


def renew(zellen: Sequence[Zelle], folder: Path) -> None:
    """Renew these cells in ``bericht.md`` and ``bericht.json``; each keeps the commit that it was run with."""
    folder.mkdir(parents=True, exist_ok=True)
    commit = umgebung()["commit"]
    known = {(one.schritt, one.stoerung): one for one in _kept(folder / "bericht.json")}
    known |= {(one.schritt, one.stoerung): replace(one, commit=one.commit or commit) for one in zellen}
    order = [(schritt, stoerung.name) for schritt in SCHRITTE for stoerung in STOERUNGEN]
    every = [known[key] for key in order if key in known]
    (folder / "bericht.md").write_text(markdown(every), encoding="utf-8")
    said = [{**asdict(one), "maengel": one.maengel} for one in every]
    text = json.dumps({"umgebung": umgebung(), "zellen": said}, ensure_ascii=False, indent=1)
    (folder / "bericht.json").write_text(f"{text}\n", encoding="utf-8")


def _kept(path: Path) -> list[Zelle]:
    """Return the cells of a report that was written before."""
    if not path.exists():
        return []
    return [_cell(said) for said in json.loads(path.read_text(encoding="utf-8"))["zellen"]]


def _cell(said: dict[str, Any]) -> Zelle:
    probes = tuple(
        Probe(**{**one, "zaehler": Zaehler(**one["zaehler"]), "maengel": tuple(one["maengel"])})
        for one in said["proben"]
    )
    return Zelle(**{**{name: said[name] for name in said if name != "maengel"}, "proben": probes})


def umgebung() -> dict[str, str]:
    """Name the machine and the commit."""
    command = ("git", "describe", "--always", "--dirty", "--abbrev=12")
    commit = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "commit": commit.stdout.strip() or "unbekannt",
        "maschine": f"{platform.system()} {platform.release()}, {os.cpu_count()} Kerne, {memory:.0f} GiB",
        "python": platform.python_version(),
    }


def markdown(zellen: Sequence[Zelle]) -> str:
    """Return the report as Markdown."""
    probes = [probe for one in zellen for probe in one.proben]
    about = umgebung()
    lines = [
        "# Störungsmatrix",
        "",
        "Jeder Schritt des Monatsberichts trifft auf jede Störung. Danach wird er ohne die Störung wiederholt, und "
        "home, Empfänger und Warehouse werden vollständig mit einem ungestörten Lauf verglichen. Erzeugt von "
        "`uv run python tests/stoerungen/matrix.py`; was die Störungen genau sind, steht in `zellen.py`.",
        "",
        f"Commit {', '.join(dict.fromkeys(one.commit for one in zellen))} · {about['maschine']} · Python "
        f"{about['python']}",
        "",
        *_summary(zellen, probes),
        "",
        "## Schritte und Störungen",
        "",
        "Anzahl der Proben (Störung in einem Moment), davon mit Mangel; „entfällt“: diese Zelle kann es nicht geben; "
        "„nicht ausgeführt“: der Maschine fehlte etwas, es ist nichts bewiesen.",
        "",
        *_table(zellen),
        "",
        "## Was nicht vorkommen kann",
        "",
        *[f"* {NAMEN[one.schritt]} × {_titel(one)}: {one.entfaellt}" for one in zellen if one.entfaellt],
        "",
        "## Proben und Meldungen",
        *[line for one in zellen if one.proben or one.fehlt for line in _details(one)],
        "",
    ]
    return "\n".join(lines)


def _summary(zellen: Sequence[Zelle], probes: Sequence[Probe]) -> list[str]:
    wrong = sum(len(one.maengel) for one in zellen)
    counted = {part.name: sum(getattr(probe.zaehler, part.name) for probe in probes) for part in fields(Zaehler)}
    done, absent, not_run = (
        sum(bool(getattr(one, name)) for one in zellen) for name in ("proben", "entfaellt", "fehlt")
    )
    return [
        "| gezählt über alle Proben, nach der Wiederholung | |",
        "|---|--:|",
        f"| Zellen ausgeführt, entfallen, nicht ausgeführt | {done}, {absent}, {not_run} |",
        f"| Proben, davon mit gestörtem Ende | {len(probes)}, {sum(probe.scheitert for probe in probes)} |",
        f"| Mängel | {wrong} |",
        f"| verlorene Zahlen | {counted['verlorene_zahlen']} |",
        f"| doppelte Zahlen | {counted['doppelte_zahlen']} |",
        f"| halb geschriebene Dateien (gleich nach der Störung) | {counted['halbe_dateien']} |",
        f"| Dateien mit anderem Inhalt | {counted['andere_dateien']} |",
        f"| Reste (vorläufige Namen, Sperren) | {counted['reste']} |",
        f"| Ladungen, Freigaben, Quittungen zu viel oder zu wenig | {counted['ladungen']}, {counted['freigaben']}, "
        f"{counted['quittungen']} |",
    ]


def _table(zellen: Sequence[Zelle]) -> list[str]:
    known = {(one.schritt, one.stoerung): one for one in zellen}
    steps = [schritt for schritt in SCHRITTE if any(one.schritt == schritt for one in zellen)]
    lines = [f"| Störung | {' | '.join(NAMEN[schritt] for schritt in steps)} |", f"|---|{'--:|' * len(steps)}"]
    for stoerung in STOERUNGEN:
        row = [known.get((schritt, stoerung.name)) for schritt in steps]
        if any(row):
            lines.append(f"| {stoerung.titel} | {' | '.join(_short(one) for one in row)} |")
    return lines


def _short(zelle: Zelle | None) -> str:
    if zelle is None:
        return ""
    if zelle.entfaellt or zelle.fehlt:
        return "entfällt" if zelle.entfaellt else "**nicht ausgeführt**"
    return f"{len(zelle.proben)} / {f'**{len(zelle.maengel)}**' if zelle.maengel else '0'}"


def _titel(zelle: Zelle) -> str:
    return next(stoerung.titel for stoerung in STOERUNGEN if stoerung.name == zelle.stoerung)


def _details(zelle: Zelle) -> list[str]:
    lines = ["", f"### {NAMEN[zelle.schritt]} × {_titel(zelle)}", ""]
    if zelle.fehlt:
        return [*lines, f"Nicht ausgeführt: {zelle.fehlt}"]
    for probe in zelle.proben:
        lines += [f"* {probe.moment} – {_ended(probe)}"]
        if probe.scheitert and probe.text:
            lines += ["", *[f"      {line}" for line in probe.text.splitlines()], ""]
    return [*lines, *[f"* **Mangel**: {problem}" for problem in zelle.maengel]]


def _ended(probe: Probe) -> str:
    if probe.status == 0:
        return "der Schritt gelang trotzdem"
    return f"der Prozess starb (Signal {-probe.status})" if probe.status < 0 else f"Status {probe.status}"
