"""The steps of a monthly report, in order: what ``jobcenter run`` and the DAG ``monatsbericht`` both do.

Every step takes plain names – settings, the reference of a delivery, a month – and leaves its result on disk or in
the warehouse, so that steps can run in different processes. Every step can be repeated: same input, same result.
"""

from __future__ import annotations

import datetime as dt
import glob
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypedDict, TypeVar, cast

import pyarrow as pa
import pyarrow.compute as pc

from etl import ablage, series
from etl.errors import UsageError, WarehouseError
from etl.extract import extract as extract_delivery
from etl.extract.archive import Archive, open_archive
from etl.figures import CELLS, available_months, compute_figures, definition_fingerprint, katalog, kennzahlen
from etl.figures.merkmale import INSGESAMT
from etl.files import scratch
from etl.monat import Monat
from etl.release import Bericht
from etl.settings import Settings

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from etl.figures.erklaerung import Auswahl, Erklaerung
    from etl.figures.revision import Revision
    from etl.nachweis import Nachweis
    from etl.nowcast import Erwartung
    from etl.probelauf import Probe
    from etl.warehouse import Rules, State, Stored
    from etl.ziele import Zielstand

P = ParamSpec("P")
T = TypeVar("T")

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many of its parts are done, and how many there are."""

RECOMPUTED = kennzahlen.FINAL
"""A delivery states its month and the three before it anew; then a month is final (waiting time, rule 10)."""
_EARLIEST = Monat(1, 1)
SERIES = 12
"""Months before the reporting month that its report shows in full."""


class Vorlage(TypedDict):
    """A report as it is put before a person: its state, its content, and a few totals of the month and the one before.

    Plain values: identifiers and counts. ``zahlen``: name of the figure to both counts; None: not available.
    """

    zustand: str
    inhalt_sha256: str
    zahlen: dict[str, list[int | None]]


def _in_scratch(step: Callable[Concatenate[Settings, P], T]) -> Callable[Concatenate[Settings, P], T]:
    """Let what a step writes only while it runs lie below home, where the next step removes what a killed one left."""

    @wraps(step)
    def within(settings: Settings, /, *arguments: P.args, **named: P.kwargs) -> T:
        with scratch(settings.scratch):
            return step(settings, *arguments, **named)

    return within


def extract(
    settings: Settings, source: str, progress: Progress | None = None, *, traegernummer: str | None = None
) -> str:
    """Bring a delivery into the archive; return its reference ``<traegernummer>/<lieferung_id>``.

    A delivery of another provider than ``traegernummer``, where one is expected, is refused.
    """
    archive = extract_delivery(
        source,
        archive_root=settings.archive,
        key_file=settings.key_file,
        traegernummer=traegernummer,
        progress=progress,
    )
    return archive.delivery.reference


@_in_scratch
def validate(
    settings: Settings, reference: str, accept_findings: str | None = None, progress: Progress | None = None
) -> dict[str, int]:
    """Judge an archived delivery and require the gate to be open; return how many rules had which outcome.

    Rules without a row to look at (``ohne_zeilen``) are told apart from those that could not be checked.
    """
    from etl import pruefen
    from etl.validate.ergebnis import KEINE_ZEILEN

    decision = pruefen.decide(settings, _archive(settings, reference), accept_findings, progress)
    decision.require_open()
    outcomes = [
        "ohne_zeilen" if result.grund == KEINE_ZEILEN else result.ergebnis for result in decision.validation.ergebnisse
    ]
    return {outcome: outcomes.count(outcome) for outcome in ("gehalten", "verletzt", "nicht_pruefbar", "ohne_zeilen")}


@_in_scratch
def figures(settings: Settings, reference: str, month: Monat) -> int:
    """Compute the month and the months its report and its indicators look back on; return the number of cells."""
    archive = _archive(settings, reference)
    back = max(SERIES, kennzahlen.lookback(kennzahlen.paragraph_48a()))
    series = [m for m in available_months(archive) if month.shift(-back) <= m < month]
    return _compute(settings, archive, [*series, month])


@_in_scratch
def load(settings: Settings, reference: str, month: Monat, accept_findings: str | None = None) -> int:
    """Load the month, the three before it, and what older months have no final value of; return the number of cells.

    A final month stays with the delivery that was loaded first with its final value: load months in their order.
    """
    from etl import warehouse

    archive = _archive(settings, reference)
    with (
        warehouse.connect(settings, role="etl") as connection,
        warehouse.alone(connection, archive.delivery.traegernummer),
    ):
        cells = _to_load(settings, connection, archive, month)
        added = _to_add(settings, connection, archive, month)
        return _load(settings, connection, archive, cells, accept_findings, added)


def undecided(settings: Settings, reference: str, month: Monat) -> str:
    """Return why the computed months must wait for a person before they are loaded; empty when nothing is to decide."""
    from etl import pruefen, warehouse

    archive = _archive(settings, reference)
    with warehouse.connect(settings, role="auditor") as connection:
        return pruefen.undecided(settings, connection, archive, _to_load(settings, connection, archive, month)).text


def resume(settings: Settings, reference: str, by: str, reason: str) -> str:
    """Keep that a person lets a waiting delivery go on; return what the person decided on."""
    from etl import pruefen

    return pruefen.resume(settings, reference, by=by, grund=reason).text


@_in_scratch
def report(settings: Settings, reference: str, month: Monat, by: str) -> list[str]:
    """Write the report files of the month from the warehouse, as a draft prepared ``by``; return their paths."""
    from etl import berichten

    return [str(path) for path in berichten.write(settings, _archive(settings, reference), month, by)]


def draft(settings: Settings, reference: str, month: Monat) -> Vorlage:
    """Return what a person sees who is asked to approve the report of a month."""
    from etl import freigeben

    stand = freigeben.state(settings, Bericht(reference, month))
    totals = read(settings, reference, (month.shift(-1), month))
    rows = totals[totals["merkmal"] == INSGESAMT].to_dict("records")
    values = {(str(row["groesse"]), str(row["berichtsmonat"])): row["wert"] for row in rows}
    return Vorlage(
        zustand=str(stand.zustand),
        inhalt_sha256=stand.inhalt_sha256,
        zahlen={
            f"{katalog.load()[code].name} ({code})": [
                None if (value := values.get((code, str(m)))) is None else int(value) for m in (month, month.shift(-1))
            ]
            for code in eckwerte(month)
        },
    )


def release(settings: Settings, reference: str, month: Monat, by: str, note: str, content: str) -> None:
    """Keep that a person has approved the report with this content, and release it; both can be repeated."""
    from etl import freigeben

    freigeben.approve(settings, Bericht(reference, month), by, note, content)
    freigeben.release(settings, Bericht(reference, month), by, note, content)


def reject(settings: Settings, reference: str, month: Monat, by: str, note: str, content: str) -> None:
    """Keep that a person sends the report with this content back, and why."""
    from etl import freigeben

    freigeben.reject(settings, Bericht(reference, month), by, note, content)


def deliver(settings: Settings, reference: str, month: Monat, by: str) -> int | None:
    """Hand the released report of a month to its recipients; return how many got it just now, None without recipients.

    One attempt each: the scheduler tries again by itself. Raises ``NotDeliverableError`` or ``UnreachableError`` that
    names everybody who did not get it, after all were served.
    """
    from etl import zustellen

    if not zustellen.recipients(settings):
        return None
    results = zustellen.deliver(settings, Bericht(reference, month), by, pauses=())
    zustellen.require_complete(results)
    return sum(result.neu for result in results)


def verify(settings: Settings, file: Path | None = None, month: Monat | None = None) -> Nachweis:
    """Prove a released file, a month, or everything loaded, from the archive; see ``etl/nachweis``."""
    from etl import nachweis, warehouse

    with warehouse.connect(settings, role="auditor") as connection:
        return nachweis.pruefe(settings, connection, datei=file, monat=month)


def retention_plan(settings: Settings, as_of: dt.date) -> list[dict[str, object]]:
    """Return what the program deletes some day, one row each, and what is to be done with it on ``as_of``.

    ``stand``: fällig, erneut, gesperrt, läuft or ungeklärt; see ``etl/aufbewahren.py``. Nothing is deleted.
    """
    from etl import aufbewahren

    return [posten.zeile for posten in aufbewahren.plan(settings, as_of)]


def retention_apply(settings: Settings, as_of: dt.date, by: str) -> list[dict[str, object]]:
    """Delete what is due on ``as_of`` with proof; return one row per object that is gone now.

    Raises ``NachweisError`` when figures could not be proven first: their case data stays, everything else is gone.
    """
    from etl import aufbewahren

    result = aufbewahren.apply(settings, as_of, by)
    result.require_complete()
    return [posten.zeile for posten in result.geloescht]


@_in_scratch
def backfill(
    settings: Settings,
    reference: str,
    months: Sequence[Monat],
    accept_findings: str | None = None,
) -> int:
    """Compute and load many months of one delivery at once; return loaded cells. No report files are written."""
    from etl import warehouse

    archive = _archive(settings, reference)
    _compute(settings, archive, months)
    with warehouse.connect(settings, role="etl") as connection:
        return _load(settings, connection, archive, _computed(settings, archive, months[-1]), accept_findings)


def backfill_all(settings: Settings, reference: str, accept_findings: str | None = None) -> int:
    """Load every month the delivery covers; return their number."""
    months = available_months(_archive(settings, reference))
    backfill(settings, reference, months, accept_findings)
    return len(months)


def read(settings: Settings, reference: str, months: Sequence[Monat]) -> pd.DataFrame:
    """Read the figures of ``months`` as of a delivery's Datenstand."""
    from etl import warehouse

    delivery = _archive(settings, reference).delivery
    with warehouse.connect(settings, role="controller") as connection:
        cells = warehouse.read_figures(
            connection,
            first=min(months),
            last=max(months),
            traegernummer=delivery.traegernummer,
            as_of=delivery.erstellt_am,
        )
    return cells[cells["berichtsmonat"].isin([str(month) for month in months])]


