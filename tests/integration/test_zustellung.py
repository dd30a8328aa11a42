"""Delivery into a folder: complete or not at all, receipted, never twice, whatever happens in between."""

from __future__ import annotations

import datetime as dt
import resource
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pyrage
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, ProgrammingError

from etl import freigeben, zustellen
from etl.disclosure import Empfaengerkreis
from etl.errors import JobcenterError, NotDeliverableError, ReleaseError, UnreachableError, UsageError
from etl.nachweis.zustellungen import check_deliveries
from etl.release import Bericht, Schritt
from etl.settings import Settings
from etl.warehouse import Quittung, open_url, read_evidence, record_receipts
from etl.zustellung import Empfaenger, Freigegeben, pack
from etl.zustellung.empfaenger import Ordner
from integration.berichte import (
    BERICHT,
    DATEIEN,
    ORDNER,
    eingerichtet,
    empfaenger,
    freigegeben,
    geschrieben,
    inhalt,
    ohne_quittungen,
    ohne_zeit,
    prozess,
    warte_auf,
    zugestellt,
)
from integration.besitzer import als_besitzer

MAPPE = "landkreis/arbeitsmappe/2026-08_Monatsbericht.xlsx"


@pytest.fixture
def settings(tmp_path: Path, warehouse_url: str) -> Settings:
    """A home with a released report, and a folder of the committee's office."""
    (tmp_path / "ziel").mkdir()
    found = Settings(home=tmp_path / "home", warehouse=warehouse_url)
    freigegeben(found)
    return eingerichtet(found, empfaenger("Ausschuss", {"ordner": {"pfad": str(tmp_path / "ziel")}}))


@pytest.fixture
def ziel(tmp_path: Path) -> Path:
    return tmp_path / "ziel"


@pytest.fixture
def etl(settings: Settings, warehouse_url: str) -> Iterator[Connection]:
    with open_url(warehouse_url, role="etl") as connection:
        yield connection


def zustand(settings: Settings) -> Schritt:
    return next(stand.zustand for stand, _ in freigeben.every(settings) if stand.bericht == BERICHT)


# --- what arrives -----------------------------------------------------------------------------------------------------


def test_the_recipient_gets_its_files_once_and_the_report_is_delivered(settings: Settings, ziel: Path) -> None:
    first = zugestellt(settings)
    assert ohne_zeit(first) == [("Ausschuss", True, (MAPPE,))]
    (folder,) = ziel.iterdir()
    assert folder.name.startswith(f"{ORDNER}_")
    assert inhalt(folder) == {"arbeitsmappe/2026-08_Monatsbericht.xlsx": DATEIEN[MAPPE]}
    assert zustand(settings) is Schritt.ZUGESTELLT
    assert not inhalt(settings.outbox)
    (receipt,) = zustellen.receipts(settings, BERICHT)
    assert (receipt.weg, receipt.probe, receipt.sha256 == receipt.gesendet_sha256) == ("ordner", "inhalt", True)

    (folder / "arbeitsmappe/2026-08_Monatsbericht.xlsx").unlink()  # the recipient took it away
    assert ohne_zeit(zugestellt(settings)) == [("Ausschuss", False, (MAPPE,))]
    assert not inhalt(ziel)


@pytest.mark.slow
def test_a_recipient_added_later_gets_what_it_lacks(settings: Settings, ziel: Path) -> None:
    zugestellt(settings)
    (ziel / "presse").mkdir()
    more = eingerichtet(
        settings,
        empfaenger("Ausschuss", {"ordner": {"pfad": str(ziel)}}),
        empfaenger(
            "Controlling",
            {"ordner": {"pfad": str(ziel / "presse")}},
            kreis="dienststelle",
            produkte=["zahlen"],
            formate=["csv"],
        ),
    )
    assert ohne_zeit(zugestellt(more)) == [
        ("Ausschuss", False, (MAPPE,)),
        ("Controlling", True, ("dienststelle/zahlen/figures.csv",)),
    ]
    assert zustand(more) is Schritt.ZUGESTELLT


def test_a_corrected_report_lies_beside_the_first_one(settings: Settings, ziel: Path) -> None:
    zugestellt(settings)
    freigegeben(settings, DATEIEN | {MAPPE: b"berichtigt"})
    zugestellt(settings)
    assert set(inhalt(ziel).values()) == {DATEIEN[MAPPE], b"berichtigt"}
    freigegeben(settings)  # and back: the recipient must have it last
    zugestellt(settings)
    assert zugestellt(settings)[0].neu is False
    folders = sorted(ziel.iterdir())
    assert [folder.name.split("_")[2] for folder in folders] == ["Fassung-01", "Fassung-02", "Fassung-03"]
    assert inhalt(folders[0]) == inhalt(folders[2])


@pytest.mark.slow
def test_the_report_of_a_later_delivery_is_the_next_version(settings: Settings, ziel: Path) -> None:
    zugestellt(settings)
    later = Bericht("00000/L2", BERICHT.monat)
    freigegeben(settings, DATEIEN, later)
    assert zugestellt(settings, bericht=later)[0].neu
    assert zugestellt(settings)[0].neu is False  # the older one does not come back
    assert [folder.name.split("_")[2] for folder in sorted(ziel.iterdir())] == ["Fassung-01", "Fassung-02"]


