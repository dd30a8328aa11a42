"""Judging a delivery: rules, complete findings, waivers, the gate, and the pause in which a person decides.

The rooms ``validate`` and ``befunde`` do the work; this is where they meet the archive and the warehouse.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from etl import befunde, parameter, pruefbericht, validate, warehouse
from etl.befunde import Ausnahme, anhalten, korrekturen
from etl.errors import DamagedError, UsageError
from etl.extract.archive import Archive, Delivery, earlier, open_archive
from etl.extract.rueckschluss import originals
from etl.files import remove_abandoned, write_atomically
from etl.monat import Monat
from etl.pruefbericht import datadocs, open_findings
from etl.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

Progress = Callable[[str, int, int], None]


def decide(
    settings: Settings, archive: Archive, accept_findings: str | None = None, progress: Progress | None = None
) -> validate.Gate:
    """Judge a delivery, keep its findings, say whether it may be counted. Waivers are read only where they matter."""
    validation = validate.validate(archive, settings.validation, progress)
    found = findings(settings, archive, validation)
    decision = validate.gate(validation, accept_findings)
    if decision.offen:
        waived = _wholly_waived(found, _closed(settings, archive, found))
        decision = validate.gate(validation, accept_findings, waived)
    return decision


def findings(settings: Settings, archive: Archive, validation: validate.Validation) -> pa.Table:
    """Return every finding of a delivery, from the kept list where the same rules made it."""
    path = _list_of(settings, archive)
    with suppress(DamagedError):  # it can be made again; the lists before it cannot be told from what is left
        kept = befunde.read(path, validation.regelwerk_sha256)
        if kept is not None:
            remove_abandoned(path.parent)
            return kept
    before = [befunde.read(_list_of(settings, other)) for other in earlier(settings.archive, archive)]
    found = befunde.find(archive, validation, validate.load(), [table for table in before if table is not None])
    befunde.write(path, found, validation.regelwerk_sha256)
    return found


def with_waivers(settings: Settings, reference: str) -> tuple[pa.Table, list[Ausnahme]]:
    """Return the findings of a delivery with a column ``ausnahme_id`` (null: open), and the waivers of the Träger."""
    archive = open_archive(settings.archive, reference)
    found = findings(settings, archive, validate.validate(archive, settings.validation))
    with warehouse.connect(settings, role="auditor") as connection:
        waivers = warehouse.read_waivers(connection, archive.delivery.traegernummer)
    closed = befunde.ausgenommen(found, waivers, archive.delivery.datenstand)
    return found.append_column("ausnahme_id", closed), waivers


TREND = 12
"""Earlier deliveries that a report looks back on."""


def report(settings: Settings, reference: str, folder: Path) -> list[Path]:
    """Write the validation report of a delivery and its Data Docs; return the files to open.

    The gate is shown as it was decided: with the reasons that were kept when the delivery was loaded.
    """
    archive = open_archive(settings.archive, reference)
    with warehouse.held(settings):
        gate = decide(settings, archive, _accepted(settings, archive))
        found, waivers = with_waivers(settings, reference)
    bericht = assembled(settings, Pruefstand(archive, gate, found, waivers))
    return [
        *pruefbericht.write(bericht, folder),
        datadocs.write(folder, archive.delivery, gate.validation, validate.load()),
    ]


@dataclass(frozen=True)
class Pruefstand:
    """A judged delivery. ``befunde`` have a column ``ausnahme_id`` (null: open); ``ausnahmen``: those of the Träger."""

    archive: Archive
    gate: validate.Gate
    befunde: pa.Table
    ausnahmen: list[Ausnahme]


def assembled(settings: Settings, stand: Pruefstand) -> pruefbericht.Pruefbericht:
    """Return the validation report of a judged delivery, with the trend of the deliveries before."""
    trend = []
    for other in reversed(earlier(settings.archive, stand.archive)[:TREND]):
        kept = befunde.read(_list_of(settings, other))
        if kept is not None:
            lauf = pruefbericht.Lauf(other.delivery.lieferung_id, other.delivery.datenstand, open_findings(kept))
            trend.append(lauf)
    law = parameter.fingerprint()
    return pruefbericht.assemble(stand.archive, stand.gate, regelwerk(), law, stand.befunde, stand.ausnahmen, trend)


def kept(settings: Settings, connection: Connection, archive: Archive) -> Pruefstand | None:
    """Return a delivery as it was judged, from what is kept: no rule is run, no table of the archive is read.

    By the rules it was loaded by, else by today's; None when neither judged it, or its findings are not kept any more.
    """
    delivery = archive.delivery
    for rules in _judged_by(connection, delivery):
        validation = validate.kept(archive, settings.validation, rules)
        found = befunde.read(_list_of(settings, archive), rules)
        if validation is not None and found is not None:
            break
    else:
        return None
    waivers = warehouse.read_waivers(connection, delivery.traegernummer)
    closed = befunde.ausgenommen(found, waivers, delivery.datenstand)
    accepted = warehouse.read_acceptance_reasons(connection, delivery)
    decision = validate.gate(validation, accepted)
    if decision.offen:
        decision = validate.gate(validation, accepted, _wholly_waived(found, closed))
    return Pruefstand(archive, decision, found.append_column("ausnahme_id", closed), waivers)


def _judged_by(connection: Connection, delivery: Delivery) -> Iterator[str]:
    yield from warehouse.read_validated_by(connection, delivery)
    yield regelwerk().sha256


@cache
def regelwerk() -> validate.Regelwerk:
    """Return today's rules. They are files of the program, read once by a process that lives on."""
    return validate.load()


