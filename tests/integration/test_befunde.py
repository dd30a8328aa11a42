"""Findings over deliveries, what they move, and what people decide about them: waivers and the pause."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

import validate_data as data
from etl import pruefen, validate, warehouse
from etl.befunde import Ausnahme, anhalten, ausgenommen, find
from etl.befunde.anhalten import Anlass
from etl.errors import HeldError, UsageError
from etl.extract.archive import Archive
from etl.figures import compute_figures
from etl.monat import Monat
from etl.settings import Settings
from validate_data import Rows, euro

RULES = validate.load()
JULI = Monat(2026, 7)
Change = Callable[[Rows], None]


def wrong_payment(rows: Rows, row: int = 0, amount: str = "500.00") -> None:
    rows["leistung"][row]["zahlung"] = euro(amount)


def delivery(settings: Settings, number: int, *changes: Change) -> Archive:
    """The clean delivery, changed, as the ``number``-th of the job centre."""
    rows = data.clean()
    for change in changes:
        change(rows)
    moment = data.DATENSTAND.replace(hour=number)
    return data.write(settings.archive, rows, f"11732/probe-{number}", moment)


@pytest.fixture
def settings(tmp_path: Path, warehouse_url: str) -> Settings:
    return Settings(home=tmp_path, warehouse=warehouse_url)


def found(settings: Settings, archive: Archive) -> list[dict[str, object]]:
    validation = validate.validate(archive, settings.validation)
    rows: list[dict[str, object]] = pruefen.findings(settings, archive, validation).to_pylist()
    return [row for row in rows if row["regel_id"] == "LEI-008"]


def states(settings: Settings, archive: Archive) -> dict[object, object]:
    """Month of the wrong payment to the state of its finding."""
    return {str(row["monat"]): row["zustand"] for row in found(settings, archive)}


def test_states_over_deliveries(settings: Settings) -> None:
    """Present, gone, and back again; beside it one that stays and one that is new."""
    may, june = (lambda rows: wrong_payment(rows, 0)), (lambda rows: wrong_payment(rows, 6))
    one = states(settings, delivery(settings, 1, may, june))
    assert one == {"2026-05-01": "neu", "2026-06-01": "neu"}
    assert states(settings, delivery(settings, 2, june)) == {"2026-05-01": "behoben", "2026-06-01": "bestehend"}
    assert states(settings, delivery(settings, 3, june)) == {"2026-06-01": "bestehend"}
    assert states(settings, delivery(settings, 4, may)) == {"2026-05-01": "wiedergekehrt", "2026-06-01": "behoben"}


def test_a_finding_says_what_was_found_and_who_can_correct_it(settings: Settings) -> None:
    (finding,) = found(settings, delivery(settings, 1, wrong_payment))
    assert finding["gefunden"] == "anspruch = 563,00; minderung = 0,00; zahlung = 500,00"
    assert (finding["zustaendigkeit"], finding["geschaeftsstelle"]) == ("Team 1", "Mitte")
    assert (finding["kundennummer"], finding["bg_nummer"]) == ("p1", "bg1")


def total(archive: Archive, groesse: str, month: Monat) -> Decimal:
    cells = {(c["groesse"], c["merkmal"]): c["wert"] for c in compute_figures(archive, [month]).to_pylist()}
    return Decimal(cells[groesse, "INSGESAMT"] or 0)


def test_the_effect_is_what_the_figures_lose_without_the_record(settings: Settings) -> None:
    """LEI-008 may move claims and payments; without the person's rows of the month they are smaller by the effect."""

    def without(rows: Rows) -> None:
        rows["leistung"] = [
            row for row in rows["leistung"] if (row["kundennummer"], row["monat"]) != ("p1", data.MONATE[2])
        ]

    archive = delivery(settings, 1, lambda rows: wrong_payment(rows, 12))
    (finding,) = found(settings, archive)
    left_out = delivery(settings, 2, without)
    lost = {code: total(archive, code, JULI) - total(left_out, code, JULI) for code in ("LLU", "LUH", "ZAHLUNG")}
    assert finding["monat"] == data.MONATE[2]
    assert finding["wirkung"] == "; ".join(f"{code} −{lost[code]}" for code in lost).replace(".", ",")
    assert finding["wirkung_euro"] == sum(lost.values()) > 0


