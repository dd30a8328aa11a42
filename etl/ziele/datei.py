"""The file of a controller with the target values of a year."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from etl import eingabe
from etl.errors import UsageError
from etl.figures import kennzahlen
from etl.figures.merkmale import INSGESAMT
from etl.ziele import katalog
from etl.ziele.modell import Einheit, Ziel

COLUMNS = ("jahr", "kennzahl", "geschlecht", "zielwert", "einheit", "quelle")


def read_targets(path: Path) -> list[Ziel]:
    """Read targets: columns ``jahr,kennzahl,zielwert,einheit,quelle``, and ``geschlecht`` if need be.

    An empty ``zielwert`` says that the indicator is only observed. Raises ``UsageError`` naming file, line and what is
    wrong there.
    """
    ziele = [_ziel(place, row) for place, row in eingabe.rows(path, set(COLUMNS) - {"geschlecht"}, {"geschlecht"})]
    eingabe.once(path, [f"{ziel.kennzahl} {ziel.geschlecht} {ziel.jahr}" for ziel in ziele])
    return ziele


def _ziel(place: str, row: dict[str, str]) -> Ziel:
    if not re.fullmatch(r"20[0-9]{2}", row["jahr"]):
        raise UsageError(
            f"{place}: Das Jahr ist nicht lesbar.", hint="Erwartet wird zum Beispiel 2026.", abschnitt="eingabedatei"
        )
    code, geschlecht = row["kennzahl"], row.get("geschlecht") or INSGESAMT
    if code not in katalog.load():
        raise UsageError(
            f"{place}: Für diese Kennzahl gibt es keine Zielwerte.",
            hint=f"Möglich sind: {', '.join(katalog.load())}.",
            abschnitt="eingabedatei",
        )
    kennzahl = kennzahlen.load()[code]
    if geschlecht not in kennzahl.geschlechter:
        raise UsageError(
            f"{place}: {code} gibt es nicht nach diesem Geschlecht.",
            hint=f"Möglich sind: {', '.join(kennzahl.geschlechter)}.",
            abschnitt="eingabedatei",
        )
    return Ziel(
        jahr=int(row["jahr"]),
        kennzahl=code,
        geschlecht=geschlecht,
        zielwert=eingabe.number(f"{place}, Spalte zielwert", row["zielwert"], signed=True) if row["zielwert"] else None,
        einheit=_einheit(place, row["einheit"], kennzahl),
        quelle=eingabe.filled(place, "quelle", row["quelle"]),
    )


def _einheit(place: str, text: str, kennzahl: kennzahlen.Kennzahl) -> Einheit:
    other: Einheit = "prozent_jahresmittel" if kennzahl.art == "veraenderung" else "prozent_vorjahr"
    for einheit in get_args(Einheit):
        if text == einheit and einheit in ("prozent", other):
            return einheit  # type: ignore[no-any-return]  # get_args() knows no types
    raise UsageError(
        f"{place}: Diese Einheit gibt es für {kennzahl.code} nicht.",
        hint=f"Möglich sind: prozent, {other}.",
        abschnitt="eingabedatei",
    )
