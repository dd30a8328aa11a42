"""The command line: the steps of the pipeline for a person at a terminal.

Messages go to standard error, results to standard output, so that ``jobcenter figures --format csv > zahlen.csv``
holds figures and nothing else. Exit statuses are documented in the README and in ``etl/errors.py``.
"""

from __future__ import annotations

import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from etl.errors import JobcenterError, UsageError
from etl.monat import Monat
from etl.settings import Settings

if TYPE_CHECKING:
    from etl.figures.kennzahlen import Kennzahl

app = typer.Typer(
    name="jobcenter",
    help="Statistik und Berichte eines Jobcenters nach dem SGB II: von den Falldaten zum geprüften Bericht.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
# A file or a pipe has no width of its own: room for the whole table.
out = Console(width=None if sys.stdout.isatty() else 120)
err = Console(stderr=True)
T = TypeVar("T")

INTERRUPTED = 130
"""Exit status after Ctrl-C."""
TERMINATED = 143
"""Exit status after SIGTERM."""


class TableFormat(StrEnum):
    """How figures are written."""

    table = "table"
    csv = "csv"
    json = "json"


class FileFormat(StrEnum):
    """File format of a synthetic delivery."""

    csv = "csv"
    parquet = "parquet"


def _month(text: str | Monat) -> Monat:
    if isinstance(text, Monat):
        return text  # a default value
    try:
        return Monat.parse(text)
    except UsageError as error:
        raise typer.BadParameter(f"{error.message} {error.hint}") from None


Home = Annotated[Path | None, typer.Option("--home", help="Ordner für Archiv, Warehouse, Berichte und Schlüssel.")]
Warehouse = Annotated[
    str | None,
    typer.Option("--warehouse", help="PostgreSQL-Server (postgresql+psycopg://…) statt des mitgelieferten."),
]
Month = Annotated[Monat, typer.Option("--month", parser=_month, metavar="JJJJ-MM", help="Berichtsmonat.")]
First = Annotated[Monat, typer.Option("--from", parser=_month, metavar="JJJJ-MM", help="Erster Monat.")]
Last = Annotated[Monat, typer.Option("--to", parser=_month, metavar="JJJJ-MM", help="Letzter Monat.")]
Delivery = Annotated[str, typer.Option("--delivery", help="Lieferung: Ordner, Zip-Datei oder SQLAlchemy-URL.")]
Reference = Annotated[str, typer.Option("--delivery", help="Archivierte Lieferung (lieferung_id).")]
Accept = Annotated[
    str | None,
    typer.Option(
        "--accept-findings",
        metavar="GRUND",
        help="Trotz blockierender Befunde laden; der Grund wird mit den Zahlen aufbewahrt.",
    ),
]
Format = Annotated[TableFormat, typer.Option("--format", help="Ausgabeform.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Datei statt Standardausgabe.")]
Traeger = Annotated[str | None, typer.Option("--traeger", help="Trägernummer, wenn mehrere geladen sind.")]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="MERKMAL=WERT", help="Nur diese Zelle, zum Beispiel gemeinde_ags=08317096."),
]
Months = Annotated[int, typer.Option("--months", min=1, max=240, help="Zahl der Monate.")]
Persons = Annotated[int, typer.Option("--persons", min=20, max=2_000_000, help="Personen im Bestand.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Startwert: gleicher Wert, gleiche Daten.")]
DemoMonth = Annotated[Monat, typer.Option("--to", parser=_month, metavar="JJJJ-MM", help="Letzter Monat.")]

DEMO_MONTH = Monat(2026, 8)
TOO_WIDE = ("groesse", "vergleichsmonat", "veraenderung_veroeffentlicht", "veraenderung_eigen", "grund", "quelle")
"""Columns of a comparison that only files hold."""
SHORT_ID = 12
"""Letters of a finding's id that a person types."""
ON_SCREEN = 60
"""Records of a figure that a terminal shows; files hold all."""


