"""The operator's handbook: a page that everybody can read, whose commands, names and paths exist."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from etl import betriebshandbuch
from etl.betriebshandbuch import FOLDER, Abschnitt, contents, find, linked
from etl.betriebshandbuch.seite import body, render
from etl.cli import app
from etl.errors import UsageError
from etl.resources import ROOT
from etl.settings import Settings
from unit.test_handbuch import Page

FENCED = re.compile(r"```[a-z]*\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
PLACES = ("etl/", "sql/", "dags/", "tests/", "expectations/", ".ci/", "docker-compose.yml", "README.md")


@pytest.fixture(scope="module")
def text() -> str:
    return render(contents())


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def all_sections() -> list[object]:
    return [pytest.param(section, id=section.nummer) for section in contents()]


def test_the_page_stands_alone_and_its_links_lead_somewhere(page: Page, text: str) -> None:
    assert not page.open
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.elements}
    assert not page.values("src")
    assert "url(" not in text
    assert "@import" not in text
    ids = Counter(page.values("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    links = page.values("href")
    assert {unquote(href[1:]) for href in links if href.startswith("#")} <= set(ids)
    assert all(href.startswith(("#", "https://")) for href in links)


def test_a_screen_reader_finds_its_way(page: Page) -> None:
    assert ("html", {"lang": "de"}) in page.elements
    assert next(attributes for tag, attributes in page.elements if tag == "a") == {"class": "sprung", "href": "#inhalt"}
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert all("scope" in attributes for tag, attributes in page.elements if tag == "th")


def test_every_chapter_has_its_own_number() -> None:
    names = [path.name for path in sorted(FOLDER.glob("*.md"))]
    assert len({name[:2] for name in names}) == len(names)
    assert all(re.fullmatch(r"\d\d-[a-z-]+\.md", name) for name in names)
    chapters = [section for section in contents() if section.ebene == 1]
    assert [section.datei for section in chapters] == names


@pytest.mark.parametrize("section", all_sections())
def test_a_section_keeps_the_rules_of_the_handbook(section: Abschnitt, monkeypatch: pytest.MonkeyPatch) -> None:
    """No raw HTML, no heading that is no section, every link resolved, commands and names that exist."""
    monkeypatch.setenv("JOBCENTER_LIEFERUNG", "/pfad")  # commands may refer to it
    prose = FENCED.sub("", section.text)
    assert not re.search(r"<[a-zA-Z/!]", INLINE.sub("", prose)), "rohes HTML"
    assert not re.search(r"^#", prose, re.MULTILINE), "höchstens drei Ebenen von Überschriften"
    assert "<" in body(section) or not section.text
    linked(section, anchors=False)
    blocks = FENCED.findall(section.text)
    for line in (line for block in blocks for line in block.replace("\\\n", " ").splitlines()):
        for arguments in commands(line):
            parsed(arguments)
    for code in INLINE.findall(prose):
        for arguments in commands(code):
            known(arguments)
        if code.startswith(PLACES) and not re.search(r"[*{<…]", code):
            assert (ROOT / code.partition(" ")[0]).exists(), code
    for name in re.findall(r"\bJOBCENTER_[A-Z0-9_]+\b", section.text):
        assert name in variables(), name


def commands(line: str, program: str = "jobcenter") -> Iterator[list[str]]:
    """Yield the arguments of every ``jobcenter …`` in a line of a shell."""
    lexer = shlex.shlex(re.sub(r"\b[12]>", ">", line), posix=True, punctuation_chars=";|&<>")
    lexer.whitespace_split = True
    try:
        words = list(lexer)
    except ValueError:  # an apostrophe of the text
        words = line.split()
    while program in words:
        words = words[words.index(program) + 1 :]
        end = next((at for at, word in enumerate(words) if re.fullmatch(r"[;|&<>]+", word)), len(words))
        if words and re.fullmatch(r"[a-z-]+", words[0]):
            yield words[:end]
        words = words[end:]


OF_PROVIDERS = {"celery", "db-manager", "fab-db", "permissions-cleanup", "roles", "sync-perm", "users"}
"""Commands of Airflow that a server installation adds."""
TRY = """
import json, sys
from airflow.cli.cli_parser import get_parser
parser, wrong = get_parser(), []
for arguments in json.load(sys.stdin):
    try:
        parser.parse_args(arguments)
    except SystemExit as end:
        if end.code:
            wrong.append(arguments)
