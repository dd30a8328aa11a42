"""The last proof before case data is deleted: everything loaded from a delivery is computed again once more.

What it says is kept with the deletion, in the warehouse and in its passport. From then on ``verify`` believes it for
exactly the cells it names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from etl.errors import JobcenterError, NachweisError
from etl.extract.archive import open_archive
from etl.figures import definition_fingerprint
from etl.nachweis import kette
from etl.nachweis.herkunft import herkunft
from etl.nachweis.pruefung import chains, compare, passports
from etl.settings import Settings
from etl.warehouse import ABWEICHEND, IDENTISCH, NICHTS_GELADEN, UEBERHOLT, Glied, Ladung, read_evidence

_PROGRAMM = ("version", "commit", "quelltext_sha256", "definition_sha256")


def bestaetige(
    settings: Settings, connection: Connection, reference: str, annahme: str | None = None
) -> dict[str, object]:
    """Compute all that was loaded from an archived delivery again; return what is kept of it (plain JSON).

    Of a month that was loaded several times from the delivery, the last version counts. ``annahme``: why a person
    accepts that figures differ which were computed by an earlier definition. Raises ``NachweisError`` when anything
    else is not identical, or when the chain of the Träger, its witness or the guards of the database are broken.
    """
    own = [one for one in read_evidence(connection) if any(_from(load, reference) for load in one.ladungen)]
    loads = [load for one in own for load in one.ladungen if _from(load, reference)]
    maengel = [text for one in own for text in chains(settings, [one], one.traegernummer)]
    try:
        archive = open_archive(settings.archive, reference)
    except JobcenterError as error:
        raise _not_proven(reference, [error.message]) from None
    passes = passports(own)
    newest = {(load.monat, load.ergaenzt): load for load in loads}
    rechnung, zellen = compare(settings, connection, loads, list(newest.values()), passes, {})
    differing = Counter(zelle.wo for zelle in zellen)
    other = [load for load in newest.values() if differing[f"Ladung {load.ladung_id}"]]
    maengel += [*rechnung.maengel, *_differing(other, differing, accepted=bool(annahme))]
    if maengel:
        raise _not_proven(reference, maengel)
    results = {load.ladung_id: ABWEICHEND if load in other else IDENTISCH for load in newest.values()}
    return {
        "ergebnis": _verdict(loads, other),
        "werte": sum(cells.num_rows for cells in rechnung.cells.values()),
        "archiv_sha256": archive.content_sha256,
        "ladungen": [_said(load, passes, results.get(load.ladung_id, UEBERHOLT)) for load in loads],
        "annahme": {"grund": annahme, "zellen": len(zellen)} if other else None,
        "programm": {key: value for key, value in (herkunft().programm or {}).items() if key in _PROGRAMM},
        "hinweise": rechnung.hinweise,
    }


def _from(load: Ladung, reference: str) -> bool:
    return load.delivery.reference == reference


def _differing(loads: Sequence[Ladung], cells: Mapping[str, int], *, accepted: bool) -> Iterator[str]:
    """Name the loads that differ; those of an earlier definition only if nobody has accepted that."""
    for load in loads:
        earlier = load.definition_sha256 != definition_fingerprint()
        if not (earlier and accepted):
            because = "; seit der Ladung ist die Definition geändert" if earlier else ""
            yield f"{kette.name_of(load)}: {cells[f'Ladung {load.ladung_id}']} Zellen weichen ab{because}."


def _verdict(loads: Sequence[Ladung], other: Sequence[Ladung]) -> str:
    if not loads:
        return NICHTS_GELADEN
    return f"{IDENTISCH} bis auf angenommene Abweichungen" if other else IDENTISCH


def _said(load: Ladung, passes: Mapping[str, Glied], result: str) -> dict[str, object]:
    glied = passes.get(str(load.ladung_id))
    return {
        "ladung_id": load.ladung_id,
        "berichtsmonat": str(load.monat),
        "inhalt_sha256": load.inhalt_sha256,
        "zahlenpass": glied.sha256 if glied else None,
        "ergebnis": result,
    }


def _not_proven(reference: str, maengel: Sequence[str]) -> NachweisError:
    lines = "\n".join(f"  {text}" for text in maengel)
    return NachweisError(
        f"Die Falldaten der Lieferung {reference} bleiben: Ihre Zahlen sind nicht identisch nachgerechnet.\n{lines}",
        hint="„jobcenter verify“ nennt, was abweicht. Hat sich seit der Ladung nur die Definition geändert, kann eine "
        "Person das mit --accept-differences GRUND annehmen.",
        abschnitt="loeschung-unvollstaendig",
    )
