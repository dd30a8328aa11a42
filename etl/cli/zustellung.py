"""Delivering released reports to their recipients, and the receipts."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli.ausgabe import count, err, out, plain, show_rows
from etl.cli.freigabe import PANEL, OfDelivery, meant
from etl.cli.optionen import Format, Home, Month, Output, TableFormat, Warehouse, author, settings_of

if TYPE_CHECKING:
    from etl.zustellen import Ergebnis

commands = typer.Typer()

_PROBEN = {
    "inhalt": "am Ziel zurückgelesen und verglichen",
    "groesse": "am Ziel die Größe verglichen, Lesen ist dort nicht erlaubt",
    "angenommen": "vom Mailserver angenommen",
}


@commands.command("deliver", rich_help_panel=PANEL)
def deliver(
    month: Month,
    delivery: OfDelivery = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Wer zustellt (sonst der Anmeldename).")
    ] = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Einen freigegebenen Bericht allen Empfängern zustellen, die ihn noch nicht haben."""
    from etl import warehouse as room
    from etl import zustellen

    settings, name = settings_of(home, warehouse), author(by)
    with room.held(settings):
        results = zustellen.deliver(settings, meant(settings, month, delivery), name, sleep=_announced)
    for result in results:
        if result.fehler is None:
            out.print(plain(f"{result.empfaenger}: {_said(result)}"), highlight=False, soft_wrap=True)
    zustellen.require_complete(results)


@commands.command("receipts", rich_help_panel=PANEL)
def show_receipts(
    month: Month,
    delivery: OfDelivery = None,
    table_format: Format = TableFormat.table,
    output: Output = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Die Quittungen eines Berichts: wer welche Datei wann bekommen hat, mit Prüfsummen."""
    from etl import warehouse as room
    from etl import zustellen
    from etl.release import SHORT

    settings = settings_of(home, warehouse)
    with room.held(settings):
        rows = [asdict(one) for one in zustellen.receipts(settings, meant(settings, month, delivery))]
    columns: tuple[str, ...] = tuple(room.Quittung.__dataclass_fields__)
    if table_format is TableFormat.table and output is None:
        columns = ("empfaenger", "datei", "sha256", "zugestellt_am")
        rows = [
            row | {"sha256": row["sha256"][:SHORT], "zugestellt_am": f"{row['zugestellt_am']:%d.%m.%Y %H:%M} UTC"}
            for row in rows
        ]
    show_rows(columns, rows, table_format, output)


def _announced(seconds: float) -> None:
    err.print(f"Ein Empfänger ist nicht erreichbar; nächster Versuch in {seconds:.0f} Sekunden.", highlight=False)
    time.sleep(seconds)


def _said(result: Ergebnis) -> str:
    files = f"{count(len(result.quittungen))} {'Datei' if len(result.quittungen) == 1 else 'Dateien'}"
    if not result.neu:
        return f"hat schon alles ({files})."
    return f"{files} zugestellt, {_PROBEN[result.quittungen[0].probe]}."
