"""One mutated delivery on its whole way – extract, validate, figures, load – and the judgement of what came of it."""

from __future__ import annotations

import dataclasses
import hashlib
import logging
import os
import random
import re
import shutil
import stat
import tempfile
import traceback
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow.parquet as pq

from etl import pipeline
from etl.contract import PSEUDONYMISED
from etl.errors import ContractBreachError, JobcenterError
from etl.extract.archive import open_archive
from etl.figures import kennzahlen
from etl.settings import Settings
from mutationen import zweite_lesung
from mutationen.grundlage import MONAT, Grundlage, abdruck, inhalte, kopie, verbunden, zellen
from mutationen.operatoren import GEHEIM, OPERATOREN, Form, Mutation, Operator
from mutationen.zweite_lesung import Gelesen, VertragsbruchError
from reference.delivery import Fall
from reference.oracle import waiting_times
from reference.product import cell_differences, expected_cells, waiting_differences

Klasse = Literal["abgelehnt", "gleich", "gültige Änderung", "Mangel"]
ABLEHNUNGEN = (2, 3, 4, 6, 7)
"""Exit statuses with which a delivery may be turned away (README); 2: it does not reach the month asked for."""
ERSTER = str(MONAT.shift(-max(pipeline.SERIES, kennzahlen.lookback(kennzahlen.paragraph_48a()))))
"""The earliest month that is computed for the report of ``MONAT``, however far a delivery reaches back."""
_ORT = re.compile(
    r"Tabelle \w+|Manifest lieferung\.json|lieferung\.json|Zip-Datei|Ordner|\w+\.(csv|parquet)|[A-Z]{3}-\d{3}"
    r"|Die Lieferung \S+ (reicht|wartet)"
)
_NUR_PRUEFUNG = {"lieferung", "pruefung", "pruefergebnis", "befundzahl", "befund", "befundstand", "befundanzahl"}
"""What a delivery that waits for a person leaves in the warehouse: that it was checked, and no figure."""


@dataclass(frozen=True)
class Auftrag:
    """The mutation with this number: which operator, on which form, with which seed."""

    nummer: int
    operator: int
    form: Form
    zufall: str


@dataclass(frozen=True)
class Ausgang:
    """What became of a mutation."""

    nummer: int
    gruppe: str
    operator: str
    form: Form
    was: str
    klasse: Klasse
    schritt: str = ""
    status: int = 0
    meldung: str = ""
    strenger: bool = False
    maengel: tuple[str, ...] = ()


@dataclass
class _Weg:
    """How far a delivery came."""

    schritt: str = "extract"
    status: int = 0
    fehler: JobcenterError | None = None
    absturz: str = ""
    reference: str = ""
    ausgabe: str = ""


def ausfuehren(auftrag: Auftrag, grundlage: Grundlage) -> Ausgang:
    """Mutate, run, judge; nothing of it is left."""
    operator = OPERATOREN[auftrag.operator]
    fall = Path(tempfile.mkdtemp(prefix=f"fall-{auftrag.nummer}-", dir=grundlage.ordner))
    try:
        lieferung, mutation = _mutiert(auftrag, operator, grundlage, fall / "ein")
        return _beurteilt(auftrag, operator, mutation, lieferung, fall, grundlage)
    finally:
        shutil.rmtree(fall, ignore_errors=True)


def _mutiert(auftrag: Auftrag, operator: Operator, grundlage: Grundlage, ein: Path) -> tuple[Path, Mutation]:
    ein.mkdir()
    zufall = random.Random(auftrag.zufall)  # noqa: S311 - a seed, no secret
    if operator.gepackt:
        shutil.copy(grundlage.lieferung("zip"), ein / "lieferung.zip")
        return ein / "lieferung.zip", operator.ausfuehren(ein / "lieferung.zip", zufall)
    ordner = ein / "lieferung"
    shutil.copytree(grundlage.lieferung("parquet" if auftrag.form == "parquet" else "csv"), ordner)
    mutation = operator.ausfuehren(ordner, zufall)
    if auftrag.form != "zip":
        return ordner, mutation
    with zipfile.ZipFile(ein / "lieferung.zip", "w", zipfile.ZIP_DEFLATED) as gepackt:
        for pfad in sorted(ordner.iterdir()):
            gepackt.write(pfad, pfad.name)
    shutil.rmtree(ordner)
    return ein / "lieferung.zip", mutation


