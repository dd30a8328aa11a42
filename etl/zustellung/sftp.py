"""The way of SFTP: a folder on another machine, whose host key is known before the first connection."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh

from etl.errors import NotDeliverableError, UnreachableError
from etl.zustellung.empfaenger import Geheimnis, Sftp
from etl.zustellung.sendung import Probe, Sendung, damaged, difference, occupied, part_name

CONNECT_SECONDS = 30
SILENT_SECONDS = 15
"""After so long without a word the server is asked whether it is there; after the third time it is gone."""
WHOLE_SECONDS = 1800
"""The longest a whole consignment may take: also a server that answers and does nothing comes to an end."""


def deliver(weg: Sftp, sendung: Sendung) -> Probe:
    """Put the consignment into the folder of the server: built up under a hidden name, read back, renamed.

    Where the server forbids reading, the sizes are compared. Raises ``UnreachableError`` when the server cannot be
    reached or goes away, ``NotDeliverableError`` for another host key, a refused login, and what it does not take.
    """
    with _explained(weg), _quiet():
        return asyncio.run(_within(weg, sendung))


async def _within(weg: Sftp, sendung: Sendung) -> Probe:
    async with (
        asyncio.timeout(WHOLE_SECONDS),
        asyncssh.connect(weg.server, weg.port, **_options(weg)) as connection,
        connection.start_sftp_client() as sftp,
    ):
        return await _put(weg, sftp, sendung)


def _options(weg: Sftp) -> dict[str, Any]:
    """Return how to connect: by the settings alone, neither by the user's SSH configuration nor by an agent."""
    return {
        "username": weg.benutzer,
        "known_hosts": _known_hosts(weg),
        "client_keys": [_private_key(weg, weg.schluessel)] if weg.schluessel else None,
        "password": weg.kennwort.lesen() if weg.kennwort else None,
        "config": None,
        "agent_path": None,
        "connect_timeout": CONNECT_SECONDS,
        "login_timeout": CONNECT_SECONDS,
        "keepalive_interval": SILENT_SECONDS,
    }


