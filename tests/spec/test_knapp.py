"""What nearly counts is listed with its reason: each case and its neighbours (``spec/knapp.py``)."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec.knapp import CASES, Knapp, archived, reasons


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_reason_is_given(case: Knapp, tmp_path: Path) -> None:
    assert reasons(archived(case, tmp_path), case.groesse) == case.warum
