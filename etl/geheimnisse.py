"""Secrets: from environment variables, or from the files that a container or a service mounts for its program.

A secret called ``JOBCENTER_WAREHOUSE`` is the environment variable of that name, or else the file
``/run/secrets/jobcenter_warehouse``. ``JOBCENTER_SECRETS_DIR`` names another folder. No error here shows a value.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from etl.errors import UsageError

MOUNTED = Path("/run/secrets")
"""Where containers find their secrets. It belongs to the container alone, so its files may have any mode."""
FOLDER = "JOBCENTER_SECRETS_DIR"
REFERENCE = "env:"
"""What an address begins with that stands somewhere else: ``env:JOBCENTER_LIEFERUNG``."""
ADDRESS = "JOBCENTER_LIEFERUNG"
"""What the names of all secrets begin with that hold the address of a source: no other secret can be asked for."""

_ABSCHNITT = "geheimnis"
_HOLDS_PASSWORD = re.compile(r"passwor[dt]|passwd|pwd|kennwort|secret|token", re.IGNORECASE)
_USER_AND_PASSWORD = re.compile(r"://[^/@]*:[^/]*@")


def folder() -> Path | None:
    """Return the folder of the secrets; None where there is none. Raises ``UsageError`` when a named one is missing."""
    given = os.environ.get(FOLDER)
    if not given:
        return MOUNTED if MOUNTED.is_dir() else None
    if not Path(given).is_dir():
        raise UsageError(
            f"Den Ordner {given} für Geheimnisse gibt es nicht.", hint=f"Er steht in {FOLDER}.", abschnitt="einstellung"
        )
    return Path(given)


def from_file(name: str) -> str | None:
    """Return what the file of the secret ``name`` holds; None when there is no such file."""
    place = folder()
    path = place / name.lower() if place else None
    return read(path) if path and os.path.lexists(path) else None


def lookup(name: str) -> str | None:
    """Return the secret ``name``: the environment variable, else the file, else None."""
    return os.environ.get(name) or from_file(name)


def read(path: Path) -> str:
    """Return the text of a secret's file without the end of its line.

    Raises ``UsageError`` when it is missing, unreadable or empty, and when other accounts of this machine can read it.
    """
    try:
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        text = ""
    if not text.strip():
        raise UsageError(
            f"Die Datei {path} mit einem Geheimnis ist leer oder nicht lesbar.",
            hint="Sie muss dort, wo jobcenter läuft, vorhanden und für seinen Benutzer lesbar sein.",
            abschnitt=_ABSCHNITT,
        )
    if _open_to_others(path):
        raise UsageError(
            f"Die Datei {path} mit einem Geheimnis können andere Benutzer dieses Rechners lesen.",
            hint="Rechte einschränken: chmod 600 auf die Datei. Das Geheimnis gilt als bekannt: bitte ändern.",
            abschnitt=_ABSCHNITT,
        )
    return text


def resolved(address: str) -> str:
    """Return the address of a source that ``env:JOBCENTER_LIEFERUNG…`` stands for; any other text as it is."""
    if not address.startswith(REFERENCE):
        return address
    name = address.removeprefix(REFERENCE)
    if not re.fullmatch(rf"{ADDRESS}[A-Z0-9_]*", name):
        raise UsageError(
            f"„{REFERENCE}“ steht vor einem Namen, der mit {ADDRESS} beginnt und aus A–Z, 0–9 und _ besteht.",
            hint=f"Zum Beispiel {REFERENCE}{ADDRESS}.",
            abschnitt=_ABSCHNITT,
        )
    value = lookup(name)
    if value is None:
        raise UsageError(
            f"Weder die Umgebungsvariable {name} noch die Datei {name.lower()} im Ordner der Geheimnisse ist da.",
            hint="Eine von beiden muss dort gesetzt sein, wo die Lieferung eingelesen wird.",
            abschnitt=_ABSCHNITT,
        )
    return value


def holds_password(address: str) -> bool:
    """Whether an address has a password in it, in its usual place or in an option. A path of a file never has."""
    if "://" not in address:
        return False
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        return bool(_USER_AND_PASSWORD.search(address))
    options = (f"{name}={value}" for name, value in url.query.items())
    return bool(url.password) or any(_HOLDS_PASSWORD.search(option) for option in options)


def _open_to_others(path: Path) -> bool:
    """Whether another account of this machine can get at the file. A read-only mount is made for its reader alone."""
    real = path.resolve()
    if path.parent == MOUNTED or os.statvfs(real).f_flag & os.ST_RDONLY:
        return False
    reachable = all(parent.stat().st_mode & stat.S_IXOTH for parent in real.parents)
    return reachable and bool(real.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH))
