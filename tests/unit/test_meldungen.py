"""Every error of the program leads to a paragraph of the handbook, and every paragraph answers the same questions."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator

import pytest

from etl import cli
from etl.betriebshandbuch import Abschnitt, contents, find, linked, reference
from etl.errors import JobcenterError
from etl.resources import ROOT

CHAPTER = "11-meldungen.md"
BY_SYMPTOM = {
    "keine-lieferung",
    "zweifel-an-einer-zahl",
    "falsche-zahl-veroeffentlicht",
    "datenpanne",
    "airflow-zeitueberschreitung",
    "airflow-verschollen",
    "airflow-wartet",
    "airflow-mensch-gefragt",
    "airflow-dag-fehlt",
    "airflow-antwortet-nicht",
    "platte-voll",
    "speicher-knapp",
    "zertifikat",
    "abgebrochen",
}
"""Paragraphs of situations in which no error of ours is raised: the index by symptom leads to them."""
LABELS = ("Bedeutung", "Ursachen", "Schritte", "Entscheidung", "Nicht tun", "Behoben, wenn")
MODULES = [path for folder in ("etl", "dags") for path in sorted((ROOT / folder).rglob("*.py"))]


def paragraphs() -> dict[str, Abschnitt]:
    return {one.kennung: one for one in contents() if one.datei == CHAPTER and one.ebene == 3}


def error_classes() -> dict[str, type[JobcenterError]]:
    """Import every module that defines an error, and return all of them by name."""
    for path in MODULES:
        if re.search(r"^class \w+\(\w*Error\)", path.read_text(encoding="utf-8"), re.MULTILINE):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))

    def below(cls: type[JobcenterError]) -> Iterator[type[JobcenterError]]:
        yield cls
        for inner in cls.__subclasses__():
            yield from below(inner)

    return {cls.__name__: cls for cls in below(JobcenterError)}


def raised() -> Iterator[tuple[str, ast.Call, str | None]]:
    """Yield every place that makes one of our errors, the call, and its class where that is plain to see."""
    names = set(error_classes())
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = {name.id for name in ast.walk(node.func) if isinstance(name, ast.Name)}
            if isinstance(node.func, ast.Name | ast.IfExp) and called & names:
                plain = node.func.id if isinstance(node.func, ast.Name) else None
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node, plain


def chosen() -> Iterator[tuple[str, str]]:
    """Yield every key that is given as ``abschnitt`` anywhere – to a call or a name, alone or among others."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.keyword(arg="abschnitt", value=value):
                    pass
                case ast.Assign(targets=targets, value=value) if "abschnitt" in {
                    name.id.strip("_").lower()
                    for one in targets
                    for name in ast.walk(one)
                    if isinstance(name, ast.Name)
                }:
                    pass
                case _:
                    continue
            for text in ast.walk(value):
                if isinstance(text, ast.Constant) and re.fullmatch(r"[a-z][a-z0-9-]+", str(text.value)):
                    yield f"{path.relative_to(ROOT)}:{text.lineno}", str(text.value)


def test_every_error_leads_to_a_paragraph() -> None:
    known, classes = paragraphs(), error_classes()
    places = list(raised())
    assert len(places) > 200
    for place, call, name in places:
        given = [keyword.value for keyword in call.keywords if keyword.arg == "abschnitt"]
        if not given:
            assert name, f"{place}: welcher Abschnitt gilt, ist nicht zu sehen"
            assert classes[name].abschnitt in known, place
        else:  # a text, a name that was given one (seen by ``chosen``), or what another error says
            assert isinstance(given[0], ast.Constant | ast.Name | ast.Attribute), place
    assert [(place, text) for place, text in chosen() if text not in known] == []


def test_no_paragraph_is_left_over() -> None:
    used = {text for _, text in chosen()} | {cls.abschnitt for cls in error_classes().values()}
    assert set(paragraphs()) == used | BY_SYMPTOM
    index = find("meldungen-was-tun-wenn-")[0].text
    assert {key for key in BY_SYMPTOM if f"(#{key})" not in index + statuses()} == set()


def statuses() -> str:
    return find("meldungen-der-endstatus-eines-befehls")[0].text


def test_every_exit_status_is_explained() -> None:
    wanted = {cls.exit_status for cls in error_classes().values()} | {0, cli.INTERRUPTED, cli.TERMINATED}
    explained = [int(number) for row in re.findall(r"^\| ([\d, ]+) \|", statuses(), re.M) for number in row.split(",")]
    assert wanted <= set(explained)
    assert len(explained) == len(set(explained))


@pytest.mark.parametrize("key", sorted(paragraphs()))
def test_a_paragraph_answers_what_is_asked_at_night(key: str) -> None:
    """What it means, why, what to do step by step, who decides, what not to do, how to see that it is mended."""
    text = paragraphs()[key].text
    found = re.findall(r"^\*\*([A-ZÄÖÜ][^*]+?)\.?\*\*", text, re.MULTILINE)
    assert tuple(found) == LABELS
    assert re.search(r"\*\*Schritte\.\*\*\n\n1\. ", text), "Schritte sind nummeriert"
    assert text.rstrip().endswith(".")
    linked(paragraphs()[key], anchors=True)


def test_a_reference_is_the_number_of_the_paragraph() -> None:
    number = paragraphs()["warehouse-nicht-erreichbar"].nummer
    line = reference("warehouse-nicht-erreichbar")
    assert line == f"Betriebshandbuch, Abschnitt {number}: jobcenter operations --section {number}"
    assert find(number)[0].titel == "Das Warehouse ist nicht erreichbar"
    assert line in (ROOT / "README.md").read_text(encoding="utf-8")
    assert reference("gibt-es-nicht") == "Betriebshandbuch: jobcenter operations"


def test_an_error_may_name_another_paragraph_than_its_class() -> None:
    for cls in error_classes().values():
        first = next(iter(inspect.signature(cls).parameters))
        plain = cls(**{first: "Text"})
        assert plain.abschnitt == cls.abschnitt
        if "abschnitt" in inspect.signature(cls).parameters:
            assert cls(**{first: "Text", "abschnitt": "aufruf"}).abschnitt == "aufruf"
