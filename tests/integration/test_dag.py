"""The DAG ``monatsbericht`` through Airflow's own machinery, on a small delivery with a canary in it."""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from etl.airflow_local.environment import airflow_environment, private_folder
from etl.resources import DAGS
from etl.warehouse import open_url, read_releases
from etl.warehouse.embedded import ensure_database
from integration.prozess import python
from kanarie import KENNWORT, MONAT, kanarienlieferung, spuren_in_dateien, spuren_in_datenbank, spuren_in_text

STEPS = ["sources", "arrived", "extract", "validate", "figures", "undecided", "decide", "resume", "load", "report"]
STEPS += ["draft", "approve", "release"]
DELIVER = ["deliver"]
"""The step that is skipped where there are no recipients."""
ANSWERS = {
    "selbst": {"user": " DAG_Test"},
    "ohne_bemerkung": {"option": "Ablehnen"},
    "abgelehnt": {"option": "Ablehnen", "bemerkung": "Fußnote 3 fehlt", "user": "dag_test"},
}
"""How the question of a run is answered; the others are approved by another person."""
REFUSED = [
    {"monat": "2025-13", "lieferung": "/daten"},
    {"monat": "Juni 2025", "lieferung": "/daten"},
    {"monat": "2025-06\n", "lieferung": "/daten"},
    {"monat": MONAT, "lieferung": ""},
    {"monat": MONAT, "lieferung": "env:AIRFLOW__CORE__FERNET_KEY"},
    {"monat": MONAT, "lieferung": "postgresql+psycopg://leser:geheim@server/fachverfahren"},
    {"monat": MONAT, "lieferung": "postgresql+psycopg://server/fachverfahren?user=leser&password=geheim"},
]
"""What the form does not take: no such month, something missing, a password, a variable that is not ours."""


@dataclass(frozen=True)
class Laeufe:
    """What became of the runs, and where they left their traces."""

    results: dict[str, Any]
    home: Path
    output: str = field(repr=False)
    warehouse: str = field(repr=False)
    airflow_database: str = field(repr=False)

    def __getitem__(self, name: str) -> Any:
        return self.results["runs"][name]


@pytest.fixture(scope="module")
def laeufe(tmp_path_factory: pytest.TempPathFactory, warehouse_server: str) -> Laeufe:
    folder = tmp_path_factory.mktemp("dag")
    gut = kanarienlieferung(folder / "gut")
    kaputt = kanarienlieferung(folder / "kaputt", "probe-2", geschlecht="KANARI")
    fraglich = kanarienlieferung(folder / "fraglich", "probe-3", kind_geboren=dt.date(2031, 1, 1))
    accepted = {"monat": MONAT, "lieferung": str(fraglich), "befunde_akzeptieren": "Geburtsdatum wird nachgetragen"}
    forms: dict[str, dict[str, str]] = {
        "kaputt": {"monat": MONAT, "lieferung": str(kaputt)},
        "gut": {"monat": MONAT, "lieferung": str(gut)},
        "gesperrt": {"monat": MONAT, "lieferung": str(fraglich)},
        "selbst": accepted,
        "ohne_bemerkung": accepted,
        "abgelehnt": accepted,
        "angenommen": accepted,
        "wieder": {"monat": MONAT, "lieferung": str(gut)},
        "ziel_fort": {"monat": MONAT, "lieferung": str(gut)},
        "quelle_fort": {"monat": MONAT, "lieferung": "env:JOBCENTER_LIEFERUNG_PROBE"},
    } | {f"form {number}": form for number, form in enumerate(REFUSED)}
    (folder / "ziel").mkdir()
    environments = {
        "wieder": _recipients(folder / "wieder.yaml", {"Ausschuss": folder / "ziel"}),
        "ziel_fort": _recipients(folder / "fort.yaml", {"Ausschuss": folder / "ziel", "Dezernat": folder / "fort"}),
    }
    runs = {
        name: {"conf": form, "answer": ANSWERS.get(name, {}), "environment": environments.get(name, {})}
        for name, form in forms.items()
    }
    (folder / "runs.json").write_text(json.dumps(runs))
    warehouse = ensure_database(warehouse_server, "dag_warehouse")
    database = ensure_database(warehouse_server, "dag_airflow")
    airflow_home = private_folder(folder / "home" / "airflow")
    environment = airflow_environment(
        airflow_home, home=folder / "home", port=1, database=database, warehouse=warehouse
    )
    environment["JOBCENTER_LIEFERUNG_PROBE"] = f"postgresql+psycopg://leser:{KENNWORT}@127.0.0.1:1/fachverfahren"
    output = python(environment, "-m", "airflow", "db", "migrate")
    driver = Path(__file__).with_name("dag_lauf.py")
    output += python(environment, str(driver), str(folder / "runs.json"), str(folder / "results.json"))
    results = json.loads((folder / "results.json").read_text())
    (folder / "output.txt").write_text(output)
    return Laeufe(results, folder / "home", output, warehouse, database)


