"""Loading and reading on a real PostgreSQL: whole or not at all, once, and what was valid before stays readable."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import Connection

from etl.errors import UsageError, WarehouseError
from etl.extract.archive import Archive, Delivery
from etl.monat import Monat
from etl.settings import Settings
from etl.validate.ergebnis import Ergebnis, RuleResult, Validation
from etl.warehouse import (
    CELLS,
    Gap,
    acceptance_reason,
    connect,
    deliveries,
    final_months,
    gaps,
    load_cells,
    load_many,
    newest_delivery,
    open_url,
    read_figures,
    read_inputs,
    read_loads_of,
    read_states,
    read_stored,
    record_validation,
)
from integration.gegenstellen import debian_postgres

ROOT = Path(__file__).resolve().parents[2]
AUGUST = Monat(2026, 8)

Cell = tuple[str, str, str, str | None]
PLAIN: list[Cell] = [
    ("ELB", "INSGESAMT", "INSGESAMT", "12001.00"),
    ("ELB", "GESCHLECHT", "m", "6000.00"),
    ("BG", "GEMEINDE", "08317096", "-0.50"),
    ("LLU", "INSGESAMT", "INSGESAMT", None),
    ("ELB", "GEMEINDE/ALTER", 'Ä, "b"\n/15-24', "9999999999999999.99"),
]


def archive(lieferung: str = "L1", day: int = 10, traeger: str = "T1", content: str = "a") -> Archive:
    moment = dt.datetime(2026, 9, day, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    return Archive(Path(), Delivery(lieferung, traeger, moment), content * 64, {})


def cells(rows: list[Cell] = PLAIN, month: Monat = AUGUST, wartezeit: int = 0) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "berichtsmonat": str(month),
                "groesse": groesse,
                "merkmal": merkmal,
                "auspraegung": auspraegung,
                "wert": None if wert is None else Decimal(wert),
                "wartezeit": wartezeit,
                "status": "fehlt" if wert is None else "ok",
            }
            for groesse, merkmal, auspraegung, wert in rows
        ],
        schema=CELLS,
    )


def one(wert: str) -> list[Cell]:
    return [("ELB", "INSGESAMT", "INSGESAMT", wert)]


def values(connection: Connection, as_of: dt.datetime | None = None, traeger: str | None = None) -> list[object]:
    frame = read_figures(connection, first=AUGUST, last=AUGUST, traegernummer=traeger, as_of=as_of)
    return list(frame["wert"])


def count(connection: Connection, table: str) -> int:
    with connection.begin():
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM jobcenter.{table}").scalar_one())


@pytest.fixture
def etl(warehouse_url: str) -> Iterator[Connection]:
    with open_url(warehouse_url, role="etl") as connection:
        yield connection


def test_what_is_loaded_is_what_is_read(etl: Connection, warehouse_url: str) -> None:
    result = load_cells(etl, archive(), AUGUST, cells(wartezeit=2), None)
    assert (result.berichtsmonat, result.version, result.new, result.rows) == (AUGUST, 1, True, 5)
    with open_url(warehouse_url, role="controller") as connection:
        frame = read_figures(connection, first=AUGUST, last=AUGUST, traegernummer=None, as_of=None)
    assert list(frame.columns) == CELLS.names
    expected = sorted(PLAIN)
    assert list(zip(frame["groesse"], frame["merkmal"], frame["auspraegung"], strict=True)) == [c[:3] for c in expected]
    assert list(frame["wert"]) == [None if c[3] is None else Decimal(c[3]) for c in expected]
    assert list(frame["status"]) == ["fehlt" if c[3] is None else "ok" for c in expected]
    assert set(frame["wartezeit"]) == {2}
    assert set(frame["berichtsmonat"]) == {"2026-08"}


def test_an_empty_warehouse_has_columns_and_no_rows(etl: Connection) -> None:
    frame = read_figures(etl, first=AUGUST, last=AUGUST, traegernummer=None, as_of=None)
    assert list(frame.columns) == CELLS.names
    assert len(frame) == 0
    assert deliveries(etl) == []


def test_loading_twice_is_loading_once_whatever_the_order_of_the_rows(etl: Connection) -> None:
    first = load_cells(etl, archive(), AUGUST, cells(), None)
    again = load_cells(etl, archive(), AUGUST, cells(PLAIN[::-1]), None)
    assert not again.new
    assert (again.ladung_id, again.version) == (first.ladung_id, 1)
    assert count(etl, "zelle") == len(PLAIN)


@pytest.mark.parametrize("changed", [cells(one("2")), cells([("ELB", "INSGESAMT", "INSGESAMT", None)])])
def test_other_content_is_the_next_version_and_the_earlier_one_stays(etl: Connection, changed: pa.Table) -> None:
    load_cells(etl, archive(), AUGUST, cells(one("1")), None)
    assert load_cells(etl, archive(), AUGUST, changed, None).version == 2
    assert values(etl) == changed["wert"].to_pylist()
    assert count(etl, "zelle") == 2
    back = load_cells(etl, archive(), AUGUST, cells(one("1")), None)
    assert (back.version, back.new) == (3, True), "what is valid now is the newest version"
    assert values(etl) == [Decimal(1)]


def test_the_newest_datenstand_counts_and_earlier_ones_can_be_asked_for(etl: Connection) -> None:
    load_cells(etl, archive("B", day=20), AUGUST, cells(one("20")), None)
    load_cells(etl, archive("A", day=10), AUGUST, cells(one("10")), None)  # loaded later, created earlier
    assert values(etl) == [Decimal(20)]
    assert values(etl, as_of=archive("B", day=20).delivery.erstellt_am) == [Decimal(20)]
    assert values(etl, as_of=archive(day=19).delivery.erstellt_am) == [Decimal(10)]
    assert values(etl, as_of=archive(day=9).delivery.erstellt_am) == []
    known = deliveries(etl)
    assert [(d.lieferung_id, d.datenstand, d.monate) for d in known] == [
        ("A", dt.date(2026, 9, 10), 1),  # 22:30 UTC of the day before: the date is the source's
        ("B", dt.date(2026, 9, 20), 1),
    ]
    assert known[0].erstellt_am == archive().delivery.erstellt_am


def test_the_view_shows_the_same_newest_state(etl: Connection) -> None:
    load_cells(etl, archive("A", day=10), AUGUST, cells(one("10")), None)
    load_cells(etl, archive("B", day=20), AUGUST, cells(one("20")), None)
    load_cells(etl, archive("B", day=20), AUGUST, cells(one("21")), None)
    with etl.begin():
        rows = etl.exec_driver_sql("SELECT wert, lieferung_id, version FROM jobcenter.rpt_figur").all()
    assert [tuple(row) for row in rows] == [(Decimal(21), "B", 2)]


def test_several_traeger_must_be_chosen_from(etl: Connection) -> None:
    load_cells(etl, archive(traeger="T1"), AUGUST, cells(one("1")), None)
    load_cells(etl, archive(traeger="T2"), AUGUST, cells(one("2")), None)
    with pytest.raises(UsageError, match="T1, T2") as caught:
        values(etl)
    assert "--traeger T1" in str(caught.value.hint)
    assert values(etl, traeger="T2") == [Decimal(2)]
    with pytest.raises(UsageError, match="T3"):
        values(etl, traeger="T3")


def test_a_month_is_final_when_another_delivery_says_so(etl: Connection) -> None:
    july = Monat(2026, 7)
    load_cells(etl, archive("L1"), july, cells(month=july, wartezeit=2), None)
    load_cells(etl, archive("L2", day=11), AUGUST, cells(wartezeit=3), None)
    assert final_months(etl, archive("L3").delivery) == [AUGUST]
    assert final_months(etl, archive("L2").delivery) == []
    assert final_months(etl, archive("L3", traeger="T2").delivery) == []


KONT = ("INT_SVP_KONT", "INSGESAMT", "INSGESAMT")


def supplemented(etl: Connection) -> tuple[int, int]:
    """August becomes final from L1 with a figure that is not known yet; L2, ten days later, adds it."""
    final = load_cells(etl, archive("L1"), AUGUST, cells([*one("100"), (*KONT, None)], wartezeit=3), None)
    late = archive("L2", day=20)
    gap = gaps(etl, late.delivery)[AUGUST]
    assert gap == Gap(final.ladung_id, frozenset({"INT_SVP_KONT"}))
    rows: list[Cell] = [(*KONT, "7"), ("INT_SVP_KONT", "GESCHLECHT", "m", "3")]
    (load,) = load_many(etl, late, {AUGUST: cells(rows, wartezeit=6)}, None, ergaenzt={AUGUST: gap.ladung_id})
    (again,) = load_many(etl, late, {AUGUST: cells(rows, wartezeit=6)}, None, ergaenzt={AUGUST: gap.ladung_id})
    assert (load.new, again.new, again.ladung_id) == (True, False, load.ladung_id)
    return final.ladung_id, load.ladung_id


def test_a_final_month_gains_what_it_could_not_have_and_keeps_the_rest(etl: Connection, warehouse_url: str) -> None:
    supplemented(etl)
    with open_url(warehouse_url, role="controller") as controller:
        inputs = read_inputs(controller, groessen=["ELB", "INT_SVP_KONT"], first=AUGUST, last=AUGUST)
        states = read_states(controller, month=AUGUST)
        shown = controller.exec_driver_sql("SELECT groesse, wert, lieferung_id FROM jobcenter.rpt_figur").all()
    assert {(g, sex): (i.wert, i.wartezeit) for (_, g, sex), i in inputs.items()} == {
        ("ELB", "INSGESAMT"): (Decimal(100), 3),
        ("INT_SVP_KONT", "INSGESAMT"): (Decimal(7), 6),
        ("INT_SVP_KONT", "m"): (Decimal(3), 6),
    }
    assert [(s.wartezeit, s.lieferung_id, s.groesse, s.wert) for s in states] == [
        (3, "L1", "ELB", Decimal(100)),
        (3, "L1", "INT_SVP_KONT", Decimal(7)),
    ]
    assert sorted(map(tuple, shown)) == [("ELB", 100, "L1"), ("INT_SVP_KONT", 3, "L2"), ("INT_SVP_KONT", 7, "L2")]


def test_a_supplement_is_not_yet_there_on_an_earlier_datenstand(etl: Connection) -> None:
    final, added = supplemented(etl)
    early, late = archive("L1").delivery.erstellt_am, archive("L2", day=20).delivery.erstellt_am
    assert values(etl, as_of=early) == [Decimal(100), None]
    assert values(etl, as_of=late) == [Decimal(100), Decimal(3), Decimal(7)]
    assert read_loads_of(etl, first=AUGUST, last=AUGUST, traegernummer="T1", as_of=early) == [final]
    assert read_loads_of(etl, first=AUGUST, last=AUGUST, traegernummer="T1", as_of=late) == [final, added]


def test_what_was_added_is_not_added_again_by_later_deliveries(etl: Connection) -> None:
    supplemented(etl)
    assert gaps(etl, archive("L3", day=25).delivery) == {}
    assert gaps(etl, archive("L0", day=9).delivery) == {}, "an earlier delivery has nothing to add"
    assert final_months(etl, archive("L1").delivery) == [], "a month is not final by what was added to it"


def test_each_figure_of_a_supplemented_month_is_opened_where_it_comes_from(etl: Connection, warehouse_url: str) -> None:
    supplemented(etl)
    with open_url(warehouse_url, role="auditor") as auditor:
        assert newest_delivery(auditor, month=AUGUST, groesse="ELB") == "T1/L1"
        assert newest_delivery(auditor, month=AUGUST, groesse="INT_SVP_KONT") == "T1/L2"
        assert read_stored(auditor, reference="T1/L2", month=AUGUST, groesse="INT_SVP_KONT").cells[KONT] == 7
        with pytest.raises(UsageError, match="nicht geladen"):
            read_stored(auditor, reference="T1/L2", month=AUGUST)


def test_a_backfill_is_one_transaction(etl: Connection) -> None:
    months = {month: cells(month=month) for month in Monat.span(Monat(2026, 1), AUGUST)}
    broken = months | {Monat(2026, 5): cells([*PLAIN, PLAIN[0]], Monat(2026, 5))}
    with pytest.raises(WarehouseError, match="2026-05 kommen mehrfach vor, zuerst Größe ELB"):
        load_many(etl, archive(), broken, None)
    assert count(etl, "lieferung") == count(etl, "ladung") == 0
    assert [result.new for result in load_many(etl, archive(), months, None)] == [True] * 8
    assert count(etl, "ladung") == len(months)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (cells(month=Monat(2026, 7)), "eines anderen Monats"),
        (cells([]), "keine Werte"),
        (pa.concat_tables([cells(one("1")), cells(PLAIN[1:], wartezeit=1)]), "verschiedene Wartezeiten"),
        (cells([("ELB", "ALTER", "", "1")]), "Schlüssel leer"),
        (cells().drop_columns("status"), "erwarteten Spalten"),
        (cells().set_column(4, "wert", pa.array([1.234] * 5)), "erwarteten Typen"),
        (cells().set_column(6, "status", pa.array(["ok"] * 5)), "Wert und Status"),
        (cells().set_column(1, "groesse", pa.nulls(5, pa.string())), "groesse nicht überall gefüllt"),
    ],
)
def test_cells_that_cannot_be_right_are_refused(etl: Connection, table: pa.Table, message: str) -> None:
    with pytest.raises(WarehouseError, match=message):
        load_cells(etl, archive(), AUGUST, table, None)
    assert count(etl, "lieferung") == 0


@pytest.mark.parametrize("other", [archive(content="b"), archive(day=11)])
def test_another_delivery_under_the_same_id_is_refused(etl: Connection, other: Archive) -> None:
    load_cells(etl, archive(), AUGUST, cells(), None)
    with pytest.raises(WarehouseError, match=r"T1/L1.*anderem Inhalt"):
        load_cells(etl, other, AUGUST, cells(), None)


def test_the_reason_for_loading_in_spite_of_findings_is_kept_with_the_load(etl: Connection) -> None:
    first = load_cells(etl, archive(), AUGUST, cells(), "Altfälle, Klärung läuft")
    assert not load_cells(etl, archive(), AUGUST, cells(), "Altfälle, Klärung läuft").new
    load_cells(etl, archive(), AUGUST, cells(), "Zweiter Grund")
    with etl.begin():
        rows = etl.exec_driver_sql("SELECT ladung_id, grund FROM jobcenter.befundannahme ORDER BY grund").all()
    assert [tuple(r) for r in rows] == [
        (first.ladung_id, "Altfälle, Klärung läuft"),
        (first.ladung_id, "Zweiter Grund"),
    ]
    assert acceptance_reason(etl, archive().delivery, AUGUST) == "Altfälle, Klärung läuft; Zweiter Grund"
    load_cells(etl, archive(), AUGUST, cells(one("1")), None)
    assert acceptance_reason(etl, archive().delivery, AUGUST) is None, "it was given for other figures"
    with pytest.raises(UsageError, match="leer"):
        load_cells(etl, archive(), AUGUST, cells(), " ")


def validation(*results: tuple[str, Ergebnis, int | None, int | None], rules: str = "1") -> Validation:
    return Validation(
        "T1/L1",
        "a" * 64,
        rules * 64,
        tuple(
            RuleResult("person", rule, "", "warning", outcome, checked, violated, "", "")
            for rule, outcome, checked, violated in results
        ),
    )


def test_results_of_validation_are_kept_once_and_beside_earlier_ones(etl: Connection) -> None:
    held: tuple[str, Ergebnis, int, int] = ("P-001", "gehalten", 100, 0)
    first = record_validation(etl, archive(), validation(("P-002", "verletzt", 100, 3), held))
    assert record_validation(etl, archive(), validation(held, ("P-002", "verletzt", 100, 3))) == first
    assert record_validation(etl, archive(), validation(held, ("P-002", "verletzt", 100, 3), rules="2")) != first
    assert record_validation(etl, archive(), validation(held, ("P-002", "nicht_pruefbar", None, None))) != first
    assert count(etl, "pruefung") == 3
    assert count(etl, "pruefergebnis") == 6
    with pytest.raises(WarehouseError, match="gehört nicht zur Lieferung"):
        record_validation(etl, archive("L2", content="b"), validation(held))


LOADER = """
import sys
sys.path.insert(0, "tests/integration")
import test_warehouse_load as t
from etl.warehouse import load
url, mode = sys.argv[1:]
copied = []
def copy_and_hang(cursor, ladung_id, cells, original=load._copy):
    original(cursor, ladung_id, cells)
    copied.append(ladung_id)
    if mode == "hang" and len(copied) == 2:
        print("mittendrin", flush=True)
        sys.stdin.read()
