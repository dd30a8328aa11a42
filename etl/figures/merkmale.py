"""Tables of figures: by which features (Merkmale) each kind of figure is broken down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from etl import parameter
from etl.figures.katalog import Population

INSGESAMT = "INSGESAMT"
"""Name of the table without breakdown, and of its one cell."""


@dataclass(frozen=True)
class Merkmal:
    """One table: its name, the SQL of its cells' codes, and the codes that are always there (closed lists)."""

    name: str
    sql: str
    codes: tuple[str, ...] = ()


def _codes(classification: str) -> tuple[str, ...]:
    return tuple(code.code for code in parameter.codes(classification))


_TOTAL = Merkmal(INSGESAMT, f"'{INSGESAMT}'", (INSGESAMT,))
_GESCHLECHT = Merkmal("GESCHLECHT", "geschlecht", _codes("geschlechter"))
_ALTER = Merkmal("ALTER", "alter", _codes("altersgruppen"))
_NATION = Merkmal("STAATSANGEHOERIGKEIT", "staatsangehoerigkeit", _codes("staatsangehoerigkeiten"))
_BG_TYP = Merkmal("BG_TYP", "bg_typ", _codes("bg_typen"))
_GEMEINDE = Merkmal("GEMEINDE", "gemeinde")
_STELLE = Merkmal("GESCHAEFTSSTELLE", "geschaeftsstelle")
_OF_PERSONS = (_TOTAL, _GESCHLECHT, _ALTER, _NATION, _BG_TYP, _GEMEINDE, _STELLE)
_CLOSED = (_GESCHLECHT, _ALTER, _NATION, _BG_TYP)


def _by(first: Merkmal, second: Merkmal) -> Merkmal:
    """Two-way table. The closed list comes last: its codes hold no slash, so a cell's code can be taken apart."""
    return Merkmal(f"{first.name}/{second.name}", f"{first.sql} || '/' || {second.sql}")


MERKMALE: Mapping[Population, tuple[Merkmal, ...]] = MappingProxyType(
    {
        "person": (
            *_OF_PERSONS,
            _by(_GESCHLECHT, _ALTER),
            _by(_GESCHLECHT, _NATION),
            _by(_ALTER, _NATION),
            *(_by(_GEMEINDE, closed) for closed in _CLOSED),
            *(_by(_STELLE, closed) for closed in _CLOSED),
        ),
        "bg": (_TOTAL, _BG_TYP, _GEMEINDE, _STELLE, _by(_GEMEINDE, _BG_TYP), _by(_STELLE, _BG_TYP)),
        # Flows and amounts by office at most: with stocks and flows of every municipality a small cell can be computed.
        "bewegung": (*_OF_PERSONS, *(_by(_STELLE, closed) for closed in _CLOSED)),
        "leistung": (*_OF_PERSONS, *(_by(_STELLE, closed) for closed in _CLOSED)),
    }
)
"""The tables of each population of figures."""