def indicators(
    settings: Settings,
    months: Sequence[Monat],
    catalogue: Sequence[kennzahlen.Kennzahl],
    traegernummer: str | None = None,
) -> list[kennzahlen.Zeile]:
    """Compute indicators of ``months`` from the figures in the warehouse; raise when there are none at all."""
    from etl import warehouse

    with warehouse.connect(settings, role="controller") as connection:
        inputs = warehouse.read_indicator_inputs(
            connection, catalogue=catalogue, months=months, traegernummer=traegernummer
        )
    own = katalog.load()
    if not any(month in set(months) and groesse in own for month, groesse, _ in inputs):
        raise UsageError(
            f"Für {min(months)} bis {max(months)} sind keine Zahlen geladen.",
            hint="Zuerst „jobcenter run“ oder „jobcenter backfill“ ausführen.",
            abschnitt="nicht-geladen",
        )
    return kennzahlen.compute(inputs, months, catalogue)


def compare_series(
    settings: Settings, first: Monat, last: Monat, traegernummer: str | None = None
) -> list[series.Vergleich]:
    """Compare the published values of ``first`` to ``last`` with our own figures."""
    from etl import warehouse

    with warehouse.connect(settings, role="controller") as connection:
        # Earlier months too: the change is the one since the value published before.
        published = warehouse.read_series(connection, first=_EARLIEST, last=last, traegernummer=traegernummer)
        own = warehouse.read_inputs(
            connection,
            groessen=sorted({code for reihe in series.reihen().values() for code in reihe.groessen}),
            first=min((value.monat for value in published), default=first),
            last=last,
            traegernummer=traegernummer,
        )
        explained = warehouse.read_explanations(connection, traegernummer)
    return [row for row in series.compare(published, own, explained) if row.berichtsmonat >= first]


