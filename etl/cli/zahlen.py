"""Looking at figures: values, indicators, states, the records behind a figure, why it changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli.ausgabe import ON_SCREEN, count, err, out, show_rows, write
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
    Where,
    settings_of,
)
from etl.errors import UsageError
from etl.monat import Monat
from etl.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

    from etl.figures.kennzahlen import Kennzahl

PANEL = "Zahlen ansehen und erklären"
commands = typer.Typer()


@commands.command("figures", rich_help_panel=PANEL)
def show_figures(
    first: First,
    last: Last,
    table_format: Format = TableFormat.table,
    output: Output = None,
    traeger: Traeger = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Zahlen aus dem Warehouse: als Tabelle (nur Insgesamt), CSV oder JSON (alle Zellen)."""
    from etl import listing
    from etl import warehouse as room

    settings = settings_of(home, warehouse)
    with room.connect(settings, role="controller") as connection:
        cells = room.read_figures(connection, first=first, last=last, traegernummer=traeger)
    if cells.empty:
        raise UsageError(
            f"Für {first} bis {last} sind keine Zahlen geladen.",
            hint="Zuerst „jobcenter run“ oder „jobcenter backfill“ ausführen.",
            abschnitt="nicht-geladen",
        )
    if table_format is TableFormat.table and output is None:
        out.print(listing.totals(cells, out.width))
        return
    as_text = {TableFormat.csv: listing.as_csv, TableFormat.json: listing.as_json, TableFormat.table: listing.as_text}
    write(as_text[table_format](cells), output)


