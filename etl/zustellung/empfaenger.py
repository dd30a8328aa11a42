"""The recipients: a YAML file named by ``JOBCENTER_EMPFAENGER`` (schema: ``empfaenger.json`` beside this file).

It holds no secret: passwords and private keys stay in files or environment variables that it names, and are read when
they are needed. Paths in it are absolute or relative to its own folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh
import pyrage
from jsonschema import Draft202012Validator

from etl import angaben, disclosure, geheimnisse
from etl.angaben import Mistake, Place, form, require_none, written
from etl.disclosure import Empfaengerkreis
from etl.errors import NotDeliverableError, UsageError

SCHEMA = Path(__file__).with_name("empfaenger.json")
SFTP_PORT = 22


@dataclass(frozen=True)
class Geheimnis:
    """Where a password or a private key is: a file, or an environment variable."""

    datei: Path | None = None
    variable: str | None = None

    def lesen(self) -> str:
        """Return the secret. Raises ``NotDeliverableError`` when it is not where it should be, or open to others."""
        try:
            if self.datei is not None:
                return geheimnisse.read(self.datei)
            text = geheimnisse.lookup(self.variable or "")
        except UsageError as error:
            raise NotDeliverableError(error.message, hint=error.hint, abschnitt="zustellung-geheimnis") from None
        if text is None:
            raise NotDeliverableError(
                f"Das Geheimnis für die Anmeldung fehlt: die Umgebungsvariable {self.variable}.",
                hint="Sie muss dort gesetzt sein, wo zugestellt wird; oder eine Datei im Ordner der Geheimnisse.",
                abschnitt="zustellung-geheimnis",
            )
        return text


@dataclass(frozen=True)
class Ordner:
    """The way of a folder."""

    pfad: Path

    def __str__(self) -> str:
        return f"Ordner {self.pfad}"


@dataclass(frozen=True)
class Sftp:
    """The way of SFTP. ``serverschluessel``: public keys in OpenSSH's form, or the path of a known_hosts file."""

    server: str
    port: int
    benutzer: str
    ordner: str
    serverschluessel: tuple[str, ...] | Path
    schluessel: Geheimnis | None
    kennwort: Geheimnis | None

    def __str__(self) -> str:
        return f"SFTP-Server {self.server}:{self.port}, Ordner {self.ordner}"


@dataclass(frozen=True)
class Mail:
    """The way of e-mail. ``verbindung``: ``starttls`` or ``tls``; the connection is encrypted in any case."""

    an: str
    von: str
    server: str
    port: int
    verbindung: str
    benutzer: str
    kennwort: Geheimnis | None
    ca_datei: Path | None

    def __str__(self) -> str:
        return f"Mailserver {self.server}:{self.port}"


Weg = Ordner | Sftp | Mail


@dataclass(frozen=True)
class Empfaenger:
    """Who gets what: ``produkte`` are codes of the publication plan, ``formate`` endings of files (empty: all).

    ``age``: public keys with which every file is encrypted (empty: none is).
    """

    name: str
    kreis: Empfaengerkreis
    produkte: tuple[str, ...]
    formate: tuple[str, ...]
    age: tuple[str, ...]
    weg: Weg


def read(path: Path) -> tuple[Empfaenger, ...]:
    """Return the recipients, in the order of the file. Raises ``UsageError`` with every mistake in it."""
    what = f"Die Empfängerdatei {path}"
    document = angaben.read(what, path, "JOBCENTER_EMPFAENGER")
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    mistakes = list(form(validator, document, _quoted)) or list(_sense(document))
    require_none(what, document, mistakes, "Was die Datei enthalten darf, steht in etl/zustellung/empfaenger.json.")
    return tuple(_empfaenger(entry, path.parent) for entry in document["empfaenger"])


def read_mail(path: Path, setting: str) -> Mail:
    """Return the one way of e-mail in a file with nothing else but a block ``mail``, as the recipients have it.

    ``setting`` names what points to the file. Raises ``UsageError`` with every mistake in it.
    """
    what = f"Die Datei {path} ({setting})"
    document = angaben.read(what, path, setting)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    only = {
        "type": "object",
        "required": ["mail"],
        "additionalProperties": False,
        "properties": {"mail": {"$ref": "#/$defs/mail"}},
        "$defs": schema["$defs"],
    }
    mistakes = list(form(Draft202012Validator(only), document, lambda _place, _value: "„…“"))
    require_none(
        what, document, mistakes, "Was der Block „mail“ enthalten darf, steht in etl/zustellung/empfaenger.json."
    )
    way = _weg(document, path.parent)
    if not isinstance(way, Mail):
        raise TypeError("the schema lets nothing else through")
    return way


