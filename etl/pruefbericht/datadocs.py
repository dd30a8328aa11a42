"""Great Expectations Data Docs of a kept validation: its own pages, made to stand alone. Counts only.

The rules are not run again: what Great Expectations judged is kept as counts, and from these it renders its pages, so
that they cannot say anything else than the report beside them.

As Great Expectations 1.24 writes them, its pages load styles, scripts, fonts and a logo from eight hosts, fold text
that only those scripts unfold, carry the time of rendering and random ids, and its index is empty without scripts. Here
everything from outside and every script is taken out, one small style sheet is put in, what was folded is open, and the
index is a plain list of its pages. Great Expectations insists on a time of the run: it is the Datenstand.
"""

from __future__ import annotations

import datetime as dt
import html
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.errors import JobcenterError
from etl.extract.archive import Delivery
from etl.files import staging
from etl.validate import Regelwerk, RuleResult, Validation
from etl.validate.pruefung import ephemeral_context, quiet_great_expectations
from etl.validate.regelwerk import FOLGE, Regel, Suite
from etl.zahlen import zahl

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuite
    from great_expectations.core.expectation_validation_result import (
        ExpectationSuiteValidationResult,
        ExpectationValidationResult,
    )
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

FOLDER = "data-docs"
_STYLE = Path(__file__).with_name("datadocs.css")
_SITE = "pruefung"
_REMOVED = re.compile(
    r"<script\b.*?</script>|<style\b.*?</style>|<link\b[^>]*>|<title></title>|<footer>.*?</footer>"
    r'|<a href="[^"]*index\.html">\s*<img\b[^>]*/>\s*</a>'  # the logo
    r'|<div class="card mb-3">.*?(?=<div class="card d-md-block)'  # buttons that filter
    r'|<p class="m-0">\s*<a data-toggle="collapse".*?</a>\s*</p>'  # "Show more"
    r'|<span class="m-0">\s*<a data-toggle="collapse".*?</span>',
    re.DOTALL,
)
_READABLE = (
    # A screen reader is told what is a heading, the main part, and what an icon says.
    (re.compile(r"(</?)h4\b"), r"\1h1"),
    (re.compile(r"(</?)h5\b"), r"\1h2"),
    (re.compile(r"(</?)h6\b"), r"\1h3"),
    (
        re.compile(r'<nav class="navbar[^>]*>(.*?)</nav>\s*</div>\s*</nav>', re.DOTALL),
        r'<nav aria-label="Path">\1</nav>',
    ),
    (re.compile(r'<nav class="d-flex[^>]*>'), ""),
    (re.compile(r'<nav id="navigation"'), r'<nav id="navigation" aria-label="Contents"'),
    (re.compile(r'<div class="container-fluid pt-4'), r'<div role="main" class="container-fluid pt-4'),
    (re.compile(r'(<i class="fas fa-check-circle[^"]*")[^>]*>'), r'\1 role="img" aria-label="held">'),
    (re.compile(r'(<i class="fas fa-times[^"]*")[^>]*>'), r'\1 role="img" aria-label="violated">'),
    (re.compile(r'(<i class="fas fa-exclamation[^"]*")[^>]*>'), r'\1 role="img" aria-label="not checked">'),
)
_UUID = re.compile(r"-?[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_OUTSIDE = re.compile(r"""(?:src|href)\s*=\s*["']?\s*(?:[a-z]+:)?//|url\(|@import|<script|\son[a-z]+=""", re.IGNORECASE)


def write(folder: Path, delivery: Delivery, validation: Validation, regelwerk: Regelwerk) -> Path:
    """Write the site of a validation to ``<folder>/data-docs`` and return its first page.

    The folder is there completely or not at all; the same validation gives the same bytes. Raises ``JobcenterError``
    when a page would still load something from outside (another release of Great Expectations).
    """
    with staging(folder) as work:
        site = work / FOLDER
        _build(site, delivery, validation, regelwerk)
        shutil.rmtree(site / "static")
        for name in _pages(delivery, regelwerk):
            page = site / name
            if not page.is_file():  # Great Expectations logs why it left out a page, and goes on
                raise JobcenterError(
                    f"Great Expectations hat die Seite {name} der Data Docs nicht geschrieben.", abschnitt="data-docs"
                )
            page.write_text(_alone(page.read_text(encoding="utf-8"), "../" * name.count("/")), encoding="utf-8")
        (site / "stil.css").write_bytes(_STYLE.read_bytes())
        (site / "index.html").write_text(_index(delivery, validation, regelwerk), encoding="utf-8")
        _swap(site, folder / FOLDER)
    return folder / FOLDER / "index.html"


def _pages(delivery: Delivery, regelwerk: Regelwerk) -> list[str]:
    """Return every page that Great Expectations writes: the rules of a suite, and what became of them."""
    names = [suite.name for suite in regelwerk.suiten]
    return [*(f"expectations/{name}.html" for name in names), *(_results_page(delivery, name) for name in names)]


def _results_page(delivery: Delivery, name: str) -> str:
    return f"validations/{name}/{_run_name(delivery)}/{_moment(delivery):%Y%m%dT%H%M%S.%fZ}/{name}.html"


def _run_name(delivery: Delivery) -> str:
    return delivery.reference.rsplit("/", 1)[1]  # harmless as the name of a folder


def _moment(delivery: Delivery) -> dt.datetime:
    return delivery.erstellt_am.astimezone(dt.UTC)


def _swap(site: Path, target: Path) -> None:
    """Put a finished site in the place of an older one."""
    if target.exists():
        target.replace(site.with_name("alt"))  # inside the staging folder: removed with it
    site.replace(target)


def _alone(page: str, to_root: str) -> str:
    """Return a page of Great Expectations without anything from outside, a clock or a random id."""
    page = _UUID.sub("", _REMOVED.sub("", page))
    for found, put in _READABLE:
        page = found.sub(put, page)
    page = page.replace("<html>", '<html lang="en">', 1)
    page = page.replace("</head>", f'<link rel="stylesheet" href="{to_root}stil.css">\n</head>', 1)
    page = "\n".join(line.rstrip() for line in page.splitlines() if line.strip()) + "\n"
    if outside := _OUTSIDE.search(page):
        raise JobcenterError(
            f"Eine Seite der Data Docs lädt von außen oder führt etwas aus ({outside.group()}).",
            hint="Great Expectations schreibt seine Seiten anders als erwartet: etl/pruefbericht/datadocs.py anpassen.",
            abschnitt="data-docs",
        )
    return page


def _build(site: Path, delivery: Delivery, validation: Validation, regelwerk: Regelwerk) -> None:
    """Let Great Expectations write its site."""
    results = {result.regel_id: result for result in validation.ergebnisse}
    with quiet_great_expectations():
        context = ephemeral_context()
        for name in list(context.variables.data_docs_sites or {}):
            context.delete_data_docs_site(name)  # the one that comes with it is written to a folder for temporary files
        site_config: Any = {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(site.absolute())},
        }
        context.add_data_docs_site(_SITE, site_config)
        for suite in regelwerk.suiten:
            _add(context, suite, delivery, results)
        context.build_data_docs(site_names=[_SITE], build_index=False)


