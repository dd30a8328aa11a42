"""Deliveries as a folder or a zip of CSV or Parquet files with the manifest ``lieferung.json``."""

from __future__ import annotations

import errno
import hashlib
import json
import lzma
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from etl import rechner
from etl.contract import MANIFEST, TABLES, Table
from etl.errors import ContractBreachError, UsageError
from etl.extract.archive import Delivery, sha256_of
from etl.extract.manifest import Manifest, parse_manifest
from etl.extract.source import RawTable

_BATCH_ROWS = 131_072
_CSV_BLOCK_BYTES = 16 * 2**20
_MANIFEST_BYTES = 2**20
# A zip bomb is told by its size and its ratio: case data in CSV packs 5 to 40 to 1, never 500 to 1.
_ZIP_RATIO = 500
_ZIP_HARMLESS_BYTES = 256 * 2**20
_NAME_BYTES = 255  # what a file system takes
_BAD_ZIP = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OverflowError,
    ValueError,
)
# Arrow's own errors, names that are no text, sizes that are no number of bytes.
_BAD_PARQUET = (pa.ArrowException, OSError, UnicodeDecodeError, OverflowError)
_HASH_HINT = "Die Lieferung ist unvollständig oder nach dem Export verändert worden: neu exportieren und übertragen."


@dataclass(frozen=True)
class FolderSource:
    """A folder whose files have been checked against the manifest."""

    folder: Path
    manifest: Manifest

    @property
    def delivery(self) -> Delivery:
        """Identity and Datenstand from the manifest."""
        return self.manifest.delivery

    @property
    def source_sha256(self) -> str | None:
        """One hash for the set of delivered files."""
        files = sorted((file.table, file.sha256) for file in self.manifest.files.values())
        return hashlib.sha256(json.dumps(files).encode()).hexdigest()

    def table(self, table: Table) -> RawTable | None:
        """Open the table's file, CSV or Parquet."""
        file = self.manifest.files.get(table.name)
        if file is None:
            return None
        path = self.folder / file.name
        names, batches = _read_csv(table, path) if path.suffix == ".csv" else _read_parquet(table, path)
        return RawTable(names, batches, file.rows)


def open_folder(folder: Path) -> FolderSource:
    """Check the folder against its manifest: every file there, none else, hashes equal."""
    path = folder / MANIFEST
    if path.is_symlink() or not path.is_file():
        raise ContractBreachError(
            f"Im Ordner der Lieferung fehlt das Manifest {MANIFEST}.",
            hint="Warten, bis die Lieferung vollständig da ist, oder sie neu exportieren lassen.",
            abschnitt="lieferung-unvollstaendig",
        )
    if path.stat().st_size > _MANIFEST_BYTES:
        raise ContractBreachError(f"Das Manifest {MANIFEST} ist größer als 1 MiB.", abschnitt="manifest")
    manifest = parse_manifest(path.read_bytes())
    _check_files(folder, manifest)
    return FolderSource(folder, manifest)


def _check_files(folder: Path, manifest: Manifest) -> None:
    for file in manifest.files.values():
        path = folder / file.name
        if not path.exists() and not path.is_symlink():
            raise ContractBreachError(
                f"Die Datei {file.name} fehlt.", table=file.table, hint=_HASH_HINT, abschnitt="lieferung-unvollstaendig"
            )
        if not stat.S_ISREG(path.lstat().st_mode):
            raise ContractBreachError(
                f"{file.name} ist keine gewöhnliche Datei.", table=file.table, abschnitt="zip-abgelehnt"
            )
        if sha256_of(path) != file.sha256:
            raise ContractBreachError(
                f"Die Prüfsumme der Datei {file.name} stimmt nicht mit dem Manifest überein.",
                table=file.table,
                hint=_HASH_HINT,
                abschnitt="lieferung-unvollstaendig",
            )
    announced = {file.name for file in manifest.files.values()}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in (".csv", ".parquet") and path.name not in announced:
            table = path.stem if path.stem in TABLES else None
            raise ContractBreachError(
                "Im Ordner liegt eine Tabellendatei, die das Manifest nicht nennt.",
                table=table,
                hint=f"Die Datei in {MANIFEST} aufnehmen oder entfernen.",
                abschnitt="manifest",
            )


