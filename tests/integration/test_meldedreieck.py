"""The reporting triangle of one synthetic job centre, delivery by delivery through the pipeline, and its nowcast."""

from __future__ import annotations

import pytest

from etl import berichten, pipeline, vorausschauen, warehouse
from etl.demo import DemoRequest, generate
from etl.extract.archive import open_archive
from etl.monat import Monat
from etl.nowcast import ZU_WENIG
from etl.settings import Settings
from etl.warehouse import held

pytestmark = pytest.mark.slow

START, FIRST, LAST = Monat(2022, 9), Monat(2024, 12), Monat(2026, 8)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Twenty-one monthly deliveries, each loaded as ``jobcenter run`` does; two years before, so that there are LZB."""
    home = tmp_path_factory.mktemp("dreieck")
    chosen = Settings(home=home / "home")
    with held(chosen):
        for month in Monat.span(FIRST, LAST):
            request = DemoRequest(bis=month, monate=month.months_since(START) + 1, personen=600, seed=3, late=True)
            delivery = generate(request, home / request.lieferung_id)
            reference = pipeline.extract(chosen, str(delivery))
            pipeline.validate(chosen, reference)
            pipeline.figures(chosen, reference, month)
            pipeline.load(chosen, reference, month)
    return chosen


def test_late_records_make_the_states_differ(settings: Settings) -> None:
    """The deliveries tell one life: stocks, integrations and amounts only ever rise to their final values."""
    risen = set()
    for month in Monat.span(FIRST, LAST.shift(-3)):
        states = {(state.groesse, state.wartezeit): state.wert for state in pipeline.states(settings, month)}
        for code in ("BG", "ELB", "INT", "LLU", "LUH"):
            values = [states[code, wait] or 0 for wait in range(4)]
            assert values == sorted(values)
            risen |= {code} if values[0] < values[3] else set()
    assert risen == {"BG", "ELB", "INT", "LLU", "LUH"}


def test_nine_in_ten_past_values_lay_in_their_interval(settings: Settings) -> None:
    found = pipeline.nowcast(settings, LAST)
    estimated = [row for row in found if row.status == "ok"]
    # K2E3's numerator is known only six months later.
    assert {row.groesse for row in found} - {row.groesse for row in estimated} == {"INT_SVP_KONT"}
    assert {row.historie for row in estimated} == {18}
    judged = [row.abdeckung for row in estimated if row.abdeckung]
    # Nine finals are known from the tenth delivery after the first on: of 18 past months, 7 can be judged.
    assert {coverage.geprueft for coverage in judged} == {7}
    hits, tries = sum(c.getroffen for c in judged), sum(c.geprueft for c in judged)
    assert hits >= 0.9 * tries
    assert any(coverage.getroffen < coverage.geprueft for coverage in judged), (
        "an interval that always holds is too wide"
    )
    elb = next(row for row in estimated if row.groesse == "ELB")
    assert elb.unten is not None
    assert elb.oben is not None
    assert elb.vorlaeufig is not None
    assert elb.oben - elb.unten < elb.vorlaeufig / 20


def test_a_report_expects_something_of_every_provisional_month(settings: Settings) -> None:
    with warehouse.connect(settings, role="auditor") as connection:
        newest = warehouse.newest_delivery(connection, month=LAST, groesse="ELB")
        stand = berichten.read(connection, open_archive(settings.archive, newest), LAST)
    estimated = {row.monat: row.wartezeit for row in stand.erwartungen if row.status == "ok"}
    assert estimated == {LAST: 0, LAST.shift(-1): 1, LAST.shift(-2): 2}


def test_before_nine_months_nothing_is_guessed(settings: Settings) -> None:
    """As of the eleventh delivery eight months are final."""
    month = FIRST.shift(10)
    with warehouse.connect(settings, role="controller") as connection:
        created = next(
            row[0]
            for row in connection.exec_driver_sql(
                "SELECT erstellt_am FROM jobcenter.rpt_stand WHERE berichtsmonat = %s AND wartezeit = 0", (str(month),)
            )
        )
        connection.rollback()
        found = vorausschauen.erwartungen(connection, month, as_of=created)
    assert {row.status for row in found} == {ZU_WENIG, "fehlt"}
    assert {row.historie for row in found if row.status == ZU_WENIG} == {8}
