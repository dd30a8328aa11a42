"""The pages inside Airflow on a real api-server: who sees what, which bytes leave, and nothing that must not."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext
from sqlalchemy import make_url

from barrierefrei import verstoesse
from e2e.seitenserver import APPROVER, PASSWORD, TRAEGER, Server, deliveries, free_port, started
from etl.airflow_seiten import laeufe
from etl.resources import ROOT
from etl.warehouse.embedded import ensure_database
from kanarie import MONAT, spuren_in_datenbank, spuren_in_text

pytestmark = pytest.mark.slow  # a real api-server, after real runs

BETRIEB = ROOT / "etl" / "betrieb"
GOOD, DOUBTFUL = f"/jobcenter/{TRAEGER}/probe-1", f"/jobcenter/{TRAEGER}/probe-3"
REPORT = f"{GOOD}/{MONAT}"
WORKBOOK = f"{REPORT}/datei/landkreis/arbeitsmappe/{MONAT}_Monatsbericht_Landkreis.xlsx"
WEB_PAGE = f"{REPORT}/datei/oeffentlichkeit/webseite/{MONAT}.html"
PAGES = {
    "uebersicht": "/jobcenter/",
    "monat": REPORT,
    "abgelehnt": f"{DOUBTFUL}/{MONAT}",
    "lieferung": DOUBTFUL,
    "pruefbericht": f"{DOUBTFUL}/pruefbericht",
    "befunde": f"{DOUBTFUL}/befunde",
    "lauf": f"/jobcenter/lauf?dag={laeufe.DAG_ID}&lauf=unbekannt",
    "fehler": f"/jobcenter/{TRAEGER}/probe-9",
}
ROUTES = [*PAGES.values(), WORKBOOK, WEB_PAGE, f"{WEB_PAGE}?laden=1"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, warehouse_server: str) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("seiten")
    with started(folder, warehouse_server, deliveries(folder)) as running:
        yield running


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_sees_anything_without_a_login(server: Server, route: str) -> None:
    sent_away = server.get(route, None)
    assert (sent_away.status, sent_away.content) == (303, b"")
    assert urlsplit(sent_away.headers["location"]).path == "/api/v2/auth/login"
    refused = server.get(route, None, Accept="*/*")
    assert refused.status == 401
    assert "angemeldet" in refused.text
    forged = server.get(route, None, Cookie="_token=eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.", Accept="*/*")
    assert forged.status in (401, 403)


@pytest.mark.parametrize("user", ["leserin", "nutzer", "technik"])
def test_every_role_of_the_simple_auth_manager_reads_everything(server: Server, user: str) -> None:
    found = {route: server.get(route, user).status for route in ROUTES}
    assert found == {route: 404 if route == PAGES["fehler"] else 200 for route in ROUTES}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_changed_here(server: Server, method: str) -> None:
    assert {server.get(route, "technik", method=method).status for route in ROUTES} == {405}


def test_the_roles_of_production_ask_the_auth_manager_of_production(
    server: Server, warehouse_server: str, tmp_path: Path
) -> None:
    """Under FAB, in an environment of its own with the group ``server``, below a path as behind a proxy."""
    roles = json.loads((BETRIEB / "airflow" / "rollen.json").read_text())
    roles += [entry | {"name": "Ohne"} for entry in roles if entry["name"] == "Controlling"]
    roles = [entry for entry in roles if (entry["name"], entry["resource"]) != ("Ohne", "XComs")]
    roles += [{"name": "Fremd", "resource": "Website", "action": "can_read"}]
    (tmp_path / "rollen.json").write_text(json.dumps(roles))
    ask = {
        "folder": str(tmp_path / "airflow"),
        "home": str(server.home),
        "port": free_port(),
        "warehouse": server.warehouse,
        "database": ensure_database(warehouse_server, "seiten_fab"),
        "roles": str(tmp_path / "rollen.json"),
        "routes": ROUTES,
    }
    (tmp_path / "ask.json").write_text(json.dumps(ask))
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(tmp_path / "umgebung")}
    uv = os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")
    subprocess.run([uv, "sync", "--locked", "--quiet", "--group", "server"], cwd=ROOT, env=environment, check=True)
    python = tmp_path / "umgebung" / "bin" / "python"
    script = Path(__file__).with_name("fab_server.py")
    subprocess.run([python, script, tmp_path / "ask.json", tmp_path / "answers.json"], check=True)
    answers = json.loads((tmp_path / "answers.json").read_text())
    expected = {route: 404 if route == PAGES["fehler"] else 200 for route in ROUTES}
    for role in ("Revision", "Controlling", "Technik"):
        assert {route: status for route, (status, _) in answers[role].items()} == expected, role
    without = {route: status for route, (status, _) in answers["Ohne"].items()}
    assert without == {**expected, PAGES["befunde"]: 403}
    assert {status for status, _ in answers["Fremd"].values()} == {403}
    for route, (status, location) in answers[""].items():
        assert (status, location) == (303, f"/airflow/api/v2/auth/login?{urlencode({'next': f'/airflow{route}'})}")


def test_who_logs_in_is_led_back_to_the_page(browser: Browser, server: Server) -> None:
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.port}{DOUBTFUL}/befunde?regel=PER-007")
    page.fill("input[name=username]", "leserin")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("h1:has-text('Befunde der Lieferung probe-3')")
    assert page.locator("tbody tr").count() == 1
    page.close()


def test_a_bearer_token_will_do(server: Server) -> None:
    answer = server.get(REPORT, None, Authorization=f"Bearer {server.token('leserin')}")
    assert answer.status == 200


@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_is_kept_by_nobody_and_runs_nothing_of_others(server: Server, route: str) -> None:
    answer = server.get(route)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    if route in PAGES.values():
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "script-src" not in policy
        assert not re.search(r"<script|\son\w+=|\sstyle=|javascript:", answer.text)


def test_no_page_and_no_log_holds_a_trace_of_the_canary(server: Server) -> None:
    for route in [*PAGES.values(), f"{DOUBTFUL}/befunde?regel=PER-007&team=T1", WEB_PAGE]:
        assert spuren_in_text(server.get(route).text) == [], route
    assert spuren_in_text(server.log.read_text()) == []
    assert spuren_in_datenbank(server.database) == []
    found = server.get(PAGES["befunde"]).text
    assert not re.search(r"2031|390,00|P_[0-9A-Za-z]{8}", found)


def test_the_overview_says_where_every_report_stands(server: Server) -> None:
    text = _words(server.get("/jobcenter/").text)
    run = server.run_of(f"{TRAEGER}/probe-1")
    good = f"Juni 2025 {TRAEGER}, Lieferung probe-1 {TRAEGER} 10.07.2025, 06:00 Uhr (UTC) probe-1 zugestellt bestanden"
    assert f"{good} nichts Lauf in Airflow (erfolgreich)" in text
    assert "probe-3 abgelehnt mit Begründung angenommen überarbeiten und neu schreiben (Lauf in Airflow)" in text
    assert f'href="/dags/{laeufe.DAG_ID}/runs/{quote(run, safe="")}"' in server.get("/jobcenter/").text
    assert "noch keinen Bericht" in server.get("/jobcenter/?traeger=99999").text


def test_the_page_of_a_month_shows_files_steps_receipts_and_totals(server: Server) -> None:
    page = server.get(REPORT).text
    text = _words(page)
    assert "Datenstand 10.07.2025, 06:00 Uhr (UTC) Zustand zugestellt" in text
    assert "Bedarfsgemeinschaften BG 1 1 0 0,0" in text
    for step, person in (("1. Entwurf", "dag_test"), ("2. geprüft", APPROVER), ("3. freigegeben", APPROVER)):
        assert f"{step} {person} " in text
    assert "Ausschuss &lt;b&gt;" in page
    assert "landkreis, ordner" in text
    assert page.count("herunterladen (") == len(_files(server))
    rejected = server.get(PAGES["abgelehnt"]).text
    assert "Fußnote &lt;3&gt; fehlt" in rejected
    assert "Geburtsdatum &lt;wird&gt; nachgetragen" in server.get(DOUBTFUL).text


def test_every_file_leaves_as_it_was_written_with_its_passport(server: Server) -> None:
    kinds = {}
    for path in _files(server):
        answer = server.get(f"{REPORT}/datei/{quote(path)}?laden=1")
        written = server.home / "berichte" / TRAEGER / "probe-1" / MONAT / path
        assert answer.content == written.read_bytes()
        assert answer.headers["x-sha256"] == hashlib.sha256(answer.content).hexdigest()
        assert int(answer.headers["x-zahlenpass"]) > 0
        name = f"{TRAEGER}_{MONAT}_{path.split('/')[0]}_{written.name}"
        assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
        kinds[written.suffix] = answer.headers["content-type"]
    assert kinds[".xlsx"].endswith("spreadsheetml.sheet")
    assert kinds[".pdf"] == "application/pdf"
    assert "application/octet-stream" not in {kinds[suffix] for suffix in kinds if suffix != ".sha256"}


def test_a_page_of_ours_with_a_script_is_shown_in_an_origin_of_nobody(server: Server) -> None:
    shown = server.get(WEB_PAGE)
    assert shown.headers["content-disposition"].startswith("inline")
    assert shown.headers["content-security-policy"].startswith("sandbox allow-scripts allow-downloads; default-src")
    assert "allow-same-origin" not in shown.headers["content-security-policy"]
    assert server.get(WORKBOOK).headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path",
    [
        f"{REPORT}/datei/../../../../../schluessel/pseudonym.key",
        f"{REPORT}/datei/..%2f..%2f..%2f..%2fschluessel%2fpseudonym.key",
        f"{REPORT}/datei/landkreis/..%2fdienststelle%2fzahlen%2ffigures.csv",
        f"{REPORT}/datei/%2fetc%2fpasswd",
        f"{REPORT}/datei//etc/passwd",
        f"{REPORT}/datei/oeffentlichkeit/webseite/%00",
        f"{REPORT}/datei/",
        f"/jobcenter/..%2f..%2fetc/passwd/{MONAT}",
        f"/jobcenter/%2e%2e/%2e%2e/{MONAT}",
        f"/jobcenter/{TRAEGER}/../{MONAT}/datei/x",
        f"/jobcenter/{TRAEGER}/probe-1%00/{MONAT}",
        "/jobcenter/%2e%2e/archiv",
        "/jobcenter/../jobcenter/stil.css",
        f"{GOOD}/2025-13",
        f"{GOOD}/2025-06%0a",
        f"{GOOD}/befunde?seite=x",
        "/jobcenter/?seite=99999999999999999999",
    ],
)
def test_no_path_leads_anywhere_else(server: Server, path: str) -> None:
    answer = server.get(path)
    assert answer.status in (307, 404) or "?seite=" in path
    assert answer.status < 500
    assert "Traceback" not in answer.text
    assert "root:" not in answer.text


def test_a_changed_or_missing_file_is_not_handed_out(server: Server) -> None:
    path = server.home / "berichte" / TRAEGER / "probe-1" / MONAT / "oeffentlichkeit" / "webseite" / f"{MONAT}.html"
    content = path.read_bytes()
    with _restored(path):
        path.write_bytes(content.replace(b"2025", b"2026", 1))
        assert server.get(WEB_PAGE).status == 409
        assert "Dateien fehlen oder sind verändert" in server.get(REPORT).text
        path.unlink()
        assert server.get(WEB_PAGE).status == 409
        path.symlink_to(server.home / "schluessel" / "pseudonym.key")
        assert server.get(WEB_PAGE).status == 409
        path.unlink()


def test_findings_can_be_filtered_and_who_looked_is_written_down(server: Server) -> None:
    before = _looks(server, "technik")
    every = server.get(f"{DOUBTFUL}/befunde", "technik").text
    total = int(re.search(r"(\d+) Befunde,", _words(every)).group(1))  # type: ignore[union-attr]
    rules = {rule: int(count) for rule, count in re.findall(r'<option value="(\w+-\d+)"[^>]*>\S+ \((\d+)\)', every)}
    assert sum(rules.values()) == total > 3
    for rule, count in rules.items():
        page = server.get(f"{DOUBTFUL}/befunde?regel={rule}", "technik").text
        assert len(re.findall(rf'data-titel="Regel">{rule} ', page)) == count
    assert "Kein Befund passt" in server.get(f"{DOUBTFUL}/befunde?team=%27%20OR%201=1", "technik").text
    assert "Befunde angesehen: 'technik', Lieferung 00000/probe-3" in server.log.read_text()
    assert _looks(server, "technik") == before + 2 + len(rules)


def test_a_run_leads_to_its_report(server: Server) -> None:
    run = quote(server.run_of(f"{TRAEGER}/probe-1"), safe="")
    led = server.get(f"/jobcenter/lauf?dag={laeufe.DAG_ID}&lauf={run}")
    assert (led.status, led.headers["location"]) == (303, REPORT)
    assert server.get(f"/jobcenter/lauf?dag={laeufe.DAG_ID}&lauf={run}&index=-1").headers["location"] == REPORT
    assert "erstellt keine Monatsberichte" in server.get(f"/jobcenter/lauf?dag=andere&lauf={run}").text
    assert "noch keine Lieferung" in server.get(PAGES["lauf"]).text
    plugins = json.loads(server.get("/api/v2/plugins", "technik").content)["plugins"]
    views = next(plugin["external_views"] for plugin in plugins if plugin["name"] == "jobcenter")
    assert {view["destination"]: view["href"].split("?")[0] for view in views} == {
        "nav": "/jobcenter/",
        "dag_run": "/jobcenter/lauf",
        "task_instance": "/jobcenter/lauf",
    }


def test_airflow_shows_the_report_in_a_tab_of_its_run(browser: Browser, server: Server) -> None:
    """Inside Airflow's frame: links stay within the pages, files can be saved, none leads out of the frame."""
    run = quote(server.run_of(f"{TRAEGER}/probe-1"), safe="")
    with _logged_in(browser, server, 1280, "light") as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.port}/dags/{laeufe.DAG_ID}/runs/{run}/plugin/jobcenter-dag-run")
        frame = page.frame_locator("iframe")
        frame.locator("h1:has-text('Monatsbericht Juni 2025')").wait_for(timeout=120_000)
        targets = frame.locator("a").evaluate_all("links => links.map(link => new URL(link.href).pathname)")
        assert [target for target in targets if not target.startswith("/jobcenter/")] == []
        with page.expect_download() as started_download:
            frame.locator("a:has-text('herunterladen')").first.click()
        assert started_download.value.suggested_filename.startswith(f"{TRAEGER}_{MONAT}_dienststelle_")
        frame.locator("nav a:has-text('Monatsberichte')").click()
        frame.locator("h1:has-text('Monatsberichte SGB II')").wait_for()


