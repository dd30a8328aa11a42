"""What Airflow loads (entry point ``airflow.plugins``): where the pages are, and from where they can be reached."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

PREFIX = "/jobcenter"
"""Below this path of the api-server the pages are."""

_Message = MutableMapping[str, Any]
_App = Callable[[_Message, Callable[[], Awaitable[_Message]], Callable[[_Message], Awaitable[None]]], Awaitable[None]]


async def pages(
    scope: _Message, receive: Callable[[], Awaitable[_Message]], send: Callable[[_Message], Awaitable[None]]
) -> None:
    """Answer a request. Scheduler, workers and triggerer load the plugin too, and never need what answers it."""
    await _application()(scope, receive, send)


@cache
def _application() -> _App:
    from etl.airflow_seiten.anwendung import application  # noqa: PLC0415 (a second of import time)

    return application()


def _href(page: str) -> str:
    """Return the address of a page, below the path that Airflow itself is reached at."""
    return f"{urlsplit(conf.get('api', 'base_url', fallback='') or '').path.rstrip('/')}{PREFIX}/{page}"


def _tab(destination: str, page: str) -> dict[str, str]:
    return {
        "name": "Berichte",
        "href": _href(page),
        "destination": destination,
        "url_route": f"jobcenter-{destination.replace('_', '-')}",
    }


class JobcenterPlugin(AirflowPlugin):
    """The pages, an entry of the menu, and a tab beside every run and every task instance."""

    name = "jobcenter"
    fastapi_apps: list[Any] = [{"name": "Jobcenter", "app": pages, "url_prefix": PREFIX}]  # noqa: RUF012 (declared so by Airflow)
    external_views: list[Any] = [  # noqa: RUF012 (declared so by Airflow)
        # Without a url_route Airflow opens it beside itself. In its own frame no link could lead back into Airflow.
        {"name": "Berichte", "href": _href(""), "destination": "nav", "nav_top_level": True},
        _tab("dag_run", "lauf?dag={DAG_ID}&lauf={RUN_ID}"),
        _tab("task_instance", "lauf?dag={DAG_ID}&lauf={RUN_ID}&index={MAP_INDEX}"),
    ]