def _known_hosts(weg: Sftp) -> asyncssh.SSHKnownHosts | tuple[list[asyncssh.SSHKey], list[Any], list[Any]]:
    if not isinstance(weg.serverschluessel, Path):
        return [asyncssh.import_public_key(key) for key in weg.serverschluessel], [], []
    try:
        return asyncssh.import_known_hosts(weg.serverschluessel.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotDeliverableError(
            f"{weg}: Die Datei {weg.serverschluessel} mit den Schlüsseln der Server ist nicht lesbar.",
            hint="Erwartet wird eine Datei wie ~/.ssh/known_hosts.",
            abschnitt="serverschluessel",
        ) from None


def _private_key(weg: Sftp, geheimnis: Geheimnis) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_private_key(geheimnis.lesen())
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        # What the file holds instead of a key is not shown.
        raise NotDeliverableError(
            f"{weg}: Die Datei {geheimnis.datei} ist kein privater Schlüssel, den das Programm verwenden kann.",
            hint="Erwartet wird ein privater OpenSSH-Schlüssel ohne Kennwort, nur für diesen Benutzer lesbar.",
            abschnitt="zustellung-geheimnis",
        ) from None


async def _put(weg: Sftp, sftp: asyncssh.SFTPClient, sendung: Sendung) -> Probe:
    target, part = f"{weg.ordner}/{sendung.name}", f"{weg.ordner}/{part_name(sendung.name)}"
    if await sftp.exists(target):
        probe, found = await _content(sftp, target)
        if different := difference(found, sendung, probe):
            raise occupied(str(weg), sendung, different)
        return probe
    if await sftp.exists(part):  # of a delivery that was cut off
        await sftp.rmtree(part)
    await sftp.mkdir(part)
    for folder in sendung.unterordner:
        await sftp.mkdir(f"{part}/{folder}")
    for piece in sendung.stuecke:
        await sftp.put(str(piece.quelle), f"{part}/{piece.name}")
    probe, found = await _content(sftp, part)
    if different := difference(found, sendung, probe):
        raise damaged(str(weg), different)
    # Not posix-rename: a plain rename never takes the place of something that is there already.
    await sftp.rename(part, target)
    return probe


async def _content(sftp: asyncssh.SFTPClient, folder: str) -> tuple[Probe, dict[str, str | int]]:
    """Return the hashes of the files below a folder, or their sizes where they must not be read."""
    sizes = await _sizes(sftp, folder)
    try:
        return "inhalt", {name: await _sha256(sftp, f"{folder}/{name}") for name in sizes}
    except asyncssh.SFTPPermissionDenied:
        return "groesse", dict(sizes)


async def _sizes(sftp: asyncssh.SFTPClient, folder: str) -> dict[str, int]:
    sizes: dict[str, int] = {}
    async for entry in sftp.scandir(folder):
        name = str(entry.filename)
        if name in (".", ".."):
            continue
        if entry.attrs.type == asyncssh.FILEXFER_TYPE_DIRECTORY:
            inner = await _sizes(sftp, f"{folder}/{name}")
            sizes |= {f"{name}/{path}": size for path, size in inner.items()}
        else:
            sizes[name] = entry.attrs.size if entry.attrs.size is not None else -1
    return sizes


async def _sha256(sftp: asyncssh.SFTPClient, path: str) -> str:
    digest = hashlib.sha256()
    async with sftp.open(path, "rb") as stream:
        while True:
            chunk: bytes = await stream.read(1 << 20)
            if not chunk:
                return digest.hexdigest()
            digest.update(chunk)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep asyncio from writing a line of its own for every piece that a broken connection does not take."""
    logger = logging.getLogger("asyncio")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


@contextmanager
def _explained(weg: Sftp) -> Iterator[None]:
    """Say in German what happened; what the server wrote is not repeated."""
    try:
        yield
    except asyncssh.HostKeyNotVerifiable:
        raise NotDeliverableError(
            f"{weg}: Der Server zeigt einen anderen Schlüssel als den hinterlegten. Gesendet wurde nichts.",
            hint="Nicht einfach übernehmen: Beim Betreiber auf anderem Weg (Telefon) nach dem neuen Schlüssel fragen. "
            "Erst dann „serverschluessel“ in der Empfängerdatei ändern.",
            abschnitt="serverschluessel",
        ) from None
    except asyncssh.PermissionDenied:
        raise NotDeliverableError(
            f"{weg}: Die Anmeldung als „{weg.benutzer}“ wurde abgelehnt.",
            hint="Benutzer und Schlüssel oder Kennwort prüfen; beim Betreiber fragen, ob das Konto gesperrt ist.",
            abschnitt="zustellung-anmeldung",
        ) from None
    except asyncssh.KeyExchangeFailed:
        raise NotDeliverableError(
            f"{weg}: Es gibt kein Verschlüsselungsverfahren, das beide Seiten für sicher halten.",
            hint="Der Betreiber muss seinen Server erneuern.",
            abschnitt="zustellung-verschluesselung",
        ) from None
    except (asyncssh.SFTPPermissionDenied, asyncssh.SFTPWriteProtect, asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        raise NotDeliverableError(
            f"{weg}: In diesen Ordner darf „{weg.benutzer}“ nicht schreiben, oder es gibt ihn nicht.",
            hint="„ordner“ in der Empfängerdatei prüfen; den Betreiber um das Recht zum Schreiben bitten.",
        ) from None
    except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection, asyncssh.SFTPEOFError) as error:
        raise _gone(weg, error) from None
    except asyncssh.SFTPError:
        raise NotDeliverableError(
            f"{weg}: Der Server nimmt die Dateien nicht an; oft ist sein Speicher voll.",
            hint="Den Betreiber fragen. Halb gesendete Dateien liegen dort höchstens in einem Ordner, der mit einem "
            "Punkt beginnt; der nächste Versuch räumt ihn weg.",
        ) from None
    except (asyncssh.Error, OSError) as error:  # TimeoutError is an OSError
        raise _gone(weg, error) from None


def _gone(weg: Sftp, error: BaseException) -> UnreachableError:
    return UnreachableError(
        f"{weg}: Der Server ist nicht erreichbar oder hat die Verbindung beendet ({type(error).__name__}).",
        hint="Später wiederholen; was schon angekommen ist, wird nicht noch einmal gesendet.",
    )
