"""Releasing reports with four eyes: check, send back, release, and see what waits for whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli.ausgabe import err, plain, show_rows
from etl.cli.optionen import Format, Home, Month, Output, TableFormat, Warehouse, settings_of
from etl.monat import Monat
from etl.settings import Settings

if TYPE_CHECKING:
    from etl.release import Bericht, Eintrag, Stand

PANEL = "Freigabe"
commands = typer.Typer()

OfDelivery = Annotated[
    str | None, typer.Option("--delivery", help="Archivierte Lieferung (lieferung_id); sonst die neueste mit Bericht.")
]
Who = Annotated[str, typer.Option("--by", metavar="NAME", help="Wer entscheidet.")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="Bemerkung; wird aufbewahrt.")]
Content = Annotated[
    str,
    typer.Option(
        "--content",
        metavar="HASH",
        help="Nur wenn der Bericht noch diesen Inhalt hat (aus „releases“, mindestens zwölf Zeichen).",
    ),
]


@commands.command("approve", rich_help_panel=PANEL)
def approve(
    month: Month,
    by: Who,
    delivery: OfDelivery = None,
    note: Note = "",
    content: Content = "",
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Einen Bericht als geprüft festhalten; wer ihn erstellt hat, kann das nicht."""
    from etl import freigeben

    settings = settings_of(home, warehouse)
    _decided(settings, month, delivery, lambda bericht: freigeben.approve(settings, bericht, by, note, content))


@commands.command("reject", rich_help_panel=PANEL)
def reject(
    month: Month,
    by: Who,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Was falsch ist.")],
    delivery: OfDelivery = None,
    content: Content = "",
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Einen Bericht ablehnen; er muss neu erstellt werden."""
    from etl import freigeben

    settings = settings_of(home, warehouse)
    _decided(settings, month, delivery, lambda bericht: freigeben.reject(settings, bericht, by, note, content))


@commands.command("release", rich_help_panel=PANEL)
def release(
    month: Month,
    by: Who,
    delivery: OfDelivery = None,
    note: Note = "",
    content: Content = "",
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Einen geprüften Bericht zur Zustellung freigeben."""
    from etl import freigeben

    settings = settings_of(home, warehouse)
    _decided(settings, month, delivery, lambda bericht: freigeben.release(settings, bericht, by, note, content))


@commands.command("releases", rich_help_panel=PANEL)
def show_releases(
    table_format: Format = TableFormat.table,
    output: Output = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Alle Berichte: Zustand, Inhalt, wer was getan hat, und was als Nächstes zu tun ist."""
    from etl import freigeben
    from etl.release import SHORT

    rows = [_row(stand, unchanged=unchanged) for stand, unchanged in freigeben.every(settings_of(home, warehouse))]
    columns = tuple(_COLUMNS)
    if table_format is TableFormat.table and output is None:
        columns = ("berichtsmonat", "lieferung", "zustand", "inhalt", "als_naechstes")
        rows = [row | {"inhalt": row["inhalt"][:SHORT]} for row in rows]
    show_rows(columns, rows, table_format, output)


_COLUMNS = (
    "berichtsmonat",
    "lieferung",
    "zustand",
    "inhalt",
    "erstellt_von",
    "geprueft_von",
    "freigegeben_von",
    "bemerkung",
    "als_naechstes",
)


def meant(settings: Settings, month: Monat, delivery: str | None) -> Bericht:
    """Return the report of a month from a delivery, or from the newest one that has a report of it."""
    from etl import freigeben, pipeline
    from etl.release import Bericht

    if delivery:
        return Bericht(pipeline.known_reference(settings, delivery), month)
    return freigeben.newest(settings, month)


def _decided(settings: Settings, month: Monat, delivery: str | None, step: Callable[[Bericht], Stand]) -> None:
    """Find the report that is meant, do the step, and say where the report stands now."""
    from etl import warehouse as room
    from etl.release import NAMEN

    with room.held(settings):
        bericht = meant(settings, month, delivery)
        stand = step(bericht)
    err.print(f"{plain(str(bericht))}: {NAMEN[stand.zustand]}.", highlight=False, soft_wrap=True)
    err.print(f"Inhalt: {stand.inhalt_sha256}", highlight=False, soft_wrap=True)
    err.print(f"Als Nächstes: {plain(stand.naechstes())}.", highlight=False, soft_wrap=True)


def _row(stand: Stand, *, unchanged: bool) -> dict[str, str]:
    from etl.release import NAMEN, Schritt

    def who(entry: Eintrag | None) -> str:
        return entry.person if entry else ""

    return {
        "berichtsmonat": str(stand.bericht.monat),
        "lieferung": stand.bericht.reference,
        "zustand": NAMEN[stand.zustand],
        "inhalt": stand.inhalt_sha256,
        "erstellt_von": who(stand.runde[0]),
        "geprueft_von": who(stand.done(Schritt.GEPRUEFT)),
        "freigegeben_von": who(stand.done(Schritt.FREIGEGEBEN)),
        "bemerkung": stand.eintraege[-1].bemerkung,
        "als_naechstes": stand.naechstes(unveraendert=unchanged),
    }
