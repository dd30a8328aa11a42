"""The chapter on security says what is so: its tables of rights are those of the file, and every named test exists."""

from __future__ import annotations

import re
from pathlib import Path

import rechtetabelle

TEXT = rechtetabelle.KAPITEL.read_text(encoding="utf-8")
TESTS = Path(__file__).parents[1]
NAMED = re.compile(r"`(test_\w+\.py)(?:::(test_\w+))?`")


def test_the_tables_of_rights_are_those_of_the_file() -> None:
    assert rechtetabelle.rendered(TEXT) == TEXT, "uv run python tests/rechtetabelle.py"


def test_every_named_test_exists() -> None:
    named = set(NAMED.findall(TEXT))
    assert len(named) > 40
    for file, test in sorted(named):
        texts = [path.read_text(encoding="utf-8") for path in TESTS.rglob(file)]
        assert any(re.search(rf"^def {test}\(", text, re.MULTILINE) for text in texts), (file, test)


def test_every_threat_names_a_test() -> None:
    model = TEXT[TEXT.index("### Quelle und Einlesen") : TEXT.index("### Was bleibt")]
    rows = [line for line in model.splitlines() if line.startswith("| ") and "Bedrohung" not in line]
    assert len(rows) > 25
    assert [row for row in rows if not NAMED.search(row)] == []
