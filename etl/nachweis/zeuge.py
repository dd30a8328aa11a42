"""The witness: where the chains ended, remembered outside the database.

Inside the database nothing shows that the newest link of a chain is missing together with all it speaks of. So every
command that adds links notes the end of the chain beside the archive, one line ``<pass_id> <sha256>`` each; every noted
end must be found in the chain for ever. A command that is killed before it notes leaves an older end: still true.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, unquote

from sqlalchemy import Connection

from etl.files import remove_abandoned, write_atomically
from etl.warehouse import Glied, read_end

_SUFFIX = ".kette"


def bezeuge(folder: Path, connection: Connection, traegernummer: str) -> None:
    """Note in ``folder`` where the chain of a Träger ends now, unless that was noted last."""
    path = folder / f"{quote(traegernummer, safe='')}{_SUFFIX}"
    known = path.read_bytes() if path.is_file() else b""  # damaged or not: what is noted stays, „verify“ judges it
    pass_id, sha256 = read_end(connection, traegernummer)
    line = f"{pass_id} {sha256}\n".encode()
    if known.endswith(line):
        remove_abandoned(folder)
    else:
        write_atomically(path, known + line)


def check(folder: Path, ketten: Sequence[Sequence[Glied]], traegernummer: str | None = None) -> list[str]:
    """Name every noted end (of a Träger) that its chain does not hold."""
    links = {(glied.traegernummer, str(glied.pass_id), glied.sha256) for kette in ketten for glied in kette}
    problems = []
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        traeger = unquote(path.name.removesuffix(_SUFFIX))
        if traegernummer not in (None, traeger):
            continue
        noted = path.read_bytes().decode(errors="replace")  # a damaged line is an end that the chain does not hold
        ends = [tuple(line.split(" ")) for line in noted.splitlines()]
        missing = [end for end in ends if (traeger, *end) not in links]
        if missing:
            problems.append(
                f"Kette {traeger}: Ein Glied, das es gab, fehlt oder ist ein anderes: "
                f"Glied {missing[-1][0]} ({len(missing)} von {len(ends)} in {path} vermerkten Enden)."
            )
    return problems
