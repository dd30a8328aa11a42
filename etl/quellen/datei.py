"""The file ``JOBCENTER_QUELLEN`` (schema: ``quellen.json`` beside this module), and whether a delivery is there.

It holds no address and no password: those of a database are a secret that it names (``etl/geheimnisse.py``). Paths in
it are absolute or relative to its own folder.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from etl import angaben
from etl.angaben import Mistake, form, require_none
from etl.contract import MANIFEST
from etl.errors import UsageError
from etl.geheimnisse import REFERENCE
from etl.monat import Monat
from etl.settings import Settings

SCHEMA = Path(__file__).with_name("quellen.json")
MONTH = "{monat}"


@dataclass(frozen=True)
class Quelle:
    """One provider and the place of its deliveries. ``lieferung``: a path, or ``env:`` and the name of a secret.

    ``reihen``: path of a file of published figures, or nothing.
    """

    traegernummer: str
    name: str
    lieferung: str
    reihen: str = ""

    def place(self, month: Monat) -> str:
        """Return where the delivery of a month is, as it may be shown: an address stays secret."""
        return self.lieferung.replace(MONTH, str(month))

    def series(self, month: Monat) -> str:
        """Return where the published figures of a month are; nothing when none are expected."""
        return self.reihen.replace(MONTH, str(month))


def sources(settings: Settings) -> tuple[Quelle, ...]:
    """Return all providers in the order of the file. Raises ``UsageError`` without a file, or with its mistakes."""
    if settings.quellen is None:
        raise UsageError(
            "Es ist keine Lieferung angegeben, und es sind keine Quellen eingerichtet.",
            hint="Im Formular eine Lieferung angeben, oder JOBCENTER_QUELLEN auf eine Quellendatei setzen.",
            abschnitt="einstellung",
        )
    return read(settings.quellen)


def source(settings: Settings, traegernummer: str) -> Quelle:
    """Return one provider. Raises ``UsageError`` when the file does not name it."""
    found = next((quelle for quelle in sources(settings) if quelle.traegernummer == traegernummer), None)
    if found is None:
        raise UsageError(
            f"Den Träger {traegernummer} nennt die Quellendatei nicht.",
            hint="Ihr Pfad steht in JOBCENTER_QUELLEN.",
            abschnitt="yaml-datei",
        )
    return found


def read(path: Path) -> tuple[Quelle, ...]:
    """Return the providers of a file. Raises ``UsageError`` with every mistake in it."""
    what = f"Die Quellendatei {path}"
    document = angaben.read(what, path, "JOBCENTER_QUELLEN")
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    mistakes = list(form(validator, document, _unquoted)) or list(_named_once(document))
    require_none(what, document, mistakes, "Was die Datei enthalten darf, steht in etl/quellen/quellen.json.")
    return tuple(_quelle(entry, path.parent) for entry in document["quellen"])


def arrived(place: str) -> bool:
    """Return whether a delivery is there, whole: a folder with its manifest, or a zip with its end.

    A database always is: what it holds, extraction finds out.
    """
    if place.startswith(REFERENCE):
        return True
    path = Path(place)
    return (path / MANIFEST).is_file() if path.is_dir() else path.is_file() and zipfile.is_zipfile(path)


def _quelle(entry: dict[str, str], folder: Path) -> Quelle:
    place = entry["lieferung"]
    if not place.startswith(REFERENCE):
        place = str(folder / place)
    series = str(folder / entry["reihen"]) if "reihen" in entry else ""
    return Quelle(entry["traegernummer"], entry["name"], place, series)


def _unquoted(_place: object, _value: object) -> str:
    """Quote nothing: a password may have strayed into the file."""
    return "„…“"


def _named_once(document: Any) -> Iterator[Mistake]:
    seen: set[str] = set()
    for number, entry in enumerate(document["quellen"]):
        if entry["traegernummer"] in seen:
            yield ("quellen", number), "Dieser Träger steht schon weiter oben."
        seen.add(entry["traegernummer"])
