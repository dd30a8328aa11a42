"""Files that are there completely or not at all: staging folders that survive no kill, atomic replacement."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = ".staging-"


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for its owner only. What is there already stays as it is."""
    for place in reversed([folder, *folder.parents]):
        if not place.is_dir():
            place.mkdir(mode=0o700, exist_ok=True)  # another process may be making it


@contextmanager
def staging(parent: Path) -> Iterator[Path]:
    """Yield a fresh folder below ``parent`` that is removed at the end, whatever happens.

    A process that was killed cannot clean up: its folder is recognised by the lock it no longer holds, and removed
    by the next one.
    """
    private_folder(parent)
    remove_abandoned(parent)
    folder = parent / f"{_PREFIX}{uuid.uuid4().hex}"
    lock = folder.with_suffix(".lock")
    with _held(lock):
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            lock.unlink(missing_ok=True)


@contextmanager
def scratch(parent: Path) -> Iterator[None]:
    """Let this process put everything it writes only for a while below ``parent``, also what libraries write.

    Sorting may spill records of persons, a workbook is made of a hundred little files: in the temporary folder of the
    system all that would stay when the process is killed. Here the next process removes it (see ``staging``).
    """
    before = tempfile.tempdir
    with staging(parent) as folder:
        tempfile.tempdir = str(folder)
        try:
            yield
        finally:
            tempfile.tempdir = before


@contextmanager
def _held(lock: Path) -> Iterator[None]:
    """Hold a new lock file. Another process may take it for abandoned before it is held: then it is made again."""
    while True:
        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            if lock.exists() and lock.stat().st_ino == os.fstat(held.fileno()).st_ino:
                yield
                return


def remove_abandoned(parent: Path) -> None:
    """Remove what killed processes left of their staging folders in ``parent``: for who finds there what it needs."""
    for lock in sorted(parent.glob(f"{_PREFIX}*.lock")):
        # Its owner may just have ended and removed it; and cleaning up is no reason to fail.
        with suppress(OSError), lock.open("r+") as candidate:
            try:
                fcntl.flock(candidate, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # its owner lives
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with staging(path.parent) as folder:
        temporary = folder / path.name
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)


def sync_folder(folder: Path) -> None:
    """Bring a finished folder and all below it to the disk, so that a rename after it cannot come first."""
    for path in [*folder.rglob("*"), folder]:
        sync(path)


def sync(path: Path) -> None:
    """Bring one file or one folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
