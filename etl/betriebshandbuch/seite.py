"""Renders the operator's handbook as one self-contained HTML page, without a clock: same chapters, same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from etl.betriebshandbuch import Abschnitt, linked

_TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)
_HEAD_CELL = re.compile(r"<th(?=[ >])")


@dataclass(frozen=True)
class Kapitel:
    """One section with its sections inside: an entry of the contents and a part of the page."""

    abschnitt: Abschnitt
    html: Markup
    teile: tuple[Kapitel, ...]


def render(sections: Sequence[Abschnitt]) -> str:
    """Return the page of all ``sections``."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("seite.html.j2").render(
        kapitel=tuple(_nested(sections)), fassung=version("jobcenter")
    )


def body(section: Abschnitt) -> Markup:
    """Return the text of one section as HTML. Raw HTML of the Markdown is text, nothing else."""
    text = MarkdownIt("commonmark", {"html": False}).enable("table").render(linked(section, anchors=True))
    table = (
        f'<div class="kasten" role="group" tabindex="0" aria-label="Tabelle in {section.stelle}">'
        r"<table>\1</table></div>"
    )
    return Markup(_HEAD_CELL.sub('<th scope="col"', _TABLE.sub(table, text)))  # noqa: S704 - the renderer escapes


def _nested(sections: Iterable[Abschnitt]) -> Iterator[Kapitel]:
    rest = list(sections)
    while rest:
        first, inner = rest[0], 1
        while inner < len(rest) and rest[inner].ebene > first.ebene:
            inner += 1
        yield Kapitel(first, body(first), tuple(_nested(rest[1:inner])))
        rest = rest[inner:]