@pytest.mark.slow
def test_a_new_report_with_the_same_files_for_a_recipient_is_not_sent_again(settings: Settings, ziel: Path) -> None:
    zugestellt(settings)
    freigegeben(settings, DATEIEN | {"dienststelle/zahlen/datapackage.json": b"[]"})
    assert ohne_zeit(zugestellt(settings)) == [("Ausschuss", False, (MAPPE,))]
    assert len(list(ziel.iterdir())) == 1


def test_encrypted_files_open_with_the_private_key_alone(settings: Settings, ziel: Path) -> None:
    key = pyrage.x25519.Identity.generate()
    settings = eingerichtet(settings, empfaenger("Land", {"ordner": {"pfad": str(ziel)}}, age=[str(key.to_public())]))
    zugestellt(settings)
    ((name, content),) = inhalt(next(ziel.iterdir())).items()
    assert name == "arbeitsmappe/2026-08_Monatsbericht.xlsx.age"
    assert pyrage.decrypt(content, [key]) == DATEIEN[MAPPE]
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(content, [pyrage.x25519.Identity.generate()])
    (receipt,) = zustellen.receipts(settings, BERICHT)
    assert receipt.sha256 != receipt.gesendet_sha256


# --- what is refused --------------------------------------------------------------------------------------------------


def test_only_a_released_report_is_delivered(tmp_path: Path, warehouse_url: str) -> None:
    settings = Settings(home=tmp_path / "home", warehouse=warehouse_url)
    geschrieben(settings)
    (tmp_path / "ziel").mkdir()
    settings = eingerichtet(settings, empfaenger("Ausschuss", {"ordner": {"pfad": str(tmp_path / "ziel")}}))
    for step in (lambda: None, lambda: freigeben.approve(settings, BERICHT, "B. Zwei")):
        step()
        with pytest.raises(ReleaseError):
            zugestellt(settings)
    freigeben.release(settings, BERICHT, "C. Drei")
    (settings.reports / BERICHT.pfad / MAPPE).write_bytes(b"nach der Freigabe geaendert")
    with pytest.raises(ReleaseError):
        zugestellt(settings)
    assert not inhalt(tmp_path / "ziel")


@pytest.mark.slow
def test_without_recipients_nothing_is_delivered(settings: Settings) -> None:
    with pytest.raises(UsageError, match="keine Empfänger"):
        zugestellt(settings.model_copy(update={"empfaenger": None}))


def test_a_file_for_a_narrower_circle_is_never_packed(settings: Settings, ziel: Path) -> None:
    """The second guard: also when something else has chosen the files."""
    recipient = Empfaenger("Presse", Empfaengerkreis.OEFFENTLICHKEIT, ("arbeitsmappe",), (), (), Ordner(ziel))
    report = Freigegeben(BERICHT, dt.date(2026, 9, 10), settings.reports / BERICHT.pfad, {MAPPE: "0" * 64})
    with pytest.raises(NotDeliverableError, match="Kreis „landkreis“ bestimmt"):
        pack(settings.outbox, report, recipient, {MAPPE: "0" * 64}, 1, "Arbeitsmappe")
    assert not inhalt(settings.outbox)


def test_a_product_that_is_missing_is_named_and_the_others_are_served(settings: Settings, ziel: Path) -> None:
    settings = eingerichtet(
        settings,
        empfaenger("Ministerium", {"ordner": {"pfad": str(ziel)}}, formate=["pdf"]),
        empfaenger("Ausschuss", {"ordner": {"pfad": str(ziel)}}),
    )
    results = zugestellt(settings)
    assert [result.fehler is None for result in results] == [False, True]
    with pytest.raises(NotDeliverableError, match="1 von 2 Empfängern") as caught:
        zustellen.require_complete(results)
    assert "Ministerium: Der Bericht enthält das Produkt „arbeitsmappe“" in caught.value.message
    assert zustand(settings) is Schritt.FREIGEGEBEN


def only_error(settings: Settings) -> JobcenterError:
    (result,) = zugestellt(settings)
    assert result.fehler is not None
    assert zustellen.receipts(settings, BERICHT) == []
    assert zustand(settings) is Schritt.FREIGEGEBEN
    return result.fehler


def test_another_content_under_the_same_name_is_not_overwritten(settings: Settings, ziel: Path) -> None:
    zugestellt_einmal = zugestellt(settings)[0].quittungen[0].sendung
    other = eingerichtet(settings, empfaenger("Kämmerei", {"ordner": {"pfad": str(ziel)}}))
    (ziel / zugestellt_einmal / "arbeitsmappe" / "fremd.txt").write_text("fremd")
    (result,) = zugestellt(other)
    assert isinstance(result.fehler, NotDeliverableError)
    assert "zu viel ist arbeitsmappe/fremd.txt" in result.fehler.message
    (ziel / zugestellt_einmal / "arbeitsmappe" / "fremd.txt").unlink()
    assert zugestellt(other)[0].neu


