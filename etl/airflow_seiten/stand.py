"""What the pages show: reports, deliveries and their validation, read from what is kept. Identifiers, names, totals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from urllib.parse import unquote

from sqlalchemy import Connection

from etl import pipeline, pruefen, warehouse
from etl.aufbewahrung.bestand import BERICHTE
from etl.errors import UsageError
from etl.extract.archive import Archive, archived, deletion_note, described, is_reference
from etl.figures import katalog
from etl.monat import Monat
from etl.release import NAMEN, Bericht, Eintrag, Schritt, Stand
from etl.settings import Settings
from etl.validate import Gate
from etl.warehouse import Dateipass, Quittung


@dataclass(frozen=True)
class Urteil:
    """The gate in a word; ``art`` colours it: gut, warnung, halt or offen. ``satz`` says the same as a sentence."""

    art: str
    wort: str
    satz: str


PAGE = 25
"""Lines on one page of the overview."""
UNGEPRUEFT = Urteil("offen", "keine Prüfung", "Zu dieser Lieferung liegt keine aufbewahrte Prüfung vor.")


@dataclass(frozen=True)
class Zeile:
    """One report, or a delivery without one (``stand`` None), as a list shows it. ``datenstand`` None: unknown."""

    reference: str
    monat: Monat | None
    datenstand: dt.datetime | dt.date | None
    stand: Stand | None
    urteil: Urteil
    wartet: bool

    @property
    def traegernummer(self) -> str:
        """The provider."""
        return self.reference.split("/", 1)[0]

    @property
    def lieferung_id(self) -> str:
        """The delivery."""
        return self.reference.split("/", 1)[1]

    @property
    def zustand(self) -> str:
        """The state of the release as people read it."""
        return NAMEN[self.stand.zustand] if self.stand else "kein Bericht"

    @property
    def als_naechstes(self) -> str:
        """What is to be done next, and where."""
        if self.stand is not None:
            return naechstes(self.stand)
        if self.wartet:
            return "entscheiden, ob die Lieferung weiterläuft (Required Actions)"
        return {
            "halt": "Befunde klären: berichtigt neu liefern oder mit Begründung annehmen",
            "offen": "Lieferung prüfen (Lauf in Airflow)",
        }.get(self.urteil.art, "Zahlen laden und Berichte schreiben (Lauf in Airflow)")


def naechstes(stand: Stand) -> str:
    """Say what is to be done next with a report, and where."""
    return {
        Schritt.ENTWURF: f"prüfen und freigeben (Required Actions), nicht durch {' oder '.join(stand.ersteller)}",
        Schritt.GEPRUEFT: "freigeben",
        Schritt.FREIGEGEBEN: "zustellen, sofern Empfänger eingerichtet sind (Lauf in Airflow)",
        Schritt.ZUGESTELLT: "nichts",
        Schritt.ABGELEHNT: "überarbeiten und neu schreiben (Lauf in Airflow)",
    }[stand.zustand]


@dataclass(frozen=True)
class Uebersicht:
    """One page of the overview. ``traeger``: the providers there are; ``gesamt``: lines on all pages."""

    zeilen: tuple[Zeile, ...]
    traeger: tuple[str, ...]
    gesamt: int
    seite: int
    seiten: int


@dataclass(frozen=True)
class Eckwert:
    """A total of the month and of the month before; None: not available. ``stellen``: decimals of its unit."""

    name: str
    groesse: str
    stellen: int
    wert: Decimal | None
    vormonat: Decimal | None

    @property
    def veraenderung(self) -> Decimal | None:
        """The change since the month before."""
        return None if self.wert is None or self.vormonat is None else self.wert - self.vormonat

    @property
    def prozent(self) -> Decimal | None:
        """The change in percent of the month before."""
        change = self.veraenderung
        return None if change is None or not self.vormonat else change * 100 / self.vormonat


@dataclass(frozen=True)
class Schrittzeile:
    """One step of a release, with the moment it was recorded (UTC)."""

    eintrag: Eintrag
    zeitpunkt: dt.datetime | None


@dataclass(frozen=True)
class Sendung:
    """What one recipient got at once: the receipts of one consignment."""

    empfaenger: str
    sendung: str
    quittungen: tuple[Quittung, ...]


@dataclass(frozen=True)
class Monatsseite:
    """Everything about one report.

    ``vermerk``: why the archive has nothing of its delivery any more; ``geloescht``: that its files were deleted when
    their period was over. Else both are empty.
    """

    zeile: Zeile
    stand: Stand
    schritte: tuple[Schrittzeile, ...]
    paesse: Mapping[str, Dateipass]
    sendungen: tuple[Sendung, ...]
    eckwerte: tuple[Eckwert, ...]
    vermerk: str
    geloescht: str


def overview(settings: Settings, traegernummer: str = "", page: int = 1) -> Uebersicht:
    """Return a page (from 1) of all reports, the newest month first, and before them the deliveries that have none.

    ``traegernummer``: of one provider only.
    """
    archives = {one.delivery.reference: one for one in archived(settings.archive)}
    with warehouse.connect(settings, role="auditor") as connection:
        stands = warehouse.read_releases(connection)
        days = _days(connection)
        wanted: list[Stand | str] = [*_without_report(archives, days), *sorted(stands, key=_newest_first)]
        fitting = [one for one in wanted if traegernummer in ("", _reference(one).split("/", 1)[0])]
        pages = max(1, -(-len(fitting) // PAGE))
        at = min(max(page, 1), pages)
        shown = fitting[(at - 1) * PAGE : at * PAGE]
        lines = [_line(settings, connection, archives.get(_reference(one)), one, days) for one in shown]
    known = sorted({_reference(one).split("/", 1)[0] for one in wanted})
    return Uebersicht(tuple(lines), tuple(known), len(fitting), at, pages)


def lines_of(settings: Settings, wanted: Sequence[tuple[str, str]]) -> list[Zeile]:
    """Return the lines of deliveries and months (``JJJJ-MM``) that a run has read, in their order."""
    with warehouse.connect(settings, role="auditor") as connection:
        stands = {(one.bericht.reference, str(one.bericht.monat)): one for one in warehouse.read_releases(connection)}
        days = _days(connection)
        return [
            _line(
                settings, connection, archive_of(settings, reference), stands.get((reference, month)) or reference, days
            )
            for reference, month in wanted
        ]


def month(settings: Settings, bericht: Bericht) -> Monatsseite:
    """Return what the page of a report shows. Raises ``UsageError`` when there is no such report."""
    archive = archive_of(settings, bericht.reference)
    with warehouse.connect(settings, role="auditor") as connection:
        stand = warehouse.read_release(connection, bericht)
        times = warehouse.read_step_times(connection, bericht)
        passports = warehouse.read_file_passports(connection, bericht.traegernummer, bericht.pfad)
        receipts = warehouse.read_receipts(connection, bericht)
        line = _line(settings, connection, archive, stand, _days(connection))
        totals = _eckwerte(connection, bericht, archive)
        deleted = _deleted(connection, bericht)
    return Monatsseite(
        zeile=line,
        stand=stand,
        schritte=tuple(Schrittzeile(entry, times.get(entry.nummer)) for entry in stand.eintraege),
        paesse=passports,
        sendungen=_consignments(receipts),
        eckwerte=totals,
        vermerk=gone(settings, bericht.reference) if archive is None else "",
        geloescht=deleted,
    )


def passports(settings: Settings, bericht: Bericht) -> dict[str, Dateipass]:
    """Return the passports of a report's files, by path."""
    with warehouse.connect(settings, role="auditor") as connection:
        return warehouse.read_file_passports(connection, bericht.traegernummer, bericht.pfad)


