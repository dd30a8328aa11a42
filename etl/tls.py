"""TLS to PostgreSQL: case data and passwords leave this machine encrypted, for a server that has proved who it is."""

from __future__ import annotations

import ipaddress
import os
import ssl
from pathlib import Path

from sqlalchemy import URL

from etl.errors import UsageError

ENCRYPTED = ("require", "verify-ca", "verify-full")
"""What ``sslmode`` may be for a server that is not on this machine. Only the last proves whom one talks to."""
DEFAULT = "verify-full"

_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "service": "PGSERVICE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}
_ABSCHNITT = "verschluesselte-verbindung"
_UNENCRYPTED = ("disable", "allow", "prefer")
_USERS_ROOT = Path("~/.postgresql/root.crt")
"""Where libpq looks for trusted certificates by itself."""


def options(url: URL) -> dict[str, str]:
    """Return what to connect with beside ``url``: its ``sslmode`` and the certificates that are trusted.

    A server on the loopback interface or a socket is asked for nothing. For every other one TLS with a checked
    certificate is the default, by the authorities of the URL's ``sslrootcert``, else of the user
    (``~/.postgresql/root.crt``), else of this machine. Raises ``UsageError`` when the URL or ``PGSSLMODE`` asks for
    a connection that may be unencrypted.
    """
    given = _given(url)
    mode = given.get("sslmode")
    if mode is None and _on_this_machine(given):
        return {}
    if mode not in (None, *ENCRYPTED) and not _on_this_machine(given):
        place = f"„{url.database}“ auf {given.get('host') or given.get('hostaddr') or given.get('service')}"
        why = (
            f"sslmode={mode} lässt eine unverschlüsselte zu" if mode in _UNENCRYPTED else "diesen sslmode gibt es nicht"
        )
        raise UsageError(
            f"Die Verbindung zur Datenbank {place} muss verschlüsselt sein: {why}.",
            hint="„sslmode“ weglassen (dann gilt verify-full). Hat das Haus eine eigene Zertifizierungsstelle, ihr "
            "Zertifikat nennen: ?sslrootcert=/pfad/ca.pem. Auch PGSSLMODE in der Umgebung zählt.",
            abschnitt=_ABSCHNITT,
        )
    mode = mode or DEFAULT
    trusted = _trusted() if mode.startswith("verify-") and "sslrootcert" not in given else {}
    return {"sslmode": mode} | trusted


def explained(error: BaseException | None) -> tuple[str, str, str] | None:
    """Say in German why TLS failed, what to do, and where the handbook says more; None when it is something else."""
    text = str(error)
    return next(((what, advice, _ABSCHNITT) for sign, what, advice in _FAILURES if sign in text), None)


_FAILURES = (
    (
        "does not support SSL",
        "Der Server bietet keine verschlüsselte Verbindung an. Gesendet wurde nichts.",
        "Beim Betreiber TLS einschalten lassen (ssl = on); unverschlüsselt wird mit anderen Rechnern nicht gesprochen.",
    ),
    (
        "certificate verify failed",
        "Das Zertifikat des Servers ist abgelaufen oder nicht von einer Zertifizierungsstelle, der hier vertraut wird.",
        "Das Zertifikat der Stelle beim Betreiber erfragen und nennen: ?sslrootcert=/pfad/ca.pem in der Adresse.",
    ),
    (
        "does not match host name",
        "Das Zertifikat des Servers gilt für einen anderen Rechnernamen als den der Adresse.",
        "In der Adresse den Namen verwenden, für den das Zertifikat ausgestellt ist; sonst beim Betreiber nachfragen.",
    ),
    (
        "root certificate file",
        "Die Datei mit dem Zertifikat der Zertifizierungsstelle fehlt oder ist nicht lesbar.",
        "„sslrootcert“ in der Adresse prüfen, oder die Zertifikate des Betriebssystems installieren (ca-certificates).",
    ),
)


def _given(url: URL) -> dict[str, str]:
    """Return what libpq would connect with: the URL, and the environment where the URL is silent."""
    written = {name: ",".join(values) for name, values in url.normalized_query.items()}
    if url.host:
        written["host"] = ",".join([url.host, *url.normalized_query.get("host", ())])
    found = {name: written.get(name) or os.environ.get(variable, "") for name, variable in _VARIABLES.items()}
    return {name: value for name, value in found.items() if value}


def _on_this_machine(given: dict[str, str]) -> bool:
    """Whether every host is this machine. A name that only resolves to it is a name of another: a tunnel ends here."""
    hosts = [host for name in ("host", "hostaddr") for host in given.get(name, "").split(",") if host]
    # A service is a section of a file that may name any host.
    return "service" not in given and all(_is_here(host) for host in hosts)


def _is_here(host: str) -> bool:
    if host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _trusted() -> dict[str, str]:
    if _USERS_ROOT.expanduser().exists():
        return {}
    # The libpq of the wheel has its own idea of where certificates are; Python's is the one of this machine.
    return {"sslrootcert": ssl.get_default_verify_paths().cafile or "system"}
