"""Sending: what a recipient is to get of a report, and the attempts to bring it there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from etl import disclosure
from etl.errors import NotDeliverableError, UnreachableError
from etl.zustellung import mail, ordner, sftp
from etl.zustellung.empfaenger import Empfaenger, Mail, Ordner, Sftp, Weg, kreis_fuer
from etl.zustellung.sendung import Freigegeben, Probe, Sendung

PAUSES = (2.0, 10.0, 30.0)
"""Seconds before the second, third and fourth attempt to reach somebody."""


def files_for(report: Freigegeben, empfaenger: Empfaenger) -> dict[str, str]:
    """Return the files of the report that a recipient is to get: SHA-256 by path.

    Raises ``NotDeliverableError`` when the report has nothing of a product that the recipient waits for.
    """
    chosen: dict[str, str] = {}
    for produkt in empfaenger.produkte:
        kreis = kreis_fuer(empfaenger.kreis, produkt)
        found = {
            path: sha256
            for path, sha256 in report.dateien.items()
            if PurePosixPath(path).is_relative_to(f"{kreis}/{produkt}")
            and (not empfaenger.formate or PurePosixPath(path).suffix[1:] in empfaenger.formate)
        }
        if not found:
            formate = f" als {' oder '.join(empfaenger.formate)}" if empfaenger.formate else ""
            raise NotDeliverableError(
                f"Der Bericht enthält das Produkt „{produkt}“ für den Kreis „{kreis}“{formate} nicht.",
                hint="„produkte“ und „formate“ in der Empfängerdatei prüfen, oder den Bericht neu erstellen.",
                abschnitt="zustellung-produkt",
            )
        chosen |= found
    return chosen


def titel(empfaenger: Empfaenger) -> str:
    """Return what the plan calls the products of a recipient."""
    titles = {bericht.code: bericht.titel for bericht in disclosure.berichte()}
    return ", ".join(titles[produkt] for produkt in empfaenger.produkte)


def send(weg: Weg, sendung: Sendung, pauses: Sequence[float], sleep: Callable[[float], None]) -> Probe:
    """Bring a consignment to its recipient and return how that was checked; what is there already stays.

    Who cannot be reached is tried again after each of the ``pauses`` (seconds). Raises ``UnreachableError`` when the
    last attempt fails, too, and ``NotDeliverableError`` at once.
    """
    for pause in pauses:
        try:
            return _once(weg, sendung)
        except UnreachableError:
            sleep(pause)
    return _once(weg, sendung)


def _once(weg: Weg, sendung: Sendung) -> Probe:
    match weg:
        case Ordner():
            return ordner.deliver(weg, sendung)
        case Sftp():
            return sftp.deliver(weg, sendung)
        case Mail():
            return mail.deliver(weg, sendung)
