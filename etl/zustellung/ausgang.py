"""The outbox (Postausgang): the exact bytes of a consignment, kept until everybody has the report.

An encrypted file is another one every time it is made. Because it is made once and kept, a delivery that was killed
goes on with the same bytes, and recognises what has arrived already. The copy is also what keeps a report that is
written anew meanwhile from being mixed with the released one.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

import pyrage

from etl.disclosure import Empfaengerkreis
from etl.errors import NotDeliverableError
from etl.extract.archive import sha256_of
from etl.files import private_folder, staging, sync_folder
from etl.release import content_sha256
from etl.zustellung.empfaenger import Empfaenger
from etl.zustellung.sendung import Freigegeben, Sendung, Stueck, folder_name


def pack(
    outbox: Path, report: Freigegeben, empfaenger: Empfaenger, files: Mapping[str, str], fassung: int, titel: str
) -> Sendung:
    """Return the consignment of ``files`` (SHA-256 by path in the report) to a recipient, its bytes in the outbox.

    At the recipient the path of a file begins with its product. Raises ``NotDeliverableError`` when a file is meant for
    a narrower circle than the recipient's, or is not the released one.
    """
    for datei in files:
        kreis = Empfaengerkreis(datei.partition("/")[0])
        if not empfaenger.kreis.sees(kreis):
            raise NotDeliverableError(
                f"Die Datei {datei} ist für den Kreis „{kreis}“ bestimmt und geht nicht an den Kreis "
                f"„{empfaenger.kreis}“.",
                hint="„kreis“ und „produkte“ dieses Empfängers in der Empfängerdatei prüfen.",
                abschnitt="zustellung-kreis",
            )
    folder = outbox / report.bericht.pfad / _key(empfaenger, files)
    if not folder.is_dir():
        with staging(folder.parent) as stage:
            made = stage / folder.name
            for datei, sha256 in files.items():
                _make(report.ordner / datei, made / _name(datei, empfaenger), sha256, empfaenger.age)
            sync_folder(made)
            made.rename(folder)
    pieces = [_piece(folder, datei, sha256, empfaenger) for datei, sha256 in sorted(files.items())]
    name = folder_name(report, files, fassung)
    return Sendung(report.bericht, report.datenstand, fassung, name, titel, tuple(pieces))


def clear(outbox: Path, report: Freigegeben) -> None:
    """Empty the outbox of a report that everybody has."""
    shutil.rmtree(outbox / report.bericht.pfad, ignore_errors=True)


def _key(empfaenger: Empfaenger, files: Mapping[str, str]) -> str:
    """Return the name of a folder: other files, another recipient or other keys are another consignment."""
    lines = [empfaenger.name, *sorted(empfaenger.age), content_sha256(files)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def _name(datei: str, empfaenger: Empfaenger) -> str:
    below = datei.partition("/")[2]  # without the circle, which says something about the recipient, not about the file
    return f"{below}.age" if empfaenger.age else below


def _make(source: Path, target: Path, sha256: str, age: tuple[str, ...]) -> None:
    private_folder(target.parent)
    content = source.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotDeliverableError(
            f"Die Datei {source} ist nicht mehr die freigegebene.",
            hint="„jobcenter verify“ nennt den Unterschied. Den Bericht neu erstellen, prüfen und freigeben.",
            abschnitt="zustellung-datei-veraendert",
        )
    if age:
        content = pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(key) for key in age])
    target.write_bytes(content)


def _piece(folder: Path, datei: str, sha256: str, empfaenger: Empfaenger) -> Stueck:
    path = folder / _name(datei, empfaenger)
    sent = sha256_of(path)
    if not empfaenger.age and sent != sha256:
        raise NotDeliverableError(
            f"Die Datei {path} im Postausgang ist nicht mehr die freigegebene.",
            hint="Ihren Ordner löschen und den Befehl wiederholen: er wird aus dem Bericht neu gefüllt.",
            abschnitt="zustellung-datei-veraendert",
        )
    return Stueck(datei, _name(datei, empfaenger), path, sha256, sent, path.stat().st_size)
