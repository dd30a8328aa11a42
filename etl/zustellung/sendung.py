"""A consignment (Sendung): what one recipient gets of one report, complete or not at all.

At the recipient it is one folder that carries Träger, Berichtsmonat, Fassung and Datenstand, and the beginning of the
hash of what is in it. The Fassung counts what this recipient got of this month: of several, the highest one holds. So a
corrected report lies beside the first, nothing at a recipient is ever overwritten, and what is there is recognised.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from etl.errors import NotDeliverableError, UnreachableError
from etl.release import SHORT, Bericht, content_sha256

Probe = Literal["inhalt", "groesse", "angenommen"]
"""How a delivery was checked: its bytes were read back, their number was, or the server said that it has them."""


@dataclass(frozen=True)
class Freigegeben:
    """A released report: SHA-256 of its ``dateien`` by path below ``ordner``."""

    bericht: Bericht
    datenstand: dt.date
    ordner: Path
    dateien: Mapping[str, str]

    @property
    def sha256(self) -> str:
        """The content that was released."""
        return content_sha256(self.dateien)


@dataclass(frozen=True)
class Stueck:
    """One file of a consignment as it is sent.

    ``datei``: its path in the report; ``name``: its path at the recipient. ``quelle``: the bytes to send, with their
    hash and size; ``sha256``: hash of the file in the report (the same unless it is encrypted).
    """

    datei: str
    name: str
    quelle: Path
    sha256: str
    gesendet_sha256: str
    groesse: int


@dataclass(frozen=True)
class Sendung:
    """What is sent to one recipient: ``name`` is its folder there, ``titel`` names the products for people."""

    bericht: Bericht
    datenstand: dt.date
    fassung: int
    name: str
    titel: str
    stuecke: tuple[Stueck, ...]

    @property
    def unterordner(self) -> tuple[str, ...]:
        """Return the folders below ``name``, each after the one it lies in."""
        folders = {str(parent) for piece in self.stuecke for parent in Path(piece.name).parents} - {"."}
        return tuple(sorted(folders))


def folder_name(report: Freigegeben, files: Mapping[str, str], fassung: int) -> str:
    """Return the name of the folder at the recipient that holds ``files`` (SHA-256 by path)."""
    version = f"{report.bericht.monat}_Fassung-{fassung:02}_Datenstand-{report.datenstand.isoformat()}"
    return f"{report.bericht.traegernummer}_{version}_{content_sha256(files)[:SHORT]}"


def part_name(name: str) -> str:
    """Return under which name a consignment is built up: hidden, so that nobody takes it for a finished one."""
    return f".{name}.teil"


def difference(found: Mapping[str, str | int], sendung: Sendung, probe: Probe) -> str:
    """Say what is different between a folder at the recipient and the consignment; nothing when they are the same.

    ``found``: hash (``probe`` "inhalt") or size in bytes ("groesse") by path below the folder.
    """
    wanted: dict[str, str | int] = {
        piece.name: piece.gesendet_sha256 if probe == "inhalt" else piece.groesse for piece in sendung.stuecke
    }
    parts = (
        ("es fehlt", sorted(wanted.keys() - found.keys())),
        ("zu viel ist", sorted(found.keys() - wanted.keys())),
        ("anders ist", sorted(name for name in wanted.keys() & found.keys() if wanted[name] != found[name])),
    )
    return "; ".join(f"{what} {_some(names)}" for what, names in parts if names)


def occupied(place: str, sendung: Sendung, different: str) -> NotDeliverableError:
    """Return the error for a folder at the recipient that has our name and another content."""
    return NotDeliverableError(
        f"{place}: Dort liegt schon ein Ordner „{sendung.name}“ mit anderem Inhalt ({different}). "
        "Er wurde nicht überschrieben.",
        hint="Am Ziel klären, wer ihn angelegt oder verändert hat, ihn dort umbenennen oder löschen und den Befehl "
        "wiederholen.",
        abschnitt="ziel-belegt",
    )


def damaged(place: str, different: str) -> UnreachableError:
    """Return the error for files that did not arrive as they were sent."""
    return UnreachableError(
        f"{place}: Die Dateien kamen nicht so an, wie sie gesendet wurden ({different}). Keine steht schon bereit.",
        hint="Den Befehl wiederholen; bleibt es dabei, den Speicher am Ziel prüfen lassen.",
        abschnitt="zustellung-beschaedigt",
    )


def _some(names: Iterable[str], most: int = 3) -> str:
    every = list(names)
    rest = len(every) - most
    return ", ".join(every[:most]) + (f" und {rest} weitere" if rest > 0 else "")
