"""Several providers in one run, the other DAGs, deadlines and messages, through Airflow's own machinery."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from etl.airflow_local.environment import airflow_environment, private_folder
from etl.warehouse import open_url, read_releases
from etl.warehouse.embedded import ensure_database
from integration.gegenstellen import KENNWORT as MAIL_KENNWORT
from integration.gegenstellen import postamt
from kanarie import MONAT, kanarienlieferung, spuren_in_dateien, spuren_in_text

LATER = "2026-06"


@dataclass(frozen=True)
class Laeufe:
    """What became of the runs, what was mailed, and where the traces are."""

    results: dict[str, Any]
    home: Path
    mails: list[str]
    output: str = field(repr=False)
    warehouse: str = field(repr=False)

    def __getitem__(self, name: str) -> Any:
        return self.results["runs"][name]


def _provider(folder: Path, traegernummer: str, lieferung_id: str = "", **changes: Any) -> Path:
    """Write a delivery of one provider."""
    kanarienlieferung(folder, lieferung_id or f"probe-{traegernummer}", **changes)
    manifest = folder / "lieferung.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"traegernummer": traegernummer}))
    return folder


def _sources(folder: Path) -> Path:
    """Write the deliveries of four providers, two of them unusable, and the file that names them."""
    _provider(folder / "00001" / MONAT, "00001")
    _provider(folder / "00002" / MONAT, "00002", geschlecht="KANARI")
    _provider(folder / "00003" / MONAT, "00003")
    _provider(folder / "00004" / MONAT, "00009")
    (folder / "00001" / "reihen.csv").write_text(f"monat,quelle,pers\n{MONAT},Presse,200\n")
    path = folder / "quellen.yaml"
    entries = [
        {"traegernummer": number, "name": f"Träger {number}", "lieferung": f"{number}/{{monat}}"}
        for number in ("00001", "00002", "00003", "00004")
    ]
    entries[0]["reihen"] = "00001/reihen.csv"
    path.write_text(json.dumps({"quellen": entries}))
    return path


@pytest.fixture(scope="module")
def laeufe(tmp_path_factory: pytest.TempPathFactory, warehouse_server: str) -> Iterator[Laeufe]:
    folder = tmp_path_factory.mktemp("traeger")
    sources = _sources(folder / "quellen")
    # The first delivery of a provider is needed until there is another one.
    later = _provider(
        folder / "spaeter", "00001", "probe-spaeter", erstellt_am=dt.datetime(2026, 7, 10, 6, 0, tzinfo=dt.UTC)
    )
    taeglich = kanarienlieferung(folder / "taeglich", "probe-heute", kind_geboren=dt.date(2031, 1, 1))
    warehouse = ensure_database(warehouse_server, "traeger_warehouse")
    database = ensure_database(warehouse_server, "traeger_airflow")
    home = folder / "home"
    environment = airflow_environment(
        private_folder(home / "airflow"), home=home, port=1, database=database, warehouse=warehouse
    )
    environment["JOBCENTER_QUELLEN"] = str(sources)
    with postamt(folder / "post") as office:
        (folder / "kennwort").write_text(MAIL_KENNWORT)
        (folder / "kennwort").chmod(0o600)
        (folder / "meldungen.yaml").write_text(json.dumps(office.weg()))
        environment["JOBCENTER_MELDUNGEN"] = str(folder / "meldungen.yaml")
        runs: dict[str, dict[str, Any]] = {
            "ohne_monat": {"conf": {}},
            "alle": {"conf": {"monat": MONAT}},
            "taeglich": {"dag": "datenqualitaet", "conf": {"lieferung": str(taeglich)}},
            "zukunft": {"deadlines": True, "conf": {"monat": "2030-01", "lieferung": "/gibt/es/nicht"}},
            "vergangen": {"deadlines": True, "conf": {"monat": MONAT, "lieferung": "/gibt/es/nicht"}},
            "spaeter": {"conf": {"monat": LATER, "lieferung": str(later)}},
            "abgleich": {"dag": "abgleich", "conf": {"monat": MONAT}},
            "nicht_loeschen": {"dag": "loeschung", "answer": {"option": "Nicht löschen"}},
            "loeschen": {"dag": "loeschung", "answer": {"option": "Löschen"}},
            "nichts_zu_loeschen": {"dag": "loeschung"},
        }
        (folder / "runs.json").write_text(json.dumps(runs))
        output = _python(environment, "-m", "airflow", "db", "migrate")
        driver = Path(__file__).with_name("dag_lauf.py")
        output += _python(environment, str(driver), str(folder / "runs.json"), str(folder / "results.json"))
        (folder / "output.txt").write_text(output)
        mails = [_text(content) for content in office.nachrichten]
        results = json.loads((folder / "results.json").read_text())
        yield Laeufe(results, home, mails, output, warehouse)


def _text(content: bytes) -> str:
    mail = message_from_bytes(content, policy=policy.default)
    body = mail.get_body()
    assert body is not None
    return f"{mail['Subject']}\n{body.get_content()}"


def _python(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    return done.stdout


@pytest.mark.slow
def test_all_dags_are_there(laeufe: Laeufe) -> None:
    assert laeufe.results["import_errors"] == {}
    assert laeufe.results["dags"] == [
        "abgleich",
        "datenqualitaet",
        "lieferungseingang",
        "loeschung",
        "monatsbericht",
    ]


@pytest.mark.slow
def test_one_provider_that_fails_stops_no_other(laeufe: Laeufe) -> None:
    run = laeufe["alle"]
    assert run["state"] == "failed"
    assert run["xcom"]["sources"] == ["00001", "00002", "00003", "00004"]
    states = {name: state for name, (state, _) in run["tasks"].items()}
    assert (states["release"], states["release 2"]) == ("success", "success")
    assert (states["extract 1"], states["load 1"]) == ("failed", "upstream_failed")
    assert len(run["asked"]) == 2
    with open_url(laeufe.warehouse, role="auditor") as connection:
        released = [(stand.bericht.reference, str(stand.zustand)) for stand in read_releases(connection)]
    assert ("00001/probe-00001", "freigegeben") in released
    assert ("00003/probe-00003", "freigegeben") in released
    assert {reference.partition("/")[0] for reference, _ in released} == {"00001", "00003"}


@pytest.mark.slow
def test_a_delivery_of_another_provider_is_refused_before_it_is_archived(laeufe: Laeufe) -> None:
    assert laeufe["alle"]["tasks"]["extract 3"] == ["failed", 1]
    assert "Die Lieferung ist vom Träger 00009, erwartet wird 00004." in laeufe.output
    assert not (laeufe.home / "archiv" / "00009").exists()


@pytest.mark.slow
def test_a_run_without_a_month_says_so(laeufe: Laeufe) -> None:
    assert laeufe["ohne_monat"]["tasks"]["sources"] == ["failed", 1]
    assert "Der Lauf hat keinen Berichtsmonat." in laeufe.output


@pytest.mark.slow
def test_events_name_month_provider_and_delivery(laeufe: Laeufe) -> None:
    events = laeufe["alle"]["events"]
    about = {"traegernummer": "00001", "lieferung_id": "probe-00001", "berichtsmonat": MONAT}
    for asset in ("jobcenter_archiv", "jobcenter_zahlen", "jobcenter_bericht"):
        assert [asset, MONAT, about] in events
    assert len(events) == 6


@pytest.mark.slow
def test_who_is_on_call_is_told_of_failures_and_of_what_waits(laeufe: Laeufe) -> None:
    subjects = [mail.splitlines()[0] for mail in laeufe.mails]
    assert subjects.count("jobcenter: Wartet auf eine Entscheidung: Prüfen und freigeben") == 3
    assert subjects.count("jobcenter: Aufgabe gescheitert: Lieferung einlesen") == 4
    assert subjects.count("jobcenter: Abweichungen von veröffentlichten Zahlen") == 1
    assert subjects.count("jobcenter: Wartet auf eine Entscheidung: Löschung freigeben") == 2
    failed = [mail for mail in laeufe.mails if "Quelle oder Lieferung: 00002" in mail]
    assert len(failed) == 1
    assert "gescheitert: Lieferung einlesen" in failed[0]
    assert f"Berichtsmonat: {MONAT}" in failed[0]
    assert "/dags/monatsbericht/runs/" in failed[0]
    assert [spur for mail in laeufe.mails for spur in spuren_in_text(mail)] == []


@pytest.mark.slow
def test_the_daily_check_keeps_counts_and_lists_and_no_case_data(laeufe: Laeufe) -> None:
    run = laeufe["taeglich"]
    assert run["state"] == "success"
    counts = run["xcom"]["check"]
    assert counts.keys() == {"befunde", "vorher", "nicht_pruefbar", "listen"}
    assert counts["befunde"] > 0 < counts["listen"]
    assert counts["vorher"] is None
    folder = laeufe.home / "vorpruefung" / "00000"
    assert {path.name for path in folder.iterdir()} == {"korrekturen", "verlauf.csv"}
    assert [path for path in folder.parent.iterdir() if path != folder] == []
    assert (folder / "korrekturen").stat().st_mode & 0o077 == 0
    assert spuren_in_dateien(folder / "korrekturen") != []  # the teams need the real keys
    assert spuren_in_text((folder / "verlauf.csv").read_text()) == []
    assert not (laeufe.home / "archiv" / "00000").exists()


@pytest.mark.slow
def test_what_differs_from_published_figures_is_told(laeufe: Laeufe) -> None:
    run = laeufe["abgleich"]
    assert run["state"] == "success"
    assert run["xcom"]["import_series"] == 1
    assert run["xcom"]["compare"] == {"offen": 1}
    assert run["xcom"]["compare 2"] == {}


@pytest.mark.slow
def test_nothing_is_deleted_without_a_person(laeufe: Laeufe) -> None:
    asked = laeufe["nicht_loeschen"]
    assert asked["tasks"]["retention_apply"] == ["skipped", 1]
    assert "`zahlen/00001/probe-00001`" in "".join(asked["asked"])
    assert laeufe["loeschen"]["tasks"]["retention_apply"] == ["success", 1]
    assert laeufe["loeschen"]["xcom"]["retention_apply"] == asked["xcom"]["retention_plan"]["faellig"] > 0
    assert not (laeufe.home / "zahlen" / "00001" / "probe-00001").exists()
    assert laeufe["nichts_zu_loeschen"]["asked"] == []


@pytest.mark.slow
def test_a_run_before_its_deadlines_has_them_and_a_late_one_none(laeufe: Laeufe) -> None:
    assert laeufe["zukunft"]["deadlines"] == ["2030-02-15T23:00:00+00:00", "2030-02-28T23:00:00+00:00"]
    assert laeufe["vergangen"]["deadlines"] == []


@pytest.mark.slow
def test_no_trace_of_a_person_outside_the_zone_of_the_job_centre(laeufe: Laeufe) -> None:
    assert spuren_in_text(laeufe.output) == []
    assert spuren_in_text(json.dumps(laeufe.results)) == []
