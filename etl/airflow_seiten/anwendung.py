"""The pages as a web application: routes, who may open which, and errors that a person can read."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from pathlib import PurePosixPath
from urllib.parse import quote, urlencode

from airflow.api_fastapi.common.db.common import SessionDep
from airflow.models.log import Log
from fastapi import APIRouter, FastAPI, HTTPException
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from etl import pruefbericht, pruefen
from etl.airflow_seiten import befunde, dateien, gestalt, laeufe, rechte, stand
from etl.airflow_seiten.plugin import PREFIX
from etl.betriebshandbuch import reference as handbook
from etl.errors import JobcenterError, NachweisError, UsageError, WarehouseError
from etl.monat import Monat
from etl.release import Bericht
from etl.settings import Settings

log = logging.getLogger(__name__)

_STATUS: Mapping[type[JobcenterError], HTTPStatus] = {
    UsageError: HTTPStatus.NOT_FOUND,
    NachweisError: HTTPStatus.CONFLICT,
    WarehouseError: HTTPStatus.SERVICE_UNAVAILABLE,
}
_TITLES = {
    HTTPStatus.UNAUTHORIZED: "Nicht angemeldet",
    HTTPStatus.FORBIDDEN: "Keine Berechtigung",
    HTTPStatus.NOT_FOUND: "Nicht gefunden",
    HTTPStatus.CONFLICT: "Verändert",
    HTTPStatus.SERVICE_UNAVAILABLE: "Zurzeit nicht verfügbar",
}


def application() -> FastAPI:
    """Return the application. Every route asks for a person with a right; there is no folder of static files."""
    app = FastAPI(title="Jobcenter", openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(router)
    app.add_exception_handler(StarletteHTTPException, _refused)
    return app


class _Explained(APIRoute):
    """A route whose every failure is a page: no stack trace, and nothing of a library's message, which might quote."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override] # ours is async only
        answer = super().get_route_handler()

        async def explained(request: Request) -> Response:
            try:
                return await answer(request)
            except (HTTPException, StarletteHTTPException) as error:
                return await _refused(request, error)
            except RequestValidationError:
                return _failed(request, HTTPStatus.NOT_FOUND, "Eine solche Seite gibt es nicht.")
            except JobcenterError as error:
                status = _STATUS.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
                more = "" if status is HTTPStatus.NOT_FOUND else handbook(error.abschnitt)
                if more:
                    log.error("Seite nicht gezeigt: %s %s", error.message, more)
                return _failed(request, status, error.message, error.hint or "", more)
            except Exception as error:
                return _unexpected(request, error)

        return explained


router = APIRouter(route_class=_Explained)


@router.get("/")
def overview(request: Request, user: rechte.Reader, session: SessionDep, traeger: str = "", seite: int = 1) -> Response:
    """Months and providers: state of each report, gate, what is to be done next."""
    found = stand.overview(Settings(), traeger, seite)
    runs = laeufe.newest(session, {line.reference for line in found.zeilen})
    return _page(request, user.get_name(), "uebersicht.html.j2", u=found, traeger=traeger, laeufe=runs)


@router.get("/lauf")
def run(request: Request, user: rechte.Reader, session: SessionDep, dag: str, lauf: str, index: int = -1) -> Response:
    """What a run has read, from its tab in Airflow; the only report of a run is opened at once."""
    found = laeufe.of_run(session, lauf, index) if dag == laeufe.DAG_ID else []
    lines = stand.lines_of(Settings(), [(one.reference, one.monat) for one in found])
    if len(lines) == 1 and lines[0].stand is not None:
        return RedirectResponse(f"{_base(request)}/{_quoted(lines[0].stand.bericht.pfad)}", HTTPStatus.SEE_OTHER)
    why = (
        "Dieser Lauf hat noch keine Lieferung eingelesen."
        if dag == laeufe.DAG_ID
        else "Diese DAG erstellt keine Monatsberichte."
    )
    runs = {(one.reference, ""): one for one in found}
    return _page(request, user.get_name(), "lauf.html.j2", run_id=lauf, liste=lines, laeufe=runs, grund=why)


