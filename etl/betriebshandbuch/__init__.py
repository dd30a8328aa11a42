"""The operator's handbook (Betriebshandbuch): chapters in Markdown, in the order of their names.

A section has a number by its place, for people, and an anchor that stays, for links and for errors. Chapter 11 has a
paragraph for every error of the program; ``reference`` says where it is found, wherever an error is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from etl.errors import UsageError
from etl.files import write_atomically

FOLDER = Path(__file__).with_name("kapitel")
"""``NN-name.md``: one chapter each, beginning with its title (``#``); ``##`` and ``###`` are its numbered sections."""
DEEPEST = 3
"""Levels of headings that are sections."""

_HEADING = re.compile(r"(#+) (.+?)(?: \{#([a-z0-9-]+)\})?")
_FENCE = "```"
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Abschnitt:
    """One section without its subsections.

    ``nummer`` is ``11``, ``11.2`` or ``11.2.3``; ``kennung`` the anchor; ``datei`` the name of the chapter's file;
    ``text`` the Markdown below the heading.
    """

    nummer: str
    titel: str
    kennung: str
    datei: str
    text: str

    @property
    def ebene(self) -> int:
        """1 for a chapter, 2 for a section, 3 for a section of a section."""
        return self.nummer.count(".") + 1

    @property
    def stelle(self) -> str:
        """The section as a text refers to it."""
        return f"{'Kapitel' if self.ebene == 1 else 'Abschnitt'} {self.nummer}"


@cache
def contents(folder: Path = FOLDER) -> tuple[Abschnitt, ...]:
    """Return all sections in their order. Raises ``ValueError`` where two have the same anchor."""
    sections = tuple(section for path in sorted(folder.glob("*.md")) for section in _chapter(path))
    seen: set[str] = set()
    for section in sections:
        if section.kennung in seen:
            raise ValueError(f"{section.datei}: der Anker „{section.kennung}“ ({section.titel}) kommt zweimal vor")
        seen.add(section.kennung)
    return sections


def find(name: str) -> tuple[Abschnitt, ...]:
    """Return the section with the number or anchor ``name`` and what belongs to it; ``UsageError`` if there is none."""
    wanted = next((section for section in contents() if name in (section.nummer, section.kennung)), None)
    if wanted is None:
        raise UsageError(
            f"Einen Abschnitt „{name}“ hat das Betriebshandbuch nicht.",
            hint="„jobcenter operations“ zeigt das Inhaltsverzeichnis.",
        )
    inner = f"{wanted.nummer}."
    return (wanted, *(section for section in contents() if section.nummer.startswith(inner)))


def reference(kennung: str) -> str:
    """Say in one line where the handbook explains an error (``JobcenterError.abschnitt``)."""
    number = next((section.nummer for section in contents() if section.kennung == kennung), None)
    if number is None:  # the error is what must be seen; a missing paragraph must not hide it
        return "Betriebshandbuch: jobcenter operations"
    return f"Betriebshandbuch, Abschnitt {number}: jobcenter operations --section {number}"


def linked(section: Abschnitt, *, anchors: bool) -> str:
    """Return the Markdown of a section with the number behind every link to another one.

    With ``anchors`` the links lead to the anchors of the page, otherwise only text remains. Raises ``ValueError`` for
    a link that leads nowhere.
    """

    def number(link: re.Match[str]) -> str:
        text, target = link.groups()
        if target.startswith("https://"):
            return link.group() if anchors else f"{text} ({target})"
        found = _target(section, target)
        return f"[{text} ({found.stelle})](#{found.kennung})" if anchors else f"{text} ({found.stelle})"

    return _LINK.sub(number, section.text)


def write(path: Path) -> Path:
    """Write the page to ``path`` and return it."""
    from etl.betriebshandbuch.seite import render  # noqa: PLC0415 - whoever only looks up a number needs no templates

    write_atomically(path, render(contents()).encode())
    return path


def _target(section: Abschnitt, target: str) -> Abschnitt:
    """Find what a link means: ``NN-name.md``, ``NN-name.md#titel``, ``#titel`` of the same chapter, or an anchor."""
    file, _, fragment = target.partition("#")
    file = file or section.datei
    anchors = {_anchor(file, fragment), fragment} if fragment else {_chapter_anchor(file)}
    for other in contents():
        if other.kennung in anchors and (other.datei == file or target.startswith("#")):
            return other
    raise ValueError(f"{section.datei}, {section.titel}: der Verweis auf „{target}“ führt nirgendwohin")


def _chapter(path: Path) -> Iterator[Abschnitt]:
    """Yield the sections of a chapter. Its number is the one its name begins with."""
    numbers = [int(path.name.partition("-")[0])]
    title, anchor, lines = "", "", list[str]()
    fenced = False
    for line in path.read_text(encoding="utf-8").splitlines():
        fenced ^= line.lstrip().startswith(_FENCE)
        heading = None if fenced else _HEADING.fullmatch(line)
        if heading is None or len(heading[1]) > DEEPEST:
            lines.append(line)
            continue
        if title:
            yield _section(path, numbers, title, anchor, lines)
        numbers = _next(numbers, len(heading[1]))
        title, anchor, lines = heading[2], heading[3] or _anchor(path.name, _slug(heading[2])), []
        if len(numbers) == 1:
            anchor = _chapter_anchor(path.name)
    yield _section(path, numbers, title, anchor, lines)


def _section(path: Path, numbers: list[int], title: str, anchor: str, lines: list[str]) -> Abschnitt:
    return Abschnitt(".".join(map(str, numbers)), title, anchor, path.name, "\n".join(lines).strip())


def _next(numbers: list[int], level: int) -> list[int]:
    """Return the numbers of the next heading of a level; a chapter keeps its number."""
    if level == 1:
        return numbers[:1]
    if level > len(numbers):
        return [*numbers, 1]
    return [*numbers[: level - 1], numbers[level - 1] + 1]


def _chapter_anchor(file: str) -> str:
    return file.partition("-")[2].removesuffix(".md")


def _anchor(file: str, slug: str) -> str:
    return f"{_chapter_anchor(file)}-{slug}"


def _slug(title: str) -> str:
    """Write a heading as the part of an address, by the rule that forges use for Markdown."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