@pytest.mark.slow
def test_a_share_that_is_not_mounted(settings: Settings, ziel: Path) -> None:
    ziel.rmdir()
    assert isinstance(only_error(settings), UnreachableError)
    assert not ziel.exists()


@pytest.mark.slow
def test_no_space_leaves_nothing(settings: Settings, ziel: Path) -> None:
    ziel.rmdir()
    zugestellt(settings)  # the outbox is filled
    ziel.mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        error = only_error(settings)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert isinstance(error, NotDeliverableError)
    assert "Kein Platz" in error.message
    assert not list(ziel.iterdir())
    assert zugestellt(settings)[0].neu


@pytest.mark.slow
def test_writing_is_forbidden(settings: Settings) -> None:
    forbidden = eingerichtet(settings, empfaenger("Ausschuss", {"ordner": {"pfad": "/sys"}}))
    error = only_error(forbidden)
    assert isinstance(error, NotDeliverableError)
    assert "nicht erlaubt" in error.message


# --- killed, and at once ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("encrypted", [False, True])
def test_killed_between_sending_and_receipt(settings: Settings, ziel: Path, encrypted: bool) -> None:
    key = pyrage.x25519.Identity.generate()
    if encrypted:
        weg = {"ordner": {"pfad": str(ziel)}}
        settings = eingerichtet(settings, empfaenger("Ausschuss", weg, age=[str(key.to_public())]))
    with ohne_quittungen(settings):
        process = prozess(settings)
        warte_auf(settings, "relation")
        arrived = inhalt(ziel)
        process.kill()
        process.communicate()
    assert len(arrived) == 1
    assert zustellen.receipts(settings, BERICHT) == []
    zugestellt(settings)
    assert inhalt(ziel) == arrived
    assert len(zustellen.receipts(settings, BERICHT)) == 1


@pytest.mark.slow
def test_two_deliveries_at_once(settings: Settings, ziel: Path) -> None:
    with ohne_quittungen(settings):
        one = prozess(settings)
        warte_auf(settings, "relation")
        other = prozess(settings)
        warte_auf(settings, "advisory")
    said = sorted(process.communicate()[0].strip() for process in (one, other))
    assert (one.returncode, other.returncode, said) == (0, 0, ["", "Ausschuss"])
    assert len(inhalt(ziel)) == 1
    assert len(zustellen.receipts(settings, BERICHT)) == 1


# --- what the database guards -----------------------------------------------------------------------------------------


def quittung(sendung: str = "S1") -> Quittung:
    return Quittung("Ausschuss", "landkreis", "ordner", sendung, MAPPE, "1" * 64, "1" * 64, "inhalt")


def released_sha256(settings: Settings) -> str:
    return next(stand.inhalt_sha256 for stand, _ in freigeben.every(settings) if stand.bericht == BERICHT)


def test_no_receipt_for_what_was_never_released(etl: Connection) -> None:
    with pytest.raises(psycopg.errors.IntegrityError, match="nicht freigegeben"):
        record_receipts(etl, BERICHT, "2" * 64, [quittung()])


def test_no_receipt_without_a_passport(settings: Settings, etl: Connection) -> None:
    with pytest.raises(IntegrityError, match="ohne Zahlenpass"), etl.begin():
        etl.exec_driver_sql(
            "INSERT INTO jobcenter.zustellung (traegernummer, lieferung_id, berichtsmonat, bericht_sha256, empfaenger, "
            "empfaengerkreis, weg, sendung, datei, sha256, gesendet_sha256, probe) "
            "VALUES ('00000', 'L1', '2026-08-01', %s, 'A', 'landkreis', 'ordner', 'S', 'd', %s, %s, 'inhalt')",
            (released_sha256(settings), "1" * 64, "1" * 64),
        )


def test_receipts_stay_as_they_are(settings: Settings, etl: Connection) -> None:
    record_receipts(etl, BERICHT, released_sha256(settings), [quittung()])
    for statement in ("UPDATE jobcenter.zustellung SET sendung = 'x'", "DELETE FROM jobcenter.zustellung"):
        with pytest.raises(ProgrammingError), etl.begin():
            etl.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE jobcenter.zustellung SET empfaenger = 'Presse'", ["Kein Zahlenpass sagt", "gibt es nicht mehr"]),
        ("DELETE FROM jobcenter.zustellung", ["gibt es nicht mehr"]),
        (
            "UPDATE jobcenter.zustellung SET bericht_sha256 = repeat('0', 64)",
            ["Kein Zahlenpass sagt", "gibt es nicht mehr", "war nicht freigegeben"],
        ),
    ],
)
def test_verify_names_what_the_owner_did_to_the_receipts(
    settings: Settings, warehouse_url: str, statement: str, said: list[str]
) -> None:
    def mistakes() -> list[str]:
        with open_url(warehouse_url, role="auditor") as connection:
            return [text for one in read_evidence(connection) for text in check_deliveries(one)]

    zugestellt(settings)
    assert mistakes() == []
    als_besitzer(warehouse_url, "zustellung", statement)
    found = mistakes()
    assert len(found) == len(said)
    assert all(expected in text for expected, text in zip(said, found, strict=True))
