"""How a page looks: templates, the German way of writing, and the policy that lets a browser run nothing."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from etl.release import NAMEN, SHORT
from etl.zahlen import prozent, veraenderung, zahl

_HERE = Path(__file__).parent
UNBEKANNT = "."
"""The sign of what is unknown or not available."""

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""What every answer says: keep nothing, tell nobody else, believe the stated kind."""


def render(template: str, **values: object) -> str:
    """Return a page."""
    return _environment().get_template(template).render(**values)


def policy(page: str) -> str:
    """Return the Content-Security-Policy of a self-contained page: its own styles, and nothing else at all."""
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    hashes = " ".join(f"'sha256-{_sha256(style)}'" for style in styles) or "'none'"
    return (
        f"default-src 'none'; style-src {hashes}; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; "
        "img-src data:"
    )


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    filters: dict[str, Any] = {
        "adresse": lambda text: quote(str(text), safe=""),
        "kurz": lambda sha256: str(sha256)[:SHORT],
        "moment": moment,
        "pfad": lambda path: quote(str(path)),
        "prozent": lambda value: UNBEKANNT if value is None else _signed_percent(value),
        "tag": lambda day: f"{day:%d.%m.%Y}",
        "veraenderung": lambda value, stellen: UNBEKANNT if value is None else veraenderung(value, stellen),
        "wert": lambda value, stellen: UNBEKANNT if value is None else ("-" if not value else zahl(value, stellen)),
        "zahl": zahl,
        "zustand": NAMEN.__getitem__,
    }
    environment.filters |= filters
    return environment


def _signed_percent(value: Decimal) -> str:
    return f"+{prozent(value)}" if value > 0 and prozent(value) != prozent(0) else prozent(value)


def moment(value: dt.datetime | dt.date | None) -> str:
    """Write a day, or a moment with its distance from UTC."""
    if value is None:
        return UNBEKANNT
    if isinstance(value, dt.datetime):
        offset = f"{value:%z}"
        zone = "UTC" if offset in ("+0000", "") else f"UTC{offset[:3]}:{offset[3:5]}"
        return f"{value:%d.%m.%Y, %H:%M} Uhr ({zone})"
    return f"{value:%d.%m.%Y}"
