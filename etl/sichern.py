"""Backup and restore of everything below ``home`` and of the warehouse, as one state – or not at all.

No command is locked out: what another one changes while the backup is made is noticed at its end, and then there is no
backup. The key of the pseudonyms and the witness go to a place apart: who has the backup alone can neither make
pseudonyms nor replace the chain unnoticed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from etl import warehouse
from etl.errors import BusyError, ContractBreachError, UsageError
from etl.extract.archive import sha256_of
from etl.files import staging, sync_folder
from etl.settings import Settings
from etl.warehouse import sicherung

MANIFEST = "sicherung.json"
DUMP = "warehouse.dump"
HOME = "home"
_FORMAT = 1
_ROOMS = ("archiv", "befunde", "pruefung", "wartet", "zahlen", "berichte", "ausgang")
"""Folders below ``home`` that a backup holds; the embedded PostgreSQL is in the dump."""
_APART = ("schluessel", "nachweis")
_PASSING = "."
"""What is being written or deleted has a name that begins so: it is no part of the state."""


@dataclass(frozen=True)
class _Zustand:
    """Where the chains end, and which files there are: two equal ones are one state."""

    ketten: dict[str, tuple[int, str]]
    dateien: dict[str, tuple[int, int]]


def backup(settings: Settings, folder: Path, apart: Path) -> dict[str, int]:
    """Write a backup into a new ``folder``, key and witness into a new one ``apart``; return files and bytes.

    Raises ``BusyError`` when another command changed anything meanwhile: then neither folder is written.
    """
    _require_new(folder, apart)
    with staging(folder.parent) as stage, staging(apart.parent) as secret, _url(settings) as url:
        made, aside = stage / folder.name, secret / apart.name
        for new in (made, aside):
            new.mkdir(mode=0o700)
        before = _state(settings)
        sicherung.dump(url, made / DUMP)
        try:
            for room in _ROOMS:
                _copy(settings.home / room, made / HOME / room)
            for room in _APART:
                _copy(settings.home / room, aside / room)
        except (shutil.Error, FileNotFoundError):
            if _state(settings) == before:
                raise
        if _state(settings) != before:
            raise BusyError(
                "Während der Sicherung hat ein anderer Befehl etwas verändert; es wurde keine geschrieben.",
                hint="Warten, bis kein Lauf mehr aktiv ist, und den Befehl wiederholen.",
            )
        files = {
            name: {"sha256": sha256_of(made / name), "bytes": (made / name).stat().st_size} for name in _files(made)
        }
        said = {
            "format": _FORMAT,
            "programm": version("jobcenter"),
            "ketten": {traeger: list(end) for traeger, end in before.ketten.items()},
            "dateien": files,
        }
        (made / MANIFEST).write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        for finished, target in ((aside, apart), (made, folder)):
            sync_folder(finished)
            finished.rename(target)
    return {"dateien": len(files), "bytes": sum(int(str(file["bytes"])) for file in files.values())}


def restore(settings: Settings, folder: Path, apart: Path) -> dict[str, int]:
    """Bring a backup back into an empty ``home`` and an empty database; return files and bytes.

    Every byte is checked first. Raises ``UsageError`` when something is there already, ``ContractBreachError`` when the
    backup is not what it was.
    """
    said = _checked(folder)
    taken = [room for room in (*_ROOMS, *_APART) if any(_files(settings.home / room))]
    if taken:
        raise UsageError(
            f"In {settings.home} liegt schon etwas: {', '.join(taken)}. Es wird nie überschrieben.",
            hint="In einen leeren Ordner wiederherstellen; Altes vorher beiseitelegen.",
            abschnitt="sicherung-nicht-moeglich",
        )
    with _url(settings) as url, staging(settings.home) as stage:
        for room in _ROOMS:
            _copy(folder / HOME / room, stage / room)
        for room in _APART:
            _copy(apart / room, stage / room)
        sicherung.restore(url, folder / DUMP)
        for room in (*_ROOMS, *_APART):
            if (stage / room).exists():
                sync_folder(stage / room)
                (stage / room).rename(settings.home / room)
    return {"dateien": len(said["dateien"]), "bytes": sum(file["bytes"] for file in said["dateien"].values())}


@contextmanager
def _url(settings: Settings) -> Iterator[str]:
    """Yield the address of the warehouse; the embedded server runs as long."""
    if settings.warehouse is not None:
        yield settings.warehouse
        return
    from etl.warehouse.embedded import running  # noqa: PLC0415 (a server installation has no embedded server)

    with running(settings.embedded_warehouse) as url:
        yield url


def _state(settings: Settings) -> _Zustand:
    with warehouse.connect(settings, role="auditor") as connection:
        ends = warehouse.read_ends(connection)
    files: dict[str, tuple[int, int]] = {}
    for room in (*_ROOMS, *_APART):
        for name in _files(settings.home / room):
            with suppress(FileNotFoundError):  # it went away just now: the other state will show it
                stat = (settings.home / room / name).stat()
                files[f"{room}/{name}"] = (stat.st_size, stat.st_mtime_ns)
    return _Zustand(ends, files)


def _files(folder: Path) -> list[str]:
    """Return the files below a folder that are part of the state, by their path below it."""
    return [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(_PASSING) for part in path.relative_to(folder).parts)
    ]


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=lambda _, names: [name for name in names if name.startswith(_PASSING)])


def _require_new(folder: Path, apart: Path) -> None:
    if folder.resolve() == apart.resolve() or apart.resolve().is_relative_to(folder.resolve()):
        raise UsageError(
            "Schlüssel und Zeuge gehören nicht in die Sicherung.",
            hint="Mit --apart einen Ordner nennen, der anders aufbewahrt wird als der von --out.",
            abschnitt="sicherung-nicht-moeglich",
        )
    for path in (folder, apart):
        if path.exists():
            raise UsageError(
                f"{path} gibt es schon; eine Sicherung wird nie überschrieben.", abschnitt="sicherung-nicht-moeglich"
            )


def _checked(folder: Path) -> dict[str, Any]:
    """Return what a backup says of itself, after comparing it with every byte."""
    path = folder / MANIFEST
    if not path.is_file():
        raise UsageError(f"{folder} ist keine Sicherung: {MANIFEST} fehlt.", abschnitt="sicherung-nicht-moeglich")
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if said["format"] != _FORMAT:
        raise UsageError(
            f"Die Sicherung hat das Format {said['format']}, dieses Programm liest {_FORMAT}.",
            abschnitt="sicherung-nicht-moeglich",
        )
    wrong = [
        name
        for name, file in said["dateien"].items()
        if not (folder / name).is_file() or sha256_of(folder / name) != file["sha256"]
    ]
    if wrong:
        raise ContractBreachError(
            f"Die Sicherung {folder} ist nicht mehr, was sie war: {', '.join(wrong[:3])} fehlt oder wurde verändert "
            f"({len(wrong)} von {len(said['dateien'])} Dateien).",
            hint="Eine andere Sicherung verwenden.",
            abschnitt="sicherung-nicht-moeglich",
        )
    return said
