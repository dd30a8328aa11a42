"""Which kind of source a delivery is: a folder, a zip or a database, told by how it is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from etl.extract.database import open_database
from etl.extract.files import delivery_path, open_folder, unpacked
from etl.extract.source import Source


@contextmanager
def opened(source: str, zip_folder: Path) -> Iterator[Source]:
    """Open a folder, a zip (unpacked into ``zip_folder``) or a SQLAlchemy URL."""
    if "://" in source:
        with open_database(source) as database:
            yield database
        return
    path = delivery_path(source)
    if path.is_dir():
        yield open_folder(path)
        return
    with unpacked(path, zip_folder) as folder:
        yield open_folder(folder)
