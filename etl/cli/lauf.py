"""Running: a month, many months, the demonstration, a local Airflow."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from etl.cli.ausgabe import count, err, out, show_files, step
from etl.cli.optionen import (
    Accept,
    Author,
    Delivery,
    FileFormat,
    First,
    Home,
    Last,
    Month,
    Warehouse,
    author,
    month,
    settings_of,
)
from etl.errors import UsageError
from etl.monat import Monat
from etl.settings import Settings

PANEL = "Berichten"
commands = typer.Typer()

DEMO_MONTH = Monat(2026, 8)


Months = Annotated[int, typer.Option("--months", min=1, max=240, help="Zahl der Monate.")]


Persons = Annotated[int, typer.Option("--persons", min=20, max=2_000_000, help="Personen im Bestand.")]


Seed = Annotated[int, typer.Option("--seed", min=0, help="Startwert: gleicher Wert, gleiche Daten.")]


DemoMonth = Annotated[Monat, typer.Option("--to", parser=month, metavar="JJJJ-MM", help="Letzter Monat.")]


@commands.command("run", rich_help_panel=PANEL)
def run_month(
    month: Month,
    delivery: Delivery,
    accept_findings: Accept = None,
    by: Author = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Einen Monat berichten: einlesen, prüfen, berechnen, laden, Berichte schreiben."""
    from etl import pipeline
    from etl import warehouse as room

    settings, name = settings_of(home, warehouse), author(by)
    reference = checked_delivery(settings, delivery, accept_findings)
    cells = step("Zahlen berechnen", lambda _: pipeline.figures(settings, reference, month))
    with room.held(settings):
        loaded = step("Zahlen laden", lambda _: pipeline.load(settings, reference, month, accept_findings))
        files = step("Berichte schreiben", lambda _: pipeline.report(settings, reference, month, name))
        err.print(f"Berechnet {count(cells)} Zellen, neu oder erneut bestätigt {count(loaded)}.", highlight=False)
        _show_figures(settings, reference, month)
    show_files(files)


@commands.command("backfill", rich_help_panel=PANEL)
def backfill_months(
    first: First,
    last: Last,
    delivery: Delivery,
    accept_findings: Accept = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Viele Monate aus einer Lieferung nachladen (ohne Berichtsdateien; die schreibt „run“)."""
    from etl import pipeline

    settings = settings_of(home, warehouse)
    months = list(Monat.span(first, last))
    if not months:
        raise UsageError(f"--from {first} liegt nach --to {last}.")
    reference = checked_delivery(settings, delivery, accept_findings)
    cells = step(
        "Zahlen berechnen und laden", lambda _: pipeline.backfill(settings, reference, months, accept_findings)
    )
    err.print(f"{len(months)} Monate geladen: {first} bis {last}, {count(cells)} Zellen.")


@commands.command("demo", rich_help_panel=PANEL)
def demo(
    to: DemoMonth = DEMO_MONTH,
    months: Months = 40,
    persons: Persons = 18_000,
    seed: Seed = 1,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Alles einmal vorführen: ein erfundenes Jobcenter, alle Monate, der Bericht des letzten."""
    from etl import pipeline
    from etl import warehouse as room
    from etl.demo import DemoRequest, generate, write_targets

    settings, name = settings_of(home, warehouse), author(None)
    request = DemoRequest(bis=to, monate=months, personen=persons, seed=seed)
    folder = settings.home / "demo" / request.lieferung_id
    delivery = step("Jobcenter erfinden", lambda show: generate(request, folder, show.fraction))
    reference = checked_delivery(settings, str(delivery), None)
    with room.held(settings):
        every = step("Zahlen berechnen und laden", lambda _: pipeline.backfill_all(settings, reference))
        targets = write_targets(settings.home / "demo" / f"ziele-{to.jahr}.csv", to.jahr)
        pipeline.import_targets(settings, targets, reference.partition("/")[0])
        files = step("Berichte schreiben", lambda _: pipeline.report(settings, reference, to, name))
        err.print(f"{every} Monate geladen. Alle Personen und Zielwerte sind erfunden.", highlight=False)
        _show_figures(settings, reference, to)
    show_files(files)


@commands.command("demo-data", rich_help_panel=PANEL)
def demo_data(
    target: Annotated[Path, typer.Option("--out", help="Ordner, in den die Lieferung geschrieben wird.")],
    to: DemoMonth = DEMO_MONTH,
    months: Months = 40,
    persons: Persons = 18_000,
    seed: Seed = 1,
    faults: Annotated[bool, typer.Option("--faults", help="Katalogisierte Fehler einbauen.")] = False,
    late: Annotated[bool, typer.Option("--late", help="Weglassen, was am Ende noch nicht beschieden war.")] = False,
    file_format: Annotated[FileFormat, typer.Option("--format", help="Dateiformat der Tabellen.")] = FileFormat.csv,
) -> None:
    """Die Lieferung eines erfundenen Jobcenters schreiben."""
    from etl.demo import FEHLERLISTE, DemoRequest, generate

    request = DemoRequest(
        bis=to, monate=months, personen=persons, seed=seed, faults=faults, late=late, format=file_format.value
    )
    folder = step("Jobcenter erfinden", lambda show: generate(request, target, show.fraction))
    out.print(str(folder), highlight=False, soft_wrap=True)
    if faults:
        err.print(
            f"Eingebaute Fehler, ihre Sätze und die Regeln, die sie finden: {folder / FEHLERLISTE}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )


@commands.command("airflow", rich_help_panel=PANEL)
def local_airflow(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port der Oberfläche.")] = 8080,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Ein lokales Airflow mit den DAGs starten (Strg-C beendet es)."""
    from etl.airflow_local import run_local_airflow

    status = run_local_airflow(
        settings_of(home, warehouse),
        port=port,
        ready=lambda text: err.print(text, highlight=False, soft_wrap=True),
        progress=lambda text: err.print(text, highlight=False, soft_wrap=True),
    )
    raise typer.Exit(status)


def checked_delivery(settings: Settings, delivery: str, accept_findings: str | None) -> str:
    """Read a delivery and require the gate to be open; return its reference."""
    from etl import pipeline

    reference = step("Lieferung einlesen", lambda show: pipeline.extract(settings, delivery, show.parts))
    counts = step("Lieferung prüfen", lambda show: pipeline.validate(settings, reference, accept_findings, show.parts))
    err.print(
        f"Lieferung {reference}: {counts['gehalten']} Regeln gehalten, {counts['verletzt']} mit Befunden "
        f"(Hinweise oder angenommen), {counts['ohne_zeilen']} ohne Zeilen, die sie prüfen könnten, "
        f"{counts['nicht_pruefbar']} nicht prüfbar.",
        highlight=False,
        soft_wrap=True,
    )
    return reference


def _show_figures(settings: Settings, reference: str, month: Monat) -> None:
    from etl import listing, pipeline

    out.print(listing.totals(pipeline.read(settings, reference, (month.shift(-12), month.shift(-1), month)), out.width))
