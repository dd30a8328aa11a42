"""Tables that one step keeps for the next: Parquet with checksums, so that a damaged file never becomes a wrong figure.

The archive has its own hashes. Compressed columns without a checksum would be read as other values when a bit of them
flips on a disk or on the way.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from etl import rechner
from etl.errors import DamagedError
from etl.files import write_atomically


def write(path: Path, table: pa.Table) -> None:
    """Keep a table, completely or not at all; the same table gives the same bytes."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    write_atomically(path, sink.getvalue())


def read(path: Path, schema: pa.Schema, what: str, hint: str) -> pa.Table:
    """Read a kept table back. ``what`` names it and ``hint`` says how it is made again, for ``DamagedError``.

    ``schema``: of the table that was written. The checksums are those of the columns; names and types have none.
    """
    try:
        table = pq.read_table(path, page_checksum_verification=True)
        if table.schema.equals(schema):
            return table
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError) or rechner.explained(error):
            raise
    raise DamagedError(f"{what} in der Datei {path} sind beschädigt.", hint=hint)
