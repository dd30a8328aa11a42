"""Published series: read with located errors, kept with their source, compared with our own figures; and estimates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import Connection

from etl import pipeline, series
from etl.errors import UsageError
from etl.extract.archive import Archive, Delivery
from etl.figures import kennzahlen
from etl.figures.kennzahlen import Wert
from etl.monat import Monat
from etl.series import Veroeffentlicht, compare, read_estimates, read_series
from etl.settings import Settings
from etl.warehouse import connect, load_cells

JULI, AUGUST = Monat(2026, 7), Monat(2026, 8)


def csv_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "reihe.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_the_shipped_series_is_readable() -> None:
    values = {(value.reihe, value.monat): value for value in read_series(series.KOA)}
    assert values["elb", Monat(2018, 2)].wert == 11375
    assert values["elb", Monat(2018, 2)].abgeleitet
    assert not values["bg", Monat(2018, 2)].abgeleitet
    assert values["bg", Monat(2005, 1)].abgeleitet  # rounded
    assert all(value.quelle for value in values.values())


def test_a_file_of_excel(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "monat,elb,quelle\r\n2026-08,12065.50,Q\r\n", "utf-8-sig")
    assert read_series(path) == [Veroeffentlicht("elb", AUGUST, Decimal("12065.50"), abgeleitet=False, quelle="Q")]


@pytest.mark.parametrize(("text", "message"), [
    ("monat,elb\n2026-08,1\n", "Spalte quelle fehlt"),
    ("monat,elb,quelle,farbe\n2026-08,1,Q,rot\n", "„farbe“ ist nicht bekannt"),
    ("monat,elb,elb,quelle\n2026-08,1,2,Q\n", "mehrfach"),
    ("monat,elb,quelle\n2026-13,1,Q\n", "Zeile 2: Der Monat"),
    ("monat,elb,quelle\n2026-08,1,\n", "Zeile 2: Die Spalte quelle ist leer"),
    ("monat,elb,quelle\n2026-08,Muster,Q\n", "Zeile 2, Spalte elb: Der Wert ist keine Zahl"),
    ("monat,elb,quelle\n2026-08,-5,Q\n", "keine Zahl"),
    ("monat,elb,quelle\n2026-08,1e99999,Q\n", "keine Zahl"),
    ("monat,elb,quelle\n2026-08,1_000,Q\n", "keine Zahl"),
    ("monat,elb,quelle\n2026-08,1,Q,\n", "nicht so viele Felder"),
    ("monat,elb,quelle\n2026-08,1\n", "nicht so viele Felder"),
    ("monat,elb,quelle\n2026-08,1,Q\n2026-08,2,Q\n", "elb 2026-08 kommt mehrfach vor"),
    ("monat,elb,quelle\n2026-08,,Q\n", "keinen einzigen Wert"),
    ("monat,elb,quelle,abgeleitet\n2026-08,1,Q,ebl\n", "keine Spalte ebl"),
])  # fmt: skip
def test_mistakes_are_located(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as error:
        read_series(csv_file(tmp_path, text))
    assert "Muster" not in error.value.message


@pytest.mark.parametrize(("row", "message"), [
    ("2026-09,EBL,INSGESAMT,1,Fortschreibung", "Diese Größe"),
    ("2026-09,ELB,d,1,Fortschreibung", "Dieses Geschlecht"),
    ("2026-09,ELB,m,1,", "Spalte grund ist leer"),
    ("2026-09,ELB,m,x,G", "keine Zahl"),
])  # fmt: skip
def test_mistakes_in_estimates(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_estimates(csv_file(tmp_path, f"berichtsmonat,groesse,geschlecht,wert,grund\n{row}\n"))


@pytest.mark.parametrize(("wartezeit", "own", "verdict"), [
    (3, 1000, "gleich"),
    (3, 1010, "in_toleranz"), (3, 1011, "offen"), (3, 990, "in_toleranz"), (3, 989, "offen"),
    (2, 1020, "in_toleranz"), (2, 1021, "offen"),
    (1, 1030, "in_toleranz"), (1, 1031, "offen"),
    (0, 1050, "in_toleranz"), (0, 1051, "offen"),
])  # fmt: skip
def test_tolerance_by_data_state(wartezeit: int, own: int, verdict: str) -> None:
    published = [Veroeffentlicht("elb", AUGUST, Decimal(1000), abgeleitet=False, quelle="Q")]
    row = compare(published, {(AUGUST, "ELB", "INSGESAMT"): Wert(Decimal(own), wartezeit)}, {})[0]
    assert row.urteil == verdict
    assert row.differenz == own - 1000


def test_changes_are_computed_from_unrounded_values_since_the_value_published_before() -> None:
    published = [
        Veroeffentlicht("bg", month, Decimal(value), abgeleitet=False, quelle="Q")
        for month, value in ((Monat(2026, 5), 9151), (AUGUST, 9263))
    ]
    own = {(month, "BG", "INSGESAMT"): Wert(Decimal(100), 3) for month in (Monat(2026, 5), AUGUST)}
    row = compare(published, own, {})[1]
    assert row.vergleichsmonat == Monat(2026, 5)
    assert row.veraenderung_veroeffentlicht == kennzahlen.change_rate(9263, 9151)
    assert row.veraenderung_eigen == 0


def test_what_cannot_be_compared_is_not_judged() -> None:
    published = [Veroeffentlicht("integr_1am", AUGUST, Decimal(100), abgeleitet=False, quelle="Q")]
    assert compare(published, {(AUGUST, "INT", "INSGESAMT"): Wert(Decimal(1), 3)}, {})[0].urteil == "nicht_vergleichbar"
    assert compare(published, {}, {})[0].urteil == "ohne_eigenen_wert"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A warehouse with ELB of July (final) and August (T-0) of one Träger."""
    chosen = Settings(home=tmp_path / "home")
    delivery = Delivery("L1", "T1", dt.datetime(2026, 8, 31, tzinfo=dt.UTC))
    with connect(chosen, role="etl") as connection:
        for month, wert, wartezeit in ((JULI, "1000.00", 3), (AUGUST, "2000.00", 0)):
            _load(connection, Archive(Path(), delivery, "a" * 64, {}), month, Decimal(wert), wartezeit)
    return chosen


