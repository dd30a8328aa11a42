"""Release with four eyes on a real PostgreSQL: which steps may be done, by whom, for which bytes, and what proves it.

The reports here are small files of any content: a release looks at their bytes only. Every test has its own Träger.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import psycopg
import pyarrow as pa
import pytest
from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import IntegrityError, ProgrammingError

from etl import cli, freigeben, nachweis, warehouse
from etl.errors import ReleaseError, UsageError
from etl.extract.archive import Archive, Delivery
from etl.monat import Monat
from etl.nachweis import zeuge
from etl.nachweis.freigaben import check_releases
from etl.nachweis.kette import check_links
from etl.release import Bericht, Schritt, Stand, entwurf
from etl.settings import Settings
from etl.warehouse.embedded import ensure_database
from integration.besitzer import als_besitzer

AUGUST = Monat(2026, 8)
ANNA, BEN = "Anna Müller", "Ben Weiß"
ADD_PASSPORT = "INSERT INTO jobcenter.zahlenpass (traegernummer, art, gegenstand, inhalt_text) VALUES (%s, %s, %s, %s)"
FILES = {"kreis/Bericht.pdf": "Bericht", "oeffentlichkeit/daten/werte.csv": "a,b\n1,2\n", "figures.csv": "x"}


@dataclass(frozen=True)
class Amt:
    """A Träger with a loaded month, and what is done to its report."""

    settings: Settings
    traeger: str
    bericht: Bericht
    url: str

    @property
    def folder(self) -> Path:
        return self.settings.reports / self.bericht.pfad

    def write(self, by: str, files: dict[str, str] | None = None) -> str:
        """Write the files of the report and record them as a draft, as „run“ does; return the content hash."""
        paths = []
        for name, text in (FILES if files is None else files).items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            paths.append(path)
        said = nachweis.beschreibe(self.settings.reports, paths, {"berichtsmonat": str(AUGUST)})
        draft = entwurf(self.bericht, said, by)
        with warehouse.open_url(self.url, role="etl") as connection:
            warehouse.record_report(connection, said, [], [], warehouse.Herkunft(), draft)
            nachweis.bezeuge(self.settings.witness, connection, self.traeger)
        return draft.inhalt_sha256

    def approve(self, by: str = BEN, content: str = "") -> Stand:
        return freigeben.approve(self.settings, self.bericht, by, "angesehen", content)

    def release(self, by: str = BEN) -> Stand:
        return freigeben.release(self.settings, self.bericht, by)

    def steps(self) -> list[str]:
        return [
            str(entry.schritt)
            for stand, _ in freigeben.every(self.settings)
            if stand.bericht == self.bericht
            for entry in stand.eintraege
        ]

    def problems(self) -> list[str]:
        """What a verification says of the release, the chain and the witness."""
        with warehouse.open_url(self.url, role="auditor") as connection:
            (one,) = (e for e in warehouse.read_evidence(connection) if e.traegernummer == self.traeger)
        return [*check_releases(one), *check_links(one.kette), *zeuge.check(self.settings.witness, [one.kette])]

    def insert(self, schritt: str, person: str, sha256: str) -> None:
        """Add a step with its passport in SQL, as role etl, around all of our own code."""
        with warehouse.open_url(self.url, role="etl") as connection:
            self._insert(connection, schritt, person, sha256)

    def refused(self, schritt: str, person: str, sha256: str) -> str:
        """Try to; return why the database refuses."""
        with warehouse.open_url(self.url, role="etl") as connection, pytest.raises(IntegrityError) as caught:
            self._insert(connection, schritt, person, sha256)
        return str(caught.value)

    def _insert(self, connection: Connection, schritt: str, person: str, sha256: str) -> None:
        said = {"schritt": schritt, "inhalt_sha256": sha256, "person": person, "bemerkung": ""}
        with connection.begin():
            number = connection.exec_driver_sql(
                "INSERT INTO jobcenter.freigabeschritt "
                "(traegernummer, lieferung_id, berichtsmonat, schritt, inhalt_sha256, person) "
                "VALUES (%s, 'L1', '2026-08-01', %s, %s, %s) RETURNING nummer",
                (self.traeger, schritt, sha256, person),
            ).scalar_one()
            connection.exec_driver_sql(
                ADD_PASSPORT, (self.traeger, "freigabe", self.bericht.pfad, json.dumps(said | {"nummer": number}))
            )

    def as_owner(self, table: str, statement: str) -> None:
        als_besitzer(self.url, table, statement.format(traeger=f"traegernummer = '{self.traeger}'"))


@pytest.fixture(scope="module")
def database(warehouse_server: str) -> Iterator[str]:
    name = f"freigabe_{uuid.uuid4().hex}"
    yield ensure_database(warehouse_server, name)
    with create_engine(warehouse_server, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def amt(database: str, tmp_path: Path) -> Amt:
    traeger = uuid.uuid4().hex
    row = (str(AUGUST), "ELB", "INSGESAMT", "INSGESAMT", Decimal(1), 0, "ok")
    cells = pa.table([pa.array([value]) for value in row], names=warehouse.CELLS.names)
    delivery = Delivery("L1", traeger, dt.datetime(2026, 9, 10, tzinfo=dt.UTC))
    with warehouse.open_url(database, role="etl") as connection:
        warehouse.load_cells(connection, Archive(Path(), delivery, "a" * 64, {}), AUGUST, cells, None)
    settings = Settings(home=tmp_path / "home", warehouse=database)
    return Amt(settings, traeger, Bericht(f"{traeger}/L1", AUGUST), database)


# --- the way of a report --------------------------------------------------------------------------------------------


def test_from_draft_to_release_every_step_names_the_content_and_is_in_the_chain(amt: Amt) -> None:
    content = amt.write(ANNA)
    assert amt.approve().zustand is Schritt.GEPRUEFT
    stand = amt.release()
    assert [(e.nummer, str(e.schritt), e.person, e.bemerkung) for e in stand.eintraege] == [
        (1, "entwurf", ANNA, ""),
        (2, "geprueft", BEN, "angesehen"),
        (3, "freigegeben", BEN, ""),
    ]
    assert {entry.inhalt_sha256 for entry in stand.eintraege} == {content}
    with warehouse.open_url(amt.url, role="auditor") as connection:
        (one,) = (e for e in warehouse.read_evidence(connection) if e.traegernummer == amt.traeger)
    passes = [glied.inhalt for glied in one.kette if glied.art == "freigabe"]
    dateien = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in FILES.items()}
    assert passes == [
        {
            "nummer": 1,
            "schritt": "entwurf",
            "inhalt_sha256": content,
            "person": ANNA,
            "bemerkung": "",
            "dateien": dateien,
        },
        {"nummer": 2, "schritt": "geprueft", "inhalt_sha256": content, "person": BEN, "bemerkung": "angesehen"},
        {"nummer": 3, "schritt": "freigegeben", "inhalt_sha256": content, "person": BEN, "bemerkung": ""},
    ]
    assert one.kette[-1].gegenstand == amt.bericht.pfad
    assert amt.problems() == []


def test_the_content_hash_is_what_the_tools_of_the_system_say(amt: Amt) -> None:
    content = amt.write(ANNA)
    pipe = "find . -type f -printf '%P\\0' | xargs -0 sha256sum | LC_ALL=C sort | sha256sum"
    said = subprocess.run(["bash", "-c", pipe], cwd=amt.folder, capture_output=True, text=True, check=True).stdout
    assert said.split()[0] == content


def test_what_is_done_is_not_done_again(amt: Amt) -> None:
    amt.write(ANNA)
    amt.approve()
    assert amt.approve("Cem").eintraege[-1].person == BEN
    amt.release()
    amt.release()
    assert amt.approve().zustand is Schritt.FREIGEGEBEN
    assert amt.steps() == ["entwurf", "geprueft", "freigegeben"]


# --- four eyes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        (ANNA, ["  anna müller ", "ANNA MÜLLER", "Anna\u00a0Mu\u0308ller", "An\u200bna Müller", "Müller, Anna"]),
        (BEN, [BEN, "BEN WEISS", "ben weiẞ"]),
    ],
)
def test_who_prepared_a_report_cannot_approve_it_however_the_name_is_written(
    amt: Amt, name: str, spellings: list[str]
) -> None:
    content = amt.write(name)
    for spelling in spellings:
        with pytest.raises(ReleaseError, match="kann ihn nicht selbst prüfen"):
            amt.approve(spelling)
        assert "Wer den Bericht erstellt hat, kann ihn nicht prüfen" in amt.refused("geprueft", spelling, content)
    assert amt.steps() == ["entwurf"]


def test_a_name_of_blanks_is_nobody(amt: Amt) -> None:
    content = amt.write(ANNA)
    with pytest.raises(UsageError, match="nicht genannt"):
        amt.approve(" \u200b ")
    assert "violates check constraint" in amt.refused("geprueft", " \u200b ", content)
    with pytest.raises(UsageError, match="nicht genannt"):
        amt.write("  ")


def test_the_same_bytes_prepared_by_two_are_approved_by_neither(amt: Amt) -> None:
    amt.write(ANNA)
    freigeben.reject(amt.settings, amt.bericht, "Cem", "Fußnote 3 fehlt")
    amt.write(BEN)
    assert amt.steps() == ["entwurf", "abgelehnt", "entwurf"]
    for name in (ANNA, BEN):
        with pytest.raises(ReleaseError, match="nicht selbst prüfen"):
            amt.approve(name)
    assert amt.approve("Cem").zustand is Schritt.GEPRUEFT


# --- the order of the steps -----------------------------------------------------------------------------------------


def test_a_release_without_approval_is_refused(amt: Amt) -> None:
    content = amt.write(ANNA)
    with pytest.raises(ReleaseError, match=r"Er ist nicht geprüft \(Zustand: Entwurf\)") as caught:
        amt.release()
    assert "jobcenter approve" in str(caught.value.hint)
    for step, sha256 in (
        ("freigegeben", content),
        ("zugestellt", content),
        ("entwurf", content),
        ("geprueft", "0" * 64),
    ):
        assert "folgt für diesen Inhalt nicht" in amt.refused(step, BEN, sha256)
    assert amt.steps() == ["entwurf"]


def test_a_rejected_report_goes_back_and_says_why(amt: Amt) -> None:
    amt.write(ANNA)
    amt.approve()
    with pytest.raises(UsageError, match="braucht eine Bemerkung"):
        freigeben.reject(amt.settings, amt.bericht, BEN, "  ")
    freigeben.reject(amt.settings, amt.bericht, BEN, "Fußnote 3 fehlt")
    with pytest.raises(ReleaseError, match=r"abgelehnt .*Fußnote 3 fehlt"):
        amt.approve()
    with pytest.raises(ReleaseError, match="abgelehnt"):
        amt.release()
    amt.write(ANNA, FILES | {"figures.csv": "mit Fußnote"})
    assert amt.approve().zustand is Schritt.GEPRUEFT
    assert amt.problems() == []


def test_a_delivered_report_cannot_be_taken_back(amt: Amt) -> None:
    content = amt.write(ANNA)
    amt.approve()
    amt.release()
    amt.insert("zugestellt", BEN, content)
    with pytest.raises(ReleaseError, match="schon zugestellt"):
        freigeben.reject(amt.settings, amt.bericht, BEN, "zu spät")
    assert amt.problems() == []


def test_what_happened_meanwhile_is_noticed_by_the_database(amt: Amt) -> None:
    amt.write(ANNA)
    with warehouse.open_url(amt.url, role="etl") as connection:
        seen = warehouse.read_release(connection, amt.bericht).next_entry(Schritt.GEPRUEFT, BEN)
        assert seen is not None
        amt.write(ANNA, FILES | {"figures.csv": "neu"})
        with pytest.raises(ReleaseError, match="hat sich inzwischen geändert"):
            warehouse.record_step(connection, amt.bericht, seen)
    assert amt.steps() == ["entwurf", "entwurf"]


# --- the bytes ------------------------------------------------------------------------------------------------------


def test_the_same_bytes_keep_the_approval_other_bytes_reopen_it(amt: Amt) -> None:
    amt.write(ANNA)
    amt.approve()
    amt.write("Cem")
    assert amt.release().zustand is Schritt.FREIGEGEBEN
    first = amt.write("Cem", FILES | {"figures.csv": "y"})
    with pytest.raises(ReleaseError, match="Er ist nicht geprüft"):
        amt.release()
    assert amt.write("Cem") != first, "back again: what was approved once was replaced since"
    assert amt.steps() == ["entwurf", "geprueft", "freigegeben", "entwurf", "entwurf"]
    assert amt.problems() == []


def test_files_that_were_tampered_with_are_neither_approved_nor_released(amt: Amt) -> None:
    amt.write(ANNA)
    book, extra = amt.folder / "kreis" / "Bericht.pdf", amt.folder / "kreis" / "Beilage.pdf"
    tampering: list[Callable[[], object]] = [
        lambda: book.write_text("bericht"),
        book.unlink,
        lambda: extra.write_text("dazu"),
        lambda: book.rename(extra),
    ]
    for step in (amt.approve, amt.release):
        for tamper in tampering:
            tamper()
            with pytest.raises(ReleaseError, match="nicht die, die als Entwurf festgehalten wurden"):
                step()
            assert [same for stand, same in freigeben.every(amt.settings) if stand.bericht == amt.bericht] == [False]
            extra.unlink(missing_ok=True)
            book.write_text(FILES["kreis/Bericht.pdf"])
        step()
    assert amt.steps() == ["entwurf", "geprueft", "freigegeben"]


def test_who_names_the_content_approves_that_and_nothing_else(amt: Amt) -> None:
    seen = amt.write(ANNA)
    now = amt.write(ANNA, FILES | {"figures.csv": "inzwischen neu"})
    with pytest.raises(ReleaseError, match=f"Der vorliegende Inhalt ist {now[:12]}, nicht {seen[:12]}"):
        amt.approve(content=seen[:12])
    with pytest.raises(ReleaseError, match="Der vorliegende Inhalt ist"):
        amt.approve(content=now[:11])
    assert amt.approve(content=now[:12].upper()).zustand is Schritt.GEPRUEFT


# --- what the database guards ---------------------------------------------------------------------------------------


def test_steps_are_added_with_their_passport_and_never_changed(amt: Amt) -> None:
    content = amt.write(ANNA)
    columns = "traegernummer, lieferung_id, berichtsmonat, schritt, inhalt_sha256, person"
    values = f"'{amt.traeger}', 'L1', '2026-08-01', 'geprueft', '{content}', 'Ben'"
    refused = {
        f"INSERT INTO jobcenter.freigabeschritt ({columns}) VALUES ({values})": IntegrityError,
        f"INSERT INTO jobcenter.freigabeschritt ({columns}, nummer) VALUES ({values}, 7)": ProgrammingError,
        f"INSERT INTO jobcenter.freigabeschritt ({columns}, erfasst_am) VALUES ({values}, now())": ProgrammingError,
        "UPDATE jobcenter.freigabeschritt SET person = 'x'": ProgrammingError,
        "DELETE FROM jobcenter.freigabeschritt": ProgrammingError,
        "TRUNCATE jobcenter.freigabeschritt": ProgrammingError,
    }
    with warehouse.open_url(amt.url, role="etl") as connection:
        for statement, error in refused.items():
            with pytest.raises(error), connection.begin():
                connection.exec_driver_sql(statement)
    for role in ("auditor", "controller"):
        with warehouse.open_url(amt.url, role=role) as connection, pytest.raises(ProgrammingError), connection.begin():
            connection.exec_driver_sql(f"INSERT INTO jobcenter.freigabeschritt ({columns}) VALUES ({values})")
    with create_engine(amt.url, poolclass=NullPool).connect() as owner:
        owner.exec_driver_sql("SET session_replication_role = replica")
        with pytest.raises(ProgrammingError, match="unveränderlich") as caught:
            owner.exec_driver_sql("UPDATE jobcenter.freigabeschritt SET person = 'x'")
    assert isinstance(caught.value.orig, psycopg.errors.InsufficientPrivilege)
    assert amt.steps() == ["entwurf"]


def test_a_waiver_too_needs_two_persons_however_their_names_are_written(amt: Amt) -> None:
    columns = "traegernummer, regel_id, befund_id, werte_sha256, grund, beantragt_von, bewilligt_von, gueltig_bis"
    values = "%s, 'R', repeat('a', 64), repeat('b', 64), 'geprüft', %s, %s, '2026-12-31'"
    with warehouse.open_url(amt.url, role="etl") as connection:
        for two in (("ANNA MÜLLER", "anna müller"), (ANNA, "Müller, Anna")):
            with pytest.raises(IntegrityError, match="ausnahme_vier_augen"), connection.begin():
                connection.exec_driver_sql(
                    f"INSERT INTO jobcenter.ausnahme ({columns}) VALUES ({values})", (amt.traeger, *two)
                )


# --- what a verification finds --------------------------------------------------------------------------------------

_FREIGABE = "DELETE FROM jobcenter.zahlenpass WHERE {traeger} AND art = 'freigabe' AND pass_id = "
_LAST = "(SELECT max(pass_id) FROM jobcenter.zahlenpass WHERE {traeger})"


@pytest.mark.parametrize(
    ("table", "statement", "message"),
    [
        ("freigabeschritt", "DELETE FROM jobcenter.freigabeschritt WHERE {traeger} AND nummer = 3", "Schritt 3 wurde"),
        ("freigabeschritt", "DELETE FROM jobcenter.freigabeschritt WHERE {traeger} AND nummer = 2", "fehlen Schritte"),
        (
            "freigabeschritt",
            "UPDATE jobcenter.freigabeschritt SET person = 'Dora' WHERE {traeger} AND nummer = 2",
            "Schritt 2 (geprueft): person ist im Warehouse „Dora“, laut Zahlenpass",
        ),
        (
            "freigabeschritt",
            "UPDATE jobcenter.freigabeschritt SET inhalt_sha256 = repeat('a', 64) WHERE {traeger}",
            "Schritt 1 (entwurf): inhalt_sha256 ist im Warehouse",
        ),
        ("zahlenpass", f"{_FREIGABE} {_LAST}", "Schritt 3 (freigegeben) hat keinen Zahlenpass"),
    ],
)
def test_a_step_that_was_removed_or_changed_is_named(amt: Amt, table: str, statement: str, message: str) -> None:
    amt.write(ANNA)
    amt.approve()
    amt.release()
    assert amt.problems() == []
    amt.as_owner(table, statement)
    assert any(message in text for text in amt.problems()), amt.problems()


def test_an_approval_by_the_preparer_is_named_also_when_the_owner_made_everything_fit(amt: Amt) -> None:
    content = amt.write(ANNA)
    with create_engine(amt.url, poolclass=NullPool).connect() as owner, owner.begin():
        owner.exec_driver_sql("ALTER TABLE jobcenter.freigabeschritt DISABLE TRIGGER pruefen")
        owner.exec_driver_sql(
            "INSERT INTO jobcenter.freigabeschritt "
            "VALUES (%s, 'L1', '2026-08-01', 2, 'geprueft', %s, 'ANNA müller', '', now())",
            (amt.traeger, content),
        )
        said = {"nummer": 2, "schritt": "geprueft", "inhalt_sha256": content, "person": "ANNA müller", "bemerkung": ""}
        owner.exec_driver_sql(ADD_PASSPORT, (amt.traeger, "freigabe", amt.bericht.pfad, json.dumps(said)))
        owner.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        owner.exec_driver_sql("ALTER TABLE jobcenter.freigabeschritt ENABLE ALWAYS TRIGGER pruefen")
    (text,) = amt.problems()
    assert "Schritt 2 (geprueft) war nicht zulässig" in text
    assert "nicht selbst prüfen" in text


def test_the_passport_of_a_file_that_came_in_behind_the_approval_is_named(amt: Amt) -> None:
    """Role etl may add passports: a changed file could get one, and would be what it should be."""
    amt.write(ANNA)
    amt.approve()
    said = {"name": "figures.csv", "sha256": hashlib.sha256(b"untergeschoben").hexdigest()}
    with warehouse.open_url(amt.url, role="etl") as connection, connection.begin():
        connection.exec_driver_sql(
            ADD_PASSPORT, (amt.traeger, "datei", f"{amt.bericht.pfad}/figures.csv", json.dumps(said))
        )
    (text,) = amt.problems()
    assert text.endswith("figures.csv hat seit dem letzten Entwurf einen Zahlenpass mit anderem Inhalt.")


def test_a_draft_of_files_without_passports_is_named(amt: Amt) -> None:
    amt.insert("entwurf", ANNA, "a" * 64)
    assert [text for text in amt.problems() if "nicht der Hash der Dateien" in text]


def test_a_step_done_again_notes_the_end_of_the_chain_that_a_killed_one_did_not(amt: Amt) -> None:
    amt.write(ANNA)
    noted = amt.settings.witness / f"{amt.traeger}.kette"
    before = noted.read_bytes()
    amt.approve()
    after = noted.read_bytes()
    assert after != before
    noted.write_bytes(before)  # as if it had been killed after the step
    amt.approve()
    assert noted.read_bytes() == after


def test_a_damaged_note_stops_no_step_and_is_named_by_the_proof(amt: Amt) -> None:
    amt.write(ANNA)
    noted = amt.settings.witness / f"{amt.traeger}.kette"
    noted.write_bytes(b"\xff" + noted.read_bytes()[1:])
    amt.approve()
    (text,) = amt.problems()
    assert "Ein Glied, das es gab, fehlt oder ist ein anderes" in text


# --- the commands ---------------------------------------------------------------------------------------------------


def test_the_commands_find_the_report_refuse_and_say_what_to_do(
    amt: Amt, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = amt.write(ANNA)
    where = ("--home", str(amt.settings.home))
    monkeypatch.setenv("JOBCENTER_WAREHOUSE", amt.url)

    def run(*arguments: str) -> str:
        cli.app([*arguments, *where], standalone_mode=False)
        shown = capsys.readouterr()
        return shown.out + shown.err

    the = ("--month", "2026-08", "--delivery", amt.bericht.reference)
    with pytest.raises(ReleaseError) as caught:
        run("approve", *the, "--by", "anna müller")
    assert caught.value.exit_status == 9
    shown = run("approve", *the, "--by", BEN, "--content", content[:12])
    assert f"Bericht 2026-08 der Lieferung {amt.bericht.reference}: geprüft." in shown
    assert f"Inhalt: {content}" in shown
    assert "Als Nächstes: freigeben: „release“" in shown
    rows = [row for row in json.loads(run("releases", "--format", "json")) if row["lieferung"] == amt.bericht.reference]
    assert rows == [
        {
            "berichtsmonat": "2026-08",
            "lieferung": amt.bericht.reference,
            "zustand": "geprüft",
            "inhalt": content,
            "erstellt_von": ANNA,
            "geprueft_von": BEN,
            "freigegeben_von": None,
            "bemerkung": None,
            "als_naechstes": "freigeben: „release“ (oder „reject“)",
        }
    ]
    assert "freigegeben" in run("release", *the, "--by", BEN)
    assert "abgelehnt" in run("reject", *the, "--by", BEN, "--note", "doch nicht [rot]")
    with pytest.raises(UsageError, match="Für 1999-01 gibt es keinen Bericht"):
        run("approve", "--month", "1999-01", "--by", BEN)
    with pytest.raises(UsageError, match="Es gibt keinen Bericht 1999-01 der Lieferung"):
        run("approve", "--month", "1999-01", "--delivery", amt.bericht.reference, "--by", BEN)


def test_the_newest_delivery_with_a_report_is_meant(warehouse_url: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", warehouse=warehouse_url)
    for day, lieferung in ((10, "L2"), (12, "L1"), (14, "ohne")):
        delivery = Delivery(lieferung, "T1", dt.datetime(2026, 9, day, tzinfo=dt.UTC))
        row = (str(AUGUST), "ELB", "INSGESAMT", "INSGESAMT", Decimal(1), 0, "ok")
        cells = pa.table([pa.array([value]) for value in row], names=warehouse.CELLS.names)
        with warehouse.open_url(warehouse_url, role="etl") as connection:
            warehouse.load_cells(connection, Archive(Path(), delivery, "a" * 64, {}), AUGUST, cells, None)
        if lieferung != "ohne":
            Amt(settings, "T1", Bericht(f"T1/{lieferung}", AUGUST), warehouse_url).write(ANNA)
    assert freigeben.newest(settings, AUGUST) == Bericht("T1/L1", AUGUST)


def test_two_who_do_the_same_step_at_once_both_find_it_done(amt: Amt, monkeypatch: pytest.MonkeyPatch) -> None:
    amt.write(ANNA)
    content_of = freigeben.content_of

    def the_other_is_faster(settings: Settings, bericht: Bericht) -> str:
        monkeypatch.undo()
        amt.approve()
        return content_of(settings, bericht)

    monkeypatch.setattr(freigeben, "content_of", the_other_is_faster)
    stand = amt.approve()
    assert [entry.schritt for entry in stand.eintraege] == [Schritt.ENTWURF, Schritt.GEPRUEFT]
