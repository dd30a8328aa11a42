"""The sources of a run: listed by their ids, resolved when they are read, and their addresses kept out of every log."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from airflow.sdk.log import mask_secret

from etl.errors import UsageError
from etl.geheimnisse import resolved
from etl.monat import Monat
from etl.settings import Settings

FORM = "formular"
"""The id of the delivery that the form names; all others are numbers of providers."""


def ids(settings: Settings, month: str, form_month: str, delivery: str) -> list[str]:
    """Return the ids of the sources of a run: ``FORM``, or the numbers of all providers.

    Raises ``UsageError`` when the run has no month, or two.
    """
    from etl.quellen import datei  # noqa: PLC0415 (the contract behind it is not light)

    if not month:
        raise UsageError(
            "Der Lauf hat keinen Berichtsmonat.", hint="Im Formular einen angeben, oder den Partitionsschlüssel setzen."
        )
    if form_month not in ("", str(Monat.parse(month))):
        raise UsageError(
            f"Das Formular nennt den Monat {form_month}, der Partitionsschlüssel {month}.",
            hint="Nur eines von beiden angeben.",
        )
    return [FORM] if delivery else [quelle.traegernummer for quelle in datei.sources(settings)]


def place(settings: Settings, quelle: str, month: str, delivery: str) -> str:
    """Return where the delivery of a source is, as it may be shown."""
    from etl.quellen import datei  # noqa: PLC0415 (the contract behind it is not light)

    return delivery if quelle == FORM else datei.source(settings, quelle).place(Monat.parse(month))


def opened(shown: str) -> str:
    """Return the path or address that a place means; mask the address and its password in every log from here on."""
    text = resolved(shown)
    if "://" in text:
        mask_secret(text)
        password = urlsplit(text).password
        if password:
            mask_secret(password)
            mask_secret(unquote(password))
    return text