load._copy = copy_and_hang
months = {month: t.cells(month=month) for month in t.Monat.span(t.Monat(2026, 1), t.AUGUST)}
with t.open_url(url, role="etl") as connection:
    print("bereit", flush=True)
    sys.stdin.readline()
    print(sum(result.new for result in load.load_many(connection, t.archive(), months, None)), flush=True)
"""


def loader(url: str, mode: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", LOADER, url, mode],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "bereit\n"
    return process


@pytest.mark.slow
def test_two_processes_that_load_the_same_at_once_load_it_once(etl: Connection, warehouse_url: str) -> None:
    both = [loader(warehouse_url, "load") for _ in range(2)]
    for process in both:
        assert process.stdin is not None
        process.stdin.write("los\n")
        process.stdin.flush()
    new = sorted(int(process.communicate()[0]) for process in both)
    assert new == [0, 8]
    assert count(etl, "ladung") == 8
    assert count(etl, "zelle") == 8 * len(PLAIN)


@pytest.mark.slow
def test_a_killed_load_leaves_nothing_and_the_next_one_works(etl: Connection, warehouse_url: str) -> None:
    with loader(warehouse_url, "hang") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("los\n")
        process.stdin.flush()
        assert process.stdout.readline() == "mittendrin\n"
        process.kill()
    assert count(etl, "lieferung") == count(etl, "ladung") == count(etl, "zelle") == 0
    assert load_cells(etl, archive(), AUGUST, cells(), None).new


def test_settings_choose_between_the_embedded_server_and_a_url(tmp_path: Path, warehouse_url: str) -> None:
    with connect(Settings(home=tmp_path, warehouse=warehouse_url), role="etl") as connection:
        load_cells(connection, archive(), AUGUST, cells(), None)
    assert not list(tmp_path.iterdir())
    with connect(Settings(home=tmp_path, warehouse=None), role="etl") as connection:
        assert count(connection, "ladung") == 0
    assert (tmp_path / "warehouse" / "daten").is_dir()


def test_everything_also_works_on_the_postgresql_of_debian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = debian_postgres()
    monkeypatch.setenv("JOBCENTER_PG_BIN", str(programs))
    settings = Settings(home=tmp_path, warehouse=None)
    with connect(settings, role="etl") as connection:
        with connection.begin():
            version = str(connection.exec_driver_sql("SHOW server_version").scalar_one())
            assert version.startswith(f"{programs.parent.name}.")
        test_other_content_is_the_next_version_and_the_earlier_one_stays(connection, cells(one("2")))
        record_validation(connection, archive(), validation(("r", "gehalten", 1, 0)))
    with connect(settings, role="controller") as connection:
        assert values(connection) == [Decimal(1)]
    with connect(settings, role="auditor") as connection:
        assert count(connection, "zelle") == 3
