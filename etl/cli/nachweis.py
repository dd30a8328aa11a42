"""Proof: recompute what is loaded, and check files and the chain."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli.ausgabe import ON_SCREEN, count, err, out, show_rows, step
from etl.cli.optionen import Format, Home, Output, Reference, TableFormat, Warehouse, month, settings_of
from etl.errors import UsageError
from etl.monat import Monat

if TYPE_CHECKING:
    from etl.probelauf import Probe

PANEL = "Nachweis"
commands = typer.Typer()
FLIPS = 5
"""Records per rule that a terminal shows; files hold all."""


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
    for note in proof.vermerke:
        err.print(f"Belegt: {note}", highlight=False, markup=False, soft_wrap=True)
    for note in proof.hinweise:
        err.print(f"Hinweis: {note}", highlight=False, markup=False, soft_wrap=True)
    proof.require_identical()
    compared = (
        f"mit ihren Zahlenpässen verglichen (Ladungen: {count(proof.ladungen)}, Dateien: {count(proof.dateien)})."
    )
    if proof.monate or not proof.belegt:
        again = f"{count(proof.werte)} Werte nachgerechnet (Monate: {count(proof.monate)}), {compared}"
        out.print(f"identisch: {again}", highlight=False, soft_wrap=True)
    if proof.belegt:
        before = (
            f"Monate vor der Löschung ihrer Falldaten nachgerechnet: {count(proof.belegt)}; die geladenen Werte sind"
        )
        out.print(f"belegt: {before} seither unverändert, {compared}", highlight=False, soft_wrap=True)


@commands.command("rehearse", rich_help_panel=PANEL)
def rehearse(
    changed: Annotated[Path, typer.Argument(help="Ordner mit den geänderten Dateien, angeordnet wie im Programm.")],
    delivery: Reference,
    last: Annotated[int, typer.Option("--last", min=1, max=60, help="Wie viele der letzten Monate.")] = 3,
    table_format: Format = TableFormat.table,
    output: Output = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Proben: was eine geänderte Regel, ein Parameter oder SQL an vergangenen Monaten ändern würde."""
    from etl import pipeline

    settings = settings_of(home, warehouse)
    reference = pipeline.known_reference(settings, delivery)
    probe = step("Beide Fassungen ausführen", lambda _: pipeline.rehearse(settings, reference, changed, last))
    terminal = table_format is TableFormat.table and output is None
    rows = [*_rules(probe, FLIPS if terminal else None), *_cells(probe, totals_only=terminal)]
    show_rows(("art", "name", "vorher", "nachher", "ort"), rows, table_format, output)
    flips = sum(len(regel.neu_verletzt) + len(regel.nicht_mehr) for regel in probe.regeln)
    err.print(f"Geändert: {', '.join(probe.dateien)}.", highlight=False, soft_wrap=True)
    err.print(
        f"Regeln mit anderem Ergebnis: {count(len(probe.regeln))}; Sätze, deren Urteil wechselt: {count(flips)}; "
        f"Zellen, die sich ändern: {count(len(probe.zellen))}.",
        highlight=False,
        soft_wrap=True,
    )


def _rules(probe: Probe, most: int | None) -> Iterator[dict[str, object]]:
    for regel in probe.regeln:
        yield _row("regel", regel.regel_id, regel.grund, regel.vorher, regel.nachher)
        for satz in regel.neu_verletzt[:most]:
            yield _row("satz", regel.regel_id, satz, 0, 1)
        for satz in regel.nicht_mehr[:most]:
            yield _row("satz", regel.regel_id, satz, 1, 0)


def _cells(probe: Probe, *, totals_only: bool) -> Iterator[dict[str, object]]:
    for zelle in probe.zellen:
        if zelle.merkmal == "INSGESAMT" or not totals_only:
            place = f"{zelle.merkmal} {zelle.auspraegung}"
            yield _row("zahl", f"{zelle.groesse} {zelle.monat}", place, zelle.vorher, zelle.nachher)


def _row(art: str, name: str, ort: str, vorher: object, nachher: object) -> dict[str, object]:
    return {"art": art, "name": name, "ort": ort, "vorher": vorher, "nachher": nachher}
