"""Every page in a real browser, judged by axe-core (WCAG 2.2 AA): no violation, light and dark, wide and narrow."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

import validate_data as data
from barrierefrei import verstoesse
from etl import betriebshandbuch, pruefen
from etl.aufbewahrung import verzeichnis
from etl.handbuch import SEITE
from etl.pruefbericht import REGELN
from etl.pruefbericht.datadocs import FOLDER
from etl.settings import Settings
from validate_data import euro

pytestmark = pytest.mark.slow  # a real browser


@pytest.fixture(scope="module")
def bericht(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The validation report of a delivery with findings of every consequence."""
    settings = Settings(home=tmp_path_factory.mktemp("barrierefrei"))
    rows = data.clean()
    rows["leistung"][0]["zahlung"] = euro("500.00")
    rows["person"][1]["familienstand"] = "?"
    rows["massnahme"][0]["kosten"] = euro("-1.00")
    archive = data.write(settings.archive, rows)
    pruefen.report(settings, archive.delivery.reference, settings.home)
    return settings.home / "pruefbericht.html"


@pytest.mark.parametrize(
    ("page_name", "width", "scheme"),
    [
        ("bericht", 1280, "light"),
        ("bericht", 1280, "dark"),
        ("bericht", 360, "light"),
        ("bericht", 360, "dark"),
        ("regeln", 1280, "dark"),
        ("regeln", 360, "light"),
        ("verzeichnis", 360, "dark"),
        ("datadocs", 1280, "light"),
        ("datadocs", 360, "dark"),
        ("suite", 360, "light"),
        ("handbuch", 1280, "light"),  # it has no dark form
        ("handbuch", 360, "light"),
        ("betrieb", 1280, "light"),
        ("betrieb", 360, "dark"),
        ("verarbeitung", 1280, "dark"),
        ("verarbeitung", 360, "light"),
    ],
)
def test_axe_finds_no_violation(browser: Browser, bericht: Path, page_name: str, width: int, scheme: str) -> None:
    docs = bericht.parent / FOLDER
    record = bericht.parent / "verarbeitung.html"
    record.write_text(verzeichnis.render({}, [("Kreistag", "landkreis")]), encoding="utf-8")
    path = {
        "bericht": bericht,
        "regeln": REGELN,
        "handbuch": SEITE,
        "betrieb": betriebshandbuch.write(bericht.parent / "betriebshandbuch.html"),
        "verarbeitung": record,
        "verzeichnis": docs / "index.html",
        "datadocs": next(docs.glob("validations/leistung/**/*.html")),
        "suite": docs / "expectations" / "leistung.html",
    }[page_name]
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(path.as_uri())
    for details in page.locator("details").all():
        details.evaluate("element => element.open = true")
    found = verstoesse(page)
    page.close()
    assert found == []
