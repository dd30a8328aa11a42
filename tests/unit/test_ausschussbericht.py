"""The committee report: its numbers are the published ones, everybody can read it, it is the same every time."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import page
import pandas as pd
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ausschussdaten
from ausschussdaten import KREIS, bericht, frame
from berichtsdaten import DATENSTAND, MONTH
from etl import disclosure
from etl.report import ReportRequest, ausschussbericht
from etl.report.ausschussbericht import diagramme
from etl.report.ausschussbericht.inhalt import inhalt
from etl.report.model import COLUMNS, Sign, Value, gemeinden
from golden import zeilen

LABELS = {"BG": "Bedarfsgemeinschaften", "ALO": "Arbeitslose erwerbsfähige", "LLU": "Leistungen zum Lebensunterhalt"}
Key = tuple[str, str, str, str]


@pytest.fixture(scope="module")
def request_now() -> ReportRequest:
    return bericht()


@pytest.fixture(scope="module")
def file(request_now: ReportRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ausschuss")
    (path,) = ausschussbericht.write(request_now, folder)
    assert list(folder.iterdir()) == [path]
    return path


@pytest.fixture(scope="module")
def lines(file: Path) -> list[str]:
    return zeilen(file)


@pytest.fixture(scope="module")
def exact() -> dict[Key, Decimal]:
    """What the warehouse holds, unsuppressed."""
    rows = frame().itertuples(index=False, name=None)
    return {(month, code, merkmal, key): wert for month, code, merkmal, key, wert, _, _ in rows}


def total(exact: dict[Key, Decimal], code: str, back: int = 0) -> Decimal:
    return exact[str(MONTH.shift(-back)), code, "INSGESAMT", "INSGESAMT"]


def german(value: Decimal, places: int = 0, *, sign: bool = False) -> str:
    """Write a number for the comparison, by other means than the report."""
    text = f"{round(abs(value) + Decimal('1e-9'), places):,.{places}f}".translate(str.maketrans(",.", ".,"))
    nothing = not any(digit in text for digit in "123456789")
    return ("" if nothing else "−" if value < 0 else "+" if sign else "") + text


def changes(new: Decimal, old: Decimal) -> list[str]:
    relative = german((new - old) * 100 / old, 1, sign=True) if old else "x"
    return [german(new - old, sign=True), relative]


def line_with(lines: list[str], label: str, cells: list[str]) -> str:
    """Return the line of a table that begins with ``label`` and ends with ``cells``."""
    end = " ".join(cells)
    found = [line for line in lines if line.startswith(label) and re.sub(r"\s+", " ", line).endswith(end)]
    assert found, f"{label}: {end}"
    return found[0]


@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_it_conforms_to_pdf_ua_1_and_pdf_a_2a(file: Path, profile: str) -> None:
    report = page.validate_pdf(file, profile=profile)
    assert [f"{failure.rule_id}: {failure.message}" for failure in report.failures] == []
    assert report.is_compliant


def elements(node: Any) -> Iterator[Any]:
    """Yield every element of a structure tree."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def test_it_is_tagged_and_every_chart_has_an_alternative_text(file: Path, request_now: ReportRequest) -> None:
    with pikepdf.open(file) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "de-DE"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        found = list(elements(pdf.Root.StructTreeRoot))
        figures = [str(element.Alt) for element in found if element.S == "/Figure"]
        kinds = [str(element.S) for element in found]
    said = inhalt(request_now)
    assert said.ziele
    charts = [one.bild.alt for one in (*said.verlauf, *said.bewegungen, *said.struktur)]
    assert figures == [*charts, said.karte.alt, said.ziele.alt]
    assert kinds.count("/H1") == 8
    assert "/TH" in kinds
    assert kinds.count("/Table") == kinds.count("/THead") == kinds.count("/TBody")


def test_what_the_file_says_of_itself(file: Path) -> None:
    with pikepdf.open(file) as pdf:
        metadata = pdf.open_metadata()
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["dc:title"].endswith("Monatsbericht für den Ausschuss des Kreistags, August 2026")
        assert metadata["dc:creator"] == ["Ortenau Jobcenter"]
        assert str(pdf.docinfo["/CreationDate"]).startswith(f"D:{DATENSTAND:%Y%m%d%H%M%S}")
        with pdf.open_outline() as outline:
            titles = [entry.title for entry in outline.root]
    assert titles[0] == "Grundsicherung für Arbeitsuchende"
    assert titles[-1] == "Methodische Hinweise"


