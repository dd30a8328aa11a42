"""The release as plain text, for a mail."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from etl.report.statistikreport.meldung import Meldung

WIDTH = 78
_LABEL = 30
_MONTH = len("September")


def content(said: Meldung) -> str:
    """Return the release as text of at most ``WIDTH`` characters a line (the table is wider where it must be)."""
    return "\n".join(_lines(said)) + "\n"


def _lines(said: Meldung) -> Iterator[str]:
    yield said.herausgeber
    yield ""
    yield from _wrapped(said.titel)
    yield from _wrapped(said.untertitel)
    for line in said.vorspann:
        yield from _wrapped(line)
    for part in said.abschnitte:
        yield ""
        yield part.titel
        yield "-" * len(part.titel)
        yield from _wrapped(" ".join(part.saetze))
    yield ""
    yield said.tabellentitel
    yield "-" * len(said.tabellentitel)
    yield from _table(said.tabelle)
    yield ""
    yield "Hinweise"
    yield "--------"
    for note in said.hinweise:
        yield from _wrapped(note)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Set the rows in columns; a long label runs on above its values, a heading over several lines."""
    widths = [max(len(row[column]) for row in rows[1:]) for column in range(1, len(rows[0]))]
    heads = [textwrap.wrap(text, max(width, _MONTH)) for text, width in zip(rows[0][1:], widths, strict=True)]
    widths = [max(width, *(len(line) for line in head)) for width, head in zip(widths, heads, strict=True)]
    tall = max(map(len, heads))
    for line in range(tall):
        label = rows[0][0] if line == tall - 1 else ""
        cells = [(["", *[""] * (tall - 1), *head][-tall:])[line] for head in heads]
        yield _row(label, cells, widths)
    for label, *values in rows[1:]:
        *above, last = textwrap.wrap(label, _LABEL)
        yield from above
        yield _row(last, values, widths)


def _row(label: str, values: Sequence[str], widths: Sequence[int]) -> str:
    cells = "  ".join(value.rjust(width) for value, width in zip(values, widths, strict=True))
    return f"{label:<{_LABEL}}  {cells}".rstrip()
