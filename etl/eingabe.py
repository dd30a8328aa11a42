"""CSV files that a person hands in (UTF-8, comma, header line): every mistake is named with file, line and column."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from etl.errors import UsageError
from etl.monat import Monat


def rows(path: Path, needed: set[str], allowed: set[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each line with its place; other columns, missing columns and lines of another length are refused."""
    try:
        # Excel begins a UTF-8 file with a byte order mark.
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, restkey="(zu viel)", restval="(zu wenig)", strict=True)
            names = list(reader.fieldnames or ())
            columns = set(names)
            if len(columns) < len(names):
                raise UsageError(f"{path.name}: Eine Spalte kommt mehrfach vor.", abschnitt="eingabedatei")
            for name in sorted(needed - columns):
                raise UsageError(
                    f"{path.name}: Die Spalte {name} fehlt.",
                    hint=f"Es gibt: {', '.join(sorted(columns))}.",
                    abschnitt="eingabedatei",
                )
            for name in sorted(columns - needed - allowed):
                raise UsageError(
                    f"{path.name}: Eine Spalte „{name}“ ist nicht bekannt.",
                    hint=f"Möglich sind: {', '.join(sorted(needed | allowed))}.",
                    abschnitt="eingabedatei",
                )
            for row in reader:
                place = f"{path.name}, Zeile {reader.line_num}"
                if "(zu viel)" in row or "(zu wenig)" in row.values():
                    raise UsageError(
                        f"{place}: Die Zeile hat nicht so viele Felder wie die Kopfzeile.", abschnitt="eingabedatei"
                    )
                yield place, {name: (value or "").strip() for name, value in row.items()}
    except OSError as error:
        raise UsageError(f"{path} kann nicht gelesen werden ({error.strerror}).", abschnitt="eingabedatei") from None
    except (UnicodeDecodeError, csv.Error):
        raise UsageError(
            f"{path.name} ist keine CSV-Datei in UTF-8.",
            hint="In der Tabellenkalkulation als „CSV UTF-8“ speichern, mit Komma getrennt.",
            abschnitt="eingabedatei",
        ) from None


def month(place: str, text: str) -> Monat:
    """Read a month ``YYYY-MM``; ``place`` says where it stands."""
    try:
        return Monat.parse(text)
    except UsageError as error:
        raise UsageError(f"{place}: Der Monat ist nicht lesbar.", hint=error.hint, abschnitt="eingabedatei") from None


def number(place: str, text: str, *, signed: bool = False) -> Decimal:
    """Read a number with a decimal point, below zero only where it may be."""
    # The text is not repeated: a file picked by mistake may hold anything.
    if not re.fullmatch(r"\d{1,14}(\.\d{1,10})?", text.removeprefix("-") if signed else text):
        raise UsageError(
            f"{place}: Der Wert ist keine Zahl.",
            hint=f"Erwartet wird zum Beispiel {'21.5 oder -2.0' if signed else '12065 oder 2797.30'}.",
            abschnitt="eingabedatei",
        )
    return Decimal(text)


def filled(place: str, column: str, text: str) -> str:
    """Return a text that must not be empty."""
    if not text:
        raise UsageError(f"{place}: Die Spalte {column} ist leer.", abschnitt="eingabedatei")
    return text


def once(path: Path, keys: list[str]) -> None:
    """Require that there is something in the file, and nothing twice."""
    if not keys:
        raise UsageError(f"{path.name} enthält keinen einzigen Wert.", abschnitt="eingabedatei")
    for key, count in Counter(keys).items():
        if count > 1:
            raise UsageError(f"{path.name}: {key} kommt mehrfach vor.", abschnitt="eingabedatei")
