"""Report files for a reader: only what a passport names, only the bytes it names, each as fits its kind."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from etl import disclosure
from etl.disclosure import Empfaengerkreis
from etl.errors import NachweisError, UsageError
from etl.release import Bericht
from etl.settings import Settings
from etl.warehouse import Dateipass

TYPES: Mapping[str, str] = {
    ".csv": "text/csv; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".rdf": "application/rdf+xml",
    ".ttl": "text/turtle; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
}
"""Content types by the ending of a name; anything else is bytes."""
VIEWED = (".html", ".pdf", ".txt")
"""What a browser shows; everything else is saved."""

_ALONE = "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
# A page of ours with its own script: in an origin of nobody, so that it can neither read a cookie nor ask the server.
_SANDBOX = (
    "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; "
    f"style-src 'unsafe-inline'; img-src data:; font-src data:; {_ALONE}"
)


@dataclass(frozen=True)
class Datei:
    """A file of a report. ``pfad``: below the month folder. ``groesse`` None: it is not there as it was written."""

    pfad: str
    sha256: str
    pass_id: int
    groesse: int | None

    @property
    def name(self) -> str:
        """Its path below the folder of its product."""
        return "/".join(PurePosixPath(self.pfad).parts[2:])

    @property
    def ansehbar(self) -> bool:
        """Whether a browser shows it."""
        return self.pfad.endswith(VIEWED)


@dataclass(frozen=True)
class Produkt:
    """The files of one product for one circle of readers."""

    titel: str
    dateien: tuple[Datei, ...]


@dataclass(frozen=True)
class Kreis:
    """What one circle of readers gets."""

    titel: str
    geheimhaltung: bool
    produkte: tuple[Produkt, ...]


def of_report(settings: Settings, bericht: Bericht, passports: Mapping[str, Dateipass]) -> list[Kreis]:
    """Return the files of a report by circle and product, in the order of the publication plan."""
    files = [
        Datei(path, known.sha256, known.pass_id, _size(settings, bericht, path, known))
        for path, known in sorted(passports.items())
    ]
    circles = []
    for kreis in Empfaengerkreis:
        products = [
            Produkt(product.titel, tuple(file for file in files if file.pfad.startswith(f"{kreis}/{product.code}/")))
            for product in disclosure.berichte()
        ]
        written = tuple(product for product in products if product.dateien)
        if written:
            circles.append(Kreis(disclosure.kreis_titel(kreis), kreis.geheimhaltung, written))
    return circles


def content(settings: Settings, bericht: Bericht, path: str, passports: Mapping[str, Dateipass]) -> bytes:
    """Return the bytes of a file that has a passport.

    Raises ``UsageError`` when no passport names the path, ``NachweisError`` when the file is gone or another one.
    """
    known = passports.get(path)
    if known is None:
        raise UsageError("Eine Datei dieses Namens gehört nicht zum Bericht.")
    found = _bytes(settings, bericht, path, known)
    if found is None:
        raise NachweisError(
            "Die Datei fehlt oder ist nicht die, die geschrieben wurde; sie wird nicht gezeigt.",
            hint="„jobcenter verify“ nennt, was verändert wurde. Danach den Bericht neu schreiben und neu prüfen.",
        )
    return found


def headers(bericht: Bericht, path: str, known: Dateipass, *, save: bool) -> dict[str, str]:
    """Return the headers a file is sent with: kind, name, proof, and what it may do in a browser.

    The name says whose it is, of which month, and for which circle of readers: files of two folders may have the same.
    """
    place = PurePosixPath(path)
    filename = "_".join((bericht.traegernummer, str(bericht.monat), place.parts[0], place.name))
    shown = path.endswith(VIEWED) and not save
    sent = {
        "Content-Type": TYPES.get(place.suffix, "application/octet-stream"),
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(filename)}",
        "X-Zahlenpass": str(known.pass_id),
        "X-SHA256": known.sha256,
    }
    if path.endswith(".html"):
        return {**sent, "Content-Security-Policy": _SANDBOX}
    # The PDF viewer of a browser is a page of its own and does not start under a stricter policy.
    return {**sent, "Content-Security-Policy": _ALONE}


def _bytes(settings: Settings, bericht: Bericht, path: str, known: Dateipass) -> bytes | None:
    """Return the bytes of a file if they are those of its passport. Its name is one that we wrote ourselves."""
    try:
        found = (settings.reports / bericht.pfad / path).read_bytes()
    except OSError:
        return None
    return found if hashlib.sha256(found).hexdigest() == known.sha256 else None


def _size(settings: Settings, bericht: Bericht, path: str, known: Dateipass) -> int | None:
    found = _bytes(settings, bericht, path, known)
    return None if found is None else len(found)
