"""The way of a folder: a share or a directory that the recipient looks into."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from etl.errors import NotDeliverableError, UnreachableError
from etl.extract.archive import sha256_of
from etl.files import sync, sync_folder
from etl.zustellung.empfaenger import Ordner
from etl.zustellung.sendung import Probe, Sendung, damaged, difference, occupied, part_name

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def deliver(weg: Ordner, sendung: Sendung) -> Probe:
    """Put the consignment into the folder: built up under a hidden name, read back, renamed.

    Raises ``UnreachableError`` when the folder is not there (a share that is not mounted), ``NotDeliverableError`` when
    it does not take the files or holds others under the same name.
    """
    with _explained(weg.pfad):
        if not weg.pfad.is_dir():
            # It is not created: below the mount point of a missing share the files would be lost to the recipient.
            raise UnreachableError(
                f"{weg}: Den Ordner gibt es nicht.",
                hint="Prüfen, ob das Laufwerk eingehängt ist und der Pfad in der Empfängerdatei stimmt.",
            )
        target = weg.pfad / sendung.name
        if not target.exists():
            _build(weg, sendung, target)
        elif different := difference(_content(target), sendung, "inhalt"):
            raise occupied(str(weg), sendung, different)
    return "inhalt"


def _build(weg: Ordner, sendung: Sendung, target: Path) -> None:
    part = weg.pfad / part_name(sendung.name)
    shutil.rmtree(part, ignore_errors=True)  # of a delivery that was killed
    try:
        for folder in ("", *sendung.unterordner):
            (part / folder).mkdir()
        for piece in sendung.stuecke:
            shutil.copyfile(piece.quelle, part / piece.name)
        if different := difference(_content(part), sendung, "inhalt"):
            raise damaged(str(weg), different)
        sync_folder(part)
        part.rename(target)
        sync(weg.pfad)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _content(folder: Path) -> dict[str, str | int]:
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in folder.rglob("*") if path.is_file()}


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place, reason = f"Ordner {folder}", os.strerror(error.errno) if error.errno else type(error).__name__
        if error.errno in _FULL:
            raise NotDeliverableError(
                f"{place}: Kein Platz ({reason}).",
                hint="Platz schaffen und den Befehl wiederholen.",
                abschnitt="zustellung-verweigert",
            ) from None
        if error.errno in _FORBIDDEN:
            raise NotDeliverableError(
                f"{place}: Schreiben ist nicht erlaubt ({reason}).",
                hint="Dem Benutzer, unter dem jobcenter läuft, dort das Schreiben erlauben.",
                abschnitt="zustellung-verweigert",
            ) from None
        raise UnreachableError(
            f"{place}: nicht erreichbar ({reason}).", hint="Prüfen, ob das Laufwerk eingehängt und gesund ist."
        ) from None
