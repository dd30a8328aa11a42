"""When a delivery waits for a person: it moves key figures beyond limits, or withdraws too many records.

The limits are ``etl/parameter/anhaltegrenzen.yaml``, as valid on the Datenstand.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from etl import contract, parameter
from etl.errors import HeldError
from etl.extract.archive import Archive
from etl.figures import katalog
from etl.monat import Monat
from etl.resources import SQL
from etl.zahlen import zahl

Totals = Mapping[tuple[Monat, str], Decimal | None]
"""(month, figure) to its total."""


@dataclass(frozen=True)
class Anlass:
    """Why a delivery waits: one German sentence per limit that is exceeded. Empty: it does not wait."""

    saetze: tuple[str, ...]

    @property
    def text(self) -> str:
        """All sentences, one per line."""
        return "\n".join(self.saetze)

    @property
    def sha256(self) -> str:
        """Names the occasion: a decision holds for exactly these sentences."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def require_none(self, reference: str) -> None:
        """Raise ``HeldError`` with every sentence and what to do, unless there is nothing to decide."""
        if self.saetze:
            lines = "\n".join(f"  {satz}" for satz in self.saetze)
            raise HeldError(
                f"Die Lieferung {reference} wartet auf eine Entscheidung; geladen wurde nichts.\n{lines}",
                hint="Prüfen, ob das stimmt. Wenn ja: „jobcenter resume --delivery "
                f"{reference} --by NAME --reason GRUND“ und den Befehl wiederholen. Wenn nein: neu liefern.",
            )


def occasion(new: Totals, loaded: Totals, withdrawn: tuple[int, int] | None, datenstand: dt.date) -> Anlass:
    """Return what exceeds the limits.

    ``new``: totals about to be loaded; ``loaded``: those of the newest earlier delivery; ``withdrawn``: records the
    previous delivery had and this one should have, and how many of them are missing (None: there is no previous one).
    """
    limits = parameter.read("anhaltegrenzen")
    valid = {name: parameter.valid(block["werte"], datenstand) for name, block in limits.items()}
    found = [*_revised(new, loaded, valid["stand"], valid["groessen"]["codes"])]
    newest = max((month for month, _ in new), default=None)
    if newest:
        before = {**loaded, **new}
        found += _jumps(newest, before, valid["vormonat"], valid["groessen"]["codes"])
    if withdrawn:
        found += _withdrawn(*withdrawn, valid["ruecknahme"])
    return Anlass(tuple(found))


def withdrawn(archive: Archive, previous: Archive | None) -> tuple[int, int] | None:
    """Return how many records of the previous delivery this one should have, and how many of them are missing."""
    if previous is None:
        return None
    with duckdb.connect() as engine:
        for name in contract.TABLES:
            engine.read_parquet(str(archive.parquet(name))).create_view(f"raw_{name}")
            engine.read_parquet(str(previous.parquet(name))).create_view(f"vor_{name}")
        row = engine.execute((SQL / "befunde" / "ruecknahme.sql").read_text(encoding="utf-8")).fetchone()
    saetze, fehlen = row or (0, 0)
    return int(saetze or 0), int(fehlen or 0)


def _revised(new: Totals, loaded: Totals, limit: Mapping[str, Any], codes: Sequence[str]) -> Iterator[str]:
    for month in sorted({month for month, _ in new}):
        for code in codes:
            change = _exceeds(new.get((month, code)), loaded.get((month, code)), limit, code)
            if change:
                yield f"{code} {month} war {change}."


def _jumps(month: Monat, totals: Totals, limit: Mapping[str, Any], codes: Sequence[str]) -> Iterator[str]:
    for code in codes:
        change = _exceeds(totals.get((month, code)), totals.get((month.shift(-1), code)), limit, code)
        if change:
            yield f"{code} {month} gegenüber dem Vormonat: {change}."


def _exceeds(new: Decimal | None, old: Decimal | None, limit: Mapping[str, Any], code: str) -> str | None:
    """Return the change in words when it exceeds the limit."""
    if new is None or old is None:
        return None
    euro = katalog.load()[code].einheit == "EUR"
    size = abs(new - old)
    share = Decimal(str(limit["prozent"])) / 100
    if size < limit["mindestens_euro" if euro else "mindestens"] or size <= share * abs(old):
        return None
    places = 2 if euro else 0
    return f"{_german(old, places)}, jetzt {_german(new, places)} (Grenze {_german(limit['prozent'])} Prozent)"


def _withdrawn(saetze: int, fehlen: int, limit: Mapping[str, Any]) -> Iterator[str]:
    if fehlen >= limit["mindestens"] and fehlen > Decimal(str(limit["prozent"])) / 100 * saetze:
        yield (
            f"{_german(fehlen)} von {_german(saetze)} Sätzen der vorigen Lieferung fehlen "
            f"(Grenze {_german(limit['prozent'])} Prozent)."
        )


def _german(number: Decimal | float, places: int = 0) -> str:
    exact = Decimal(str(number))
    return zahl(exact, places if exact % 1 == 0 or places else None)
