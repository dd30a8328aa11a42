"""What every source offers to extraction: its identity and, per table, batches of raw columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from etl.contract import Table
from etl.extract.archive import Delivery


@dataclass(frozen=True)
class RawTable:
    """A delivered table: the names of its columns, and its rows as untyped batches in delivered order."""

    column_names: tuple[str, ...]
    batches: Iterator[pa.RecordBatch]
    announced_rows: int | None
    """Rows by the manifest; None where the source has no manifest of files."""


class Source(Protocol):
    """A delivery that can be read: a folder, an unpacked zip or a database schema."""

    @property
    def delivery(self) -> Delivery:
        """Identity and Datenstand."""

    @property
    def source_sha256(self) -> str | None:
        """Hash over the delivered files, checked against the manifest; None for a database."""

    def table(self, table: Table) -> RawTable | None:
        """Open one table; None when an optional one was not delivered."""
