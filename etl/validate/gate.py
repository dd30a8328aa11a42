"""The gate between validation and figures: what stops a delivery, and what a person may accept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from etl.errors import GateClosedError
from etl.validate.ergebnis import KEINE_ZEILEN, RuleResult, Validation
from etl.zahlen import zahl

_GEZEIGT = 20


@dataclass(frozen=True)
class Gate:
    """The decision.

    ``angenommen`` are the rules a person accepted for the reason in ``begruendung``, ``ausgenommen`` those of which
    every finding is closed by a waiver.
    """

    validation: Validation
    unannehmbar: tuple[RuleResult, ...]
    offen: tuple[RuleResult, ...]
    angenommen: tuple[RuleResult, ...]
    ausgenommen: tuple[RuleResult, ...]
    begruendung: str | None

    @property
    def is_open(self) -> bool:
        """True when the delivery may be counted and loaded."""
        return not self.unannehmbar and not self.offen

    def require_open(self) -> None:
        """Raise ``GateClosedError`` with every stopping rule and what to do, unless the gate is open."""
        if not self.is_open:
            abschnitt = "pruefung-unannehmbar" if self.unannehmbar else "pruefung-sperrt"
            raise GateClosedError(_message(self), hint=_hint(self), abschnitt=abschnitt)


def gate(validation: Validation, accept_findings: str | None = None, waived: Collection[str] = ()) -> Gate:
    """Decide. A rule stops when it is violated and also when it could not be checked, unless it only had no rows.

    ``critical`` always stops; ``warning`` stops unless ``accept_findings`` gives a reason or every finding of the rule
    is closed by a waiver (``waived``: ids of such rules); ``info`` never stops.
    """
    broken = [r for r in validation.ergebnisse if r.ergebnis != "gehalten" and r.grund != KEINE_ZEILEN]
    critical = tuple(result for result in broken if result.schwere == "critical")
    warnings = [result for result in broken if result.schwere == "warning"]
    closed = tuple(result for result in warnings if result.ergebnis == "verletzt" and result.regel_id in waived)
    standing = tuple(result for result in warnings if result not in closed)
    reason = " ".join(accept_findings.split()) if accept_findings else None
    accepted = bool(reason)
    return Gate(
        validation=validation,
        unannehmbar=critical,
        offen=() if accepted else standing,
        angenommen=standing if accepted else (),
        ausgenommen=closed,
        begruendung=reason if accepted and standing else None,
    )


def _message(decision: Gate) -> str:
    lines = [f"Die Lieferung {decision.validation.reference} wird nicht geladen."]
    if decision.unannehmbar:
        lines += ["", f"Verstöße gegen den Quellvertrag ({len(decision.unannehmbar)}), nicht annehmbar:"]
        lines += _list(decision.unannehmbar)
    if decision.offen:
        lines += ["", f"Befunde, die eine Entscheidung brauchen ({len(decision.offen)}):"]
        lines += _list(decision.offen)
    return "\n".join(lines)


def _list(results: tuple[RuleResult, ...]) -> list[str]:
    lines = []
    for result in results[:_GEZEIGT]:
        expected = f" Richtig wäre: {result.erwartet}" if result.erwartet else ""
        lines.append(f"  {result.regel_id}  {result.titel}: {result.befund}{expected} Zu klären: {result.behebt}.")
    if len(results) > _GEZEIGT:
        lines.append(f"  … und {zahl(len(results) - _GEZEIGT)} weitere, siehe die abgelegte Prüfung.")
    return lines


def _hint(decision: Gate) -> str:
    if decision.unannehmbar:
        return (
            "Die Lieferung berichtigen und unter neuer Kennung neu liefern. "
            "Verstöße gegen den Quellvertrag lassen sich mit --accept-findings nicht annehmen."
        )
    return (
        "Die Datensätze berichtigen lassen („jobcenter corrections“) und neu liefern; geprüfte Befunde einzeln "
        "ausnehmen („jobcenter waive“); oder alle für diese Ladung annehmen: "
        '--accept-findings "BEGRÜNDUNG". Die Begründung wird mit der Ladung aufbewahrt.'
    )