def test_a_lost_archive_and_a_lost_warehouse_are_pages_not_traces(server: Server) -> None:
    archive = server.home / "archiv" / TRAEGER / "probe-1"
    archive.rename(archive.with_name(".fort"))
    try:
        assert "Das Archiv hat die Lieferung nicht mehr" in server.get(REPORT).text
        assert server.get(GOOD).status == 200
        assert server.get(f"{GOOD}/pruefbericht").status == 404
        assert server.get("/jobcenter/").status == 200
    finally:
        archive.with_name(".fort").rename(archive)
    with _no_connections(server.warehouse):
        for route in ("/jobcenter/", REPORT, DOUBTFUL, WORKBOOK):
            lost = server.get(route)
            assert lost.status == 503
            assert "Zurzeit nicht verfügbar" in lost.text
    log = server.log.read_text()
    assert "Traceback" not in log
    assert str(make_url(server.warehouse).password) not in log


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")])
def test_axe_finds_no_violation(browser: Browser, server: Server, width: int, scheme: str) -> None:
    with _logged_in(browser, server, width, scheme) as context:
        page = context.new_page()
        noise: list[str] = []
        page.on("pageerror", lambda error: noise.append(str(error)))
        for name, route in PAGES.items():
            page.goto(f"http://127.0.0.1:{server.port}{route}")
            for details in page.locator("details").all():
                details.evaluate("element => element.open = true")
            assert verstoesse(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth") == width, name
        assert noise == []


def test_the_web_page_of_the_month_works_in_its_sandbox_and_cannot_ask_the_server(
    browser: Browser, server: Server
) -> None:
    with _logged_in(browser, server, 1280, "light") as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.port}{WEB_PAGE}")
        assert page.evaluate("self.origin") == "null"
        assert page.locator("html.js").count() == 1
        asked = "fetch('/jobcenter/').then(() => 'angekommen', () => 'verwehrt')"
        assert page.evaluate(asked) == "verwehrt"


