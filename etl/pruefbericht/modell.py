"""What a validation report says: one delivery, judged by one version of the rules. Counts only, no key, no value."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from etl.befunde import Ausnahme
from etl.extract.archive import Archive
from etl.validate import Gate, Regelwerk, RuleResult
from etl.validate.ergebnis import KEINE_ZEILEN
from etl.validate.regelwerk import FOLGE, Regel

_AUFGEHOBEN = "Die Regel gehört nicht mehr zum Regelwerk."


@dataclass(frozen=True)
class Tabelle:
    """One table of the archive: rows, and the hash that proves which ones."""

    name: str
    zeilen: int
    sha256: str


@dataclass(frozen=True)
class Befundstand:
    """Findings of one rule by their state; ``ausgenommen`` are those closed by a waiver."""

    neu: int = 0
    bestehend: int = 0
    wiedergekehrt: int = 0
    behoben: int = 0
    ausgenommen: int = 0


@dataclass(frozen=True)
class Regelzeile:
    """One rule and what became of it; ``grund`` says why it could not be checked."""

    regel_id: str
    titel: str
    folge: str
    befund: str
    erwartet: str
    quelle: str
    figuren: tuple[str, ...]
    behebt: str
    geprueft: int | None
    verletzt: int | None
    grund: str
    stand: Befundstand


@dataclass(frozen=True)
class Ausnahmezeile:
    """Waivers of one rule with the same reason, persons and end: how many findings they close."""

    regel_id: str
    grund: str
    beantragt_von: str
    bewilligt_von: str
    gueltig_bis: dt.date
    anzahl: int


@dataclass(frozen=True)
class Lauf:
    """Open findings of a delivery by rule, for the trend."""

    lieferung: str
    datenstand: dt.date
    offen: Mapping[str, int]

    @property
    def summe(self) -> int:
        """Open findings of all rules."""
        return sum(self.offen.values())


@dataclass(frozen=True)
class Pruefbericht:
    """The report. Rules in the order of their consequence, then of the files; ``verlauf`` ends with this delivery."""

    traegernummer: str
    lieferung_id: str
    erstellt_am: dt.datetime
    archiv_sha256: str
    regelwerk_sha256: str
    parameter_sha256: str
    offen: bool
    urteil: str
    begruendung: str | None
    tabellen: tuple[Tabelle, ...]
    verletzt: tuple[Regelzeile, ...]
    nicht_pruefbar: tuple[Regelzeile, ...]
    ohne_zeilen: tuple[Regelzeile, ...]
    gehalten: tuple[Regelzeile, ...]
    ausnahmen: tuple[Ausnahmezeile, ...]
    verlauf: tuple[Lauf, ...]


def assemble(
    archive: Archive,
    gate: Gate,
    regelwerk: Regelwerk,
    parameter_sha256: str,
    befunde: pa.Table,
    ausnahmen: Sequence[Ausnahme],
    verlauf: Sequence[Lauf],
) -> Pruefbericht:
    """Bring together what is known of a judged delivery. ``befunde``: its findings with a column ``ausnahme_id``."""
    stands = _stands(befunde)
    datenstand = archive.delivery.datenstand
    regeln = {regel.regel_id: regel.am(datenstand) for regel in regelwerk.regeln}
    lines = [
        _line(regeln.get(result.regel_id), result, stands.get(result.regel_id, Befundstand()))
        for result in gate.validation.ergebnisse
    ]
    order = {name: place for place, name in enumerate(FOLGE.values())}
    lines.sort(key=lambda line: order[line.folge])  # stable: inside a consequence the order of the files
    unchecked = [line for line in lines if line.geprueft is None]
    own = Lauf(archive.delivery.lieferung_id, datenstand, open_findings(befunde))
    return Pruefbericht(
        traegernummer=archive.delivery.traegernummer,
        lieferung_id=archive.delivery.lieferung_id,
        erstellt_am=archive.delivery.erstellt_am,
        archiv_sha256=archive.content_sha256,
        regelwerk_sha256=gate.validation.regelwerk_sha256,
        parameter_sha256=parameter_sha256,
        offen=gate.is_open,
        urteil=_verdict(gate),
        begruendung=gate.begruendung,
        tabellen=tuple(Tabelle(name, t.rows, t.file_sha256) for name, t in archive.tables.items()),
        verletzt=tuple(line for line in lines if line.verletzt),
        nicht_pruefbar=tuple(line for line in unchecked if line.grund != KEINE_ZEILEN),
        ohne_zeilen=tuple(line for line in unchecked if line.grund == KEINE_ZEILEN),
        gehalten=tuple(line for line in lines if line.verletzt == 0),
        ausnahmen=_waived(befunde, ausnahmen),
        verlauf=(*verlauf, own),
    )


def open_findings(befunde: pa.Table) -> Mapping[str, int]:
    """Count the findings of a delivery that are there, by rule."""
    pairs = zip(befunde["regel_id"].to_pylist(), befunde["zustand"].to_pylist(), strict=True)
    return dict(sorted(Counter(regel for regel, zustand in pairs if zustand != "behoben").items()))


def _line(regel: Regel | None, result: RuleResult, stand: Befundstand) -> Regelzeile:
    """Return the line of a rule; of one that is not in force any more (None) a kept result still says what it found."""
    return Regelzeile(
        regel_id=result.regel_id,
        titel=result.titel,
        folge=FOLGE[result.schwere],
        befund=result.befund,
        erwartet=regel.erwartet if regel else result.erwartet,
        quelle=regel.quelle if regel else _AUFGEHOBEN,
        figuren=regel.figuren if regel else (),
        behebt=regel.behebt if regel else result.behebt,
        geprueft=result.geprueft,
        verletzt=result.verletzt,
        grund=result.grund,
        stand=stand,
    )


def _stands(befunde: pa.Table) -> Mapping[str, Befundstand]:
    counted: dict[str, Counter[str]] = {}
    columns = (befunde[name].to_pylist() for name in ("regel_id", "zustand", "ausnahme_id"))
    for regel, zustand, ausnahme in zip(*columns, strict=True):
        states = counted.setdefault(regel, Counter())
        states[zustand] += 1
        states["ausgenommen"] += ausnahme is not None
    return {regel: Befundstand(**states) for regel, states in counted.items()}


def _waived(befunde: pa.Table, ausnahmen: Sequence[Ausnahme]) -> tuple[Ausnahmezeile, ...]:
    closing = Counter(number for number in befunde["ausnahme_id"].to_pylist() if number is not None)
    alike: Counter[tuple[str, str, str, str, dt.date]] = Counter()
    for waiver in ausnahmen:
        key = (waiver.regel_id, waiver.grund, waiver.beantragt_von, waiver.bewilligt_von, waiver.gueltig_bis)
        alike[key] += closing[waiver.ausnahme_id]
    return tuple(Ausnahmezeile(*key, anzahl) for key, anzahl in sorted(alike.items()) if anzahl)


def _verdict(gate: Gate) -> str:
    """Say in one sentence what follows from the validation."""
    stopping = ", ".join(result.regel_id for result in (*gate.unannehmbar, *gate.offen))
    if gate.unannehmbar:
        return f"Die Lieferung darf nicht geladen werden; sie verletzt den Quellvertrag ({stopping})."
    if gate.offen:
        return f"Die Freigabe ist gesperrt, bis über diese Regeln entschieden ist: {stopping}."
    if gate.angenommen:
        accepted = ", ".join(result.regel_id for result in gate.angenommen)
        return f"Die Lieferung darf geladen werden; sperrende Befunde sind mit Begründung angenommen ({accepted})."
    if gate.ausgenommen:
        waived = ", ".join(result.regel_id for result in gate.ausgenommen)
        return f"Die Lieferung darf geladen werden; alle sperrenden Befunde sind ausgenommen ({waived})."
    return "Die Lieferung darf geladen werden; keine Regel, die sperrt oder anhält, ist verletzt."
