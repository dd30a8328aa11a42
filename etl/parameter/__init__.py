"""Dated parameters of the law and of the counting rules: YAML beside this file, each value with its source.

No other place holds a number of the law. ``tables()`` gives the parameters that SQL needs as tables named ``par_…``;
``entscheidung()`` and ``bezeichnung()`` give what held on a day. A value holds until the next one begins, and the first
one also for every earlier day: there is no older rule to use.

Every function reads the files of this package unless it is given another ``folder``: ``bundle()`` is what must be kept
to compute a month again by the law of its time. A file is checked whenever it is read (``etl/parameter/pruefung.py``);
one that cannot be used is a ``UsageError`` that says where and why.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from etl.errors import UsageError
from etl.parameter import pruefung

FOLDER = Path(__file__).parent
"""The parameter files that come with the program."""

NAMES = pruefung.NAMES
"""Every parameter file there must be, without ``.yaml``, in alphabetical order."""

WITHOUT_FIGURES = frozenset(
    {
        "anhaltegrenzen",
        "aufbewahrung",
        "bezeichnungen",
        "fristen",
        "geringfuegigkeit",
        "kindergeld",
        "mehrbedarf",
        "nowcast",
        "organisation",
        "pruefgrenzen",
        "regelbedarf",
        "schulbedarf",
        "veroeffentlichungsplan",
        "zielampel",
    }
)
"""Files that change no figure: what texts need, limits of the rules, when to wait for a person, what is kept how long,
what is published, how targets and expected values are judged, and levels that only the synthetic job centre uses."""

_EARLIEST = dt.date(1, 1, 1)
_LATEST = dt.date(9999, 12, 31)


@dataclass(frozen=True)
class Code:
    """One code of a closed classification and how a report writes it."""

    code: str
    titel: str


def read(name: str, folder: Path = FOLDER) -> Any:
    """Return the checked content of ``<name>.yaml``; dates are ``date``. Do not change it: it is kept."""
    return pruefung.checked(name, _content(name, folder))


def codes(classification: str, folder: Path = FOLDER) -> tuple[Code, ...]:
    """Return the codes of a classification in ``merkmale.yaml`` or a file of its own, in the order of the list."""
    lists = read("merkmale", folder)
    entries = (lists[classification] if classification in lists else read(classification, folder))["werte"]
    return tuple(Code(entry["code"], entry["titel"]) for entry in entries)


def entscheidung(name: str, tag: dt.date, folder: Path = FOLDER) -> int | str:
    """Return how the open point ``name`` (D1 to D20 of the handbook) is decided on ``tag``; a switch is a ``bool``."""
    value: int | str = valid(read("entscheidungen", folder)[name]["werte"], tag)["wert"]
    return value


def zaehlregel(name: str, tag: dt.date, folder: Path = FOLDER) -> int:
    """Return the number of a counting rule (``zaehlregeln.yaml``) on ``tag``, in the unit that the file names."""
    return int(valid(read("zaehlregeln", folder)[name]["werte"], tag)["wert"])


def bezeichnung(name: str, tag: dt.date, folder: Path = FOLDER) -> str:
    """Return what the law calls ``name`` on ``tag``, such as ``leistung``: Bürgergeld in 2024."""
    value: str = valid(read("bezeichnungen", folder)[name]["werte"], tag)["wert"]
    return value


def pruefgrenzen(tag: dt.date, folder: Path = FOLDER) -> Mapping[str, Decimal]:
    """Return the limits of the rules in ``expectations/`` on ``tag``, by name, in the unit that the file names."""
    limits = read("pruefgrenzen", folder)
    return {name: Decimal(str(valid(limit["werte"], tag)["wert"])) for name, limit in limits.items()}


def tables(folder: Path = FOLDER) -> Mapping[str, pa.Table]:
    """Return the parameter tables that the SQL in ``sql/`` and ``expectations/`` reads, by name."""
    merkmale = read("merkmale", folder)
    altersgrenzen = read("altersgrenze", folder)["werte"]
    # A class without bounds is one of persons whose duration is not known: nothing is sorted into it by days.
    dauern = [entry for entry in merkmale["verweildauern"]["werte"] if "von" in entry]
    return {
        "par_zaehlregel": _zaehlregeln(folder),
        "par_altersgrenze": _rows(altersgrenzen, ("geboren_ab", "geboren_bis", "jahre", "monate")),
        "par_leistungsart": _leistungsarten(folder),
        "par_altersgruppe": _rows(merkmale["altersgruppen"]["werte"], ("code", "von", "bis")),
        "par_staatsangehoerigkeit": _staatsangehoerigkeiten(folder),
        "par_instrument": _instrumente(folder),
        "par_erwerbsart": _erwerbsarten(folder),
        "par_verweildauer": _rows(dauern, ("code", "von", "bis")),
        "par_minderungsregel": _minderungsregeln(folder),
    }


def fingerprint(folder: Path = FOLDER) -> str:
    """Hash of the files of ``bundle()``: results with one fingerprint were computed by the same law."""
    return fingerprint_of(bundle(folder))


def fingerprint_of(files: Mapping[str, bytes]) -> str:
    """Hash of kept files of a ``bundle()``, given by name in any order."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()