def test_the_list_is_complete(settings: Settings) -> None:
    """As many rows as Great Expectations counts, for rules in SQL and for rules about columns."""

    def broken(rows: Rows) -> None:
        wrong_payment(rows)
        rows["leistung"].append(dict(rows["leistung"][0]))
        rows["person"][0]["geschlecht"] = "?"
        rows["bedarfsgemeinschaft"][0]["gemeinde_ags"] = "Offenburg"
        rows["massnahme"][0]["austritt"] = dt.date(2020, 1, 1)

    archive = delivery(settings, 1, broken)
    validation = validate.validate(archive, settings.validation)
    violated = {r.regel_id: r.verletzt for r in validation.ergebnisse if r.ergebnis == "verletzt"}
    types = {RULES.regel(regel_id).typ for regel_id in violated}
    assert len(types) >= 4
    listed = {regel_id: validate.findings(archive, RULES, regel_id).num_rows for regel_id in violated}
    assert listed == violated
    records = Counter(row["regel_id"] for row in find(archive, validation, RULES).to_pylist())
    assert set(records) == set(violated)


def _finding(werte: str = "a" * 64, zustand: str = "neu") -> pa.Table:
    return pa.table({"befund_id": ["b" * 64], "werte_sha256": [werte], "zustand": [zustand]})


WAIVER = Ausnahme(7, "LEI-008", "b" * 64, "a" * 64, "geprüft", "Eins", "Zwei", dt.date(2026, 8, 20))


@pytest.mark.parametrize(("finding", "datenstand", "closed"), [
    (_finding(), dt.date(2026, 8, 19), 7),
    (_finding(), dt.date(2026, 8, 20), 7),                     # der letzte Tag
    (_finding(), dt.date(2026, 8, 21), None),                  # danach ist der Befund wieder offen
    (_finding(werte="c" * 64), dt.date(2026, 8, 20), None),    # ein anderer Wert
    (_finding(zustand="behoben"), dt.date(2026, 8, 20), None),
])  # fmt: skip
def test_how_long_a_waiver_closes_a_finding(finding: pa.Table, datenstand: dt.date, closed: int | None) -> None:
    assert ausgenommen(finding, [WAIVER], datenstand).to_pylist() == [closed]


@pytest.mark.slow
def test_a_waiver_opens_the_gate_until_the_value_changes(settings: Settings) -> None:
    archive = delivery(settings, 1, wrong_payment)
    assert [result.regel_id for result in pruefen.decide(settings, archive).offen] == ["LEI-008"]
    befund = str(found(settings, archive)[0]["befund_id"])[:12]
    until = dt.date(2027, 1, 31)
    reference = archive.delivery.reference
    for alias in (" a. eins", "a.eins", "Eins, A."):
        with pytest.raises(UsageError, match="nicht selbst bewilligen"):
            pruefen.waive(settings, reference, befund, grund="x", by="A. Eins", approved_by=alias, until=until)
    with pytest.raises(UsageError, match="zwei Namen"):
        pruefen.waive(settings, reference, befund, grund="x", by="A. Eins", approved_by=" ", until=until)
    waiver = pruefen.waive(
        settings, reference, befund, grund="geprüft", by="A. Eins", approved_by="B. Zwei", until=until
    )
    with pytest.raises(UsageError, match=rf"schon bis 31.01.2027 ausgenommen \(Ausnahme {waiver.ausnahme_id}\)"):
        pruefen.waive(settings, reference, befund, grund="y", by="A. Eins", approved_by="B. Zwei", until=until)
    decision = pruefen.decide(settings, archive)
    assert decision.is_open
    assert [result.regel_id for result in decision.ausgenommen] == ["LEI-008"]
    assert decision.begruendung is None
    assert pruefen.decide(settings, delivery(settings, 2, wrong_payment)).is_open
    other = delivery(settings, 3, lambda rows: wrong_payment(rows, 0, "500.01"))
    assert not pruefen.decide(settings, other).is_open
    with warehouse.connect(settings, role="etl") as connection:
        with pytest.raises(UsageError, match="dieses Trägers gibt es nicht"):
            warehouse.revoke_waiver(connection, "99999", 1, "fremd", "B. Zwei")
        warehouse.revoke_waiver(connection, "11732", 1, "war ein Irrtum", "B. Zwei")
        with pytest.raises(UsageError, match="schon zurückgenommen"):
            warehouse.revoke_waiver(connection, "11732", 1, "noch einmal", "B. Zwei")
    assert not pruefen.decide(settings, archive).is_open


