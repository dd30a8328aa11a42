"""The other side of a delivery, real and over loopback: OpenSSH's server, an SMTP server, a line that breaks."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import resource
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

KENNWORT = "streng-geheim-4711"
"""The password of the SMTP server."""
SSHD = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin")


@dataclass(frozen=True)
class Server:
    """A running sshd: its port, its host key as known_hosts writes it, and a private key that it lets in."""

    port: int
    hostkey: str
    schluessel: Path

    def weg(self, ordner: Path, **anderes: Any) -> Mapping[str, Any]:
        """Return the settings of a way to a folder of the server."""
        return {
            "sftp": {
                "server": "127.0.0.1",
                "port": self.port,
                "benutzer": getpass.getuser(),
                "ordner": str(ordner),
                "anmeldung": {"schluessel_datei": str(self.schluessel)},
                "serverschluessel": {"schluessel": [self.hostkey]},
                **anderes,
            }
        }


def debian_postgres() -> Path:
    """Return the folder of the programs of Debian's PostgreSQL; skip without, fail where everything must be there."""
    folders = sorted(Path("/usr/lib/postgresql").glob("[1-9]*/bin"), key=lambda path: int(path.parent.name))
    if not folders:
        if os.environ.get("CI"):
            pytest.fail("Kein PostgreSQL: .ci/run installiert postgresql aus den Paketen von Debian.")
        pytest.skip("Kein PostgreSQL von Debian auf dieser Maschine (apt-get install postgresql).")
    return folders[-1]


def require_sshd() -> None:
    """Skip without OpenSSH's server; fail where everything must be there."""
    if SSHD is None:
        if os.environ.get("CI"):
            pytest.fail("Kein sshd: .ci/run installiert openssh-server aus den Paketen von Debian.")
        pytest.skip("Kein sshd auf dieser Maschine (apt-get install openssh-server).")


def neuer_schluessel(path: Path) -> str:
    """Write a private key to ``path`` and return its public key."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(path)
    path.chmod(0o600)
    return key.export_public_key().decode().strip()


def freier_port() -> int:
    """Return a port of the loopback address that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def sshd(folder: Path, *, sftp: str = "internal-sftp", hoechstens: int | None = None) -> Iterator[Server]:
    """Run OpenSSH's server for the user of the tests.

    ``sftp``: its SFTP command, such as ``internal-sftp -R`` for one that forbids writing. ``hoechstens``: bytes that a
    file may have, which is how a full disk looks to the client.
    """
    folder.mkdir(parents=True)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # the server of the superuser wants it
    hostkey, login, port = neuer_schluessel(folder / "host"), neuer_schluessel(folder / "client"), freier_port()
    (folder / "authorized_keys").write_text(f"{login}\n")
    (folder / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized_keys\n"
        f"PidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n"
        f"Subsystem sftp {sftp}\n"
    )
    assert SSHD is not None
    process = subprocess.Popen(
        [SSHD, "-D", "-e", "-f", str(folder / "sshd_config")],
        stderr=subprocess.DEVNULL,
        restore_signals=False,  # who exceeds the limit gets an error, not a signal
    )
    if hoechstens is not None:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hoechstens, hoechstens))
    try:
        _wait_for(port)
        yield Server(port, hostkey, folder / "client")
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"auf Port {port} antwortet niemand")


@dataclass
class Postamt:
    """A running SMTP server and what it was given. ``antworten``: what it says to the next messages instead of yes."""

    port: int
    zertifikat: Path
    nachrichten: list[bytes] = field(default_factory=list)
    antworten: list[str] = field(default_factory=list)
    ohne_abschied: bool = False

    def weg(self, **anderes: Any) -> Mapping[str, Any]:
        """Return the settings of a way to an address of the server; the password lies beside them."""
        return {
            "mail": {
                "an": "dezernat@example.org",
                "von": "jobcenter@example.org",
                "server": "localhost",
                "port": self.port,
                "verbindung": "starttls",
                "benutzer": "jobcenter",
                "anmeldung": {"kennwort_datei": "kennwort"},
                "ca_datei": str(self.zertifikat),
                **anderes,
            }
        }

    # How aiosmtpd calls its handler.
    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.antworten:
            return self.antworten.pop(0)
        assert isinstance(envelope.content, bytes)
        self.nachrichten.append(envelope.content)
        return "250 2.0.0 angenommen"

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        return "451 4.3.0 jetzt nicht" if self.ohne_abschied else "221 2.0.0 bis bald"


@contextmanager
def postamt(folder: Path, *, starttls: bool = True) -> Iterator[Postamt]:
    """Run an SMTP server that demands STARTTLS and a login with ``KENNWORT``, or one that has neither."""
    folder.mkdir(parents=True)
    certificate, key = zertifikat(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    office = Postamt(freier_port(), certificate)
    controller = Controller(
        office,
        hostname="127.0.0.1",
        port=office.port,
        tls_context=context if starttls else None,
        require_starttls=starttls,
        auth_required=starttls,
        authenticator=lambda _server, _session, _envelope, _mechanism, login: AuthResult(
            success=isinstance(login, LoginPassword) and login.password == KENNWORT.encode(), handled=False
        ),
    )
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def zertifikat(folder: Path, rechner: str = "localhost") -> tuple[Path, Path]:
    """Write a certificate for one host that stands for itself, and its key; return their paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, rechner)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2120, 1, 1, tzinfo=dt.UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(rechner)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "zertifikat.pem", folder / "schluessel.pem"
    paths[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    paths[1].chmod(0o600)
    return paths


class Leitung:
    """A line to a port that breaks after a number of bytes, for the first connections; later ones hold."""

    def __init__(self, target: int, *, bytes_bis: int, abbrueche: int = 1) -> None:
        self._target, self._bytes, self._abbrueche = target, bytes_bis, abbrueche
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.verbindungen = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.verbindungen += 1
            left = self._bytes if self.verbindungen <= self._abbrueche else None
            server = socket.create_connection(("127.0.0.1", self._target))
            threading.Thread(target=self._pump, args=(client, server, left), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, None), daemon=True).start()

    @staticmethod
    def _pump(source: socket.socket, target: socket.socket, left: int | None) -> None:
        with suppress(OSError), source:
            while chunk := source.recv(4096):
                if left is not None and (left := left - len(chunk)) < 0:
                    break
                target.sendall(chunk)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