def _add(context: EphemeralDataContext, suite: Suite, delivery: Delivery, results: Mapping[str, RuleResult]) -> None:
    """Keep a suite and its outcome in the context, each rule with the texts of the report."""
    from great_expectations.core import ExpectationSuite, RunIdentifier  # noqa: PLC0415 - seconds
    from great_expectations.data_context.types.resource_identifiers import (  # noqa: PLC0415
        ExpectationSuiteIdentifier,
        ValidationResultIdentifier,
    )

    built = ExpectationSuite(**dict(suite.konfiguration))  # type: ignore[arg-type] # checked by our loader
    regeln = {regel.regel_id: regel.am(delivery.datenstand) for regel in suite.regeln}
    for expectation in built.expectations:
        regel = regeln[str((expectation.meta or {})["id"])]
        expectation.description = f"{regel.regel_id} · {regel.titel}"
        expectation.notes = _notes(regel)
    run = RunIdentifier(run_name=_run_name(delivery), run_time=_moment(delivery))
    key = ValidationResultIdentifier(
        expectation_suite_identifier=ExpectationSuiteIdentifier(suite.name), run_id=run, batch_identifier=suite.name
    )
    context.validation_results_store.set(key, _outcome(context.suites.add(built), run, results))


def _outcome(
    suite: ExpectationSuite, run: object, results: Mapping[str, RuleResult]
) -> ExpectationSuiteValidationResult:
    import great_expectations as gx  # noqa: PLC0415
    from great_expectations.core.expectation_validation_result import (  # noqa: PLC0415
        ExpectationSuiteValidationResult,
    )

    judged = [_judged(expectation.configuration, results) for expectation in suite.expectations]
    held = sum(bool(one.success) for one in judged)
    return ExpectationSuiteValidationResult(
        success=held == len(judged),
        results=judged,
        suite_name=suite.name,
        statistics={
            "evaluated_expectations": len(judged),
            "successful_expectations": held,
            "unsuccessful_expectations": len(judged) - held,
            "success_percent": 100 * held / len(judged),
        },
        meta={
            "great_expectations_version": gx.__version__,
            "run_id": run,
            "batch_spec": {"data_asset_name": suite.name},
        },
    )


