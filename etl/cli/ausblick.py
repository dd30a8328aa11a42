"""Targets of the year, and the final values that are to be expected."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli.ausgabe import count, err, out, show_rows
from etl.cli.optionen import Format, Home, Month, Output, TableFormat, Traeger, Warehouse, month, settings_of
from etl.monat import Monat

if TYPE_CHECKING:
    from etl.nowcast import Erwartung
    from etl.ziele import Zielstand

PANEL = "Ziele und Ausblick"
commands = typer.Typer()

targets_app = typer.Typer(
    help="Zielwerte der Zielvereinbarung (§ 48b SGB II) einlesen; ohne Unterbefehl: wo ein Monat steht.",
    invoke_without_command=True,
)
commands.add_typer(targets_app, name="targets", rich_help_panel=PANEL)

TARGET_COLUMNS = (
    "monat", "kennzahl", "name", "geschlecht", "einheit", "zielwert", "istwert", "status", "abweichung", "ampel",
    "regel", "bedarf", "bedarf_gesamt", "bedarf_je_monat", "verbleibende_monate", "datenstand", "quelle",
)  # fmt: skip
ON_SCREEN = ("kennzahl", "geschlecht", "einheit", "zielwert", "istwert", "abweichung", "ampel", "datenstand")
NOWCAST_COLUMNS = (
    "groesse", "monat", "wartezeit", "vorlaeufig", "erwartet", "unten", "oben", "historie", "abdeckung", "status",
)  # fmt: skip

OptionalMonth = Annotated[
    Monat | None,
    typer.Option("--month", parser=month, metavar="JJJJ-MM", help="Berichtsmonat; sonst der neueste geladene."),
]


@targets_app.callback()
def show_targets(
    context: typer.Context,
    month: OptionalMonth = None,
    table_format: Format = TableFormat.table,
    output: Output = None,
    traeger: Traeger = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Zielwerte der Zielvereinbarung (§ 48b SGB II): Istwert, Ampel mit ihrer Regel, Bedarf der übrigen Monate."""
    if context.invoked_subcommand is not None:
        return
    from etl import pipeline

    found = pipeline.targets(settings_of(home, warehouse), month, traeger)
    if table_format is TableFormat.table and output is None:
        _show_targets(found)
        return
    show_rows(TARGET_COLUMNS, [{n: getattr(row, n) for n in TARGET_COLUMNS} for row in found], table_format, output)


@targets_app.command("import")
def import_targets(
    file: Annotated[Path, typer.Argument(help="CSV mit jahr, kennzahl, geschlecht, zielwert, einheit, quelle.")],
    traeger: Traeger = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Zielwerte eines Jahres mit ihrer Quelle einlesen; ein anderer Wert ist die nächste Version."""
    from etl import pipeline

    total, new = pipeline.import_targets(settings_of(home, warehouse), file, traeger)
    err.print(f"{count(total)} Zielwerte gelesen, {count(new)} davon neu.", highlight=False)


@commands.command("nowcast", rich_help_panel=PANEL)
def show_nowcast(
    month: Month,
    table_format: Format = TableFormat.table,
    output: Output = None,
    traeger: Traeger = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Welche endgültigen Werte (T-3) für einen vorläufigen Monat zu erwarten sind, mit einer Spanne von 90 Prozent."""
    from etl import nowcast, pipeline

    found = pipeline.nowcast(settings_of(home, warehouse), month, traeger)
    if not found:
        err.print(f"{month.name} ist endgültig (T-3): Es ist nichts mehr zu erwarten.", highlight=False)
        return
    columns: Sequence[str] = NOWCAST_COLUMNS
    if table_format is TableFormat.table and output is None:
        columns = [name for name in NOWCAST_COLUMNS if name not in ("monat", "wartezeit")]
    show_rows(columns, [_expected(row) for row in found], table_format, output)
    err.print(
        f"{month.name}, T-{found[0].wartezeit}: {sum(row.status == 'ok' for row in found)} von {len(found)} Größen mit "
        "Erwartung; Abdeckung: in so vielen vergangenen Monaten hielt die Spanne.",
        highlight=False,
        soft_wrap=True,
    )
    if any(row.status == "ok" for row in found):
        err.print(nowcast.METHODE, highlight=False, soft_wrap=True)


def _show_targets(found: Sequence[Zielstand]) -> None:
    from etl import listing

    rows = [{name: getattr(row, name) for name in ON_SCREEN} | _shown(row) for row in found]
    out.print(listing.rows_as_table(ON_SCREEN, rows), highlight=False)
    for row in found:
        out.print(f"{row.kennzahl} {row.geschlecht}: {row.regel}", highlight=False, markup=False)
        out.print(f"  {row.bedarf}", highlight=False, markup=False)
    sources = "; ".join(sorted({row.quelle for row in found}))
    err.print(f"{found[0].monat.name}. Quelle der Zielwerte: {sources}.", highlight=False, markup=False, soft_wrap=True)


def _shown(row: Zielstand) -> dict[str, str]:
    """Return what a person reads: percent with one decimal, the light in letters of the language."""
    from etl.figures.kennzahlen import rounded
    from etl.ziele.saetze import dezimal

    values = {"zielwert": row.zielwert, "istwert": row.istwert, "abweichung": row.abweichung}
    measured = {n: "." if value is None else dezimal(rounded(Fraction(value), 1)) for n, value in values.items()}
    return {**measured, "ampel": row.ampel.replace("ue", "ü")}


def _expected(row: Erwartung) -> dict[str, object]:
    values = {name: getattr(row, name) for name in NOWCAST_COLUMNS}
    return values | {"abdeckung": "" if row.abdeckung is None else str(row.abdeckung)}