def _settings(home: Path | None, warehouse: str | None) -> Settings:
    given: dict[str, Any] = {"home": home, "warehouse": warehouse}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except (SettingsError, ValidationError):
        raise UsageError(
            "Eine Einstellung in den Umgebungsvariablen JOBCENTER_… ist nicht lesbar.",
            hint="JOBCENTER_IMPRESSUM ist ein JSON-Objekt mit Texten; die übrigen sind einfache Texte (siehe README).",
        ) from None


@app.command("run")
def run_month(
    month: Month, delivery: Delivery, accept_findings: Accept = None, home: Home = None, warehouse: Warehouse = None
) -> None:
    """Einen Monat berichten: einlesen, prüfen, berechnen, laden, Berichte schreiben."""
    from etl import pipeline
    from etl import warehouse as room

    settings = _settings(home, warehouse)
    reference = _checked_delivery(settings, delivery, accept_findings)
    cells = _step("Zahlen berechnen", lambda _: pipeline.figures(settings, reference, month))
    with room.held(settings):
        loaded = _step("Zahlen laden", lambda _: pipeline.load(settings, reference, month, accept_findings))
        files = _step("Berichte schreiben", lambda _: pipeline.report(settings, reference, month))
        err.print(f"Berechnet {_count(cells)} Zellen, neu oder erneut bestätigt {_count(loaded)}.", highlight=False)
        _show_figures(settings, reference, month)
    _show_files(files)


@app.command("backfill")
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

    settings = _settings(home, warehouse)
    months = list(Monat.span(first, last))
    if not months:
        raise UsageError(f"--from {first} liegt nach --to {last}.")
    reference = _checked_delivery(settings, delivery, accept_findings)
    cells = _step(
        "Zahlen berechnen und laden", lambda _: pipeline.backfill(settings, reference, months, accept_findings)
    )
    err.print(f"{len(months)} Monate geladen: {first} bis {last}, {_count(cells)} Zellen.")


@app.command("demo")
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
    from etl.demo import DemoRequest, generate

    settings = _settings(home, warehouse)
    request = DemoRequest(bis=to, monate=months, personen=persons, seed=seed)
    folder = settings.home / "demo" / request.lieferung_id
    delivery = _step("Jobcenter erfinden", lambda show: generate(request, folder, show.fraction))
    reference = _checked_delivery(settings, str(delivery), None)
    with room.held(settings):
        every = _step("Zahlen berechnen und laden", lambda _: pipeline.backfill_all(settings, reference))
        files = _step("Berichte schreiben", lambda _: pipeline.report(settings, reference, to))
        err.print(f"{every} Monate geladen. Alle Personen sind erfunden.", highlight=False)
        _show_figures(settings, reference, to)
    _show_files(files)


@app.command("demo-data")
def demo_data(
    target: Annotated[Path, typer.Option("--out", help="Ordner, in den die Lieferung geschrieben wird.")],
    to: DemoMonth = DEMO_MONTH,
    months: Months = 40,
    persons: Persons = 18_000,
    seed: Seed = 1,
    faults: Annotated[bool, typer.Option("--faults", help="Katalogisierte Fehler einbauen.")] = False,
    file_format: Annotated[FileFormat, typer.Option("--format", help="Dateiformat der Tabellen.")] = FileFormat.csv,
) -> None:
    """Die Lieferung eines erfundenen Jobcenters schreiben."""
    from etl.demo import DemoRequest, generate

    request = DemoRequest(bis=to, monate=months, personen=persons, seed=seed, faults=faults, format=file_format.value)
    folder = _step("Jobcenter erfinden", lambda show: generate(request, target, show.fraction))
    out.print(str(folder), highlight=False, soft_wrap=True)


@app.command("figures")
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

    settings = _settings(home, warehouse)
    with room.connect(settings, role="controller") as connection:
        cells = room.read_figures(connection, first=first, last=last, traegernummer=traeger)
    if cells.empty:
        raise UsageError(
            f"Für {first} bis {last} sind keine Zahlen geladen.",
            hint="Zuerst „jobcenter run“ oder „jobcenter backfill“ ausführen.",
        )
    if table_format is TableFormat.table and output is None:
        out.print(listing.totals(cells, out.width))
        return
    write = {TableFormat.csv: listing.as_csv, TableFormat.json: listing.as_json, TableFormat.table: listing.as_text}
    _write(write[table_format](cells), output)


