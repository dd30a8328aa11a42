"""The text of a page as a reader sees it: one line per block, the cells of a row side by side."""

from __future__ import annotations

from html.parser import HTMLParser

_LINES = frozenset(
    {"caption", "dd", "desc", "dt", "figcaption", "h1", "h2", "h3", "h4", "label", "li", "nav", "option", "p"}
    | {"section", "summary", "table", "title", "tr"}
)
_CELLS = frozenset({"td", "th", "text"})
_UNSEEN = frozenset({"script", "style"})
_VOID = frozenset({"meta", "link", "input", "br"})


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._line: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        hidden = tag in _UNSEEN or (tag, "vorlesen") == ("span", dict(attrs).get("class"))
        self._open.append((tag, hidden or (bool(self._open) and self._open[-1][1])))
        self._ends(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        self._ends(tag)

    def handle_data(self, data: str) -> None:
        if data.strip() and not (self._open and self._open[-1][1]):
            self._line.append(" ".join(data.split()))

    def _ends(self, tag: str) -> None:
        if tag in _LINES and self._line:
            self.lines.append(" ".join(self._line).replace(" | |", " |").strip(" |"))
            self._line = []
        elif tag in _CELLS and self._line and self._line[-1] != "|":
            self._line.append("|")


def text_of(page: str) -> list[str]:
    """Return the lines of a page without scripts, styles and what is only read aloud."""
    parser = _Text()
    parser.feed(page)
    parser.close()
    return parser.lines
