"""Loaded figures computed again: from the archive their passport names, by the law that was kept with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from etl import parameter
from etl.errors import JobcenterError
from etl.extract.archive import ARCHIVE_MANIFEST, Archive, open_archive, sha256_of
from etl.figures import compute_figures, definition_fingerprint
from etl.nachweis.herkunft import definitionen
from etl.nachweis.kette import name_of
from etl.warehouse import CELLS, IDENTISCH, Glied, Ladung, Loeschung, read_parameters

_SHOWN = 12
"""Characters of a hash that a person compares."""


@dataclass
class Rechnung:
    """What came of it: recomputed cells by ``ladung_id``, what prevented it, and what qualifies it.

    ``belegt``: the loads whose case data was deleted, with the deletion before which they were computed again.
    """

    cells: dict[int, pa.Table] = field(default_factory=dict)
    belegt: dict[int, Loeschung] = field(default_factory=dict)
    maengel: list[str] = field(default_factory=list)
    hinweise: list[str] = field(default_factory=list)


def nachrechnen(
    root: Path,
    connection: Connection,
    loads: Iterable[Ladung],
    passes: Mapping[str, Glied],
    deleted: Mapping[str, Loeschung] = MappingProxyType({}),
) -> Rechnung:
    """Compute ``loads`` again, all months of one delivery and one law in one go. ``root``: the archive.

    A delivery whose archive is not what the passport names is not computed: its figures would prove nothing. Nor is one
    whose case data was ``deleted`` (by its reference); for that one counts what was proven before.
    """
    result = Rechnung()
    groups: dict[tuple[str, str | None], list[Ladung]] = {}
    for load in loads:
        groups.setdefault((load.delivery.reference, load.parameter_sha256), []).append(load)
    archives: dict[str, Archive | None] = {}
    laws: dict[str | None, Mapping[str, pa.Table] | None] = {}
    for (reference, parameter_sha256), group in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        if reference in deleted and not (root / reference / ARCHIVE_MANIFEST).is_file():
            _attested(group, deleted[reference], result)
            continue
        if reference not in archives:
            archives[reference] = _archive(root, group[0], passes.get(str(group[0].ladung_id)), result.maengel)
        archive = archives[reference]
        if parameter_sha256 not in laws:
            laws[parameter_sha256] = _law(connection, parameter_sha256, result)
        law = laws[parameter_sha256]
        if archive is not None and law is not None:
            _compute(archive, group, law, result)
    result.hinweise += _definitions(loads, passes)
    return result


def _attested(loads: Sequence[Ladung], deletion: Loeschung, result: Rechnung) -> None:
    """Take for a load what was proven of exactly its cells before the deletion; name one that was not."""
    proven = {entry["ladung_id"]: entry for entry in (deletion.bestaetigung or {}).get("ladungen", ())}
    for load in loads:
        entry = proven.get(load.ladung_id, {})
        if entry.get("inhalt_sha256") != load.inhalt_sha256:
            result.maengel.append(
                f"{name_of(load)}: Vor der Löschung der Falldaten wurden diese Werte nicht bestätigt."
            )
        elif entry["ergebnis"] == IDENTISCH:
            result.belegt[load.ladung_id] = deletion
        else:
            result.hinweise.append(
                f"{name_of(load)}: vor der Löschung der Falldaten nicht identisch nachgerechnet ({entry['ergebnis']}); "
                "bewiesen ist nur, dass die geladenen Werte unverändert sind."
            )


def comparable(load: Ladung, stored: pa.Table, recomputed: pa.Table) -> tuple[pa.Table, list[str]]:
    """Leave out figures that today's definitions know and those of the load did not; return also their codes."""
    if load.definition_sha256 == definition_fingerprint():
        return recomputed, []
    known = set(pc.unique(stored["groesse"]).to_pylist())
    new = sorted(set(pc.unique(recomputed["groesse"]).to_pylist()) - known)
    return recomputed.filter(pc.is_in(recomputed["groesse"], pa.array(sorted(known)))), new