print("\\n" + json.dumps(wrong))
"""


@pytest.mark.slow  # Airflow's command line takes a while to load
def test_commands_of_airflow_exist(tmp_path: Path) -> None:
    texts = [one.text.replace("\\\n", " ") for one in contents()]
    fenced = [line for text in texts for block in FENCED.findall(text) for line in block.splitlines()]
    inline = [code for text in texts for code in INLINE.findall(FENCED.sub("", text))]

    def found(lines: list[str]) -> list[list[str]]:
        of_airflow = (one for line in lines for one in commands(line.replace("jobcenter airflow", ""), "airflow"))
        return [arguments for arguments in of_airflow if arguments[0] not in OF_PROVIDERS]

    # A line of a shell is complete; a command inside a sentence may leave arguments out.
    wanted = [*found(fenced), *([*arguments, "--help"] for arguments in found(inline))]
    assert len(wanted) > 3
    done = subprocess.run(
        [sys.executable, "-c", TRY],
        input=json.dumps(wanted),
        env={**os.environ, "AIRFLOW_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == []


@cache
def whole() -> object:
    return typer.main.get_command(app)


def command_of(arguments: list[str]) -> tuple[TyperCommand | TyperGroup, list[str]]:
    command, rest = whole(), list(arguments)
    while isinstance(command, TyperGroup) and rest and rest[0] in command.commands:
        command = command.commands[rest.pop(0)]
    assert command is not whole(), f"den Befehl gibt es nicht: jobcenter {' '.join(arguments)}"
    assert isinstance(command, TyperCommand | TyperGroup)
    return command, rest


def parsed(arguments: list[str]) -> None:
    """A line of a shell is complete: the command takes it as it stands (else typer raises, and says why)."""
    command, rest = command_of(arguments)
    command.make_context(command.name, rest)


def known(arguments: list[str]) -> None:
    """A command inside a sentence may leave arguments out, but names nothing that does not exist."""
    command, rest = command_of(arguments)
    options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert {word for word in rest if word.startswith("-")} <= options, arguments


@cache
def variables() -> set[str]:
    """Environment variables of the product: its settings, and what its code and the compose file read."""
    fields = {f"JOBCENTER_{name.upper()}" for name in Settings.model_fields}
    files = [path for folder in ("etl", "dags") for path in (ROOT / folder).rglob("*") if path.suffix != ".md"]
    readable = [path for path in (*files, ROOT / "docker-compose.yml") if path.suffix in {".py", ".yml", ".yaml"}]
    texts = (path.read_text(encoding="utf-8") for path in readable if path.exists())
    return fields | {name for text in texts for name in re.findall(r"\bJOBCENTER_[A-Z0-9_]+", text)}


def test_a_section_is_found_by_number_and_by_anchor() -> None:
    way = find("ueberblick-der-weg-der-daten")
    assert find(way[0].nummer) == way
    assert [section.nummer for section in find("1")][:2] == ["1", "1.1"]
    with pytest.raises(UsageError, match="99"):
        find("99")


def test_places_follow_from_headings(tmp_path: Path) -> None:
    (tmp_path / "03-eins.md").write_text(
        "# Eins\nA\n## Über uns!\n```\n## kein Titel\n```\n### Tief {#fest}\nB\n## Ende\n", encoding="utf-8"
    )
    found = [(section.nummer, section.titel, section.kennung) for section in contents(tmp_path)]
    assert found == [
        ("3", "Eins", "eins"),
        ("3.1", "Über uns!", "eins-über-uns"),
        ("3.1.1", "Tief", "fest"),
        ("3.2", "Ende", "eins-ende"),
    ]


def test_raw_html_is_text_and_a_wrong_link_is_an_error() -> None:
    def section(text: str) -> Abschnitt:
        return Abschnitt("1.1", "Titel", "titel", "01-ueberblick.md", text)

    assert "<script>" not in body(section("<script>alert(1)</script>"))
    assert 'href="#ueberblick"' in body(section("[Anfang](01-ueberblick.md)"))
    assert linked(section("[Anfang](#der-weg-der-daten)"), anchors=False) == "Anfang (Abschnitt 1.2)"
    with pytest.raises(ValueError, match="nirgendwohin"):
        body(section("[weg](05-gibt-es-nicht.md)"))


def test_the_page_is_the_same_twice(tmp_path: Path, text: str) -> None:
    assert betriebshandbuch.write(tmp_path / "neu" / "b.html").read_text(encoding="utf-8") == text
