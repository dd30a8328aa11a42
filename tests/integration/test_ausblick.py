"""Targets and expected values from a real warehouse: imported once, kept as they were, read as of a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import ProgrammingError

from etl import pipeline, vorausschauen
from etl.errors import UsageError
from etl.extract.archive import Archive, Delivery
from etl.monat import Monat
from etl.nowcast import ZU_WENIG, Abdeckung
from etl.settings import Settings
from etl.warehouse import Role, connect, load_cells, newest_month

HEAD = "jahr,kennzahl,geschlecht,zielwert,einheit,quelle\n"
FIRST, MONTHS = Monat(2025, 5), 16
LAST = FIRST.shift(MONTHS - 1)


def moment(month: Monat) -> dt.datetime:
    return dt.datetime.combine(month.last_day, dt.time(6), dt.UTC)


def load(connection: Connection, month: Monat, created: Monat, values: dict[str, int]) -> None:
    """Load one state of a month: the delivery that was made at the end of the month ``created``."""
    delivery = Delivery(f"L{created}", "T1", moment(created))
    total = {"merkmal": "INSGESAMT", "auspraegung": "INSGESAMT"}
    rows = [
        {"berichtsmonat": str(month), "groesse": code, **total, "wert": Decimal(value).quantize(Decimal("0.01"))}
        | {"wartezeit": created.months_since(month), "status": "ok"}
        for code, value in values.items()
    ]
    load_cells(connection, Archive(Path(), delivery, "a" * 64, {}), month, pa.Table.from_pylist(rows), None)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Sixteen monthly deliveries: integrations are recorded late, 8 of 10 at once, 9 after one month."""
    chosen = Settings(home=tmp_path_factory.mktemp("ausblick"))
    with connect(chosen, role="etl") as connection:
        for number in range(MONTHS):
            for wait, known in enumerate((80, 90, 100, 100)):
                if number + wait < MONTHS:
                    month = FIRST.shift(number)
                    load(connection, month, month.shift(wait), {"INT": known, "ELB": 12_000})
    return chosen


@contextmanager
def reading(settings: Settings, role: Role = "controller") -> Iterator[Connection]:
    with connect(settings, role=role) as connection:
        yield connection


def test_targets_are_imported_once_and_changed_by_a_next_version(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "ziele.csv"
    path.write_text(HEAD + "2026,K2,,9.5,prozent,Q\n2026,K1,,,prozent,Q\n", encoding="utf-8")
    assert pipeline.import_targets(settings, path) == (2, 2)
    assert pipeline.import_targets(settings, path) == (2, 0)
    path.write_text(HEAD + "2026,K2,,9.8,prozent,Nachtrag\n", encoding="utf-8")
    assert pipeline.import_targets(settings, path) == (1, 1)
    with reading(settings) as connection:
        assert newest_month(connection) == LAST
        k1, k2 = vorausschauen.zielstaende(connection, LAST)
        earlier = vorausschauen.zielstaende(connection, LAST, as_of=moment(LAST.shift(-1)))[1]
        assert vorausschauen.zielstaende(connection, Monat(2025, 12)) == []
        rows = connection.exec_driver_sql(
            "SELECT version, zielwert FROM jobcenter.rpt_ziel WHERE kennzahl = 'K2'"
        ).all()
    assert [tuple(row) for row in rows] == [(1, Decimal("9.5")), (2, Decimal("9.8"))]
    assert (k1.zielwert, k1.status, k1.ampel) == (None, "fehlt", "offen")
    # 970 integrations until August 2026 (80 and 90 of the newest months) of 12,000.
    assert (k2.istwert, k2.ampel, k2.datenstand, k2.quelle) == (Decimal("9.750000"), "gelb", "T-0", "Nachtrag")
    assert k2.bedarf_gesamt == Decimal(406)  # 9.8 percent of 12,000 are 1,176, of which 770 came since January
    # A month that was not delivered yet has no value.
    assert (earlier.istwert, earlier.ampel) == (None, "offen")


def test_rows_of_targets_stay_and_only_etl_adds(settings: Settings) -> None:
    for role in ("etl", "controller", "auditor"):
        with reading(settings, role) as connection:
            for statement in ("UPDATE jobcenter.ziel SET zielwert = 0", "DELETE FROM jobcenter.ziel"):
                with pytest.raises(ProgrammingError), connection.begin():
                    connection.exec_driver_sql(statement)
            if role != "etl":
                with pytest.raises(ProgrammingError), connection.begin():
                    connection.exec_driver_sql(
                        "INSERT INTO jobcenter.ziel "
                        "(traegernummer, jahr, kennzahl, geschlecht, version, einheit, quelle) "
                        "VALUES ('T1', 2026, 'K2', 'm', 1, 'prozent', 'Q')"
                    )
    with reading(settings) as connection, pytest.raises(ProgrammingError), connection.begin():
        connection.exec_driver_sql("SELECT * FROM jobcenter.ziel")


def test_what_is_expected_of_the_newest_month_and_of_one_as_it_was_then(settings: Settings) -> None:
    with reading(settings) as connection:
        stock, found = vorausschauen.erwartungen(connection, LAST)
        one_month_waited = vorausschauen.erwartungen(connection, LAST.shift(-1))[1]
        young = vorausschauen.erwartungen(connection, FIRST.shift(11), as_of=moment(FIRST.shift(11)))[1]
        still = vorausschauen.erwartungen(connection, FIRST.shift(10), as_of=moment(FIRST.shift(10)))[1]
        assert vorausschauen.erwartungen(connection, LAST.shift(-3)) == []
        with pytest.raises(UsageError, match="nicht geladen"):
            vorausschauen.erwartungen(connection, LAST.shift(1))
    assert {stock.erwartet, stock.unten, stock.oben} == {Decimal(12_000)}
    assert (found.vorlaeufig, found.erwartet, found.wartezeit, found.historie) == (Decimal(80), Decimal(100), 0, 13)
    assert found.abdeckung == Abdeckung(2, 2)
    assert str(found.abdeckung) == "2 von 2 Monaten"
    assert (one_month_waited.erwartet, one_month_waited.wartezeit) == (Decimal(100), 1)
    assert (young.erwartet, young.historie, str(young.abdeckung)) == (Decimal(100), 9, "noch nicht geprüft")
    assert (still.erwartet, still.historie, still.abdeckung, still.status) == (None, 8, None, ZU_WENIG)


def test_an_empty_warehouse_is_explained(warehouse_url: str, tmp_path: Path) -> None:
    path = tmp_path / "ziele.csv"
    path.write_text(HEAD + "2026,K2,,9.5,prozent,Q\n", encoding="utf-8")
    empty = Settings(home=tmp_path / "leer", warehouse=warehouse_url)
    with pytest.raises(UsageError, match="für welchen Träger"):
        pipeline.import_targets(empty, path)
    assert pipeline.import_targets(empty, path, "T9") == (1, 1)
    with reading(empty) as connection, pytest.raises(UsageError, match="noch leer"):
        newest_month(connection)
