"""What people do about findings: look, correct, waive, decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from etl.cli.ausgabe import ON_SCREEN, count, err, plain, show_files, show_rows, step
from etl.cli.optionen import Format, Home, Output, Reference, TableFormat, Warehouse, settings_of
from etl.cli.optionen import source as read_source
from etl.errors import UsageError
from etl.settings import Settings

PANEL = "Befunde und Entscheidungen"
commands = typer.Typer()

SHORT_ID = 12
"""Letters of a finding's id that a person types."""


@commands.command("findings", rich_help_panel=PANEL)
def show_findings(
    delivery: Reference,
    rule: Annotated[str | None, typer.Option("--rule", help="Nur die Befunde dieser Regel.")] = None,
    table_format: Format = TableFormat.table,
    output: Output = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Alle Befunde einer Lieferung, pseudonym: Stand gegenüber früheren Lieferungen, Wirkung auf die Zahlen."""
    import pyarrow.compute as pc

    from etl import pruefen, validate

    settings = settings_of(home, warehouse)
    found, _ = pruefen.with_waivers(settings, known_reference(settings, delivery))
    if rule:
        if rule.upper() not in {regel.regel_id for regel in validate.load().regeln}:
            raise UsageError(
                f"Eine Regel „{rule}“ gibt es nicht.", hint="„jobcenter rules“ schreibt alle auf eine Seite."
            )
        found = found.filter(pc.equal(found["regel_id"], rule.upper()))
    rows = [row | {"befund_id": row["befund_id"][:SHORT_ID]} for row in found.to_pylist()]
    # What was found stands in the correction lists and nowhere else.
    columns: Sequence[str] = [name for name in found.column_names if name not in ("gefunden", "werte_sha256")]
    if table_format is TableFormat.table and output is None:
        columns = ("befund_id", "regel_id", "zustand", "ausnahme_id", "wirkung", "zustaendigkeit")  # the record: csv
    show_rows(columns, rows, table_format, output, most=ON_SCREEN)
    states = Counter(row["zustand"] for row in rows)
    closed = sum(row["ausnahme_id"] is not None for row in rows)
    counted = ", ".join(f"{count(number)} {state}" for state, number in sorted(states.items()))
    err.print(f"Befunde: {counted or 'keine'}; durch Ausnahmen geschlossen: {count(closed)}.", highlight=False)


@commands.command("corrections", rich_help_panel=PANEL)
def write_corrections(
    delivery: Reference,
    target: Annotated[Path, typer.Option("--out", help="Ordner für die Listen, in der Zone des Jobcenters.")],
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            parser=read_source,
            metavar="PFAD|URL",
            help="Die Lieferung selbst: dann stehen die echten Nummern in den Listen.",
        ),
    ] = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Korrekturlisten schreiben: je Team eine Excel- und eine CSV-Datei mit allen offenen Befunden."""
    from etl import pruefen

    settings = settings_of(home, warehouse)
    reference = known_reference(settings, delivery)
    files = step("Korrekturlisten schreiben", lambda _: pruefen.corrections(settings, reference, target, source))
    show_files([str(path) for path in files])
    err.print("Die Listen enthalten Sozialdaten: nur für die zuständigen Teams.", highlight=False)


@commands.command("validation-report", rich_help_panel=PANEL)
def write_report(
    delivery: Reference,
    target: Annotated[Path, typer.Option("--out", help="Ordner für den Bericht.")],
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Den Prüfbericht einer Lieferung schreiben (HTML, PDF, Data Docs): geprüft, verletzt, ausgenommen, entschieden."""
    from etl import pruefen

    settings = settings_of(home, warehouse)
    reference = known_reference(settings, delivery)
    files = step("Prüfbericht schreiben", lambda _: pruefen.report(settings, reference, target))
    show_files([str(path) for path in files])


@commands.command("rules", rich_help_panel=PANEL)
def rules(
    output: Annotated[Path, typer.Option("--output", "-o", help="Wohin die Seite geschrieben wird.")] = Path(
        "regeln.html"
    ),
) -> None:
    """Alle Prüfregeln (HTML): was richtig ist, was aus einer Verletzung folgt, Quelle, wer klärt."""
    from etl import pruefbericht
    from etl.files import write_atomically

    write_atomically(output, pruefbericht.REGELN.read_bytes())
    err.print(f"Geschrieben: {output}", highlight=False, soft_wrap=True)


@commands.command("waive", rich_help_panel=PANEL)
def waive_finding(
    befund: Annotated[str, typer.Argument(help="Kennung des Befunds (zwölf Zeichen) aus „findings“.")],
    delivery: Reference,
    reason: Annotated[str, typer.Option("--reason", metavar="GRUND", help="Warum der Satz so richtig ist.")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Wer geprüft hat.")],
    approved_by: Annotated[
        str, typer.Option("--approved-by", metavar="NAME", help="Wer zustimmt: eine andere Person.")
    ],
    until: Annotated[
        datetime, typer.Option("--until", formats=["%Y-%m-%d"], metavar="JJJJ-MM-TT", help="Letzter Datenstand.")
    ],
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Einen geprüften Befund ausnehmen: Er bleibt geschlossen, solange seine Werte sich nicht ändern."""
    from etl import pruefen

    settings = settings_of(home, warehouse)
    reference = known_reference(settings, delivery)
    waiver = pruefen.waive(
        settings, reference, befund, grund=reason, by=by, approved_by=approved_by, until=until.date()
    )
    err.print(
        f"Ausnahme {waiver.ausnahme_id}: Der Befund {waiver.befund_id[:SHORT_ID]} ({waiver.regel_id}) ist bis "
        f"{waiver.gueltig_bis:%d.%m.%Y} geschlossen, solange seine Werte sich nicht ändern.",
        highlight=False,
        soft_wrap=True,
    )


@commands.command("waivers", rich_help_panel=PANEL)
def show_waivers(
    traeger: Annotated[str, typer.Option("--traeger", help="Trägernummer.")],
    revoke: Annotated[
        int | None, typer.Option("--revoke", metavar="NUMMER", help="Diese Ausnahme zurücknehmen.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="GRUND", help="Warum sie nicht mehr gilt.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Wer sie zurücknimmt.")] = "",
    table_format: Format = TableFormat.table,
    output: Output = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Die geltenden Ausnahmen zeigen, oder eine zurücknehmen."""
    from etl import warehouse as room

    settings = settings_of(home, warehouse)
    if revoke is not None:
        if not reason.strip() or not by.strip():
            raise UsageError("Eine Rücknahme braucht --by und --reason.", abschnitt="name-oder-grund-fehlt")
        with room.connect(settings, role="etl") as connection:
            room.revoke_waiver(connection, traeger, revoke, reason, by)
        err.print(f"Ausnahme {revoke} zurückgenommen.", highlight=False)
        return
    with room.connect(settings, role="auditor") as connection:
        rows = [
            asdict(waiver) | {"befund_id": waiver.befund_id[:SHORT_ID]}
            for waiver in room.read_waivers(connection, traeger)
        ]
    columns = ("ausnahme_id", "regel_id", "befund_id", "grund", "beantragt_von", "bewilligt_von", "gueltig_bis")
    show_rows(columns, rows, table_format, output)
    if not rows:
        err.print(f"Für den Träger {plain(traeger)} gilt keine Ausnahme.", highlight=False)


@commands.command("resume", rich_help_panel=PANEL)
def resume_delivery(
    delivery: Reference,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Wer entscheidet.")],
    reason: Annotated[str, typer.Option("--reason", metavar="GRUND", help="Warum die Lieferung stimmt.")],
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Eine angehaltene Lieferung weiterlaufen lassen; danach den angehaltenen Befehl wiederholen."""
    from etl import pruefen

    settings = settings_of(home, warehouse)
    occasion = pruefen.resume(settings, known_reference(settings, delivery), by=by, grund=reason)
    for satz in occasion.saetze:
        err.print(f"  {plain(satz)}", highlight=False)
    err.print("Entschieden. Jetzt den angehaltenen Befehl wiederholen.", highlight=False)


def known_reference(settings: Settings, delivery: str) -> str:
    """Return the reference of an archived delivery by the name a user gave it."""
    from etl import pipeline

    return pipeline.known_reference(settings, delivery)
