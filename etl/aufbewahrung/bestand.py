"""What lies below ``home`` of the classes that the program deletes: one object per delivery, or per month of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from etl.extract.archive import DELETION_NOTE, sha256_of
from etl.files import sync
from etl.monat import Monat
from etl.settings import Settings

FALLDATEN, BEFUNDLISTEN, PRUEFERGEBNISSE, ZAHLEN = "falldaten", "befundlisten", "pruefergebnisse", "zahlen"
BERICHTE, POSTAUSGANG = "berichte", "postausgang"

_FOLDERS: Mapping[str, Callable[[Settings], Path]] = {
    FALLDATEN: lambda settings: settings.archive,
    BEFUNDLISTEN: lambda settings: settings.findings,
    PRUEFERGEBNISSE: lambda settings: settings.validation,
    ZAHLEN: lambda settings: settings.cells,
    BERICHTE: lambda settings: settings.reports,
    POSTAUSGANG: lambda settings: settings.outbox,
}
PROGRAMM = tuple(_FOLDERS)
"""The classes that the program deletes."""
MONATLICH = (BERICHTE, POSTAUSGANG)
"""Those of them whose objects are a month of a delivery."""

_GOING = ".geloescht-"
"""What is being deleted is called so: nothing takes it for a whole any more."""


@dataclass(frozen=True, order=True)
class Gegenstand:
    """A file or folder that is deleted as a whole. ``pfad``: below ``home``; ``monat``: where it is of one."""

    klasse: str
    reference: str
    pfad: str
    monat: Monat | None = None

    def path(self, settings: Settings) -> Path:
        """Return where it lies."""
        return settings.home / self.pfad


def gegenstaende(settings: Settings) -> list[Gegenstand]:
    """Return everything that lies there, by class and name; also what a killed deletion has left."""
    return sorted({one for klasse in PROGRAMM for one in _of_class(settings, klasse)})


def dateien(path: Path) -> dict[str, Path]:
    """Return the files of an object by their path below it (a single file by its name), without a note of deletion."""
    if path.is_file():
        return {path.name: path}
    return {
        name: file
        for file in sorted(path.rglob("*"))
        if file.is_file() and (name := file.relative_to(path).as_posix()) != DELETION_NOTE
    }


def groesse(path: Path) -> tuple[int, int]:
    """Return the number of files and of bytes of an object, with what a killed deletion has left of it."""
    files = [*dateien(path).values(), *dateien(_going(path)).values()]
    return len(files), sum(file.stat().st_size for file in files)


def hashes(path: Path) -> dict[str, dict[str, object]]:
    """Return SHA-256 and size of every file of an object."""
    return {
        name: {"sha256": sha256_of(file), "bytes": file.stat().st_size} for name, file in sorted(dateien(path).items())
    }


def loesche(path: Path) -> None:
    """Delete an object: first it loses its name, at once and for good, then its files go.

    A process that is killed leaves the object whole under its name, or parts of it under another that nothing reads;
    the next call removes both.
    """
    going = _going(path)
    _remove(going)
    if dateien(path):
        path.rename(going)
        sync(path.parent)
        _remove(going)


def _remove(path: Path) -> None:
    if path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)
    if path.parent.is_dir():
        sync(path.parent)


def _going(path: Path) -> Path:
    return path.with_name(f"{_GOING}{path.name}")


def _of_class(settings: Settings, klasse: str) -> Iterator[Gegenstand]:
    root = _FOLDERS[klasse](settings)
    for path in root.glob("*/*/*" if klasse in MONATLICH else "*/*"):
        name = path.name.removeprefix(_GOING)
        whole = path.with_name(name)
        if name.startswith(".") or not (dateien(whole) or dateien(_going(whole))):
            continue
        pfad = whole.relative_to(settings.home).as_posix()
        if klasse in MONATLICH:
            if _is_month(name):
                yield Gegenstand(klasse, path.parent.relative_to(root).as_posix(), pfad, Monat.parse(name))
        else:
            traeger = path.parent.relative_to(root).as_posix()
            yield Gegenstand(klasse, f"{traeger}/{name.removesuffix('.parquet')}", pfad)


def _is_month(name: str) -> bool:
    return len(name) == 7 and name[:4].isdigit() and name[4] == "-" and "01" <= name[5:] <= "12"
