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
    """One table: its name, the columns it breaks down by, and the codes that are always there (closed lists)."""

    name: str
    columns: tuple[str, ...]
    codes: tuple[str, ...] = ()

    @property
    def sql(self) -> str:
        """SQL of the cells' codes (auspraegung)."""
        return " || '/' || ".join(self.columns) or f"'{INSGESAMT}'"


def _codes(classification: str) -> tuple[str, ...]:
    return tuple(code.code for code in parameter.codes(classification))


_TOTAL = Merkmal(INSGESAMT, (), (INSGESAMT,))
_GESCHLECHT = Merkmal("GESCHLECHT", ("geschlecht",), _codes("geschlechter"))
_ALTER = Merkmal("ALTER", ("alter",), _codes("altersgruppen"))
_NATION = Merkmal("STAATSANGEHOERIGKEIT", ("staatsangehoerigkeit",), _codes("staatsangehoerigkeiten"))
_BG_TYP = Merkmal("BG_TYP", ("bg_typ",), _codes("bg_typen"))
_GEMEINDE = Merkmal("GEMEINDE", ("gemeinde",))
_STELLE = Merkmal("GESCHAEFTSSTELLE", ("geschaeftsstelle",))
_INSTRUMENT = Merkmal("INSTRUMENT", ("instrument",), _codes("instrumente"))
_LEISTUNGSART = Merkmal("LEISTUNGSART", ("leistungsart",), _codes("leistungsarten"))
_GRUND = Merkmal("MINDERUNGSGRUND", ("minderungsgrund",), _codes("minderungsgruende"))
_DAUER = Merkmal("VERWEILDAUER", ("verweildauer",), _codes("verweildauern"))
_OF_PERSONS = (_TOTAL, _GESCHLECHT, _ALTER, _NATION, _BG_TYP, _GEMEINDE, _STELLE)
_CLOSED = (_GESCHLECHT, _ALTER, _NATION, _BG_TYP)


def _by(first: Merkmal, second: Merkmal) -> Merkmal:
    """Two-way table. The closed list comes last: its codes hold no slash, so a cell's code can be taken apart."""
    return Merkmal(f"{first.name}/{second.name}", (*first.columns, *second.columns))


# Flows and amounts by office at most: with stocks and flows of every municipality a small cell can be computed.
_FLOWS = (*_OF_PERSONS, *(_by(_STELLE, closed) for closed in _CLOSED))

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
        "bewegung": _FLOWS,
        "leistung": _FLOWS,
        "integration": _OF_PERSONS,
        "teilnahme": (
            _TOTAL,
            _GESCHLECHT,
            _ALTER,
            _NATION,
            _GEMEINDE,
            _STELLE,
            _INSTRUMENT,
            _by(_INSTRUMENT, _GESCHLECHT),
        ),
        "zahlung": (*_OF_PERSONS, _LEISTUNGSART, _by(_LEISTUNGSART, _GESCHLECHT)),
        "unterkunft": (_TOTAL, _BG_TYP, _GEMEINDE, _STELLE),
        # Few cases, sensitive: no table by place.
        "minderung": (_TOTAL, _GESCHLECHT, _GRUND),
        "verfahren": (_TOTAL,),
        "dauer": (_TOTAL, _GESCHLECHT, _DAUER, _by(_DAUER, _GESCHLECHT)),
        "anwesenheit": (_TOTAL, _GESCHLECHT),
    }
)
"""The tables of each population of figures."""


def columns(population: Population) -> tuple[str, ...]:
    """Return the feature columns of ``satz_<population>``: those of its one-way tables."""
    return tuple(merkmal.columns[0] for merkmal in MERKMALE[population] if len(merkmal.columns) == 1)