@router.get("/{traegernummer}/{lieferung_id}")
def delivery(
    request: Request, user: rechte.Reader, session: SessionDep, traegernummer: str, lieferung_id: str
) -> Response:
    """One delivery: how the gate decided, what is waived, which reports were made from it."""
    settings, reference = Settings(), f"{traegernummer}/{lieferung_id}"
    archive = stand.archive_of(settings, reference)
    reports = stand.months_of(settings, reference)
    if archive is None and not reports:
        raise UsageError("Eine Lieferung dieses Namens gibt es nicht.")
    judged = stand.judged(settings, reference) if archive else None
    shown = pruefen.assembled(settings, judged) if judged else None
    return _page(
        request,
        user.get_name(),
        "lieferung.html.j2",
        traegernummer=traegernummer,
        lieferung_id=lieferung_id,
        datenstand=archive.delivery.erstellt_am if archive else None,
        berichte=reports,
        urteil=stand.urteil(judged.gate) if judged else stand.verdict(settings, reference),
        begruendung=judged.gate.begruendung if judged else None,
        vermerk="" if archive else stand.gone(settings, reference),
        wartet=pruefen.waiting(settings, archive) if archive else "",
        geprueft=judged is not None,
        offen=shown.verlauf[-1].summe if shown else 0,
        ausnahmen=shown.ausnahmen if shown else (),
        lauf=laeufe.newest(session, {reference}).get((reference, "")),
        darf_befunde=rechte.may_read_findings(user),
    )


@router.get("/{traegernummer}/{lieferung_id}/pruefbericht")
def validation_report(request: Request, _user: rechte.Reader, traegernummer: str, lieferung_id: str) -> Response:
    """Return the validation report of a delivery, from what is kept: counts only."""
    settings = Settings()
    reference = f"{traegernummer}/{lieferung_id}"
    report = pruefen.assembled(settings, _judged(settings, reference))
    return _html(pruefbericht.html(report, zurueck=f"{_base(request)}/{_quoted(reference)}"))


@router.get("/{traegernummer}/{lieferung_id}/befunde")
def findings(
    request: Request,
    user: rechte.ReaderOfFindings,
    session: SessionDep,
    traegernummer: str,
    lieferung_id: str,
    regel: str = "",
    team: str = "",
    zustand: str = "",
    seite: int = 1,
) -> Response:
    """Return the findings of a delivery, pseudonymous; who looked is written to the logs before they are shown."""
    settings, reference = Settings(), f"{traegernummer}/{lieferung_id}"
    judged = _judged(settings, reference)
    day = judged.archive.delivery.datenstand
    rules = {one.regel_id: one.am(day) for one in pruefen.regelwerk().regeln}
    wanted = {"regel": regel, "team": team, "zustand": zustand}
    found = befunde.chosen(judged.befunde, rules, wanted, seite)
    _record_look(session, user.get_name(), reference, found)
    months = [one.bericht.monat.name for one in stand.months_of(settings, reference)]
    return _page(
        request,
        user.get_name(),
        "befunde.html.j2",
        traegernummer=traegernummer,
        lieferung_id=lieferung_id,
        datenstand=judged.archive.delivery.erstellt_am,
        monate=", ".join(months),
        a=found,
        weiter=f"{urlencode(found.filter)}&" if found.filter else "",
    )


@router.get("/{traegernummer}/{lieferung_id}/{monat}")
def month(
    request: Request, user: rechte.Reader, session: SessionDep, traegernummer: str, lieferung_id: str, monat: str
) -> Response:
    """One report: files, release, receipts, key figures."""
    settings, bericht = Settings(), _bericht(traegernummer, lieferung_id, monat)
    shown = stand.month(settings, bericht)
    circles = dateien.of_report(settings, bericht, shown.paesse)
    runs = laeufe.newest(session, {bericht.reference})
    return _page(
        request,
        user.get_name(),
        "monat.html.j2",
        s=shown,
        kreise=circles,
        fehlend=any(one.groesse is None for k in circles for p in k.produkte for one in p.dateien),
        lauf=runs.get((bericht.reference, monat)) or runs.get((bericht.reference, "")),
        darf_befunde=rechte.may_read_findings(user),
    )


@router.get("/{traegernummer}/{lieferung_id}/{monat}/datei/{pfad:path}")
def file(
    _user: rechte.Reader, traegernummer: str, lieferung_id: str, monat: str, pfad: str, laden: int = 0
) -> Response:
    """Return a file of a report: one that a passport names, with the bytes that it names."""
    settings, bericht = Settings(), _bericht(traegernummer, lieferung_id, monat)
    passports = stand.passports(settings, bericht)
    content = dateien.content(settings, bericht, pfad, passports)
    sent = dateien.headers(bericht, pfad, passports[pfad], save=bool(laden))
    return Response(content, headers={**gestalt.HEADERS, **sent})


