"""Metadata for data portals: one DCAT-AP.de dataset with its distributions, as JSON-LD.

Files are named relative to the document, so that the description is right wherever the folder is published. What only
the publisher knows (the contributorID that GovData assigned, a contact) is taken from the settings and left out, never
invented, where it is not on record.
Sources: DCAT-AP.de 2.0 (dcat-ap.de/def/dcatde/2.0/spec); Konventionenhandbuch 2.0; vocabularies of the EU Publications
Office for theme, file type, frequency and language.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from etl.monat import Monat
from etl.report.model import ReportRequest, gebiet
from etl.report.opendata.dateien import sha256
from etl.report.opendata.tabelle import Tabelle, lizenz
from etl.report.sheets.common import SYNTHETISCH, herausgeber, hinweis, kurzdatum

NAME = "dcat-ap-de.jsonld"
_EU = "http://publications.europa.eu/resource/authority"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_FILE_TYPES = {".csv": ("CSV", "text/csv"), ".parquet": ("PARQUET", "application/vnd.apache.parquet")}
Node = dict[str, object]


def write(request: ReportRequest, folder: Path, tables: Sequence[tuple[Tabelle, Sequence[Path]]]) -> Path:
    """Write the metadata of the tables and their files."""
    files = [(table, path) for table, paths in tables for path in paths]
    graph = [_dataset(request, files), *(_distribution(request, table, path) for table, path in files)]
    path = folder / NAME
    text = json.dumps({"@context": _CONTEXT, "@graph": graph}, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def _dataset(request: ReportRequest, files: Sequence[tuple[Tabelle, Path]]) -> Node:
    area, day = gebiet(), kurzdatum(request.datenstand).isoformat()
    notice = f"{SYNTHETISCH}. {hinweis(request)}." if request.synthetic else f"{hinweis(request)}."
    texts = dict.fromkeys(table.beschreibung for table, _ in files)
    dataset: Node = {
        "@id": "#datensatz",
        "@type": "dcat:Dataset",
        "dct:identifier": request.auftragsnummer,
        "dct:title": _german(f"Grundsicherung für Arbeitsuchende (SGB II), {area.name}, {request.berichtsmonat.name}"),
        "dct:description": _german(f"{notice} {' '.join(texts)}"),
        "dcat:keyword": [_german(word) for word in ("SGB II", "Grundsicherung", "Jobcenter", area.name)],
        "dcat:theme": {"@id": f"{_EU}/data-theme/SOCI"},
        "dct:language": {"@id": f"{_EU}/language/DEU"},
        "dct:accrualPeriodicity": {"@id": f"{_EU}/frequency/MONTHLY"},
        "dct:issued": _typed(day, "date"),
        "dct:modified": _typed(day, "date"),
        "dct:publisher": {"@id": "#herausgeber", "@type": "foaf:Organization", "foaf:name": herausgeber(request)},
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed(_first_month(request).first_day.isoformat(), "date"),
            "dcat:endDate": _typed(request.berichtsmonat.last_day.isoformat(), "date"),
        },
        "dcatde:politicalGeocodingLevelURI": {
            "@id": "http://dcat-ap.de/def/politicalGeocoding/Level/administrativeDistrict"
        },
        "dcatde:politicalGeocodingURI": {
            "@id": f"http://dcat-ap.de/def/politicalGeocoding/districtKey/{area.schluessel}"
        },
        "dcatde:legalBasis": _german("§ 53 SGB II"),
        "dcat:distribution": [{"@id": f"#{path.name}"} for _, path in files],
    }
    return dataset | _known(request)


def _known(request: ReportRequest) -> Node:
    """Return what the settings say of the publisher."""
    known: Node = {}
    if identifier := request.impressum.get("contributor_id", "").strip():
        known["dcatde:contributorID"] = {"@id": identifier}
    if email := request.impressum.get("email", "").strip():
        contact: Node = {"@type": "vcard:Organization", "vcard:fn": herausgeber(request)}
        known["dcat:contactPoint"] = contact | {"vcard:hasEmail": {"@id": f"mailto:{email}"}}
    return known


def _distribution(request: ReportRequest, table: Tabelle, path: Path) -> Node:
    kind, media = _FILE_TYPES[path.suffix]
    licence = lizenz()
    return {
        "@id": f"#{path.name}",
        "@type": "dcat:Distribution",
        "dct:title": _german(f"{table.titel} ({kind})"),
        "dct:description": _german(table.beschreibung),
        "dcat:accessURL": {"@id": path.name},
        "dcat:downloadURL": {"@id": path.name},
        "dct:format": {"@id": f"{_EU}/file-type/{kind}"},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
        "dcat:byteSize": _typed(str(path.stat().st_size), "decimal"),
        "dct:license": {"@id": licence.dcat},
        "dcatde:licenseAttributionByText": _german(f"{herausgeber(request)}, {request.berichtsmonat.name}"),
        "dct:modified": _typed(kurzdatum(request.datenstand).isoformat(), "date"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(sha256(path), "hexBinary"),
        },
    }


def _first_month(request: ReportRequest) -> Monat:
    return min((Monat.parse(month) for month in set(request.cells["berichtsmonat"])), default=request.berichtsmonat)


def _german(text: str) -> Node:
    return {"@value": text, "@language": "de"}


def _typed(value: str, kind: str) -> Node:
    return {"@value": value, "@type": f"xsd:{kind}"}
