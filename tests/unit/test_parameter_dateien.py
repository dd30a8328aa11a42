"""What a mistake in a parameter file leads to: people edit these files, so every mistake names its place."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

from etl import parameter
from etl.errors import UsageError
from etl.validate import load

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """A copy of the packaged files that a test may spoil."""
    folder = tmp_path / "recht"
    folder.mkdir()
    for name in parameter.NAMES:
        shutil.copy(parameter.FOLDER / f"{name}.yaml", folder)
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text, "the test no longer fits the file"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("name", parameter.NAMES)
def test_every_packaged_file_is_accepted(name: str) -> None:
    assert parameter.read(name)


def test_every_file_has_a_schema_and_every_schema_a_file() -> None:
    assert sorted(path.stem for path in parameter.FOLDER.glob("*.yaml")) == list(parameter.NAMES)


P16E_OLD = "      - {gueltig_ab: 2005-01-01, aktiv: true, oeffentlich_gefoerdert: true, einmalig: false}\n"
P16E_NEW = "      - {gueltig_ab: 2019-01-01, aktiv: false, oeffentlich_gefoerdert: false, einmalig: false}\n"


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        pytest.param(
            "zaehlregeln",
            "  quelle: Quellvertrag 1.0, Tabelle stichtag\n",
            "",
            "stichtag_tag: Die Angabe „quelle“ fehlt.",
            id="no source",
        ),
        pytest.param(
            "zaehlregeln",
            "  quelle: Quellvertrag 1.0, Tabelle stichtag\n",
            '  quelle: ""\n',
            "stichtag_tag, quelle: Hier fehlt ein Text.",
            id="empty source",
        ),
        pytest.param(
            "zaehlregeln",
            "  entscheidung: D17\n",
            "  entscheidung: D17\n  werte: [{gueltig_ab: 2005-01-01, wert: 3}]\n",
            "geheimhaltung_mindestfallzahl: „werte“ ist nicht vorgesehen",
            id="a number in two places",
        ),
        pytest.param(
            "nowcast",
            "mindestens: 9,",
            "mindestens: 8,",
            "historie, werte, Eintrag 1 (2005-01-01), mindestens: So wenige Monate ergeben keine Sicherheit von 0.9.",
            id="too few months for the wanted certainty",
        ),
        pytest.param(
            "nowcast",
            "hoechstens: 24",
            "hoechstens: 5",
            "hoechstens: Das ist weniger als „mindestens“.",
            id="at most less than at least",
        ),
        pytest.param(
            "instrumente",
            P16E_OLD + P16E_NEW,
            P16E_NEW + P16E_OLD,
            "werte, Eintrag 8 (P16e), perioden, Eintrag 2 (2005-01-01): Der Zeitraum beginnt nicht nach dem vorigen",
            id="periods out of order",
        ),
        pytest.param(
            "instrumente",
            P16E_NEW,
            P16E_NEW + P16E_NEW,
            "perioden, Eintrag 3 (2019-01-01): Der Zeitraum beginnt nicht nach dem vorigen",
            id="a period twice",
        ),
        pytest.param(
            "instrumente",
            "einmalig: false",
            "einmalig: false, einmalg: true",
            "Eintrag 1 (P16_45), perioden, Eintrag 1 (2005-01-01): Die Angabe „einmalg“ ist hier nicht vorgesehen.",
            id="unknown key",
        ),
        pytest.param(
            "instrumente", "aktiv: true", "aktiv: ja", "aktiv: Erwartet wird true oder false, nicht „ja“.", id="type"
        ),
        pytest.param(
            "instrumente",
            "gueltig_ab: 2019-01-01",
            "gueltig_ab: 2019-02-29",
            "„2019-02-29“ ist nicht ein Tag in der Form JJJJ-MM-TT.",
            id="no such day",
        ),
        pytest.param(
            "instrumente", "code: P16k", "code: P16x", "Der Schlüssel „P16k“ des Quellvertrags", id="code missing"
        ),
        pytest.param(
            "erwerbsarten", "code: SELB", "code: SVP", "Der Schlüssel „SVP“ steht schon weiter oben.", id="code twice"
        ),
        pytest.param(
            "leistungsarten",
            '"Wohnungsbeschaffung, Umzug und Mietkaution"',
            "Wohnungsbeschaffung, Umzug und Mietkaution",
            "(UMZUG22_6): Die Angabe „Umzug und Mietkaution“ ist hier nicht vorgesehen.",
            id="comma without quotation marks",
        ),
        pytest.param(
            "merkmale", "von: 91,   bis: 181", "von: 90,   bis: 181", "überschneidet sich mit der vorigen", id="overlap"
        ),
        pytest.param("merkmale", "von: 91,   bis: 181", "von: 92,   bis: 181", "lässt eine Lücke", id="gap"),
        pytest.param("merkmale", '"124": {}', "124: {}", "„124“ muss vor dem Doppelpunkt", id="number as key"),
        pytest.param(
            "merkmale", '"124": {}', '"423": {}', "Dieser Staat gehört schon zu EU.", id="state in two groups"
        ),
        pytest.param("altersgrenze", "geboren_ab: 1948", "geboren_ab: 1949", "Die Klasse", id="year without age limit"),
        pytest.param(
            "entscheidungen",
            "moeglich: [0, 1]\n  werte:\n    - {gueltig_ab: 2005-01-01, wert: 0}",
            "moeglich: [0, 1]\n  werte:\n    - {gueltig_ab: 2005-01-01, wert: 2}",
            "D1, werte, Eintrag 1 (2005-01-01), wert: 2 ist nicht gebaut; möglich ist nur 0 oder 1.",
            id="value not possible",
        ),
        pytest.param(
            "entscheidungen",
            "moeglich: [true, false]\n  werte:\n    - {gueltig_ab: 2005-01-01, wert: true}",
            "moeglich: [true, false]\n  werte:\n    - {gueltig_ab: 2005-01-01, wert: 1}",
            "D12, werte, Eintrag 1 (2005-01-01), wert: 1 ist nicht gebaut; möglich ist nur true oder false.",
            id="1 is not true",
        ),
        pytest.param(
            "entscheidungen",
            "moeglich: [0, 1]",
            "moeglich: [0, 1, 2]",
            "D1, moeglich, Eintrag 3: 2 ist nicht vorgesehen; möglich ist nur 0 oder 1.",
            id="a list does not build anything",
        ),
        pytest.param("entscheidungen", "D20:\n", "D21:\n", "Die Angabe „D20“ fehlt.", id="decision missing"),
        pytest.param(
            "bezeichnungen", "  titel:", "  titel: x\n  titel:", "Zeile 5: „titel“ steht zweimal da.", id="key twice"
        ),
        pytest.param("bezeichnungen", "  werte:", "  werte: [", "kein gültiges YAML", id="no YAML"),
        pytest.param(
            "minderungsregeln", "prozent: 30", "prozent: 130", "130 ist zu groß (Grenze: 100).", id="too large"
        ),
        pytest.param("regelbedarf", "[404, ", "[", "Hier fehlt ein Eintrag.", id="a step missing"),
    ],
)
def test_a_mistake_is_refused_with_its_place(law: Path, name: str, old: str, new: str, message: str) -> None:
    edit(law, name, old, new)
    with pytest.raises(UsageError) as error:
        parameter.read(name, law)
    assert f"{name}.yaml" in error.value.message
    assert message in error.value.message


def test_all_mistakes_of_a_file_are_named_at_once(law: Path) -> None:
    edit(law, "geringfuegigkeit", "betrag: 400", "betrag: viel")
    edit(law, "geringfuegigkeit", "gueltig_ab: 2013-01-01", "gueltig_ab: bald")
    with pytest.raises(UsageError) as error:
        parameter.read("geringfuegigkeit", law)
    assert error.value.message.count("\n") == 2


def test_a_missing_file_is_named(law: Path) -> None:
    (law / "instrumente.yaml").unlink()
    with pytest.raises(UsageError, match=r"instrumente\.yaml"):
        parameter.tables(law)


def test_a_day_may_stand_in_quotation_marks(law: Path) -> None:
    edit(law, "instrumente", "gueltig_ab: 2019-01-01", 'gueltig_ab: "2019-01-01"')
    assert parameter.tables(law)["par_instrument"].equals(parameter.tables()["par_instrument"])


def test_the_kept_files_give_the_same_law(tmp_path: Path) -> None:
    for file, content in parameter.bundle().items():
        (tmp_path / file).write_bytes(content)
    assert parameter.fingerprint(tmp_path) == parameter.fingerprint()
    assert all(table.equals(parameter.tables()[name]) for name, table in parameter.tables(tmp_path).items())


@pytest.mark.parametrize("name", parameter.NAMES)
def test_only_what_counts_changes_the_fingerprint(law: Path, name: str) -> None:
    path = law / f"{name}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    assert (parameter.fingerprint(law) == parameter.fingerprint()) is (name in parameter.WITHOUT_FIGURES)


def test_a_switched_decision_reaches_the_sql(law: Path) -> None:
    edit(
        law,
        "entscheidungen",
        "    - {gueltig_ab: 2005-01-01, wert: true}",
        "    - {gueltig_ab: 2005-01-01, wert: true}\n    - {gueltig_ab: 2026-01-01, wert: false}",
    )
    rows = [row for row in parameter.tables(law)["par_zaehlregel"].to_pylist() if row["name"] == "svp_vor_geringfuegig"]
    assert [(row["gueltig_bis"], row["wert"]) for row in rows] == [(dt.date(2025, 12, 31), 1), (dt.date.max, 0)]
    assert parameter.entscheidung("D12", dt.date(2025, 12, 31), law) is True
    assert parameter.entscheidung("D12", dt.date(2026, 1, 1), law) is False
    assert parameter.entscheidung("D12", dt.date(2026, 1, 1)) is True


def test_every_decision_says_where_it_takes_effect() -> None:
    decisions = parameter.read("entscheidungen")
    assert list(decisions) == [f"D{number}" for number in range(1, 21)]
    for name, decision in decisions.items():
        assert all((REPOSITORY / place).is_file() for place in decision["ort"]), name


def test_reduction_rules_end_at_the_age_where_the_others_begin() -> None:
    """Steps that depend on the age cover every age once, from the first one at which somebody can be an ELB."""
    for row in parameter.tables()["par_minderungsregel"].to_pylist():
        assert row["alter_ab"] in (None, 25)
        assert row["alter_bis"] in (None, 24)
        assert row["prozent"] <= 100
        assert (row["prozent"] > 0) is (row["monate"] > 0)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(1999, 1, 1), "Arbeitslosengeld II/Sozialgeld"),
        (dt.date(2022, 12, 31), "Arbeitslosengeld II/Sozialgeld"),
        (dt.date(2023, 1, 1), "Bürgergeld"),
        (dt.date(2026, 6, 30), "Bürgergeld"),
        (dt.date(2026, 7, 1), "Grundsicherungsgeld"),
    ],
)
def test_the_benefit_is_called_what_the_law_calls_it(day: dt.date, name: str) -> None:
    assert parameter.bezeichnung("leistung", day) == name


def flags(instrument: str, start: dt.date) -> tuple[bool, bool, bool]:
    (row,) = (
        row
        for row in parameter.tables()["par_instrument"].to_pylist()
        if row["instrument"] == instrument and row["gueltig_ab"] <= start <= row["gueltig_bis"]
    )
    return row["aktiv"], row["oeffentlich_gefoerdert"], row["einmalig"]


@pytest.mark.parametrize(
    ("start", "old_kind"), [(dt.date(2018, 12, 31), True), (dt.date(2019, 1, 1), False), (dt.date(2019, 1, 2), False)]
)
def test_flags_of_instruments_by_the_start_of_support(start: dt.date, old_kind: bool) -> None:
    assert flags("P16e", start) == (old_kind, old_kind, False)
    for instrument in ("P16d", "P16i", "STA"):
        assert flags(instrument, start) == (True, True, False)
    for instrument in ("P16_45", "P16_81", "P16f"):
        assert flags(instrument, start) == (True, False, False)
    assert flags("P16_44", start) == (False, False, True)
    for instrument in ("P16_88", "P16b", "P16c", "P16g", "P16h", "P16j", "P16k", "ESF_LZA"):
        assert flags(instrument, start) == (False, False, False)


def test_no_rule_has_a_number_of_its_own() -> None:
    """A number is a parameter of the law or a limit of ``pruefgrenzen.yaml``: the texts then name the same one.

    What is left counts (one is enough, a couple are two), turns a share into percent or cuts a key.
    """
    sql = " ".join(str(regel.kwargs.get("verletzungen", "")) for regel in load().regeln)
    without_text = re.sub(r"--.*|'[^']*'", "", sql)
    assert set(re.findall(r"(?<![\w$.])\d+(?:\.\d+)?", without_text)) <= {"0", "1", "2", "5", "100"}
