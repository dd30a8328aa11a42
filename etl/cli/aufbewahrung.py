"""Retention: what is due, deleting it with proof, holds; backup and restore; the record of processing activities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli.ausgabe import count, err, plain, show_rows, step, write
from etl.cli.optionen import Format, Home, Output, TableFormat, Traeger, Warehouse, settings_of
from etl.errors import UsageError

if TYPE_CHECKING:
    from etl.aufbewahrung import Posten

PANEL = "Aufbewahrung"
commands = typer.Typer()
retention = typer.Typer(help="Aufbewahrung: was fällig ist; mit --apply löschen, mit Nachweis.")
commands.add_typer(retention, name="retention", rich_help_panel=PANEL)

Grund = Annotated[str, typer.Option("--reason", metavar="GRUND", help="Warum; wird aufbewahrt.")]
Who = Annotated[str, typer.Option("--by", metavar="NAME", help="Wer das anordnet.")]
Second = Annotated[str, typer.Option("--approved-by", metavar="NAME", help="Wer es mitträgt: eine andere Person.")]

COLUMNS = ("stand", "klasse", "gegenstand", "datenstand", "faellig_am", "dateien", "bytes", "warum")


def day(text: str | dt.date) -> dt.date:
    """Read a day of the command line."""
    if isinstance(text, dt.date):
        return text
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"„{text}“ ist kein Tag. Erwartet wird JJJJ-MM-TT.") from None


@retention.callback(invoke_without_command=True)
def plan_or_apply(
    context: typer.Context,
    as_of: Annotated[
        dt.date | None, typer.Option("--as-of", parser=day, metavar="JJJJ-MM-TT", help="Tag, zu dem geurteilt wird.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Löschen, was fällig ist.")] = False,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Wer die Löschung anordnet.")] = "",
    accept: Annotated[
        str | None,
        typer.Option(
            "--accept-differences",
            metavar="GRUND",
            help="Auch löschen, wenn Zahlen nach geänderter Definition anders nachgerechnet werden; wird aufbewahrt.",
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Auch zeigen, wessen Frist noch läuft.")] = False,
    table_format: Format = TableFormat.table,
    output: Output = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Zeigen, was fällig ist (gelöscht wird nichts); mit --apply löschen, mit Nachweis."""
    if context.invoked_subcommand is not None:
        return
    if as_of is None:
        raise UsageError("Der Tag fehlt, zu dem geurteilt wird.", hint="Mit --as-of JJJJ-MM-TT angeben.")
    from etl import aufbewahren

    settings = settings_of(home, warehouse)
    if not apply:
        rows = [one for one in aufbewahren.plan(settings, as_of) if every or str(one.stand) != "läuft"]
        _show(rows, table_format, output)
        _sum("Fällig", [one for one in rows if str(one.stand) in ("fällig", "erneut")])
        return
    result = step("Löschen", lambda show: aufbewahren.apply(settings, as_of, by, accept, show.parts))
    _show([*result.geloescht, *result.geblieben], table_format, output, gone=len(result.geloescht))
    _sum("Gelöscht", result.geloescht)
    result.require_complete()


