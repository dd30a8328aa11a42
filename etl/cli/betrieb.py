"""Operating: the operator's handbook, whole or the section that an error names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from etl.cli.ausgabe import err, out
from etl.errors import UsageError

PANEL = "Betrieb"
commands = typer.Typer()


@commands.command("operations", rich_help_panel=PANEL)
def operations(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Wohin die Seite geschrieben wird.")] = None,
    section: Annotated[
        str | None, typer.Option("--section", metavar="NUMMER", help="Nur diesen Abschnitt hier zeigen.")
    ] = None,
) -> None:
    """Das Betriebshandbuch: als Seite (HTML), ein Abschnitt am Bildschirm, oder sein Inhaltsverzeichnis."""
    from rich.markdown import Markdown

    from etl import betriebshandbuch

    if output is not None and section is not None:
        raise UsageError("Entweder --output oder --section angeben, nicht beides.")
    if output is not None:
        err.print(f"Geschrieben: {betriebshandbuch.write(output)}", highlight=False, soft_wrap=True)
    elif section is not None:
        for part in betriebshandbuch.find(section):
            out.print(f"\n{part.nummer} {part.titel}\n", style="bold", highlight=False, markup=False, soft_wrap=True)
            out.print(Markdown(betriebshandbuch.linked(part, anchors=False)))
    else:
        for part in betriebshandbuch.contents():
            indent = "  " * (part.ebene - 1)
            out.print(f"{indent}{part.nummer} {part.titel}", highlight=False, markup=False, soft_wrap=True)
