"""The report that is kept: per operator what became of its mutations, and every defect; Markdown and JSON."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from mutationen.lauf import Ausgang, als_json

_SCHRITTE = {"extract": "beim Einlesen", "validate": "beim Prüfen", "figures": "beim Berechnen", "load": "beim Laden"}
_KOPF = (
    "| Operator | Mutationen | abgelehnt beim Einlesen | beim Prüfen | beim Berechnen | beim Laden | gleich "
    "| gültige Änderung | Mängel |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
)


def schreibe(ordner: Path, ausgaenge: Sequence[Ausgang], seed: int, geplant: int) -> None:
    """Write ``bericht.md`` and ``bericht.json``; ``geplant``: how many mutations there will be at the end."""
    herkunft = {
        "seed": seed,
        "geplant": geplant,
        "mutationen": len(ausgaenge),
        "stand": _stand(),
        "rechner": _rechner(),
    }
    inhalt = {**herkunft, "ausgaenge": [als_json(ausgang) for ausgang in ausgaenge]}
    ordner.mkdir(parents=True, exist_ok=True)
    (ordner / "bericht.json").write_text(json.dumps(inhalt, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (ordner / "bericht.md").write_text("\n".join(_zeilen(ausgaenge, seed, geplant)) + "\n", encoding="utf-8")


def _stand() -> str:
    befehl = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    gefunden = subprocess.run(befehl, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    return gefunden.stdout.strip() or "unbekannt"


def _rechner() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} Kerne, Python {platform.python_version()}"


def _zeilen(ausgaenge: Sequence[Ausgang], seed: int, geplant: int) -> Iterator[str]:
    klassen = Counter(ausgang.klasse for ausgang in ausgaenge)
    yield "# Kaputte Lieferungen: was aus jeder geworden ist"
    yield ""
    yield f"Geschrieben von `tests/mutationen/lieferungen.py --anzahl {geplant} --seed {seed}`,"
    yield f"Stand {_stand()}, {_rechner()}. Jede Mutation mit ihrer Meldung: `bericht.json`."
    yield ""
    if len(ausgaenge) < geplant:
        yield f"Unvollständig: {len(ausgaenge)} von {geplant} Mutationen."
        yield ""
    yield f"**{len(ausgaenge)} Mutationen, {klassen['Mangel']} Mängel**: {klassen['abgelehnt']} mit Ort abgelehnt,"
    yield f"{klassen['gleich']} mit denselben Zahlen wie die gesunde Lieferung, {klassen['gültige Änderung']} gültige"
    yield "Änderungen mit den Zahlen, die die unabhängige Referenz aus der geänderten Lieferung errechnet."
    yield ""
    yield from _lesehilfe()
    yield from _meldungen(ausgaenge)
    for gruppe in dict.fromkeys(ausgang.gruppe for ausgang in ausgaenge):
        yield from _gruppe(gruppe, [ausgang for ausgang in ausgaenge if ausgang.gruppe == gruppe])
    yield from _maengel(ausgaenge)


def _lesehilfe() -> Iterator[str]:
    yield "* *abgelehnt*: mit einem Ausgang nach README (2, 3, 4, 6, 7) und einer Meldung mit Ort; danach ist im"
    yield "  Warehouse keine Zahl mehr als zuvor, nichts Halbes oder Temporäres übrig, die Lieferung unverändert."
    yield "* *gleich*: dieselben Zeilen wie die gesunde Lieferung; Archiv und jede Zelle sind dieselben."
    yield "* *gültige Änderung*: die Lieferung sagt etwas anderes und hält den Vertrag. Eine zweite, unabhängige Lesung"
    yield "  sagt, was sie sagt; das Archiv hält genau das, und jede Zelle ist die der Referenz (`tests/reference`)."
    yield "* *strenger*: die zweite Lesung hält die Lieferung für vertragsgemäß, das Programm lehnt sie aus einem Grund"
    yield "  ab, den der Operator nennt (etwa Steuerzeichen oder zu lange Texte)."
    yield ""


def _meldungen(ausgaenge: Sequence[Ausgang]) -> Iterator[str]:
    yield "| Ausgang | Schritt | Mutationen | davon strenger |"
    yield "|--:|---|--:|--:|"
    abgelehnt = [ausgang for ausgang in ausgaenge if ausgang.klasse == "abgelehnt"]
    gezaehlt = Counter((ausgang.status, ausgang.schritt) for ausgang in abgelehnt)
    for (status, schritt), anzahl in sorted(gezaehlt.items()):
        strenger = sum(a.strenger for a in abgelehnt if (a.status, a.schritt) == (status, schritt))
        yield f"| {status} | {_SCHRITTE[schritt]} | {anzahl} | {strenger} |"
    yield ""


def _gruppe(gruppe: str, ausgaenge: Sequence[Ausgang]) -> Iterator[str]:
    yield f"## {gruppe}"
    yield ""
    yield from _KOPF
    for name in sorted({ausgang.operator for ausgang in ausgaenge}):
        eigene = [ausgang for ausgang in ausgaenge if ausgang.operator == name]
        klassen = Counter(ausgang.klasse for ausgang in eigene)
        schritte = Counter(ausgang.schritt for ausgang in eigene if ausgang.klasse == "abgelehnt")
        zahlen = [
            len(eigene),
            *(schritte[schritt] for schritt in _SCHRITTE),
            klassen["gleich"],
            klassen["gültige Änderung"],
            klassen["Mangel"],
        ]
        yield f"| {name} | {' | '.join(str(zahl) if zahl else '-' for zahl in zahlen)} |"
    yield ""


def _maengel(ausgaenge: Sequence[Ausgang]) -> Iterator[str]:
    kaputt = [ausgang for ausgang in ausgaenge if ausgang.maengel]
    if kaputt:
        yield "## Mängel"
        yield ""
    for ausgang in kaputt:
        yield f"* {ausgang.nummer}, {ausgang.gruppe}: {ausgang.operator} [{ausgang.form}], {ausgang.was}: "
        yield f"  {'; '.join(ausgang.maengel)}"