def kept_tables(files: Mapping[str, str]) -> Mapping[str, pa.Table]:
    """Return ``tables()`` of kept files of a ``bundle()`` (name to text): the law of their time."""
    with TemporaryDirectory(prefix="jobcenter-") as folder:
        for name, text in files.items():
            (Path(folder) / name).write_bytes(text.encode())
        return tables(Path(folder))


def bundle(folder: Path = FOLDER) -> Mapping[str, bytes]:
    """Return the files that figures and rules depend on, by name; written to a folder they are the law of today."""
    return {f"{name}.yaml": _content(name, folder) for name in NAMES if name not in WITHOUT_FIGURES}


def _content(name: str, folder: Path) -> bytes:
    path = folder / f"{name}.yaml"
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"Die Parameterdatei {path.name} kann nicht gelesen werden ({error.strerror}).",
            hint=f"Gesucht in {folder}.",
            abschnitt="yaml-datei",
        ) from None


def valid(werte: Sequence[Mapping[str, Any]], tag: dt.date) -> Mapping[str, Any]:
    """Return the entry of a dated list that holds on ``tag``."""
    return next((wert for wert in reversed(werte) if wert["gueltig_ab"] <= tag), werte[0])


def _periods(werte: Sequence[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """Yield every entry with its first and last day; the first one reaches back to the beginning of time."""
    starts = [wert["gueltig_ab"] for wert in werte]
    firsts = [_EARLIEST, *starts[1:]]
    lasts = [*(start - dt.timedelta(days=1) for start in starts[1:]), _LATEST]
    for wert, first, last in zip(werte, firsts, lasts, strict=True):
        yield {**wert, "gueltig_ab": first, "gueltig_bis": last}


def _rows(entries: Iterable[Mapping[str, Any]], names: Sequence[str]) -> pa.Table:
    rows = list(entries)
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def _zaehlregeln(folder: Path) -> pa.Table:
    """Return one row per parameter and period. A decision that is a switch is 1 or 0."""
    decisions = read("entscheidungen", folder)
    rows = [
        {**period, "name": name, "wert": int(period["wert"])}
        for name, rule in read("zaehlregeln", folder).items()
        for period in _periods(rule["werte"] if "werte" in rule else decisions[rule["entscheidung"]]["werte"])
    ]
    return _rows(rows, ("name", "gueltig_ab", "gueltig_bis", "wert"))


def _leistungsarten(folder: Path) -> pa.Table:
    entries = read("leistungsarten", folder)["werte"]
    sums = {name: [name in entry["summen"] for entry in entries] for name in ("grl", "llu", "luh")}
    return pa.table({"leistungsart": [entry["code"] for entry in entries], **sums})


def _staatsangehoerigkeiten(folder: Path) -> pa.Table:
    bounds = {"gueltig_ab": _EARLIEST, "gueltig_bis": _LATEST}
    rows = [
        {**bounds, **period, "schluessel": key, "code": group["code"]}
        for group in read("merkmale", folder)["staatsangehoerigkeiten"]["werte"]
        for key, period in group["schluessel"].items()
    ]
    return _rows(rows, ("schluessel", "code", "gueltig_ab", "gueltig_bis"))


def _instrumente(folder: Path) -> pa.Table:
    """Return one row per instrument and period of the day on which the support began."""
    rows = [
        {**period, "instrument": entry["code"], "foerderung_ab": entry.get("foerderung_ab", _EARLIEST)}
        for entry in read("instrumente", folder)["werte"]
        for period in _periods(entry["perioden"])
    ]
    flags = ("aktiv", "oeffentlich_gefoerdert", "einmalig")
    return _rows(rows, ("instrument", "gueltig_ab", "gueltig_bis", *flags, "foerderung_ab"))


def _erwerbsarten(folder: Path) -> pa.Table:
    entries = [{**entry, "art": entry["code"]} for entry in read("erwerbsarten", folder)["werte"]]
    return _rows(entries, ("art", "integration", "svp", "geringfuegig"))


def _minderungsregeln(folder: Path) -> pa.Table:
    """Return one row per state of the law, kind of breach, step and age group (bounds NULL: every age)."""
    rows = [
        {**period, **breach, **step, "grund": grund}
        for period in _periods(read("minderungsregeln", folder)["werte"])
        for grund, breach in period["gruende"].items()
        for step in breach["stufen"]
    ]
    step_columns = ("stufe", "alter_ab", "alter_bis", "prozent", "monate", "mit_unterkunft")
    return _rows(rows, ("grund", "gueltig_ab", "gueltig_bis", "ausgesetzt", *step_columns, "hoechstens_prozent"))
