"""Processes that run mutations, and the watchdog over them: what hangs or crashes is a defect, not the end of all."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

import yaml

from mutationen.grundlage import Grundlage
from mutationen.lauf import Auftrag, Ausgang, ausfuehren
from mutationen.operatoren import OPERATOREN

FRIST = 180
"""Seconds after which a mutation counts as hanging. A healthy one takes about five on a busy machine."""
_SPEICHER = 4 * 2**30
"""Bytes of memory a mutation may ask for."""
_SPAWN = multiprocessing.get_context("spawn")


def _arbeite(leitung: Connection, grundlage: Grundlage) -> None:
    # The rules of validation are read three times per delivery: the parser in C says the same in a tenth of the time.
    yaml.safe_load = lambda stream: yaml.load(stream, Loader=yaml.CSafeLoader)
    resource.setrlimit(resource.RLIMIT_DATA, (_SPEICHER, _SPEICHER))
    try:
        while (auftrag := leitung.recv()) is not None:
            leitung.send(ausfuehren(auftrag, grundlage))
    except EOFError:
        return  # nobody asks any more


@dataclass
class _Arbeiter:
    prozess: SpawnProcess
    leitung: Connection
    auftrag: Auftrag | None = None
    bis: float = 0.0


def _neuer(grundlage: Grundlage) -> _Arbeiter:
    unsere, seine = _SPAWN.Pipe()
    prozess = _SPAWN.Process(target=_arbeite, args=(seine, grundlage), daemon=True)
    prozess.start()
    seine.close()
    return _Arbeiter(prozess, unsere)


def alle(auftraege: Sequence[Auftrag], grundlage: Grundlage, prozesse: int = 2) -> Iterator[Ausgang]:
    """Run every mutation; yield what came of it as it comes."""
    offen = list(reversed(auftraege))
    arbeiter = [_neuer(grundlage) for _ in range(min(prozesse, len(auftraege)))]
    while offen or any(einer.auftrag for einer in arbeiter):
        for stelle, einer in enumerate(arbeiter):
            if einer.auftrag is None and offen:
                einer.auftrag, einer.bis = offen.pop(), time.monotonic() + FRIST
                einer.leitung.send(einer.auftrag)
            elif einer.auftrag is not None and time.monotonic() > einer.bis:
                einer.prozess.kill()
                yield _verunglueckt(einer.auftrag, f"hängt länger als {FRIST} Sekunden")
                arbeiter[stelle] = _neuer(grundlage)
        bereit = wait([einer.leitung for einer in arbeiter if einer.auftrag], timeout=1)
        for stelle, einer in enumerate(arbeiter):
            if einer.leitung in bereit and einer.auftrag is not None:
                auftrag, einer.auftrag = einer.auftrag, None
                try:
                    yield einer.leitung.recv()
                except EOFError:
                    einer.prozess.join()
                    yield _verunglueckt(auftrag, f"Absturz des Prozesses (Ende {einer.prozess.exitcode})")
                    arbeiter[stelle] = _neuer(grundlage)
    for einer in arbeiter:
        einer.leitung.send(None)
        einer.prozess.join()


def _verunglueckt(auftrag: Auftrag, mangel: str) -> Ausgang:
    operator = OPERATOREN[auftrag.operator]
    return Ausgang(
        auftrag.nummer, operator.gruppe, operator.name, auftrag.form, "", "Mangel", status=1, maengel=(mangel,)
    )
