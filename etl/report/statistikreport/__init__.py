"""The press release of the month („Medieninformation zum Statistikreport“): one text, as DOCX and as plain text.

Order of the parts as in the job centre's published releases: Bedarfsgemeinschaften, integrations, persons, available
persons, nicht erwerbsfähige Leistungsberechtigte, persons without Regelleistung.
"""

from __future__ import annotations

from pathlib import Path

from etl.report.model import ReportRequest
from etl.report.statistikreport import docx, text
from etl.report.statistikreport.meldung import Meldung, meldung

__all__ = ["Meldung", "meldung", "write"]


def write(request: ReportRequest, folder: Path) -> list[Path]:
    """Write ``<month>_Statistikreport.docx`` and ``.txt`` into ``folder``; return their paths."""
    said = meldung(request)
    name = f"{request.berichtsmonat}_Statistikreport"
    files = {f"{name}.docx": docx.content(said), f"{name}.txt": text.content(said).encode()}
    for file, content in files.items():
        (folder / file).write_bytes(content)
    return [folder / file for file in files]
