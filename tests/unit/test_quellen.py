"""The file of the providers, and whether a delivery is there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from etl.errors import UsageError
from etl.monat import Monat
from etl.quellen import datei
from etl.settings import Settings

EINTRAG = {"traegernummer": "00001", "name": "Jobcenter Probe", "lieferung": "ein/{monat}"}


def _written(folder: Path, *entries: dict[str, Any]) -> Path:
    path = folder / "quellen.yaml"
    path.write_text(json.dumps({"quellen": list(entries)}))
    return path


def test_a_path_is_below_the_folder_of_the_file_and_names_the_month(tmp_path: Path) -> None:
    (quelle,) = datei.read(_written(tmp_path, EINTRAG | {"reihen": "reihen/{monat}.csv"}))
    assert quelle.place(Monat(2026, 8)) == str(tmp_path / "ein" / "2026-08")
    assert quelle.series(Monat(2026, 8)) == str(tmp_path / "reihen" / "2026-08.csv")


def test_the_example_can_be_used() -> None:
    assert [quelle.lieferung for quelle in datei.read(Path(datei.__file__).with_name("beispiel.yaml"))] == [
        "/srv/lieferungen/00001/{monat}",
        "env:JOBCENTER_LIEFERUNG_00002",
    ]


@pytest.mark.parametrize(
    "lieferung", ["postgresql+psycopg://leser:geheim@server/fach", "env:AIRFLOW__CORE__FERNET_KEY", "", " "]
)
def test_an_address_or_another_secret_is_refused_and_never_quoted(tmp_path: Path, lieferung: str) -> None:
    with pytest.raises(UsageError, match="kann nicht verwendet werden") as caught:
        datei.read(_written(tmp_path, EINTRAG | {"lieferung": lieferung}))
    assert "geheim" not in caught.value.message
    assert "FERNET" not in caught.value.message


def test_a_provider_is_named_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="steht schon weiter oben"):
        datei.read(_written(tmp_path, EINTRAG, EINTRAG))


def test_who_is_not_in_the_file_or_has_none_is_told(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, quellen=_written(tmp_path, EINTRAG))
    with pytest.raises(UsageError, match="Den Träger 00002 nennt die Quellendatei nicht"):
        datei.source(settings, "00002")
    with pytest.raises(UsageError, match="keine Quellen eingerichtet"):
        datei.sources(Settings(home=tmp_path, quellen=None))


def test_a_delivery_has_arrived_when_it_is_whole(tmp_path: Path) -> None:
    folder = tmp_path / "lieferung"
    assert not datei.arrived(str(folder))
    folder.mkdir()
    (folder / "person.csv").write_text("")
    assert not datei.arrived(str(folder))
    (folder / "lieferung.json").write_text("{}")
    assert datei.arrived(str(folder))
    packed = shutil.make_archive(str(tmp_path / "paket"), "zip", folder)
    assert datei.arrived(packed)
    half = tmp_path / "halb.zip"
    half.write_bytes(Path(packed).read_bytes()[:-30])
    assert not datei.arrived(str(half))
    assert datei.arrived("env:JOBCENTER_LIEFERUNG")
