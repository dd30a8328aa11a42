"""The publication plan (``etl/parameter/veroeffentlichungsplan.yaml``): which tables and reports go to whom."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from etl import parameter
from etl.errors import UsageError
from etl.figures import katalog
from etl.figures.merkmale import MERKMALE


class Empfaengerkreis(StrEnum):
    """A circle of readers, from the narrowest to the widest."""

    DIENSTSTELLE = "dienststelle"
    LANDKREIS = "landkreis"
    OEFFENTLICHKEIT = "oeffentlichkeit"

    @property
    def geheimhaltung(self) -> bool:
        """Whether small counts are hidden from this circle."""
        return bool(_kreise()[self]["geheimhaltung"])

    def sees(self, other: Empfaengerkreis) -> bool:
        """Whether what is meant for ``other`` may be given to this circle: never what is meant for a narrower one."""
        order = list(Empfaengerkreis)
        return order.index(other) >= order.index(self)


@dataclass(frozen=True)
class Bericht:
    """A product: its code (a folder of the report), its title, and for whom it is written."""

    code: str
    titel: str
    kreise: tuple[Empfaengerkreis, ...]


@dataclass(frozen=True)
class Tabelle:
    """Figures by features for circles of readers. ``einheiten``: the figure that counts who stands behind a cell."""

    code: str
    titel: str
    merkmale: tuple[str, ...]
    groessen: tuple[str, ...]
    kreise: tuple[Empfaengerkreis, ...]
    einheiten: str | None = None

    @property
    def paare(self) -> Iterator[tuple[str, str]]:
        """Every (figure, feature) of the table."""
        return ((groesse, merkmal) for groesse in self.groessen for merkmal in self.merkmale)


def berichte() -> tuple[Bericht, ...]:
    """Return every product of the plan, in its order."""
    return tuple(
        Bericht(entry["code"], entry["titel"], tuple(map(Empfaengerkreis, entry["kreise"])))
        for entry in parameter.read("veroeffentlichungsplan")["berichte"]
    )


@cache
def tabellen() -> tuple[Tabelle, ...]:
    """Return every table of the plan; raise ``UsageError`` when one cannot be counted or not be protected."""
    entries = parameter.read("veroeffentlichungsplan")["tabellen"]
    tables = tuple(_tabelle(entry) for entry in entries)
    seen: dict[tuple[str, str], str] = {}
    for table in tables:
        for pair in table.paare:
            if pair in seen:
                raise _mistake(table, f"{pair[0]} nach {pair[1]} steht schon in der Tabelle „{seen[pair]}“.")
            seen[pair] = table.code
    return tables


def vorgesehen(kreis: Empfaengerkreis) -> frozenset[tuple[str, str]]:
    """Return every (figure, feature) that the circle may see: without secrets all there are, else those of the plan."""
    if not kreis.geheimhaltung:
        figures = katalog.load()
        return frozenset((code, m.name) for code in figures for m in MERKMALE[figures[code].grundgesamtheit])
    return frozenset(pair for table in tabellen() if kreis in table.kreise for pair in table.paare)


def kreis_titel(kreis: Empfaengerkreis) -> str:
    """Return what the plan calls the circle."""
    return str(_kreise()[kreis]["titel"])


def plan_sha256() -> str:
    """Return the SHA-256 of the plan's file."""
    return hashlib.sha256((parameter.FOLDER / "veroeffentlichungsplan.yaml").read_bytes()).hexdigest()


def _kreise() -> Mapping[str, Mapping[str, Any]]:
    return {entry["code"]: entry for entry in parameter.read("veroeffentlichungsplan")["empfaengerkreise"]}


def _tabelle(entry: Mapping[str, Any]) -> Tabelle:
    table = Tabelle(
        code=entry["code"],
        titel=entry["titel"],
        merkmale=tuple(entry["merkmale"]),
        groessen=tuple(entry["groessen"]),
        kreise=tuple(map(Empfaengerkreis, entry["kreise"])),
        einheiten=entry.get("einheiten"),
    )
    figures = katalog.load()
    behind = [(table.einheiten, merkmal) for merkmal in table.merkmale] if table.einheiten else []
    for groesse, merkmal in (*table.paare, *behind):
        if groesse not in figures:
            raise _mistake(table, f"Die Größe „{groesse}“ steht nicht im Katalog.")
        if merkmal not in {m.name for m in MERKMALE[figures[groesse].grundgesamtheit]}:
            raise _mistake(table, f"{groesse} wird nicht nach {merkmal} gezählt.")
    amounts = [groesse for groesse in table.groessen if figures[groesse].einheit == "EUR"]
    if amounts and table.einheiten is None:
        raise _mistake(
            table, f"Für den Betrag {amounts[0]} fehlt „einheiten“: die Größe, die zählt, wer dahintersteht."
        )
    return table


def _mistake(table: Tabelle, text: str) -> UsageError:
    return UsageError(
        f"Der Veröffentlichungsplan kann nicht verwendet werden: Tabelle „{table.code}“: {text}",
        hint="Die Datei ist etl/parameter/veroeffentlichungsplan.yaml.",
        abschnitt="yaml-datei",
    )
