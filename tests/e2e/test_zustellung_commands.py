"""From the run to the receipt at the terminal: nothing leaves before two persons have agreed."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
import yaml

from e2e.kommando import jobcenter
from kanarie import MONAT, kanarienlieferung, spuren_in_dateien, spuren_in_text

pytestmark = pytest.mark.slow  # every command is a process of its own with a server


def test_a_report_is_delivered_when_it_is_released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, ziel = tmp_path / "home", tmp_path / "ziel"
    month = ("--month", MONAT)
    done = jobcenter(
        home, "run", *month, "--delivery", str(kanarienlieferung(tmp_path / "lieferung")), "--by", "A. Eins"
    )
    assert done.status == 0, done.text
    assert jobcenter(home, "deliver", *month).status == 2  # nobody is to get it

    ziel.mkdir()
    settings = tmp_path / "empfaenger.yaml"
    entry = {
        "name": "Ausschuss",
        "kreis": "landkreis",
        "produkte": ["arbeitsmappe"],
        "weg": {"ordner": {"pfad": "ziel"}},
    }
    settings.write_text(yaml.safe_dump({"empfaenger": [entry]}), encoding="utf-8")
    monkeypatch.setitem(os.environ, "JOBCENTER_EMPFAENGER", str(settings))
    refused = jobcenter(home, "deliver", *month)
    assert (refused.status, list(ziel.iterdir())) == (9, [])
    assert jobcenter(home, "approve", *month, "--by", "B. Zwei").status == 0
    assert jobcenter(home, "release", *month, "--by", "C. Drei").status == 0

    sent = jobcenter(home, "deliver", *month, "--by", "D. Vier")
    assert sent.status == 0, sent.text
    assert "Ausschuss: 1 Datei zugestellt, am Ziel zurückgelesen und verglichen." in sent.out
    again = jobcenter(home, "deliver", *month)
    assert (again.status, "Ausschuss: hat schon alles (1 Datei)." in again.out) == (0, True)
    shown = jobcenter(home, "receipts", *month, "--format", "csv")
    (receipt,) = csv.DictReader(io.StringIO(shown.out))
    assert (receipt["empfaenger"], receipt["probe"]) == ("Ausschuss", "inhalt")
    assert jobcenter(home, "receipts", *month).status == 0
    assert "zugestellt" in jobcenter(home, "releases", "--format", "csv").out
    verified = jobcenter(home, "verify", "--month", MONAT)
    assert verified.status == 0, verified.text

    (ziel / receipt["sendung"] / "arbeitsmappe" / "fremd.txt").touch()
    settings.write_text(yaml.safe_dump({"empfaenger": [entry, {**entry, "name": "Dezernat"}]}), encoding="utf-8")
    occupied = jobcenter(home, "deliver", *month)
    assert occupied.status == 10
    assert "1 von 2 Empfängern" in occupied.err
    for text in (sent.text, shown.text, occupied.text):
        assert spuren_in_text(text) == []
    assert spuren_in_dateien(ziel) == []