@commands.command("indicators", rich_help_panel=PANEL)
def show_indicators(
    first: First,
    last: Last,
    table_format: Format = TableFormat.table,
    output: Output = None,
    traeger: Traeger = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Die 15 Kennzahlen und Ergänzungsgrößen nach § 48a SGB II, insgesamt und nach Geschlecht."""
    from etl.figures import kennzahlen

    _show_quotients(
        settings_of(home, warehouse), first, last, kennzahlen.paragraph_48a(), table_format, output, traeger
    )


@commands.command("rates", rich_help_panel=PANEL)
def show_rates(
    first: First,
    last: Last,
    table_format: Format = TableFormat.table,
    output: Output = None,
    traeger: Traeger = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Weitere Quoten: Aktivierung, Leistungsminderungen, Personen je BG, Hilfequoten; jede mit ihrem Nenner benannt."""
    from etl.figures import kennzahlen

    _show_quotients(settings_of(home, warehouse), first, last, kennzahlen.quoten(), table_format, output, traeger)


@commands.command("states", rich_help_panel=PANEL)
def show_states(
    month: Month,
    table_format: Format = TableFormat.table,
    output: Output = None,
    traeger: Traeger = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Alle Stände eines Monats nebeneinander: T-0 (vorläufig) bis T-3 (endgültig), Insgesamt."""
    from etl import listing, pipeline
    from etl.figures import katalog

    states = pipeline.states(settings_of(home, warehouse), month, traeger)
    if not states:
        raise UsageError(
            f"{month} ist nicht geladen.",
            hint="Zuerst „jobcenter run“ oder „jobcenter backfill“ ausführen.",
            abschnitt="nicht-geladen",
        )
    values: dict[tuple[str, int], object] = {
        (s.groesse, s.wartezeit): listing.in_unit(s.wert, s.groesse) for s in states
    }
    if table_format is TableFormat.table and output is None:
        # What is loaded but has no value is a point; what is not loaded stays empty.
        values = {key: "." if value is None else value for key, value in values.items()}
    rows = [{"groesse": code} | {f"T-{wait}": values.get((code, wait)) for wait in range(4)} for code in katalog.load()]
    show_rows(("groesse", "T-0", "T-1", "T-2", "T-3"), rows, table_format, output)
    for wait, lieferung, datenstand in sorted({(s.wartezeit, s.lieferung_id, s.datenstand) for s in states}):
        err.print(f"T-{wait}: Lieferung {lieferung}, Datenstand {datenstand}", highlight=False, soft_wrap=True)


@commands.command("explain", rich_help_panel=PANEL)
def explain_figure(
    groesse: Annotated[str, typer.Argument(help="Kürzel der Größe, zum Beispiel ELB.")],
    month: Month,
    where: Where = None,
    nearly: Annotated[bool, typer.Option("--nearly", help="Auch, was knapp nicht zählt, und warum.")] = False,
    delivery: Annotated[
        str | None, typer.Option("--delivery", help="Archivierte Lieferung; sonst die neueste.")
    ] = None,
    table_format: Format = TableFormat.table,
    output: Output = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Eine Zahl aufschlagen: die pseudonymen Sätze, deren Summe sie ist."""
    from etl import listing, pipeline
    from etl.figures import erklaerung

    auswahl = erklaerung.parse(where or [])
    opened = pipeline.explain(settings_of(home, warehouse), groesse, month, auswahl, delivery)
    counted = [
        row | {"wert": listing.in_unit(row["wert"], groesse), "warum": None} for row in opened.saetze.to_pylist()
    ]
    close = [row | {"wert": None} for row in opened.knapp.to_pylist()] if nearly else []
    if table_format is TableFormat.table and output is None:
        # What is the same in every row, or said twice, needs no column of a terminal.
        hidden = {name for name in opened.saetze.column_names if name in auswahl or _said_twice(name, counted + close)}
        if counted or not close:
            show_rows(_columns(opened.saetze, "wert", hidden), counted, table_format, None, most=ON_SCREEN)
        if close:
            out.print("Knapp nicht gezählt:")
            show_rows(_columns(opened.knapp, "warum", hidden), close, table_format, None, most=ON_SCREEN)
    else:
        columns = [*opened.saetze.column_names, *(["warum"] if nearly else [])]
        show_rows(columns, counted + close, table_format, output)
    narrowed = "".join(f", {name} = {value}" for name, value in auswahl.items())
    err.print(
        f"{groesse} {month}{narrowed}: {count(len(counted))} Sätze, "
        f"Summe {listing.with_unit(opened.summe, groesse)} = der geladene Wert."
        + (f" Knapp nicht gezählt: {count(len(close))}." if nearly else ""),
        highlight=False,
        soft_wrap=True,
    )


@commands.command("revisions", rich_help_panel=PANEL)
def show_revisions(
    month: Month,
    before: Annotated[str, typer.Option("--from-delivery", help="Frühere Lieferung (lieferung_id).")],
    after: Annotated[str, typer.Option("--to-delivery", help="Spätere Lieferung (lieferung_id).")],
    where: Where = None,
    table_format: Format = TableFormat.table,
    output: Output = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Warum sich die Zahlen eines Monats zwischen zwei Lieferungen geändert haben: jede Differenz nach Ursachen."""
    from etl import listing, pipeline
    from etl.figures import erklaerung, revision

    changes = pipeline.revisions(settings_of(home, warehouse), month, before, after, erklaerung.parse(where or []))
    rows = [
        {
            "groesse": c.groesse,
            **{
                name: listing.in_unit(value, c.groesse)
                for name, value in {
                    "vorher": c.vorher, "nachher": c.nachher, "differenz": c.nachher - c.vorher, **c.ursachen,
                }.items()
            },
        }
        for c in changes
    ]  # fmt: skip
    columns = ["groesse", "vorher", "nachher", "differenz", *revision.URSACHEN]
    if table_format is not TableFormat.table or output is not None:
        show_rows(columns, rows, table_format, output)
        return
    # A terminal shows what happened: figures that moved, and the causes there are.
    moved = [row for row in rows if any(row[name] for name in columns[3:])]
    columns = [name for name in columns if name not in revision.URSACHEN or any(row[name] for row in moved)]
    if moved:
        show_rows(columns, moved, table_format, None)
    err.print(f"{len(moved)} Größen bewegt, {len(rows) - len(moved)} ohne jede Bewegung.", highlight=False)


@commands.command("handbook", rich_help_panel=PANEL)
def handbook(
    output: Annotated[Path, typer.Option("--output", "-o", help="Wohin die Seite geschrieben wird.")] = Path(
        "handbuch.html"
    ),
) -> None:
    """Das Handbuch der Zahlen (HTML): jede Größe und Kennzahl mit Formel, Quelle und Beispielen."""
    from etl import handbuch

    err.print(f"Geschrieben: {handbuch.write(output)}", highlight=False, soft_wrap=True)


def _columns(table: pa.Table, last: str, hidden: Collection[str]) -> list[str]:
    """Keys first, then ``last``, then the features: what a narrow terminal cannot show are features."""
    first = [name for name in ("satz", "kundennummer", "bg_nummer") if name in table.column_names]
    names = [*first, last, *(name for name in table.column_names if name not in (*first, last))]
    return [name for name in names if name not in hidden]


def _said_twice(column: str, rows: Sequence[Mapping[str, object]]) -> bool:
    return column in ("kundennummer", "bg_nummer") and all(row[column] in (None, row["satz"]) for row in rows)


def _show_quotients(
    settings: Settings,
    first: Monat,
    last: Monat,
    catalogue: Sequence[Kennzahl],
    table_format: TableFormat,
    output: Path | None,
    traeger: str | None,
) -> None:
    from etl import listing, pipeline
    from etl.figures import kennzahlen

    months = list(Monat.span(first, last))
    if not months:
        raise UsageError(f"--from {first} liegt nach --to {last}.")
    rows = pipeline.indicators(settings, months, catalogue, traeger)
    if table_format is TableFormat.table and output is None:
        out.print(listing.indicators(rows), highlight=False)
        return
    show_rows(kennzahlen.COLUMNS, [kennzahlen.written(row) for row in rows], table_format, output)
