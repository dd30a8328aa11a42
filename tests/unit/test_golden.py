"""Every report says what its golden text says; the first line that differs is named."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest

import pytest

import golden
from etl.disclosure import Empfaengerkreis
from etl.report import ReportRequest


@pytest.fixture(scope="module")
def requests() -> Mapping[Empfaengerkreis, ReportRequest]:
    return golden.requests()


@pytest.mark.parametrize("name", golden.TEXTS)
def test_a_report_is_its_golden_text(name: str, requests: Mapping[Empfaengerkreis, ReportRequest]) -> None:
    expected = (golden.FOLDER / name).read_text(encoding="utf-8").splitlines()
    made = golden.TEXTS[name](requests).splitlines()
    for number, (is_now, was) in enumerate(zip_longest(made, expected), start=1):
        assert is_now == was, f"{name}, Zeile {number} (gewollt? dann: uv run python tests/golden.py)"


def test_every_golden_text_is_compared() -> None:
    assert {path.name for path in golden.FOLDER.iterdir()} == set(golden.TEXTS)