def waiting(settings: Settings, archive: Archive) -> str:
    """Return why a delivery waits for the decision of a person, in sentences of totals; empty when it does not."""
    path = _waiting(settings, archive)
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _accepted(settings: Settings, archive: Archive) -> str | None:
    """Return the reasons for which months of the delivery were loaded in spite of findings, each once."""
    with warehouse.connect(settings, role="auditor") as connection:
        return warehouse.read_acceptance_reasons(connection, archive.delivery)


def corrections(settings: Settings, reference: str, folder: Path, source: str | None = None) -> list[Path]:
    """Write the correction lists of a delivery, one per team; with real keys when its ``source`` is at hand."""
    archive = open_archive(settings.archive, reference)
    found, _ = with_waivers(settings, reference)
    keys = originals(source, key_file=settings.key_file, work=settings.home) if source else {}
    if source and found.num_rows and not _any_known(found, keys):
        raise UsageError(
            f"Die angegebene Quelle passt nicht zur Lieferung {reference}: kein Schlüssel der Befunde kommt darin vor.",
            hint="Die Lieferung angeben, aus der das Archiv entstanden ist.",
            abschnitt="lieferung-nicht-gefunden",
        )
    still = found.filter(pc.is_null(found["ausnahme_id"]))
    kopf = korrekturen.Kopf(archive.delivery.reference, archive.delivery.datenstand)
    regeln = {r.regel_id: r.am(archive.delivery.datenstand) for r in validate.load().regeln}
    return korrekturen.write(folder, still, regeln, kopf, keys)


def waive(
    settings: Settings, reference: str, befund: str, *, grund: str, by: str, approved_by: str, until: dt.date
) -> Ausnahme:
    """Close one finding of a delivery as long as its values stay what they are; ``befund`` may be its first letters."""
    found, waivers = with_waivers(settings, reference)
    matching = found.filter(
        pc.and_(pc.starts_with(found["befund_id"], befund.lower()), pc.not_equal(found["zustand"], "behoben"))
    ).to_pylist()
    if len(matching) != 1 or len(befund) < korrekturen.SHORT:
        raise UsageError(
            f"Einen offenen Befund „{befund}“ hat die Lieferung {reference} nicht.",
            hint="„jobcenter findings“ und die Korrekturlisten nennen ihn mit zwölf Zeichen.",
            abschnitt="ausnahme-nicht-moeglich",
        )
    if not grund.strip():
        raise UsageError("Die Begründung der Ausnahme ist leer.", abschnitt="name-oder-grund-fehlt")
    if not by.strip() or not approved_by.strip():
        raise UsageError("Eine Ausnahme braucht zwei Namen: --by und --approved-by.", abschnitt="name-oder-grund-fehlt")
    finding = matching[0]
    archive = open_archive(settings.archive, reference)
    if until < archive.delivery.datenstand:
        raise UsageError(
            f"Die Ausnahme endet am {until:%d.%m.%Y}, vor dem Datenstand der Lieferung.",
            abschnitt="ausnahme-nicht-moeglich",
        )
    _check_waivable(finding["regel_id"])
    _check_needed(next((one for one in waivers if one.ausnahme_id == finding["ausnahme_id"]), None), until)
    waiver = Ausnahme(
        0, finding["regel_id"], finding["befund_id"], finding["werte_sha256"], grund, by, approved_by, until
    )
    with warehouse.connect(settings, role="etl") as connection:
        number = warehouse.record_waiver(connection, archive.delivery.traegernummer, waiver)
    return replace(waiver, ausnahme_id=number)


def record(
    settings: Settings, connection: Connection, archive: Archive, decision: validate.Gate
) -> list[dict[str, object]]:
    """Keep the counts of a validation and of its findings in the warehouse; return the waivers that close any of them.

    A passport holds them as plain JSON: what was waived, why, by whom and how long.
    """
    pruefung_id = warehouse.record_validation(connection, archive, decision.validation)
    found = findings(settings, archive, decision.validation)
    waivers = warehouse.read_waivers(connection, archive.delivery.traegernummer)
    closed = befunde.ausgenommen(found, waivers, archive.delivery.datenstand)
    warehouse.record_findings(connection, pruefung_id, befunde.counts(found, closed))
    used = set(closed.to_pylist())
    return [
        asdict(waiver) | {"gueltig_bis": waiver.gueltig_bis.isoformat()}
        for waiver in waivers
        if waiver.ausnahme_id in used
    ]


