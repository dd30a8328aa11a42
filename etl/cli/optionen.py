"""Options that several commands share, and the settings that follow from them."""

from __future__ import annotations

import os
import pwd
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from etl import geheimnisse
from etl.errors import UsageError
from etl.monat import Monat
from etl.settings import Settings


class TableFormat(StrEnum):
    """How figures are written."""

    table = "table"
    csv = "csv"
    json = "json"


class FileFormat(StrEnum):
    """File format of a synthetic delivery."""

    csv = "csv"
    parquet = "parquet"


def month(text: str | Monat) -> Monat:
    """Read a month of the command line."""
    if isinstance(text, Monat):
        return text  # a default value
    try:
        return Monat.parse(text)
    except UsageError as error:
        raise typer.BadParameter(f"{error.message} {error.hint}") from None


Home = Annotated[Path | None, typer.Option("--home", help="Ordner für Archiv, Warehouse, Berichte und Schlüssel.")]


def address(text: str) -> str:
    """Read an address of the command line. Every user of a machine can read that line while the command runs."""
    if geheimnisse.holds_password(text):
        raise UsageError(
            "Ein Kennwort gehört nicht auf die Befehlszeile: Dort kann es jeder Benutzer dieses Rechners lesen.",
            hint="Die Adresse des Warehouse in JOBCENTER_WAREHOUSE oder in die Datei /run/secrets/jobcenter_warehouse "
            "schreiben, die einer Lieferung in JOBCENTER_LIEFERUNG, und „--delivery env:JOBCENTER_LIEFERUNG“ angeben. "
            "Das eben gezeigte Kennwort bitte ändern.",
            abschnitt="geheimnis",
        )
    return text


def source(text: str) -> str:
    """Read a source of the command line: a path, an address without a password, or where the address is."""
    return geheimnisse.resolved(address(text))


Warehouse = Annotated[
    str | None,
    typer.Option(
        "--warehouse",
        parser=address,
        metavar="URL",
        help="PostgreSQL-Server (postgresql+psycopg://…, ohne Kennwort) statt des mitgelieferten.",
    ),
]


Month = Annotated[Monat, typer.Option("--month", parser=month, metavar="JJJJ-MM", help="Berichtsmonat.")]


First = Annotated[Monat, typer.Option("--from", parser=month, metavar="JJJJ-MM", help="Erster Monat.")]


Last = Annotated[Monat, typer.Option("--to", parser=month, metavar="JJJJ-MM", help="Letzter Monat.")]


Delivery = Annotated[
    str,
    typer.Option(
        "--delivery",
        parser=source,
        metavar="PFAD|URL",
        help="Lieferung: Ordner, Zip-Datei, SQLAlchemy-URL ohne Kennwort oder env:JOBCENTER_LIEFERUNG….",
    ),
]


Reference = Annotated[str, typer.Option("--delivery", help="Archivierte Lieferung (lieferung_id).")]


Accept = Annotated[
    str | None,
    typer.Option(
        "--accept-findings",
        metavar="GRUND",
        help="Trotz blockierender Befunde laden; der Grund wird mit den Zahlen aufbewahrt.",
    ),
]


Author = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="NAME",
        help="Wer den Bericht erstellt und ihn deshalb nicht selbst prüfen kann (sonst der Anmeldename).",
    ),
]


Format = Annotated[TableFormat, typer.Option("--format", help="Ausgabeform.")]


Output = Annotated[Path | None, typer.Option("--output", "-o", help="Datei statt Standardausgabe.")]


Traeger = Annotated[str | None, typer.Option("--traeger", help="Trägernummer, wenn mehrere geladen sind.")]


Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="MERKMAL=WERT", help="Nur diese Zelle, zum Beispiel gemeinde_ags=08317096."),
]


def author(by: str | None) -> str:
    """Return who prepares a report: who is named, else the login name. Raises ``UsageError`` when there is neither."""
    if by is not None and by.strip():
        return by.strip()
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run as a user without a name
        raise UsageError(
            "Das Betriebssystem nennt keinen Anmeldenamen.",
            hint="Den Namen mit --by angeben.",
            abschnitt="name-oder-grund-fehlt",
        ) from None


def settings_of(home: Path | None, warehouse: str | None) -> Settings:
    """Return the settings: what the command line gives, else the environment, else the files of the secrets."""
    given: dict[str, Any] = {"home": home, "warehouse": warehouse}
    return Settings(**{name: value for name, value in given.items() if value is not None})