def _looks(server: Server, user: str) -> int:
    """Return how often Airflow's audit log says that a person looked at findings."""
    found = server.get(f"/api/v2/eventLogs?event=jobcenter.befunde&owner={user}&limit=100")
    return int(json.loads(found.content)["total_entries"])


def _files(server: Server) -> list[str]:
    folder = server.home / "berichte" / TRAEGER / "probe-1" / MONAT
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _words(page: str) -> str:
    """Return what a person reads, on one line."""
    body = page[page.index("<body") :]
    return " ".join(re.sub(r"<[^>]*>", " ", body).replace("\N{NO-BREAK SPACE}", " ").split())


@contextmanager
def _restored(path: Path) -> Iterator[None]:
    content = path.read_bytes()
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        path.write_bytes(content)


@contextmanager
def _no_connections(url: str) -> Iterator[None]:
    """Let nobody connect to a database for a while."""
    place = make_url(url)
    with psycopg.connect(
        host=place.host,
        port=place.port,
        user=place.username,
        password=place.password,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        name = f'"{place.database}"'
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            yield
        finally:
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@contextmanager
def _logged_in(browser: Browser, server: Server, width: int, scheme: str) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    context.add_cookies(
        [{"name": "_token", "value": server.token("leserin"), "url": f"http://127.0.0.1:{server.port}/"}]
    )
    yield context
    context.close()
