"""The report for the committee: a PDF of a few pages to be read, with charts, sentences and a table annex.

Typst sets it from plain data; charts are drawn as vectors. It conforms to PDF/UA-1 and PDF/A-2a, the strictest pair
that goes together (PDF/A-4 needs PDF 2.0, which PDF/UA-1 does not allow). Fonts come from a package, never from the
system.
"""

from __future__ import annotations

import dataclasses
import json
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from etl.report.ausschussbericht.inhalt import inhalt
from etl.report.model import ReportRequest
from etl.typesetting import typeset

_HERE = Path(__file__).parent
_FONTS = resources.files("font_source_sans_pro") / "files"
# Typst takes folders, and in the package every style lies twice, in no fixed order: which one it took would be chance.
_STYLES = ("Regular", "Semibold", "Bold")


def write(request: ReportRequest, folder: Path) -> list[Path]:
    """Write the report into ``folder`` and return its path."""
    path = folder / f"{request.berichtsmonat}_Ausschussbericht.pdf"
    path.write_bytes(pdf(request, folder))
    return [path]


def pdf(request: ReportRequest, folder: Path) -> bytes:
    """Return the report; the same request gives the same bytes. The document's date is the Datenstand.

    ``folder``: where the fonts lie while it is set.
    """
    data = json.dumps(dataclasses.asdict(inhalt(request)), ensure_ascii=False)
    with TemporaryDirectory(dir=folder) as fonts:
        for style in _STYLES:
            name = f"SourceSansPro-{style}.ttf"
            (Path(fonts) / name).write_bytes((_FONTS / name).read_bytes())
        return typeset(_HERE / "bericht.typ", {"inhalt": data}, ["ua-1", "a-2a"], request.datenstand, [fonts])