def verdict(settings: Settings, reference: str) -> Urteil:
    """Say how a delivery was judged, from what is kept or else from what the warehouse counted."""
    with warehouse.connect(settings, role="auditor") as connection:
        return _judged(settings, connection, reference, archive_of(settings, reference))


def judged(settings: Settings, reference: str) -> pruefen.Pruefstand | None:
    """Return a delivery as it was judged; None when nothing of that is kept. Raises ``UsageError`` if there is none."""
    archive = described(settings.archive, reference)
    with warehouse.connect(settings, role="auditor") as connection:
        return pruefen.kept(settings, connection, archive)


def months_of(settings: Settings, reference: str) -> list[Stand]:
    """Return the reports that were made from a delivery."""
    with warehouse.connect(settings, role="auditor") as connection:
        return [stand for stand in warehouse.read_releases(connection) if stand.bericht.reference == reference]


def archive_of(settings: Settings, reference: str) -> Archive | None:
    """Return the manifest of a delivery; None when the archive has none of it (any more).

    Raises ``UsageError`` for a text that names no delivery.
    """
    if not is_reference(reference):
        raise UsageError("Eine Lieferung dieses Namens gibt es nicht.")
    try:
        return described(settings.archive, reference)
    except UsageError:
        return None


def gone(settings: Settings, reference: str) -> str:
    """Say why the archive has no case data of a delivery, as far as it says so itself."""
    return deletion_note(settings.archive, reference) or "Das Archiv hat die Lieferung nicht mehr."


def urteil(gate: Gate) -> Urteil:
    """Say in a word what the gate decided."""
    if gate.unannehmbar:
        return Urteil(
            "halt", "Quellvertrag verletzt", "Die Lieferung verletzt den Quellvertrag; sie wird nicht geladen."
        )
    if gate.offen:
        rules = ", ".join(result.regel_id for result in gate.offen)
        return Urteil("halt", "gesperrt", f"Gesperrt, bis über diese Regeln entschieden ist: {rules}.")
    if gate.angenommen:
        return Urteil("warnung", "mit Begründung angenommen", "Sperrende Befunde sind mit Begründung angenommen.")
    if gate.ausgenommen:
        return Urteil("gut", "bestanden, mit Ausnahmen", "Alle sperrenden Befunde sind durch Ausnahmen geschlossen.")
    return Urteil("gut", "bestanden", "Keine Regel, die sperrt oder anhält, ist verletzt.")