def test_fonts_are_embedded_and_charts_are_no_pictures(file: Path) -> None:
    with pikepdf.open(file) as pdf:
        objects = [entry for entry in pdf.objects if isinstance(entry, pikepdf.Dictionary | pikepdf.Stream)]
        fonts = [entry for entry in objects if entry.get("/Type") == "/FontDescriptor"]
        assert {str(font.FontName).split("+")[1] for font in fonts} == {
            f"SourceSansPro-{style}" for style in ("Regular", "Semibold", "Bold")
        }
        assert all("/FontFile2" in font for font in fonts)
        assert not [entry for entry in objects if entry.get("/Subtype") == "/Image"]


def test_month_and_datenstand_stand_on_each_of_six_to_ten_pages(file: Path, lines: list[str]) -> None:
    with pikepdf.open(file) as pdf:
        pages = len(pdf.pages)
    assert 6 <= pages <= 10
    assert lines.count("Ortenaukreis · Berichtsmonat August 2026 · Datenstand 28.08.2026, 18:30 Uhr") == pages
    feet = [line for line in lines if line.startswith("Synthetische Daten – keine amtlichen Zahlen · Ortenau Job")]
    assert [line.split("  ")[-1] for line in feet] == [f"Seite {number} von {pages}" for number in range(1, pages + 1)]


def test_eckwerte_and_their_changes(lines: list[str], exact: dict[Key, Decimal]) -> None:
    for code, label in LABELS.items():
        values = [total(exact, code, back) for back in (0, 1, 12)]
        new, old, older = values
        line_with(lines, label, [*map(german, values), *changes(new, old), *changes(new, older)])


def test_the_series_and_the_flows_are_the_stored_values(lines: list[str], exact: dict[Key, Decimal]) -> None:
    text = re.sub(r"\s+", " ", " ".join(lines))
    for back in range(ausschussdaten.MONATE):
        month = MONTH.shift(-back)
        row = " ".join(german(total(exact, code, back)) for code in ("BG", "ELB", "LZB"))
        assert re.search(rf"\b{month.name[:3]}( T-\d)? {re.escape(row)}", text), month
    for back in range(13):
        flows = [german(total(exact, code, back)) for code in ("ELB_ZUGANG", "ELB_ABGANG")]
        integrations = "." if back == 4 else german(total(exact, "INT", back))
        line_with(lines, MONTH.shift(-back).name, [*flows, integrations])


def test_every_municipality_has_its_values_and_small_ones_are_hidden(
    lines: list[str], exact: dict[Key, Decimal]
) -> None:
    hidden = 0
    for ags, name in gemeinden().items():
        values = {code: exact.get((str(MONTH), code, "GEMEINDE", ags), Decimal(0)) for code in ("BG", "PERS", "ELB")}
        few = 0 < values["BG"] < 3
        shown = [
            "-" if not value else "*" if value < 3 or values["BG"] < 3 else german(value) for value in values.values()
        ]
        hidden += few
        assert [line for line in lines if line.startswith("  ".join([name, *shown]))], name
    assert hidden


def test_what_is_hidden_is_hidden_in_tables_charts_and_sentences(lines: list[str], request_now: ReportRequest) -> None:
    assert line_with(lines, "Eingegangene Klagen", ["*", "5", "38", "*", "*", "*", "*"])
    assert line_with(lines, "Partner-Bedarfsgemeinschaften mit Kindern", ["*"] * 5)
    assert "Partner-Bedarfsgemeinschaften mit Kindern  *" in lines  # the chart
    assert line_with(lines, "Eingegangene Klagen", ["*", "*", "*"])  # the estimate
    assert line_with(lines, "K2E4", ["11,0", "11,0", "*", "12,1", "−1,1", "T-0"])
    said = inhalt(request_now)
    tiles = {tile.name: tile.text for tile in said.karte.kacheln}
    hidden = [name for name, text in tiles.items() if text == "*"]
    assert "unterliegt der Wert der Geheimhaltung (*)" in said.karte.satz
    assert hidden
    assert all(tile.klasse == 0 for tile in said.karte.kacheln if tile.text in "*-")


NOT_PRINTED = {"alt", "breite", "ausrichtung", "art", "ampel"}


