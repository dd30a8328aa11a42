"""Deleting with proof, on a real home and a real PostgreSQL: what goes, what stays, and what is said about it for ever.

Three deliveries of one Träger, each a year later; on STICHTAG the period of the first one is over.
"""

from __future__ import annotations

import datetime as dt
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest
from sqlalchemy import NullPool, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from etl import aufbewahren, cli, freigeben, parameter, pipeline, warehouse
from etl.errors import DeletedError, JobcenterError, NachweisError, UsageError
from etl.extract.archive import open_archive
from etl.figures import compute_figures
from etl.monat import Monat
from etl.release import Bericht
from etl.settings import Settings
from integration.besitzer import als_besitzer
from kanarie import kanarienlieferung, spuren_in_dateien

ALT, MITTE, NEU = (f"00000/L{year}" for year in (2020, 2021, 2022))
JUNI = Monat(2020, 6)
STICHTAG = dt.date(2023, 1, 1)
"""24 months and more after the first Datenstand, less after the second one."""
WANN = STICHTAG.isoformat()


@dataclass(frozen=True)
class Haus:
    """A home with its warehouse, and the commands of a person there."""

    settings: Settings
    capsys: pytest.CaptureFixture[str]

    @property
    def url(self) -> str:
        assert self.settings.warehouse is not None
        return self.settings.warehouse

    def run(self, *arguments: str) -> str:
        """Run a command; return all it shows."""
        cli.app([*arguments, "--home", str(self.settings.home)], standalone_mode=False)
        shown = self.capsys.readouterr()
        return shown.out + shown.err

    def plan(self, tag: dt.date = STICHTAG) -> dict[str, str]:
        """Return what the plan says of every object."""
        return {str(row["gegenstand"]): str(row["stand"]) for row in pipeline.retention_plan(self.settings, tag)}

    def apply(self) -> list[str]:
        """Delete what is due; return what is gone."""
        return [str(row["gegenstand"]) for row in pipeline.retention_apply(self.settings, STICHTAG, "A. Eins")]

    def steps(self) -> list[tuple[str, str]]:
        """Return class and step of every proof, in order."""
        with warehouse.open_url(self.url, role="auditor") as connection, connection.begin():
            return [(one.klasse, one.schritt) for one in warehouse.read_deletions(warehouse.cursor_of(connection))]


@pytest.fixture(scope="module")
def vorlage(tmp_path_factory: pytest.TempPathFactory, warehouse_server: str) -> tuple[Path, str]:
    """A home and its database: copied by every test."""
    folder = tmp_path_factory.mktemp("vorlage")
    name = f"vorlage_{uuid.uuid4().hex}"
    settings = Settings(home=folder / "home", warehouse=warehouse.embedded.ensure_database(warehouse_server, name))
    for reference in (ALT, MITTE, NEU):
        lieferung = reference.partition("/")[2]
        year = int(lieferung[1:])
        moment = dt.datetime(year, 10, 20, 6, tzinfo=dt.UTC)
        source = kanarienlieferung(folder / lieferung, lieferung, erstellt_am=moment)
        assert pipeline.extract(settings, str(source)) == reference
        if reference != NEU:  # it only has to be there: the newest one always stays
            pipeline.backfill(settings, reference, [Monat(year, 5), Monat(year, 6)])
    return settings.home, name


