"""The way of e-mail: one message with the files of the consignment, over an encrypted connection or not at all.

Nothing can make sure that a message arrives exactly once: when the connection breaks after the server took it and
before it said so, or the program is killed before the receipt is kept, it is sent again. Both messages then carry the
same Message-ID, made from their content, by which mail programs and people see that they are one.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import localtime

from etl.errors import NotDeliverableError, UnreachableError
from etl.zustellung.empfaenger import Mail
from etl.zustellung.sendung import Probe, Sendung

SECONDS = 60
"""How long the server may stay silent."""
_KINDS = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
}
_TEMPORARY = range(400, 500)


def deliver(weg: Mail, sendung: Sendung) -> Probe:
    """Send the consignment to the address.

    Raises ``UnreachableError`` when the server cannot be reached or asks to come again, ``NotDeliverableError`` when it
    has another certificate, no encryption, or refuses login, address or message.
    """
    send(weg, message(weg, sendung))
    return "angenommen"


def send(weg: Mail, note: EmailMessage) -> None:
    """Send a message over the connection that ``weg`` describes. Raises as ``deliver`` does."""
    with _explained(weg):
        server = _connect(weg)
        try:
            if weg.kennwort:
                server.login(weg.benutzer, weg.kennwort.lesen())
            server.send_message(note)
        finally:
            # The message is out or is not; what happens while saying good-bye changes nothing.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()


def message(weg: Mail, sendung: Sendung) -> EmailMessage:
    """Write the message. Its only clock is the date of sending, which every message must have."""
    bericht = sendung.bericht
    datenstand = f"{sendung.datenstand:%d.%m.%Y}"
    note = EmailMessage()
    note["From"], note["To"] = weg.von, weg.an
    note["Subject"] = f"Monatsbericht {bericht.monat.name}, Datenstand {datenstand}: {sendung.titel}"
    note["Date"] = localtime()
    note["Message-ID"] = _message_id(weg, sendung)
    note.set_content(
        f"Guten Tag,\n\nanbei die Dateien zum Berichtsmonat {bericht.monat.name}: {sendung.titel}.\n\n"
        f"Berichtsmonat: {bericht.monat}\nFassung: {sendung.fassung}\nDatenstand: {datenstand}\n"
        f"Träger: {bericht.traegernummer}\nSendung: {sendung.name}\n\n"
        "Dateien (SHA-256 des Anhangs):\n"
        + "".join(f"{piece.gesendet_sha256}  {_attached(piece.name)}\n" for piece in sendung.stuecke)
        + "\nGibt es zum selben Berichtsmonat mehrere Sendungen, gilt die mit der höchsten Fassung.\n"
        "Diese Nachricht wurde maschinell erstellt.\n",
        cte="quoted-printable",
    )
    for piece in sendung.stuecke:
        kind = _KINDS.get(piece.quelle.suffix, "application/octet-stream")
        maintype, _, subtype = kind.partition("/")
        charset = {"charset": "utf-8"} if maintype == "text" else None
        note.add_attachment(
            piece.quelle.read_bytes(),
            maintype=maintype,
            subtype=subtype,
            filename=_attached(piece.name),
            params=charset,
        )
    return note


def _attached(name: str) -> str:
    return name.rpartition("/")[2]


def _message_id(weg: Mail, sendung: Sendung) -> str:
    """Return the same id for the same files to the same address, encrypted anew or not."""
    lines = [weg.an, sendung.name, *(f"{piece.sha256}  {piece.datei}" for piece in sendung.stuecke)]
    digits = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:40]
    return f"<{digits}@{weg.von.rpartition('@')[2]}>"


def _connect(weg: Mail) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=str(weg.ca_datei) if weg.ca_datei else None)
    if weg.verbindung == "tls":
        return smtplib.SMTP_SSL(weg.server, weg.port, timeout=SECONDS, context=context)
    server = smtplib.SMTP(weg.server, weg.port, timeout=SECONDS)
    try:
        server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server


@contextmanager
def _explained(weg: Mail) -> Iterator[None]:
    """Say in German what happened; what the server wrote is not repeated, it may quote the message."""
    try:
        yield
    except smtplib.SMTPNotSupportedError:
        raise NotDeliverableError(
            f"{weg}: Der Mailserver bietet keine verschlüsselte Verbindung an. Gesendet wurde nichts.",
            hint="„server“ und „port“ prüfen (587 mit starttls, 465 mit tls); unverschlüsselt wird nicht gesendet.",
            abschnitt="zustellung-verschluesselung",
        ) from None
    except ssl.SSLCertVerificationError:
        raise NotDeliverableError(
            f"{weg}: Das Zertifikat des Mailservers ist nicht gültig oder nicht von einer bekannten Stelle.",
            hint="Hat das Haus eine eigene Zertifizierungsstelle, gehört ihr Zertifikat in „ca_datei“.",
            abschnitt="zustellung-verschluesselung",
        ) from None
    except smtplib.SMTPAuthenticationError as error:
        if error.smtp_code in _TEMPORARY:
            raise _later(weg, f"Antwort {error.smtp_code}") from None
        raise NotDeliverableError(
            f"{weg}: Die Anmeldung als „{weg.benutzer}“ wurde abgelehnt (Antwort {error.smtp_code}).",
            hint="Benutzer und Kennwort prüfen.",
            abschnitt="zustellung-anmeldung",
        ) from None
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused(weg, max(code for code, _ in error.recipients.values()), "die Adresse") from None
    except smtplib.SMTPResponseException as error:
        what = "den Absender" if isinstance(error, smtplib.SMTPSenderRefused) else "die Nachricht"
        raise _refused(weg, error.smtp_code, what) from None
    except (smtplib.SMTPException, OSError) as error:
        raise _later(weg, type(error).__name__) from None


def _refused(weg: Mail, code: int, what: str) -> NotDeliverableError | UnreachableError:
    if code in _TEMPORARY:
        return _later(weg, f"Antwort {code}")
    too_big = " Die Nachricht ist ihm zu groß: weniger Produkte, oder ein anderer Weg." if code == 552 else ""
    return NotDeliverableError(
        f"{weg}: Der Mailserver nimmt {what} nicht an (Antwort {code}).{too_big}",
        hint="„an“ und „von“ in der Empfängerdatei prüfen und beim Betreiber des Mailservers nach der Antwort fragen.",
        abschnitt="mail-abgewiesen",
    )


def _later(weg: Mail, reason: str) -> UnreachableError:
    return UnreachableError(
        f"{weg}: Der Mailserver ist nicht erreichbar, hat die Verbindung beendet oder vertröstet ({reason}).",
        hint="Später wiederholen.",
    )