def _recipients(path: Path, folders: dict[str, Path]) -> dict[str, str]:
    """Write a file of recipients, each with a folder; return the variable that names it."""
    entries = [
        {"name": name, "kreis": "landkreis", "produkte": ["arbeitsmappe"], "weg": {"ordner": {"pfad": str(ziel)}}}
        for name, ziel in folders.items()
    ]
    path.write_text(json.dumps({"empfaenger": entries}))
    return {"JOBCENTER_EMPFAENGER": str(path)}


@pytest.mark.slow
def test_loading_the_dag_imports_nothing_heavy(tmp_path: Path) -> None:
    heavy = ["pandas", "duckdb", "great_expectations", "pyarrow", "xlsxwriter", "numpy"]
    code = f"import sys, monatsbericht; print([name for name in {heavy} if name in sys.modules])"
    environment = {**os.environ, "AIRFLOW_HOME": str(tmp_path), "PYTHONPATH": str(DAGS)}
    assert python(environment, "-c", code).splitlines()[-1] == "[]"


@pytest.mark.slow
def test_all_dags_load_without_errors(laeufe: Laeufe) -> None:
    assert laeufe.results["import_errors"] == {}


@pytest.mark.slow
def test_a_sound_delivery_goes_through_all_steps(laeufe: Laeufe) -> None:
    assert laeufe["gut"]["state"] == "success"
    assert laeufe["gut"]["tasks"] == {step: ["success", 1] for step in STEPS} | {"deliver": ["skipped", 1]}
    reports = [
        path for path in (laeufe.home / "berichte" / laeufe["gut"]["xcom"]["extract"]).rglob("*") if path.is_file()
    ]
    assert len(reports) == laeufe["gut"]["xcom"]["report"] > 0


@pytest.mark.slow
def test_xcom_holds_identifiers_and_counts_only(laeufe: Laeufe) -> None:
    xcom = laeufe["gut"]["xcom"]
    assert xcom["extract"] == "00000/probe-1"
    assert all(isinstance(count, int) for count in xcom["validate"].values())
    assert all(isinstance(xcom[step], int) and xcom[step] > 0 for step in ("figures", "load", "report"))
    assert xcom["draft"].keys() == {"monat", "zustand", "inhalt_sha256", "zahlen"}
    assert xcom["draft"]["zahlen"]["Personen in Bedarfsgemeinschaften (PERS)"] == [2, 2]


@pytest.mark.slow
def test_a_second_run_gives_the_same(laeufe: Laeufe) -> None:
    assert laeufe["wieder"]["state"] == "success"
    first, again = (laeufe[name]["xcom"] for name in ("gut", "wieder"))
    assert again["draft"] == first["draft"] | {"zustand": "freigegeben"}
    for step in ("extract", "validate", "figures", "undecided", "load", "report"):
        assert again[step] == first[step]


@pytest.mark.slow
def test_a_breach_of_the_contract_fails_at_once_and_loads_nothing(laeufe: Laeufe) -> None:
    run = laeufe["kaputt"]
    assert run["state"] == "failed"
    assert run["tasks"] == {"sources": ["success", 1], "arrived": ["success", 1], "extract": ["failed", 1]} | {
        step: ["upstream_failed", 0] for step in STEPS[3:] + DELIVER
    }
    assert run["xcom"].keys() == {"sources"}
    assert not (laeufe.home / "archiv" / "00000" / "probe-2").exists()
    assert "Tabelle person, Zeile 1, Spalte geschlecht" in laeufe.output
    assert "jobcenter operations --section" in laeufe.output


@pytest.mark.slow
def test_a_closed_gate_fails_at_once_and_loads_nothing(laeufe: Laeufe) -> None:
    run = laeufe["gesperrt"]
    assert run["tasks"] == {step: ["success", 1] for step in STEPS[:3]} | {"validate": ["failed", 1]} | {
        step: ["upstream_failed", 0] for step in STEPS[4:] + DELIVER
    }
    assert "sind laut Geburtsdatum nach dem Datenstand der Lieferung geboren" in laeufe.output


@pytest.mark.slow
def test_findings_can_be_accepted_with_a_reason(laeufe: Laeufe) -> None:
    assert laeufe["angenommen"]["state"] == "success"


