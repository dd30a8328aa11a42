"""The press release: the order of its parts, its numbers, and the two formats that say the same."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn

from berichtsdaten import DATENSTAND, MONTH, cells_frame, request_of
from etl.disclosure import Empfaengerkreis, publish
from etl.report import ReportRequest, statistikreport
from etl.report.model import Cells
from etl.report.statistikreport import docx as word
from etl.report.statistikreport import meldung, text
from etl.zahlen import zahl

PUBLIC = Empfaengerkreis.OEFFENTLICHKEIT


def public(cells: pd.DataFrame, **changes: object) -> ReportRequest:
    return request_of(publish(cells, PUBLIC, DATENSTAND.date()), kreis=PUBLIC, **changes)


@pytest.fixture(scope="module")
def request_now() -> ReportRequest:
    return public(cells_frame())


def words_of(document: bytes) -> list[str]:
    """Every word of a document as its reader meets them: paragraphs and tables in their order."""
    found: list[str] = []
    for block in docx.Document(BytesIO(document)).iter_inner_content():
        texts = [block.text] if hasattr(block, "text") else [cell.text for row in block.rows for cell in row.cells]
        found += [part for text in texts for part in text.split()]
    return found


def test_the_parts_stand_in_the_order_the_job_centre_uses(request_now: ReportRequest) -> None:
    assert [part.titel for part in meldung(request_now).abschnitte] == [
        "Bedarfsgemeinschaften",
        "Integrationen",
        "Personen in Bedarfsgemeinschaften",
        "Arbeitslose und Arbeitsuchende",
        "Nicht erwerbsfähige Leistungsberechtigte",
        "Personen ohne Regelleistung",
    ]


def test_the_table_holds_the_published_values(request_now: ReportRequest) -> None:
    said = meldung(request_now)
    cells = Cells(request_now.cells, MONTH, PUBLIC)
    rows = {row[0]: row[1:] for row in said.tabelle}
    assert rows["Größe"][:3] == ("August 2026", "Juli 2026", "August 2025")
    for code in ("BG", "PERS", "ELB", "NEF"):
        shown = rows[request_now.figures[code].name]
        months = (MONTH, MONTH.shift(-1), MONTH.shift(-12))
        assert shown[:3] == tuple(zahl(cells.value(code, month), 0) for month in months)  # type: ignore[arg-type]
    without = sum(cells.value(code, MONTH) for code in ("SLB", "NLB"))  # type: ignore[misc]
    assert rows["Personen ohne Regelleistung"][0] == zahl(without, 0)


def test_what_is_not_loaded_is_said_and_shown_as_unknown() -> None:
    frame = cells_frame()
    said = meldung(public(frame[frame["groesse"] != "INT"]))
    assert "Zur Zahl der Integrationen liegt für August 2026 kein Wert vor." in said.abschnitte[1].saetze[0]
    rows = {row[0]: row[1:] for row in said.tabelle}
    assert rows["Integrationen"] == (".",) * 5


def test_a_hidden_part_hides_the_sum() -> None:
    frame = cells_frame()
    frame.loc[(frame["groesse"] == "SLB") & (frame["merkmal"] == "INSGESAMT"), "wert"] = 2
    said = meldung(public(frame))
    assert {row[0]: row[1] for row in said.tabelle}["Personen ohne Regelleistung"] == "*"
    assert said.abschnitte[-1].saetze[0] == (
        "Die Zahl der sonstigen Leistungsberechtigten unterliegt im August 2026 der Geheimhaltung (*)."
    )


def test_both_formats_say_the_same(request_now: ReportRequest) -> None:
    said = meldung(request_now)
    in_text = [part for part in text.content(said).split() if not re.fullmatch("-{4,}", part)]
    assert sorted(in_text) == sorted(words_of(word.content(said)))


def test_the_document_can_be_read_by_everybody(request_now: ReportRequest) -> None:
    said = meldung(request_now)
    document = docx.Document(BytesIO(word.content(said)))
    levels = [p.style.name for p in document.paragraphs if p.style is not None and p.style.name.startswith("Heading")]
    assert levels == ["Heading 1", *["Heading 2"] * (len(said.abschnitte) + 2)]
    (table,) = document.tables
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None  # type: ignore[union-attr]
    assert document.core_properties.title == said.titel
    assert document.core_properties.language == "de-DE"
    assert document.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:val")) == "de-DE"
    footer = document.sections[0].footer.paragraphs[0].text
    assert "August 2026" in footer
    assert "Datenstand 28.08.2026" in footer


def test_the_same_request_gives_the_same_bytes(
    request_now: ReportRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    berlin = DATENSTAND.astimezone(dt.timezone(dt.timedelta(hours=2)))
    runs = []
    for request in (request_now, public(cells_frame(), datenstand=berlin)):
        files = statistikreport.write(request, tmp_path_factory.mktemp("meldung"))
        runs.append({path.name: path.read_bytes() for path in files})
    assert runs[0] == runs[1]
    assert sorted(runs[0]) == ["2026-08_Statistikreport.docx", "2026-08_Statistikreport.txt"]