def texts(node: object) -> Iterator[str]:
    """Yield every text that the pages print."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        yield from (text for key, child in node.items() if key not in NOT_PRINTED for text in texts(child))
    elif isinstance(node, list | tuple):
        yield from (text for child in node for text in texts(child))


def numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"[+−]?\d+(?:\.\d{3})*(?:,\d+)?", text))


def test_every_number_is_printed_as_often_as_it_was_given(lines: list[str], request_now: ReportRequest) -> None:
    said = asdict(inhalt(request_now))
    pages = sum(line.startswith("Ortenaukreis · Berichtsmonat") for line in lines)
    expected = numbers(" ".join(texts(said)))
    for _ in range(pages - 1):
        expected += numbers(f"{said['kopf']} {said['fuss']}")
    expected += numbers(" ".join(f"Seite {number} von {pages}" for number in range(1, pages + 1)))
    expected += numbers("2 3 4 5 6 8 10")  # the contents
    expected += numbers("90 von 100 Fällen")  # what an interval means
    assert numbers(" ".join(lines)) == expected


def test_a_bar_and_a_tile_stand_beside_their_own_number(lines: list[str], request_now: ReportRequest) -> None:
    said = inhalt(request_now)
    for chart in said.struktur:
        assert isinstance(chart.bild, diagramme.Balken)
        for name, _, text in chart.bild.zeilen:
            line = f"{name}  {text}".replace("\N{NO-BREAK SPACE}", " ")
            assert line in lines or len(name) > 60
    for row in range(1, 11):
        tiles = sorted((tile for tile in said.karte.kacheln if tile.zeile == row), key=lambda tile: tile.spalte)
        names = lines.index("  ".join(tile.name for tile in tiles))
        assert lines[names + 1] == "  ".join(tile.text for tile in tiles)


def test_the_same_request_gives_the_same_bytes(file: Path, tmp_path: Path) -> None:
    berlin = DATENSTAND.astimezone(dt.timezone(dt.timedelta(hours=2)))
    (again,) = ausschussbericht.write(bericht(datenstand=berlin), tmp_path)
    assert again.name == "2026-08_Ausschussbericht.pdf"
    assert again.read_bytes() == file.read_bytes()


@pytest.mark.parametrize("months", [0, 1])
def test_with_next_to_no_data_it_says_so_and_stays_readable(tmp_path: Path, months: int) -> None:
    cells = frame()
    only = cells[cells["berichtsmonat"] == str(MONTH)] if months else pd.DataFrame(columns=list(COLUMNS))
    request = bericht(only, kennzahlen=(), ziele=(), erwartungen=())
    (path,) = ausschussbericht.write(request, tmp_path)
    assert page.validate_pdf(path, profile="ua1").is_compliant
    text = re.sub(r"\s+", " ", " ".join(zeilen(path)))
    assert "Für dieses Jahr sind keine Zielwerte hinterlegt" in text
    assert "lassen sich die endgültigen Werte noch nicht schätzen" in text
    if not months:
        assert "Zur Zahl der Bedarfsgemeinschaften liegt für August 2026 kein Wert vor." in text


def test_each_municipality_has_a_tile_of_its_own() -> None:
    with (Path(ausschussbericht.__file__).parent / "kacheln.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    assert {row["ags"] for row in rows} == set(gemeinden())
    assert len({(row["zeile"], row["spalte"]) for row in rows}) == len(gemeinden())


@given(st.lists(st.one_of(st.decimals(0, 10**8, places=2), st.sampled_from(Sign)), max_size=20), st.booleans())
def test_an_axis_holds_every_value_between_round_numbers(values: list[Value], from_zero: bool) -> None:
    axis = diagramme.achse(values, ab_null=from_zero)
    places = [axis.ort(value) for value in values]
    assert all((place is None) == isinstance(value, Sign) for place, value in zip(places, values, strict=True))
    assert all(0 <= place <= 1 for place in places if place is not None)
    assert [place for place, _ in axis.striche] == sorted({place for place, _ in axis.striche})
    assert 2 <= len(axis.striche) <= 7
    assert not from_zero or axis.unten == 0
    assert len({text for _, text in axis.striche}) == len(axis.striche)


def test_only_the_district_gets_it() -> None:
    assert {one.code: one.kreise for one in disclosure.berichte()}["ausschussbericht"] == (KREIS,)
