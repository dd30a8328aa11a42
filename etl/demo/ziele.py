"""Invented target values, so that the demonstration has something to compare with."""

from __future__ import annotations

from pathlib import Path

from etl.files import write_atomically

QUELLE = "frei erfunden für die Vorführung, keine Zielvereinbarung"
_ZIELE = (
    ("K1", "INSGESAMT", "", "prozent"),
    ("K1E2", "INSGESAMT", "-1.0", "prozent_jahresmittel"),
    ("K2", "INSGESAMT", "14.5", "prozent"),
    ("K2", "m", "13.8", "prozent"),
    ("K2", "w", "1.0", "prozent_vorjahr"),
    ("K3", "INSGESAMT", "-1.0", "prozent"),
    ("K3E2", "INSGESAMT", "12.0", "prozent"),
)
"""Indicator, sex, value (none: only observed) and unit: one of each form that a target can have."""


def write_targets(path: Path, jahr: int) -> Path:
    """Write the invented targets of a year as a controller would hand them in; return ``path``."""
    lines = ["jahr,kennzahl,geschlecht,zielwert,einheit,quelle"]
    lines += [f'{jahr},{code},{sex},{value},{unit},"{QUELLE}"' for code, sex, value, unit in _ZIELE]
    write_atomically(path, ("\n".join(lines) + "\n").encode())
    return path
