"""What is due on a day, and what must stay although its period is over: plain data, no warehouse, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from etl.aufbewahrung.bestand import FALLDATEN, MONATLICH, Gegenstand
from etl.aufbewahrung.katalog import Klasse
from etl.extract.archive import Delivery
from etl.monat import Monat
from etl.release import Bericht, Schritt
from etl.release import Stand as Freigabestand


class Stand(StrEnum):
    """What is to be done with an object."""

    FAELLIG = "fällig"
    ERNEUT = "erneut"
    """Its deletion is on record, but it is there (again): a deletion was killed, or a backup restored."""
    GESPERRT = "gesperrt"
    """Its period is over, but it is needed."""
    LAEUFT = "läuft"
    UNGEKLAERT = "ungeklärt"
    """Nobody knows the delivery it belongs to, so nothing is known of its period."""


@dataclass(frozen=True)
class Lieferung:
    """A delivery that is known from the archive, the warehouse or a proof of deletion."""

    traegernummer: str
    lieferung_id: str
    erstellt_am: dt.datetime
    datenstand: dt.date

    @property
    def reference(self) -> str:
        """How the archive names it."""
        return Delivery(self.lieferung_id, self.traegernummer, self.erstellt_am).reference


@dataclass(frozen=True)
class Lage:
    """What the archive and the warehouse know when a plan is made.

    ``lieferungen``: by reference. ``vorlaeufig``: months whose newest state is not final, by the delivery it is from.
    ``berichte``: reports with their steps, by Träger and month the newest delivery last. ``zustellung``: whether
    released reports have recipients. ``wartend``: deliveries that wait for a person. ``sperren``: number, Träger and
    delivery (None: all) of each hold. ``angeordnet``: deletions on record, by class and path, and whether they are
    complete.
    """

    lieferungen: Mapping[str, Lieferung]
    archiviert: frozenset[str] = frozenset()
    vorlaeufig: Mapping[str, Sequence[Monat]] = field(default_factory=dict)
    berichte: Sequence[Freigabestand] = ()
    zustellung: bool = False
    wartend: frozenset[str] = frozenset()
    sperren: Sequence[tuple[int, str, str | None]] = ()
    angeordnet: Mapping[tuple[str, str], bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Posten:
    """One object of the plan. ``warum``: which period, or why it stays. ``dateien``, ``bytes``: its size."""

    gegenstand: Gegenstand
    lieferung: Lieferung | None
    stand: Stand
    faellig_am: dt.date | None
    warum: str
    dateien: int = 0
    bytes: int = 0

    @property
    def zeile(self) -> dict[str, object]:
        """The object as a row for people and programs: plain values, no case data."""
        return {
            "stand": str(self.stand),
            "klasse": self.gegenstand.klasse,
            "gegenstand": self.gegenstand.pfad,
            "datenstand": self.lieferung.datenstand.isoformat() if self.lieferung else "",
            "faellig_am": self.faellig_am.isoformat() if self.faellig_am else "",
            "dateien": self.dateien,
            "bytes": self.bytes,
            "warum": self.warum,
        }


def judge(gegenstand: Gegenstand, klasse: Klasse, lage: Lage, tag: dt.date) -> Posten:
    """Say what is to be done with an object on a day: nothing goes before its day, nothing goes that is needed."""
    lieferung = lage.lieferungen.get(gegenstand.reference)
    if lieferung is None:
        unknown = "Zu welcher Lieferung das gehört, ist nicht bekannt: ansehen und von Hand löschen."
        return Posten(gegenstand, None, Stand.UNGEKLAERT, None, unknown)
    due = klasse.faellig_am(lieferung.datenstand)
    if due > tag:
        return Posten(gegenstand, lieferung, Stand.LAEUFT, due, f"Frist: {klasse.fristtext}")
    # What is computed from case data may have come again, as other bytes: that is a case of its own.
    complete = lage.angeordnet.get((gegenstand.klasse, gegenstand.pfad))
    again = complete is False or (complete is True and gegenstand.klasse == FALLDATEN)
    needed = [*_holds(lieferung, lage), *(() if again else _needed(gegenstand, lieferung, lage))]
    if needed:
        return Posten(gegenstand, lieferung, Stand.GESPERRT, due, " ".join(needed))
    if again:
        why = "Die Löschung ist belegt, es liegt aber noch oder wieder da."
        return Posten(gegenstand, lieferung, Stand.ERNEUT, due, why)
    return Posten(gegenstand, lieferung, Stand.FAELLIG, due, f"Frist abgelaufen: {klasse.fristtext}")


def _holds(lieferung: Lieferung, lage: Lage) -> Iterator[str]:
    for number, traeger, delivery in lage.sperren:
        if traeger == lieferung.traegernummer and delivery in (None, lieferung.lieferung_id):
            yield f"Löschsperre {number}."


def _needed(gegenstand: Gegenstand, lieferung: Lieferung, lage: Lage) -> Iterator[str]:
    """Yield why an object must stay although its period is over."""
    if gegenstand.klasse in MONATLICH:
        yield from _open(gegenstand.reference, lage, gegenstand.monat)
        return
    if lieferung.reference in lage.wartend:
        yield "Die Lieferung wartet auf eine Entscheidung."
    if _is_newest(lieferung, lage):
        yield "Es ist die jüngste archivierte Lieferung des Trägers."
    if gegenstand.klasse == FALLDATEN:
        months = lage.vorlaeufig.get(gegenstand.reference, ())
        if months:
            yield f"Aus ihr sind Monate noch nicht endgültig: {', '.join(map(str, sorted(months)))}."
        yield from _open(gegenstand.reference, lage, None)


def _is_newest(lieferung: Lieferung, lage: Lage) -> bool:
    archived = [
        other
        for reference, other in lage.lieferungen.items()
        if reference in lage.archiviert and other.traegernummer == lieferung.traegernummer
    ]
    return lieferung == max(archived, key=lambda other: (other.erstellt_am, other.lieferung_id), default=lieferung)


def _open(reference: str, lage: Lage, month: Monat | None) -> Iterator[str]:
    """Yield the reports of a delivery (of a month) that are neither finished nor replaced by a later delivery's."""
    newest: dict[tuple[str, Monat], Bericht] = {
        (stand.bericht.traegernummer, stand.bericht.monat): stand.bericht for stand in lage.berichte
    }
    for stand in lage.berichte:
        bericht = stand.bericht
        if bericht.reference != reference or month not in (None, bericht.monat):
            continue
        replaced = newest[bericht.traegernummer, bericht.monat] != bericht
        if stand.zustand is Schritt.FREIGEGEBEN and lage.zustellung:
            yield f"Der Bericht {bericht.monat} ist freigegeben, aber nicht zugestellt."
        elif stand.zustand in (Schritt.ENTWURF, Schritt.GEPRUEFT, Schritt.ABGELEHNT) and not replaced:
            yield f"Der Bericht {bericht.monat} ist noch nicht freigegeben ({stand.zustand})."