def import_series(settings: Settings, path: Path, traegernummer: str | None = None) -> tuple[int, int]:
    """Keep the published values of a file; return how many it holds and how many of them are new."""
    from etl import warehouse

    values = series.read_series(path)
    with warehouse.connect(settings, role="etl") as connection:
        return len(values), warehouse.record_series(connection, values, traegernummer)


def import_estimates(settings: Settings, path: Path, traegernummer: str | None = None) -> tuple[int, int]:
    """Keep the estimates of a file; return how many it holds and how many of them are new."""
    from etl import warehouse

    values = series.read_estimates(path)
    with warehouse.connect(settings, role="etl") as connection:
        return len(values), warehouse.record_estimates(connection, values, traegernummer)


def import_targets(settings: Settings, path: Path, traegernummer: str | None = None) -> tuple[int, int]:
    """Keep the target values of a file; return how many it holds and how many of them are new."""
    from etl import warehouse, ziele

    values = ziele.read_targets(path)
    with warehouse.connect(settings, role="etl") as connection:
        return len(values), warehouse.record_targets(connection, values, traegernummer)


def targets(settings: Settings, month: Monat | None, traegernummer: str | None = None) -> list[Zielstand]:
    """Return where a month, the newest one if none is given, stands against the targets of its year."""
    from etl import vorausschauen, warehouse

    with warehouse.connect(settings, role="controller") as connection:
        chosen = month or warehouse.newest_month(connection, traegernummer=traegernummer)
        found = vorausschauen.zielstaende(connection, chosen, traegernummer)
    if not found:
        raise UsageError(
            f"Für {chosen.jahr} gibt es keine Zielwerte.",
            hint="Zuerst „jobcenter targets import DATEI“ ausführen.",
            abschnitt="nicht-geladen",
        )
    return found


