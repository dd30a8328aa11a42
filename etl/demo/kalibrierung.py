"""What the synthetic job centre is calibrated to: published stocks, structures, and the law's amounts by date."""

from __future__ import annotations

import csv
import datetime as dt
import math
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict

from etl.demo.arrays import Floats, Ints
from etl.monat import Monat

_HERE = Path(__file__).parent
_PARAMETER = _HERE.parent / "parameter"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Groesse(_Section):
    """Size: reference and cohort."""

    bezugsgroesse: int
    block: int


class Saison(_Section):
    """Season outside the published months."""

    amplitude: float
    hoechststand_monat: int


class Herkunft(_Section):
    """Origin: published ELB and weights of nationalities."""

    asyl_elb: dict[str, float]
    ukraine_elb: dict[str, float]
    gruppen: dict[str, dict[str, float]]


class BgTyp(_Section):
    """Types of BG and numbers of children."""

    anteile: dict[str, list[float]]
    kinder_alleinerziehend: list[float]
    kinder_paar: list[float]


class KinderAlter(_Section):
    """Ages of children."""

    grenzen: list[int]
    anteile: list[float]


class PersonMerkmale(_Section):
    """Attributes of persons."""

    maenner_single: float
    maenner_alleinerziehend: float
    divers: float
    ohne_angabe: float
    schwerbehindert: float
    nicht_erwerbsfaehig_partner: float
    nicht_erwerbsfaehig_kind: float
    ohne_abschlussangabe: float


class Dauer(_Section):
    """Durations of receipt."""

    schnell_abgang: float
    langsam_abgang: float
    schnell_im_bestand: float
    schnell_im_zugang: float
    fruehester_beginn: dt.date


class Fluktuation(_Section):
    """Movements of BGs and members per month."""

    abgang_elb_monat: float
    mindestzugang: float
    zugang_am_ersten: float
    abgang_am_monatsende: float
    rueckkehr_anteil: float
    rueckkehr_hoechstens_monate: int
    unterbrechung_bg: float
    auszug_erwachsenes_kind: float
    trennung_partner: float
    geburt_frau_18_42: float
    umzug_bg: float
    verlust_erwerbsfaehigkeit: float
    nachlaufende_mitgliedschaft: float


class Sonderfaelle(_Section):
    """Persons without standard benefit."""

    anteil_kol: float
    anteil_aus: float
    anteil_slb: float
    wechsel_monat: float


class Arbeit(_Section):
    """Jobs and training."""

    integration_rate: list[float]
    beendet_bezug: float
    art: list[float]
    art_september: list[float]
    erwerbstaetig: float
    erwerbstaetig_art: list[float]
    ende_monat: float
    geringfuegig_beginn: float
    sucht_weiter: float
    erfassung_mittel: float
    erfassung_spaet_anteil: float
    erfassung_spaet_mittel: float


class Bescheide(_Section):
    """When benefits are decided."""

    mittel_tage: float


class InstrumentMerkmale(_Section):
    """One instrument of active labour-market policy."""

    gewicht: float
    dauer: float
    kosten: float
    von: str
    bis: str


class Massnahmen(_Section):
    """Measures."""

    aktivierung: list[float]
    instrumente: dict[str, InstrumentMerkmale]
    vermittlungsbudget_monat: float
    einstiegsgeld_anteil: float
    eingliederungszuschuss_anteil: float
    abbruch_bei_abgang: float
    erfassung_mittel: float


class Minderungen(_Section):
    """Reductions."""

    quote_monat: float
    anteil_melde: float
    anteil_pflicht: float
    stufen_pflicht: list[float]
    pause_von: str
    pause_bis: str


class Verfahren(_Section):
    """Objections and court actions."""

    widerspruch_je_bg_monat: float
    klage_je_bg_monat: float
    dauer_widerspruch_tage: float
    dauer_klage_tage: float
    stattgabe: float


class Unterkunft(_Section):
    """Housing costs."""

    bezugsjahr: int
    bruttokaltmiete: list[float]
    heizkosten: list[float]
    wohnflaeche: list[float]
    streuung: float
    steigerung_jahr: float
    anteil_ueber_anerkannt: float
    ueberschreitung_mittel: float
    weitere_im_haushalt: float
    ohne_flaeche: float


class Einkommen(_Section):
    """Income."""

    lohn_svp: list[float]
    lohn_ausb: list[float]
    lohn_selb: list[float]
    lohn_gering: list[float]
    unterhalt_anteil: float
    unterhalt_von: float
    unterhalt_bis: float
    hoechstens_gedeckt: float


class Einmalig(_Section):
    """One rare kind of benefit."""

    anteil: float
    von: int
    bis: int


class Kalibrierung(_Section):
    """The whole of ``calibration.yaml``."""

    groesse: Groesse
    saison: Saison
    herkunft: Herkunft
    bg_typ: BgTyp
    kinder_alter: KinderAlter
    person: PersonMerkmale
    dauer: Dauer
    fluktuation: Fluktuation
    sonderfaelle: Sonderfaelle
    arbeit: Arbeit
    bescheide: Bescheide
    massnahmen: Massnahmen
    minderungen: Minderungen
    verfahren: Verfahren
    unterkunft: Unterkunft
    einkommen: Einkommen
    einmalig: dict[str, Einmalig]


@cache
def load() -> Kalibrierung:
    """Read ``calibration.yaml``."""
    text = (_HERE / "calibration.yaml").read_text(encoding="utf-8")
    return Kalibrierung.model_validate(yaml.safe_load(text))


