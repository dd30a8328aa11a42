"""Published series and estimates."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from etl.cli.ausgabe import count, err, show_rows
from etl.cli.optionen import (
    First,
    Format,
    Home,
    Last,
    Month,
    Output,
    TableFormat,
    Traeger,
    Warehouse,
    settings_of,
)

PANEL = "Veröffentlichte Reihen und Schätzungen"
commands = typer.Typer()

ON_SCREEN = {
    "berichtsmonat": "Monat",
    "reihe": "Reihe",
    "veroeffentlicht": "veröffentlicht",
    "eigen": "eigen",
    "datenstand": "Stand",
    "differenz": "Differenz",
    "differenz_prozent": "%",
    "toleranz": "Toleranz %",
    "urteil": "Urteil",
}
"""Columns of a comparison that a terminal shows, and their titles there; files hold all."""


series_app = typer.Typer(
    help="Veröffentlichte Reihen einlesen und mit den eigenen Zahlen vergleichen.", no_args_is_help=True
)


commands.add_typer(series_app, name="series", rich_help_panel=PANEL)


@series_app.command("import")
def import_series(
    file: Annotated[
        Path | None, typer.Argument(help="CSV mit monat, quelle und einer Spalte je Reihe; sonst KOA.")
    ] = None,
    traeger: Traeger = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Veröffentlichte Werte mit ihrer Quelle einlesen; ohne Datei die Pressezahlen der KOA."""
    from etl import pipeline, series

    total, new = pipeline.import_series(settings_of(home, warehouse), file or series.KOA, traeger)
    err.print(f"{count(total)} veröffentlichte Werte gelesen, {count(new)} davon neu.", highlight=False)


@series_app.command("compare")
def compare_series(
    first: First,
    last: Last,
    table_format: Format = TableFormat.table,
    output: Output = None,
    traeger: Traeger = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Veröffentlichte und eigene Zahlen nebeneinander: Differenz, Toleranz nach Datenstand, was offen ist."""
    from etl import pipeline, series
    from etl.figures.kennzahlen import rounded

    found = pipeline.compare_series(settings_of(home, warehouse), first, last, traeger)
    rows = [
        {name: rounded(value, 2) if isinstance(value, Fraction) else value for name, value in row._asdict().items()}
        for row in found
    ]
    if table_format is TableFormat.table and output is None:
        shown = [{title: row[name] for name, title in ON_SCREEN.items()} for row in rows]
        show_rows(list(ON_SCREEN.values()), shown, table_format, None)
    else:
        show_rows(series.Vergleich._fields, rows, table_format, output)
    still = sum(row.urteil == "offen" for row in found)
    err.print(f"{len(found)} Werte verglichen, {still} Abweichungen offen.", highlight=False)


@series_app.command("explain")
def explain_difference(
    reihe: Annotated[str, typer.Argument(help="Name der Reihe, zum Beispiel elb.")],
    month: Month,
    reason: Annotated[str, typer.Option("--reason", metavar="GRUND", help="Warum die Werte abweichen dürfen.")],
    traeger: Traeger = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Festhalten, warum ein veröffentlichter Wert vom eigenen abweicht; gilt nur für genau diese beiden Werte."""
    from etl import pipeline

    row = pipeline.explain_difference(settings_of(home, warehouse), reihe, month, reason, traeger)
    err.print(
        f"Festgehalten: {reihe} {month}, veröffentlicht {row.veroeffentlicht:f}, eigen {row.eigen:f}.", highlight=False
    )


@commands.command("estimates", rich_help_panel=PANEL)
def import_estimates(
    file: Annotated[Path, typer.Argument(help="CSV mit berichtsmonat, groesse, geschlecht, wert, grund.")],
    traeger: Traeger = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Schätzwerte für Monate ohne Lieferung einlesen; Kennzahlen, die sie brauchen, heißen „geschaetzt“."""
    from etl import pipeline

    total, new = pipeline.import_estimates(settings_of(home, warehouse), file, traeger)
    err.print(f"{count(total)} Schätzwerte gelesen, {count(new)} davon neu.", highlight=False)