@pytest.fixture
def haus(
    vorlage: tuple[Path, str],
    tmp_path: Path,
    warehouse_server: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Haus]:
    home, template = vorlage
    name = f"test_{uuid.uuid4().hex}"
    server = create_engine(warehouse_server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        connection.exec_driver_sql(f'GRANT CONNECT ON DATABASE "{name}" TO etl, controller, auditor')
    url = make_url(warehouse_server).set(database=name).render_as_string(hide_password=False)
    shutil.copytree(home, tmp_path / "home")
    monkeypatch.setenv("JOBCENTER_WAREHOUSE", url)
    yield Haus(Settings(home=tmp_path / "home", warehouse=url), capsys)
    with server.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


def spuren(home: Path, lieferung: Path) -> list[str]:
    """Return the files below ``home`` that hold a pseudonym of the case data in ``lieferung``, packed ones too."""
    keys = set(pq.read_table(lieferung / "person.parquet")["kundennummer"].to_pylist())
    found = []
    for path in sorted(home.rglob("*")):
        if path.is_file():
            raw = path.read_bytes().decode("utf-8", errors="replace")
            packed = path.suffix == ".parquet" or path.name.startswith(".geloescht")
            table = pq.read_table(path) if packed and raw.startswith("PAR1") else None
            values = (
                {str(value) for name in table.column_names for value in table[name].to_pylist()} if table else set()
            )
            found += [str(path)] if any(key in raw for key in keys) or keys & values else []
    return found


# --- what goes, and what is said about it -----------------------------------------------------------------------------


def test_what_is_due_goes_with_proof_and_everything_else_stays(haus: Haus) -> None:
    before = haus.plan()
    due = {name for name, stand in before.items() if stand == "fällig"}
    assert f"archiv/{ALT}" in due
    assert before[f"archiv/{MITTE}"] == before[f"archiv/{NEU}"] == "läuft"
    assert haus.plan() == before, "the plan deletes nothing"
    figures = haus.run("figures", "--from", "2020-05", "--to", "2022-06", "--format", "csv")
    kept = shutil.copytree(haus.settings.archive / ALT, haus.settings.home.parent / "abseits")
    only_old = spuren(haus.settings.home, kept)
    assert only_old, "the pseudonyms are there before"

    assert set(haus.apply()) == due

    left = [path for path in spuren(haus.settings.home, kept) if path in only_old]
    assert all("L2021" in path or "L2022" in path for path in left), "the same persons are in later deliveries"
    assert not list(haus.settings.home.rglob(".geloescht-*"))
    assert [path.name for path in (haus.settings.archive / ALT).iterdir()] == ["geloescht.json"]
    assert spuren_in_dateien(haus.settings.archive / ALT) == []
    assert {name: stand for name, stand in haus.plan().items() if stand in ("fällig", "erneut")} == {}
    assert haus.apply() == []
    assert [step for klasse, step in haus.steps() if klasse == "falldaten"] == ["angeordnet", "vollzogen"]
    assert haus.run("figures", "--from", "2020-05", "--to", "2022-06", "--format", "csv") == figures

    shown = haus.run("verify")
    assert "identisch: " in shown
    assert "(Monate: 2)" in shown
    assert "belegt: Monate vor der Löschung ihrer Falldaten nachgerechnet: 2;" in shown
    assert f"Belegt: Lieferung {ALT}: Falldaten gelöscht am " in shown
    assert "nach Ablauf der Frist (24 Monate ab dem Datenstand der Lieferung); Zahlen zuletzt nachgerechnet am" in shown
    assert "mit Ergebnis identisch (Zahlenpass Nr. " in shown
    only = haus.run("verify", "--month", "2020-06")
    assert "identisch: " not in only
    assert "belegt: " in only


@pytest.mark.slow
def test_what_needs_deleted_case_data_says_so(haus: Haus) -> None:
    haus.apply()
    settings, lieferung = haus.settings, ALT.partition("/")[2]
    commands = (
        ("explain", "ELB", "--month", "2020-06"),
        ("revisions", "--month", "2020-06", "--from-delivery", lieferung, "--to-delivery", "L2021"),
        ("findings", "--delivery", lieferung),
        ("corrections", "--delivery", lieferung, "--out", str(settings.home / "aus")),
        ("validation-report", "--delivery", lieferung, "--out", str(settings.home / "aus")),
        ("resume", "--delivery", lieferung, "--by", "A", "--reason", "B"),
    )
    for command in commands:
        with pytest.raises(DeletedError, match=rf"{ALT}: Falldaten gelöscht am .* \(Zahlenpass Nr\. \d+\)"):
            haus.run(*command)
    source = kanarienlieferung(
        settings.home.parent / "quelle", lieferung, erstellt_am=dt.datetime(2020, 10, 20, 6, tzinfo=dt.UTC)
    )
    with pytest.raises(DeletedError):
        pipeline.extract(settings, str(source))
    assert not (settings.archive / ALT / "person.parquet").exists()


@pytest.mark.slow
def test_an_archive_that_is_gone_without_proof_breaks_the_proof(haus: Haus) -> None:
    haus.apply()
    shutil.copytree(haus.settings.archive / ALT, haus.settings.archive / MITTE, dirs_exist_ok=True)
    for path in (haus.settings.archive / MITTE).glob("*.parquet"):
        path.unlink()
    (haus.settings.archive / MITTE / "archiv.json").unlink()
    with pytest.raises(NachweisError) as caught:
        haus.run("verify")
    assert caught.value.exit_status == 8
    assert f"Archiv {MITTE}, Tabelle person: Die Datei person.parquet fehlt" in caught.value.message
    assert ALT not in caught.value.message


# --- what must not go -------------------------------------------------------------------------------------------------


def test_figures_that_are_not_identical_keep_their_case_data_and_nobody_elses(haus: Haus) -> None:
    als_besitzer(
        haus.url,
        "zelle",
        "UPDATE jobcenter.zelle SET wert = wert + 1 WHERE groesse = 'ELB' AND ladung_id = "
        "(SELECT max(ladung_id) FROM jobcenter.ladung WHERE berichtsmonat = '2020-06-01')",
    )
    with pytest.raises(NachweisError, match=f"Die Falldaten der Lieferung {ALT} bleiben") as caught:
        haus.apply()
    assert caught.value.exit_status == 8
    assert "(2020-06 aus Lieferung L2020): Die gespeicherten Werte wurden verändert." in caught.value.message
    assert open_archive(haus.settings.archive, ALT)
    assert not (haus.settings.findings / f"{ALT}.parquet").exists(), "what needs no proof of figures is gone"
    assert "falldaten" not in {klasse for klasse, _ in haus.steps()}


@pytest.mark.slow
def test_figures_of_an_earlier_definition_need_a_person_who_accepts_that_they_differ(haus: Haus) -> None:
    archive = open_archive(haus.settings.archive, ALT)
    cells = compute_figures(archive, [JUNI])
    rules = warehouse.Rules(
        parameter.fingerprint(), {name: text.decode() for name, text in parameter.bundle().items()}, "f" * 64
    )
    with warehouse.open_url(haus.url, role="etl") as connection:
        warehouse.load_many(connection, archive, {JUNI: cells.slice(1)}, None, rules)
    with pytest.raises(NachweisError, match="seit der Ladung ist die Definition geändert"):
        haus.apply()
    arguments = ("retention", "--as-of", WANN, "--apply", "--by", "A. Eins", "--accept-differences")
    with pytest.raises(UsageError, match="Begründung"):
        haus.run(*arguments, " ")
    assert "gelöscht" in haus.run(*arguments, "Die Größe gab es damals nicht.")
    shown = haus.run("verify")
    assert "mit Ergebnis identisch bis auf angenommene Abweichungen" in shown
    assert "vor der Löschung der Falldaten nicht identisch nachgerechnet (abweichend)" in shown


def test_a_hold_keeps_everything_of_a_delivery_until_two_persons_lift_it(haus: Haus) -> None:
    two = ("--reason", "Klage S 1 AS 1/23", "--by", "A. Eins", "--approved-by")
    with pytest.raises(UsageError, match="nicht zwei verschiedene Personen"):
        haus.run("retention", "hold", ALT, *two, "EINS, a.")
    assert "Löschsperre 1 gilt" in haus.run("retention", "hold", ALT, *two, "B. Zwei")
    assert "Klage S 1 AS 1/23" in haus.run("retention", "holds", "--format", "csv")
    held = {name: stand for name, stand in haus.plan().items() if "L2020" in name}
    assert set(held.values()) == {"gesperrt"}
    assert not [name for name in haus.apply() if "L2020" in name]
    assert open_archive(haus.settings.archive, ALT)
    haus.run("retention", "release", "1", "--reason", "rechtskräftig", "--by", "A. Eins", "--approved-by", "B. Zwei")
    with pytest.raises(UsageError, match="gilt nicht"):
        haus.run("retention", "release", "1", *two, "B. Zwei", "--traeger", "00000")
    assert f"archiv/{ALT}" in haus.apply()
    assert "identisch: " in haus.run("verify")


@pytest.mark.slow
def test_an_open_release_keeps_its_case_data(haus: Haus) -> None:
    bericht = Bericht(ALT, JUNI)
    pipeline.figures(haus.settings, ALT, JUNI)
    pipeline.report(haus.settings, ALT, JUNI, "Erstellerin")
    assert haus.plan()[f"archiv/{ALT}"] == "gesperrt"
    freigeben.approve(haus.settings, bericht, "Prüferin")
    assert haus.plan()[f"archiv/{ALT}"] == "gesperrt"
    freigeben.release(haus.settings, bericht, "Prüferin")
    assert haus.plan()[f"archiv/{ALT}"] == "fällig"
    waiting = haus.settings.home / "wartet" / f"{ALT}.txt"
    waiting.parent.mkdir(parents=True)
    waiting.write_text("ein Sprung")
    assert haus.plan()[f"archiv/{ALT}"] == "gesperrt"


# --- the proof itself -------------------------------------------------------------------------------------------------


def test_the_database_refuses_every_deletion_that_is_not_allowed(haus: Haus) -> None:
    haus.apply()
    values = (
        "'00000', '{klasse}', 'x/{gegenstand}', '{schritt}', 'L2021', '2021-10-20', '{due}', '{tag}', 'g', 'A', '{{}}'"
    )
    insert = (
        "INSERT INTO jobcenter.loeschung (traegernummer, klasse, gegenstand, schritt, lieferung_id, datenstand, "
        f"faellig_am, stichtag, grund, person, dateien) VALUES ({values})"
    )
    fine = {"klasse": "zahlen", "gegenstand": "a", "schritt": "angeordnet", "due": "2022-01-01", "tag": "2022-01-02"}
    wrong = {
        "ohne Zahlenpass": fine,
        "liegt in der Zukunft": fine | {"tag": "2999-01-01"},
        "check constraint": fine | {"due": "2022-01-03"},
        "folgt nicht auf": fine | {"schritt": "vollzogen"},
        "loeschung_check": fine | {"klasse": "falldaten"},
    }
    statements = {words: insert.format(**row) for words, row in wrong.items()}
    statements["Falldaten der Lieferung sind gelöscht"] = (
        "INSERT INTO jobcenter.ladung (traegernummer, lieferung_id, berichtsmonat, version, inhalt_sha256, zeilen, "
        "wartezeit) VALUES ('00000', 'L2020', '2020-05-01', 9, repeat('a', 64), 1, 3)"
    )
    statements["unveränderlich"] = "DELETE FROM jobcenter.loeschung"
    with create_engine(haus.url, poolclass=NullPool).connect() as owner:
        for words, statement in statements.items():
            with pytest.raises(DBAPIError) as caught, owner.begin():
                owner.exec_driver_sql(statement)
            assert isinstance(caught.value.orig, psycopg.Error)
            assert words in str(caught.value.orig), statement
    haus.run("retention", "hold", MITTE, "--reason", "Klage", "--by", "A", "--approved-by", "B")
    with warehouse.open_url(haus.url, role="etl") as etl, pytest.raises(DBAPIError, match="gesperrt"), etl.begin():
        etl.exec_driver_sql(insert.format(**fine))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            "UPDATE jobcenter.loeschung SET person = 'Jemand' WHERE klasse = 'falldaten'",
            "etwas anderes als im Zahlenpass",
        ),
        ("DELETE FROM jobcenter.loeschung WHERE klasse = 'falldaten'", "Zu einem Zahlenpass gibt es den Löschnachweis"),
    ],
)
def test_a_proof_that_was_changed_or_removed_proves_nothing(haus: Haus, change: str, words: str) -> None:
    haus.apply()
    als_besitzer(haus.url, "loeschung", change)
    with pytest.raises(NachweisError) as caught:
        haus.run("verify")
    assert words in caught.value.message
    assert f"Archiv {ALT}, Tabelle person: Die Datei person.parquet fehlt" in caught.value.message


