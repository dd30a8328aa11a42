"""``jobcenter verify``: what is whole is identical, and each way of tampering with it is named.

Everything is tampered with for real: bytes of files, and rows by the owner of the database with every guard off.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import NullPool, create_engine, make_url

from e2e.kommando import jobcenter
from etl import cli, parameter, pipeline, warehouse
from etl.errors import NachweisError, UsageError
from etl.extract.archive import open_archive, sha256_of
from etl.figures import compute_figures, definition_fingerprint
from etl.monat import Monat
from etl.nachweis.herkunft import commit, herkunft
from etl.resources import SQL
from etl.settings import Settings
from integration.besitzer import als_besitzer
from kanarie import MONAT, kanarienlieferung

JUNI = Monat.parse(MONAT)
JUNI_LADUNG = "(SELECT max(ladung_id) FROM jobcenter.ladung WHERE berichtsmonat = '2025-06-01')"
ELB_JUNI = f"ladung_id = {JUNI_LADUNG} AND groesse = 'ELB' AND merkmal = 'INSGESAMT'"


@dataclass(frozen=True)
class Haus:
    """A home with its warehouse, and what ``jobcenter verify`` says of it."""

    settings: Settings
    reference: str
    capsys: pytest.CaptureFixture[str]

    @property
    def url(self) -> str:
        assert self.settings.warehouse is not None
        return self.settings.warehouse

    @property
    def archive(self) -> Path:
        return self.settings.archive / self.reference

    @property
    def reports(self) -> Path:
        return self.settings.reports / self.reference / MONAT

    @property
    def files(self) -> list[Path]:
        """Every report file of the month."""
        return sorted(path for path in self.reports.rglob("*") if path.is_file())

    @property
    def figures(self) -> Path:
        """All figures of the month as CSV."""
        return self.reports / "dienststelle" / "zahlen" / "figures.csv"

    def verify(self, *arguments: str) -> str:
        """Run the command; return all it shows."""
        cli.app(["verify", *arguments, "--home", str(self.settings.home)], standalone_mode=False)
        shown = self.capsys.readouterr()
        return shown.out + shown.err

    def broken(self, *arguments: str) -> str:
        """Run the command, which must not find everything identical; return all it shows and complains about."""
        with pytest.raises(NachweisError) as caught:
            self.verify(*arguments)
        shown = self.capsys.readouterr()
        assert caught.value.exit_status == 8
        assert "identisch" not in shown.out
        return f"{shown.out}{shown.err}{caught.value.message}"


@pytest.fixture(scope="module")
def vorlage(tmp_path_factory: pytest.TempPathFactory, warehouse_server: str) -> tuple[Path, str, str]:
    """A home with a reported month, its database, and the reference of its delivery: copied by every test."""
    folder = tmp_path_factory.mktemp("vorlage")
    name = f"vorlage_{uuid.uuid4().hex}"
    settings = Settings(home=folder / "home", warehouse=warehouse.embedded.ensure_database(warehouse_server, name))
    reference = pipeline.extract(settings, str(kanarienlieferung(folder / "lieferung")))
    pipeline.figures(settings, reference, JUNI)
    pipeline.load(settings, reference, JUNI)
    pipeline.report(settings, reference, JUNI, "Erstellerin")
    return settings.home, name, reference


@pytest.fixture
def haus(
    vorlage: tuple[Path, str, str],
    tmp_path: Path,
    warehouse_server: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Haus]:
    home, template, reference = vorlage
    name = f"test_{uuid.uuid4().hex}"
    server = create_engine(warehouse_server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        connection.exec_driver_sql(f'GRANT CONNECT ON DATABASE "{name}" TO etl, controller, auditor')
    url = make_url(warehouse_server).set(database=name).render_as_string(hide_password=False)
    shutil.copytree(home, tmp_path / "home")
    monkeypatch.setenv("JOBCENTER_WAREHOUSE", url)
    yield Haus(Settings(home=tmp_path / "home", warehouse=url), reference, capsys)
    with server.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


# --- whole ----------------------------------------------------------------------------------------------------------


def test_what_is_whole_is_identical(haus: Haus) -> None:
    shown = haus.verify()
    assert "identisch: " in shown
    assert f"Dateien: {len(haus.files)})" in shown
    assert "Hinweis" not in shown
    one = haus.verify("--month", MONAT)
    compared = f"(Ladungen: 1, Dateien: {len(haus.files)})"
    assert f"nachgerechnet (Monate: 1), mit ihren Zahlenpässen verglichen {compared}" in one


def test_the_months_that_have_a_web_page_are_known(haus: Haus) -> None:
    traeger = haus.reference.split("/")[0]
    with warehouse.connect(haus.settings, role="auditor") as connection:
        wanted = {"traegernummer": traeger, "kreis": "oeffentlichkeit", "bericht": "webseite"}
        later, earlier = dt.datetime(2100, 1, 1, tzinfo=dt.UTC), dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
        assert warehouse.read_reported_months(connection, **wanted, as_of=later) == [JUNI]
        assert warehouse.read_reported_months(connection, **wanted, as_of=earlier) == []
        assert warehouse.read_reported_months(connection, **(wanted | {"traegernummer": "X"}), as_of=later) == []
    assert f'<a href="{MONAT}.html">' in (haus.reports / "oeffentlichkeit" / "webseite" / "index.html").read_text()


def test_a_released_file_is_known_by_its_bytes_wherever_it_lies(haus: Haus, tmp_path: Path) -> None:
    for path in haus.files[:2]:
        assert "identisch: " in haus.verify(str(path))
        assert "identisch: " in haus.verify(str(shutil.copy(path, tmp_path / f"anders_{path.name}")))


@pytest.mark.slow
def test_repeated_steps_write_no_second_passport(haus: Haus) -> None:
    before = haus.verify()
    pipeline.load(haus.settings, haus.reference, JUNI)
    pipeline.report(haus.settings, haus.reference, JUNI, "Erstellerin")
    assert haus.verify() == before


@pytest.mark.slow
def test_the_command_ends_with_status_0_and_8(haus: Haus) -> None:
    arguments = ("verify", "--month", MONAT)
    done = jobcenter(haus.settings.home, *arguments)
    assert (done.status, done.out[:9]) == (0, "identisch"), done.text
    als_besitzer(haus.url, "zelle", f"UPDATE jobcenter.zelle SET wert = wert + 1 WHERE {ELB_JUNI}")
    done = jobcenter(haus.settings.home, *arguments, "--format", "csv")
    assert done.status == 8, done.text
    assert "\n2025-06,ELB,2.00,1.00,INSGESAMT,INSGESAMT,Ladung " in done.out
    assert "Traceback" not in done.text


def test_what_cannot_be_verified_is_a_usage_error(haus: Haus, warehouse_url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="1999-01 ist nicht geladen"):
        haus.verify("--month", "1999-01")
    with pytest.raises(UsageError, match="gibt es nicht"):
        haus.verify(str(tmp_path / "nichts.csv"))
    with pytest.raises(UsageError, match="Entweder"):
        haus.verify(str(haus.figures), "--month", MONAT)
    with pytest.raises(UsageError, match="nichts geladen"):
        pipeline.verify(Settings(home=tmp_path / "leer", warehouse=warehouse_url))


# --- the archive ----------------------------------------------------------------------------------------------------


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_changed_byte_of_the_archive_is_named(haus: Haus) -> None:
    for table in ("person", "leistung"):
        _flip(haus.archive / f"{table}.parquet")
    text = haus.broken()
    for table in ("person", "leistung"):
        assert f"Archiv {haus.reference}, Tabelle {table}: Die Datei {table}.parquet fehlt oder wurde" in text


def test_a_changed_record_is_found_also_when_the_archive_was_made_to_fit(haus: Haus) -> None:
    path = haus.archive / "person.parquet"
    person = pq.read_table(path)
    pq.write_table(person.slice(0, 1), path)
    manifest = json.loads((haus.archive / "archiv.json").read_text())
    manifest["tables"]["person"] |= {"rows": 1, "file_sha256": sha256_of(path)}
    (haus.archive / "archiv.json").write_text(json.dumps(manifest))
    assert open_archive(haus.settings.archive, haus.reference), "the archive alone does not notice"
    assert "Tabelle person: Die Datei person.parquet fehlt oder wurde verändert" in haus.broken("--month", MONAT)


def test_a_table_or_the_manifest_that_is_gone_is_named(haus: Haus) -> None:
    (haus.archive / "verfahren.parquet").unlink()
    assert "Tabelle verfahren" in haus.broken()
    shutil.rmtree(haus.archive)
    assert "Tabelle person" in haus.broken()


# --- rows of the warehouse ------------------------------------------------------------------------------------------


def _cell(text: str, found: str, expected: str) -> bool:
    rows = [line.split() for line in text.splitlines()]
    return any(row[:6] == [MONAT, "ELB", found, expected, "INSGESAMT", "INSGESAMT"] for row in rows)


def test_a_changed_cell_is_named_with_both_values(haus: Haus) -> None:
    als_besitzer(haus.url, "zelle", f"UPDATE jobcenter.zelle SET wert = 4711.5 WHERE {ELB_JUNI}")
    text = haus.broken()
    assert "(2025-06 aus Lieferung probe-1): Die gespeicherten Werte wurden verändert." in text
    assert _cell(text, "4.711,50", "1"), text
    assert "1 Zellen weichen ab" in text


def test_a_cell_is_named_also_when_every_hash_was_made_to_fit(haus: Haus) -> None:
    """The most an owner can do: rows, hash of the load, the whole chain – all of one piece again."""
    als_besitzer(haus.url, "zelle", f"UPDATE jobcenter.zelle SET wert = 2 WHERE {ELB_JUNI}")
    with warehouse.open_url(haus.url, role="auditor") as connection:
        (one,) = warehouse.read_evidence(connection)
        june = max(load.ladung_id for load in one.ladungen if load.monat == JUNI)
        old = next(load.inhalt_sha256 for load in one.ladungen if load.ladung_id == june)
        new = warehouse.cells_sha256(warehouse.read_load(connection, june))
    als_besitzer(haus.url, "ladung", f"UPDATE jobcenter.ladung SET inhalt_sha256 = '{new}' WHERE ladung_id = {june}")
    text = haus.broken("--month", MONAT)
    assert f"ladung.inhalt_sha256 ist im Warehouse „{new}“, laut Zahlenpass" in text
    with create_engine(haus.url, poolclass=NullPool).connect() as owner, owner.begin():
        owner.exec_driver_sql("ALTER TABLE jobcenter.zahlenpass DISABLE TRIGGER unveraenderlich")
        owner.exec_driver_sql(
            "CREATE TEMP TABLE alt AS SELECT traegernummer, art, gegenstand, "
            f"replace(inhalt_text, '{old}', '{new}') AS inhalt_text FROM jobcenter.zahlenpass ORDER BY pass_id; "
            "TRUNCATE jobcenter.zahlenpass; "
            "INSERT INTO jobcenter.zahlenpass (traegernummer, art, gegenstand, inhalt_text) SELECT * FROM alt"
        )
        owner.exec_driver_sql("ALTER TABLE jobcenter.zahlenpass ENABLE ALWAYS TRIGGER unveraenderlich")
    text = haus.broken("--month", MONAT)
    assert "wurden verändert" not in text
    assert "laut Zahlenpass" not in text
    assert _cell(text, "2", "1"), text
    assert "Ein Glied, das es gab, fehlt oder ist ein anderes" in text, "the witness outside the database"


@pytest.mark.parametrize(
    ("change", "found", "expected"),
    [
        (f"DELETE FROM jobcenter.zelle WHERE {ELB_JUNI}", "keine Zeile", "1"),
        (f"UPDATE jobcenter.zelle SET wert = NULL, status = 'fehlt' WHERE {ELB_JUNI}", "fehlt", "1"),
        (f"INSERT INTO jobcenter.zelle VALUES ({JUNI_LADUNG}, 'ELB', 'X', 'Y', 7, 'ok')", "7", "keine Zeile"),
    ],
)
def test_rows_that_are_gone_or_added_are_named(haus: Haus, change: str, found: str, expected: str) -> None:
    als_besitzer(haus.url, "zelle", change)
    text = haus.broken()
    (line,) = [line for line in text.splitlines() if line.split()[:2] == [MONAT, "ELB"]]
    assert " ".join(line.split()).startswith(f"{MONAT} ELB {found} {expected} ")


@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        ("ladung", "SET wartezeit = wartezeit + 1", "ladung.wartezeit ist im Warehouse"),
        ("ladung", "SET version = version + 1", "ladung.version ist im Warehouse „2“, laut Zahlenpass"),
        ("lieferung", "SET archiv_sha256 = repeat('a', 64)", "lieferung.inhalt_sha256 ist im Warehouse"),
        ("lieferung", "SET datenstand = '2020-01-01'", "lieferung.datenstand ist im Warehouse „2020-01-01“"),
        ("rechenregel", "SET definition_sha256 = repeat('a', 64)", "rechenregel.definition_sha256 ist im Warehouse"),
        ("parameterstand", "SET dateien = dateien - 'altersgrenze.yaml'", "aufbewahrten Parameter"),
        ("pruefung", "SET regelwerk_sha256 = repeat('a', 64)", "Prüfung 1 der Lieferung fehlt oder wurde verändert"),
        ("pruefergebnis", "SET geprueft = 1", "Ergebnisse der Prüfung 1 der Lieferung wurden verändert"),
    ],
)
def test_a_change_of_what_stands_around_the_cells_is_named(haus: Haus, table: str, change: str, message: str) -> None:
    als_besitzer(haus.url, table, f"UPDATE jobcenter.{table} {change}")
    assert message in haus.broken()


def test_a_reason_that_came_in_behind_the_passport_is_named(haus: Haus) -> None:
    statement = "INSERT INTO jobcenter.befundannahme (ladung_id, grund) VALUES (1, 'nachgeschoben')"
    als_besitzer(haus.url, "befundannahme", statement)
    assert "befundannahmen ist im Warehouse „['nachgeschoben']“" in haus.broken()


def test_guards_that_stay_off_are_named(haus: Haus) -> None:
    als_besitzer(haus.url, "zelle", wieder_an=False)
    assert "Der Schutz der Tabelle jobcenter.zelle ist ausgeschaltet." in haus.broken()


# --- links of the chain ---------------------------------------------------------------------------------------------


def test_a_link_removed_from_the_middle_is_named(haus: Haus) -> None:
    als_besitzer(haus.url, "zahlenpass", "DELETE FROM jobcenter.zahlenpass WHERE pass_id = 2")
    text = haus.broken("--month", MONAT)
    assert "Davor fehlen Glieder: Glied 2 wurde entfernt" in text
    assert "hat keinen Zahlenpass: das Glied wurde entfernt" in text


def test_an_altered_link_is_named(haus: Haus) -> None:
    change = "UPDATE jobcenter.zahlenpass SET inhalt_text = replace(inhalt_text, 'keine', 'eine') WHERE pass_id = 2"
    als_besitzer(haus.url, "zahlenpass", change)
    assert "Glied 2 (ladung 2): Der Inhalt wurde verändert" in haus.broken()


def test_the_newest_link_of_a_file_removed_leaves_a_file_without_passport(haus: Haus) -> None:
    shutil.rmtree(haus.settings.witness)
    newest = "SELECT max(pass_id) FROM jobcenter.zahlenpass WHERE art = 'datei'"
    als_besitzer(haus.url, "zahlenpass", f"DELETE FROM jobcenter.zahlenpass WHERE pass_id >= ({newest})")
    text = haus.broken()
    assert " hat keinen Zahlenpass" in text


def test_the_newest_link_of_a_load_removed_leaves_a_load_without_passport(haus: Haus) -> None:
    shutil.rmtree(haus.settings.witness)
    newest = "SELECT max(pass_id) FROM jobcenter.zahlenpass WHERE art = 'ladung'"
    als_besitzer(haus.url, "zahlenpass", f"DELETE FROM jobcenter.zahlenpass WHERE pass_id >= ({newest})")
    assert "(2025-06 aus Lieferung probe-1) hat keinen Zahlenpass" in haus.broken()


@pytest.mark.slow
def test_the_newest_load_removed_with_every_trace_is_noticed_by_the_witness(haus: Haus) -> None:
    newest = "(SELECT max(pass_id) FROM jobcenter.zahlenpass WHERE art = 'ladung')"
    for table, where in (
        ("zahlenpass", f"pass_id >= {newest}"),
        ("freigabeschritt", "true"),
        ("zelle", f"ladung_id = {JUNI_LADUNG}"),
        ("rechenregel", f"ladung_id = {JUNI_LADUNG}"),
        ("ladung", f"ladung_id = {JUNI_LADUNG}"),
    ):
        als_besitzer(haus.url, table, f"DELETE FROM jobcenter.{table} WHERE {where}")
    shutil.rmtree(haus.settings.reports)
    assert "Ein Glied, das es gab, fehlt oder ist ein anderes" in haus.broken()
    # Also when the chain has grown on over the gap.
    pipeline.load(haus.settings, haus.reference, JUNI)
    pipeline.report(haus.settings, haus.reference, JUNI, "Erstellerin")
    assert "Ein Glied, das es gab, fehlt oder ist ein anderes" in haus.broken()
    shutil.rmtree(haus.settings.witness)
    assert "identisch" in haus.verify(), "only the witness knows"


def test_a_load_that_is_gone_is_named_by_its_passport(haus: Haus) -> None:
    for table in ("zelle", "rechenregel", "ladung"):
        als_besitzer(haus.url, table, f"DELETE FROM jobcenter.{table} WHERE ladung_id = 1")
    assert "Ladung 1 wurde entfernt" in haus.broken()


# --- released files -------------------------------------------------------------------------------------------------


def test_an_edited_csv_is_named_with_its_cells(haus: Haus) -> None:
    path = haus.figures
    text = path.read_bytes().decode()
    assert text.count(f"{MONAT},ELB,INSGESAMT,INSGESAMT,1,") == 1
    edited = text.replace(f"{MONAT},ELB,INSGESAMT,INSGESAMT,1,", f"{MONAT},ELB,INSGESAMT,INSGESAMT,9,")
    path.write_bytes(edited.encode())
    for arguments in ((), ("--month", MONAT), (str(path),)):
        shown = haus.broken(*arguments)
        assert f"Die Datei {path} ist nicht mehr die ausgegebene" in shown
        assert _cell(shown, "9", "1"), shown
        assert "1 Zellen weichen ab" in shown


def test_an_edited_workbook_and_a_file_of_nobody_are_named(haus: Haus, tmp_path: Path) -> None:
    book = next(path for path in haus.files if path.suffix == ".xlsx")
    _flip(book)
    assert f"Die Datei {book} ist nicht mehr die ausgegebene" in haus.broken(str(book))
    stray = haus.reports / "Anlage.csv"
    stray.write_text("erfunden")
    assert f"Die Datei {stray} hat keinen Zahlenpass" in haus.broken()
    namesake = tmp_path / "figures.csv"
    namesake.write_text("erfunden")
    text = haus.broken(str(namesake))
    assert f"Die Datei {namesake} hat keinen Zahlenpass. Ausgegeben wurden unter diesem Namen andere Bytes: " in text


def test_a_released_file_that_is_gone_is_a_hint(haus: Haus) -> None:
    (haus.figures).unlink()
    shown = haus.verify()
    assert "figures.csv (Zahlenpass" in shown
    assert "liegt nicht mehr im Ordner der Berichte" in shown
    assert "identisch: " in shown


# --- law and definitions --------------------------------------------------------------------------------------------


def test_a_month_is_recomputed_by_the_law_that_was_kept_with_it(haus: Haus, tmp_path: Path) -> None:
    law = Path(shutil.copytree(parameter.FOLDER, tmp_path / "recht"))
    text = (law / "leistungsarten.yaml").read_text(encoding="utf-8")
    assert text.count("summen: [grl, llu]") > 1
    (law / "leistungsarten.yaml").write_text(text.replace("summen: [grl, llu]", "summen: [grl]"), encoding="utf-8")
    archive = open_archive(haus.settings.archive, haus.reference)
    by_law = compute_figures(archive, [JUNI], parameter.tables(law))
    assert by_law != compute_figures(archive, [JUNI]), "the law matters"
    files = {name: content.decode() for name, content in parameter.bundle(law).items()}
    rules = warehouse.Rules(parameter.fingerprint(law), files, definition_fingerprint())
    with warehouse.open_url(haus.url, role="etl") as connection:
        (load,) = warehouse.load_many(connection, archive, {JUNI: by_law}, None, rules, herkunft())
    assert load.version == 2
    assert "identisch: " in haus.verify("--month", MONAT)


@pytest.fixture
def andere_definition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, str], None]:
    """Change a file of ``sql/`` for the rest of the test."""

    def change(name: str, before: str, after: str) -> None:
        sql = Path(shutil.copytree(SQL, tmp_path / "sql"))
        text = (sql / name).read_text(encoding="utf-8")
        assert before in text
        (sql / name).write_text(text.replace(before, after, 1), encoding="utf-8")
        monkeypatch.setattr("etl.figures.SQL", sql)

    return change


def test_another_definition_is_named_and_the_cells_are_compared_all_the_same(
    haus: Haus, andere_definition: Callable[[str, str, str], None]
) -> None:
    andere_definition("figures/zellen.sql", "\n", "\n-- anders\n")
    shown = haus.verify("--month", MONAT)
    assert "Hinweis: 2025-06: geladen nach der Definition " in shown
    assert "Seither geändert: figures/zellen.sql." in shown
    assert "identisch: " in shown


def test_cells_that_another_definition_gives_are_named(
    haus: Haus, andere_definition: Callable[[str, str, str], None]
) -> None:
    andere_definition("figures/person.sql", "FROM core_person_monat", "FROM (FROM core_person_monat WHERE false)")
    text = haus.broken("--month", MONAT)
    assert _cell(text, "1", "0"), text
    assert "Seither geändert: figures/person.sql." in text
    assert "gespeicherten Werte wurden verändert" not in text


def test_the_commit_is_read_without_git(tmp_path: Path) -> None:
    assert commit(tmp_path) is None
    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "packed-refs").write_text(f"# pack-refs\n{'b' * 40} refs/heads/main\n")
    assert commit(tmp_path) == "b" * 40
    (git / "refs" / "heads" / "main").write_text(f"{'c' * 40}\n")
    assert commit(tmp_path) == "c" * 40
    tree = tmp_path / "baum"
    (git / "worktrees" / "baum").mkdir(parents=True)
    tree.mkdir()
    (tree / ".git").write_text(f"gitdir: {git / 'worktrees' / 'baum'}\n")
    (git / "worktrees" / "baum" / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "worktrees" / "baum" / "commondir").write_text("../..\n")
    assert commit(tree) == "c" * 40
    (git / "HEAD").write_text(f"{'d' * 40}\n")
    assert commit(tmp_path) == "d" * 40
