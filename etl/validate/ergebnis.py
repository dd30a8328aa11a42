"""What a validation says: for every rule held, violated or not checkable. Counts only, never a value of a row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from etl.files import private_folder, write_atomically

if TYPE_CHECKING:
    from etl.validate.regelwerk import Schwere

Ergebnis = Literal["gehalten", "verletzt", "nicht_pruefbar"]

KEINE_ZEILEN = "keine Zeilen"
"""Why a rule without a row to look at is not checkable. Unlike every other reason it asks nobody to act."""


@dataclass(frozen=True)
class RuleResult:
    """The outcome of one rule, its texts with the limits of the Datenstand filled in.

    ``geprueft`` and ``verletzt`` are ``None`` when it could not be checked; ``grund`` then says why, else it is empty.
    ``erwartet``: what is right for one record.
    """

    suite: str
    regel_id: str
    titel: str
    schwere: Schwere
    ergebnis: Ergebnis
    geprueft: int | None
    verletzt: int | None
    befund: str
    behebt: str
    grund: str = ""
    erwartet: str = ""


@dataclass(frozen=True)
class Validation:
    """The outcome of every rule for one delivery and one version of the rules.

    ``vorlieferung``: the delivery it was compared with, as ``<reference>@<content hash>``; ``None`` without one.
    """

    reference: str
    lieferung_sha256: str
    regelwerk_sha256: str
    ergebnisse: tuple[RuleResult, ...]
    vorlieferung: str | None = None

    @property
    def vollstaendig(self) -> bool:
        """True when every rule that had rows to look at could be checked."""
        return all(result.ergebnis != "nicht_pruefbar" or result.grund == KEINE_ZEILEN for result in self.ergebnisse)


def result_path(results: Path, reference: str, regelwerk_sha256: str) -> Path:
    """Where the result of a delivery under one version of the rules is kept."""
    return results / reference / f"{regelwerk_sha256[:12]}.json"


def write(validation: Validation, path: Path) -> None:
    """Keep a validation; the file is there completely or not at all, the same validation gives the same bytes."""
    private_folder(path.parent)
    said = asdict(validation)
    text = json.dumps({**said, "pruefsumme": _checksum(said)}, ensure_ascii=False, indent=1) + "\n"
    write_atomically(path, text.encode())


def _checksum(said: Mapping[str, object]) -> str:
    """Return what tells a changed digit of a count from the count that was written."""
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def read(path: Path) -> Validation | None:
    """Read a kept validation; ``None`` when there is none or it is not what was written, so that it is made again."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw.pop("pruefsumme") != _checksum(raw):
            return None
        ergebnisse = tuple(RuleResult(**result) for result in raw.pop("ergebnisse"))
        return Validation(ergebnisse=ergebnisse, **raw)
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        return None
