"""One mutation of every kind: rejected with its place, or counted rightly. The thousand: ``lieferungen.py``."""

from __future__ import annotations

from pathlib import Path

import pytest

from mutationen import bericht
from mutationen.lauf import Auftrag, Ausgang
from mutationen.lieferungen import auftraege, laufe
from mutationen.operatoren import OPERATOREN

_JEDER = 6
"""Every sixth operator: about 40 of them, of all groups."""


def auswahl() -> list[Auftrag]:
    """The first mutation of every sixth operator; the heavy ones are left to the thousand."""
    erste = auftraege(len(OPERATOREN), seed=6)
    return [auftrag for auftrag in erste[::_JEDER] if not OPERATOREN[auftrag.operator].selten]


@pytest.fixture(scope="module")
def ausgaenge() -> list[Ausgang]:
    return laufe(auswahl(), prozesse=2)


@pytest.mark.slow
def test_no_spoiled_delivery_does_harm(ausgaenge: list[Ausgang]) -> None:
    assert len(ausgaenge) == len(auswahl())
    assert [f"{a.gruppe}: {a.operator} [{a.form}] {a.was}: {a.maengel}" for a in ausgaenge if a.maengel] == []


@pytest.mark.slow
def test_the_selection_sees_every_way_out(ausgaenge: list[Ausgang]) -> None:
    """Else the watch would watch nothing."""
    assert {a.gruppe for a in ausgaenge} == {operator.gruppe for operator in OPERATOREN}
    assert {a.klasse for a in ausgaenge} == {"abgelehnt", "gleich", "gültige Änderung"}


@pytest.mark.slow
def test_the_report_counts_every_mutation(ausgaenge: list[Ausgang], tmp_path: Path) -> None:
    bericht.schreibe(tmp_path, ausgaenge, 6, len(ausgaenge))
    text = (tmp_path / "bericht.md").read_text(encoding="utf-8")
    assert f"**{len(ausgaenge)} Mutationen, 0 Mängel**" in text
    assert all(f"| {a.operator} |" in text for a in ausgaenge)


def test_the_same_seed_gives_the_same_mutations() -> None:
    assert auftraege(500, seed=1) == auftraege(1000, seed=1)[:500]
    assert {a.operator for a in auftraege(len(OPERATOREN), seed=1)} == set(range(len(OPERATOREN)))
    assert len({(o.gruppe, o.name) for o in OPERATOREN}) == len(OPERATOREN)
