"""Correction lists: one per team, as Excel and CSV, for the people who must correct the records.

With the keys of the case-management system where the delivery is at hand, else with pseudonyms. They stay in the job
centre's own zone: nothing else of this product shows a value of a record.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from etl.files import write_atomically
from etl.listing import FORMULA
from etl.validate.regelwerk import FOLGE, Regel

COLUMNS = (
    "Befund",
    "Folge",
    "Regel",
    "Was nicht stimmt",
    "Richtig wäre",
    "Gefunden",
    "Satz",
    "Kundennummer",
    "BG-Nummer",
    "Monat",
    "Geschäftsstelle",
    "Stand",
    "Wirkung ohne den Satz",
    "Zu klären",
    "Quelle",
)
_WIDTHS = (14, 18, 10, 40, 50, 44, 40, 16, 16, 10, 18, 14, 34, 24, 44)
SHORT = 12
"""Letters of a finding's id that name it for a person."""

Originals = Mapping[str, Mapping[str, str]]
"""Kind of key to pseudonym to original."""


@dataclass(frozen=True)
class Kopf:
    """What every list says about itself."""

    lieferung: str
    datenstand: dt.date


def write(folder: Path, befunde: pa.Table, regeln: Mapping[str, Regel], kopf: Kopf, originals: Originals) -> list[Path]:
    """Write ``korrekturen-<team>.xlsx`` and ``.csv`` per team; return their paths. Findings that are gone are left out.

    ``befunde``: open findings, in the order in which they should be corrected.
    """
    written = []
    for team in sorted(pc.unique(befunde["zustaendigkeit"]).to_pylist()):
        own = befunde.filter(
            pc.and_(pc.equal(befunde["zustaendigkeit"], team), pc.not_equal(befunde["zustand"], "behoben"))
        )
        if not own.num_rows:
            continue
        rows = [_row(finding, regeln[finding["regel_id"]], originals) for finding in own.to_pylist()]
        name = f"korrekturen-{_file_name(team)}"
        for suffix, content in (("xlsx", _workbook(team, rows, kopf)), ("csv", _csv(rows))):
            path = folder / f"{name}.{suffix}"
            write_atomically(path, content)
            written.append(path)
    return written


def _row(finding: Mapping[str, Any], regel: Regel, originals: Originals) -> tuple[str, ...]:
    key = {name: _original(originals, name, str(value)) for name, value in json.loads(finding["satz"]).items()}
    return (
        finding["befund_id"][:SHORT],
        FOLGE[regel.schwere],
        regel.regel_id,
        regel.titel,
        regel.erwartet,
        finding["gefunden"],
        "; ".join(f"{name} = {value}" for name, value in key.items()),
        _original(originals, "kundennummer", finding["kundennummer"] or ""),
        _original(originals, "bg_nummer", finding["bg_nummer"] or ""),
        f"{finding['monat']:%Y-%m}" if finding["monat"] else "",
        finding["geschaeftsstelle"],
        finding["zustand"],
        finding["wirkung"],
        regel.behebt,
        regel.quelle,
    )


def _original(originals: Originals, kind: str, value: str) -> str:
    return originals.get(kind, {}).get(value, value)


def _file_name(team: str) -> str:
    return re.sub(r"[^\w]+", "-", team).strip("-").lower() or "ohne"


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Semicolons and a byte order mark: what a German Excel opens by a double click. No cell begins like a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _workbook(team: str, rows: Sequence[Sequence[str]], kopf: Kopf) -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties(
            {"title": f"Korrekturliste {team}", "created": dt.datetime.combine(kopf.datenstand, dt.time())}
        )
        bold = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Korrekturen")
        sheet.write_string(0, 0, f"Korrekturliste {team}", bold)
        sheet.write_string(
            1, 0, f"Lieferung {kopf.lieferung}, Datenstand {kopf.datenstand:%d.%m.%Y}; {len(rows)} offene Befunde. "
            "Enthält Sozialdaten: nur für die zuständige Stelle.",
        )  # fmt: skip
        for place, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(3, place, name, head)
        for number, row in enumerate(rows, start=4):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell, wrapped)
        sheet.autofilter(3, 0, 3 + len(rows), len(COLUMNS) - 1)
        sheet.freeze_panes(4, 3)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)
        sheet.set_paper(9)
        sheet.set_footer("&LKorrekturliste&CEnthält Sozialdaten&RSeite &P von &N")
    return sink.getvalue()
