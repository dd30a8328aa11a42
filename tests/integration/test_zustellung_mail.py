"""Delivery by e-mail to a real SMTP server: encrypted, complete, recognisable when it comes twice."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pyrage
import pytest

from etl import zustellen
from etl.errors import JobcenterError, NotDeliverableError, UnreachableError
from etl.settings import Settings
from integration.berichte import (
    BERICHT,
    DATEIEN,
    ORDNER,
    eingerichtet,
    empfaenger,
    freigegeben,
    ohne_quittungen,
    prozess,
    warte_auf,
    zugestellt,
)
from integration.gegenstellen import KENNWORT, Leitung, Postamt, freier_port, postamt

pytestmark = pytest.mark.slow  # a real server
MAPPE = "landkreis/arbeitsmappe/2026-08_Monatsbericht.xlsx"


@pytest.fixture
def settings(tmp_path: Path, warehouse_url: str) -> Settings:
    found = Settings(home=tmp_path / "home", warehouse=warehouse_url)
    freigegeben(found)
    (found.home / "kennwort").write_text(f"{KENNWORT}\n")
    return found


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Postamt]:
    with postamt(tmp_path / "post") as office:
        yield office


def only_error(settings: Settings, pauses: tuple[float, ...] = ()) -> JobcenterError:
    (result,) = zugestellt(settings, pauses)
    assert result.fehler is not None
    assert zustellen.receipts(settings, BERICHT) == []
    assert KENNWORT not in f"{result.fehler.message}{result.fehler.hint}"
    return result.fehler


def parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_one_message_with_month_datenstand_and_files(settings: Settings, post: Postamt) -> None:
    settings = eingerichtet(settings, empfaenger("Dezernat", post.weg()))
    (result,) = zugestellt(settings)
    assert (result.neu, [q.probe for q in result.quittungen]) == (True, ["angenommen"])
    (content,) = post.nachrichten
    message = parsed(content)
    assert message["To"] == "dezernat@example.org"
    assert message["Subject"] == "Monatsbericht August 2026, Datenstand 10.09.2026: Monatsbericht (Arbeitsmappe)"
    body = message.get_body()
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    assert "Berichtsmonat: 2026-08\nFassung: 1\nDatenstand: 10.09.2026\nTräger: 00000\n" in text
    assert ORDNER in text
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "2026-08_Monatsbericht.xlsx"
    assert attached.get_content() == DATEIEN[MAPPE]
    assert f"{result.quittungen[0].gesendet_sha256}  2026-08_Monatsbericht.xlsx" in text
    assert not zugestellt(settings)[0].neu
    assert len(post.nachrichten) == 1


def test_encrypted_attachments(settings: Settings, post: Postamt) -> None:
    key = pyrage.x25519.Identity.generate()
    recipient = empfaenger(
        "Controlling",
        post.weg(),
        kreis="dienststelle",
        produkte=["zahlen"],
        formate=["csv"],
        age=[str(key.to_public())],
    )
    assert zugestellt(eingerichtet(settings, recipient))[0].neu
    (attached,) = parsed(post.nachrichten[0]).iter_attachments()
    assert attached.get_filename() == "figures.csv.age"
    assert pyrage.decrypt(attached.get_content(), [key]) == DATEIEN["dienststelle/zahlen/figures.csv"]


def test_a_login_that_is_refused(settings: Settings, post: Postamt) -> None:
    (settings.home / "kennwort").write_text("falsch")
    error = only_error(eingerichtet(settings, empfaenger("Dezernat", post.weg())))
    assert isinstance(error, NotDeliverableError)
    assert "abgelehnt (Antwort 535)" in error.message


def test_a_certificate_of_somebody_else(settings: Settings, post: Postamt, tmp_path: Path) -> None:
    with postamt(tmp_path / "andere") as other:
        way = post.weg(ca_datei=str(other.zertifikat))
        error = only_error(eingerichtet(settings, empfaenger("Dezernat", way)))
    assert isinstance(error, NotDeliverableError)
    assert "Zertifikat" in error.message
    assert not post.nachrichten


def test_nothing_is_sent_without_encryption(settings: Settings, tmp_path: Path) -> None:
    with postamt(tmp_path / "offen", starttls=False) as office:
        error = only_error(eingerichtet(settings, empfaenger("Dezernat", office.weg())))
    assert isinstance(error, NotDeliverableError)
    assert "verschlüsselte Verbindung" in error.message
    assert not office.nachrichten


@pytest.mark.parametrize("reply", ["451 4.3.0 spaeter", "550 5.1.1 unbekannt", "552 5.3.4 zu gross"])
def test_replies_of_the_server(settings: Settings, post: Postamt, reply: str) -> None:
    post.antworten.append(reply)
    settings = eingerichtet(settings, empfaenger("Dezernat", post.weg()))
    error = only_error(settings)
    assert isinstance(error, UnreachableError if reply.startswith("4") else NotDeliverableError)
    assert f"Antwort {reply[:3]}" in error.message
    assert reply[4:] not in error.message
    post.antworten.append("421 4.3.2 gleich")
    assert zugestellt(settings, (0.0,))[0].neu  # the second attempt
    assert len(post.nachrichten) == 1


def test_nobody_answers(settings: Settings, post: Postamt) -> None:
    error = only_error(eingerichtet(settings, empfaenger("Dezernat", post.weg(port=freier_port()))), (0.0,))
    assert isinstance(error, UnreachableError)


def test_a_line_that_breaks_in_the_middle(settings: Settings, post: Postamt) -> None:
    line = Leitung(post.port, bytes_bis=10_000)
    settings = eingerichtet(settings, empfaenger("Dezernat", post.weg(port=line.port)))
    assert zugestellt(settings, (0.0,))[0].neu
    line.close()
    assert (line.verbindungen, len(post.nachrichten)) == (2, 1)


def test_a_server_that_fails_while_saying_goodbye_has_the_message(settings: Settings, post: Postamt) -> None:
    post.ohne_abschied = True
    assert zugestellt(eingerichtet(settings, empfaenger("Dezernat", post.weg())), (0.0,))[0].neu
    assert len(post.nachrichten) == 1


def test_killed_between_sending_and_receipt_the_second_message_has_the_same_id(
    settings: Settings, post: Postamt
) -> None:
    settings = eingerichtet(settings, empfaenger("Dezernat", post.weg()))
    with ohne_quittungen(settings):
        process = prozess(settings)
        warte_auf(settings, "relation")
        process.kill()
        process.communicate()
    assert zugestellt(settings)[0].neu
    first, second = (parsed(content) for content in post.nachrichten)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@example.org>")


def test_two_deliveries_at_once_send_one_message(settings: Settings, post: Postamt) -> None:
    settings = eingerichtet(settings, empfaenger("Dezernat", post.weg()))
    with ohne_quittungen(settings):
        one = prozess(settings)
        warte_auf(settings, "relation")
        other = prozess(settings)
        warte_auf(settings, "advisory")
    said = sorted(process.communicate()[0].strip() for process in (one, other))
    assert (said, len(post.nachrichten)) == (["", "Dezernat"], 1)