def _beurteilt(
    auftrag: Auftrag, operator: Operator, mutation: Mutation, lieferung: Path, fall: Path, grundlage: Grundlage
) -> Ausgang:
    shutil.copytree(grundlage.home, fall / "home")
    (fall / "tmp").mkdir()
    vorher = _baum(fall / "ein")
    try:
        gelesen, bruch = zweite_lesung.lies(lieferung), ""
    except VertragsbruchError as error:
        gelesen, bruch = None, str(error)
    weg = _Weg()
    # A delivery that is turned away at the door never meets the warehouse: its address leads nowhere.
    settings = Settings(home=fall / "home", warehouse="postgresql+psycopg://niemand@127.0.0.1:9/nirgends")
    _gehe(weg, fall, lambda: _eingelesen(weg, settings, str(lieferung)))
    maengel: list[str] = []
    if not weg.status:
        with kopie(grundlage.server, f"m_{auftrag.nummer}") as url:
            settings = Settings(home=fall / "home", warehouse=url)
            _gehe(weg, fall, lambda: _geladen(weg, settings))
            maengel += _im_warehouse(weg, settings, f"m_{auftrag.nummer}", grundlage)
    maengel += [*_spuren(weg, grundlage), *_reste(fall, vorher, weg, grundlage)]
    klasse: Klasse = "abgelehnt"
    strenger = False
    if weg.fehler is not None:
        strenger = gelesen is not None and weg.status == ContractBreachError.exit_status
        maengel += _ablehnung(weg, mutation, operator, bruch, strenger=strenger)
    elif not weg.absturz:
        klasse, gefunden = _angenommen(weg, settings, gelesen, bruch, grundlage)
        maengel += gefunden
    return Ausgang(
        auftrag.nummer,
        operator.gruppe,
        operator.name,
        auftrag.form,
        mutation.was,
        "Mangel" if maengel else klasse,
        weg.schritt if weg.status else "",
        weg.status,
        "" if weg.fehler is None else str(weg.fehler).split("\n", 1)[0],
        strenger,
        tuple(maengel),
    )


def _eingelesen(weg: _Weg, settings: Settings, lieferung: str) -> None:
    weg.reference = pipeline.extract(settings, lieferung)


def _geladen(weg: _Weg, settings: Settings) -> None:
    """The steps of ``jobcenter run`` from the archive to the warehouse."""
    weg.schritt = "validate"
    pipeline.validate(settings, weg.reference)
    weg.schritt = "figures"
    pipeline.figures(settings, weg.reference, MONAT)
    weg.schritt = "load"
    pipeline.load(settings, weg.reference, MONAT)


