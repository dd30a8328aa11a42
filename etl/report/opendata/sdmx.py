"""SDMX: the published figures as SDMX-CSV 2.0, and the data structure definition that explains them (SDMX-ML 2.1).

The agency of the structure is an identifier of our own (``TRAEGER_<number>``), not one that anybody registered.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pysdmx.io import write_sdmx
from pysdmx.io.format import Format
from pysdmx.model import (
    Agency,
    Code,
    Codelist,
    Component,
    Components,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructureDefinition,
    DataType,
    ItemReference,
    Role,
)
from pysdmx.model.message import Header

from etl.figures.kennzahlen import state_of
from etl.report.model import ReportRequest
from etl.report.opendata.tabelle import STAENDE, observations
from etl.report.sheets.common import herausgeber

DATA, STRUCTURE = "groessen_sdmx.csv", "groessen_struktur.xml"
FLOW, SCHEME, VERSION = "SGB2_GROESSEN", "CS_SGB2_GROESSEN", "1.0"
_KEY = ("FREQ", "GROESSE", "GLIEDERUNG", "TIME_PERIOD")
COLUMNS = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *_KEY, "OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "STAND")

_MISSING = "NaN"
"""How SDMX 3.0 writes a number that is not there."""

_CODELISTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "FREQ": ("Periodizität", {"M": "monatlich"}),
    "OBS_STATUS": ("Status der Beobachtung", {"A": "vorhanden", "M": "fehlt oder wird nicht gezeigt"}),
    "CONF_STATUS": ("Geheimhaltung", {"F": "frei", "C": "geheim"}),
    "STAND": ("Stand des Wertes", {code: text for code, text in STAENDE.items() if code.startswith("T-")}),
}
_CONCEPTS: Mapping[str, str] = {
    "FREQ": "Periodizität",
    "GROESSE": "Statistische Größe",
    "GLIEDERUNG": "Merkmal und Ausprägung",
    "TIME_PERIOD": "Berichtsmonat",
    "OBS_VALUE": "Ungerundeter Wert in der Einheit der Größe",
    "OBS_STATUS": "Status der Beobachtung",
    "CONF_STATUS": "Geheimhaltung",
    "STAND": "Stand des Wertes",
}


def write(request: ReportRequest, folder: Path) -> list[Path]:
    """Write the data and its structure; return both paths."""
    agency = Agency(identifier(f"TRAEGER_{request.traegernummer}"), name=herausgeber(request))
    data = folder / DATA
    with data.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        writer.writerows(_rows(request, f"{agency.id}:{FLOW}({VERSION})"))
    header = Header(
        id=identifier(f"SGB2_{request.auftragsnummer}"),
        prepared=request.datenstand.astimezone(dt.UTC),
        sender=agency,
        test=request.synthetic,
    )
    structure = folder / STRUCTURE
    artefacts = list(_artefacts(request, agency.id))
    text = write_sdmx(artefacts, Format.STRUCTURE_SDMX_ML_2_1, prettyprint=True, header=header)
    # The library calls every text English.
    german = str(text).replace('xml:lang="en"', 'xml:lang="de"')
    structure.write_text(german, encoding="utf-8", newline="\n")
    return [data, structure]


def identifier(text: str) -> str:
    """Return ``text`` as an SDMX identifier: other characters than letters, digits, _ and - become ``$<hex>$``.

    No two texts give the same identifier.
    """
    return re.sub(r"[^A-Za-z0-9_-]", lambda found: f"${ord(found.group()):X}$", text)


def _rows(request: ReportRequest, flow: str) -> Iterator[tuple[str, ...]]:
    for row in observations(request).zeilen:
        month, groesse, merkmal, auspraegung, wert, status, stand, *_ = row
        yield (
            "dataflow",
            flow,
            "I",
            "M",
            identifier(groesse),
            _breakdown(merkmal, auspraegung),
            month,
            wert or _MISSING,
            "A" if status == "ok" else "M",
            "C" if status == "geheim" else "F",
            stand or state_of(0),
        )


def _breakdown(merkmal: str, auspraegung: str) -> str:
    return identifier(merkmal if merkmal == auspraegung else f"{merkmal}-{auspraegung}")


def _artefacts(
    request: ReportRequest, agency: str
) -> Iterator[Codelist | ConceptScheme | DataStructureDefinition | Dataflow]:
    every = {**_CODELISTS, **_of_data(request)}
    lists = {name: _codelist(name, title, codes.items(), agency) for name, (title, codes) in every.items()}
    kinds = {"TIME_PERIOD": DataType.PERIOD, "OBS_VALUE": DataType.DECIMAL}
    concepts = {
        name: Concept(name, name=text, codes=lists.get(name), dtype=kinds.get(name, DataType.STRING))
        for name, text in _CONCEPTS.items()
    }
    roles = dict.fromkeys(_KEY, Role.DIMENSION) | {"OBS_VALUE": Role.MEASURE}
    components = Components(
        [
            Component(
                name,
                required=name != "OBS_VALUE",
                role=roles.get(name, Role.ATTRIBUTE),
                concept=ItemReference("Concept", agency, SCHEME, VERSION, name),
                local_codes=lists.get(name),
                local_dtype=kinds.get(name, DataType.STRING),
                attachment_level=None if name in roles else "O",
            )
            for name in concepts
        ]
    )
    yield from lists.values()
    yield ConceptScheme(SCHEME, name="Begriffe", agency=agency, version=VERSION, items=list(concepts.values()))
    structure = DataStructureDefinition(
        id=f"DSD_{FLOW}", name="Größen der Grundsicherung", agency=agency, version=VERSION, components=components
    )
    yield structure
    yield Dataflow(id=FLOW, name="Größen der Grundsicherung", agency=agency, version=VERSION, structure=structure)


def _of_data(request: ReportRequest) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the code lists of what the data holds: figures and breakdowns, in the order of their codes."""
    figures, breakdowns = {}, {}
    for row in observations(request).zeilen:
        _, groesse, merkmal, auspraegung, _, _, _, name, einheit, merkmal_name, auspraegung_name = row
        figures[identifier(groesse)] = f"{name} ({einheit})"
        breakdowns[_breakdown(merkmal, auspraegung)] = (
            merkmal_name if merkmal == auspraegung else f"{merkmal_name}: {auspraegung_name}"
        )
    return {
        "GROESSE": ("Statistische Größe", dict(sorted(figures.items()))),
        "GLIEDERUNG": ("Merkmal und Ausprägung", dict(sorted(breakdowns.items()))),
    }


def _codelist(name: str, title: str, codes: Iterable[tuple[str, str]], agency: str) -> Codelist:
    items = [Code(code, name=text) for code, text in codes]
    return Codelist(f"CL_{name}", name=title, agency=agency, version=VERSION, items=items)
