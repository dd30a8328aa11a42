"""Whether a person can use what a failing step said: what happened, where, and what to do – and no case data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from integration.gegenstellen import KENNWORT
from kanarie import spuren_in_text
from stoerungen.ort import HANGS, Ausgang, Ort

README = Path(__file__).parents[2] / "README.md"
_GERMAN = re.compile(r"\b(der|die|das|dem|den|des|ein|eine|ist|sind|nicht|kein|keine|wurde|im|in|auf|und|zu)\b", re.I)
_PLACE = re.compile(
    r"„[^“]+“|/\S+|\b(Tabelle|Datei|Ordner|Warehouse|Lieferung|Bericht|Empfänger|Server|Archiv|Rechner|PostgreSQL|Datenträger|Airflow)\b"
)
_TRACES = ("Traceback", 'File "', "Error:", "Exception", "Unerwarteter Fehler")


def dokumentiert() -> Mapping[int, str]:
    """Return the exit statuses that the README documents, with their meaning."""
    text = README.read_text(encoding="utf-8").split("### Exit statuses")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([\d, ]+) \| (.+) \|$", text, re.M)
    return {int(number): meaning for numbers, meaning in rows for number in numbers.split(",")}


def maengel(
    ort: Ort,
    ausgang: Ausgang,
    without_status: frozenset[int] = frozenset({1}),
    stumm: frozenset[int] = frozenset({-9}),
    davor: bool = False,
) -> list[str]:
    """Name what is wrong with what a step said that did not end with 0.

    ``without_status``: what explains nothing by itself. Only the local Airflow may end with 1 after explaining itself.
    ``stumm``: signals that leave no time to say anything. ``davor``: a library below Python may write before us.
    """
    text = ausgang.text
    problems = [f"Spur von Falldaten: {spur}" for spur in spuren_in_text(text)]
    problems += ["Kennwort im Text"] if KENNWORT in text or _password(ort) in text else []
    if ausgang.status == 0 or ausgang.status in stumm:
        return problems
    if ausgang.status in {*without_status, HANGS} or ausgang.status not in dokumentiert():
        problems.append(f"Status {ausgang.status} erklärt nichts")
    problems += [f"„{trace}“ im Text" for trace in _TRACES if trace in text]
    if not davor and not lesbar(ort, text).startswith(("Fehler:", "Unerwarteter Fehler", "Airflow", "Die Datenbank")):
        problems.append(f"vor der Meldung steht etwas anderes: {lesbar(ort, text).splitlines()[:1]}")
    what, arrow, hint = text.partition("→")
    sentence = what.partition("Fehler:")[2].strip()
    if not re.search(r"\w[.:!)“]", sentence) or not _GERMAN.search(sentence):
        problems.append("kein deutscher Satz, was geschehen ist")
    if not _PLACE.search(sentence):
        problems.append("nicht gesagt, wo")
    if not arrow or len(hint.split()) < 3 or not _GERMAN.search(hint):
        problems.append("nicht gesagt, was zu tun ist")
    return problems


def _password(ort: Ort) -> str:
    return ort.server.split("://")[1].split("@")[0].partition(":")[2]


def lesbar(ort: Ort, text: str) -> str:
    """Return what was said without what differs from run to run: paths, ports, random names."""
    text = text.replace(str(ort.wurzel), "…")
    text = re.sub(r"127\.0\.0\.1:\d+|localhost:\d+", lambda found: found[0].partition(":")[0] + ":PORT", text)
    # A panic of Rust names the machine that built the library.
    text = re.sub(r"thread '<unnamed>' \(\d+\)", "thread '<unnamed>'", text)
    text = re.sub(r"/\S+/([\w.-]+/src/\S+\.rs:\d+)", r"…/\1", text)
    text = re.sub(r"\.staging-[0-9a-f]{32}", ".staging-…", text)
    text = re.sub(r"(jobcenter-\w*?-?)[a-z0-9_]{8}\b", r"\1…", text)
    lines = [line.rstrip() for line in text.splitlines() if line.strip() and "is deprecated" not in line]
    return "\n".join(lines)
