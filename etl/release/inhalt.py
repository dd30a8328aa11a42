"""What a report consists of: its files, and the one hash that names them all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from etl.errors import UsageError
from etl.extract.archive import sha256_of
from etl.personen import person_key
from etl.release.zustand import Bericht


@dataclass(frozen=True)
class Entwurf:
    """A report as it was written: who prepared it, and the SHA-256 of each file by its path below the month folder."""

    bericht: Bericht
    person: str
    dateien: Mapping[str, str]

    @property
    def inhalt_sha256(self) -> str:
        """Name the content."""
        return content_sha256(self.dateien)


def entwurf(bericht: Bericht, files: Mapping[str, Mapping[str, object]], by: str) -> Entwurf:
    """Return the draft that ``files`` are: what their passports say of them, by path below the reports.

    Raises ``UsageError`` when nobody is named who prepared it.
    """
    if not person_key(by):
        raise UsageError(
            "Wer den Bericht erstellt, ist nicht genannt.",
            hint="Mit --by den Namen angeben.",
            abschnitt="name-oder-grund-fehlt",
        )
    folder = f"{bericht.pfad}/"
    return Entwurf(
        bericht, by.strip(), {path.removeprefix(folder): str(said["sha256"]) for path, said in files.items()}
    )


def content_sha256(files: Mapping[str, str]) -> str:
    r"""Return the SHA-256 over the sorted lines ``<sha256>  <path>``, each with a line feed.

    The same as in the folder: ``find . -type f -printf '%P\0' | xargs -0 sha256sum | LC_ALL=C sort | sha256sum``.
    """
    lines = sorted(f"{sha256}  {path}\n" for path, sha256 in files.items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def files_of(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a month folder, by path; nothing when there is no such folder."""
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in folder.rglob("*") if path.is_file()}
