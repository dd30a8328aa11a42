"""Replace a folder as a whole: a reader sees the old report or the new one, never half of one."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from etl.files import private_folder, sync_folder


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside ``target`` that takes its place when the block ends without an error.

    What an earlier, killed run left behind is cleared first; if it was killed between the two renames, the previous
    folder is put back before anything else happens. A second run for the same parent folder waits for the first.
    """
    private_folder(target.parent)
    new, old = target.with_name(f".{target.name}.neu"), target.with_name(f".{target.name}.alt")
    with _locked(target.parent):
        if old.exists() and not target.exists():
            old.rename(target)
        _remove(old)
        _remove(new)
        new.mkdir()
        try:
            yield new
            sync_folder(new)
            if target.exists():
                target.rename(old)
            new.rename(target)
            _remove(old)
        finally:
            _remove(new)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of ``folder`` itself: no lock file is left, and the lock of a killed process is gone with it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
