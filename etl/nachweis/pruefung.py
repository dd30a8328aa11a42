"""The verification: everything the product can prove about what it loaded and released, in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from etl.errors import UsageError
from etl.monat import Monat
from etl.nachweis import dateien, freigaben, kette, loeschungen, zeuge, zustellungen
from etl.nachweis.nachrechnen import Rechnung, comparable, nachrechnen
from etl.nachweis.urteil import Ende, Nachweis, Zelle
from etl.nachweis.zellen import Key, Value, differing, differing_in_csv, values
from etl.settings import Settings
from etl.warehouse import Evidence, Glied, Ladung, Loeschung, cells_sha256, read_evidence, read_load
from etl.warehouse.zahlenpass import LADUNG


def pruefe(
    settings: Settings, connection: Connection, *, datei: Path | None = None, monat: Monat | None = None
) -> Nachweis:
    """Verify a released file, a month, or everything; the chain of passports always. For the role auditor.

    Everything: the cells of every load are hashed, the newest state of every month is computed again, every report file
    is compared. A month: its newest state and its files. A file: the loads its passport names. A load whose rows do
    not have their hash is computed again in any case, so that the cells can be named.
    Raises ``UsageError`` when there is nothing to verify.
    """
    evidence = read_evidence(connection)
    loads = [load for one in evidence for load in one.ladungen]
    maengel = chains(settings, evidence)
    if datei is not None:
        files, gone = [dateien.check_file(settings.reports, evidence, datei)], list[str]()
        hashed = wanted = _of_file(files[0], loads)
    else:
        files, gone = dateien.check_folder(
            settings.reports, evidence, None if monat is None else str(monat), loeschungen.reports(evidence)
        )
        hashed = [load for load in loads if monat is None or (load.monat == monat and load.neueste)]
        wanted = [load for load in hashed if load.neueste]
    maengel += [file.mangel for file in files if file.mangel]
    if not hashed and (monat is not None or not maengel):
        raise UsageError(
            f"{monat} ist nicht geladen." if monat else "Es ist nichts geladen, was sich prüfen ließe.",
            hint="Zuerst „jobcenter run“ oder „jobcenter backfill“ ausführen.",
            abschnitt="nicht-geladen",
        )
    deleted = loeschungen.proven(evidence)
    rechnung, zellen = compare(settings, connection, hashed, wanted, passports(evidence), deleted)
    said = sorted({deletion.reference for deletion in rechnung.belegt.values()})
    for file in files:
        if file.mangel and file.glied:
            zellen += differing_in_csv(file.path, _loaded(connection, _of_file(file, loads)))
    return Nachweis(
        ladungen=len(hashed),
        monate=len({(load.delivery.traegernummer, load.monat) for load in loads if load.ladung_id in rechnung.cells}),
        werte=sum(cells.num_rows for cells in rechnung.cells.values()),
        dateien=len(files),
        ketten=tuple(Ende(g.traegernummer, g.pass_id, g.sha256) for one in evidence for g in one.kette[-1:]),
        hinweise=(
            *gone,
            *_sealed(evidence, hashed),
            *rechnung.hinweise,
            *loeschungen.back_again(settings, evidence),
        ),
        maengel=(*maengel, *rechnung.maengel),
        zellen=tuple(zellen),
        belegt=len({(load.delivery.traegernummer, load.monat) for load in loads if load.ladung_id in rechnung.belegt}),
        vermerke=tuple(f"Lieferung {reference}: {deleted[reference].vermerk}" for reference in said),
    )


def chains(settings: Settings, evidence: Sequence[Evidence], traegernummer: str | None = None) -> list[str]:
    """Name everything that is wrong with the chains, with what they speak of, and with the database's own guards.

    ``evidence`` is everything, or all there is of ``traegernummer``.
    """
    found = [text for one in evidence for text in (*kette.check_links(one.kette), *kette.check_objects(one))]
    found += [text for one in evidence for text in freigaben.check_releases(one)]
    found += [text for one in evidence for text in zustellungen.check_deliveries(one)]
    found += [text for one in evidence for text in loeschungen.check_deletions(one)]
    found += zeuge.check(settings.witness, [one.kette for one in evidence], traegernummer)
    unprotected = sorted({table for one in evidence for table in one.ungeschuetzt})
    return found + [f"Der Schutz der Tabelle jobcenter.{table} ist ausgeschaltet." for table in unprotected]


def passports(evidence: Sequence[Evidence]) -> dict[str, Glied]:
    """Return the passport of each load, as far as it can be believed."""
    every = {load: glied for one in evidence for load, glied in kette.newest(one.kette, LADUNG).items()}
    return {load: glied for load, glied in every.items() if kette.sound(glied)}


def _sealed(evidence: Sequence[Evidence], loads: Sequence[Ladung]) -> list[str]:
    """Say of which loads no passport was ever written."""
    passes = {load for one in evidence for load in kette.newest(one.kette, LADUNG)}
    sealed = {load for one in evidence for load in kette.without_passport(one.kette)}
    return [
        f"{kette.name_of(load)} ist älter als die Zahlenpässe: bewiesen sind nur die Werte, nicht ihre Herkunft."
        for load in loads
        if load.ladung_id in sealed and str(load.ladung_id) not in passes
    ]


def _of_file(file: dateien.Datei, loads: Sequence[Ladung]) -> list[Ladung]:
    """Return the loads a released file was made from."""
    named = {load.get("ladung_id") for load in file.glied.inhalt.get("ladungen", ())} if file.glied else set()
    return [load for load in loads if load.ladung_id in named]


def _loaded(connection: Connection, loads: Sequence[Ladung]) -> dict[Key, Value]:
    return {key: value for load in loads for key, value in values(read_load(connection, load.ladung_id)).items()}


def compare(
    settings: Settings,
    connection: Connection,
    hashed: Sequence[Ladung],
    wanted: Sequence[Ladung],
    passes: Mapping[str, Glied],
    deleted: Mapping[str, Loeschung],
) -> tuple[Rechnung, list[Zelle]]:
    """Hash the stored cells of loads, compute the wanted ones again, and tell the cells apart."""
    sha256 = {load.ladung_id: cells_sha256(read_load(connection, load.ladung_id)) for load in hashed}
    broken = [load for load in hashed if sha256[load.ladung_id] != load.inhalt_sha256]
    again = [*wanted, *(load for load in broken if load not in wanted)]
    rechnung = nachrechnen(settings.archive, connection, again, passes, deleted)
    rechnung.maengel += [f"{kette.name_of(load)}: Die gespeicherten Werte wurden verändert." for load in broken]
    zellen: list[Zelle] = []
    for load in again:
        recomputed = rechnung.cells.get(load.ladung_id)
        if recomputed is not None and load.ergaenzt is not None:
            recomputed = rechnung.cells[load.ladung_id] = _same_figures(
                recomputed, read_load(connection, load.ladung_id)
            )
        if recomputed is not None and cells_sha256(recomputed) != sha256[load.ladung_id]:
            stored = read_load(connection, load.ladung_id)
            wartezeit = recomputed["wartezeit"][0].as_py()
            if wartezeit != load.wartezeit:
                rechnung.maengel.append(
                    f"{kette.name_of(load)}: Die Wartezeit ist {load.wartezeit}, nachgerechnet {wartezeit} Monate."
                )
            recomputed, new = comparable(load, stored, recomputed)
            if new:
                rechnung.hinweise.append(f"{kette.name_of(load)}: Damals gab es noch nicht: {', '.join(new)}.")
            zellen += differing(f"Ladung {load.ladung_id}", values(stored), values(recomputed))
    return rechnung, zellen


def _same_figures(cells: pa.Table, stored: pa.Table) -> pa.Table:
    """Leave out the figures that a load does not have: it only added some to a month."""
    return cells.filter(pc.is_in(cells["groesse"], pc.unique(stored["groesse"])))
