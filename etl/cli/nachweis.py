"""Proof: recompute what is loaded, and check files and the chain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from etl.cli.ausgabe import ON_SCREEN, count, err, out, show_rows
from etl.cli.optionen import Format, Home, Output, TableFormat, Warehouse, month, settings_of
from etl.errors import UsageError
from etl.monat import Monat

PANEL = "Nachweis"
commands = typer.Typer()


@commands.command("verify", rich_help_panel=PANEL)
def verify(
    file: Annotated[Path | None, typer.Argument(help="Ausgegebene Datei; ohne sie alles, was geladen ist.")] = None,
    month: Annotated[
        Monat | None, typer.Option("--month", parser=month, metavar="JJJJ-MM", help="Nur dieser Berichtsmonat.")
    ] = None,
    table_format: Format = TableFormat.table,
    output: Output = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Beweisen: aus dem Archiv nachrechnen und mit Warehouse, Zahlenpässen und Dateien vergleichen."""
    from etl import pipeline
    from etl.nachweis import Zelle

    if file is not None and month is not None:
        raise UsageError("Entweder eine Datei oder --month angeben, nicht beides.")
    proof = pipeline.verify(settings_of(home, warehouse), file, month)
    if proof.zellen or output is not None:
        rows = [cell._asdict() for cell in proof.zellen]
        show_rows(Zelle._fields, rows, table_format, output, most=ON_SCREEN)
    for chain in proof.ketten:
        err.print(
            f"Kette {chain.traegernummer}: {count(chain.pass_id)} Glieder, das letzte {chain.sha256}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    for note in proof.hinweise:
        err.print(f"Hinweis: {note}", highlight=False, markup=False, soft_wrap=True)
    proof.require_identical()
    out.print(
        f"identisch: {count(proof.werte)} Werte nachgerechnet (Monate: {count(proof.monate)}), mit ihren "
        f"Zahlenpässen verglichen (Ladungen: {count(proof.ladungen)}, Dateien: {count(proof.dateien)}).",
        highlight=False,
        soft_wrap=True,
    )