@app.command("indicators")
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

    _show_quotients(_settings(home, warehouse), first, last, kennzahlen.paragraph_48a(), table_format, output, traeger)


@app.command("rates")
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

    _show_quotients(_settings(home, warehouse), first, last, kennzahlen.quoten(), table_format, output, traeger)


@app.command("states")
def show_states(
    month: Month,
    table_format: Format = TableFormat.table,
    output: Output = None,
    traeger: Traeger = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Alle Stände eines Monats nebeneinander: T-0 (vorläufig) bis T-3 (endgültig), Insgesamt."""
    from etl import pipeline
    from etl.figures import katalog

    states = pipeline.states(_settings(home, warehouse), month, traeger)
    if not states:
        raise UsageError(
            f"{month} ist nicht geladen.", hint="Zuerst „jobcenter run“ oder „jobcenter backfill“ ausführen."
        )
    values = {(state.groesse, state.wartezeit): state.wert for state in states}
    rows = [{"groesse": code} | {f"T-{wait}": values.get((code, wait)) for wait in range(4)} for code in katalog.load()]
    _show_rows(("groesse", "T-0", "T-1", "T-2", "T-3"), rows, table_format, output)
    for wait, lieferung, datenstand in sorted({(s.wartezeit, s.lieferung_id, s.datenstand) for s in states}):
        err.print(f"T-{wait}: Lieferung {lieferung}, Datenstand {datenstand}", highlight=False, soft_wrap=True)


@app.command("explain")
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
    from etl import pipeline
    from etl.figures import erklaerung

    auswahl = erklaerung.parse(where or [])
    opened = pipeline.explain(_settings(home, warehouse), groesse, month, auswahl, delivery)
    rows: list[dict[str, object]] = [row | {"warum": None} for row in opened.saetze.to_pylist()]
    if nearly:
        rows += [row | {"wert": None} for row in opened.knapp.to_pylist()]
    columns = [*opened.saetze.column_names, *(["warum"] if nearly else [])]
    if table_format is TableFormat.table and output is None:
        # What is the same in every row, or said twice, needs no column of a terminal.
        # What a narrow one cannot show are features, not the reason.
        first = [name for name in ("satz", "kundennummer", "bg_nummer", "wert", "warum") if name in columns]
        columns = [*first, *(name for name in columns if name not in first)]
        columns = [name for name in columns if name not in auswahl and not _said_twice(name, rows)]
    _show_rows(columns, rows, table_format, output, most=ON_SCREEN)
    narrowed = "".join(f", {name} = {value}" for name, value in auswahl.items())
    err.print(
        f"{groesse} {month}{narrowed}: {opened.saetze.num_rows} Sätze, Summe {opened.summe:f} = der geladene Wert."
        + (f" Knapp nicht gezählt: {opened.knapp.num_rows}." if nearly else ""),
        highlight=False,
        soft_wrap=True,
    )


@app.command("verify")
def verify(
    file: Annotated[Path | None, typer.Argument(help="Ausgegebene Datei; ohne sie alles, was geladen ist.")] = None,
    month: Annotated[
        Monat | None, typer.Option("--month", parser=_month, metavar="JJJJ-MM", help="Nur dieser Berichtsmonat.")
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
    proof = pipeline.verify(_settings(home, warehouse), file, month)
    if proof.zellen or output is not None:
        rows = [cell._asdict() for cell in proof.zellen]
        _show_rows(Zelle._fields, rows, table_format, output, most=ON_SCREEN)
    for chain in proof.ketten:
        err.print(
            f"Kette {chain.traegernummer}: {_count(chain.pass_id)} Glieder, das letzte {chain.sha256}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    for note in proof.hinweise:
        err.print(f"Hinweis: {note}", highlight=False, markup=False, soft_wrap=True)
    proof.require_identical()
    out.print(
        f"identisch: {_count(proof.werte)} Werte nachgerechnet (Monate: {_count(proof.monate)}), mit ihren "
        f"Zahlenpässen verglichen (Ladungen: {_count(proof.ladungen)}, Dateien: {_count(proof.dateien)}).",
        highlight=False,
        soft_wrap=True,
    )


@app.command("revisions")
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
    from etl import pipeline
    from etl.figures import erklaerung, revision

    changes = pipeline.revisions(_settings(home, warehouse), month, before, after, erklaerung.parse(where or []))
    rows = [
        {
            "groesse": c.groesse,
            "vorher": c.vorher,
            "nachher": c.nachher,
            "differenz": c.nachher - c.vorher,
            **c.ursachen,
        }
        for c in changes
    ]
    _show_rows(("groesse", "vorher", "nachher", "differenz", *revision.URSACHEN), rows, table_format, output)


@app.command("findings")
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

    from etl import pruefen

    settings = _settings(home, warehouse)
    found, _ = pruefen.with_waivers(settings, _known(settings, delivery))
    if rule:
        found = found.filter(pc.equal(found["regel_id"], rule.upper()))
    rows = [row | {"befund_id": row["befund_id"][:SHORT_ID]} for row in found.to_pylist()]
    # What was found stands in the correction lists and nowhere else.
    columns: Sequence[str] = [name for name in found.column_names if name not in ("gefunden", "werte_sha256")]
    if table_format is TableFormat.table and output is None:
        columns = ("befund_id", "regel_id", "zustand", "ausnahme_id", "wirkung", "zustaendigkeit", "satz")
    _show_rows(columns, rows, table_format, output, most=ON_SCREEN)
    states = Counter(row["zustand"] for row in rows)
    closed = sum(row["ausnahme_id"] is not None for row in rows)
    counted = ", ".join(f"{_count(number)} {state}" for state, number in sorted(states.items()))
    err.print(f"Befunde: {counted or 'keine'}; durch Ausnahmen geschlossen: {_count(closed)}.", highlight=False)


@app.command("corrections")
def write_corrections(
    delivery: Reference,
    target: Annotated[Path, typer.Option("--out", help="Ordner für die Listen, in der Zone des Jobcenters.")],
    source: Annotated[
        str | None,
        typer.Option("--source", help="Die Lieferung selbst: dann stehen die echten Nummern in den Listen."),
    ] = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Korrekturlisten schreiben: je Team eine Excel- und eine CSV-Datei mit allen offenen Befunden."""
    from etl import pruefen

    settings = _settings(home, warehouse)
    reference = _known(settings, delivery)
    files = _step("Korrekturlisten schreiben", lambda _: pruefen.corrections(settings, reference, target, source))
    _show_files([str(path) for path in files])
    err.print("Die Listen enthalten Sozialdaten: nur für die zuständigen Teams.", highlight=False)


@app.command("waive")
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

    settings = _settings(home, warehouse)
    reference = _known(settings, delivery)
    waiver = pruefen.waive(
        settings, reference, befund, grund=reason, by=by, approved_by=approved_by, until=until.date()
    )
    err.print(f"Ausgenommen: {waiver.regel_id} bis {waiver.gueltig_bis:%d.%m.%Y}.", highlight=False)


@app.command("waivers")
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

    settings = _settings(home, warehouse)
    if revoke is not None:
        if not reason.strip() or not by.strip():
            raise UsageError("Eine Rücknahme braucht --by und --reason.")
        with room.connect(settings, role="etl") as connection:
            room.revoke_waiver(connection, revoke, reason, by)
        err.print(f"Ausnahme {revoke} zurückgenommen.", highlight=False)
        return
    with room.connect(settings, role="auditor") as connection:
        rows = [
            asdict(waiver) | {"befund_id": waiver.befund_id[:SHORT_ID]}
            for waiver in room.read_waivers(connection, traeger)
        ]
    columns = ("ausnahme_id", "regel_id", "befund_id", "grund", "beantragt_von", "bewilligt_von", "gueltig_bis")
    _show_rows(columns, rows, table_format, output)


@app.command("resume")
def resume_delivery(
    delivery: Reference,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Wer entscheidet.")],
    reason: Annotated[str, typer.Option("--reason", metavar="GRUND", help="Warum die Lieferung stimmt.")],
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Eine angehaltene Lieferung weiterlaufen lassen; danach den angehaltenen Befehl wiederholen."""
    from etl import pruefen

    settings = _settings(home, warehouse)
    occasion = pruefen.resume(settings, _known(settings, delivery), by=by, grund=reason)
    for satz in occasion.saetze:
        err.print(f"  {_plain(satz)}", highlight=False)
    err.print("Entschieden. Jetzt den angehaltenen Befehl wiederholen.", highlight=False)


series_app = typer.Typer(
    help="Veröffentlichte Reihen einlesen und mit den eigenen Zahlen vergleichen.", no_args_is_help=True
)
app.add_typer(series_app, name="series")


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

    total, new = pipeline.import_series(_settings(home, warehouse), file or series.KOA, traeger)
    err.print(f"{_count(total)} veröffentlichte Werte gelesen, {_count(new)} davon neu.", highlight=False)


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

    found = pipeline.compare_series(_settings(home, warehouse), first, last, traeger)
    rows = [
        {name: rounded(value, 2) if isinstance(value, Fraction) else value for name, value in row._asdict().items()}
        for row in found
    ]
    columns: Sequence[str] = series.Vergleich._fields
    if table_format is TableFormat.table and output is None:
        columns = tuple(name for name in columns if name not in TOO_WIDE)
    _show_rows(columns, rows, table_format, output)
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

    row = pipeline.explain_difference(_settings(home, warehouse), reihe, month, reason, traeger)
    err.print(
        f"Festgehalten: {reihe} {month}, veröffentlicht {row.veroeffentlicht:f}, eigen {row.eigen:f}.", highlight=False
    )


@app.command("estimates")
def import_estimates(
    file: Annotated[Path, typer.Argument(help="CSV mit berichtsmonat, groesse, geschlecht, wert, grund.")],
    traeger: Traeger = None,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Schätzwerte für Monate ohne Lieferung einlesen; Kennzahlen, die sie brauchen, heißen „geschaetzt“."""
    from etl import pipeline

    total, new = pipeline.import_estimates(_settings(home, warehouse), file, traeger)
    err.print(f"{_count(total)} Schätzwerte gelesen, {_count(new)} davon neu.", highlight=False)


@app.command("handbook")
def handbook(
    output: Annotated[Path, typer.Option("--output", "-o", help="Wohin die Seite geschrieben wird.")] = Path(
        "handbuch.html"
    ),
) -> None:
    """Das Handbuch der Zahlen (HTML): jede Größe und Kennzahl mit Formel, Quelle und Beispielen."""
    from etl import handbuch

    err.print(f"Geschrieben: {handbuch.write(output)}", highlight=False, soft_wrap=True)


@app.command("airflow")
def local_airflow(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port der Oberfläche.")] = 8080,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Ein lokales Airflow mit den DAGs starten (Strg-C beendet es)."""
    from etl.airflow_local import run_local_airflow

    status = run_local_airflow(
        _settings(home, warehouse),
        port=port,
        ready=lambda text: err.print(text, highlight=False, soft_wrap=True),
        progress=lambda text: err.print(text, highlight=False, soft_wrap=True),
    )
    raise typer.Exit(status)


def _known(settings: Settings, delivery: str) -> str:
    from etl import pipeline

    return pipeline.known_reference(settings, delivery)


def _checked_delivery(settings: Settings, delivery: str, accept_findings: str | None) -> str:
    """Read a delivery and require the gate to be open; return its reference."""
    from etl import pipeline

    reference = _step("Lieferung einlesen", lambda show: pipeline.extract(settings, delivery, show.parts))
    counts = _step("Lieferung prüfen", lambda show: pipeline.validate(settings, reference, accept_findings, show.parts))
    err.print(
        f"Lieferung {reference}: {counts['gehalten']} Regeln gehalten, {counts['verletzt']} mit Befunden "
        f"(Hinweise oder angenommen), {counts['nicht_pruefbar']} nicht prüfbar.",
        highlight=False,
        soft_wrap=True,
    )
    return reference


class _Show:
    """Shows how far a step is."""

    def __init__(self, progress: Progress, title: str) -> None:
        self._progress = progress
        self._title = title
        self._task = progress.add_task(title, total=None)

    def parts(self, name: str, done: int, of: int) -> None:
        """Report parts of a countable whole."""
        self._progress.update(self._task, completed=done, total=of, description=f"{self._title}: {name}")

    def fraction(self, name: str, done: float) -> None:
        """Report a share between 0 and 1."""
        self._progress.update(self._task, completed=done, total=1.0, description=f"{self._title}: {name}")

    def finish(self) -> None:
        """Leave the title and a full bar."""
        self._progress.update(self._task, completed=1, total=1, description=self._title)


def _step(title: str, work: Callable[[_Show], T]) -> T:
    """Run one step under a progress bar; without a terminal one line says that it is done."""
    with Progress(
        SpinnerColumn(finished_text="[green]✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        console=err,
        disable=not err.is_terminal,
    ) as progress:
        show = _Show(progress, title)
        result = work(show)
        show.finish()
    if not err.is_terminal:
        err.print(f"✓ {title}", highlight=False)
    return result


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
    _show_rows(kennzahlen.COLUMNS, [kennzahlen.written(row) for row in rows], table_format, output)


def _show_rows(
    columns: Sequence[str],
    rows: Sequence[Mapping[str, object]],
    table_format: TableFormat,
    output: Path | None,
    most: int | None = None,
) -> None:
    from etl import listing

    if table_format is TableFormat.table and output is None:
        out.print(listing.rows_as_table(columns, rows, most), highlight=False)
        return
    write = listing.rows_as_json if table_format is TableFormat.json else listing.rows_as_csv
    _write(write(columns, rows), output)


def _write(text: str, output: Path | None) -> None:
    from etl.files import write_atomically

    if output is None:
        sys.stdout.write(text)
    else:
        write_atomically(output, text.encode("utf-8"))
        err.print(f"Geschrieben: {output}", highlight=False, soft_wrap=True)


def _show_figures(settings: Settings, reference: str, month: Monat) -> None:
    from etl import listing, pipeline

    out.print(listing.totals(pipeline.read(settings, reference, (month.shift(-12), month.shift(-1), month)), out.width))


def _show_files(files: list[str]) -> None:
    out.print("\nDateien:")
    for file in files:
        out.print(f"  {file}", highlight=False, soft_wrap=True)


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


@contextmanager
def _explained() -> Iterator[None]:
    """Turn every failure into an exit status; nobody meets a stack trace for a mistake of theirs."""
    try:
        yield
    except JobcenterError as error:
        err.print(f"[bold red]Fehler:[/] {_plain(error.message)}", highlight=False, soft_wrap=True)
        if error.hint:
            err.print(f"[dim]→[/] {_plain(error.hint)}", highlight=False, soft_wrap=True)
        raise SystemExit(error.exit_status) from None
    except KeyboardInterrupt:
        err.print("Abgebrochen. Es wurde nichts halb geschrieben.")
        raise SystemExit(INTERRUPTED) from None
    except Exception as error:
        # A library's message may quote a row, so only the kind of error and the lines of code are shown.
        frames = traceback.extract_tb(error.__traceback__)
        err.print(f"[bold red]Unerwarteter Fehler[/] ({type(error).__name__}). Bitte mit diesen Zeilen melden:")
        for frame in frames[-6:]:
            err.print(f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}", highlight=False, markup=False)
        raise SystemExit(JobcenterError.exit_status) from None


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def main() -> None:
    """Entry point of the console script ``jobcenter``."""
    # A polite end is an end like any other: files are put away and the embedded server stops.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    with _explained():
        app(standalone_mode=True)