def _judged(settings: Settings, connection: Connection, reference: str, archive: Archive | None) -> Urteil:
    kept = pruefen.kept(settings, connection, archive) if archive else None
    return urteil(kept.gate) if kept else _counted(connection, reference)


def _counted(connection: Connection, reference: str) -> Urteil:
    """Say what the warehouse still knows of a validation whose details are not kept (any more)."""
    traegernummer, lieferung_id = (unquote(part) for part in reference.split("/"))
    outcomes = warehouse.read_outcomes(connection, traegernummer, lieferung_id)
    if not outcomes:
        return UNGEPRUEFT
    held, violated, unknown = (outcomes.get(name, 0) for name in ("gehalten", "verletzt", "nicht_pruefbar"))
    return Urteil(
        "offen",
        "geprüft, nur noch Anzahlen",
        f"Geprüft und geladen: {held} Regeln gehalten, {violated} verletzt, {unknown} ohne Zeilen oder nicht prüfbar. "
        "Die Einzelheiten sind nicht mehr aufbewahrt.",
    )


def _line(
    settings: Settings,
    connection: Connection,
    archive: Archive | None,
    what: Stand | str,
    days: Mapping[str, dt.date],
) -> Zeile:
    """Return the line of a report, or of the delivery of this reference."""
    stand = what if isinstance(what, Stand) else None
    reference = _reference(what)
    return Zeile(
        reference=reference,
        monat=stand.bericht.monat if stand else None,
        datenstand=archive.delivery.erstellt_am if archive else days.get(reference),
        stand=stand,
        urteil=_judged(settings, connection, reference, archive),
        wartet=bool(archive and pruefen.waiting(settings, archive)),
    )


def _reference(what: Stand | str) -> str:
    return what.bericht.reference if isinstance(what, Stand) else what


def _days(connection: Connection) -> dict[str, dt.date]:
    """Return the Datenstand of every delivery that the warehouse knows, by reference."""
    return {f"{one.traegernummer}/{one.lieferung_id}": one.datenstand for one in warehouse.deliveries(connection)}


def _without_report(archives: Mapping[str, Archive], loaded: Mapping[str, dt.date]) -> list[str]:
    """Return of each provider the newest delivery, if it was never loaded: it waits for somebody.

    One that is older than a loaded one is done with, and one that was only loaded (backfill) has no report on purpose.
    """
    by_age = sorted(archives.items(), key=lambda item: item[1].delivery.erstellt_am)
    newest = {one.delivery.traegernummer: reference for reference, one in by_age}
    return [reference for reference in newest.values() if reference not in loaded]


def _newest_first(stand: Stand) -> tuple[int, str]:
    return -stand.bericht.monat.first_day.toordinal(), stand.bericht.reference


def _eckwerte(connection: Connection, bericht: Bericht, archive: Archive | None) -> tuple[Eckwert, ...]:
    """Return the totals that a person looks at first, as of the delivery's Datenstand; nothing without its manifest."""
    if archive is None:
        return ()
    before = bericht.monat.shift(-1)
    cells = warehouse.read_figures(
        connection,
        first=before,
        last=bericht.monat,
        traegernummer=bericht.traegernummer,
        as_of=archive.delivery.erstellt_am,
        merkmal="INSGESAMT",
    )
    columns = (cells[name] for name in ("groesse", "berichtsmonat", "wert"))
    values: dict[tuple[str, str], Decimal | None] = {(g, m): w for g, m, w in zip(*columns, strict=True)}
    return tuple(
        Eckwert(
            name=katalog.load()[code].name,
            groesse=code,
            stellen=2 if katalog.load()[code].einheit == "EUR" else 0,
            wert=values.get((code, str(bericht.monat))),
            vormonat=values.get((code, str(before))),
        )
        for code in pipeline.eckwerte(bericht.monat)
    )


def _deleted(connection: Connection, bericht: Bericht) -> str:
    """Say when the files of a report were deleted because their period was over; empty when they were not."""
    with connection.begin():
        steps = warehouse.read_deletions(warehouse.cursor_of(connection), bericht.traegernummer)
    folder = f"{BERICHTE}/{bericht.pfad}"
    done = [one for one in steps if (one.gegenstand, one.schritt) == (folder, warehouse.VOLLZOGEN)]
    if not done:
        return ""
    return (
        f"Die Dateien wurden am {done[-1].erfasst_am:%d.%m.%Y} gelöscht, weil ihre Aufbewahrungsfrist abgelaufen war "
        f"(Zahlenpass {done[-1].pass_id})."
    )


def _consignments(receipts: Sequence[Quittung]) -> tuple[Sendung, ...]:
    return tuple(
        Sendung(*key, tuple(pieces)) for key, pieces in groupby(receipts, key=lambda one: (one.empfaenger, one.sendung))
    )
