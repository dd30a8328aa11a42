"""One step of the monthly report in a process of its own, called as a task of the DAG calls it.

``schritt.py STEP`` runs one. ``schritt.py`` alone imports everything once and then forks a process for each line of its
standard input, a JSON object ``{"step", "said", "environment"}``: a matrix of some hundred processes would else spend
its time on imports. What a process says goes to the file ``said``; beside it ``.pid`` and, at its end, ``.status`` tell
who it is and how it ended (negative: by which signal), as it does in Airflow's LocalExecutor, which forks too.

Settings come from the environment. The process counts its effects – files it opens, makes, renames or removes below
the place of the matrix, statements it sends to the database, connections it opens – so that a fault can be put at
an exact moment of a step instead of after some seconds:

``STOERUNG_HALT``
    ``7:KILL`` or ``7:STOP``: the process sends itself this signal just before its seventh effect. After STOP the matrix
    brings about the fault and lets the process go on.
``STOERUNG_PROTOKOLL``
    File to which every effect is written, one per line: how the matrix knows the moments there are.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import psycopg

from etl.cli import explained
from etl.monat import Monat
from etl.resources import SQL
from etl.settings import Settings

ERSTELLER, PRUEFER, ZUSTELLER = "A. Eins", "B. Zwei", "D. Vier"
SCHRITTE = ("extract", "validate", "figures", "load", "report", "release", "deliver")
"""The steps in their order; ``release`` is approving and releasing, as the DAG does them in one task."""

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES = {"os.rename": "umbenennen", "os.mkdir": "Ordner anlegen", "os.remove": "löschen", "os.link": "verknüpfen"}


class _Effects:
    """Counts effects; stops or kills the process at one of them."""

    def __init__(self, place: str) -> None:
        self._place, self._sql, self._done = place, str(SQL), 0
        moment, _, name = os.environ.get("STOERUNG_HALT", "0:KILL").partition(":")
        self._moment, self._signal = int(moment), signal.Signals[f"SIG{name}"]
        log = os.environ.get("STOERUNG_PROTOKOLL")
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if log else None

    def happens(self, what: str) -> None:
        self._done += 1
        if self._log is not None:
            os.write(self._log, f"{what}\n".encode())
        if self._done == self._moment:
            os.kill(os.getpid(), self._signal)

    def audited(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take what Python's own audit hook tells (https://docs.python.org/3/library/audit_events.html)."""
        if event == "socket.connect":
            self.happens("Verbindung aufbauen")
        elif event == "open" and isinstance(arguments[0], (str, bytes)):
            path, flags = os.fsdecode(arguments[0]), int(arguments[2] or 0)
            if path.startswith((self._place, self._sql)):
                self.happens(f"{'schreiben' if flags & _WRITING else 'lesen'}: {Path(path).name}")
        elif event in _CHANGES:
            paths = [os.fsdecode(part) for part in arguments[:2] if isinstance(part, (str, bytes, os.PathLike))]
            if any(path.startswith(self._place) for path in paths):
                self.happens(f"{_CHANGES[event]}: {Path(paths[0]).name}")

    def watch_database(self) -> None:
        """Count every statement before it is sent, and every commit."""

        def counted(kind: type[Any], name: str, label: Callable[..., str]) -> None:
            original = getattr(kind, name)

            def before(this: Any, *arguments: Any, **more: Any) -> Any:
                self.happens(label(*arguments))
                return original(this, *arguments, **more)

            setattr(kind, name, before)

        counted(psycopg.Cursor, "execute", lambda query, *_: f"SQL {_words(query)}")
        counted(psycopg.Cursor, "executemany", lambda query, *_: f"SQL {_words(query)}")
        counted(psycopg.Copy, "write", lambda *_: "SQL COPY, Daten")
        counted(psycopg.Connection, "commit", lambda *_: "SQL COMMIT")


def _words(query: object) -> str:
    """Return the first words of a statement: its kind and its table."""
    text = query.decode() if isinstance(query, bytes) else query if isinstance(query, str) else type(query).__name__
    return " ".join(text.split()[:3])


def _run(step: str, settings: Settings, source: str, reference: str, month: Monat) -> object:
    from etl import pipeline

    def release() -> None:
        content = pipeline.draft(settings, reference, month)["inhalt_sha256"]
        pipeline.release(settings, reference, month, PRUEFER, "", content)

    steps: Mapping[str, Callable[[], object]] = {
        "extract": lambda: pipeline.extract(settings, source),
        "validate": lambda: pipeline.validate(settings, reference),
        "figures": lambda: pipeline.figures(settings, reference, month),
        "load": lambda: pipeline.load(settings, reference, month),
        "report": lambda: len(pipeline.report(settings, reference, month, ERSTELLER)),
        "release": release,
        "deliver": lambda: pipeline.deliver(settings, reference, month, ZUSTELLER),
    }
    return steps[step]()


def main(step: str) -> None:
    """Run a step; explain what goes wrong as the command ``jobcenter`` does."""
    effects = _Effects(os.environ["STOERUNG_ORT"])
    effects.watch_database()
    sys.addaudithook(effects.audited)
    with explained():
        result = _run(
            step,
            Settings(),
            os.environ["STOERUNG_LIEFERUNG"],
            os.environ["STOERUNG_REFERENZ"],
            Monat.parse(os.environ["STOERUNG_MONAT"]),
        )
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()


def serve() -> NoReturn:
    """Fork a process for every line of standard input, until it ends."""
    for room in _ROOMS:
        importlib.import_module(room)
    gc.freeze()
    lines, running = os.fdopen(0, "rb", buffering=0), dict[int, Path]()
    while True:
        while running and (ended := os.waitpid(-1, os.WNOHANG)) != (0, 0):
            _written(running.pop(ended[0]).with_suffix(".status"), os.waitstatus_to_exitcode(ended[1]))
        if select.select([lines], [], [], 0.02 if running else None)[0]:
            line = lines.readline()
            if not line:
                os._exit(0)  # without the farewells of libraries
            order = json.loads(line)
            said = Path(order["said"])
            pid = os.fork()
            if pid == 0:
                _become(order["step"], said, order["environment"])
            running[pid] = said
            _written(said.with_suffix(".pid"), pid)


_ROOMS = (
    "etl.pipeline", "etl.berichten", "etl.freigeben", "etl.nachweis", "etl.pruefen", "etl.warehouse", "etl.zustellen",
    "etl.report", "etl.vorausschauen", "great_expectations", "duckdb", "pandas", "typst", "xlsxwriter",
)  # fmt: skip


def _written(path: Path, number: int) -> None:
    temporary = path.with_name(f"{path.name}.neu")
    temporary.write_text(str(number))
    temporary.replace(path)


def _become(step: str, said: Path, environment: dict[str, str]) -> NoReturn:
    """Be a fresh process that runs one step: its own environment, output and temporary folder."""
    output = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    status = 1
    try:
        main(step)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        serve()
