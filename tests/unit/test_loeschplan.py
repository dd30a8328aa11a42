"""The plan of retention: nothing is due before its day, and nothing is due that is needed – whatever the dates."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import aufbewahrung
from etl.aufbewahrung import Gegenstand, Klasse, Lage, Lieferung, Stand
from etl.aufbewahrung.bestand import FALLDATEN, MONATLICH, PROGRAMM
from etl.monat import Monat
from etl.release import Bericht, Eintrag, Schritt
from etl.release import Stand as Freigabestand
from etl.settings import Settings

DAYS = st.dates(dt.date(2005, 1, 1), dt.date(2060, 12, 31))
CLASSES = st.sampled_from(PROGRAMM)
JUNI = Monat(2020, 6)
GONE = (Stand.FAELLIG, Stand.ERNEUT)


KLASSEN = aufbewahrung.klassen(dt.date(2026, 1, 1))


def klasse(name: str) -> Klasse:
    return KLASSEN[name]


def lieferung(name: str, tag: dt.date) -> Lieferung:
    return Lieferung("T1", name, dt.datetime.combine(tag, dt.time(6), dt.UTC), tag)


def gegenstand(name: str, reference: str = "T1/alt") -> Gegenstand:
    return Gegenstand(name, reference, f"{name}/{reference}", JUNI if name in MONATLICH else None)


def whole_months(first: dt.date, last: dt.date) -> int:
    """Return how many whole months after ``first`` are over when the day ``last`` begins."""
    months = 0
    while True:
        index = first.year * 12 + first.month + months  # the month after, counted from 0
        year, month = index // 12, index % 12 + 1
        length = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
        if dt.date(year, month, min(first.day, length)) >= last:
            return months
        months += 1


@given(CLASSES, DAYS, st.integers(-3, 3) | st.integers(-9000, 9000))
def test_nothing_goes_before_its_period_is_over(name: str, datenstand: dt.date, away: int) -> None:
    """Days around the end of the period are tried most."""
    tag = klasse(name).faellig_am(datenstand) + dt.timedelta(days=away)
    alt, neu = lieferung("alt", datenstand), lieferung("neu", dt.date(2070, 1, 1))
    lage = Lage({one.reference: one for one in (alt, neu)}, frozenset({"T1/alt", "T1/neu"}))
    kind = klasse(name)
    posten = aufbewahrung.judge(gegenstand(name), kind, lage, tag)
    begin = dt.date(datenstand.year, 12, 31) if kind.beginn == "jahresende" else datenstand
    over = tag > begin and whole_months(begin, tag) >= (kind.monate or 0)
    assert (posten.stand is Stand.FAELLIG) == over
    assert (posten.stand is Stand.LAEUFT) == (not over)


@given(CLASSES, DAYS, st.integers(0, 400), st.booleans(), st.data())
def test_what_is_needed_stays_however_long_its_period_is_over(
    name: str, datenstand: dt.date, later: int, on_record: bool, data: st.DataObject
) -> None:
    alt, neu = lieferung("alt", datenstand), lieferung("neu", datenstand + dt.timedelta(days=later))
    needs: dict[str, dict[str, object]] = {
        "sperre": {"sperren": ((1, "T1", data.draw(st.sampled_from((None, "alt")))),)},
        "wartet": {"wartend": frozenset({"T1/alt"})},
        "jüngste": {"archiviert": frozenset({"T1/alt"})},
        "vorläufig": {"vorlaeufig": {"T1/alt": [JUNI]}},
        "offen": {"berichte": (bericht("T1/alt", Schritt.ENTWURF),)},
        "zustellung": {"berichte": (bericht("T1/alt", Schritt.FREIGEGEBEN),), "zustellung": True},
    }
    need = data.draw(st.sampled_from(sorted(needs)))
    only_months = need in ("offen", "zustellung")
    if (name in MONATLICH) != only_months and need != "sperre" and name != FALLDATEN:
        return  # such a class does not know this need
    if need == "vorläufig" and name != FALLDATEN:
        return
    given_: dict[str, object] = {"archiviert": frozenset({"T1/alt", "T1/neu"}), **needs[need]}
    if on_record and need == "sperre":  # also what was deleted before and has come back
        given_["angeordnet"] = {(name, gegenstand(name).pfad): False}
    lage = Lage({one.reference: one for one in (alt, neu)}, **given_)  # type: ignore[arg-type]  # as drawn
    tag = klasse(name).faellig_am(datenstand) + dt.timedelta(days=later)
    assert aufbewahrung.judge(gegenstand(name), klasse(name), lage, tag).stand is Stand.GESPERRT


def bericht(reference: str, schritt: Schritt) -> Freigabestand:
    return Freigabestand(Bericht(reference, JUNI), (Eintrag(1, schritt, "0" * 64, "Eins"),))


@pytest.mark.parametrize(
    ("schritt", "stand"), [(Schritt.ENTWURF, Stand.FAELLIG), (Schritt.FREIGEGEBEN, Stand.GESPERRT)]
)
def test_a_draft_is_replaced_by_the_report_of_a_later_delivery_but_a_release_is_not(
    schritt: Schritt, stand: Stand
) -> None:
    alt, neu = lieferung("alt", dt.date(2020, 7, 1)), lieferung("neu", dt.date(2020, 8, 1))
    reports = (bericht("T1/alt", schritt), bericht("T1/neu", Schritt.ENTWURF))
    known = {one.reference: one for one in (alt, neu)}
    lage = Lage(known, frozenset(known), berichte=reports, zustellung=True)
    assert aufbewahrung.judge(gegenstand(FALLDATEN), klasse(FALLDATEN), lage, dt.date(2030, 1, 1)).stand is stand


def test_what_belongs_to_no_known_delivery_is_never_due() -> None:
    posten = aufbewahrung.judge(gegenstand(FALLDATEN), klasse(FALLDATEN), Lage({}), dt.date(2999, 1, 1))
    assert posten.stand is Stand.UNGEKLAERT


def test_the_catalogue_says_of_every_class_that_the_program_deletes_where_it_lies(tmp_path: Path) -> None:
    classes = aufbewahrung.klassen(dt.date(2026, 1, 1))
    assert {name for name, one in classes.items() if one.loeschung == "programm"} == set(PROGRAMM)
    for name in PROGRAMM:
        pfad = classes[name].ort.replace("<traegernummer>", "T1").replace("<lieferung_id>", "L1")
        path = tmp_path / pfad.replace("<monat>", "2026-08").removesuffix("/")
        target = path if path.suffix else path / "datei"
        target.parent.mkdir(parents=True)
        target.write_text("x")
    found = aufbewahrung.gegenstaende(Settings(home=tmp_path))
    assert {(one.klasse, one.reference) for one in found} == {(name, "T1/L1") for name in PROGRAMM}
    assert all(aufbewahrung.groesse(one.path(Settings(home=tmp_path))) == (1, 1) for one in found)
