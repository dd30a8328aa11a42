"""The archive: a delivery in the contract's shape, typed, pseudonymised, written once and never changed.

Layout: ``<home>/archiv/<traegernummer>/<lieferung_id>/<table>.parquet`` and ``archiv.json`` beside them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote, unquote

from etl.errors import ContractBreachError, DeletedError, UsageError

ARCHIVE_MANIFEST = "archiv.json"
DELETION_NOTE = "geloescht.json"
"""What lies in the place of an archive whose case data was deleted; the proof of it is in the warehouse."""


@dataclass(frozen=True)
class Delivery:
    """What identifies a delivery: its manifest without the list of files."""

    lieferung_id: str
    traegernummer: str
    erstellt_am: dt.datetime

    @property
    def datenstand(self) -> dt.date:
        """The date of ``erstellt_am`` as the source wrote it, in the source's own time zone."""
        return self.erstellt_am.date()

    @property
    def reference(self) -> str:
        """``<traegernummer>/<lieferung_id>`` as one safe relative path: names the delivery between steps."""
        return f"{_path_part(self.traegernummer)}/{_path_part(self.lieferung_id)}"


@dataclass(frozen=True)
class ArchivedTable:
    """One table in the archive: rows, hash of the Parquet file, hash of the rows in canonical text form."""

    rows: int
    file_sha256: str
    content_sha256: str


@dataclass(frozen=True)
class Archive:
    """A delivery in the archive. ``content_sha256`` identifies what was delivered, whatever its file format."""

    folder: Path
    delivery: Delivery
    content_sha256: str
    tables: Mapping[str, ArchivedTable]

    def parquet(self, table: str) -> Path:
        """Path of a table's file."""
        return self.folder / f"{table}.parquet"


def _path_part(text: str) -> str:
    """Make any text one harmless path component (``../x`` becomes ``%2E%2E%2Fx``)."""
    quoted = quote(text, safe="")
    return quoted.replace(".", "%2E") if quoted.startswith(".") else quoted


def sha256_of(path: Path) -> str:
    """Hash a file without reading it into memory at once."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def open_archive(root: Path, reference: str) -> Archive:
    """Open the archived delivery ``reference`` below ``root`` and check every byte against its hashes.

    Raises ``UsageError`` when there is none, ``DeletedError`` when its period is over, ``ContractBreachError`` when a
    file is missing or changed.
    """
    archive = described(root, reference)
    for name, table in archive.tables.items():
        path = archive.parquet(name)
        if not path.is_file() or sha256_of(path) != table.file_sha256:
            raise _changed(path, name)
    return archive


def _changed(path: Path, table: str | None = None) -> ContractBreachError:
    return ContractBreachError(
        f"Die archivierte Datei {path.name} fehlt oder wurde verändert (Ordner {path.parent}).",
        table=table,
        hint="Das Archiv ist unveränderlich: die Datei aus der Sicherung zurückspielen.",
        abschnitt="archiv-veraendert",
    )


def described(root: Path, reference: str) -> Archive:
    """Return the archived delivery ``reference`` as its manifest describes it; its tables are not touched.

    Raises ``UsageError`` when there is none, ``DeletedError`` when its period is over, ``ContractBreachError`` when
    the manifest is missing or changed.
    """
    folder = root / reference
    if not is_reference(reference) or not (folder / ARCHIVE_MANIFEST).is_file():
        note = deletion_note(root, reference)
        if note is not None:
            raise DeletedError(f"Lieferung {reference}: {note}")
        if is_reference(reference) and folder.is_dir() and any(folder.iterdir()):
            raise _changed(folder / ARCHIVE_MANIFEST)
        raise UsageError(
            f"Im Archiv gibt es keine Lieferung „{reference}“.",
            hint="Die Lieferung zuerst mit „jobcenter run“ oder „jobcenter backfill“ einlesen.",
            abschnitt="lieferung-nicht-im-archiv",
        )
    return _described(folder)


def is_reference(text: str) -> bool:
    """Whether a text is a reference as ``Delivery`` makes them: two harmless path components, nothing else."""
    parts = text.split("/")
    return len(parts) == 2 and all(part and part == _path_part(unquote(part)) for part in parts)


def deletion_note(root: Path, reference: str) -> str | None:
    """Return the sentence that says when and why the case data of a delivery was deleted; None when it was not."""
    path = root / reference / DELETION_NOTE
    if not is_reference(reference) or not path.is_file():
        return None
    return str(json.loads(path.read_text(encoding="utf-8"))["vermerk"])


def archived(root: Path) -> list[Archive]:
    """Return every archived delivery by its manifest alone, in order of Träger and delivery."""
    return [_described(manifest.parent) for manifest in sorted(root.glob(f"[!.]*/[!.]*/{ARCHIVE_MANIFEST}"))]


def earlier(archive_root: Path, archive: Archive) -> list[Archive]:
    """Return the archived deliveries of the same Träger that were made before ``archive``, the newest first.

    Only their manifests are read; ``open_archive`` checks the bytes of the one that is used.
    """
    folders = (archive_root / archive.delivery.reference).parent.glob(f"[!.]*/{ARCHIVE_MANIFEST}")
    others = [_described(manifest.parent) for manifest in folders]
    before = [other for other in others if other.delivery.erstellt_am < archive.delivery.erstellt_am]
    return sorted(before, key=lambda other: (other.delivery.erstellt_am, other.delivery.lieferung_id), reverse=True)


def content_sha256(delivery: Delivery, tables: Mapping[str, ArchivedTable]) -> str:
    """Return the hash that identifies what was delivered: who delivered it when, and the rows of every table."""
    content = [
        delivery.lieferung_id,
        delivery.traegernummer,
        delivery.erstellt_am.isoformat(),
        sorted((name, table.content_sha256) for name, table in tables.items()),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _described(folder: Path) -> Archive:
    """Return the archived delivery in ``folder`` as its manifest describes it.

    Raises ``ContractBreachError`` when the manifest does not fit its own hash: what it says decides which month is
    final, so a changed digit of a date must not go unseen.
    """
    path = folder / ARCHIVE_MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        delivery = Delivery(
            lieferung_id=manifest["lieferung_id"],
            traegernummer=manifest["traegernummer"],
            erstellt_am=dt.datetime.fromisoformat(manifest["erstellt_am"]),
        )
        tables = {name: ArchivedTable(**table) for name, table in sorted(manifest["tables"].items())}
        if manifest["content_sha256"] != content_sha256(delivery, tables):
            raise _changed(path)
        return Archive(folder, delivery, manifest["content_sha256"], MappingProxyType(tables))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _changed(path) from None