def _gehe(weg: _Weg, fall: Path, schritte: Callable[[], None]) -> None:
    """Take the steps; remember how they end and what was printed or logged."""
    with _mitgehoert(fall) as ausgabe:
        try:
            schritte()
        except JobcenterError as error:
            weg.status, weg.fehler = error.exit_status, error
        except BaseException as error:
            weg.status = 1
            stellen = [f"{Path(f.filename).name}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)[-3:]]
            weg.absturz = f"{type(error).__name__} in {' ◂ '.join(reversed(stellen))}"
    weg.ausgabe += ausgabe.read_text(encoding="utf-8", errors="replace")


@contextmanager
def _mitgehoert(fall: Path) -> Iterator[Path]:
    """Everything that is printed or logged goes into a file; temporary files go into a folder of the case."""
    ziel = fall / "ausgabe.txt"
    gemerkt = os.dup(1), os.dup(2)
    with ziel.open("wb") as datei:
        os.dup2(datei.fileno(), 1)
        os.dup2(datei.fileno(), 2)
        # Not closed: the descriptor is ``datei``'s.
        horcher = logging.StreamHandler(stream=open(datei.fileno(), "w", closefd=False))  # noqa: SIM115
        logging.getLogger().addHandler(horcher)
        tempfile.tempdir = str(fall / "tmp")
        try:
            yield ziel
        finally:
            horcher.flush()
            logging.getLogger().removeHandler(horcher)
            tempfile.tempdir = None
            for alt, nummer in zip(gemerkt, (1, 2), strict=True):
                os.dup2(alt, nummer)
                os.close(alt)


def _spuren(weg: _Weg, grundlage: Grundlage) -> Iterator[str]:
    """A stack trace, a value of the delivery, or control characters in what a person or a log sees."""
    if weg.absturz:
        yield f"unerwarteter Fehler: {weg.absturz}"
    gesagt = f"{weg.fehler}\n{weg.fehler.hint}" if weg.fehler is not None else ""
    for wo, text in (("in der Meldung", gesagt), ("im Protokoll", weg.ausgabe)):
        if GEHEIM in text or any(wert in text for wert in grundlage.geheim):
            yield f"ein Wert der Lieferung {wo}"
        if "Traceback" in text:
            yield f"ein Stapelabzug {wo}"
    if any(not zeile.isprintable() for zeile in gesagt.split("\n")):
        yield "Steuerzeichen in der Meldung"


def _ablehnung(weg: _Weg, mutation: Mutation, operator: Operator, bruch: str, *, strenger: bool) -> Iterator[str]:
    fehler = weg.fehler
    if weg.status not in ABLEHNUNGEN:
        yield f"Ausgang {weg.status} in {weg.schritt}: {fehler}"
    if not _ORT.search(str(fehler)):
        yield f"Meldung ohne Ort: {fehler}"
    if weg.schritt != "extract" and bruch:
        yield f"vertragswidrig ins Archiv genommen: {bruch}"
    if strenger and not any(wort in str(fehler) for wort in operator.strenger):
        yield f"abgelehnt, obwohl der Vertrag gehalten ist: {fehler}"
    if mutation.ort and isinstance(fehler, ContractBreachError) and fehler.table:
        tabelle, zeile, spalte = mutation.ort
        # A row that falls apart has no column.
        am_ort = (fehler.row, fehler.column) in ((zeile, spalte), (zeile, None))
        anders = fehler.table != tabelle or (zeile is not None and not am_ort)
        schluessel = "doppelt" in str(fehler) or "kommt in der Tabelle" in str(fehler)
        if anders and not schluessel:
            yield f"falscher Ort: {fehler} statt {mutation.ort}"


def _angenommen(
    weg: _Weg, settings: Settings, gelesen: Gelesen | None, bruch: str, grundlage: Grundlage
) -> tuple[Klasse, list[str]]:
    """Whatever comes through must mean what the second reading says, and count what the reference counts."""
    if gelesen is None:
        return "Mangel", [f"vertragswidrig geladen: {bruch}"]
    maengel = _archiviert(weg, settings, gelesen)
    berechnet = zellen(settings, weg.reference)
    wartend = waiting_times(gelesen.tabellen, gelesen.erstellt_am)
    monate = [monat for monat in wartend if ERSTER <= monat <= str(MONAT)]
    erwartet = expected_cells(Fall(gelesen.tabellen, gelesen.erstellt_am), monate)
    anders = [*cell_differences(erwartet, berechnet), *waiting_differences(wartend, berechnet)]
    if anders:
        maengel.append(f"{len(anders)} Zahlen anders als in der Referenz, zuerst {anders[0]}")
    gleich = gelesen.inhalt == grundlage.gelesen.inhalt and gelesen.erstellt_am == grundlage.gelesen.erstellt_am
    if not gleich:
        return "gültige Änderung", maengel
    if berechnet != grundlage.zellen or inhalte(settings, weg.reference) != grundlage.inhalte:
        maengel.append("dieselben Zeilen, aber andere Zahlen oder ein anderes Archiv als die gesunde Lieferung")
    return "gleich", maengel


def _archiviert(weg: _Weg, settings: Settings, gelesen: Gelesen) -> list[str]:
    """Every column that is not a pseudonym lies in the archive as it was delivered."""
    archiv = open_archive(settings.archive, weg.reference)
    maengel = []
    for name, zeilen in gelesen.tabellen.items():
        spalten = [spalte for spalte in (zeilen[0] if zeilen else {}) if spalte not in PSEUDONYMISED]
        abgelegt = pq.read_table(archiv.parquet(name), columns=spalten).to_pylist() if spalten else []
        geliefert = [{spalte: zeile[spalte] for spalte in spalten} for zeile in zeilen] if spalten else []
        if sorted(map(repr, abgelegt)) != sorted(map(repr, geliefert)):
            maengel.append(f"das Archiv hält {name} anders, als es geliefert wurde")
    return maengel


def _reste(fall: Path, vorher: Mapping[str, str], weg: _Weg, grundlage: Grundlage) -> Iterator[str]:
    """The delivery is untouched, nothing is half there, nothing temporary is left, nothing lies anywhere else."""
    if _baum(fall / "ein") != vorher:
        yield "die Lieferung wurde verändert"
    if any((fall / "tmp").iterdir()):
        yield "temporäre Dateien sind übrig"
    if {pfad.name for pfad in fall.iterdir()} != {"ein", "home", "tmp", "ausgabe.txt"}:
        yield "etwas liegt außerhalb von home"
    home = fall / "home"
    namen = [pfad.relative_to(home).as_posix() for pfad in home.rglob("*")]
    if any(".staging-" in name for name in namen):
        yield "ein angefangener Ordner ist übrig"
    vorhanden = {pfad.parent for pfad in grundlage.home.glob("archiv/*/*/archiv.json")}
    bekannt = {pfad.relative_to(grundlage.home).as_posix() for pfad in vorhanden}
    im_archiv = {pfad.relative_to(home).as_posix() for pfad in home.glob("archiv/*/*")}
    neu = im_archiv - bekannt
    if weg.schritt == "extract" and weg.status and neu:
        yield "im Archiv liegt etwas von einer abgelehnten Lieferung"
    if weg.reference and neu != {f"archiv/{weg.reference}"}:
        yield "im Archiv liegt etwas anderes als die Lieferung"
    for name in sorted(neu):
        try:
            open_archive(home / "archiv", name.removeprefix("archiv/"))
        except JobcenterError:
            yield "ein halbes Archiv"


def _im_warehouse(weg: _Weg, settings: Settings, datenbank: str, grundlage: Grundlage) -> Iterator[str]:
    """Rejected: no figure more than before. Loaded: every computed cell of the months it had to load, and no other."""
    nachher = abdruck(grundlage.server, datenbank)
    geaendert = {name for name, wert in nachher.items() if wert != grundlage.warehouse.get(name)}
    if weg.status:
        erlaubt = _NUR_PRUEFUNG if weg.schritt == "load" else set()
        if geaendert - erlaubt:
            yield f"im Warehouse hat sich trotz Ablehnung etwas geändert: {', '.join(sorted(geaendert - erlaubt))}"
        return
    delivery = open_archive(settings.archive, weg.reference).delivery
    with verbunden(grundlage.server, datenbank) as verbindung:
        geladen = verbindung.execute(
            "SELECT berichtsmonat, groesse, merkmal, auspraegung, wert, wartezeit FROM jobcenter.rpt_stand "
            "JOIN jobcenter.rpt_figur_stand USING (ladung_id) WHERE traegernummer = %s AND lieferung_id = %s",
            (delivery.traegernummer, delivery.lieferung_id),
        ).fetchall()
    monate = {str(zeile[0]) for zeile in geladen}
    if not {str(MONAT.shift(-back)) for back in range(4)} & {z[0] for z in zellen(settings, weg.reference)} <= monate:
        yield "ein Monat wurde nicht geladen"
    soll = {(*zelle, *wert) for zelle, wert in zellen(settings, weg.reference).items() if zelle[0] in monate}
    if {tuple(zeile) for zeile in geladen} != soll or len(geladen) != len(soll):
        yield "im Warehouse stehen andere Zellen, als berechnet wurden"


def _baum(ordner: Path) -> dict[str, str]:
    """Name, kind and content of everything below a folder, links not followed."""
    return {os.fsencode(pfad.relative_to(ordner)).hex(): _abdruck(pfad) for pfad in ordner.rglob("*")}


def _abdruck(pfad: Path) -> str:
    art = pfad.lstat()
    if not stat.S_ISREG(art.st_mode):
        return f"{art.st_mode:o}"
    with pfad.open("rb") as datei:
        return f"{art.st_mode:o} {hashlib.file_digest(datei, 'sha256').hexdigest()}"


def als_json(ausgang: Ausgang) -> dict[str, object]:
    """Plain values for the report."""
    return dataclasses.asdict(ausgang)