def test_a_day_that_is_yet_to_come_deletes_nothing(haus: Haus) -> None:
    before = sorted(path for path in haus.settings.home.rglob("*") if path.is_file())
    with pytest.raises(JobcenterError, match="liegt in der Zukunft"):
        haus.run("retention", "--as-of", "2999-01-01", "--apply", "--by", "A. Eins")
    assert sorted(path for path in haus.settings.home.rglob("*") if path.is_file()) == before
    with pytest.raises(UsageError, match="nicht genannt"):
        haus.run("retention", "--as-of", WANN, "--apply")


# --- killed, and restored ---------------------------------------------------------------------------------------------

# The child kills itself at the named moment of a deletion of case data: nothing is cleaned up after that.
CHILD = """
import datetime as dt, os, signal, sys
from pathlib import Path
from etl import aufbewahren, warehouse
from etl.aufbewahrung import bestand
from etl.settings import Settings

home, url, moment = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
kill = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
rename, rmtree = Path.rename, bestand.shutil.rmtree
recorded, write = warehouse.record_deletion, aufbewahren.write_atomically

def counted(self, to):
    if self.name == "L2020" and self.parent.parent.name == "archiv":
        if moment == "ordered":
            kill()
        rename(self, to)
        if moment == "renamed":
            kill()
        return to
    return rename(self, to)

def removed(path, **options):
    path = Path(path)
    if path.name == ".geloescht-L2020" and path.parent.parent.name == "archiv" and moment == "half":
        for file in sorted(path.iterdir())[:5]:
            file.unlink()
        kill()
    rmtree(path, **options)

def noted(path, content):
    if moment == "gone":
        kill()
    write(path, content)

def record(connection, step):
    if moment == "noted" and step.klasse == "falldaten" and step.schritt == "vollzogen":
        kill()
    return recorded(connection, step)

Path.rename, bestand.shutil.rmtree, warehouse.record_deletion = counted, removed, record
aufbewahren.write_atomically = noted
aufbewahren.apply(Settings(home=home, warehouse=url), dt.date(2023, 1, 1), "A. Eins")
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["ordered", "renamed", "half", "gone", "noted"])
def test_a_deletion_that_is_killed_is_completed_by_the_next_one(haus: Haus, moment: str) -> None:
    child = [sys.executable, "-c", CHILD, str(haus.settings.home), haus.url, moment]
    assert subprocess.run(child, check=False).returncode == -signal.SIGKILL
    folder = haus.settings.archive / ALT
    if folder.exists() and moment == "ordered":
        assert open_archive(haus.settings.archive, ALT), "it is whole"
    else:
        with pytest.raises(UsageError):
            open_archive(haus.settings.archive, ALT)
    shown = haus.run("verify")  # the proof is there before the first file goes
    assert f"Die Löschung falldaten/archiv/{ALT} ist angeordnet, aber nicht abgeschlossen" in shown
    assert haus.plan()[f"archiv/{ALT}"] == "erneut"
    assert f"archiv/{ALT}" in haus.apply()
    assert [path.name for path in folder.iterdir()] == ["geloescht.json"]
    assert not list(haus.settings.home.rglob(".geloescht-*"))
    assert [step for klasse, step in haus.steps() if klasse == "falldaten"] == ["angeordnet", "vollzogen"]
    assert "belegt: " in haus.run("verify")
    assert haus.apply() == []


@pytest.mark.slow
def test_case_data_that_comes_back_with_a_backup_is_deleted_again(haus: Haus, tmp_path: Path) -> None:
    backup = shutil.copytree(haus.settings.archive / ALT, tmp_path / "sicherung")
    haus.apply()
    shutil.copytree(backup, haus.settings.archive / ALT, dirs_exist_ok=True)
    assert "obwohl ihre Löschung belegt ist" in haus.run("verify")
    assert haus.plan(dt.date(2026, 1, 1))[f"archiv/{ALT}"] == "erneut"
    assert haus.apply() == [f"archiv/{ALT}"]
    assert [path.name for path in (haus.settings.archive / ALT).iterdir()] == ["geloescht.json"]
    assert [step for klasse, step in haus.steps() if klasse == "falldaten"] == ["angeordnet", "vollzogen", "vollzogen"]
    shutil.copytree(haus.settings.archive / MITTE, haus.settings.archive / ALT, dirs_exist_ok=True)
    with pytest.raises(NachweisError, match="hier liegt etwas anderes"):
        haus.apply()
    assert (haus.settings.archive / ALT / "person.parquet").is_file()


@pytest.mark.slow
def test_derived_files_that_come_again_are_ordered_to_go_again(haus: Haus) -> None:
    haus.apply()
    path = haus.settings.cells / MITTE / "2021-06.parquet"
    pipeline.backfill(haus.settings, MITTE, [Monat(2021, 6)])
    assert path.is_file()
    assert f"zahlen/{MITTE}" in haus.apply()
    assert not path.exists()
    zahlen = [step for klasse, step in haus.steps() if klasse == "zahlen"]
    assert zahlen.count("angeordnet") == 3
    assert "identisch: " in haus.run("verify")
    assert aufbewahren.holds(haus.settings) == []
