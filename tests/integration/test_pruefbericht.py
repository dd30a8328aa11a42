"""The validation report: what it says of a delivery, the same bytes every time, and nobody in it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import validate_data as data
from etl import pipeline, pruefbericht, pruefen, validate
from etl.monat import Monat
from etl.pruefbericht import REGELN, STAND, rule_reference
from etl.settings import Settings
from kanarie import spuren_in_text
from validate_data import Rows, euro


def wrong_payment(rows: Rows) -> None:
    rows["leistung"][0]["zahlung"] = euro("500.00")


@pytest.fixture(scope="module")
def berichte(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two deliveries, the second with a wrong payment; the report of the second, written twice."""
    home = tmp_path_factory.mktemp("bericht")
    settings = Settings(home=home)
    for number, change in ((1, None), (2, wrong_payment)):
        rows = data.clean()
        if change:
            change(rows)
        archive = data.write(settings.archive, rows, f"11732/probe-{number}", data.DATENSTAND.replace(hour=number))
        pruefen.decide(settings, archive)
    for folder in ("eins", "zwei"):
        pruefen.report(settings, "11732/probe-2", home / folder)
    return home


def text_of(page: Path) -> str:
    """The words of the page or the PDF, as a reader gets them."""
    if page.suffix == ".html":
        return " ".join(
            re.sub(r"<style>.*?</style>|<[^>]+>", " ", page.read_text(encoding="utf-8"), flags=re.DOTALL).split()
        )
    done = subprocess.run(["pdftotext", "-layout", str(page), "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


FORMS = ("pruefbericht.html", "pruefbericht.pdf")


@pytest.mark.parametrize("form", FORMS)
def test_two_runs_give_the_same_bytes(berichte: Path, form: str) -> None:
    assert (berichte / "eins" / form).read_bytes() == (berichte / "zwei" / form).read_bytes()


def test_the_page_says_what_follows_and_why(berichte: Path) -> None:
    text = text_of(berichte / "eins" / "pruefbericht.html")
    assert "Die Freigabe ist gesperrt, bis über diese Regeln entschieden ist: LEI-008." in text
    assert (
        f"Bei 1 von {len(data.clean()['leistung'])} Leistungszeilen ist die Zahlung nicht Anspruch minus Minderung."
        in text
    )
    assert "1 neu, 0 bestehend, 0 wiedergekehrt, 0 behoben" in text
    assert validate.load().sha256 in text
    assert "Ohne Zeilen, also weder gehalten noch verletzt:" in text


def test_every_rule_is_in_exactly_one_list(berichte: Path) -> None:
    page = (berichte / "eins" / "pruefbericht.html").read_text(encoding="utf-8")
    held = re.findall(r'<th scope="row">([A-Z]{2,3}-\d{3})</th><td>[^<]*</td><td>(?:hält|sperrt|Hinweis)', page)
    violated = re.findall(r"<h3>([A-Z]{2,3}-\d{3}) –", page)
    (empty,) = re.findall(r"weder gehalten noch verletzt: ([^.<]*)\.", page)
    listed = [*held, *violated, *empty.split(", ")]
    assert sorted(listed) == sorted(regel.regel_id for regel in validate.load().regeln)


def test_the_trend_ends_with_this_delivery(berichte: Path) -> None:
    page = (berichte / "eins" / "pruefbericht.html").read_text(encoding="utf-8")
    (row,) = re.findall(r'<tr><th scope="row">LEI-008</th>((?:<td class="z">\d+</td>)+)</tr>', page)
    assert re.findall(r"\d+", row) == ["0", "1"]


@pytest.mark.slow
def test_the_pdf_says_the_same_and_is_tagged(berichte: Path) -> None:
    pdf = berichte / "eins" / "pruefbericht.pdf"
    text = text_of(pdf)
    assert "Die Freigabe ist gesperrt, bis über diese Regeln entschieden ist: LEI-008." in text
    info = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Tagged:\s+yes", info)
    fonts = subprocess.run(["pdffonts", str(pdf)], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), "every font is embedded"


@pytest.mark.parametrize("form", FORMS)
def test_nobody_is_in_the_report(berichte: Path, form: str) -> None:
    """Neither keys nor found values: counts only."""
    text = text_of(berichte / "eins" / form)
    assert spuren_in_text(text) == []
    for value in ("bg1", "p1", "500,00", "500.00", "563"):
        assert not re.search(rf"\b{re.escape(value)}\b", text), value


def test_the_page_needs_nothing_from_outside(berichte: Path) -> None:
    page = (berichte / "eins" / "pruefbericht.html").read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href)=\"(?!#)|url\(|@import|<script", page)


def test_an_accepted_delivery_says_so_with_the_kept_reason(tmp_path: Path, warehouse_url: str) -> None:
    """Nobody can make a report say it: the reason is the one that was kept with the load."""
    settings = Settings(home=tmp_path, warehouse=warehouse_url)
    rows = data.clean()
    wrong_payment(rows)
    reference = data.write(settings.archive, rows).delivery.reference
    juli = Monat(2026, 7)
    pipeline.figures(settings, reference, juli)
    pipeline.load(settings, reference, juli, "Zahlung am 12.08. geprüft")
    pruefen.report(settings, reference, tmp_path / "bericht")
    text = text_of(tmp_path / "bericht" / "pruefbericht.html")
    assert "sperrende Befunde sind mit Begründung angenommen (LEI-008)." in text
    assert "Begründung der Annahme: Zahlung am 12.08. geprüft" in text


def test_the_reference_names_limits_with_their_source() -> None:
    text = text_of(REGELN)
    assert "Grenze Höchstes Alter, das noch glaubhaft ist: 110 Jahre Annahme: In einer Lieferung" in text
    assert "Meldung n von m Personen wären laut Geburtsdatum über 110 Jahre alt." in text
    assert "Grenze Betrag, der nach einer Minderung mindestens bleibt: 1 EUR Quelle: § 31a Abs. 4" in text


def test_the_reference_of_the_rules_is_fresh() -> None:
    fresh = rule_reference(validate.load(), STAND)
    assert REGELN.read_text(encoding="utf-8") == fresh, "veraltet: uv run python tests/handbuch.py"
    for regel in validate.load().regeln:
        assert f'id="{regel.regel_id}"' in fresh
    assert "{" not in pruefbericht.rule_reference(validate.load(), STAND).split("</style>")[1]
