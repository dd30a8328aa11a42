"""A figure opened into its records, and its change between two deliveries split into causes: both add up exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from etl import parameter
from etl.demo import DemoRequest, generate
from etl.errors import UsageError
from etl.extract import extract
from etl.extract.archive import Archive
from etl.figures import compute_figures, erklaerung, katalog
from etl.figures.merkmale import MERKMALE
from etl.figures.revision import Revision, Stand, revisions
from etl.monat import Monat
from reference.delivery import write_delivery
from spec.conftest import build

MONAT = Monat(2024, 3)
NIRGENDS: Mapping[str, str] = {}

VORHER = {
    "person": """
        kundennummer | geburtsdatum
        -------------+-------------
        ALT          | 1964-01-02
    """,
    "bg_mitglied": """
        kundennummer | bg_nummer | erwerbsfaehig
        -------------+-----------+--------------
        BLEIBT       | B1        | T
        ENTFAELLT    | B2        | T
        WECHSELT     | B3        | T
        ZIEHT        | B4        | T
        BETRAG       | B5        | T
        ALT          | B6        | T
    """,
    "bedarfsgemeinschaft": """
        bg_nummer | gemeinde_ags
        ----------+-------------
        B4        | 08317001
        B1        | 08317096
    """,
}
NACHHER = {
    **VORHER,
    "bg_mitglied": """
        kundennummer | bg_nummer | erwerbsfaehig
        -------------+-----------+--------------
        BLEIBT       | B1        | T
        KOMMT        | B7        | T
        WECHSELT     | B3        | F
        ZIEHT        | B4        | T
        BETRAG       | B5        | T
        ALT          | B6        | T
    """,
    "bedarfsgemeinschaft": """
        bg_nummer | gemeinde_ags
        ----------+-------------
        B4        | 08317096
        B1        | 08317096
    """,
}


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, Archive]:
    """Two deliveries a month apart: a person comes, one goes, one changes the group, one moves, one gets less."""
    folder = tmp_path_factory.mktemp("lieferungen")
    archives = []
    for name, texts, day in (("L1", VORHER, 20), ("L2", NACHHER, 21)):
        tables = build(str(MONAT), texts)
        for row in tables["leistung"]:
            if (name, row["kundennummer"]) == ("L2", "BETRAG"):
                row |= {"anspruch": Decimal("90.00"), "bedarf": Decimal("90.00"), "zahlung": Decimal("90.00")}
        moment = dt.datetime(2024, 7, day, 6, tzinfo=dt.UTC)
        path = write_delivery(folder / name, tables, moment, lieferung_id=name)
        archives.append(extract(path, archive_root=folder / "archiv", key_file=folder / "key"))
    return archives[0], archives[1]


def loaded(archive: Archive, auswahl: Mapping[str, str] = NIRGENDS) -> dict[str, Decimal | None]:
    """The cells of the month as they would be in the warehouse."""
    cells = {
        (row["groesse"], row["merkmal"], row["auspraegung"]): row["wert"]
        for row in compute_figures(archive, [MONAT]).to_pylist()
    }
    return {
        figure.code: cells.get((figure.code, *cell), Decimal(0))
        for figure in katalog.load().values()
        if (cell := erklaerung.cell(figure.grundgesamtheit, auswahl)) is not None
    }


def explained(before: Stand, after: Stand, auswahl: Mapping[str, str] = NIRGENDS) -> dict[str, Revision]:
    found = revisions(before, after, MONAT, auswahl)
    for change in found:
        assert sum(change.ursachen.values()) == change.nachher - change.vorher, change.groesse
    return {change.groesse: change for change in found}


def causes(change: Revision) -> dict[str, Decimal]:
    return {cause: part for cause, part in change.ursachen.items() if part}


def test_persons_come_go_and_change_the_group(deliveries: tuple[Archive, Archive]) -> None:
    stands = [Stand(archive, loaded(archive), None) for archive in deliveries]
    changes = explained(stands[0], stands[1])
    assert causes(changes["ELB"]) == {"nacherfasst": 1, "zurueckgenommen": -1, "umgruppiert": -1}
    assert causes(changes["NEF"]) == {"umgruppiert": 1}
    assert causes(changes["BG"]) == {"nacherfasst": 1, "zurueckgenommen": -1}
    assert causes(changes["PERS"]) == {"nacherfasst": 1, "zurueckgenommen": -1}


def test_an_amount_is_corrected(deliveries: tuple[Archive, Archive]) -> None:
    stands = [Stand(archive, loaded(archive), None) for archive in deliveries]
    changes = explained(stands[0], stands[1])
    assert causes(changes["LLU"]) == {"nacherfasst": 100, "zurueckgenommen": -100, "korrigiert": -10}
    assert changes["LLU"].nachher - changes["LLU"].vorher == -10


def test_a_move_between_municipalities(deliveries: tuple[Archive, Archive]) -> None:
    for gemeinde, part in (("08317001", -1), ("08317096", 1)):
        auswahl = {"gemeinde": gemeinde}
        stands = [Stand(archive, loaded(archive, auswahl), None) for archive in deliveries]
        assert causes(explained(stands[0], stands[1], auswahl)["BG"])["umgruppiert"] == part


def _earlier_law() -> Mapping[str, pa.Table]:
    """Parameters by which the age limit of the born from 1964 on was 60 years."""
    tables = dict(parameter.tables())
    rows = tables["par_altersgrenze"].to_pylist()
    rows[-1] |= {"jahre": 60}
    return tables | {"par_altersgrenze": pa.Table.from_pylist(rows)}


def test_another_law_and_another_definition(deliveries: tuple[Archive, Archive]) -> None:
    """Loaded under an earlier law that makes ALT a NEF, by a definition that counted three ELB more."""
    before = loaded(deliveries[0])
    then: dict[str, Decimal | None] = before | {
        "ELB": (before["ELB"] or Decimal(0)) + 2,
        "NEF": (before["NEF"] or Decimal(0)) + 1,
    }
    changes = explained(Stand(deliveries[0], then, _earlier_law()), Stand(deliveries[0], before, None))
    assert causes(changes["ELB"]) == {"parameter": 1, "definition": -3}
    assert causes(changes["NEF"]) == {"parameter": -1}
    assert not causes(changes["PERS"])


def test_a_rule_changed_for_the_later_delivery(deliveries: tuple[Archive, Archive]) -> None:
    before = loaded(deliveries[0])
    then: dict[str, Decimal | None] = before | {
        "ELB": (before["ELB"] or Decimal(0)) - 1,
        "NEF": (before["NEF"] or Decimal(0)) + 1,
    }
    changes = explained(Stand(deliveries[0], before, None), Stand(deliveries[0], then, _earlier_law()))
    assert causes(changes["ELB"]) == {"parameter": -1}
    assert causes(changes["NEF"]) == {"parameter": 1}


def test_what_nearly_counts_says_why(deliveries: tuple[Archive, Archive]) -> None:
    opened = erklaerung.explain(deliveries[1], "ELB", MONAT, NIRGENDS)
    assert opened.summe == 5
    assert opened.knapp.column("warum").to_pylist() == ["nicht erwerbsfähig"]


@pytest.mark.parametrize(("where", "message"), [
    ("gemeinde", "nicht lesbar"),
    ("gemeinde_ags=", "nicht lesbar"),
    ("farbe=rot", "nicht lesbar"),
])  # fmt: skip
def test_restrictions_that_nobody_can_read(where: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        erklaerung.parse([where])


def test_unknown_figure_and_feature(deliveries: tuple[Archive, Archive]) -> None:
    with pytest.raises(UsageError, match="gibt es nicht"):
        erklaerung.explain(deliveries[0], "ELBE", MONAT, NIRGENDS)
    with pytest.raises(UsageError, match="nicht nach geschlecht gegliedert"):
        erklaerung.explain(deliveries[0], "BG", MONAT, {"geschlecht": "w"})


@pytest.mark.slow
def test_every_figure_is_the_sum_of_its_records(tmp_path: Path) -> None:
    """A job centre of 600 persons with planted defects: total and one cell of every table, for every figure."""
    month = Monat(2026, 1)
    request = DemoRequest(bis=Monat(2026, 8), monate=32, personen=600, seed=7, faults=False)
    archive = extract(generate(request, tmp_path / "demo"), archive_root=tmp_path / "archiv", key_file=tmp_path / "key")
    largest: dict[tuple[str, str], tuple[Decimal, str]] = {}
    for row in compute_figures(archive, [month]).to_pylist():
        if row["wert"] is not None:
            key = (row["groesse"], row["merkmal"])
            largest[key] = max(largest.get(key, (Decimal(-1), "")), (row["wert"], row["auspraegung"]))
    checked = 0
    for figure in katalog.load().values():
        for merkmal in MERKMALE[figure.grundgesamtheit]:
            if len(merkmal.columns) == 2 or (figure.code, merkmal.name) not in largest:
                continue
            value, code = largest[figure.code, merkmal.name]
            auswahl = dict(zip(merkmal.columns, [code], strict=False))
            assert erklaerung.explain(archive, figure.code, month, auswahl).summe == value, (figure.code, merkmal.name)
            checked += 1
    assert checked > len(katalog.load())
