"""The file of recipients: what it may say, and that no mistake in it is quoted where a password may be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from etl import disclosure
from etl.disclosure import Empfaengerkreis
from etl.errors import UsageError
from etl.resources import ROOT
from etl.zustellung import read
from etl.zustellung.empfaenger import SCHEMA, Mail, Ordner, Sftp, kreis_fuer

BEISPIEL = ROOT / "etl" / "zustellung" / "beispiel.yaml"


def beispiel() -> Any:
    return yaml.safe_load(BEISPIEL.read_text(encoding="utf-8"))


def mistakes(tmp_path: Path, document: Any) -> str:
    path = tmp_path / "empfaenger.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read(path)
    return caught.value.message


def test_the_example_beside_the_schema_can_be_used() -> None:
    recipients = read(BEISPIEL)
    assert [type(recipient.weg) for recipient in recipients] == [Ordner, Sftp, Mail]
    assert {recipient.kreis for recipient in recipients} == {Empfaengerkreis.DIENSTSTELLE, Empfaengerkreis.LANDKREIS}
    assert recipients[1].age


def test_the_schema_knows_the_circles_of_the_plan() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert schema["$defs"]["empfaenger"]["properties"]["kreis"]["enum"] == list(Empfaengerkreis)


def test_nobody_gets_the_version_of_a_narrower_circle() -> None:
    for bericht in disclosure.berichte():
        for kreis in Empfaengerkreis:
            version = kreis_fuer(kreis, bericht.code)
            assert version is None or (version in bericht.kreise and kreis.sees(version))
    assert kreis_fuer(Empfaengerkreis.DIENSTSTELLE, "arbeitsmappe") is Empfaengerkreis.DIENSTSTELLE
    assert kreis_fuer(Empfaengerkreis.LANDKREIS, "arbeitsmappe") is Empfaengerkreis.LANDKREIS
    assert kreis_fuer(Empfaengerkreis.LANDKREIS, "zahlen") is None


Change = Callable[[dict[str, Any]], object]
SECRET = "streng-geheim-4711"  # noqa: S105 (what must never be shown)
MISTAKES: dict[str, tuple[int, Change, str]] = {
    "a narrower circle": (0, lambda r: r.update(kreis="landkreis"), "„zahlen“ ist nicht für den Kreis „landkreis“"),
    "no such product": (0, lambda r: r.update(produkte=["pdf"]), "Das Produkt „pdf“ gibt es nicht; es gibt"),
    "no such circle": (0, lambda r: r.update(kreis="presse"), "„presse“ ist nicht vorgesehen"),
    "a name twice": (1, lambda r: r.update(name="CONTROLLING"), "steht schon weiter oben"),
    "no key of age": (1, lambda r: r.update(age=["age1falsch"]), "ist kein öffentlicher Schlüssel von age"),
    "no way": (0, lambda r: r.update(weg={}), "Hier fehlt ein Eintrag"),
    "two ways": (0, lambda r: r["weg"].update(beispiel()["empfaenger"][2]["weg"]), "mehr Angaben als möglich"),
    "no host key": (1, lambda r: r["weg"]["sftp"].pop("serverschluessel"), "„serverschluessel“ fehlt"),
    "a host key that is none": (
        1,
        lambda r: r["weg"]["sftp"].update(serverschluessel={"schluessel": ["ssh-ed25519 AAAA"]}),
        "kein öffentlicher SSH-Schlüssel",
    ),
    "unencrypted": (2, lambda r: r["weg"]["mail"].update(verbindung="keine"), "möglich ist nur „starttls“ oder „tls“"),
    "unsuppressed mail": (
        2,
        lambda r: r.update(kreis="dienststelle"),
        "gehen nur verschlüsselt per E-Mail hinaus: „age“ fehlt",
    ),
    "a password in the file": (2, lambda r: r["weg"]["mail"].update(kennwort=SECRET), "„kennwort“ ist hier nicht"),
    "a password as login": (1, lambda r: r["weg"]["sftp"].update(anmeldung=SECRET), "ein Block mit Angaben, nicht „…“"),
    "a password in the name of the server": (
        1,
        lambda r: r["weg"]["sftp"].update(server=f"jobcenter:{SECRET}@sftp.example.org"),
        "ohne Benutzer und Kennwort",
    ),
    "a password as name of a variable": (
        2,
        lambda r: r["weg"]["mail"].update(anmeldung={"kennwort_variable": SECRET}),
        "der mit JOBCENTER_ beginnt",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_named_and_no_secret_is_shown(tmp_path: Path, name: str) -> None:
    number, change, expected = MISTAKES[name]
    document = beispiel()
    change(document["empfaenger"][number])
    said = mistakes(tmp_path, document)
    assert expected in said
    assert f"empfaenger, Eintrag {number + 1} (" in said
    assert SECRET not in said


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="kann nicht gelesen werden"):
        read(tmp_path / "fehlt.yaml")
