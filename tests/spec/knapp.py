"""Cases of what nearly counts: a figure, a delivery, and the reasons that must be given, each with its number."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from etl.extract import extract
from etl.extract.archive import Archive
from etl.figures import erklaerung
from etl.monat import Monat
from reference.delivery import write_delivery
from spec.conftest import build, four_months_later

MONTH = "2024-03"


class Knapp(NamedTuple):
    """The records of ``tables`` that nearly count in ``groesse`` in March 2024."""

    name: str
    groesse: str
    warum: Mapping[str, int]
    tables: Mapping[str, str]


JOB = """
    kundennummer | beginn     | foerderung | erfasst_am
    -------------+------------+------------+-----------
    P1           | 2024-03-01 | {}         | {}
"""
TWO_JOBS = """
    kundennummer | erwerb_id | beginn     | foerderung | erfasst_am
    -------------+-----------+------------+------------+-----------
    P1           | E1        | 2024-03-01 | {}         | {}
    P1           | E2        | 2024-03-04 | {}         | {}
"""
GEFOERDERT = "nur öffentlich geförderte Beschäftigung aufgenommen"
ZU_SPAET = "später als drei Monate nach dem Zähltag erfasst"
OHNE_LB = "am Zähltag gehört keine leistungsberechtigte Person dazu"

CASES = (
    Knapp("gefördert", "INT", {GEFOERDERT: 1}, {"erwerbstaetigkeit": JOB.format("P16i", "2024-03-01")}),
    Knapp("zu spät erfasst", "INT", {ZU_SPAET: 1}, {"erwerbstaetigkeit": JOB.format("", "2024-06-16")}),
    Knapp("am letzten Tag erfasst", "INT", {}, {"erwerbstaetigkeit": JOB.format("", "2024-06-15")}),
    Knapp("gefördert und zu spät", "INT", {}, {"erwerbstaetigkeit": JOB.format("P16i", "2024-06-16")}),
    Knapp(
        "einmal gefördert, einmal zu spät",
        "INT",
        {GEFOERDERT: 1},
        {"erwerbstaetigkeit": TWO_JOBS.format("P16i", "2024-03-01", "", "2024-06-16")},
    ),
    Knapp(
        "zu spät neben gefördert und zu spät",
        "INT",
        {ZU_SPAET: 1},
        {"erwerbstaetigkeit": TWO_JOBS.format("P16i", "2024-06-16", "", "2024-06-16")},
    ),
    Knapp(
        "BG nur mit Ausgeschlossenen",
        "BG",
        {OHNE_LB: 1},
        {
            "bg_mitglied": """
                kundennummer | bg_nummer | ausschlussgrund
                -------------+-----------+----------------
                P1           | A         | RENTE
                P2           | B         |
            """,
            "leistung": """
                kundennummer | bg_nummer | monat
                -------------+-----------+-----------------
                P2           | B         | 2024-01..2024-03
            """,
        },
    ),
    Knapp(
        "BG ohne Mitglieder, nur mit Anschrift",
        "BG",
        {},
        {
            "bg_mitglied": """
                kundennummer | bg_nummer | von        | bis
                -------------+-----------+------------+-----------
                P1           | A         | 2023-01-01 | 2024-01-31
                P2           | B         | 2023-01-01 |
            """,
        },
    ),
)


def archived(case: Knapp, folder: Path) -> Archive:
    """Bring the delivery of a case into an archive below ``folder``."""
    moment = dt.datetime.fromisoformat(four_months_later(MONTH))
    path = write_delivery(folder / "lieferung", build(MONTH, case.tables), moment)
    return extract(path, archive_root=folder / "archiv", key_file=folder / "key")


def reasons(archive: Archive, groesse: str) -> dict[str, int]:
    """Count the records that nearly count in ``groesse`` by their reason."""
    opened = erklaerung.explain(archive, groesse, Monat.parse(MONTH), {})
    return dict(Counter(opened.knapp.column("warum").to_pylist()))