def nowcast(settings: Settings, month: Monat, traegernummer: str | None = None) -> list[Erwartung]:
    """Return the expected final value of every figure of a month that is provisional; nothing for a final month."""
    from etl import vorausschauen, warehouse

    with warehouse.connect(settings, role="controller") as connection:
        return vorausschauen.erwartungen(connection, month, traegernummer)


def explain_difference(
    settings: Settings, reihe: str, month: Monat, grund: str, traegernummer: str | None = None
) -> series.Vergleich:
    """Keep why a published value differs from our own; return the comparison as it was."""
    from etl import warehouse

    found = [row for row in compare_series(settings, month, month, traegernummer) if row.reihe == reihe]
    if not found or found[0].eigen is None or not found[0].differenz:
        raise UsageError(
            f"Für {reihe} {month} gibt es keine Abweichung eines eigenen Wertes von einem veröffentlichten.",
            hint="„jobcenter series compare“ zeigt, was es gibt.",
        )
    row = found[0]
    value = series.Veroeffentlicht(reihe, month, row.veroeffentlicht, abgeleitet=False, quelle=row.quelle)
    with warehouse.connect(settings, role="etl") as connection:
        warehouse.record_explanation(connection, value, found[0].eigen, grund, traegernummer)
    return row


def states(settings: Settings, month: Monat, traegernummer: str | None = None) -> list[State]:
    """Read every state (T-0 … T-3) of a month's totals."""
    from etl import warehouse

    with warehouse.connect(settings, role="controller") as connection:
        return warehouse.read_states(connection, month=month, traegernummer=traegernummer)


