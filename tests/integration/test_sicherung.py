"""The restore test: a real PostgreSQL is backed up, destroyed and restored, and then everything is identical.

By the documented commands, on the PostgreSQL of the wheel and, where it is installed, on Debian's PostgreSQL 15.
"""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest

from e2e.kommando import JOBCENTER, Outcome, environment, jobcenter
from etl import pipeline, sichern, warehouse
from etl.errors import BusyError, UsageError, WarehouseError
from etl.extract.archive import open_archive
from etl.monat import Monat
from etl.settings import Settings
from etl.warehouse import sicherung
from kanarie import kanarienlieferung

DEBIAN = Path("/usr/lib/postgresql/15/bin")
ALT, NEU = "00000/L2020", "00000/L2021"
FIGURES = ("figures", "--from", "2020-05", "--to", "2021-06", "--format", "csv")


def deliveries(home: Path, folder: Path) -> Settings:
    """Fill a home of its own, with its own server, from two deliveries, with a report of the first."""
    settings = Settings(home=home)
    with warehouse.held(settings):
        for reference in (ALT, NEU):
            name = reference.partition("/")[2]
            year = int(name[1:])
            moment = dt.datetime(year, 10, 20, 6, tzinfo=dt.UTC)
            source = kanarienlieferung(folder / name, name, erstellt_am=moment)
            assert pipeline.extract(settings, str(source)) == reference
            pipeline.backfill(settings, reference, [Monat(year, 5), Monat(year, 6)])
        pipeline.report(settings, NEU, Monat(2021, 6), "Erstellerin")
    return settings


def done(outcome: Outcome) -> Outcome:
    assert outcome.status == 0, outcome.text
    return outcome


