"""What the pages say of a delivery when its case data and the details of its validation are gone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from etl import pipeline, warehouse
from etl.airflow_seiten import stand
from etl.monat import Monat
from etl.settings import Settings
from kanarie import kanarienlieferung

JUNI = Monat(2025, 6)


@pytest.mark.slow
def test_the_counts_of_a_validation_outlive_its_details(tmp_path: Path, warehouse_url: str) -> None:
    settings = Settings(home=tmp_path / "home", warehouse=warehouse_url)
    reference = pipeline.extract(settings, str(kanarienlieferung(tmp_path / "lieferung")))
    with warehouse.connect(settings, role="auditor"):
        pass  # the tables are there
    assert stand.verdict(settings, reference) == stand.UNGEPRUEFT

    outcomes = pipeline.validate(settings, reference)
    pipeline.figures(settings, reference, JUNI)
    pipeline.load(settings, reference, JUNI)
    assert stand.verdict(settings, reference).wort == "bestanden"

    for name in ("archiv", "pruefung", "befunde"):
        shutil.rmtree(settings.home / name)
    unknown = outcomes["nicht_pruefbar"] + outcomes["ohne_zeilen"]
    assert stand.verdict(settings, reference).satz == (
        f"Geprüft und geladen: {outcomes['gehalten']} Regeln gehalten, {outcomes['verletzt']} verletzt, "
        f"{unknown} ohne Zeilen oder nicht prüfbar. Die Einzelheiten sind nicht mehr aufbewahrt."
    )
