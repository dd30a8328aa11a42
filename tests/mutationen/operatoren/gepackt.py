"""The zip file: names with paths, links, bombs, doubled members, odd and hostile directories."""

from __future__ import annotations

import random
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

from mutationen.operatoren.modell import GEHEIM, Ausfuehrung, Mutation, operator

Inhalt = dict[str, bytes]


def _lies(pfad: Path) -> Inhalt:
    with zipfile.ZipFile(pfad) as gepackt:
        return {name: gepackt.read(name) for name in gepackt.namelist()}


def _dazu(*eintraege: tuple[zipfile.ZipInfo | str, bytes]) -> Ausfuehrung:
    """Add one of ``eintraege`` to the delivery."""

    def ausfuehren(pfad: Path, zufall: random.Random) -> Mutation:
        name, inhalt = zufall.choice(eintraege)
        with zipfile.ZipFile(pfad, "a", zipfile.ZIP_DEFLATED) as gepackt:
            gepackt.writestr(name, inhalt)
        return Mutation("ein Eintrag mehr")

    return ausfuehren


def _art(name: str, art: int) -> zipfile.ZipInfo:
    eintrag = zipfile.ZipInfo(name)
    eintrag.external_attr = (art | 0o777) << 16
    return eintrag


operator("Zip", "Name mit Pfad", gepackt=True)(
    _dazu(
        ("../../boese.csv", b"x"),
        ("/tmp/boese.csv", b"x"),  # noqa: S108 - a hostile name, nothing is written there
        ("ordner/person.csv", b"x"),
        ("..\\boese.csv", b"x"),
        ("C:boese.csv", b"x"),
        ("a/../../boese.csv", b"x"),
        ("..", b"x"),
    )
)
operator("Zip", "Name voller Steuerzeichen", gepackt=True, strenger=("Namen",))(
    _dazu((f"{GEHEIM}\x1b[31m.csv", b"x"), ("a\nb.csv", b"x"), ("\u202evsc.x", b"x"), ("a\u200b.txt", b"x")),
)
operator("Zip", "sehr langer Name", gepackt=True, strenger=("Namen",))(
    _dazu(("x" * 300, b"x"), ("x" * 60_000 + ".txt", b"x"), ("ä" * 200 + ".txt", b"x"))
)
operator("Zip", "Verknüpfung oder Gerät", gepackt=True)(
    _dazu(
        (_art("verknuepfung", stat.S_IFLNK), b"/etc/passwd"),
        (_art("person2", stat.S_IFLNK), b"person.csv"),
        (_art("rohr", stat.S_IFIFO), b""),
        (_art("geraet", stat.S_IFBLK), b""),
    )
)
operator("Zip", "ein Ordner darin", gepackt=True)(_dazu(("ordner/", b""), ("__MACOSX/", b""), ("a/b/c/", b"")))
operator("Zip", "eine harmlose Datei mehr", gepackt=True)(
    _dazu(("liesmich.txt", b"x"), (".DS_Store", b"x"), ("a b.txt", b"x"))
)
operator("Zip", "eine Zip-Datei darin", gepackt=True)(_dazu(("innen.zip", b"PK\x05\x06" + bytes(18))))


@operator("Zip", "doppelter Name", gepackt=True)
def doppelt(pfad: Path, zufall: random.Random) -> Mutation:
    name = zufall.choice(["lieferung.json", "person.csv", "leistung.csv"])
    with zipfile.ZipFile(pfad, "a") as gepackt:
        inhalt = zufall.choice((gepackt.read(name), b"{}"))
        eintrag = zipfile.ZipInfo(name)
        gepackt.writestr(eintrag, inhalt)
    return Mutation(name)


@operator("Zip", "alles in einem Ordner", gepackt=True)
def im_ordner(pfad: Path, _: random.Random) -> Mutation:
    inhalt = _lies(pfad)
    with zipfile.ZipFile(pfad, "w") as gepackt:
        for name, teil in inhalt.items():
            gepackt.writestr(f"lieferung/{name}", teil)
    return Mutation("lieferung/…")


@operator("Zip", "Zip-Bombe", gepackt=True, selten=True, strenger=("Zip-Bombe",))
def bombe(pfad: Path, zufall: random.Random) -> Mutation:
    megabyte = zufall.choice((300, 400))
    with zipfile.ZipFile(pfad, "a", zipfile.ZIP_DEFLATED) as gepackt, gepackt.open("bombe.txt", "w") as eintrag:
        for _ in range(megabyte):
            eintrag.write(bytes(2**20))
    return Mutation(f"{megabyte} MB aus wenigen kB")


