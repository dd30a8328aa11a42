"""Two deliveries of one Träger loaded at the same time: as if one had come after the other."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine

from etl import pipeline, warehouse
from etl.monat import Monat
from etl.settings import Settings
from integration.berichte import warte_auf
from kanarie import kanarienlieferung

JUNI, JULI = Monat(2025, 6), Monat(2025, 7)
LOAD = """
import sys
from etl import pipeline
from etl.monat import Monat
from etl.settings import Settings

pipeline.load(Settings(), sys.argv[1], Monat.parse(sys.argv[2]))
"""


def berechnet(settings: Settings, lieferung: Path, month: Monat) -> str:
    """Bring a delivery as far as the step before loading; return its reference."""
    reference = pipeline.extract(settings, str(lieferung))
    pipeline.validate(settings, reference)
    pipeline.figures(settings, reference, month)
    return reference


def loading(settings: Settings, reference: str, month: Monat) -> subprocess.Popen[bytes]:
    """Start a load in a process of its own."""
    environment = {
        **os.environ,
        "JOBCENTER_HOME": str(settings.home),
        "JOBCENTER_WAREHOUSE": str(settings.warehouse),
    }
    return subprocess.Popen([sys.executable, "-c", LOAD, reference, str(month)], env=environment)


@pytest.mark.slow
def test_a_month_made_final_meanwhile_is_not_stated_anew(tmp_path: Path, warehouse_url: str) -> None:
    settings = Settings(home=tmp_path / "home", warehouse=warehouse_url)
    august = dt.datetime(2025, 8, 20, 6, 0, tzinfo=dt.UTC)
    september = dt.datetime(2025, 9, 20, 6, 0, tzinfo=dt.UTC)
    first = berechnet(settings, kanarienlieferung(tmp_path / "1", "probe-1", erstellt_am=august), JUNI)
    second = berechnet(settings, kanarienlieferung(tmp_path / "2", "probe-2", erstellt_am=september), JULI)
    with warehouse.connect(settings, role="etl"):
        pass  # the tables are there
    owner = create_engine(warehouse_url, poolclass=NullPool).connect()
    with owner, owner.begin():
        owner.exec_driver_sql("LOCK TABLE jobcenter.ladung IN EXCLUSIVE MODE")
        earlier = loading(settings, first, JUNI)
        warte_auf(settings, "relation")
        later = loading(settings, second, JULI)
        warte_auf(settings, "advisory")
    assert (earlier.wait(), later.wait()) == (0, 0)
    with warehouse.connect(settings, role="auditor") as connection, connection.begin():
        states = connection.exec_driver_sql(
            "SELECT berichtsmonat, string_agg(lieferung_id, ' ' ORDER BY lieferung_id) "
            "FROM jobcenter.rpt_stand GROUP BY berichtsmonat ORDER BY berichtsmonat"
        ).all()
    told = {month: deliveries for month, deliveries in states if month >= "2025-01"}
    assert told == {
        **{f"2025-{month:02d}": "probe-1" for month in range(1, 4)},  # final with the first delivery
        **{f"2025-{month:02d}": "probe-1 probe-2" for month in range(4, 7)},
        "2025-07": "probe-2",
    }
