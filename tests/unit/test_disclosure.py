"""What may be shown to whom: each rule of the publication plan and of secrecy in a case of its own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import pandas as pd
import pytest

from etl import disclosure, parameter
from etl.disclosure import Empfaengerkreis, publish, publish_expectations, publish_indicators, publish_targets
from etl.disclosure import plan as room
from etl.errors import UsageError
from etl.figures import katalog
from etl.figures.kennzahlen import Zeile
from etl.monat import Monat
from etl.nowcast import Abdeckung, Erwartung
from etl.report.model import COLUMNS, Cells, Sign, change, change_percent, share
from etl.ziele import Zielstand

DATENSTAND = dt.date(2026, 8, 28)
MONTH = Monat(2026, 8)
INNEN, LANDKREIS, ALLE = Empfaengerkreis
TOTAL = ("INSGESAMT", "INSGESAMT")


def cells_of(*rows: tuple[str, str, str, str | None]) -> pd.DataFrame:
    """Cells of one month: figure, feature, code, value (None: fehlt)."""
    full = [
        (str(MONTH), groesse, merkmal, code, None if wert is None else Decimal(wert), 0, "ok" if wert else "fehlt")
        for groesse, merkmal, code, wert in rows
    ]
    frame = pd.DataFrame(full, columns=list(COLUMNS))
    frame["wert"] = frame["wert"].astype(object)
    return frame


def shown(frame: pd.DataFrame, kreis: Empfaengerkreis, groesse: str, merkmal: str, code: str) -> object:
    published = Cells(publish(frame, kreis, DATENSTAND), MONTH, kreis)
    return published.value(groesse, MONTH, merkmal, code)


@pytest.mark.parametrize(
    ("wert", "outside"),
    [("0", Decimal(0)), ("1", Sign.HIDDEN), ("2", Sign.HIDDEN), ("3", Decimal(3)), (None, Sign.UNKNOWN)],
)
@pytest.mark.parametrize("kreis", [LANDKREIS, ALLE])
def test_one_and_two_are_hidden_outside(wert: str | None, outside: object, kreis: Empfaengerkreis) -> None:
    frame = cells_of(("K_EINGANG", *TOTAL, wert))
    assert shown(frame, kreis, "K_EINGANG", *TOTAL) == outside
    assert shown(frame, INNEN, "K_EINGANG", *TOTAL) == (Sign.UNKNOWN if wert is None else Decimal(wert))


@pytest.mark.parametrize(("units", "hidden"), [("2", True), ("3", False), ("0", True), (None, True)])
def test_what_few_bedarfsgemeinschaften_stand_behind_is_hidden(units: str | None, hidden: bool) -> None:
    frame = cells_of(("PERS", "GEMEINDE", "08317001", "5"), ("BG", "GEMEINDE", "08317001", units))
    assert (shown(frame, LANDKREIS, "PERS", "GEMEINDE", "08317001") is Sign.HIDDEN) == hidden


def test_an_amount_is_hidden_by_the_number_of_people_behind_it_not_by_its_height() -> None:
    frame = cells_of(("LLU", *TOTAL, "1.50"), ("LB", *TOTAL, "900"), ("LLU", "GESCHLECHT", "d", "700.00"))
    frame = pd.concat([frame, cells_of(("LB", "GESCHLECHT", "d", "2"))])
    assert shown(frame, ALLE, "LLU", *TOTAL) == Decimal("1.50")
    assert shown(frame, ALLE, "LLU", "GESCHLECHT", "d") is Sign.HIDDEN


def test_nobody_behind_a_cell_is_no_secret() -> None:
    frame = cells_of(("LLU", "GESCHLECHT", "d", "0.00"), ("LB", "GESCHLECHT", "d", "0"))
    assert shown(frame, ALLE, "LLU", "GESCHLECHT", "d") == Decimal(0)


def test_what_the_plan_does_not_name_is_not_there_and_asking_for_it_is_refused() -> None:
    frame = cells_of(("ABGELEHNT", *TOTAL, "7"), ("BG", "GEMEINDE/BG_TYP", "08317001/SINGLE", "9"))
    assert publish(frame, ALLE, DATENSTAND).empty
    assert len(publish(frame, INNEN, DATENSTAND)) == 2
    with pytest.raises(LookupError, match="ABGELEHNT nach INSGESAMT steht nicht im Veröffentlichungsplan"):
        shown(frame, ALLE, "ABGELEHNT", *TOTAL)


def test_a_hidden_value_is_gone_from_the_table_itself() -> None:
    (row,) = publish(cells_of(("K_EINGANG", *TOTAL, "2")), ALLE, DATENSTAND).to_dict("records")
    assert (row["wert"], row["status"]) == (None, "geheim")


@pytest.mark.parametrize("other", [Decimal(5), Decimal(0), Sign.UNKNOWN, Sign.IMPOSSIBLE])
def test_what_is_computed_from_a_hidden_value_is_hidden(other: Decimal | Sign) -> None:
    for arithmetic in (change, change_percent, share):
        assert arithmetic(Sign.HIDDEN, other) is Sign.HIDDEN
        assert arithmetic(other, Sign.HIDDEN) is Sign.HIDDEN


def zeile(zaehler: int | None, nenner: int | None, geschlecht: str = "INSGESAMT") -> Zeile:
    return Zeile(
        MONTH,
        "K3E2",
        geschlecht,
        None if zaehler is None else Fraction(zaehler),
        None if nenner is None else Fraction(nenner),
        Fraction(1),
        "ok",
        "T-0",
    )


@pytest.mark.parametrize(
    ("zaehler", "nenner", "hidden"),
    [(2, 90, True), (3, 90, False), (0, 90, False), (0, 2, True), (None, None, False)],
)
def test_a_rate_of_few_is_hidden(zaehler: int | None, nenner: int | None, hidden: bool) -> None:
    before = zeile(zaehler, nenner)
    (after,) = publish_indicators([before], cells_of(), ALLE, DATENSTAND)
    assert (after == before._replace(zaehler=None, nenner=None, wert=None, status="geheim")) == hidden
    assert publish_indicators([before], cells_of(), INNEN, DATENSTAND) == (before,)


def test_a_rate_of_a_hidden_cell_is_hidden_for_the_same_sex_only() -> None:
    cells = publish(cells_of(("LZB_AKTIV", "GESCHLECHT", "w", "2")), ALLE, DATENSTAND)
    women, men = publish_indicators([zeile(20, 90, "w"), zeile(20, 90, "m")], cells, ALLE, DATENSTAND)
    assert (women.status, men.status) == ("geheim", "ok")


def test_the_narrower_circle_is_never_shown_to_the_wider_one() -> None:
    assert [[reader.sees(meant) for meant in Empfaengerkreis] for reader in Empfaengerkreis] == [
        [True, True, True],
        [False, True, True],
        [False, False, True],
    ]


def test_every_table_of_the_plan_is_counted_and_every_report_is_for_somebody() -> None:
    assert disclosure.tabellen()
    figures = katalog.load()
    assert disclosure.vorgesehen(INNEN) > disclosure.vorgesehen(LANDKREIS) >= disclosure.vorgesehen(ALLE)
    assert all(figures[groesse].name for groesse, _ in disclosure.vorgesehen(ALLE))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"groessen": ["GIBTSNICHT"]}, "Die Größe „GIBTSNICHT“ steht nicht im Katalog."),
        ({"merkmale": ["INSTRUMENT"]}, "BG wird nicht nach INSTRUMENT gezählt."),
        ({"groessen": ["LLU"]}, "Für den Betrag LLU fehlt „einheiten“"),
        ({"einheiten": "DAUER_BESTAND", "merkmale": ["BG_TYP"]}, "DAUER_BESTAND wird nicht nach BG_TYP gezählt."),
        ({"code": "zweite"}, "BG nach INSGESAMT steht schon in der Tabelle „erste“."),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused(
    changes: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = {"code": "erste", "titel": "T", "merkmale": ["INSGESAMT"], "groessen": ["BG"], "kreise": ["landkreis"]}
    tables = [table, table | changes] if "code" in changes else [table | changes]
    monkeypatch.setattr(parameter, "read", lambda _: {"tabellen": tables})
    with pytest.raises(UsageError, match=message):
        room.tabellen.__wrapped__()


def zielstand(kennzahl: str, geschlecht: str = "INSGESAMT") -> Zielstand:
    return Zielstand(
        monat=MONTH,
        kennzahl=kennzahl,
        name="",
        geschlecht=geschlecht,
        einheit="prozent",
        zielwert=Decimal(12),
        istwert=Decimal(10),
        status="ok",
        abweichung=Decimal(-2),
        ampel="rot",
        regel="",
        bedarf="Es fehlt noch 1 Integration.",
        bedarf_gesamt=Decimal(1),
        bedarf_je_monat=Decimal(1),
        verbleibende_monate=1,
        datenstand="T-0",
        quelle="Q",
    )


def test_a_target_of_a_hidden_figure_is_hidden_and_one_that_is_not_planned_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planned = disclosure.vorgesehen(ALLE) - {("INT_AE", "GESCHLECHT")}
    monkeypatch.setattr("etl.disclosure.ausblick.vorgesehen", lambda _: planned)
    frame = cells_of(
        ("INT_AE", *TOTAL, "2"), ("AE", *TOTAL, "90"), ("INT", *TOTAL, "30"), ("ELB", *TOTAL, "900"),
        ("INT", "GESCHLECHT", "w", "2"),
    )  # fmt: skip
    every = [zielstand("K2"), zielstand("K2E4"), zielstand("K2E4", "w")]
    k2, k2e4, *rest = publish_targets(every, publish(frame, ALLE, DATENSTAND), ALLE)
    assert k2 == every[0]
    assert (k2e4.zielwert, k2e4.istwert, k2e4.abweichung, k2e4.status, k2e4.ampel) == (
        Decimal(12), None, None, "geheim", "offen",
    )  # fmt: skip
    assert (k2e4.bedarf_gesamt, k2e4.bedarf_je_monat) == (None, None)
    assert "1" not in k2e4.bedarf
    assert not rest
    assert publish_targets(every, publish(frame, INNEN, DATENSTAND), INNEN) == tuple(every)


def erwartung(groesse: str, vorlaeufig: int, erwartet: int | None) -> Erwartung:
    value = None if erwartet is None else Decimal(erwartet)
    status: Literal["ok", "zu wenig Meldehistorie"] = "ok" if value is not None else "zu wenig Meldehistorie"
    return Erwartung(groesse, MONTH, 0, Decimal(vorlaeufig), value, value, value, 12, Abdeckung(3, 3), status)


@pytest.mark.parametrize(("vorlaeufig", "erwartet", "hidden"), [
    (2, None, True), (2, 3, True), (0, 2, True), (0, 0, False), (3, 4, False),
])  # fmt: skip
def test_what_is_expected_of_a_small_count_is_hidden(vorlaeufig: int, erwartet: int | None, hidden: bool) -> None:
    frame = cells_of(("K_EINGANG", *TOTAL, str(vorlaeufig)))
    one = erwartung("K_EINGANG", vorlaeufig, erwartet)
    found = publish_expectations([one], publish(frame, ALLE, DATENSTAND), ALLE, DATENSTAND)[0]
    assert (found.status == "geheim") == hidden
    assert (found.vorlaeufig, found.erwartet, found.unten, found.oben, found.historie) == (
        (None, None, None, None, 0) if hidden else (one.vorlaeufig, one.erwartet, one.unten, one.oben, 12)
    )
    assert publish_expectations([one], frame, INNEN, DATENSTAND) == (one,)
