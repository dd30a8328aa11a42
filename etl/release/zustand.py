"""The steps of a report, and which one may follow: plain data, no warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from etl.errors import ReleaseError, UsageError
from etl.monat import Monat
from etl.personen import person_key, same_person

SHORT = 12
"""Letters of a content hash that a person types or compares."""


class Schritt(StrEnum):
    """What a person did; the last step of a report is its state."""

    ENTWURF = "entwurf"
    GEPRUEFT = "geprueft"
    FREIGEGEBEN = "freigegeben"
    ZUGESTELLT = "zugestellt"
    ABGELEHNT = "abgelehnt"


NAMEN = {
    Schritt.ENTWURF: "Entwurf",
    Schritt.GEPRUEFT: "geprüft",
    Schritt.FREIGEGEBEN: "freigegeben",
    Schritt.ZUGESTELLT: "zugestellt",
    Schritt.ABGELEHNT: "abgelehnt",
}
"""The states as people read them."""

_BEFORE = {
    Schritt.GEPRUEFT: (Schritt.ENTWURF,),
    Schritt.FREIGEGEBEN: (Schritt.GEPRUEFT,),
    Schritt.ZUGESTELLT: (Schritt.FREIGEGEBEN,),
    Schritt.ABGELEHNT: (Schritt.ENTWURF, Schritt.GEPRUEFT, Schritt.FREIGEGEBEN),
}
"""The states that a step may follow."""


@dataclass(frozen=True, order=True)
class Bericht:
    """A report: all files of a month from one delivery. ``reference``: ``<traegernummer>/<lieferung_id>``."""

    reference: str
    monat: Monat

    @property
    def traegernummer(self) -> str:
        """The Träger it is about."""
        return self.reference.split("/", 1)[0]

    @property
    def lieferung_id(self) -> str:
        """The delivery it was made from."""
        return self.reference.split("/", 1)[1]

    @property
    def pfad(self) -> str:
        """Its folder, below the folder of the reports."""
        return f"{self.reference}/{self.monat}"

    def __str__(self) -> str:
        """Name it as people do."""
        return f"Bericht {self.monat} der Lieferung {self.reference}"


@dataclass(frozen=True)
class Eintrag:
    """One step that was done: by whom, for which content, with which remark. ``nummer`` counts from 1."""

    nummer: int
    schritt: Schritt
    inhalt_sha256: str
    person: str
    bemerkung: str = ""


@dataclass(frozen=True)
class Stand:
    """A report with everything that was done to it, in order; there is at least a draft."""

    bericht: Bericht
    eintraege: tuple[Eintrag, ...]

    @property
    def zustand(self) -> Schritt:
        """The state: the last step."""
        return self.eintraege[-1].schritt

    @property
    def inhalt_sha256(self) -> str:
        """The content that the state holds for."""
        return self.eintraege[-1].inhalt_sha256

    @property
    def runde(self) -> tuple[Eintrag, ...]:
        """The steps that hold: from the last draft on."""
        start = max(index for index, entry in enumerate(self.eintraege) if entry.schritt is Schritt.ENTWURF)
        return self.eintraege[start:]

    def done(self, schritt: Schritt) -> Eintrag | None:
        """Return the step of this kind that holds; None when it was not done, or is undone by a rejection."""
        if self.zustand is Schritt.ABGELEHNT and schritt is not Schritt.ABGELEHNT:
            return None
        return next((entry for entry in self.runde if entry.schritt is schritt), None)

    @property
    def ersteller(self) -> tuple[str, ...]:
        """Who prepared exactly this content, also before a rejection."""
        drafts = [e for e in self.eintraege if e.schritt is Schritt.ENTWURF and e.inhalt_sha256 == self.inhalt_sha256]
        return tuple(dict.fromkeys(entry.person for entry in drafts))

    def next_entry(self, schritt: Schritt, by: str, note: str = "", content: str = "") -> Eintrag | None:
        """Return the step that ``by`` may add; None when it was done already.

        ``content``: first letters of the hash that the person means, empty when whatever is there.
        Raises ``UsageError`` without a name or, for a rejection, a remark; ``ReleaseError`` when the step is refused.
        """
        if not person_key(by):
            raise UsageError(
                "Wer entscheidet, ist nicht genannt.",
                hint="Mit --by den Namen angeben.",
                abschnitt="name-oder-grund-fehlt",
            )
        if schritt is Schritt.ABGELEHNT and not note.strip():
            raise UsageError(
                "Eine Ablehnung braucht eine Bemerkung.",
                hint="Mit --note sagen, was falsch ist.",
                abschnitt="name-oder-grund-fehlt",
            )
        self._require_content(content)
        if schritt is Schritt.GEPRUEFT:
            self._require_another_person(by)
        if self.done(schritt):
            return None
        if self.zustand not in _BEFORE[schritt]:
            raise ReleaseError(f"{self.bericht}: {self._why_not(schritt)}", hint=self._what_first())
        return Eintrag(len(self.eintraege) + 1, schritt, self.inhalt_sha256, by.strip(), note.strip())

    def require_files(self, content: str) -> None:
        """Raise ``ReleaseError`` unless the files, as they lie there, have the content that counts."""
        if content != self.inhalt_sha256:
            raise ReleaseError(
                f"{self.bericht}: Die Dateien im Ordner sind nicht die, die als Entwurf festgehalten wurden.",
                hint="„jobcenter verify“ nennt, was verändert wurde. Mit „jobcenter run“ neu erstellen und neu prüfen.",
                abschnitt="freigabe-anderer-inhalt",
            )

    def naechstes(self, *, unveraendert: bool = True) -> str:
        """Say what is to be done next, and by whom."""
        if not unveraendert and self.zustand is not Schritt.ABGELEHNT:
            return "Dateien fehlen oder sind verändert: „run“ wiederholen, dann neu prüfen"
        return {
            Schritt.ENTWURF: f"prüfen, nicht durch {' oder '.join(self.ersteller)}: „approve“ oder „reject“",
            Schritt.GEPRUEFT: "freigeben: „release“ (oder „reject“)",
            Schritt.FREIGEGEBEN: "zustellen",
            Schritt.ZUGESTELLT: "nichts",
            Schritt.ABGELEHNT: f"überarbeiten und mit „run“ neu erstellen: {self.eintraege[-1].bemerkung}",
        }[self.zustand]

    def _require_content(self, content: str) -> None:
        if content and (len(content) < SHORT or not self.inhalt_sha256.startswith(content.strip().lower())):
            raise ReleaseError(
                f"{self.bericht}: Der vorliegende Inhalt ist {self.inhalt_sha256[:SHORT]}, nicht {content}.",
                hint=f"„jobcenter releases“ nennt ihn (mindestens {SHORT} Zeichen). Wurde der Bericht inzwischen neu "
                "erstellt, die neuen Dateien ansehen.",
                abschnitt="freigabe-anderer-inhalt",
            )

    def _require_another_person(self, by: str) -> None:
        if any(same_person(by, person) for person in self.ersteller):
            raise ReleaseError(
                f"{self.bericht}: Wer ihn erstellt hat, kann ihn nicht selbst prüfen.",
                hint="Eine andere Person muss die Dateien ansehen und „jobcenter approve“ ausführen.",
                abschnitt="freigabe-vier-augen",
            )

    def _why_not(self, schritt: Schritt) -> str:
        last = self.eintraege[-1]
        if self.zustand is Schritt.ABGELEHNT:
            return f"Er wurde von {last.person} abgelehnt („{last.bemerkung}“)."
        if schritt is Schritt.ABGELEHNT:
            return "Er ist schon zugestellt und lässt sich nicht mehr zurückholen."
        wanted = " oder ".join(NAMEN[before] for before in _BEFORE[schritt])
        return f"Er ist nicht {wanted} (Zustand: {NAMEN[self.zustand]})."

    def _what_first(self) -> str:
        return {
            Schritt.ENTWURF: "Zuerst muss eine Person, die ihn nicht erstellt hat, „jobcenter approve“ ausführen.",
            Schritt.GEPRUEFT: "Zuerst „jobcenter release“ ausführen.",
            Schritt.FREIGEGEBEN: "„jobcenter releases“ zeigt, was zu tun ist.",
            Schritt.ZUGESTELLT: "Eine Berichtigung ist ein neuer Bericht: mit „jobcenter run“ erstellen.",
            Schritt.ABGELEHNT: "Die Ursache beheben und den Bericht mit „jobcenter run“ neu erstellen.",
        }[self.zustand]