@contextmanager
def unpacked(archive: Path, into: Path) -> Iterator[Path]:
    """Unpack a delivered zip into the fresh folder ``into`` and yield it; the folder is gone afterwards.

    Refused before a byte is written: truncated or encrypted zips, entries with a path, links, doubled names, and
    sizes that only a zip bomb has.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = _harmless_entries(opened, archive.stat().st_size)
            into.mkdir(mode=0o700)
            for name, entry in entries.items():
                with opened.open(entry) as packed, (into / name).open("wb") as target:
                    _copy_bounded(packed, target, entry.file_size)
    except (*_BAD_ZIP, OSError) as error:
        shutil.rmtree(into, ignore_errors=True)
        # A place before the file's begin, and what bzip2 says of broken data; other numbers are the disk's.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        raise ContractBreachError(
            "Die Zip-Datei ist beschädigt, abgeschnitten oder in einem unbekannten Verfahren gepackt.",
            hint="Neu übertragen und die Größe mit der Quelle vergleichen.",
            abschnitt="lieferung-unvollstaendig",
        ) from error
    try:
        yield into
    finally:
        shutil.rmtree(into, ignore_errors=True)


def _harmless_entries(opened: zipfile.ZipFile, packed_bytes: int) -> dict[str, zipfile.ZipInfo]:
    files = [entry for entry in opened.infolist() if not entry.is_dir()]
    total = sum(entry.file_size for entry in files)
    if total > _ZIP_HARMLESS_BYTES and total > _ZIP_RATIO * packed_bytes:
        raise ContractBreachError(
            f"Die Zip-Datei würde auf mehr als das {_ZIP_RATIO}-Fache anwachsen (Zip-Bombe).", abschnitt="zip-abgelehnt"
        )
    names: dict[str, zipfile.ZipInfo] = {}
    for entry in files:
        name = entry.filename
        if entry.flag_bits & 0x1:
            raise ContractBreachError(
                "Die Zip-Datei ist verschlüsselt.",
                hint="Ohne Kennwort packen; verschlüsselt wird der Weg, auf dem sie kommt.",
                abschnitt="zip-abgelehnt",
            )
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise ContractBreachError(
                "Die Zip-Datei enthält eine Verknüpfung statt einer Datei.", abschnitt="zip-abgelehnt"
            )
        if "/" in name or "\\" in name or name in ("", ".", "..") or not name.isprintable() or ":" in name:
            raise ContractBreachError(
                "Die Zip-Datei enthält einen Namen mit Pfad oder mit Zeichen, die kein Dateiname hat.",
                hint=f"{MANIFEST} und die Tabellen müssen ohne Ordner in der Zip-Datei liegen.",
                abschnitt="zip-abgelehnt",
            )
        if len(name.encode()) > _NAME_BYTES:
            raise ContractBreachError(
                "Die Zip-Datei enthält einen Namen, der für eine Datei zu lang ist.", abschnitt="zip-abgelehnt"
            )
        if name in names:
            raise ContractBreachError("Die Zip-Datei enthält denselben Namen zweimal.", abschnitt="zip-abgelehnt")
        names[name] = entry
    if MANIFEST not in names:
        raise ContractBreachError(
            f"In der Zip-Datei fehlt das Manifest {MANIFEST}.", abschnitt="lieferung-unvollstaendig"
        )
    return names


def _copy_bounded(packed: IO[bytes], target: IO[bytes], announced: int) -> None:
    """Copy at most the announced size: the directory of a zip may lie about it."""
    remaining = announced
    while chunk := packed.read(2**20):
        remaining -= len(chunk)
        if remaining < 0:
            raise ContractBreachError(
                "Ein Eintrag der Zip-Datei ist größer, als ihr Verzeichnis angibt (Zip-Bombe).",
                abschnitt="zip-abgelehnt",
            )
        target.write(chunk)


def _read_csv(table: Table, path: Path) -> tuple[tuple[str, ...], Iterator[pa.RecordBatch]]:
    """Open a CSV file with every column as bytes; typing and decoding happen later, where they can be located."""
    names = _csv_header(table, path)

    def batches() -> Iterator[pa.RecordBatch]:
        if path.stat().st_size == 0:
            return
        try:
            yield from pa_csv.open_csv(
                path,
                read_options=pa_csv.ReadOptions(use_threads=False, block_size=_CSV_BLOCK_BYTES),
                parse_options=pa_csv.ParseOptions(newlines_in_values=True),
                convert_options=pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.binary()),
                    null_values=[""],
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=True,
                    check_utf8=False,
                ),
            )
        except pa.ArrowException as error:
            if rechner.explained(error):  # no fault of the delivery
                raise
            raise _csv_breach(table, str(error)) from None

    return names, batches()


def _csv_breach(table: Table, said: str) -> ContractBreachError:
    """Say where a CSV file is broken. Of what Arrow says only the place is used: it quotes the row."""
    bad_row = re.search(r"Row #(\d+): Expected \d+ columns", said)
    if bad_row:
        # The parser counts rows of the file, the header as the first.
        return ContractBreachError(
            "Die Zeile hat nicht so viele Felder wie die Kopfzeile.",
            table=table.name,
            row=int(bad_row[1]) - 1,
            hint="Erwartet: Komma als Trennzeichen; Texte mit Komma in doppelten Anführungszeichen (RFC 4180).",
        )
    if "straddling" in said:
        return ContractBreachError(
            f"Eine Zeile ist länger als {_CSV_BLOCK_BYTES // 2**20} MiB.",
            table=table.name,
            hint="Vermutlich fehlt ein schließendes Anführungszeichen, oder ein Feld enthält eine ganze Datei.",
        )
    return ContractBreachError(
        "Die CSV-Datei ist nicht nach RFC 4180 aufgebaut (Komma, doppelte Anführungszeichen).", table=table.name
    )


def _csv_header(table: Table, path: Path) -> tuple[str, ...]:
    with path.open("rb") as stream:
        line = stream.readline(65_536)
    try:
        text = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise ContractBreachError("Die Kopfzeile ist nicht in UTF-8 kodiert.", table=table.name) from None
    if not text:
        raise ContractBreachError("Die Kopfzeile fehlt.", table=table.name)
    return tuple(name.strip('"') for name in text.split(","))


def _read_parquet(table: Table, path: Path) -> tuple[tuple[str, ...], Iterator[pa.RecordBatch]]:
    unreadable = ContractBreachError(
        "Die Parquet-Datei ist nicht lesbar.", table=table.name, hint=_HASH_HINT, abschnitt="lieferung-unvollstaendig"
    )
    try:
        file = pq.ParquetFile(path)
        names = tuple(file.schema_arrow.names)
    except _BAD_PARQUET as error:
        if rechner.explained(error):
            raise
        raise unreadable from None

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            with file:
                yield from file.iter_batches(_BATCH_ROWS, columns=list(table.column_names))
        except _BAD_PARQUET as error:
            if rechner.explained(error):
                raise
            raise unreadable from None

    return names, batches()


def delivery_path(source: str) -> Path:
    """Return the path of a delivery that is a folder or a zip."""
    path = Path(source)
    if not path.exists():
        raise UsageError(
            f"Die Lieferung „{source}“ gibt es nicht.",
            hint="Pfad zu Ordner oder Zip-Datei prüfen.",
            abschnitt="lieferung-nicht-gefunden",
        )
    if not path.is_dir() and not zipfile.is_zipfile(path):
        if path.suffix.lower() == ".zip":
            raise ContractBreachError(
                "Die Zip-Datei ist beschädigt oder abgeschnitten.",
                hint="Neu übertragen und die Größe mit der Quelle vergleichen.",
                abschnitt="lieferung-unvollstaendig",
            )
        raise UsageError(
            f"„{source}“ ist weder ein Ordner noch eine Zip-Datei.",
            hint="Eine Lieferung ist ein Ordner, eine .zip-Datei oder eine SQLAlchemy-URL.",
            abschnitt="lieferung-nicht-gefunden",
        )
    return path
