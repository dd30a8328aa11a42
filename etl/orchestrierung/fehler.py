"""Errors in a task: what a person on call needs, whether another try may help, and never a value of a delivery."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from airflow.sdk.exceptions import AirflowException, AirflowFailException
from structlog.contextvars import bound_contextvars

from etl import rechner
from etl.betriebshandbuch import reference as handbook
from etl.errors import JobcenterError, SourceUnavailableError, UnreachableError, WarehouseError

log = logging.getLogger(__name__)

AGAIN = (WarehouseError, SourceUnavailableError, UnreachableError)
"""What may be better in a minute: an unreachable warehouse, source or recipient."""


@contextmanager
def explained(lieferung: str | None = None, monat: str | None = None) -> Iterator[None]:
    """Turn errors into what a person on call needs, and decide about another try.

    Every line of the log from here on names the delivery and the month it is about, beside the run that Airflow names.

    Everything but ``AGAIN`` fails at once: a second try would find the same delivery. The message of an error nobody
    foresaw is withheld, because a library may have put case data into it; class and lines of code lead to it.
    """
    about = {name: text for name, text in (("lieferung", lieferung), ("monat", monat)) if text}
    with bound_contextvars(**about), _told_errors():
        yield


@contextmanager
def _told_errors() -> Iterator[None]:
    try:
        yield
    except JobcenterError as error:
        raise _told(error) from None
    except AirflowException:
        raise  # ours: it says skip or fail
    except Exception as error:
        if lacking := rechner.explained(error):
            raise _told(lacking) from None
        frames = traceback.extract_tb(error.__traceback__)
        place = "\n".join(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
        log.error("Unerwarteter Fehler %s; Codestellen bis zum Fehler:\n%s", type(error).__name__, place)
        log.error("%s", handbook(JobcenterError.abschnitt))
        raise AirflowFailException(
            f"Unerwarteter Fehler ({type(error).__name__}). Das ist ein Fehler des Programms; seine Meldung bleibt "
            "verborgen, weil sie Falldaten enthalten könnte. Die Codestellen stehen im Protokoll."
        ) from None


def _told(error: JobcenterError) -> AirflowException:
    """Log what happened, where, and what to do; return the end of the task with the same words."""
    text = "\n".join(filter(None, (error.message, error.hint, handbook(error.abschnitt))))
    log.error("%s", text)
    return (AirflowException if isinstance(error, AGAIN) else AirflowFailException)(text)


def ended(text: str, *, abschnitt: str) -> AirflowFailException:
    """Return the end of a task that a person's answer brought about: nothing is broken, and no other try would help."""
    return AirflowFailException(f"{text}\n{handbook(abschnitt)}")
