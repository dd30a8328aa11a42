"""The web page of the month in a real browser: quiet, accessible, and after every choice the published numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from markupsafe import Markup
from playwright.sync_api import Browser, Download, Page

import veroeffentlicht
from barrierefrei import verstoesse
from etl.report import webseite
from etl.report.model import INSGESAMT, Cells, Sign
from etl.report.webseite import auswahl, tafeln
from etl.report.webseite.bausteine import rahmen, tafel
from veroeffentlicht import ALLE, MONTH

pytestmark = pytest.mark.slow  # a real browser
MONAT, START = f"{MONTH}.html", "index.html"
REQUEST = veroeffentlicht.request()
CELLS = Cells(REQUEST.cells, MONTH, ALLE)

# Whether what stands in an element is the same as this HTML, node by node.
SAME = """([place, html]) => {
  const wanted = document.createElement('template');
  wanted.innerHTML = html;
  const shown = document.querySelector(place), other = shown.cloneNode(false);
  other.append(wanted.content);
  return other.isEqualNode(shown);
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("webseite")
    webseite.write(REQUEST, made)
    return made


class Noise(list[str]):
    """Everything a page asked for or complained about."""

    def listen(self, page: Page) -> None:
        page.on("request", lambda request: self.append(request.url))
        page.on("console", lambda message: self.append(message.text))
        page.on("pageerror", lambda error: self.append(str(error)))


@pytest.fixture
def page(browser: Browser, folder: Path) -> Iterator[Page]:
    """The page of the month; when a test is over it has loaded nothing but itself and has not complained."""
    opened, noise = browser.new_page(viewport={"width": 1280, "height": 900}), Noise()
    noise.listen(opened)
    opened.goto((folder / MONAT).as_uri())
    yield opened
    opened.close()
    assert noise == [(folder / MONAT).as_uri()]


def choose(page: Page, merkmal: str, code: str) -> None:
    page.select_option("#merkmal", merkmal)
    if merkmal != INSGESAMT:
        page.select_option("#auspraegung", code)


def wanted(merkmal: str, code: str, wort: str) -> dict[str, Markup]:
    """What the page must show after a choice, by its place: built from the published cells, without the browser."""
    titel = auswahl.titel_der_auswahl(merkmal, wort)
    table = tafeln.eckwerte(REQUEST, CELLS, merkmal, code, titel)
    shown = {"#eckwerte": rahmen(table.titel, tafel(table))}
    charts = {bild.kennung: (bild, codes) for bild, codes in auswahl.bilder(CELLS, merkmal)}
    for bild in auswahl.BILDER:
        place = f'[data-bild="{bild.kennung}"] .inhalt'
        shown[place] = (
            tafeln.bild(REQUEST, CELLS, *charts[bild.kennung], titel, merkmal, code)
            if bild.kennung in charts
            else Markup("")
        )
    return shown


def differing(page: Page, places: dict[str, Markup]) -> list[str]:
    return [place for place, html in places.items() if not page.evaluate(SAME, [place, str(html)])]


@pytest.mark.parametrize("merkmal", [INSGESAMT, *auswahl.merkmale(CELLS)])
def test_every_choice_shows_the_published_numbers(page: Page, merkmal: str) -> None:
    codes = auswahl.werte_von(CELLS, merkmal)
    tried = [*codes[:3], *codes[-2:]] if len(codes) > 12 else codes
    for code, wort in tried:
        choose(page, merkmal, code)
        assert differing(page, wanted(merkmal, code, wort)) == []
        values = [
            CELLS.value(groesse, month, merkmal, code)
            for groesse in auswahl.groessen(CELLS, merkmal)
            for month in CELLS.months
        ]
        status = page.inner_text("#meldung")
        assert auswahl.titel_der_auswahl(merkmal, wort) in status
        assert ("geheim (*)" in status) == (Sign.HIDDEN in values)
    page.click("#zuruecksetzen")
    assert differing(page, wanted(INSGESAMT, INSGESAMT, "")) == []


def test_every_structure_shows_the_published_numbers(page: Page) -> None:
    for merkmal in auswahl.merkmale(CELLS):
        place = f"[data-merkmal={merkmal}]"
        for groesse in auswahl.groessen(CELLS, merkmal):
            page.select_option(f"{place} select", groesse)
            shown = {f"{place} .inhalt": tafeln.struktur_und_tafel(REQUEST, CELLS, groesse, merkmal)}
            assert differing(page, shown) == [], groesse


def rows_of(download: Download) -> list[dict[str, str]]:
    raw = download.path().read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize(("merkmal", "code"), [(INSGESAMT, INSGESAMT), ("GEMEINDE", veroeffentlicht.KLEIN)])
def test_the_download_is_what_is_shown(page: Page, merkmal: str, code: str) -> None:
    choose(page, merkmal, code)
    with page.expect_download() as started:
        page.click("#csv")
    assert started.value.suggested_filename == f"2026-08_{merkmal}_{code}.csv"
    rows = rows_of(started.value)
    assert len(rows) == len(auswahl.groessen(CELLS, merkmal)) * 13
    for row in rows:
        month = next(month for month in CELLS.months if str(month) == row["Berichtsmonat"])
        value = CELLS.value(row["Kürzel"], month, merkmal, code)
        if isinstance(value, Sign):
            assert (row["Wert"], row["Zeichen"]) == ("", str(value))
        else:
            assert (Decimal(row["Wert"].replace(",", ".")), row["Zeichen"]) == (value, "")
        assert row["Datenstand"] == "28.08.2026, 18:30 Uhr"


def test_no_word_of_a_download_is_a_formula(page: Page) -> None:
    with page.expect_download() as started:
        page.locator("[data-merkmal=GESCHAEFTSSTELLE] .csv").click()
    rows = rows_of(started.value)
    assert {row["Ausprägung"] for row in rows} == {"Insgesamt", "Achern", "Kehl", f"'{veroeffentlicht.BUERO}"}
    assert not [word for row in rows for word in row.values() if word[:1] in "=+@\t\r" and word]


@pytest.mark.parametrize("name", [MONAT, START])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")])
def test_axe_finds_no_violation(browser: Browser, folder: Path, name: str, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto((folder / name).as_uri())
    assert verstoesse(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (360, "light")])
def test_axe_finds_no_violation_after_a_choice(browser: Browser, folder: Path, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto((folder / MONAT).as_uri())
    choose(page, "GEMEINDE", veroeffentlicht.KLEIN)
    page.locator("[data-merkmal=GEMEINDE] .umschalten").click()
    page.locator("[data-bild=bild-BG] input").fill("3")
    page.locator("summary").nth(1).click()
    assert verstoesse(page) == []
    page.check("#alle-tabellen")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert verstoesse(page) == []
    page.close()


# The element with the focus: what it is, whether it is seen, and whether it shows that it has the focus.
FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return [one.id || one.className || one.getAttribute('href') || one.tagName,
          seen && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2];
}"""


@pytest.mark.parametrize("width", [1280, 360])
def test_every_stop_of_the_tab_key_is_seen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.emulate_media(reduced_motion="reduce")
    stops: list[str] = []
    while len(stops) < 400:
        page.keyboard.press("Tab")
        name, visible = page.evaluate(FOCUS)
        if name == "BODY":
            break
        assert visible, f"{name} nach {stops[-3:]}"
        stops.append(name)
    assert stops[:2] == ["sprung", "index.html"]
    kept = [stop for stop in stops if stop in {"merkmal", "zuruecksetzen", "csv", "alle-tabellen", "umschalten"}]
    assert kept[:5] == ["merkmal", "zuruecksetzen", "csv", "alle-tabellen", "umschalten"]
    shown = page.locator(
        ".umschalten:visible, .csv:visible, main select:enabled:visible, input:visible, summary"
    ).count()
    assert len(stops) > shown  # and the links, and the tables that can be scrolled


def test_everything_can_be_done_with_the_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhalt"
    page.focus("#merkmal")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    (_, _), (_, second) = auswahl.werte_von(CELLS, "GEMEINDE")[:2]
    assert page.inner_text("#gewaehlt") == f"Gemeinde: {second}"
    chart = page.locator("[data-bild=bild-BG]")
    chart.locator("input").focus()
    page.keyboard.press("ArrowLeft")
    text = chart.locator(".ablesung").inner_text()
    assert text.startswith("Juli 2026: ")
    assert chart.locator("input").get_attribute("aria-valuetext") == text
    assert chart.locator(".zeiger").get_attribute("visibility") == "visible"
    chart.locator(".umschalten").focus()
    page.keyboard.press("Space")
    assert chart.locator(".umschalten").get_attribute("aria-pressed") == "true"
    assert chart.locator("table").is_visible()
    assert not chart.locator("svg").first.is_visible()


def test_a_hidden_value_is_a_gap_with_its_sign(page: Page) -> None:
    choose(page, "GEMEINDE", veroeffentlicht.KLEIN)
    chart = page.locator("[data-bild=bild-BG]")
    assert chart.locator("text.zeichen").all_text_contents() == ["*"] * 13
    assert chart.locator("circle").count() == 0
    assert chart.locator(".ablesung").inner_text() == "August 2026: geheim (T-0 vorläufig)"
    assert "13 Werte sind geheim" not in page.inner_text("#meldung")  # of every figure, not of one
    assert "91 Werte sind geheim (*)" in page.inner_text("#meldung")


def test_on_paper_there_are_tables_and_nothing_to_press(page: Page) -> None:
    page.emulate_media(media="print")
    assert page.locator("svg:visible, button:visible, select:visible, input:visible, nav:visible").count() == 0
    hidden = page.locator("table:not(details table)").count() - page.locator("table:not(details table):visible").count()
    assert hidden == page.locator(".block[hidden] table").count()


def test_without_javascript_every_chart_and_table_is_there(browser: Browser, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / MONAT).as_uri())
    blocks = page.locator("figure.block:visible")
    assert blocks.count() == len(auswahl.bilder(CELLS, INSGESAMT)) + len(auswahl.merkmale(CELLS)) + 3
    for block in blocks.all():
        assert block.locator("svg[role=img]").first.is_visible()
        assert block.locator("table").is_visible()
    assert page.locator("button:visible, select:visible, input:visible").count() == 0
    context.close()


def test_nothing_moves_for_those_who_asked_for_it(browser: Browser, folder: Path) -> None:
    page = browser.new_page(reduced_motion="reduce")
    page.goto((folder / MONAT).as_uri())
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.close()


def test_the_start_page_is_quiet_and_gives_every_total(browser: Browser, folder: Path) -> None:
    page, noise = browser.new_page(), Noise()
    noise.listen(page)
    page.goto((folder / START).as_uri())
    with page.expect_download() as started:
        page.click("#csv-verlauf")
    rows = rows_of(started.value)
    assert len(rows) == len(auswahl.groessen(CELLS, INSGESAMT)) * len(CELLS.verlauf)
    page.click(f'a[href="{MONAT}"] >> nth=0')
    assert page.url == (folder / MONAT).as_uri()
    page.close()
    assert noise == [(folder / START).as_uri(), (folder / MONAT).as_uri()]
