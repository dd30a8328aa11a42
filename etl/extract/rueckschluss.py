"""Back from pseudonyms to the keys of the case-management system, where key file and delivery lie: for corrections."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from etl.contract import PSEUDONYMISED, TABLES
from etl.extract.opening import opened
from etl.extract.pseudonym import Pseudonymiser, load_key
from etl.files import staging


def originals(source: str, *, key_file: Path, work: Path) -> Mapping[str, Mapping[str, str]]:
    """Return for every kind of key (``kundennummer``, ``bg_nummer``, …) pseudonym to original, of a whole delivery.

    Only a delivery that is archived: its form is not checked again. ``work``: a folder for an unpacked zip. Raises
    like ``extract`` when the delivery cannot be read.
    """
    pseudonymiser = Pseudonymiser(load_key(key_file, create=False))
    with staging(work) as folder, opened(source, folder / "zip") as delivery:
        for table in TABLES.values():
            delivered = delivery.table(table)
            for batch in delivered.batches if delivered else ():
                for name in set(PSEUDONYMISED) & set(batch.schema.names):
                    pseudonymiser.column(name, batch.column(name).cast(pa.string()).drop_null())
    return {kind: {new: old for old, new in known.items()} for kind, known in pseudonymiser.known.items()}