def _judged(configuration: Any, results: Mapping[str, RuleResult]) -> ExpectationValidationResult:
    """Say the outcome of one rule in the words of Great Expectations: success, counts, or why it could not be run."""
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult  # noqa: PLC0415

    result = results[str(configuration.meta["id"])]
    counted = {}
    if result.geprueft is not None and result.verletzt is not None:
        share = 100 * result.verletzt / result.geprueft if result.geprueft else 0.0
        counted = {
            "element_count": result.geprueft,
            "missing_count": 0,  # empty fields were not looked at and are not counted
            "missing_percent": 0.0,
            "unexpected_count": result.verletzt,
            "unexpected_percent": share,
            "unexpected_percent_nonmissing": share,
            "observed_value": f"{zahl(result.verletzt)} of {zahl(result.geprueft)}",
        }
    return ExpectationValidationResult(
        success=result.ergebnis == "gehalten",
        expectation_config=configuration,
        result=counted,
        exception_info={
            "raised_exception": result.ergebnis == "nicht_pruefbar",
            "exception_message": result.grund,
            "exception_traceback": "",
        },
    )


def _notes(regel: Regel) -> list[str]:
    return [
        f"Richtig wäre: {regel.erwartet}",
        f"Folge: {FOLGE[regel.schwere]}. Zu klären: {regel.behebt}. Quelle: {regel.quelle}",
    ]


def _index(delivery: Delivery, validation: Validation, regelwerk: Regelwerk) -> str:
    """Return the list of pages: that of Great Expectations is drawn by scripts and empty without them."""
    title = f"Data Docs · Lieferung {html.escape(delivery.lieferung_id)}"
    rows = "\n".join(_row(suite, delivery, validation) for suite in regelwerk.suiten)
    return f"""<!DOCTYPE html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="stil.css">
</head>
<body>
<main class="verzeichnis">
<h1>{title}</h1>
<p>Träger {html.escape(delivery.traegernummer)}, Datenstand {delivery.datenstand:%d.%m.%Y}. Regelwerk
<code>{validation.regelwerk_sha256}</code>.</p>
<p>Die Seiten sind von Great Expectations, auf Englisch; die Texte der Regeln sind die des Prüfberichts. Als „Run Time“
nennen sie den Datenstand. Eine Regel, die nicht geprüft werden konnte, steht dort als Fehler (Exception).</p>
<div class="kasten" role="group" tabindex="0" aria-label="Ergebnisse und Regeln je Tabelle">
<table>
<caption>Ergebnisse und Regeln je Tabelle</caption>
<thead><tr><th scope="col">Ergebnisse</th><th scope="col">Regeln</th><th scope="col">gehalten</th>
<th scope="col">verletzt</th><th scope="col">nicht prüfbar</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</div>
</main>
</body>
</html>
"""


def _row(suite: Suite, delivery: Delivery, validation: Validation) -> str:
    outcomes = [result.ergebnis for result in validation.ergebnisse if result.suite == suite.name]
    counted = "".join(f"<td>{outcomes.count(one)}</td>" for one in ("gehalten", "verletzt", "nicht_pruefbar"))
    return (
        f'<tr><th scope="row"><a href="{html.escape(_results_page(delivery, suite.name))}">{suite.name}</a></th>'
        f'<td><a href="expectations/{suite.name}.html" aria-label="{len(outcomes)} Regeln zu {suite.name}">'
        f"{len(outcomes)}</a></td>{counted}</tr>"
    )