@dataclass(frozen=True)
class Gemeinden:
    """The inhabited municipalities of the Ortenaukreis and the office that looks after them.

    ``gewicht`` = population times an urban bias. Bias and office are our assumptions: which municipality belongs to
    which office was not found anywhere.
    """

    ags: tuple[str, ...]
    stelle: tuple[str, ...]
    gewicht: tuple[float, ...]


@cache
def gemeinden() -> Gemeinden:
    """Read ``gemeinden.csv``."""
    with (_HERE / "gemeinden.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return Gemeinden(
        ags=tuple(row["ags"] for row in rows),
        stelle=tuple(row["geschaeftsstelle"] for row in rows),
        gewicht=tuple(int(row["bevoelkerung"]) * float(row["bezugsneigung"]) for row in rows),
    )


@dataclass(frozen=True)
class Ziel:
    """Stocks that a month should have on its counting day, scaled to the size of the request."""

    bg: float
    elb: float
    nef: float
    sonstige: float
    arbeitslos: float
    arbeitsuchend: float
    asyl_elb: float
    ukraine_elb: float

    def scaled(self, factor: float) -> Ziel:
        """Return the same structure at another size."""
        return Ziel(*(getattr(self, field.name) * factor for field in fields(self)))


def _index(monat: str | Monat) -> int:
    text = str(monat)
    return int(text[:4]) * 12 + int(text[5:7]) - 1


@cache
def _published() -> dict[str, tuple[Ints, Floats]]:
    """Read the published stocks: month index and value of every series."""
    with (_HERE / "ortenaukreis.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    series = {}
    for name in ("bg", "pers", "elb", "nef", "arbeitslos", "verfuegbar"):
        known = [(_index(row["monat"]), float(row[name])) for row in rows if row[name]]
        series[name] = (np.array([m for m, _ in known]), np.array([v for _, v in known]))
    return series


def _at(points: tuple[Ints, Floats], month: int) -> float:
    return float(np.interp(month, points[0], points[1]))


def _ratio_to_bg(name: str, month: int) -> float:
    """Interpolate persons per BG: ratios move slowly even where the level jumps (June 2022)."""
    months, values = _published()[name]
    bg = np.array([_at(_published()["bg"], int(m)) for m in months])
    return _at((months, values / bg), month)


def _origin(points: dict[str, float], month: int) -> float:
    return _at((np.array([_index(m) for m in points]), np.array(list(points.values()))), month)


def _season(month: int, saison: Saison) -> float:
    """Return the factor outside the published months, 1.0 at the nearest published month."""
    months = _published()["bg"][0]
    nearest = int(np.clip(month, months[0], months[-1]))
    peak = saison.hoechststand_monat - 1

    def level(m: int) -> float:
        return 1 + saison.amplitude * math.cos(2 * math.pi * ((m % 12) - peak) / 12)

    return level(month) / level(nearest)


def target(monat: Monat) -> Ziel:
    """Return the stocks of the Ortenaukreis in a month: published, or interpolated between published ones."""
    month, calibration = _index(monat), load()
    bg = _at(_published()["bg"], month) * _season(month, calibration.saison)
    elb, nef = bg * _ratio_to_bg("elb", month), bg * _ratio_to_bg("nef", month)
    arbeitslos = bg * _ratio_to_bg("arbeitslos", month)
    return Ziel(
        bg=bg,
        elb=elb,
        nef=nef,
        sonstige=bg * _ratio_to_bg("pers", month) - elb - nef,
        arbeitslos=arbeitslos,
        arbeitsuchend=bg * _ratio_to_bg("verfuegbar", month) - arbeitslos,
        asyl_elb=_origin(calibration.herkunft.asyl_elb, month),
        ukraine_elb=_origin(calibration.herkunft.ukraine_elb, month),
    )


@dataclass(frozen=True)
class Rechtsstand:
    """Amounts of the law in a month, in cents; shares as they are."""

    rbs: tuple[int, ...]
    kindergeld: int
    schulbedarf: int
    mehrbedarf_kleine_kinder: float
    mehrbedarf_je_kind: float
    mehrbedarf_hoechstens: float


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    gueltig_ab: dt.date


R = TypeVar("R", bound=_Row)


class _Regelbedarf(_Row):
    rbs: list[float]


class _Kindergeld(_Row):
    betrag: float


class _Schulbedarf(_Row):
    august: float
    februar: float


class _Mehrbedarf(_Row):
    kleine_kinder: float
    je_kind: float
    hoechstens: float


@cache
def _parameter_file(name: str) -> list[dict[str, object]]:
    document = yaml.safe_load((_PARAMETER / f"{name}.yaml").read_text(encoding="utf-8"))
    return list(document["werte"])


def _valid(name: str, model: type[R], on: dt.date) -> R:
    """Return the parameter valid on a day; before the first known value the first one."""
    rows = [model.model_validate(row) for row in _parameter_file(name)]
    return max((row for row in rows if row.gueltig_ab <= on), key=lambda row: row.gueltig_ab, default=rows[0])


def law(monat: Monat) -> Rechtsstand:
    """Return the amounts of the law in a month."""
    on = monat.first_day
    school = _valid("schulbedarf", _Schulbedarf, on)
    extra = _valid("mehrbedarf", _Mehrbedarf, on)
    supplies = {8: school.august, 2: school.februar}.get(monat.monat, 0.0)
    return Rechtsstand(
        rbs=tuple(round(100 * value) for value in _valid("regelbedarf", _Regelbedarf, on).rbs),
        kindergeld=round(100 * _valid("kindergeld", _Kindergeld, on).betrag),
        schulbedarf=round(100 * supplies),
        mehrbedarf_kleine_kinder=extra.kleine_kinder,
        mehrbedarf_je_kind=extra.je_kind,
        mehrbedarf_hoechstens=extra.hoechstens,
    )