def test_what_breaks_the_contract_cannot_be_waived(settings: Settings) -> None:
    def unknown_code(rows: Rows) -> None:
        rows["person"][0]["geschlecht"] = "?"

    archive = delivery(settings, 1, unknown_code)
    table, _ = pruefen.with_waivers(settings, archive.delivery.reference)
    befund = next(row["befund_id"] for row in table.to_pylist() if row["regel_id"].startswith("PER-"))
    with pytest.raises(UsageError, match="hält alles an"):
        pruefen.waive(
            settings, archive.delivery.reference, befund, grund="x", by="A", approved_by="B", until=dt.date(2027, 1, 1)
        )


def test_counts_of_findings_are_in_the_warehouse_by_rule_and_office(settings: Settings) -> None:
    archive = delivery(settings, 1, wrong_payment)
    decision = pruefen.decide(settings, archive, "für den Test angenommen")
    with warehouse.connect(settings, role="etl") as connection:
        pruefen.record(settings, connection, archive, decision)
        pruefen.record(settings, connection, archive, decision)
        with connection.begin():
            rows = connection.exec_driver_sql(
                "SELECT regel_id, geschaeftsstelle, neu, bestehend, ausgenommen FROM jobcenter.befundstand "
                "WHERE regel_id = 'LEI-008'"
            ).fetchall()
    assert [tuple(row) for row in rows] == [("LEI-008", "Mitte", 1, 0, 0)]


STAND = dt.date(2026, 8, 20)


def _held(new: int, old: int, *, groesse: str = "ELB", month: Monat = JULI, before: Monat = JULI) -> bool:
    occasion = anhalten.occasion({(month, groesse): Decimal(new)}, {(before, groesse): Decimal(old)}, None, STAND)
    return bool(occasion.saetze)


@pytest.mark.parametrize(("new", "old", "held"), [
    (10800, 10000, False),   # genau 8 Prozent
    (10801, 10000, True),
    (9199, 10000, True),     # nach unten ebenso
    (199, 100, False),       # 99 Prozent, aber weniger als 100 Personen
    (200, 100, True),
])  # fmt: skip
def test_a_loaded_month_that_a_later_delivery_moves(new: int, old: int, held: bool) -> None:
    assert _held(new, old) is held


@pytest.mark.parametrize(("new", "held"), [(11500, False), (11501, True), (8499, True)])
def test_a_jump_against_the_month_before(new: int, held: bool) -> None:
    assert _held(new, 10000, before=JULI.shift(-1)) is held


def test_amounts_have_a_least_size_of_their_own() -> None:
    assert not _held(174_999, 100_000, groesse="LLU")
    assert _held(175_000, 100_000, groesse="LLU")


@pytest.mark.parametrize(("fehlen", "held"), [(200, False), (201, True)])
def test_withdrawn_records(fehlen: int, held: bool) -> None:
    assert bool(anhalten.occasion({}, {}, (10_000, fehlen), STAND).saetze) is held


def test_withdrawn_records_are_counted_in_the_months_both_reach(settings: Settings) -> None:
    first = delivery(settings, 1)

    def shorter(rows: Rows) -> None:
        rows["leistung"] = [row for row in rows["leistung"] if row["monat"] != data.MONATE[0]]
        del rows["leistung"][-1]

    had, missing = anhalten.withdrawn(delivery(settings, 2, shorter), first) or (0, 0)
    assert missing == 1
    assert had >= len(data.clean()["leistung"]) * 2 // 3
    assert anhalten.withdrawn(first, None) is None


def test_a_waiting_delivery_has_a_status_of_its_own() -> None:
    Anlass(()).require_none("T/L")
    with pytest.raises(HeldError, match="wartet auf eine Entscheidung") as held:
        Anlass(("ELB 2026-07 war 1, jetzt 3.",)).require_none("T/L")
    assert held.value.exit_status == 7