def _load(connection: Connection, archive: Archive, month: Monat, wert: Decimal, wartezeit: int) -> None:
    cell = {"berichtsmonat": str(month), "groesse": "ELB", "merkmal": "INSGESAMT", "auspraegung": "INSGESAMT"}
    rows = [cell | {"wert": wert, "wartezeit": wartezeit, "status": "ok"}]
    load_cells(connection, archive, month, pa.Table.from_pylist(rows), None)


def test_import_compare_explain_and_estimate(settings: Settings, tmp_path: Path) -> None:
    """The whole way once: an open difference is explained, and opens again with another published value."""
    path = csv_file(tmp_path, "monat,elb,BEV_15_ALTERSGRENZE,quelle\n2026-07,1100,20000,Q\n")
    assert pipeline.import_series(settings, path) == (2, 2)
    assert pipeline.import_series(settings, path) == (2, 0)
    row = pipeline.compare_series(settings, JULI, AUGUST)[0]
    assert (row.reihe, row.eigen, row.urteil, row.datenstand) == ("elb", Decimal(1000), "offen", "T-3")
    pipeline.explain_difference(settings, "elb", JULI, "andere Abgrenzung")
    row = pipeline.compare_series(settings, JULI, AUGUST)[0]
    assert (row.urteil, row.grund) == ("erklaert", "andere Abgrenzung")
    assert pipeline.import_series(settings, csv_file(tmp_path, "monat,elb,quelle\n2026-07,1200,Q\n")) == (1, 1)
    assert pipeline.compare_series(settings, JULI, AUGUST)[0].urteil == "offen"

    rate = [kennzahlen.load()["HQ_ELB"]]
    rows = pipeline.indicators(settings, [JULI, AUGUST], rate)
    assert [(row.wert, row.datenstand) for row in rows] == [(Fraction(5), "T-3"), (Fraction(10), "T-0")]
    estimates = csv_file(
        tmp_path,
        "berichtsmonat,groesse,geschlecht,wert,grund\n2026-08,ELB,INSGESAMT,9,egal\n2026-09,ELB,INSGESAMT,3000,Trend\n",
    )
    assert pipeline.import_estimates(settings, estimates) == (2, 2)
    assert pipeline.import_estimates(settings, estimates) == (2, 0)
    rows = pipeline.indicators(settings, [AUGUST, Monat(2026, 9), Monat(2026, 10)], rate)
    assert [(row.wert, row.datenstand) for row in rows] == [
        (Fraction(10), "T-0"),
        (Fraction(15), "geschaetzt"),
        (None, None),
    ]
    with pytest.raises(UsageError, match="keine Abweichung"):
        pipeline.explain_difference(settings, "elb", AUGUST, "nichts")


def test_states_side_by_side(settings: Settings) -> None:
    assert [(state.wartezeit, state.groesse, state.wert) for state in pipeline.states(settings, JULI)] == [
        (3, "ELB", Decimal(1000))
    ]
    with connect(settings, role="etl") as connection:
        earlier = Delivery("L0", "T1", dt.datetime(2026, 7, 31, tzinfo=dt.UTC))
        _load(connection, Archive(Path(), earlier, "b" * 64, {}), JULI, Decimal("990.00"), 0)
    states = pipeline.states(settings, JULI)
    assert [(state.wartezeit, state.wert, state.lieferung_id) for state in states] == [
        (0, Decimal(990), "L0"),
        (3, Decimal(1000), "L1"),
    ]
    # Twelve-month figures use the final value.
    rate = pipeline.indicators(settings, [JULI], [kennzahlen.load()["K1E2"]])
    assert rate[0].status == "fehlt"
