"""The manual is complete: every chapter and section has a title, every paragraph says what it shows."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
SECTIONS = sorted(f"{path.parent.name}.{path.stem}" for path in FOLDER.glob("*/test_*.py"))


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_has_title_text_and_paragraphs(section: str) -> None:
    module = importlib.import_module(f"spec.{section}")
    chapter = importlib.import_module(f"spec.{section.partition('.')[0]}")
    assert chapter.title
    assert module.title
    assert module.text
    paragraphs = [function for name, function in inspect.getmembers(module, inspect.isfunction) if name[:5] == "test_"]
    assert paragraphs
    assert all(function.__doc__ for function in paragraphs)
