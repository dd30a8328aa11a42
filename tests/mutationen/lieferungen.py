"""A thousand spoiled deliveries on their way to the warehouse: each is rejected with its place, or counted rightly.

    uv run python tests/mutationen/lieferungen.py [--anzahl 1000] [--seed 1] [--nur TEXT] [-o ORDNER]

Sound deliveries of a small synthetic job centre (folder with CSV, folder with Parquet, zip) are spoiled, one named way
at a time, and go through extract, validate, figures and load. A defect is: a stack trace, exit status 1, a hang, a
crash, a rejection without a place, a value of the delivery in a message or log, anything half done or left over, a
delivery that breaks the contract and is taken, one that keeps it and is refused without need, a figure that differs
from the independent reference. The report lies beside this file; the exit status is 1 when there is a defect.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # as pytest does

from etl.warehouse.embedded import running
from mutationen import bericht
from mutationen.arbeiter import alle
from mutationen.grundlage import bereite
from mutationen.lauf import Auftrag, Ausgang
from mutationen.operatoren import OPERATOREN

_SELTEN = 2


def auftraege(anzahl: int, seed: int, nur: str | None = None) -> list[Auftrag]:
    """Go through the operators round by round; the same numbers give the same mutations, however many there are."""
    gewaehlt = [i for i, o in enumerate(OPERATOREN) if nur is None or nur in f"{o.gruppe}: {o.name}"]
    gefunden: list[Auftrag] = []
    runde = 0
    while len(gefunden) < anzahl and gewaehlt:
        for i in gewaehlt:
            zufall = f"{seed}/{OPERATOREN[i].gruppe}/{OPERATOREN[i].name}/{runde}"
            formen = OPERATOREN[i].formen
            form = formen[(runde + len(OPERATOREN[i].name)) % len(formen)]
            gefunden.append(Auftrag(len(gefunden) + 1, i, form, zufall))
        runde += 1
        if runde == _SELTEN:
            gewaehlt = [i for i in gewaehlt if not OPERATOREN[i].selten]
    return gefunden[:anzahl]


def laufe(
    plan: Sequence[Auftrag], prozesse: int = 2, zwischendurch: Callable[[list[Ausgang]], None] | None = None
) -> list[Ausgang]:
    """Run a plan; say what happens on standard error, and every fifty mutations what came of all so far."""
    gefunden: list[Ausgang] = []
    with tempfile.TemporaryDirectory(prefix="mutationen-") as ordner, running(Path(ordner) / "server") as server:
        (Path(ordner) / "arbeit").mkdir()
        grundlage = bereite(Path(ordner) / "arbeit", server)
        for ausgang in alle(plan, grundlage, prozesse):
            gefunden.append(ausgang)
            wohin = f"{ausgang.schritt} {ausgang.status}" if ausgang.status else ""
            was = f"{ausgang.gruppe}: {ausgang.operator} [{ausgang.form}] {ausgang.was}"
            print(f"{len(gefunden)}/{len(plan)} {ausgang.klasse} {wohin} – {was}", file=sys.stderr, flush=True)
            for mangel in ausgang.maengel:
                print(f"    MANGEL {mangel}", file=sys.stderr, flush=True)
            if zwischendurch and len(gefunden) % 50 == 0:
                zwischendurch(sorted(gefunden, key=lambda ausgang: ausgang.nummer))
    return sorted(gefunden, key=lambda ausgang: ausgang.nummer)


def main() -> int:
    """Run, write the report, say how many defects there are."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server and the folder are put away
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--anzahl", type=int, default=1000, help="how many mutations (default 1000)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same mutations")
    parser.add_argument("--nur", help="only operators whose name contains this text; no report is written then")
    parser.add_argument("-o", type=Path, default=Path(__file__).parent, help="folder of the report")
    parser.add_argument("--prozesse", type=int, default=2)
    arguments = parser.parse_args()
    plan = auftraege(arguments.anzahl, arguments.seed, arguments.nur)

    def schreibe(ausgaenge: list[Ausgang]) -> None:
        if arguments.nur is None:
            bericht.schreibe(arguments.o, ausgaenge, arguments.seed, len(plan))

    ausgaenge = laufe(plan, arguments.prozesse, schreibe)
    schreibe(ausgaenge)
    maengel = sum(ausgang.klasse == "Mangel" for ausgang in ausgaenge)
    print(f"{len(ausgaenge)} Mutationen, {maengel} Mängel")
    return 1 if maengel else 0


if __name__ == "__main__":
    raise SystemExit(main())