def explain(
    settings: Settings, groesse: str, month: Monat, auswahl: Auswahl, delivery: str | None = None
) -> Erklaerung:
    """Open a figure as it is loaded: by the law it was computed with, from the delivery it came from.

    Raises ``WarehouseError`` when the records do not add up to the loaded figure: then its definition has changed.
    """
    from etl import warehouse
    from etl.figures import erklaerung

    with warehouse.connect(settings, role="auditor") as connection:
        reference = (
            known_reference(settings, delivery)
            if delivery
            else warehouse.newest_delivery(connection, month=month, groesse=groesse)
        )
        stored = warehouse.read_stored(connection, reference=reference, month=month, groesse=groesse)
    opened = erklaerung.explain(_archive(settings, reference), groesse, month, auswahl, _law(stored))
    cell = erklaerung.cell(opened.groesse.grundgesamtheit, auswahl)
    if cell is not None:
        loaded = stored.value(groesse, cell)
        if loaded is None:
            raise UsageError(
                f"{groesse} hat für {month} noch keinen Wert (fehlt).",
                hint=opened.groesse.fussnote,
                abschnitt="lieferung-reicht-nicht",
            )
        if loaded != opened.summe:
            raise WarehouseError(
                f"{groesse} ist für {month} mit {loaded} geladen; die Lieferung ergibt heute {opened.summe}.",
                hint="Die Definition hat sich seit dem Laden geändert: mit „jobcenter revisions“ nachsehen, neu laden.",
                abschnitt="zahl-weicht-ab",
            )
    return opened


def revisions(settings: Settings, month: Monat, before: str, after: str, auswahl: Auswahl) -> list[Revision]:
    """Explain the change of every figure of a month between two deliveries it is loaded from."""
    from etl import warehouse
    from etl.figures import erklaerung, revision

    stands = []
    with warehouse.connect(settings, role="auditor") as connection:
        for delivery in (before, after):
            reference = known_reference(settings, delivery)
            stored = warehouse.read_stored(connection, reference=reference, month=month)
            cells = {
                figure.code: stored.value(figure.code, cell)
                for figure in katalog.load().values()
                if (cell := erklaerung.cell(figure.grundgesamtheit, auswahl)) is not None
            }
            stands.append(revision.Stand(_archive(settings, reference), cells, _law(stored)))
    return revision.revisions(stands[0], stands[1], month, auswahl)


def rehearse(settings: Settings, reference: str, changed: Path, last: int) -> Probe:
    """Try changed rules, parameters, catalogues or SQL on the last months of an archived delivery; nothing is kept."""
    from etl import probelauf

    return probelauf.rehearse(settings.archive, reference, changed, last)


def known_reference(settings: Settings, delivery: str) -> str:
    """Return the reference of an archived delivery, given whole or by its ``lieferung_id`` alone."""
    if "/" in delivery:
        return delivery
    found = sorted(f"{path.parent.name}/{path.name}" for path in settings.archive.glob(f"*/{glob.escape(delivery)}"))
    if len(found) != 1:
        raise UsageError(
            f"Eine Lieferung „{delivery}“ ist {'mehrfach' if found else 'nicht'} archiviert.",
            hint=f"Gemeint sein kann: {', '.join(found)}." if found else "Zuerst „jobcenter run“ mit ihr ausführen.",
            abschnitt="lieferung-nicht-im-archiv",
        )
    return found[0]


def eckwerte(month: Monat) -> Sequence[str]:
    """Return the codes of the figures that a person looks at first: those whose jump stops a delivery."""
    from etl import parameter

    dated = parameter.read("anhaltegrenzen")["groessen"]["werte"]
    return cast("Sequence[str]", parameter.valid(dated, month.last_day)["codes"])


def _archive(settings: Settings, reference: str) -> Archive:
    return open_archive(settings.archive, reference)


def _cells_file(settings: Settings, archive: Archive, month: Monat) -> Path:
    return settings.cells / archive.delivery.reference / f"{month}.parquet"


def _compute(settings: Settings, archive: Archive, months: Sequence[Monat]) -> int:
    """Compute ``months`` and keep the cells under the name of the last one."""
    cells = compute_figures(archive, months)
    ablage.write(_cells_file(settings, archive, months[-1]), cells)
    return int(cells.num_rows)


