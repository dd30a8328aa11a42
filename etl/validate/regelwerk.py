"""The rules: one suite per file in ``expectations/``, in the shape of Great Expectations' own suite configuration.

The loader is strict, because Great Expectations is not: a misspelt type or key there shortens a suite silently.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Literal, cast

import yaml

from etl import contract, parameter
from etl.errors import JobcenterError
from etl.validate.archiv_sql import PARAMETER, Frage
from etl.zahlen import zahl

FOLDER = Path(__file__).resolve().parents[2] / "expectations"
SUITE_LIEFERUNG = "lieferung"
"""The suite of rules across tables; every other suite is named like its table."""

SICHTEN = "sichten.sql"
"""Intermediate tables that several rules read."""

SQL_REGEL = "expect_archive_query_to_return_no_rows"
"""Type of a rule that is written as the SQL of the violating rows (see ``etl/validate/sql_regel.py``)."""

Schwere = Literal["critical", "warning", "info"]
SCHWEREN: tuple[Schwere, ...] = ("critical", "warning", "info")

FOLGE: Mapping[Schwere, str] = {"critical": "hält alles an", "warning": "sperrt die Freigabe", "info": "Hinweis"}
"""What a violated rule leads to, in the words that a person reads."""

_TEXT_FELDER = ("titel", "quelle", "befund", "erwartet", "behebt")
_META = frozenset({"id", "figuren", "grenzen", "gueltig_ab", "gueltig_bis", *_TEXT_FELDER})
_REGEL_ID = re.compile(r"[A-Z]{2,3}-\d{3}")
_ANZAHLEN = frozenset({"geprueft", "verletzt"})
_TAGE = frozenset({"gueltig_ab", "gueltig_bis"})


class RegelwerkError(JobcenterError):
    """A file in ``expectations/`` cannot be used. Nothing was validated."""

    abschnitt = "regelwerk-fehlerhaft"


@dataclass(frozen=True)
class Regel:
    """One rule. ``kwargs`` belong to its expectation type, everything else says what the rule means.

    ``titel``, ``befund`` and ``erwartet`` may name limits as ``{name}``; ``am`` gives the rule with their values.
    """

    suite: str
    regel_id: str
    typ: str
    kwargs: Mapping[str, object]
    schwere: Schwere
    titel: str
    quelle: str
    befund: str
    erwartet: str
    behebt: str
    grenzen: tuple[str, ...]
    figuren: tuple[str, ...]
    gueltig_ab: dt.date | None
    gueltig_bis: dt.date | None

    @property
    def spalten(self) -> tuple[str, ...]:
        """Columns of the table that the expectation looks at; none for a rule written in SQL."""
        einzeln = [self.kwargs[key] for key in ("column", "column_A", "column_B") if key in self.kwargs]
        liste = cast(Sequence[str], self.kwargs.get("column_list", ()))
        return (*(str(name) for name in einzeln), *liste)

    @property
    def frage(self) -> Frage:
        """What a rule written in SQL asks. Its dates are values of ``$gueltig_ab`` and ``$gueltig_bis``."""
        dates = {"gueltig_ab": self.gueltig_ab, "gueltig_bis": self.gueltig_bis}
        return Frage(
            verletzungen=str(self.kwargs["verletzungen"]),
            grundgesamtheit=str(self.kwargs["grundgesamtheit"]),
            werte={name: day.isoformat() for name, day in dates.items() if day},
        )

    def am(self, datenstand: dt.date) -> Regel:
        """Return the rule as it reads for data of that day: limits with their values, counts still to be filled in."""
        limits = parameter.pruefgrenzen(datenstand)
        values = {name: zahl(limits[name]) for name in self.grenzen} | {name: f"{{{name}}}" for name in _ANZAHLEN}
        return replace(
            self,
            titel=self.titel.format(**values),
            befund=self.befund.format(**values),
            erwartet=self.erwartet.format(**values),
        )


@dataclass(frozen=True)
class Suite:
    """The rules of one file; ``konfiguration`` is what Great Expectations is given."""

    name: str
    konfiguration: Mapping[str, object]
    regeln: tuple[Regel, ...]


@dataclass(frozen=True)
class Regelwerk:
    """All suites, in the order of the contract, the cross-table suite last."""

    suiten: tuple[Suite, ...]
    sichten_sql: str
    sha256: str

    @property
    def regeln(self) -> tuple[Regel, ...]:
        """Every rule in the order of the files."""
        return tuple(regel for suite in self.suiten for regel in suite.regeln)

    def regel(self, regel_id: str) -> Regel:
        """Return one rule; raises ``RegelwerkError`` when there is none of that id."""
        for regel in self.regeln:
            if regel.regel_id == regel_id:
                return regel
        raise RegelwerkError(f"Eine Regel „{regel_id}“ gibt es nicht.")


def load(folder: Path = FOLDER) -> Regelwerk:
    """Read every suite in ``folder``; raises ``RegelwerkError`` naming the file and the rule."""
    suiten = tuple(_suite(folder, name) for name in (*contract.TABLES, SUITE_LIEFERUNG))
    herkunft: dict[str, str] = {}
    for regel in (regel for suite in suiten for regel in suite.regeln):
        if regel.regel_id in herkunft:
            raise RegelwerkError(
                f"{regel.suite}.yaml: Die Regel {regel.regel_id} steht schon in {herkunft[regel.regel_id]}.yaml.",
                hint="Jede Regel braucht eine eigene Kennung, die nie neu vergeben wird.",
            )
        herkunft[regel.regel_id] = regel.suite
    fremd = sorted({path.stem for path in folder.glob("*.yaml")} - {suite.name for suite in suiten})
    if fremd:
        raise RegelwerkError(f"{fremd[0]}.yaml gehört zu keiner Tabelle des Quellvertrags.")
    return Regelwerk(suiten, (folder / SICHTEN).read_text(encoding="utf-8"), _sha256(folder))


def _sha256(folder: Path) -> str:
    """Hash everything that decides a result: rules, parameters of the law, this code, engines."""
    digest = hashlib.sha256()
    files = [*sorted(folder.glob("*.yaml")), folder / SICHTEN, *sorted(Path(__file__).parent.glob("*.py"))]
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    for package in ("great-expectations", "duckdb", "pandas", "pyarrow"):
        digest.update(f"{package}=={version(package)}\0".encode())
    digest.update(parameter.fingerprint().encode())
    digest.update((parameter.FOLDER / "pruefgrenzen.yaml").read_bytes())
    return digest.hexdigest()


def _suite(folder: Path, name: str) -> Suite:
    path = folder / f"{name}.yaml"
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RegelwerkError(f"Die Regeldatei {path.name} fehlt.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", Zeile {mark.line + 1}" if mark else ""
        raise RegelwerkError(f"{path.name}{place}: kein gültiges YAML.") from None
    if not isinstance(raw, dict) or set(raw) != {"name", "meta", "expectations"}:
        raise RegelwerkError(f"{path.name}: erwartet werden genau name, meta und expectations.")
    if raw["name"] != name:
        raise RegelwerkError(f"{path.name}: name muss „{name}“ sein, wie die Datei.")
    if not isinstance(raw["expectations"], list) or not raw["expectations"]:
        raise RegelwerkError(f"{path.name}: expectations ist leer oder keine Liste.")
    regeln = tuple(_regel(name, number, entry) for number, entry in enumerate(raw["expectations"], start=1))
    return Suite(name, MappingProxyType(raw), regeln)


def _regel(suite: str, number: int, entry: object) -> Regel:
    if not isinstance(entry, dict) or set(entry) != {"type", "kwargs", "severity", "meta"}:
        raise RegelwerkError(f"{suite}.yaml, Eintrag {number}: erwartet werden genau type, kwargs, severity und meta.")
    meta = entry["meta"]
    if not isinstance(meta, dict) or not _REGEL_ID.fullmatch(str(meta.get("id", ""))):
        raise RegelwerkError(f"{suite}.yaml, Eintrag {number}: meta.id fehlt oder hat nicht die Form ABC-001.")
    place = f"{suite}.yaml, Regel {meta['id']}"
    unknown = sorted(set(meta) - _META)
    if unknown:
        raise RegelwerkError(f"{place}: meta kennt kein Feld „{unknown[0]}“.")
    for field in _TEXT_FELDER:
        if not isinstance(meta.get(field), str) or not meta[field].strip():
            raise RegelwerkError(f"{place}: meta.{field} fehlt.")
    if entry["severity"] not in SCHWEREN:
        raise RegelwerkError(f"{place}: severity muss critical, warning oder info sein.")
    if not isinstance(entry["kwargs"], dict):
        raise RegelwerkError(f"{place}: kwargs ist keine Zuordnung.")
    grenzen = _liste(place, meta, "grenzen", default=[])
    _check_texts(place, meta, grenzen)
    _check_sql(place, entry, grenzen)
    regel = Regel(
        suite=suite,
        regel_id=meta["id"],
        typ=str(entry["type"]),
        kwargs=MappingProxyType(entry["kwargs"]),
        schwere=entry["severity"],
        figuren=_liste(place, meta, "figuren"),
        grenzen=grenzen,
        gueltig_ab=_tag(place, meta, "gueltig_ab"),
        gueltig_bis=_tag(place, meta, "gueltig_bis"),
        **{field: meta[field].strip() for field in _TEXT_FELDER},
    )
    foreign = [name for name in regel.spalten if name not in _columns(suite)]
    if foreign:
        raise RegelwerkError(f"{place}: die Tabelle {suite} hat keine Spalte „{foreign[0]}“.")
    return regel


def _columns(suite: str) -> tuple[str, ...]:
    return contract.TABLES[suite].column_names if suite in contract.TABLES else ()


def _check_sql(place: str, entry: Mapping[str, object], grenzen: tuple[str, ...]) -> None:
    """The SQL uses the limits and days that ``meta`` names, all of the limits and nothing else."""
    kwargs = cast(Mapping[str, object], entry["kwargs"])
    if entry["type"] != SQL_REGEL:
        if grenzen:
            raise RegelwerkError(f"{place}: meta.grenzen gibt es nur für Regeln in SQL.")
        return
    if set(kwargs) != {"verletzungen", "grundgesamtheit"}:
        raise RegelwerkError(f"{place}: eine SQL-Regel hat genau verletzungen und grundgesamtheit.")
    used = {name for sql in kwargs.values() for name in PARAMETER.findall(str(sql))}
    days = {name for name in _TAGE if name in cast(Mapping[str, object], entry["meta"])}
    for name in sorted(set(grenzen) - used):
        raise RegelwerkError(f"{place}: die Grenze „{name}“ kommt im SQL nicht vor.")
    for name in sorted(used - set(grenzen) - days):
        raise RegelwerkError(f"{place}: „${name}“ im SQL steht nicht in meta.")


def _liste(place: str, meta: Mapping[str, object], field: str, default: object = None) -> tuple[str, ...]:
    liste = meta.get(field, default)
    if not isinstance(liste, list) or not all(isinstance(name, str) for name in liste):
        raise RegelwerkError(f"{place}: meta.{field} muss eine Liste von Kürzeln sein (leer, wenn keine).")
    return tuple(liste)


def _tag(place: str, meta: Mapping[str, object], field: str) -> dt.date | None:
    """Dates are text in the file: Great Expectations keeps ``meta`` as JSON."""
    value = meta.get(field)
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(cast(str, value))
    except (TypeError, ValueError):
        raise RegelwerkError(f"{place}: meta.{field} muss ein Tag in Anführungszeichen sein.") from None


def _check_texts(place: str, meta: Mapping[str, object], grenzen: tuple[str, ...]) -> None:
    """The texts name only limits of the rule that exist, and ``befund`` the number of violations."""
    unknown = sorted(set(grenzen) - set(parameter.read("pruefgrenzen")))
    if unknown:
        raise RegelwerkError(f"{place}: pruefgrenzen.yaml kennt keine Grenze „{unknown[0]}“.")
    if "verletzt" not in _fields(meta["befund"]) or not _fields(meta["befund"]) <= {*_ANZAHLEN, *grenzen}:
        raise RegelwerkError(f"{place}: meta.befund nennt {{verletzt}}, {{geprueft}} und Grenzen der Regel.")
    for field in ("titel", "erwartet"):
        if not _fields(meta[field]) <= set(grenzen):
            raise RegelwerkError(f"{place}: meta.{field} nennt in Klammern nur Grenzen der Regel.")


def _fields(template: object) -> set[str]:
    try:
        return {field for _, field, _, _ in Formatter().parse(str(template)) if field is not None}
    except ValueError:
        return {"?"}
