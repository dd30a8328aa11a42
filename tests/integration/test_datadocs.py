"""Data Docs: the pages of Great Expectations say what the validation says, alone, the same every time, about nobody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import validate_data as data
from etl import validate
from etl.errors import JobcenterError
from etl.extract.archive import Archive
from etl.pruefbericht import datadocs
from etl.validate import Validation
from validate_data import euro, tag

PERSON = "kanarienvogl"
GEBOREN = tag("1917-11-23")
RULES = validate.load()


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, Validation]:
    """A delivery with a wrong payment and a canary, without a row in ``stichtag``."""
    home = tmp_path_factory.mktemp("datadocs")
    rows = data.clean()
    rows["leistung"][0]["zahlung"] = euro("431.17")
    rows["stichtag"] = []
    for table in rows.values():
        for row in table:
            if row.get("kundennummer") == "p3":
                row["kundennummer"] = PERSON
    next(row for row in rows["person"] if row["kundennummer"] == PERSON)["geburtsdatum"] = GEBOREN
    archive = data.write(home / "archiv", rows)
    return archive, validate.validate(archive, home)


@pytest.fixture(scope="module")
def site(judged: tuple[Archive, Validation], tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive, validation = judged
    folder = tmp_path_factory.mktemp("seiten")
    return datadocs.write(folder, archive.delivery, validation, RULES).parent


def pages(site: Path) -> dict[str, str]:
    return {str(path.relative_to(site)): path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}


def results(site: Path, suite: str) -> str:
    (page,) = site.glob(f"validations/{suite}/**/*.html")
    return " ".join(re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8")).split())


def test_the_pages_say_what_the_validation_says(site: Path, judged: tuple[Archive, Validation]) -> None:
    outcomes = {result.regel_id: result for result in judged[1].ergebnisse}
    assert outcomes["LEI-008"].verletzt == 1
    text = results(site, "leistung")
    assert re.search(r"LEI-008 · Zahlung ist Anspruch minus Minderung 1 unexpected values found\.", text)
    held = sum(one.ergebnis == "gehalten" for one in judged[1].ergebnisse if one.suite == "leistung")
    assert f"Successful Expectations {held} " in text
    every = " ".join(results(site, suite.name) for suite in RULES.suiten)
    assert [regel.regel_id for regel in RULES.regeln if f"{regel.regel_id} ·" not in every] == []


def test_what_could_not_be_checked_has_not_succeeded(site: Path) -> None:
    text = results(site, "stichtag")
    assert "raised an exception: keine Zeilen" in text
    assert "Successful Expectations 0 " in text


def test_the_pages_stand_alone_and_their_links_lead_somewhere(site: Path) -> None:
    for name, page in pages(site).items():
        assert "//" not in re.sub(r"<code>.*?</code>", "", page), name
        assert "<script" not in page, name
        folder = (site / name).parent
        for link in re.findall(r'(?:href|src)="([^"#]+)"', page):
            assert (folder / link).resolve().is_file(), f"{name}: {link}"
    assert "url(" not in (site / "stil.css").read_text(encoding="utf-8")


def test_a_second_run_replaces_the_pages_by_the_same_bytes(
    site: Path, judged: tuple[Archive, Validation], tmp_path: Path
) -> None:
    archive, validation = judged
    old = tmp_path / datadocs.FOLDER / "alt.html"
    old.parent.mkdir()
    old.touch()
    again = datadocs.write(tmp_path, archive.delivery, validation, RULES).parent
    assert pages(again) == pages(site)
    assert not old.exists()
    assert [path.name for path in tmp_path.iterdir()] == [datadocs.FOLDER]


def test_nobody_and_no_path_of_this_machine_is_in_them(site: Path, judged: tuple[Archive, Validation]) -> None:
    everything = " ".join([*pages(site), *pages(site).values()])
    for trace in (PERSON, str(GEBOREN), f"{GEBOREN:%d.%m.%Y}", "431.17", "431,17", str(judged[0].folder), str(site)):
        assert trace not in everything, trace
    assert not re.search(r"\b(bg1|bg2|p1|p2|p4)\b", everything)


def test_a_page_that_would_load_from_outside_is_refused() -> None:
    with pytest.raises(JobcenterError, match="von außen"):
        datadocs._alone('<html><head></head><img src="https://example.org/logo.png"></html>', "")
