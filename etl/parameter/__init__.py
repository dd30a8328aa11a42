"""Dated parameters of the law and of the counting rules: YAML beside this file, each value with its source.

No other place holds a number of the law. ``tables()`` gives the parameters that SQL needs as tables named ``par_…``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

_FOLDER = Path(__file__).parent
_EARLIEST = dt.date(1, 1, 1)
_LATEST = dt.date(9999, 12, 31)


@cache
def read(name: str) -> Any:
    """Return the content of ``<name>.yaml``."""
    return yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Code:
    """One code of a closed classification and how a report writes it."""

    code: str
    titel: str


def codes(classification: str) -> tuple[Code, ...]:
    """Return the codes of a classification in ``merkmale.yaml``, in the order of the list."""
    return tuple(Code(str(entry["code"]), entry["titel"]) for entry in read("merkmale")[classification]["werte"])


def tables() -> Mapping[str, pa.Table]:
    """Return the parameter tables that the SQL in ``sql/`` reads, by name."""
    return {
        "par_zaehlregel": _zaehlregeln(),
        "par_altersgrenze": _rows(read("altersgrenze")["werte"], ("geboren_ab", "geboren_bis", "jahre", "monate")),
        "par_leistungsart": _leistungsarten(),
        "par_altersgruppe": _rows(read("merkmale")["altersgruppen"]["werte"], ("code", "von", "bis")),
        "par_staatsangehoerigkeit": _staatsangehoerigkeiten(),
    }


def fingerprint() -> str:
    """Hash of all parameter files: two results with one fingerprint were computed by the same law."""
    digest = hashlib.sha256()
    for path in sorted(_FOLDER.glob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _rows(entries: Sequence[Mapping[str, Any]], names: Sequence[str]) -> pa.Table:
    return pa.table({name: [entry[name] for entry in entries] for name in names})


def _zaehlregeln() -> pa.Table:
    """Return one row per parameter and period; a value holds until the next one begins."""
    rows: list[dict[str, object]] = []
    for name, parameter in read("zaehlregeln").items():
        starts = [value["gueltig_ab"] for value in parameter["werte"]]
        # What holds from the first date on is also used for earlier months: there is no older rule to use.
        froms = [_EARLIEST, *starts[1:]]
        untils = [start - dt.timedelta(days=1) for start in starts[1:]] + [_LATEST]
        for value, first, last in zip(parameter["werte"], froms, untils, strict=True):
            rows.append({"name": name, "gueltig_ab": first, "gueltig_bis": last, "wert": value["wert"]})
    return _rows(rows, ("name", "gueltig_ab", "gueltig_bis", "wert"))


def _leistungsarten() -> pa.Table:
    entries = read("leistungsarten")["werte"]
    sums = {name: [name in entry["summen"] for entry in entries] for name in ("grl", "llu", "luh")}
    return pa.table({"leistungsart": [entry["code"] for entry in entries], **sums})


def _staatsangehoerigkeiten() -> pa.Table:
    rows = [
        {
            "schluessel": key,
            "code": group["code"],
            "gueltig_ab": period.get("gueltig_ab", _EARLIEST),
            "gueltig_bis": period.get("gueltig_bis", _LATEST),
        }
        for group in read("merkmale")["staatsangehoerigkeiten"]["werte"]
        for key, period in group["schluessel"].items()
    ]
    return _rows(rows, ("schluessel", "code", "gueltig_ab", "gueltig_bis"))
