"""The handbook: as new as what it is made from, complete, and a page that everybody can read."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from etl import handbuch, parameter
from etl.figures import katalog, kennzahlen
from etl.handbuch import seite
from etl.handbuch.beispiel import DATENSTAND, MONAT, Absatz, Fall, Kapitel, Tabelle
from spec import beispiele

VOID = {"meta", "br", "wbr", "link", "img", "hr", "input"}


class Page(HTMLParser):
    """What the tests ask about a page: its elements with attributes, its headings, whether its tags close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> ohne Anfang in {self.getpos()}"

    def values(self, attribute: str) -> list[str]:
        return [str(attributes[attribute]) for _, attributes in self.elements if attribute in attributes]


@pytest.fixture(scope="module")
def chapters() -> tuple[Kapitel, ...]:
    return beispiele.chapters()


@pytest.fixture(scope="module")
def text(chapters: tuple[Kapitel, ...]) -> str:
    return seite.render(chapters)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_the_packaged_page_is_up_to_date(text: str) -> None:
    current = handbuch.SEITE.exists() and handbuch.SEITE.read_bytes() == text.encode()
    assert current, "Das Handbuch ist veraltet. Neu schreiben: uv run python tests/handbuch.py"


def test_a_copy_is_the_packaged_page(tmp_path: Path) -> None:
    assert handbuch.write(tmp_path / "neu" / "h.html").read_bytes() == handbuch.SEITE.read_bytes()


def test_everything_has_an_entry(page: Page) -> None:
    wanted = {*katalog.load(), *kennzahlen.load(), *parameter.read("entscheidungen")}
    assert wanted <= set(page.values("id"))
    assert {f"parameter-{name}" for name in parameter.NAMES if name != "entscheidungen"} <= set(page.values("id"))


def test_every_parameter_value_is_shown(text: str) -> None:
    for name in ("zaehlregeln", "instrumente"):
        for title in re.findall(r"titel: (.+)", (parameter.FOLDER / f"{name}.yaml").read_text(encoding="utf-8")):
            assert title.strip("'\"") in text.replace("<wbr>", ""), title


def test_every_section_is_shown_and_linked_from_its_figures(chapters: tuple[Kapitel, ...], page: Page) -> None:
    sections = [section for chapter in chapters for section in chapter.abschnitte]
    assert len(sections) == len(list(beispiele.FOLDER.glob("*/test_*.py")))
    links = Counter(page.values("href"))
    assert links["#LZB_ZUGANG"] >= 3  # the contents, the indicator K3E3, the section that counts it
    for section in sections:
        figures = {code for code in section.groessen if code in katalog.load()}
        assert links[f"#{section.kennung}"] == 1 + len(figures), section.kennung  # the contents and every figure


def test_the_page_stands_alone(page: Page, text: str) -> None:
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.elements}
    assert not page.values("src")
    assert all(href.startswith("#") for href in page.values("href"))
    assert "url(" not in text
    assert "@import" not in text
    assert len(text.encode()) < 1_500_000


def test_tags_close_and_links_lead_somewhere(page: Page) -> None:
    assert not page.open
    ids = Counter(page.values("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    assert {href[1:] for href in page.values("href")} <= set(ids)
    assert set(page.values("aria-labelledby")) <= set(ids)


def test_a_screen_reader_finds_its_way(page: Page) -> None:
    tags = [tag for tag, _ in page.elements]
    assert ("html", {"lang": "de"}) in page.elements
    assert next(attributes for tag, attributes in page.elements if tag == "a") == {"class": "sprung", "href": "#inhalt"}
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert tags.count("table") == tags.count("caption")
    assert all("scope" in attributes for tag, attributes in page.elements if tag == "th")


@pytest.mark.parametrize(("front", "back"), re.findall(r"(#\w+) auf (#\w+)", """
    #1b1f24 auf #ffffff, #0b4f8a auf #f3f6fa, #4a5563 auf #fafbfd, #14532d auf #fafbfd, #1f3864 auf #ffffff,
    #ffffff auf #1f3864, #1b1f24 auf #ffe9a8, #1b1f24 auf #dce6f1
"""))  # fmt: skip
def test_text_has_contrast(front: str, back: str, text: str) -> None:
    """WCAG 2.1 AA: at least 4.5 to 1."""
    brighter, darker = sorted((_luminance(front), _luminance(back)), reverse=True)
    assert (brighter + 0.05) / (darker + 0.05) >= 4.5
    assert all(colour in text or colour == "#ffffff" for colour in (front, back))


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_of_the_catalogues_is_escaped(chapters: tuple[Kapitel, ...]) -> None:
    first, *rest = chapters
    assert "<b>&amp;" not in seite.render([replace(first, titel="<b>&amp;"), *rest])


def test_a_new_field_of_a_catalogue_needs_a_label(
    monkeypatch: pytest.MonkeyPatch, chapters: tuple[Kapitel, ...]
) -> None:
    labels = {name: label for name, label in seite.FELDER.items() if name != "fussnote"}
    monkeypatch.setattr(seite, "FELDER", labels)
    with pytest.raises(ValueError, match="fussnote"):
        seite.render(chapters)


def test_cases_differ_where_they_differ() -> None:
    def case(day: str, erstellt_am: str | None = None) -> Fall:
        person = Tabelle("person", ("kundennummer", "geburtsdatum"), (("P1", "1990-01-01"), ("P2", day)))
        return Fall("2024-03", erstellt_am, (person,), {"ELB": "1"})

    assert Absatz("", (case("2000-01-01"), case("2000-01-02"))).unterschiede == (("person", 2, "geburtsdatum"),)
    assert Absatz("", (case(""), case("", "2024-03-15T06:00:00+01:00"))).unterschiede == (DATENSTAND,)
    later = replace(case(""), monat="2024-04")
    assert Absatz("", (case(""), later)).unterschiede == (MONAT,)


def test_every_case_of_the_spec_is_recorded(chapters: tuple[Kapitel, ...]) -> None:
    """Counted by hand for one section: nine birthdays, each before and at the limit."""
    sections = {section.kennung: section for chapter in chapters for section in chapter.abschnitte}
    assert [len(paragraph.faelle) for paragraph in sections["kalender-altersgrenze"].absaetze] == [18]
    assert sections["kalender-altersgrenze"].absaetze[0].faelle[0].ergebnis == {
        "ELB": "1",
        "NEF": "0",
        "RLB ALTER 55+": "1",
    }
