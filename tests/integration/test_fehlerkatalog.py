"""Every planted fault is caught by the rule that names it; clean data breaks nothing that stops a delivery."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from etl import pipeline, validate
from etl.befunde.liste import violations
from etl.contract import PSEUDONYMISED
from etl.demo import DemoRequest, generate
from etl.demo.faults import KATALOG
from etl.extract.archive import Archive, open_archive
from etl.extract.rueckschluss import originals
from etl.monat import Monat
from etl.settings import Settings

pytestmark = pytest.mark.slow  # two job centres from generation to validation
RULES = validate.load()
HINTS_OF_CLEAN_DATA = {"PER-011", "MIT-015", "LEI-016", "MAS-013", "MIN-011", "AMS-008", "LIE-002", "LIE-003"}
"""Rules that hint at something in clean data too, as they would in a real job centre: gaps, moves within a month,
benefits that end with the month. Every other rule must hold."""


def _archived(folder: Path, *, faults: bool) -> tuple[Settings, Path, Archive]:
    settings = Settings(home=folder / "home")
    delivery = generate(DemoRequest(Monat(2026, 8), monate=14, personen=600, faults=faults), folder / "lieferung")
    return settings, delivery, open_archive(settings.archive, pipeline.extract(settings, str(delivery)))


@pytest.fixture(scope="module")
def caught(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, list[dict[str, str]]]]:
    """What was planted, by fault; and the records that each rule names, with the keys of the source."""
    settings, delivery, archive = _archived(tmp_path_factory.mktemp("fehler"), faults=True)
    known = originals(str(delivery), key_file=settings.key_file, work=settings.home)
    found, reasons = violations(archive, RULES)
    assert set(reasons.values()) == {""}
    records: dict[str, list[dict[str, str]]] = {}
    for row in found.to_pylist():
        records.setdefault(row["regel_id"], []).append(_plain(json.loads(row["satz"]), known))
    planted = json.loads((delivery / "fehler.json").read_text(encoding="utf-8"))
    return {entry["id"]: entry for entry in planted}, records


def _plain(key: Mapping[str, object], known: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {n: known[n][str(value)] if n in PSEUDONYMISED else str(value) for n, value in key.items()}


def test_the_catalogue_is_large_and_names_rules() -> None:
    assert len(KATALOG) >= 60
    assert {fault.regel for fault in KATALOG} <= {regel.regel_id for regel in RULES.regeln}


@pytest.mark.parametrize("fault", [fault.id for fault in KATALOG])
def test_every_planted_record_is_named_by_its_rule(
    caught: tuple[dict[str, Any], dict[str, list[dict[str, str]]]], fault: str
) -> None:
    """A rule may name the record by another key of the contract: what both keys have in common must be the same."""
    planted = caught[0][fault]
    named = caught[1].get(planted["regel"], [])
    missed = [key for key in planted["schluessel"] if not any(_same(key, record) for record in named)]
    assert planted["schluessel"]
    assert missed == []


def _same(planted: Mapping[str, str], record: Mapping[str, str]) -> bool:
    common = planted.keys() & record.keys()
    return bool(common) and all(planted[name] == record[name] for name in common)


def test_clean_data_breaks_nothing_but_hints(tmp_path: Path) -> None:
    settings, _, archive = _archived(tmp_path, faults=False)
    validation = validate.validate(archive, settings.validation)
    broken = Counter(result.schwere for result in validation.ergebnisse if result.ergebnis == "verletzt")
    assert set(broken) <= {"info"}
    hints = {result.regel_id: result.verletzt for result in validation.ergebnisse if result.verletzt}
    assert set(hints) <= HINTS_OF_CLEAN_DATA
    assert hints["PER-011"]
    assert validation.vollstaendig
    assert validate.gate(validation).is_open