@pytest.mark.slow
def test_the_form_shows_totals_and_the_content_that_is_approved(laeufe: Laeufe) -> None:
    (asked,) = laeufe["gut"]["asked"]
    content = laeufe["gut"]["xcom"]["draft"]["inhalt_sha256"]
    assert f"`{content}`" in asked
    assert f"Bericht **{MONAT}** der Lieferung 00000/probe-1" in asked
    assert "- Personen in Bedarfsgemeinschaften (PERS): **2**\n  (Vormonat 2)" in asked
    assert steps(laeufe, "probe-1") == [
        ("entwurf", "dag_test", "", content),
        ("geprueft", "pruefstelle", "", content),
        ("freigegeben", "pruefstelle", "", content),
        ("zugestellt", "dag_test", "", content),
    ]


@pytest.mark.slow
def test_who_started_the_run_cannot_release_and_nothing_is_kept(laeufe: Laeufe) -> None:
    assert laeufe["selbst"]["state"] == "failed"
    assert laeufe["selbst"]["tasks"]["release"] == ["failed", 1]
    assert "Wer den Lauf gestartet hat, kann den Bericht nicht freigeben." in laeufe.output
    assert laeufe["ohne_bemerkung"]["tasks"]["release"] == ["failed", 1]
    assert "Die Bemerkung fehlt, die sagt, was falsch ist." in laeufe.output


@pytest.mark.slow
def test_a_rejected_report_ends_the_run_and_the_next_one_asks_again(laeufe: Laeufe) -> None:
    assert laeufe["abgelehnt"]["tasks"]["release"] == ["failed", 1]
    assert [(step, person, note) for step, person, note, _ in steps(laeufe, "probe-3")] == [
        ("entwurf", "dag_test", ""),
        ("abgelehnt", "dag_test", "Fußnote 3 fehlt"),
        ("entwurf", "dag_test", ""),
        ("geprueft", "pruefstelle", ""),
        ("freigegeben", "pruefstelle", ""),
    ]


@pytest.mark.slow
def test_what_is_released_is_not_asked_again(laeufe: Laeufe) -> None:
    assert laeufe["wieder"]["asked"] == []
    assert laeufe["wieder"]["state"] == "success"


@pytest.mark.slow
def test_a_released_report_is_delivered_once(laeufe: Laeufe) -> None:
    assert laeufe["wieder"]["tasks"]["deliver"] == ["success", 1]
    assert laeufe["wieder"]["xcom"]["deliver"] == 1
    ziel = laeufe.home.parent / "ziel"
    assert [path.name for path in ziel.rglob("*") if path.is_file()] == [f"{MONAT}_Monatsbericht_Landkreis.xlsx"]
    assert spuren_in_dateien(ziel) == []


@pytest.mark.slow
def test_a_recipient_that_cannot_be_reached_is_tried_again(laeufe: Laeufe) -> None:
    assert laeufe["ziel_fort"]["tasks"]["deliver"] == ["failed", 4]
    assert "Dezernat: Ordner" in laeufe.output
    assert laeufe["ziel_fort"]["state"] == "failed"


def steps(laeufe: Laeufe, lieferung: str) -> list[tuple[str, str, str, str]]:
    with open_url(laeufe.warehouse, role="auditor") as connection:
        stands = [stand for stand in read_releases(connection) if stand.bericht.lieferung_id == lieferung]
    return [(str(e.schritt), e.person, e.bemerkung, e.inhalt_sha256) for stand in stands for e in stand.eintraege]


@pytest.mark.slow
def test_an_unreachable_source_is_tried_again(laeufe: Laeufe) -> None:
    assert laeufe["quelle_fort"]["tasks"]["extract"] == ["failed", 4]
    assert laeufe["quelle_fort"]["rendered"]["extract"]["op_args"][2] == "env:JOBCENTER_LIEFERUNG_PROBE"


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_the_form_refuses(laeufe: Laeufe, number: int) -> None:
    assert laeufe[f"form {number}"] == {"state": "refused"}


@pytest.mark.slow
def test_no_trace_of_a_person_or_a_password_outside_the_archive(laeufe: Laeufe) -> None:
    assert spuren_in_text(laeufe.output) == []
    assert spuren_in_text(json.dumps(laeufe.results)) == []
    places = [path for path in laeufe.home.iterdir() if path.name not in {"archiv", "befunde", "schluessel"}]
    assert {"airflow", "berichte"} <= {path.name for path in places}
    assert [spur for place in places for spur in spuren_in_dateien(place)] == []
    assert spuren_in_datenbank(laeufe.airflow_database) == []
    assert spuren_in_datenbank(laeufe.warehouse) == []
