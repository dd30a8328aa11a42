"""What one step keeps for the next comes back as it was written, or not at all."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pytest

from etl import ablage
from etl.errors import DamagedError
from etl.validate import ergebnis
from etl.validate.ergebnis import RuleResult, Validation

TABLE = pa.table({"groesse": ["ELB", "BG", "NEF"] * 40, "wert": pa.array(range(120), pa.int64())})


def test_a_changed_byte_never_becomes_another_figure(tmp_path: Path) -> None:
    path = tmp_path / "2026-08.parquet"
    ablage.write(path, TABLE)
    written = path.read_bytes()
    damaged = 0
    for place in range(len(written)):
        content = bytearray(written)
        content[place] ^= 0xFF
        path.write_bytes(content)
        damaged += not _same_or_damaged(path)
    assert damaged > len(written) / 2


def _same_or_damaged(path: Path) -> bool:
    """Whether the table comes back as it was; False: it is damaged, and that is said."""
    with suppress(DamagedError):
        assert ablage.read(path, TABLE.schema, "Die Zahlen", "Neu rechnen.").equals(TABLE)
        return True
    return False


@pytest.mark.parametrize("size", [0, 3, 100])
def test_a_file_that_was_cut_off_is_damaged(tmp_path: Path, size: int) -> None:
    path = tmp_path / "2026-08.parquet"
    ablage.write(path, TABLE)
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(DamagedError, match=rf"Die Zahlen in der Datei {path} sind beschädigt\.") as caught:
        ablage.read(path, TABLE.schema, "Die Zahlen", "Neu rechnen.")
    assert caught.value.hint == "Neu rechnen."


def test_a_kept_validation_with_another_count_is_made_again(tmp_path: Path) -> None:
    rule = RuleResult("person", "PER-001", "Titel", "critical", "verletzt", 100, 8, "8 von 100", "neu liefern")
    validation = Validation("1/probe", "a" * 64, "b" * 64, (rule,))
    path = tmp_path / "ergebnis.json"
    ergebnis.write(validation, path)
    assert ergebnis.read(path) == validation
    said = json.loads(path.read_text(encoding="utf-8"))
    said["ergebnisse"][0]["verletzt"] = 0
    path.write_text(json.dumps(said), encoding="utf-8")
    assert ergebnis.read(path) is None
    assert [file.name for file in tmp_path.iterdir()] == ["ergebnis.json"]