def _bericht(traegernummer: str, lieferung_id: str, monat: str) -> Bericht:
    reference = f"{traegernummer}/{lieferung_id}"
    stand.archive_of(Settings(), reference)  # refuses what is not the name of a delivery
    return Bericht(reference, Monat.parse(monat))


def _judged(settings: Settings, reference: str) -> pruefen.Pruefstand:
    judged = stand.judged(settings, reference)
    if judged is None:
        raise UsageError(
            f"Zur Lieferung {reference} ist keine Prüfung aufbewahrt.",
            hint="Die Aufgabe „Lieferung prüfen“ wiederholen; sie hält das Ergebnis fest. Sind die Falldaten schon "
            "gelöscht: was gezählt wurde, steht auf der Seite der Lieferung.",
        )
    return judged


def _record_look(session: Session, name: str, reference: str, found: befunde.Auswahl) -> None:
    """Write to the server's log and to Airflow's audit log who looked at findings: of what, how many, never which."""
    chosen = ", ".join(sorted(found.filter)) or "alle"
    text = f"Lieferung {reference}, Auswahl: {chosen}, Seite {found.seite}, {len(found.befunde)} Befunde"
    log.info("Befunde angesehen: %r, %s", name, text)
    session.add(Log(event="jobcenter.befunde", owner=name, dag_id=laeufe.DAG_ID, extra=text))
    session.commit()


def _page(
    request: Request, person: str, template: str, status: HTTPStatus = HTTPStatus.OK, **values: object
) -> Response:
    base = _base(request)
    page = gestalt.render(
        template,
        basis=base,
        airflow=base.removesuffix(PREFIX),
        # In a frame of Airflow a link cannot lead out of it, so there is none that would have to.
        eingebettet=request.headers.get("sec-fetch-dest") == "iframe",
        laufzustand=laeufe.STATES,
        person=person,
        **values,
    )
    return _html(page, status)


def _html(page: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    headers = {**gestalt.HEADERS, "Content-Security-Policy": gestalt.policy(page)}
    return Response(page, status, media_type="text/html; charset=utf-8", headers=headers)


def _base(request: Request) -> str:
    """Return the path of the pages, below whatever path Airflow is reached at."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def _quoted(path: str) -> str:
    return "/".join(quote(part, safe="") for part in path.split("/"))


async def _refused(request: Request, error: Exception) -> Response:
    """Send who is not logged in to the login, and everybody else a page that says what is missing."""
    status = HTTPStatus(getattr(error, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR))
    if status is HTTPStatus.UNAUTHORIZED:
        if "text/html" in request.headers.get("accept", ""):
            # Without host and scheme: a proxy may have changed both.
            back = urlencode({"next": f"{request.url.path}?{request.url.query}".rstrip("?")})
            login = f"{_base(request).removesuffix(PREFIX)}/api/v2/auth/login?{back}"
            return RedirectResponse(login, HTTPStatus.SEE_OTHER, dict(gestalt.HEADERS))
        return _failed(request, status, "Für diese Seite muss man in Airflow angemeldet sein.")
    if status is HTTPStatus.FORBIDDEN:
        what = str(getattr(error, "detail", ""))
        return _failed(
            request, status, f"Ihnen fehlt das Recht, {what}.", "Airflows Verwaltung kann es Ihrer Rolle geben."
        )
    if status is HTTPStatus.NOT_FOUND:
        return _failed(request, status, "Eine solche Seite gibt es nicht.")
    return _failed(request, status, "Das geht hier nicht: Diese Seiten zeigen nur.")


def _unexpected(request: Request, error: Exception) -> Response:
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    place = " < ".join(f"{PurePosixPath(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    log.error("Seite nicht gezeigt: unerwarteter Fehler %s bei %s", type(error).__name__, place)
    return _failed(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Die Seite lässt sich nicht zeigen.",
        "Das ist ein Fehler des Programms; die Codestellen stehen im Protokoll des api-server.",
        handbook(JobcenterError.abschnitt),
    )


def _failed(request: Request, status: HTTPStatus, message: str, hint: str = "", more: str = "") -> Response:
    title = _TITLES.get(status, "Fehler")
    return _page(request, "", "fehler.html.j2", status, titel=title, meldung=message, rat=hint, mehr=more)
