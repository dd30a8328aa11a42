"""The release as DOCX: real headings, a table with a header row, German as its language, no clock inside."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from etl.report.statistikreport.meldung import Meldung

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table

_FONT = "Arial"
_DARK = RGBColor(0x1F, 0x38, 0x64)
_WIDTHS = (5.5, 2.1, 2.0, 2.1, 2.1, 2.2)
"""Centimetres of the table's columns; 16 lie between the margins."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Date of every part of the package: a ZIP can hold no earlier one."""


def content(said: Meldung) -> bytes:
    """Return the release as a Word document; the same release gives the same bytes."""
    document = docx.Document()
    _properties(document, said)
    _styles(document)
    # Month and Datenstand stand on every page.
    document.sections[0].footer.paragraphs[0].text = said.fusszeile
    document.add_paragraph(said.herausgeber).runs[0].bold = True
    document.add_heading(said.titel, level=1)
    document.add_paragraph(said.untertitel).runs[0].bold = True
    for line in said.vorspann:
        document.add_paragraph(line)
    for part in said.abschnitte:
        document.add_heading(part.titel, level=2)
        document.add_paragraph(" ".join(part.saetze))
    document.add_heading(said.tabellentitel, level=2)
    _table(document, said)
    document.add_heading("Hinweise", level=2)
    for note in said.hinweise:
        document.add_paragraph(note).runs[0].font.size = Pt(9)
    buffer = BytesIO()
    document.save(buffer)
    return _without_clock(buffer.getvalue())


def _properties(document: Document, said: Meldung) -> None:
    known = document.core_properties
    moment = said.datenstand.astimezone(dt.UTC).replace(tzinfo=None)
    known.title, known.subject = said.titel, said.untertitel
    known.author = known.last_modified_by = said.herausgeber
    known.created = known.modified = moment
    known.language, known.revision = "de-DE", 1
    known.comments = ""


def _styles(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2)
    for name, size in (("Normal", 11), ("Heading 1", 18), ("Heading 2", 13)):
        style = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        # The template's headings name fonts of a theme, which win over the font above.
        for attribute in list(fonts.attrib):
            if attribute.endswith("Theme"):
                del fonts.attrib[attribute]
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), _FONT)
        if name != "Normal":
            style.font.color.rgb = _DARK
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "de-DE")
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def _table(document: Document, said: Meldung) -> None:
    head, *rows = said.tabelle
    table = document.add_table(rows=0, cols=len(head), style="Table Grid")
    table.autofit = False
    for row in (head, *rows):
        cells = table.add_row().cells
        for index, (cell, text) in enumerate(zip(cells, row, strict=True)):
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(9), row is head
            layout = paragraph.paragraph_format
            layout.alignment = WD_ALIGN_PARAGRAPH.LEFT if index == 0 else WD_ALIGN_PARAGRAPH.RIGHT
            layout.space_before = layout.space_after = Pt(2)
            layout.keep_with_next = row is not rows[-1]  # the table stays on one page
    _header_row(table)
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def _header_row(table: Table) -> None:
    """Mark the first row as headings: repeated on every page, read out before each value."""
    properties = table.rows[0]._tr.get_or_add_trPr()
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    properties.append(mark)


def _without_clock(document: bytes) -> bytes:
    """Pack the parts again, each with the same date: the library takes the time of writing."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(document)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(zipfile.ZipInfo(part.filename, _EPOCH), old.read(part), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
