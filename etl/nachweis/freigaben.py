"""The release of reports: every step has its passport, follows the one before, and holds for the files it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from etl.errors import JobcenterError
from etl.nachweis import kette
from etl.release import Bericht, Eintrag, Schritt, Stand, content_sha256
from etl.warehouse import Evidence, Glied
from etl.warehouse.zahlenpass import DATEI, FREIGABE


def check_releases(evidence: Evidence) -> Iterator[str]:
    """Name every step that lacks its passport, differs from it or was not allowed, and files that are not its own."""
    passes = {(glied.gegenstand, str(glied.inhalt.get("nummer"))): glied for glied in _of(evidence.kette, FREIGABE)}
    files = _of(evidence.kette, DATEI)
    for stand in evidence.berichte:
        draft: Glied | None = None
        for place, entry in enumerate(stand.eintraege):
            name = f"{stand.bericht}, Schritt {entry.nummer} ({entry.schritt})"
            glied = passes.pop((stand.bericht.pfad, str(entry.nummer)), None)
            if glied is None:
                yield f"{name} hat keinen Zahlenpass: das Glied wurde entfernt."
            elif kette.sound(glied):  # else it is named already; what a changed passport says is worth nothing
                yield from _differences(name, entry, glied)
                if entry.schritt is Schritt.ENTWURF:
                    draft = glied
                    yield from _check_draft(name, stand.bericht, glied, files)
            yield from _not_allowed(name, stand.bericht, stand.eintraege[:place], entry)
        if draft is not None:
            yield from _written_later(stand, draft, files)
    for gegenstand, number in passes:
        yield f"Zu einem Zahlenpass gibt es die Freigabe nicht mehr: {gegenstand}, Schritt {number} wurde entfernt."


def _of(links: Sequence[Glied], art: str) -> list[Glied]:
    return [glied for glied in links if glied.art == art]


def _differences(name: str, entry: Eintrag, glied: Glied) -> Iterator[str]:
    today = {
        "schritt": entry.schritt,
        "inhalt_sha256": entry.inhalt_sha256,
        "person": entry.person,
        "bemerkung": entry.bemerkung,
    }
    for field, value in today.items():
        said = glied.inhalt.get(field)
        if value != said:
            yield f"{name}: {field} ist im Warehouse „{value}“, laut Zahlenpass {glied.pass_id} „{said}“."


def _not_allowed(name: str, bericht: Bericht, before: Sequence[Eintrag], entry: Eintrag) -> Iterator[str]:
    """Do the step again after those before it: nobody, not even the owner of the database, gets around four eyes."""
    if entry.nummer != len(before) + 1:
        yield f"{name}: Davor fehlen Schritte."
    elif entry.schritt is not Schritt.ENTWURF:
        try:
            again = Stand(bericht, tuple(before)).next_entry(entry.schritt, entry.person, entry.bemerkung)
        except JobcenterError as error:
            yield f"{name} war nicht zulässig: {error.message}"
        else:
            if again != entry:
                yield f"{name} schließt nicht an den Schritt davor an."


def _check_draft(name: str, bericht: Bericht, glied: Glied, files: Sequence[Glied]) -> Iterator[str]:
    """Compare what a draft names with the passports of the files, and its hash with both."""
    named = _files(glied)
    if content_sha256(named) != glied.inhalt.get("inhalt_sha256"):
        yield f"{name}: Der Inhalt ist nicht der Hash der Dateien, die der Zahlenpass {glied.pass_id} nennt."
    released = {(file.gegenstand, str(file.inhalt.get("sha256"))) for file in files if file.pass_id < glied.pass_id}
    for path, sha256 in named.items():
        if (f"{bericht.pfad}/{path}", sha256) not in released:
            yield f"{name}: Die Datei {path} hat keinen Zahlenpass mit diesem Inhalt."


def _written_later(stand: Stand, draft: Glied, files: Sequence[Glied]) -> Iterator[str]:
    """Name passports of other bytes that came in behind the last draft: nobody has seen these."""
    folder, named = f"{stand.bericht.pfad}/", _files(draft)
    for file in files:
        path = file.gegenstand.removeprefix(folder)
        later = file.gegenstand.startswith(folder) and file.pass_id > draft.pass_id
        if later and named.get(path) != file.inhalt.get("sha256"):
            yield f"{stand.bericht}: {path} hat seit dem letzten Entwurf einen Zahlenpass mit anderem Inhalt."


def _files(draft: Glied) -> dict[str, str]:
    """Return the hashes of the files that a draft names; nothing when what stands there is no such list."""
    named = draft.inhalt.get("dateien")
    return {str(path): str(sha256) for path, sha256 in named.items()} if isinstance(named, dict) else {}
