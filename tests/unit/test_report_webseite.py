"""The web page of the month: what it holds, what it hides, and that it needs nothing else. Browsers: ``tests/e2e``."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import veroeffentlicht
from etl.disclosure import Empfaengerkreis, vorgesehen
from etl.report import webseite
from etl.report.model import INSGESAMT, Cells, Sign
from veroeffentlicht import GEHEIM_BETRAG, GEHEIM_PERSONEN, MONTH

PAGES = (f"{MONTH}.html", "index.html")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("webseite")
    written = webseite.write(veroeffentlicht.request(), folder)
    assert [path.name for path in written] == list(PAGES)
    return {path.name: path.read_text(encoding="utf-8") for path in written}


def data_of(page: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/json" id="daten">(.*?)</script>', page)
    data: dict[str, Any] = json.loads(found, parse_float=Decimal)
    return data


def test_the_same_request_gives_the_same_bytes(pages: dict[str, str], tmp_path: Path) -> None:
    again = webseite.write(veroeffentlicht.request(), tmp_path)
    assert {path.name: path.read_bytes() for path in again} == {name: page.encode() for name, page in pages.items()}


def test_the_data_of_the_page_are_the_published_cells(pages: dict[str, str]) -> None:
    cells = Cells(veroeffentlicht.request().cells, MONTH, Empfaengerkreis.OEFFENTLICHKEIT)
    data, count, hidden = data_of(pages[PAGES[0]]), 0, 0
    assert [month["code"] for month in data["monate"]] == [str(month) for month in cells.months]
    for merkmal, figures in data["zellen"].items():
        for groesse, codes in figures.items():
            for code, values in codes.items():
                published = [cells.value(groesse, month, merkmal, code) for month in cells.months]
                assert values == [str(value) if isinstance(value, Sign) else value for value in published]
                count, hidden = count + len(values), hidden + values.count("*")
    window = veroeffentlicht.request().cells
    window = window[window["berichtsmonat"] >= str(cells.months[0])]
    assert count >= len(window)
    assert hidden == (window["status"] == "geheim").sum() > 100


def test_what_is_hidden_is_nowhere(pages: dict[str, str]) -> None:
    secrets = [str(GEHEIM_BETRAG), "987654,32", "987.654", "987654", str(GEHEIM_PERSONEN), "73.190", "777,8", "4321"]
    found = [
        (name, secret)
        for name, page in pages.items()
        for secret in secrets
        if re.search(rf"(?<!\d){re.escape(secret)}(?!\d)", page)
    ]
    assert found == []


def test_a_page_needs_nothing_from_outside_and_runs_only_its_own_script(pages: dict[str, str]) -> None:
    for page in pages.values():
        assert re.findall(r'(?:src|href|action)="(?!#|index\.html|\d{4}-\d\d\.html|data:,")[^"]*"', page) == []
        assert re.findall(r"@import|url\(|<[a-z][^>]*\s(?:on[a-z]+|style)=", page) == []
        (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
        for kind, tag in (("style", r"<style>(.*?)</style>"), ("script", r"<script>(.*?)</script>")):
            (text,) = re.findall(tag, page, re.DOTALL)
            sha256 = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"{kind}-src &#39;sha256-{sha256}&#39;" in policy
        assert len(page.encode()) < 1_500_000


def test_words_of_the_delivery_stay_words(pages: dict[str, str]) -> None:
    assert "<b>" not in pages[PAGES[0]]
    offices = [word for _, word in data_of(pages[PAGES[0]])["merkmale"]["GESCHAEFTSSTELLE"]["auspraegungen"]]
    assert veroeffentlicht.BUERO in offices


def test_the_start_page_links_to_months_that_have_a_page(pages: dict[str, str]) -> None:
    linked = re.findall(r'<th scope="row"><a href="(.*?)\.html">', pages["index.html"])
    assert linked == [str(MONTH), str(MONTH.shift(-1)), str(MONTH.shift(-13))]
    assert len(data_of(pages["index.html"])["monate"]) == 17
    alone = dataclasses.replace(veroeffentlicht.request(), berichtsmonate=())
    cells = Cells(alone.cells, MONTH, alone.kreis)
    assert re.findall(r'row"><a href="(.*?)"', webseite.seite.start(alone, cells)) == [f"{MONTH}.html"]


def test_every_published_total_is_on_the_page(pages: dict[str, str]) -> None:
    figures = set(data_of(pages[PAGES[0]])["zellen"][INSGESAMT])
    assert figures == {code for code, merkmal in vorgesehen(veroeffentlicht.ALLE) if merkmal == INSGESAMT}
