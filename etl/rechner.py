"""What the machine lacks – space, rights, memory, a disk that answers – said so that a person can act on it.

Libraries say it in many ways: as an ``OSError`` with a number, as an exception of their own, as text. Here they are
told apart, once, for the command line and for Airflow. What a library wrote is never repeated, it may quote a record;
the path of a file is, because its name is ours.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator

from etl.errors import MachineError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_FILES = {errno.EMFILE, errno.ENFILE}
_BROKEN = {errno.EIO, errno.ENXIO, errno.ENODEV, errno.ESTALE, errno.ENOTCONN, errno.EUCLEAN}
_NO_MEMORY = ("MemoryError", "bad_alloc", "bad allocation", "ailed to allocate")
_NO_THREAD = ("Failed to launch worker thread", "can't start new thread", "ThreadPoolBuildError")
"""Every thread needs a stack: there is no memory for one more, or the number of processes is limited."""
_KNOWN = (*_FULL, *_FORBIDDEN, *_FILES, *_BROKEN, errno.ENOMEM)

REPEAT = "Danach den Befehl wiederholen: halb geschrieben ist nichts."


_SOME_DISK = "Ein Datenträger ist voll, meist der von home (JOBCENTER_HOME)"
"""Who writes on is not told to which file."""


def explained(error: BaseException) -> MachineError | None:
    """Return what the machine lacks when that is why ``error`` was raised; None for any other reason."""
    for one in _chain(error):
        if _out_of_memory(one):
            return no_memory()
        number = _number(one)
        if number is not None:
            return _of_number(number, _place(one))
    return None


def no_memory() -> MachineError:
    """Return the error that says that there is no memory left."""
    return MachineError(
        "Der Arbeitsspeicher reicht nicht: der Rechner gibt dem Programm keinen mehr.",
        hint=f"Andere Programme beenden oder dem Programm mehr Speicher geben. {REPEAT}",
        abschnitt="speicher-knapp",
    )


def _of_number(number: int, place: str) -> MachineError | None:
    """Explain a number of the operating system (``errno``)."""
    if number in _FULL:
        return MachineError(
            f"{f'Der Datenträger ist voll{place}' if place else _SOME_DISK} ({_words(number)}).",
            hint=f"Platz schaffen; „df -h“ zeigt, wo er fehlt. {REPEAT}",
            abschnitt="platte-voll",
        )
    if number in _FORBIDDEN:
        return MachineError(
            f"Der Benutzer, unter dem das Programm läuft, darf die Datei oder den Ordner nicht benutzen{place} "
            f"({_words(number)}).",
            hint=f"Ihm dort das Lesen und Schreiben erlauben, oder mit dem Benutzer wie bisher arbeiten. {REPEAT}",
            abschnitt="rechte-fehlen",
        )
    if number in _FILES:
        return MachineError(
            f"Der Rechner lässt keine weiteren offenen Dateien zu ({_words(number)}).",
            hint=f"Die Grenze erhöhen (ulimit -n) oder andere Programme beenden. {REPEAT}",
        )
    if number in _BROKEN:
        return MachineError(
            f"Der Datenträger antwortet nicht richtig{place} ({_words(number)}).",
            hint=f"Prüfen, ob das Laufwerk eingehängt und gesund ist. {REPEAT}",
        )
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what led to it: libraries wrap one into another."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        # xlsxwriter hands on what the system said as the argument of its own error.
        inner = one.args[0] if one.args and isinstance(one.args[0], BaseException) else None
        one = one.__cause__ or inner or (None if one.__suppress_context__ else one.__context__)


def _out_of_memory(error: BaseException) -> bool:
    if isinstance(error, MemoryError):  # Arrow's own, too
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    if isinstance(error, ImportError):  # a library that was to be loaded just now
        return "failed to map segment" in str(error) or os.strerror(errno.ENOMEM) in str(error)
    if isinstance(error, RuntimeError):
        return any(words in str(error) for words in _NO_THREAD)
    arrow, duckdb = sys.modules.get("pyarrow"), sys.modules.get("duckdb")  # who did not load it did not raise it
    if duckdb is not None and isinstance(error, duckdb.OutOfMemoryException):
        return True
    # What fails in Python or in C++ below them comes as another of their exceptions, with these words.
    foreign = (arrow is not None and type(error) is arrow.ArrowException) or (
        duckdb is not None and isinstance(error, duckdb.Error)
    )
    return foreign and any(words in str(error) for words in (*_NO_MEMORY, *_NO_THREAD))


def _number(error: BaseException) -> int | None:
    """Return what the operating system said, None when it said nothing that is known here."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno if error.errno in _KNOWN else None
    duckdb = sys.modules.get("duckdb")
    if isinstance(error, OSError) or (duckdb is not None and isinstance(error, duckdb.Error)):
        said = str(error)  # DuckDB and Arrow know the number as text only
        return next((number for number in _KNOWN if os.strerror(number) in said), None)
    return None


def _place(error: BaseException) -> str:
    path = getattr(error, "filename", None)
    return f": {os.fsdecode(path)}" if isinstance(path, (str, bytes, os.PathLike)) and path else ""


_GERMAN = {
    errno.ENOSPC: "kein Platz mehr frei",
    errno.EDQUOT: "Kontingent erschöpft",
    errno.EFBIG: "Datei zu groß",
    errno.EACCES: "Zugriff verweigert",
    errno.EPERM: "nicht erlaubt",
    errno.EROFS: "Dateisystem nur lesbar",
    errno.EMFILE: "zu viele offene Dateien dieses Programms",
    errno.ENFILE: "zu viele offene Dateien aller Programme",
    errno.EIO: "Ein- oder Ausgabefehler",
}


def _words(number: int) -> str:
    return _GERMAN.get(number, os.strerror(number))