def _computed(settings: Settings, archive: Archive, month: Monat) -> dict[Monat, pa.Table]:
    """Read kept cells back, by month."""
    path = _cells_file(settings, archive, month)
    if not path.is_file():
        raise UsageError(
            f"Für {month} sind keine Zahlen der Lieferung {archive.delivery.reference} berechnet.",
            hint="Zuerst den Schritt „Zahlen berechnen“ ausführen.",
            abschnitt="zahlen-nicht-berechnet",
        )
    hint = "Den Schritt „Zahlen berechnen“ wiederholen: er schreibt sie neu."
    cells = ablage.read(path, CELLS, "Die berechneten Zahlen", hint)
    months = sorted(set(cells.column("berichtsmonat").to_pylist()))
    return {Monat.parse(m): cells.filter(pc.field("berichtsmonat") == m) for m in months}


def _to_load(settings: Settings, connection: Connection, archive: Archive, month: Monat) -> dict[Monat, pa.Table]:
    """Return the cells of the month and the three before it, and of older months that are not final yet."""
    from etl import warehouse

    final = set(warehouse.final_months(connection, archive.delivery))
    cells = _computed(settings, archive, month)
    return {m: rows for m, rows in cells.items() if m >= month.shift(-RECOMPUTED) or m not in final}


def _to_add(
    settings: Settings, connection: Connection, archive: Archive, month: Monat
) -> dict[Monat, tuple[int, pa.Table]]:
    """Return what final months gain: cells of figures that they have no value of yet, with the load that lacks them.

    After an integration six more months must be known (INT_SVP_KONT): the month is final before its value is there.
    """
    from etl import warehouse

    gaps = warehouse.gaps(connection, archive.delivery)
    added = {}
    for m, cells in _computed(settings, archive, month).items():
        if m < month.shift(-RECOMPUTED) and m in gaps:
            total = (pc.field("merkmal") == INSGESAMT) & pc.field("wert").is_valid()
            known = gaps[m].groessen.intersection(cells.filter(total).column("groesse").to_pylist())
            if known:
                added[m] = gaps[m].ladung_id, cells.filter(pc.field("groesse").isin(sorted(known)))
    return added


def _load(
    settings: Settings,
    connection: Connection,
    archive: Archive,
    cells: Mapping[Monat, pa.Table],
    accept_findings: str | None,
    added: Mapping[Monat, tuple[int, pa.Table]] | None = None,
) -> int:
    from etl import nachweis, pruefen, warehouse

    # The gate and the limits are asked again: no way into the warehouse leads around them.
    decision = pruefen.decide(settings, archive, accept_findings)
    decision.require_open()
    waivers = pruefen.record(settings, connection, archive, decision)
    pruefen.undecided(settings, connection, archive, cells).require_none(archive.delivery.reference)
    origin = nachweis.herkunft(waivers)
    every = {**{month: table for month, (_, table) in (added or {}).items()}, **cells}
    completed = {month: load for month, (load, _) in (added or {}).items() if month not in cells}
    loads = warehouse.load_many(connection, archive, every, decision.begruendung, _rules(), origin, completed)
    nachweis.bezeuge(settings.witness, connection, archive.delivery.traegernummer)
    return sum(load.rows for load in loads)


def _rules() -> Rules:
    from etl import parameter, warehouse

    files = {name: content.decode() for name, content in parameter.bundle().items()}
    return warehouse.Rules(parameter.fingerprint(), files, definition_fingerprint())


def _law(stored: Stored) -> Mapping[str, pa.Table] | None:
    """Return the ``par_`` tables a month was computed with; None when they are today's, or not known."""
    from etl import parameter

    if stored.parameter is None or stored.parameter_sha256 == parameter.fingerprint():
        return None
    return parameter.kept_tables(stored.parameter)
