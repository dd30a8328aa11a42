"""Errors a user can act on: what happened, where, what to do. Each kind has its own exit status.

Each leads to a paragraph of the operator's handbook, named by ``abschnitt``: the anchor of a section of its chapter 11
(``etl/betriebshandbuch/kapitel``). A class has the paragraph of its usual cause; whoever raises knows a better one.

Messages never hold a value of a delivery: a wrong value in a wrong column may be a name or a birth date.
"""


class JobcenterError(Exception):
    """A failure that is explained to the user without a stack trace.

    ``hint`` says what to do next. ``exit_status`` is what the command ends with (see README, "Exit statuses").
    ``abschnitt`` is where the operator's handbook says more.
    """

    exit_status = 1
    abschnitt = "unerwarteter-fehler"

    def __init__(self, message: str, *, hint: str | None = None, abschnitt: str | None = None) -> None:
        """Keep the message and the advice apart, so that the terminal can set them apart too."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.abschnitt = abschnitt or self.abschnitt


class UsageError(JobcenterError):
    """A command was called with something it cannot use (exit status 2)."""

    exit_status = 2
    abschnitt = "aufruf"


class DeletedError(UsageError):
    """What is asked for needs case data that was deleted when its period was over (exit status 2)."""

    abschnitt = "lieferung-geloescht"

    def __init__(self, message: str) -> None:
        """Say what still is there, whoever asks."""
        super().__init__(
            message,
            hint="Die Zahlen bleiben im Warehouse: „jobcenter figures“ liest sie, „jobcenter verify“ sagt, womit sie "
            "belegt sind. Einzelne Sätze gibt es nicht mehr.",
        )


class ContractBreachError(JobcenterError):
    """A delivery breaks the source contract; nothing was loaded (exit status 3)."""

    exit_status = 3
    abschnitt = "quellvertrag-verletzt"

    def __init__(
        self,
        what: str,
        *,
        table: str | None = None,
        row: int | None = None,
        column: str | None = None,
        hint: str | None = None,
        abschnitt: str | None = None,
    ) -> None:
        """Name the place: ``row`` counts data rows from 1, the header row not included."""
        place = ", ".join(
            part
            for part in (
                f"Tabelle {table}" if table else "",
                f"Zeile {row}" if row is not None else "",
                f"Spalte {column}" if column else "",
            )
            if part
        )
        super().__init__(f"{place}: {what}" if place else what, hint=hint, abschnitt=abschnitt)
        self.table, self.row, self.column = table, row, column


class GateClosedError(JobcenterError):
    """Validation found something that must not be loaded (exit status 4)."""

    exit_status = 4
    abschnitt = "pruefung-sperrt"


class WarehouseError(JobcenterError):
    """The warehouse cannot be reached, or refuses what was asked (exit status 5)."""

    exit_status = 5
    abschnitt = "warehouse-lehnt-ab"


class SourceUnavailableError(JobcenterError):
    """The source system cannot be reached or read (exit status 6)."""

    exit_status = 6
    abschnitt = "quelle-nicht-erreichbar"


class HeldError(JobcenterError):
    """A delivery waits for the decision of a person; nothing was loaded (exit status 7)."""

    exit_status = 7
    abschnitt = "lieferung-wartet"


class NachweisError(JobcenterError):
    """Recomputing from the archive gives something else, or a proof is broken (exit status 8)."""

    exit_status = 8
    abschnitt = "nachweis-nicht-identisch"


class ReleaseError(JobcenterError):
    """A step of the release of a report is refused, and nothing was recorded (exit status 9).

    The person prepared it, the step does not follow the last one, or the files are not the ones that were approved.
    """

    exit_status = 9
    abschnitt = "freigabe-verweigert"


class NotDeliverableError(JobcenterError):
    """A recipient does not take what it is sent, until a person has acted (exit status 10)."""

    exit_status = 10
    abschnitt = "zustellung-verweigert"


class UnreachableError(JobcenterError):
    """A recipient cannot be reached or went away; trying again later may help (exit status 11)."""

    exit_status = 11
    abschnitt = "empfaenger-nicht-erreichbar"


class MachineError(JobcenterError):
    """The machine lacks space, rights or memory, or a disk of it does not answer (exit status 12)."""

    exit_status = 12
    abschnitt = "rechner"


class BusyError(JobcenterError):
    """Another command changed something meanwhile; later the same command may help (exit status 13)."""

    exit_status = 13
    abschnitt = "sicherung-gestoert"


class DamagedError(MachineError):
    """A file that was kept for a later step is not what was written (exit status 12)."""

    abschnitt = "zwischenstand-beschaedigt"
