"""The record of processing activities: complete by the catalogue, readable by everybody, with nothing invented."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from etl import aufbewahren, aufbewahrung
from etl.aufbewahrung.verzeichnis import FEHLT, HAUS, render
from etl.errors import UsageError
from etl.settings import Settings
from seitentext import text_of
from unit.test_handbuch import Page

KLASSEN = aufbewahrung.klassen(dt.date.max).values()


def test_every_class_of_data_is_in_every_part() -> None:
    text = "\n".join(text_of(render({}, [])))
    for klasse in KLASSEN:
        for said in (klasse.zweck, klasse.rechtsgrundlage, klasse.betroffene, klasse.inhalt, klasse.ort, klasse.ende):
            assert " ".join(said.split()) in text, klasse.name
        assert klasse.fristtext in text
        assert klasse.annahme in text
    for letter in "abcdefg":
        assert f"Buchst. {letter}" in text or f"und {letter})" in text


def test_what_the_house_has_not_said_is_not_on_record(tmp_path: Path) -> None:
    empty = render({}, [])
    assert empty.count(FEHLT) == len(HAUS) + 2  # and the recipients, and the sentence that explains it
    said = {key: f"Angabe <{key}>" for key in HAUS}
    page = aufbewahren.processing_record(Settings(home=tmp_path, verarbeitung=said))
    assert all(f"Angabe &lt;{key}&gt;" in page for key in HAUS)
    with pytest.raises(UsageError, match="kennt die Angabe „fehler“ nicht"):
        aufbewahren.processing_record(Settings(home=tmp_path, verarbeitung={"fehler": "x"}))


def test_the_page_is_the_same_twice_and_stands_alone() -> None:
    text = render({}, [("Kreistag", "landkreis")])
    assert text == render({}, [("Kreistag", "landkreis")])
    assert "Kreistag" in text
    page = Page(text)
    assert len(page.values("id")) == len(set(page.values("id")))
    assert {href.removeprefix("#") for href in page.values("href")} <= set(page.values("id"))
    assert "http" not in text
    assert "<script" not in text
