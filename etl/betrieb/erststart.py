"""Secrets and certificates of a first start: ``python -m etl.betrieb.erststart FOLDER``.

Creates what is not there and leaves everything else as it is, so it may be run again after an upgrade that needs one
more secret. Every file has mode 0600 and belongs to the service user of the images, the folder mode 0700. Only names
are printed. To change a secret, delete its file (a password: with every file that holds it), run this again, restart.
"""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SERVICE_USER = 10001
"""User and group of every service (``Containerfile``)."""

PASSWORDS = ("postgres", "besitzer", "lauf", "lesend", "airflow", "broker")
_LOGINS = {
    "warehouse_besitzer": ("warehouse_besitzer", "besitzer", "warehouse"),
    "warehouse_lauf": ("jobcenter_lauf", "lauf", "warehouse"),
    "warehouse_lesend": ("jobcenter_lesend", "lesend", "warehouse"),
    "airflow_datenbank": ("airflow", "airflow", "airflow"),
}
"""File of an address: login, whose password, database."""

SERVERS = ("datenbank", "broker")
"""Services with a certificate; the name is the one they are reached by."""

_AUTHORITY_DAYS = 3650
_SERVER_DAYS = 825  # what clients accept at most
_CA = "/run/secrets/ca_zertifikat"


def create(folder: Path) -> list[str]:
    """Create what ``folder`` lacks; return the names of the new files in order.

    A kill leaves no half file: each is written beside its place and renamed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    before = {path.name for path in folder.iterdir()}
    for name in PASSWORDS:
        _once(folder / f"kennwort_{name}", lambda: secrets.token_urlsafe(32))
    for file, (login, password, database) in _LOGINS.items():
        _once(folder / file, lambda: _address(login, _read(folder, f"kennwort_{password}"), database))  # noqa: B023
    _once(folder / "airflow_broker", lambda: _broker(_read(folder, "kennwort_broker")))
    _once(folder / "airflow_fernet_key", lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    # Airflow refuses HMAC keys that are shorter than their hash (64 bytes with SHA-512).
    _once(folder / "airflow_jwt_secret", lambda: secrets.token_hex(64))
    _once(folder / "airflow_secret_key", lambda: secrets.token_hex(64))
    _certificates(folder)
    return sorted({path.name for path in folder.iterdir()} - before)


def _address(login: str, password: str, database: str) -> str:
    # verify-full: the server must show a certificate of our authority that names the host we wanted.
    return f"postgresql+psycopg://{login}:{password}@datenbank:5432/{database}?sslmode=verify-full&sslrootcert={_CA}"


def _broker(password: str) -> str:
    return f"rediss://:{password}@broker:6379/0?ssl_cert_reqs=required&ssl_ca_certs={_CA}"


def _certificates(folder: Path) -> None:
    """An authority of this installation alone, and a certificate for each server signed by it."""
    _once(folder / "ca_schluessel", _new_key)
    authority = _key(folder / "ca_schluessel")
    issuer = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, "jobcenter: Zertifizierungsstelle dieser Installation")]
    )
    usage = x509.BasicConstraints(ca=True, path_length=0)
    own = _builder(issuer, issuer, authority.public_key(), _AUTHORITY_DAYS).add_extension(usage, critical=True)
    _once(folder / "ca_zertifikat", lambda: _pem(own.sign(authority, hashes.SHA256())))
    for server in SERVERS:
        _once(folder / f"{server}_schluessel", _new_key)
        key = _key(folder / f"{server}_schluessel")
        _once(folder / f"{server}_zertifikat", lambda: _server(server, key, issuer, authority))  # noqa: B023


def _server(
    host: str, key: ec.EllipticCurvePrivateKey, issuer: x509.Name, authority: ec.EllipticCurvePrivateKey
) -> str:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    names = [x509.DNSName(host), x509.DNSName("localhost"), x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]
    builder = (
        _builder(subject, issuer, key.public_key(), _SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
    return _pem(builder.sign(authority, hashes.SHA256()))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))  # clocks of a house differ a little
        .not_valid_after(now + dt.timedelta(days=days))
    )


def _new_key() -> str:
    return (
        ec.generate_private_key(ec.SECP256R1())
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode()
    )


def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path.name} is not a key of this program")
    return key


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def _once(path: Path, content: Callable[[], str]) -> None:
    """Write ``path`` with mode 0600 unless it is there; give it to the service user where we may."""
    if not path.exists():
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(content())
        temporary.replace(path)
    if os.geteuid() == 0:
        os.chown(path, SERVICE_USER, SERVICE_USER)


def main() -> int:
    """Entry point; returns the exit status."""
    if len(sys.argv) != 2:
        print("Aufruf: python -m etl.betrieb.erststart ORDNER", file=sys.stderr)
        return 2
    new = create(Path(sys.argv[1]))
    print("Neu angelegt: " + (", ".join(new) if new else "nichts, alles ist da"))
    if os.geteuid() != 0:
        print(
            f"Hinweis: Die Dateien gehören noch nicht dem Dienstkonto; als root: chown {SERVICE_USER}:{SERVICE_USER}",
            file=sys.stderr,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
