"""What a verification says: identical, or what differs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from etl.errors import NachweisError


class Zelle(NamedTuple):
    """A cell that differs. Values are decimals in the unit of the figure, or a text where there is no number.

    ``gefunden``: in the warehouse (or in the file); ``erwartet``: recomputed (or, for a file, in the warehouse).
    """

    berichtsmonat: str
    groesse: str
    gefunden: Decimal | str
    erwartet: Decimal | str
    merkmal: str
    auspraegung: str
    wo: str


class Ende(NamedTuple):
    """The end of a chain: who has it written down elsewhere can prove a later removal."""

    traegernummer: str
    pass_id: int
    sha256: str


@dataclass(frozen=True)
class Nachweis:
    """The outcome. ``maengel`` and ``zellen`` break the proof; ``hinweise`` only qualify it.

    Counts: ``ladungen`` whose stored cells were hashed, ``monate`` and their ``werte`` that were computed again,
    ``dateien`` that were hashed. ``belegt``: months that were computed again before their case data was deleted;
    ``vermerke`` says of each such delivery when that was.
    """

    ladungen: int
    monate: int
    werte: int
    dateien: int
    ketten: tuple[Ende, ...]
    hinweise: tuple[str, ...]
    maengel: tuple[str, ...]
    zellen: tuple[Zelle, ...]
    belegt: int = 0
    vermerke: tuple[str, ...] = ()

    def require_identical(self) -> None:
        """Raise ``NachweisError`` with everything that breaks the proof, unless there is nothing."""
        if not self.maengel and not self.zellen:
            return
        lines = ["Nicht identisch.", *(f"  {text}" for text in self.maengel)]
        if self.zellen:
            lines.append(f"  {len(self.zellen)} Zellen weichen ab.")
        raise NachweisError(
            "\n".join(lines),
            hint="Nichts überschreiben: den Stand sichern, die Ursache klären, Verändertes aus der Sicherung "
            "zurückspielen. Wurde das Warehouse mit Absicht neu aufgebaut, den Ordner „nachweis“ beiseitelegen.",
        )
