"""Source ▶ contract ▶ archive: a delivery is read, checked against the contract, pseudonymised and archived once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from etl.contract import TABLES
from etl.errors import ContractBreachError
from etl.extract.archive import ARCHIVE_MANIFEST, Archive
from etl.extract.opening import opened
from etl.extract.pseudonym import Pseudonymiser, load_key
from etl.extract.store import put_into_archive
from etl.files import staging

Progress = Callable[[str, int, int], None]
"""Called with what is being read, how many of its steps are done, and how many there are."""


def extract(
    source: str | Path,
    *,
    archive_root: Path,
    key_file: Path,
    traegernummer: str | None = None,
    progress: Progress | None = None,
) -> Archive:
    """Bring a delivery into the archive and return it.

    ``source`` is a folder, a zip or a SQLAlchemy URL. Extracting the same delivery again changes nothing; another
    delivery under the same id, and every breach of the contract, raise ``ContractBreachError`` and leave the
    archive as it was. So does a delivery of another provider than ``traegernummer``, where one is expected.
    """
    first = next(archive_root.glob(f"*/*/{ARCHIVE_MANIFEST}"), None) is None
    pseudonymiser = Pseudonymiser(load_key(key_file, create=first))

    def step(name: str, done: int) -> None:
        if progress:
            progress(name, done, len(TABLES))

    with staging(archive_root) as work, opened(str(source), work / "zip") as delivery:
        if traegernummer not in (None, delivery.delivery.traegernummer):
            raise ContractBreachError(
                f"Die Lieferung ist vom Träger {delivery.delivery.traegernummer}, erwartet wird {traegernummer}.",
                hint="Die Quellendatei (JOBCENTER_QUELLEN) prüfen: vielleicht sind zwei Pfade vertauscht.",
                abschnitt="traeger-vertauscht",
            )
        return put_into_archive(delivery, archive_root, work, pseudonymiser, step)
