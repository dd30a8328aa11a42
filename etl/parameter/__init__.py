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


Files = Mapping[str, str]
"""Parameter files by name, as text: a state of the law that can be kept and computed with again."""

COUNTED = (
    "altersgrenze", "entscheidungen", "erwerbsarten", "instrumente", "leistungsarten", "merkmale", "zaehlregeln",
)  # fmt: skip
"""The files that decide figures. The others name things or set the level of invented data."""


@cache
def read(name: str) -> Any:
    """Return the content of ``<name>.yaml``."""
    return yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def bundle() -> Files:
    """Return the files that decide figures, as text."""
    return {f"{name}.yaml": (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8") for name in COUNTED}


def entscheidung(name: str, tag: dt.date) -> Any:
    """Return how an open point of the definitions (``D1`` … ``D20``) is decided on a day."""
    return _valid(read("entscheidungen")[name]["werte"], tag)["wert"]


def bezeichnung(name: str, tag: dt.date) -> str:
    """Return what the law calls something on a day, such as ``leistung``."""
    return str(_valid(read("bezeichnungen")[name]["werte"], tag)["wert"])


def _valid(values: Sequence[Mapping[str, Any]], tag: dt.date) -> Mapping[str, Any]:
    """Return the entry that holds on a day: the last one that has begun, the first one also for every earlier day."""
    begun = [value for value in values if value["gueltig_ab"] <= tag]
    return begun[-1] if begun else values[0]


@dataclass(frozen=True)
class Code:
    """One code of a closed classification and how a report writes it."""

    code: str
    titel: str


def codes(classification: str) -> tuple[Code, ...]:
    """Return the codes of a classification in ``merkmale.yaml`` or a file of its own, in the order of the list."""
    lists = read("merkmale")
    entries = (lists[classification] if classification in lists else read(classification))["werte"]
    return tuple(Code(str(entry["code"]), entry["titel"]) for entry in entries)


def tables(files: Files | None = None) -> Mapping[str, pa.Table]:
    """Return the parameter tables that the SQL in ``sql/`` reads, by name; of an earlier state where it is given."""

    def content(name: str) -> Any:
        return read(name) if files is None else yaml.safe_load(files[f"{name}.yaml"])

    merkmale = content("merkmale")
    return {
        "par_zaehlregel": _zaehlregeln(content("zaehlregeln"), content("entscheidungen")),
        "par_altersgrenze": _rows(content("altersgrenze")["werte"], ("geboren_ab", "geboren_bis", "jahre", "monate")),
        "par_leistungsart": _leistungsarten(content("leistungsarten")["werte"]),
        "par_altersgruppe": _rows(merkmale["altersgruppen"]["werte"], ("code", "von", "bis")),
        "par_staatsangehoerigkeit": _staatsangehoerigkeiten(merkmale["staatsangehoerigkeiten"]["werte"]),
        "par_instrument": _instrumente(content("instrumente")["werte"]),
        "par_erwerbsart": _erwerbsarten(content("erwerbsarten")["werte"]),
        "par_verweildauer": _verweildauern(merkmale["verweildauern"]["werte"]),
    }


def fingerprint() -> str:
    """Hash of the files that decide figures: two results with one fingerprint were computed by the same law."""
    digest = hashlib.sha256()
    for name, text in sorted(bundle().items()):
        digest.update(name.encode() + b"\0" + text.encode() + b"\0")
    return digest.hexdigest()


def _rows(entries: Sequence[Mapping[str, Any]], names: Sequence[str]) -> pa.Table:
    return pa.table({name: [entry[name] for entry in entries] for name in names})


def _periods(values: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], dt.date, dt.date]]:
    """Return each dated value with its first and last day; a value holds until the next one begins.

    What holds from the first date on is also used for earlier days: there is no older rule to use.
    """
    starts = [value["gueltig_ab"] for value in values]
    untils = [start - dt.timedelta(days=1) for start in starts[1:]] + [_LATEST]
    return list(zip(values, [_EARLIEST, *starts[1:]], untils, strict=True))


def _zaehlregeln(rules: Mapping[str, Any], decisions: Mapping[str, Any]) -> pa.Table:
    """Return one row per parameter and period; a switch is 1 or 0."""
    rows: list[dict[str, object]] = []
    for name, rule in rules.items():
        values = decisions[rule["entscheidung"]]["werte"] if "entscheidung" in rule else rule["werte"]
        for value, first, last in _periods(values):
            rows.append({"name": name, "gueltig_ab": first, "gueltig_bis": last, "wert": int(value["wert"])})
    return _rows(rows, ("name", "gueltig_ab", "gueltig_bis", "wert"))


def _leistungsarten(entries: Sequence[Mapping[str, Any]]) -> pa.Table:
    sums = {name: [name in entry["summen"] for entry in entries] for name in ("grl", "llu", "luh")}
    return pa.table({"leistungsart": [entry["code"] for entry in entries], **sums})


def _staatsangehoerigkeiten(groups: Sequence[Mapping[str, Any]]) -> pa.Table:
    rows = [
        {
            "schluessel": key,
            "code": group["code"],
            "gueltig_ab": period.get("gueltig_ab", _EARLIEST),
            "gueltig_bis": period.get("gueltig_bis", _LATEST),
        }
        for group in groups
        for key, period in group["schluessel"].items()
    ]
    return _rows(rows, ("schluessel", "code", "gueltig_ab", "gueltig_bis"))


def _instrumente(instruments: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return one row per instrument and period of the day on which the support began."""
    flags = ("aktiv", "oeffentlich_gefoerdert", "einmalig")
    rows = [
        {"instrument": entry["code"], "gueltig_ab": first, "gueltig_bis": last, **{flag: value[flag] for flag in flags}}
        for entry in instruments
        for value, first, last in _periods(entry["perioden"])
    ]
    return _rows(rows, ("instrument", "gueltig_ab", "gueltig_bis", *flags))


def _erwerbsarten(entries: Sequence[Mapping[str, Any]]) -> pa.Table:
    rows = [{**entry, "art": entry["code"]} for entry in entries]
    return _rows(rows, ("art", "integration", "svp", "geringfuegig"))


def _verweildauern(entries: Sequence[Mapping[str, Any]]) -> pa.Table:
    return _rows([entry for entry in entries if "von" in entry], ("code", "von", "bis"))