@retention.command("hold")
def hold(
    what: Annotated[str, typer.Argument(help="TRAEGERNUMMER/LIEFERUNG_ID, oder nur die Trägernummer.")],
    reason: Grund,
    by: Who,
    approved_by: Second,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Eine Löschsperre anordnen, etwa für einen Rechtsstreit."""
    from etl import aufbewahren

    sperre = aufbewahren.hold(settings_of(home, warehouse), what, grund=reason, by=by, approved_by=approved_by)
    err.print(f"Löschsperre {sperre.nummer} gilt: {plain(what)}.", highlight=False, soft_wrap=True)


@retention.command("release")
def lift(
    number: Annotated[int, typer.Argument(help="Nummer der Löschsperre.")],
    reason: Grund,
    by: Who,
    approved_by: Second,
    traeger: Traeger = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Eine Löschsperre aufheben."""
    from etl import aufbewahren

    settings = settings_of(home, warehouse)
    chosen = traeger or _only_traeger([one.traegernummer for one in aufbewahren.holds(settings)])
    aufbewahren.lift(settings, chosen, number, grund=reason, by=by, approved_by=approved_by)
    err.print(f"Löschsperre {number} ist aufgehoben.", highlight=False, soft_wrap=True)


@retention.command("holds")
def show_holds(
    table_format: Format = TableFormat.table,
    output: Output = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Geltende Löschsperren zeigen."""
    from etl import aufbewahren

    rows = [
        {
            "nummer": one.nummer,
            "traeger": one.traegernummer,
            "lieferung": one.lieferung_id or "alle",
            "grund": one.grund,
            "angeordnet_von": one.person,
            "mitgetragen_von": one.zweite_person,
        }
        for one in aufbewahren.holds(settings_of(home, warehouse))
    ]
    columns = ("nummer", "traeger", "lieferung", "grund", "angeordnet_von", "mitgetragen_von")
    show_rows(columns, rows, table_format, output)


Apart = Annotated[
    Path, typer.Option("--apart", help="Ordner für Schlüssel und Zeuge: anderswo aufbewahren als die Sicherung.")
]


@commands.command("backup", rich_help_panel=PANEL)
def backup(
    target: Annotated[Path, typer.Option("--out", help="Neuer Ordner für Warehouse und Dateien.")],
    apart: Apart,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Warehouse und Dateien sichern, als ein Stand; Schlüssel und Zeuge getrennt."""
    from etl import sichern

    settings = settings_of(home, warehouse)
    size = step("Sichern", lambda _: sichern.backup(settings, target, apart))
    err.print(f"Gesichert: {count(size['dateien'])} Dateien, {count(size['bytes'])} Bytes.", highlight=False)


@commands.command("restore", rich_help_panel=PANEL)
def restore(
    source: Annotated[Path, typer.Argument(help="Ordner der Sicherung.")],
    apart: Apart,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Eine Sicherung in einen leeren Ordner und eine leere Datenbank zurückspielen."""
    from etl import sichern

    settings = settings_of(home, warehouse)
    size = step("Wiederherstellen", lambda _: sichern.restore(settings, source, apart))
    err.print(f"Wiederhergestellt: {count(size['dateien'])} Dateien, {count(size['bytes'])} Bytes.", highlight=False)
    err.print(
        "Jetzt „jobcenter verify“ ausführen, dann „jobcenter retention --as-of TAG --apply --by NAME“: was gelöscht "
        "war und mit der Sicherung wiederkam, wird erneut gelöscht.",
        highlight=False,
        soft_wrap=True,
    )


@commands.command("processing-record", rich_help_panel=PANEL)
def processing_record(
    output: Annotated[Path, typer.Option("--output", "-o", help="Wohin die Seite geschrieben wird.")],
    home: Home = None,
) -> None:
    """Das Verzeichnis von Verarbeitungstätigkeiten (Art. 30 DSGVO) als Seite (HTML)."""
    from etl import aufbewahren

    write(aufbewahren.processing_record(settings_of(home, None)), output)


def _only_traeger(known: Sequence[str]) -> str:
    if len(set(known)) != 1:
        raise UsageError("Der Träger ist nicht eindeutig.", hint="Mit --traeger NUMMER angeben.")
    return known[0]


def _show(rows: Sequence[Posten], table_format: TableFormat, output: Output, gone: int = 0) -> None:
    """Show objects; the first ``gone`` of them were deleted."""
    terminal = table_format is TableFormat.table and output is None
    columns = tuple(name for name in COLUMNS if not terminal or name not in ("klasse", "datenstand"))
    lines = [one.zeile | ({"stand": "gelöscht"} if number < gone else {}) for number, one in enumerate(rows)]
    show_rows(columns, lines, table_format, output)


def _sum(what: str, rows: Sequence[Posten]) -> None:
    files, size = sum(one.dateien for one in rows), sum(one.bytes for one in rows)
    err.print(
        f"{what}: {count(len(rows))} Gegenstände, {count(files)} Dateien, {count(size)} Bytes.",
        highlight=False,
        soft_wrap=True,
    )