@pytest.mark.slow
@pytest.mark.parametrize("server", ["wheel", "debian"])
def test_backed_up_destroyed_restored_identical(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if server == "debian":
        if not (DEBIAN / "postgres").exists():
            pytest.skip("Debian's PostgreSQL 15 is not installed")
        monkeypatch.setenv("JOBCENTER_PG_BIN", str(DEBIAN))
    home, backup, apart = tmp_path / "home", tmp_path / "sicherung", tmp_path / "getrennt"
    settings = deliveries(home, tmp_path)
    before, figures = done(jobcenter(home, "verify")), done(jobcenter(home, *FIGURES)).out
    assert "identisch: " in before.out
    done(jobcenter(home, "backup", "--out", str(backup), "--apart", str(apart)))
    assert {path.name for path in apart.iterdir()} == {"schluessel", "nachweis"}
    assert not list(backup.rglob("pseudonym.key"))
    assert not list(backup.rglob("*.kette"))
    assert backup.stat().st_mode & 0o077 == apart.stat().st_mode & 0o077 == 0

    shutil.rmtree(home)
    done(jobcenter(home, "restore", str(backup), "--apart", str(apart)))
    after = done(jobcenter(home, "verify"))
    assert (after.out, after.err) == (before.out, before.err)
    assert done(jobcenter(home, *FIGURES)).out == figures
    for role, statement in (("etl", "DELETE FROM jobcenter.zelle"), ("controller", "TABLE jobcenter.zelle")):
        denied = pytest.raises(WarehouseError, match="nicht erlaubt")
        with denied, warehouse.connect(settings, role=role) as connection, connection.begin():  # type: ignore[arg-type]
            connection.exec_driver_sql(statement)
    # And it goes on: the same pseudonyms, the next links of the chain.
    pipeline.backfill(settings, NEU, [Monat(2021, 4)])
    assert "(Monate: 5)" in done(jobcenter(home, "verify")).out

    refused = jobcenter(home, "restore", str(backup), "--apart", str(apart))
    assert refused.status == 2, refused.text
    assert "nie überschrieben" in refused.err


@pytest.mark.slow
def test_deleted_case_data_of_a_restored_backup_is_deleted_again(tmp_path: Path) -> None:
    home, backup, apart = tmp_path / "home", tmp_path / "sicherung", tmp_path / "getrennt"
    apply = ("retention", "--as-of", "2023-01-01", "--apply", "--by", "A. Eins")
    settings = deliveries(home, tmp_path)
    done(jobcenter(home, "backup", "--out", str(backup), "--apart", str(apart)))
    done(jobcenter(home, *apply))
    witness = shutil.copytree(settings.witness, tmp_path / "zeuge")
    later, later_apart = tmp_path / "spaeter", tmp_path / "spaeter-getrennt"
    done(jobcenter(home, "backup", "--out", str(later), "--apart", str(later_apart)))

    # The warehouse of today and the files of yesterday: the proof is there, so the case data goes again.
    shutil.copytree(backup / "home" / "archiv" / ALT, settings.archive / ALT, dirs_exist_ok=True)
    assert "obwohl ihre Löschung belegt ist" in done(jobcenter(home, "verify")).err
    assert f"archiv/{ALT}" in done(jobcenter(home, *apply, "--format", "csv")).out
    assert [path.name for path in (settings.archive / ALT).iterdir()] == ["geloescht.json"]

    # Everything of yesterday: nothing knows of the deletion but the witness, and the period is still over.
    shutil.rmtree(home)
    done(jobcenter(home, "restore", str(backup), "--apart", str(apart)))
    assert open_archive(settings.archive, ALT)
    shutil.copytree(witness, settings.witness, dirs_exist_ok=True)
    broken = jobcenter(home, "verify")
    assert (broken.status, "Ein Glied, das es gab, fehlt" in broken.err) == (8, True), broken.text
    shutil.rmtree(settings.witness)
    done(jobcenter(home, *apply))
    assert [path.name for path in (settings.archive / ALT).iterdir()] == ["geloescht.json"]

    # A backup made after the deletion brings nothing back.
    shutil.rmtree(home)
    done(jobcenter(home, "restore", str(later), "--apart", str(later_apart)))
    assert "belegt: " in done(jobcenter(home, "verify")).out
    assert [path.name for path in (settings.archive / ALT).iterdir()] == ["geloescht.json"]


@pytest.mark.slow
def test_a_backup_while_a_run_goes_on_is_consistent_or_refused(tmp_path: Path) -> None:
    settings = deliveries(tmp_path / "home", tmp_path)
    source = kanarienlieferung(tmp_path / "L2022", "L2022", erstellt_am=dt.datetime(2022, 10, 20, 6, tzinfo=dt.UTC))
    run = [str(JOBCENTER), "run", "--month", "2022-06", "--delivery", str(source), "--by", "A. Eins"]
    with (
        warehouse.held(settings),
        subprocess.Popen(run, env=environment(settings.home), stdout=-3, stderr=-3) as process,
    ):
        number, refused = 0, 0
        while process.poll() is None:
            try:
                sichern.backup(settings, tmp_path / f"b{number}", tmp_path / f"a{number}")
                number += 1
            except BusyError:
                refused += 1
    assert process.returncode == 0
    assert refused, "a run that lasts longer than a backup disturbs at least one"
    sichern.backup(settings, tmp_path / f"b{number}", tmp_path / f"a{number}")
    for made in sorted({0, number - 1, number} - {-1}):  # before or early in the run, late in it, and after it
        home = tmp_path / f"h{made}"
        done(jobcenter(home, "restore", str(tmp_path / f"b{made}"), "--apart", str(tmp_path / f"a{made}")))
        assert "identisch: " in done(jobcenter(home, "verify")).out


def test_a_backup_that_was_disturbed_or_is_damaged_is_none(
    tmp_path: Path, warehouse_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path / "home", warehouse=warehouse_url)
    reference = pipeline.extract(settings, str(kanarienlieferung(tmp_path / "lieferung")))
    pipeline.backfill(settings, reference, [Monat(2025, 5)])
    dump = sicherung.dump

    def disturbed(url: str, target: Path) -> None:
        dump(url, target)
        pipeline.backfill(settings, reference, [Monat(2025, 6)])

    out, apart = tmp_path / "sicherung", tmp_path / "getrennt"
    with monkeypatch.context() as patch:
        patch.setattr(sicherung, "dump", disturbed)
        with pytest.raises(BusyError) as caught:
            sichern.backup(settings, out, apart)
    assert caught.value.exit_status == 13
    assert not out.exists()
    assert not apart.exists()
    with pytest.raises(UsageError, match="gehören nicht in die Sicherung"):
        sichern.backup(settings, out, out / "schluessel")
    sichern.backup(settings, out, apart)
    with pytest.raises(UsageError, match="nie überschrieben"):
        sichern.restore(settings, out, apart)
    path = next((out / "home" / "archiv").rglob("person.parquet"))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Exception, match="nicht mehr, was sie war"):
        sichern.restore(Settings(home=tmp_path / "anders", warehouse=warehouse_url), out, apart)
