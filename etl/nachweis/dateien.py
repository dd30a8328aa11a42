"""Released files: what their passports say, and whether they are still the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.errors import UsageError
from etl.extract.archive import sha256_of
from etl.nachweis import kette
from etl.warehouse import Evidence, Glied
from etl.warehouse.zahlenpass import DATEI

_MONTH_FOLDER = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True)
class Datei:
    """A file that was checked. ``glied``: its passport (None: it has none). ``mangel``: what is wrong with it."""

    path: Path
    glied: Glied | None
    mangel: str | None


def beschreibe(root: Path, files: Iterable[Path], said: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Return what the passports of files say of them, by path below ``root`` (the folder of the reports)."""
    return {
        path.relative_to(root).as_posix(): {
            "name": path.name,
            "sha256": sha256_of(path),
            "bytes": path.stat().st_size,
            **said,
        }
        for path in files
    }


def check_folder(
    root: Path, evidence: Sequence[Evidence], month: str | None, deleted: Mapping[str, str]
) -> tuple[list[Datei], list[str]]:
    """Check every report file below ``root`` (of one month only); return also which released ones are gone.

    ``deleted``: folders of reports whose period is over (path below ``root``), and the sentence that says so.

    Report files lie in ``<traegernummer>/<lieferung_id>/<month>/`` and below; what is elsewhere is no released file.
    """
    passes = _passes(evidence)
    found = {
        path.relative_to(root).as_posix(): path
        for folder in sorted(root.glob("*/*/*"))
        if _MONTH_FOLDER.fullmatch(folder.name) and month in (None, folder.name)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    gone = [
        deleted.get(
            "/".join(name.split("/")[:3]),
            f"Die Datei {name} (Zahlenpass {glied.pass_id}) liegt nicht mehr im Ordner der Berichte.",
        )
        for name, glied in sorted(passes.items())
        if name not in found and month in (None, glied.inhalt.get("berichtsmonat"))
    ]
    return [_judged(path, passes.get(name)) for name, path in found.items()], list(dict.fromkeys(gone))


def check_file(root: Path, evidence: Sequence[Evidence], path: Path) -> Datei:
    """Check one file, wherever it lies: by its place below the reports, else by its bytes."""
    if not path.is_file():
        raise UsageError(f"Die Datei {path} gibt es nicht.")
    resolved, reports = path.resolve(), root.resolve()
    passes = _passes(evidence)
    if resolved.is_relative_to(reports) and (own := passes.get(resolved.relative_to(reports).as_posix())):
        return _judged(path, own)
    sha256 = sha256_of(path)
    same = [glied for one in evidence for glied in one.kette if _released(glied) == sha256]
    if same:
        return Datei(path, same[-1], None)
    named = sorted(name for name in passes if name.endswith(f"/{path.name}"))
    namesakes = f" Ausgegeben wurden unter diesem Namen andere Bytes: {', '.join(named)}." if named else ""
    return Datei(path, None, f"Die Datei {path} hat keinen Zahlenpass.{namesakes}")


def _judged(path: Path, glied: Glied | None) -> Datei:
    if glied is None:
        return Datei(path, None, f"Die Datei {path} hat keinen Zahlenpass.")
    if _released(glied) != sha256_of(path):
        return Datei(path, glied, f"Die Datei {path} ist nicht mehr die ausgegebene (Zahlenpass {glied.pass_id}).")
    return Datei(path, glied, None)


def _passes(evidence: Sequence[Evidence]) -> dict[str, Glied]:
    return {name: glied for one in evidence for name, glied in kette.newest(one.kette, DATEI).items()}


def _released(glied: Glied) -> str | None:
    """Return the hash of the bytes a passport stands for; None when it is no passport of a file."""
    return str(glied.inhalt.get("sha256")) if glied.art == DATEI else None
