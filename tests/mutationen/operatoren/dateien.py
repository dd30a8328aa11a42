"""Files: missing, too many, swapped, in another form or of another kind."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pyarrow.csv as pa_csv

from mutationen.blatt import aendere_manifest, eintrag, kuendige_an, lade, lies_manifest
from mutationen.operatoren.modell import Form, Mutation, operator

_ZWEI: tuple[Form, ...] = ("csv", "parquet")


def _eine(ordner: Path, zufall: random.Random) -> dict[str, Any]:
    gewaehlt: dict[str, Any] = zufall.choice(lies_manifest(ordner)["dateien"])
    return gewaehlt


@operator("Dateien", "eine Tabelle fehlt")
def fehlt(ordner: Path, zufall: random.Random) -> Mutation:
    gewaehlt = _eine(ordner, zufall)
    (ordner / gewaehlt["datei"]).unlink()
    return Mutation(gewaehlt["datei"], (gewaehlt["tabelle"], None, None))


@operator("Dateien", "das Manifest fehlt")
def kein_manifest(ordner: Path, _: random.Random) -> Mutation:
    (ordner / "lieferung.json").unlink()
    return Mutation("lieferung.json")


@operator("Dateien", "eine Tabelle ist nicht angekündigt")
def nicht_angekuendigt(ordner: Path, zufall: random.Random) -> Mutation:
    gewaehlt = _eine(ordner, zufall)
    aendere_manifest(ordner, lambda m: m.update(dateien=[e for e in m["dateien"] if e != gewaehlt]))
    return Mutation(gewaehlt["datei"], (gewaehlt["tabelle"], None, None))


@operator("Dateien", "eine Datei zu viel")
def zu_viel(ordner: Path, zufall: random.Random) -> Mutation:
    endung = zufall.choice((".csv", ".parquet", ".CSV", ".txt", ".csv.bak", ".json"))
    name = f"namen{endung}"
    (ordner / name).write_bytes(b"name,geboren\nGEHEIM4711,1970-01-01\n")
    return Mutation(name)


@operator("Dateien", "Inhalte zweier Tabellen vertauscht")
def vertauscht(ordner: Path, zufall: random.Random) -> Mutation:
    eine, andere = zufall.sample(lies_manifest(ordner)["dateien"], 2)
    pfade = ordner / eine["datei"], ordner / andere["datei"]
    inhalte = pfade[1].read_bytes(), pfade[0].read_bytes()
    for pfad, inhalt, angekuendigt, zeilen in zip(pfade, inhalte, (eine, andere), (andere, eine), strict=True):
        pfad.write_bytes(inhalt)
        if zufall.random() < 0.7:
            kuendige_an(ordner, angekuendigt["tabelle"], zeilen["zeilen"])
    return Mutation(f"{eine['datei']} ↔ {andere['datei']}")


@operator("Dateien", "Inhalt in der anderen Form")
def andere_form(ordner: Path, zufall: random.Random) -> Mutation:
    """CSV under the name of a Parquet file, and the other way round."""
    gewaehlt = _eine(ordner, zufall)
    pfad = ordner / gewaehlt["datei"]
    neu = pfad.with_suffix(".parquet" if pfad.suffix == ".csv" else ".csv")
    pfad.rename(neu)
    aendere_manifest(ordner, lambda m: eintrag(m, gewaehlt["tabelle"]).update(datei=neu.name))
    return Mutation(neu.name, (gewaehlt["tabelle"], None, None))


@operator("Dateien", "eine Tabelle in beiden Formen", "csv", "zip")
def beide_formen(ordner: Path, zufall: random.Random) -> Mutation:
    gewaehlt = _eine(ordner, zufall)
    (ordner / f"{gewaehlt['tabelle']}.parquet").write_bytes(b"PAR1")
    return Mutation(gewaehlt["tabelle"], (gewaehlt["tabelle"], None, None))


@operator("Dateien", "eine Tabelle rechtmäßig als Parquet", "csv", "zip")
def als_parquet(ordner: Path, zufall: random.Random) -> Mutation:
    import pyarrow.parquet as pq

    gewaehlt = zufall.choice([e for e in lies_manifest(ordner)["dateien"] if e["zeilen"]])
    blatt = lade(ordner, gewaehlt["tabelle"])
    form = pa_csv.ConvertOptions(column_types=dict.fromkeys(blatt.kopf, "string"), strings_can_be_null=True)
    neu = blatt.pfad.with_suffix(".parquet")
    pq.write_table(pa_csv.read_csv(blatt.pfad, convert_options=form), neu)
    blatt.pfad.unlink()
    aendere_manifest(ordner, lambda m: eintrag(m, gewaehlt["tabelle"]).update(datei=neu.name))
    kuendige_an(ordner, gewaehlt["tabelle"])
    return Mutation(neu.name)


@operator("Dateien", "Großbuchstaben im Dateinamen")
def gross(ordner: Path, zufall: random.Random) -> Mutation:
    gewaehlt = _eine(ordner, zufall)
    (ordner / gewaehlt["datei"]).rename(ordner / gewaehlt["datei"].upper())
    return Mutation(gewaehlt["datei"].upper(), (gewaehlt["tabelle"], None, None))


@operator("Dateien", "ein Ordner statt einer Datei", *_ZWEI)
def als_ordner(ordner: Path, zufall: random.Random) -> Mutation:
    gewaehlt = _eine(ordner, zufall)
    pfad = ordner / gewaehlt["datei"]
    pfad.unlink()
    pfad.mkdir()
    return Mutation(gewaehlt["datei"], (gewaehlt["tabelle"], None, None))


@operator("Dateien", "eine Verknüpfung statt einer Datei", *_ZWEI)
def verknuepfung(ordner: Path, zufall: random.Random) -> Mutation:
    """Also one that leads to a file with the right content, and one in a circle."""
    gewaehlt = _eine(ordner, zufall)
    pfad = ordner / gewaehlt["datei"]
    anderswo = ordner / "anderswo.bin"
    pfad.rename(anderswo)
    pfad.symlink_to(zufall.choice((anderswo, Path("/etc/passwd"), pfad, Path("/dev/zero"), Path("../nirgends"))))
    return Mutation(gewaehlt["datei"], (gewaehlt["tabelle"], None, None))


@operator("Dateien", "das Manifest ist eine Verknüpfung", *_ZWEI)
def manifest_verknuepft(ordner: Path, zufall: random.Random) -> Mutation:
    pfad = ordner / "lieferung.json"
    pfad.rename(ordner / "echt.json")
    pfad.symlink_to(zufall.choice((ordner / "echt.json", Path("/dev/zero"), pfad)))
    return Mutation("lieferung.json")


@operator("Dateien", "ein Rohr statt einer Datei", *_ZWEI)
def rohr(ordner: Path, zufall: random.Random) -> Mutation:
    """A named pipe: whoever opens it waits for ever."""
    name = zufall.choice(("lieferung.json", _eine(ordner, zufall)["datei"]))
    (ordner / name).unlink()
    os.mkfifo(ordner / name)
    return Mutation(name)


@operator("Dateien", "ein Dateiname, der kein Text ist", *_ZWEI)
def kein_text(ordner: Path, zufall: random.Random) -> Mutation:
    endung = zufall.choice((b".csv", b".txt"))
    Path(os.fsdecode(os.fsencode(ordner) + b"/GEHEIM4711\xff\x1b[31m" + endung)).write_bytes(b"x")
    return Mutation("Name mit falschen Bytes")
