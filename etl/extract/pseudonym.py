"""Keyed pseudonyms of the keys of persons and cases (§ 67c SGB X, Art. 25 and 32 GDPR).

A pseudonym is a BLAKE2b hash keyed with a secret of this job centre, in 12 letters and digits. The same key gives the
same pseudonym in every delivery, so records can be followed over months; without the key file nobody can lead a
pseudonym back to its Kundennummer by trying all numbers. 60 bits: at 100,000 persons two share one with a chance
of 1 in 200 million, and extraction would stop at the duplicate key rather than mix two persons.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from etl.errors import JobcenterError
from etl.files import private_folder, remove_abandoned, staging

_KEY_BYTES = 32
_LENGTH = 12


def load_key(path: Path, *, create: bool) -> bytes:
    """Return the key, with ``create`` making it once with mode 0600. A key that others can read is refused.

    Whoever has pseudonyms already must not ``create``: with a new key every person would be a new one.
    """
    if not path.exists():
        if not create:
            raise JobcenterError(
                f"Die Schlüsseldatei {path} fehlt; mit ihr entstanden die Pseudonyme im Archiv.",
                hint="Aus der Sicherung zurückspielen: mit einem neuen Schlüssel passen alte Pseudonyme nicht mehr.",
                abschnitt="pseudonymschluessel-fehlt",
            )
        private_folder(path.parent)
        _create(path)
    if path.stat().st_mode & 0o077:
        raise JobcenterError(
            f"Die Schlüsseldatei {path} ist für andere lesbar.",
            hint="Rechte einschränken: chmod 600 auf die Datei.",
            abschnitt="pseudonymschluessel-rechte",
        )
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise JobcenterError(
            f"Die Schlüsseldatei {path} ist beschädigt.",
            hint="Aus der Sicherung zurückspielen: mit einem neuen Schlüssel passen alte Pseudonyme nicht mehr.",
            abschnitt="pseudonymschluessel-beschaedigt",
        )
    remove_abandoned(path.parent)
    return key


def _create(path: Path) -> None:
    """Write the key beside its place and link it in: two first runs at once agree on one key, a kill leaves none."""
    with staging(path.parent) as folder:
        temporary = folder / path.name
        with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
            stream.write(secrets.token_bytes(_KEY_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileExistsError):
            os.link(temporary, path)


@dataclass(frozen=True)
class Pseudonymiser:
    """Replaces keys by pseudonyms. ``known`` remembers what was hashed, per kind of key."""

    key: bytes
    known: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    @property
    def key_id(self) -> str:
        """Names the key without revealing it: kept with every archive."""
        return hashlib.blake2b(b"key-id", key=self.key, digest_size=8).hexdigest()

    def column(self, name: str, values: pa.Array) -> pa.Array:
        """Pseudonymise a column; ``name`` is the kind of key, so that equal texts of two kinds do not meet."""
        encoded = values.dictionary_encode()
        known = self.known.setdefault(name, {})
        kind = name.encode()
        pseudonyms: list[str] = []
        for original in encoded.dictionary.to_pylist():
            pseudonym = known.get(original)
            if pseudonym is None:
                pseudonym = known[original] = self._pseudonym(kind, original)
            pseudonyms.append(pseudonym)
        return pa.DictionaryArray.from_arrays(encoded.indices, pa.array(pseudonyms, pa.string())).dictionary_decode()

    def _pseudonym(self, kind: bytes, original: str) -> str:
        digest = hashlib.blake2b(original.encode(), key=self.key, person=kind, digest_size=10).digest()
        return base64.b32encode(digest).decode("ascii").lower()[:_LENGTH]