@operator("Zip", "sehr viele Einträge", gepackt=True, selten=True)
def viele(pfad: Path, _: random.Random) -> Mutation:
    with zipfile.ZipFile(pfad, "a") as gepackt:
        for nummer in range(30_000):
            gepackt.writestr(f"{nummer}.txt", b"")
    return Mutation("30.000 leere Einträge")


def _umgepackt(verfahren: int) -> Callable[[Path, random.Random], None]:
    def packe(pfad: Path, _: random.Random) -> None:
        inhalt = _lies(pfad)
        with zipfile.ZipFile(pfad, "w", verfahren) as gepackt:
            for name, teil in inhalt.items():
                gepackt.writestr(name, teil)

    return packe


@operator("Zip", "rechtmäßig anders gepackt", gepackt=True)
def anders(pfad: Path, zufall: random.Random) -> Mutation:
    verfahren = zufall.choice((zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    _umgepackt(verfahren)(pfad, zufall)
    return Mutation(f"Verfahren {verfahren}")


@operator("Zip", "in einem anderen Verfahren gepackt, Bits gekippt", gepackt=True)
def anders_gekippt(pfad: Path, zufall: random.Random) -> Mutation:
    verfahren = zufall.choice((zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    _umgepackt(verfahren)(pfad, zufall)
    inhalt = bytearray(pfad.read_bytes())
    for _ in range(zufall.choice((1, 5))):
        inhalt[zufall.randrange(len(inhalt) * 3 // 4)] ^= 1 << zufall.randrange(8)
    pfad.write_bytes(inhalt)
    return Mutation(f"Verfahren {verfahren}, Bits gekippt")


@operator("Zip", "etwas davor", gepackt=True)
def davor(pfad: Path, zufall: random.Random) -> Mutation:
    pfad.write_bytes(zufall.choice((b"#!/bin/sh\n", zufall.randbytes(500))) + pfad.read_bytes())
    return Mutation("Bytes vor der Zip-Datei")


@operator("Zip", "Verzeichnis lügt über die Größe", gepackt=True, strenger=("Zip-Bombe",))
def luegt(pfad: Path, zufall: random.Random) -> Mutation:
    inhalt = bytearray(pfad.read_bytes())
    with zipfile.ZipFile(pfad) as gepackt:
        gewaehlt = zufall.choice(gepackt.infolist())
    stelle = bytes(inhalt).rindex(b"PK\x01\x02" if zufall.random() < 0.5 else b"PK\x03\x04")
    feld = zufall.choice((gewaehlt.file_size, gewaehlt.compress_size)).to_bytes(4, "little")
    neu = zufall.choice((0, 1, 10, 2**31, 2**32 - 2)).to_bytes(4, "little")
    ort = bytes(inhalt).find(feld, max(0, stelle - 2000))
    if ort < 0:
        ort = bytes(inhalt).index(feld)
    inhalt[ort : ort + 4] = neu
    pfad.write_bytes(inhalt)
    return Mutation(f"Größe von {gewaehlt.filename}")


def _schalter(versatz: tuple[int, int], wert: bytes, was: str) -> Ausfuehrung:
    """Set bytes of the first local and the first central header."""

    def ausfuehren(pfad: Path, _: random.Random) -> Mutation:
        inhalt = bytearray(pfad.read_bytes())
        for kennung, ort in zip((b"PK\x03\x04", b"PK\x01\x02"), versatz, strict=True):
            stelle = bytes(inhalt).index(kennung) + ort
            inhalt[stelle : stelle + len(wert)] = wert
        pfad.write_bytes(inhalt)
        return Mutation(was)

    return ausfuehren


operator("Zip", "verschlüsselt", gepackt=True)(_schalter((6, 8), b"\x01\x00", "Schalter 0x1"))
operator("Zip", "stark verschlüsselt", gepackt=True)(_schalter((6, 8), b"\x41\x00", "Schalter 0x41"))
operator("Zip", "Teil einer Reihe", gepackt=True)(_schalter((6, 8), b"\x20\x00", "Schalter 0x20"))
operator("Zip", "unbekanntes Verfahren", gepackt=True)(_schalter((8, 10), b"\x63\x00", "Verfahren 99"))
operator("Zip", "verlangt eine neuere Version", gepackt=True)(_schalter((4, 6), b"\xff\x00", "Version 255"))


@operator("Zip", "falsche Endung", gepackt=True)
def kein_zip(pfad: Path, zufall: random.Random) -> Mutation:
    """A RAR, a gzip, a text under the name of a zip."""
    import gzip

    moeglich = (b"Rar!\x1a\x07\x00" + bytes(200), gzip.compress(pfad.read_bytes()), b"<html>404</html>", b"\0" * 4096)
    pfad.write_bytes(zufall.choice(moeglich))
    return Mutation("keine Zip-Datei")