def kreis_fuer(kreis: Empfaengerkreis, produkt: str) -> Empfaengerkreis | None:
    """Return for which circle a product is written that readers of ``kreis`` get; None when it is not for them.

    It is the narrowest version they may see: their own where there is one.
    """
    versions = next((bericht.kreise for bericht in disclosure.berichte() if bericht.code == produkt), ())
    return next((version for version in Empfaengerkreis if version in versions and kreis.sees(version)), None)


def _quoted(place: Place, value: object) -> str:
    """Quote what was written, except where it may be a password that has strayed into the file."""
    return "„…“" if "weg" in place else written(value)


def _sense(document: Any) -> Iterator[Mistake]:
    """Yield what the schema cannot say: names used twice, products that are not for this circle, keys that are none."""
    codes = [bericht.code for bericht in disclosure.berichte()]
    names: set[str] = set()
    for number, entry in enumerate(document["empfaenger"]):
        place: Place = ("empfaenger", number)
        if entry["name"].casefold() in names:
            yield place, "Ein Empfänger mit diesem Namen steht schon weiter oben."
        names.add(entry["name"].casefold())
        kreis = Empfaengerkreis(entry["kreis"])
        for produkt in entry["produkte"]:
            if produkt not in codes:
                yield (*place, "produkte"), f"Das Produkt „{produkt}“ gibt es nicht; es gibt {', '.join(codes)}."
            elif kreis_fuer(kreis, produkt) is None:
                yield (*place, "produkte"), f"Das Produkt „{produkt}“ ist nicht für den Kreis „{kreis}“ bestimmt."
        if not kreis.geheimhaltung and "mail" in entry["weg"] and "age" not in entry:
            yield place, "Zahlen ohne Geheimhaltung gehen nur verschlüsselt per E-Mail hinaus: „age“ fehlt."
        yield from _keys(place, entry)


def _keys(place: Place, entry: Mapping[str, Any]) -> Iterator[Mistake]:
    for key in entry.get("age", ()):
        try:
            pyrage.x25519.Recipient.from_str(key)
        except pyrage.RecipientError:
            yield (*place, "age"), f"„{key}“ ist kein öffentlicher Schlüssel von age."
    for key in entry["weg"].get("sftp", {}).get("serverschluessel", {}).get("schluessel", ()):
        try:
            asyncssh.import_public_key(key)
        except asyncssh.KeyImportError:
            yield (*place, "weg", "sftp", "serverschluessel"), "Das ist kein öffentlicher SSH-Schlüssel."


def _empfaenger(entry: Mapping[str, Any], folder: Path) -> Empfaenger:
    return Empfaenger(
        name=entry["name"],
        kreis=Empfaengerkreis(entry["kreis"]),
        produkte=tuple(entry["produkte"]),
        formate=tuple(entry.get("formate", ())),
        age=tuple(entry.get("age", ())),
        weg=_weg(entry["weg"], folder),
    )


def _weg(entry: Mapping[str, Any], folder: Path) -> Weg:
    if "ordner" in entry:
        return Ordner(folder / entry["ordner"]["pfad"])
    if "sftp" in entry:
        way = entry["sftp"]
        known = way["serverschluessel"]
        login = way["anmeldung"]
        return Sftp(
            server=way["server"],
            port=way.get("port", SFTP_PORT),
            benutzer=way["benutzer"],
            ordner=way["ordner"].rstrip("/"),
            serverschluessel=folder / known["known_hosts"] if "known_hosts" in known else tuple(known["schluessel"]),
            schluessel=Geheimnis(folder / login["schluessel_datei"]) if "schluessel_datei" in login else None,
            kennwort=_kennwort(login, folder),
        )
    way = entry["mail"]
    return Mail(
        an=way["an"],
        von=way["von"],
        server=way["server"],
        port=way["port"],
        verbindung=way["verbindung"],
        benutzer=way.get("benutzer", ""),
        kennwort=_kennwort(way.get("anmeldung", {}), folder),
        ca_datei=folder / way["ca_datei"] if "ca_datei" in way else None,
    )


def _kennwort(login: Mapping[str, Any], folder: Path) -> Geheimnis | None:
    if "kennwort_datei" in login:
        return Geheimnis(datei=folder / login["kennwort_datei"])
    return Geheimnis(variable=login["kennwort_variable"]) if "kennwort_variable" in login else None