def undecided(
    settings: Settings, connection: Connection, archive: Archive, cells: Mapping[Monat, pa.Table]
) -> anhalten.Anlass:
    """Return why the delivery must wait for a person; empty when nothing exceeds the limits or a person has decided.

    Whoever decides later (``resume``) decides on exactly this: it is kept beside the archive until then.
    """
    new = {
        (month, row["groesse"]): row["wert"]
        for month, table in cells.items()
        for row in table.filter(pc.equal(table["merkmal"], "INSGESAMT")).to_pylist()
    }
    months = {*cells, *(month.shift(-1) for month in cells)}
    loaded = warehouse.read_totals_before(connection, archive.delivery, months)
    previous = next(iter(earlier(settings.archive, archive)), None)
    occasion = anhalten.occasion(new, loaded, anhalten.withdrawn(archive, previous), archive.delivery.datenstand)
    waiting = _waiting(settings, archive)
    if not occasion.saetze or occasion.sha256 in warehouse.read_decisions(connection, archive.delivery):
        waiting.unlink(missing_ok=True)
        return anhalten.Anlass(())
    write_atomically(waiting, occasion.text.encode())
    return occasion


def resume(settings: Settings, reference: str, *, by: str, grund: str) -> anhalten.Anlass:
    """Keep that a person lets a waiting delivery go on; return what the person decided on."""
    archive = open_archive(settings.archive, reference)
    waiting = _waiting(settings, archive)
    if not waiting.is_file():
        raise UsageError(
            f"Die Lieferung {reference} wartet auf keine Entscheidung.",
            hint="Den ursprünglichen Befehl wiederholen: er läuft durch oder sagt, worauf gewartet wird.",
            abschnitt="keine-entscheidung-offen",
        )
    if not grund.strip() or not by.strip():
        raise UsageError("Eine Entscheidung braucht einen Namen und einen Grund.", abschnitt="name-oder-grund-fehlt")
    occasion = anhalten.Anlass(tuple(waiting.read_text(encoding="utf-8", errors="replace").split("\n")))
    with warehouse.connect(settings, role="etl") as connection:
        warehouse.record_decision(connection, archive.delivery, occasion, grund, by)
    waiting.unlink()
    return occasion


def _list_of(settings: Settings, archive: Archive) -> Path:
    return settings.findings / f"{archive.delivery.reference}.parquet"


def _waiting(settings: Settings, archive: Archive) -> Path:
    return settings.home / "wartet" / f"{archive.delivery.reference}.txt"


def _closed(settings: Settings, archive: Archive, found: pa.Table) -> pa.Array:
    if settings.warehouse is None and not settings.embedded_warehouse.exists():
        return pa.nulls(found.num_rows, pa.int64())  # nothing was ever loaded, so nothing was ever waived
    with warehouse.connect(settings, role="auditor") as connection:
        waivers = warehouse.read_waivers(connection, archive.delivery.traegernummer)
    return befunde.ausgenommen(found, waivers, archive.delivery.datenstand)


def _wholly_waived(found: pa.Table, closed: pa.Array) -> set[str]:
    """Return the rules all of whose findings are closed by a waiver."""
    open_rules = {
        regel
        for regel, zustand, waiver in zip(
            found["regel_id"].to_pylist(), found["zustand"].to_pylist(), closed.to_pylist(), strict=True
        )
        if zustand != "behoben" and waiver is None
    }
    return set(found["regel_id"].to_pylist()) - open_rules


def _check_waivable(regel_id: str) -> None:
    if validate.load().regel(regel_id).schwere == "critical":
        raise UsageError(
            f"Die Regel {regel_id} hält alles an; von ihr gibt es keine Ausnahme.",
            hint="Die Lieferung berichtigen und unter neuer Kennung neu liefern.",
            abschnitt="ausnahme-nicht-moeglich",
        )


def _check_needed(closing: Ausnahme | None, until: dt.date) -> None:
    """A waiver that closes the finding may be given again only to last longer."""
    if closing and until <= closing.gueltig_bis:
        raise UsageError(
            f"Der Befund ist schon bis {closing.gueltig_bis:%d.%m.%Y} ausgenommen (Ausnahme {closing.ausnahme_id}).",
            hint=f"Soll sie früher enden: „jobcenter waivers --revoke {closing.ausnahme_id}“, dann neu ausnehmen.",
            abschnitt="ausnahme-nicht-moeglich",
        )


def _any_known(found: pa.Table, keys: Mapping[str, Mapping[str, str]]) -> bool:
    return any(
        value in keys.get(name, {})
        for name in ("kundennummer", "bg_nummer")
        for value in pc.unique(found[name]).to_pylist()
    )
