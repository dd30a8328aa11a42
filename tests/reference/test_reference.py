"""Two independent answers to one question: the product's SQL and the oracle's sets of days agree cell by cell."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given

from reference import oracle
from reference.conftest import PROFIL
from reference.delivery import Fall, write_delivery
from reference.faelle import fuenf_jahre, raster
from reference.product import differences, product_cells
from reference.strategies import lange_lieferungen, lieferungen


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("schluessel") / "pseudonym.key"


def check(fall: Fall, key_file: Path) -> None:
    """Run a delivery through CSV, extract and SQL, and compare every cell with the oracle."""
    months = list(oracle.waiting_times(fall.tables, fall.erstellt_am))
    with tempfile.TemporaryDirectory() as folder:
        delivery = write_delivery(Path(folder) / "lieferung", fall.tables, fall.erstellt_am)
        product = product_cells(delivery, Path(folder) / "archiv", key_file, months)
    found = differences(fall, product, months)
    assert not found, "\n".join(found)


@pytest.mark.slow
@PROFIL
@given(fall=lieferungen())
def test_product_equals_reference(key_file: Path, fall: Fall) -> None:
    check(fall, key_file)


@pytest.mark.slow
@PROFIL
@given(fall=lange_lieferungen())
def test_product_equals_reference_over_two_years(key_file: Path, fall: Fall) -> None:
    check(fall, key_file)


def test_product_equals_reference_on_the_longest_durations(key_file: Path) -> None:
    check(fuenf_jahre(), key_file)


@pytest.mark.slow
def test_product_equals_reference_on_every_code_at_every_limit(key_file: Path) -> None:
    check(raster(), key_file)