def _archive(root: Path, load: Ladung, glied: Glied | None, maengel: list[str]) -> Archive | None:
    """Open the archive of a load if every byte is what its passport and its own manifest say."""
    reference = load.delivery.reference
    said = glied.inhalt.get("archivtabellen", {}) if glied else {}
    changed = [name for name, table in sorted(said.items()) if _differs(root / reference, name, table["datei_sha256"])]
    maengel += [
        f"Archiv {reference}, Tabelle {name}: Die Datei {name}.parquet fehlt oder wurde verändert." for name in changed
    ]
    if changed:
        return None
    try:
        archive = open_archive(root, reference)
    except JobcenterError as error:
        maengel.append(f"Archiv {reference}: {error.message}")
        return None
    facts = load.facts["lieferung"]
    if not isinstance(facts, Mapping) or archive.content_sha256 != facts["inhalt_sha256"]:
        maengel.append(f"Archiv {reference}: archiv.json nennt einen anderen Inhalt als das Warehouse.")
        return None
    return archive


def _differs(folder: Path, table: str, sha256: str) -> bool:
    path = folder / f"{table}.parquet"
    return not path.is_file() or sha256_of(path) != sha256


def _law(connection: Connection, sha256: str | None, result: Rechnung) -> Mapping[str, pa.Table] | None:
    """Return the ``par_`` tables kept under a hash; None when they are not what the hash says."""
    if sha256 is None:
        result.hinweise.append("Für Ladungen ohne aufbewahrte Parameter ist nach den heutigen nachgerechnet.")
        return parameter.tables()
    files = read_parameters(connection, sha256)
    if files is None or parameter.fingerprint_of({name: text.encode() for name, text in files.items()}) != sha256:
        result.maengel.append(f"Die aufbewahrten Parameter {sha256[:_SHOWN]} fehlen oder wurden verändert.")
        return None
    try:
        return parameter.kept_tables(files)
    except JobcenterError as error:
        result.maengel.append(
            f"Die aufbewahrten Parameter {sha256[:_SHOWN]} liest dieses Programm nicht: {error.message}"
        )
        return None


def _compute(archive: Archive, loads: Sequence[Ladung], law: Mapping[str, pa.Table], result: Rechnung) -> None:
    months = sorted({load.monat for load in loads})
    try:
        cells = compute_figures(archive, months, law).cast(CELLS)
    except JobcenterError as error:
        names = ", ".join(name_of(load) for load in loads)
        result.maengel.append(f"{names}: lässt sich nicht nachrechnen: {error.message}")
        return
    for load in loads:
        result.cells[load.ladung_id] = cells.filter(pc.field("berichtsmonat") == str(load.monat))


def _definitions(loads: Iterable[Ladung], passes: Mapping[str, Glied]) -> Iterator[str]:
    """Say of every other definition which it was, what has changed since, and which months it gave."""
    today, files = definition_fingerprint(), definitionen()
    others: dict[str, list[Ladung]] = {}
    for load in loads:
        if load.definition_sha256 not in (None, today):
            others.setdefault(str(load.definition_sha256), []).append(load)
    for sha256, group in sorted(others.items()):
        glied = passes.get(str(group[0].ladung_id))
        program = (glied.inhalt.get("programm") if glied else None) or {}
        kept = program.get("definitionen", {}) if program.get("definition_sha256") == sha256 else {}
        changed = sorted(name for name in kept.keys() | files.keys() if kept.get(name) != files.get(name))
        yield (
            f"{', '.join(str(load.monat) for load in group)}: geladen nach der Definition {sha256[:_SHOWN]}"
            + (f" (Programm {program['version']}, Commit {program['commit'] or 'unbekannt'})" if kept else "")
            + f", nachgerechnet nach der heutigen {today[:_SHOWN]}."
            + (f" Seither geändert: {', '.join(changed)}." if kept else "")
        )
