"""Settings and secrets: where they come from, which of two counts, and what is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl import cli, geheimnisse
from etl.errors import UsageError
from etl.settings import Settings

URL = "postgresql+psycopg://etl:geheim-4711@db/warehouse"
GEHEIM = "geheim-4711"


@pytest.fixture
def ordner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the secrets; nothing is set in the environment."""
    for name in ("JOBCENTER_WAREHOUSE", "JOBCENTER_HOME", "JOBCENTER_IMPRESSUM", "JOBCENTER_LIEFERUNG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JOBCENTER_SECRETS_DIR", str(tmp_path))
    return tmp_path


def said(error: pytest.ExceptionInfo[UsageError]) -> str:
    text = f"{error.value.message} {error.value.hint}"
    assert GEHEIM not in text
    return text


def test_the_command_line_counts_before_the_environment_and_that_before_the_file(
    ordner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Settings().warehouse is None
    (ordner / "jobcenter_warehouse").write_text(f"{URL}\n")
    (ordner / "jobcenter_impressum").write_text('{"email": "a@b"}')
    assert (Settings().warehouse, Settings().impressum) == (URL, {"email": "a@b"})
    monkeypatch.setenv("JOBCENTER_WAREHOUSE", "")
    assert Settings().warehouse == URL, "an empty variable is one that is not set"
    monkeypatch.setenv("JOBCENTER_WAREHOUSE", "aus der Umgebung")
    assert Settings().warehouse == "aus der Umgebung"
    assert Settings(warehouse="angegeben").warehouse == "angegeben"


def test_settings_do_not_show_the_address(ordner: Path) -> None:
    (ordner / "jobcenter_warehouse").write_text(URL)
    assert GEHEIM not in f"{Settings()!r} {Settings()}"


def test_a_setting_that_is_none_is_named_without_its_value(ordner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in (GEHEIM, f'["{GEHEIM}"]', f'{{"email": ["{GEHEIM}"]}}'):
        monkeypatch.setenv("JOBCENTER_IMPRESSUM", value)
        with pytest.raises(UsageError) as caught:
            Settings()
        assert "JOBCENTER_IMPRESSUM" in said(caught)
        assert caught.value.__suppress_context__


@pytest.mark.parametrize("content", ["", "\n", b"\xff\xfe"])
def test_an_empty_or_unreadable_file_is_not_nothing(ordner: Path, content: str | bytes) -> None:
    path = ordner / "jobcenter_warehouse"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UsageError, match="leer oder nicht lesbar"):
        Settings()
    path.unlink()
    path.symlink_to(ordner / "fort")
    with pytest.raises(UsageError, match="leer oder nicht lesbar"):
        Settings()


def test_a_folder_that_is_named_must_be_there(ordner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBCENTER_SECRETS_DIR", str(ordner / "fort"))
    with pytest.raises(UsageError, match="für Geheimnisse gibt es nicht"):
        Settings()


def test_a_file_that_other_accounts_can_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other accounts come at a file only where every folder above lets them: pytest's own folders do not."""
    import tempfile

    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        path = folder / "jobcenter_warehouse"
        path.write_text(URL)
        monkeypatch.setenv("JOBCENTER_SECRETS_DIR", name)
        monkeypatch.delenv("JOBCENTER_WAREHOUSE", raising=False)
        path.chmod(0o644)
        assert Settings().warehouse == URL, "nobody else can enter the folder"
        folder.chmod(0o755)
        with pytest.raises(UsageError, match="andere Benutzer") as caught:
            Settings()
        assert "chmod 600" in said(caught)
        path.chmod(0o640)
        assert Settings().warehouse == URL


# --- the command line -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        URL,
        f"postgresql+psycopg://etl@db/warehouse?password={GEHEIM}",
        f"mssql+pyodbc:///?odbc_connect=DRIVER=x;PWD={GEHEIM}",
        f"postgresql://u:{GEHEIM}@h:keinPort/d",
    ],
)
@pytest.mark.parametrize("option", ["--warehouse", "--delivery"])
def test_a_password_on_the_command_line_is_refused(url: str, option: str, tmp_path: Path) -> None:
    other = ("--delivery", str(tmp_path)) if option == "--warehouse" else ()
    with pytest.raises(UsageError, match="Kennwort gehört nicht auf die Befehlszeile") as caught:
        cli.app(["run", "--month", "2026-08", option, url, *other], standalone_mode=False)
    assert "JOBCENTER_WAREHOUSE" in said(caught)


@pytest.mark.parametrize("text", ["postgresql+psycopg://leser@db:5432/fach?schema=fach", "/ablage/a:b@c", "C://x"])
def test_an_address_without_a_password_may_stand_there(text: str) -> None:
    assert not geheimnisse.holds_password(text)


def test_the_address_of_a_delivery_stands_in_a_variable_or_a_file(
    ordner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="Weder die Umgebungsvariable JOBCENTER_LIEFERUNG noch"):
        geheimnisse.resolved("env:JOBCENTER_LIEFERUNG")
    (ordner / "jobcenter_lieferung").write_text(URL)
    assert geheimnisse.resolved("env:JOBCENTER_LIEFERUNG") == URL
    monkeypatch.setenv("JOBCENTER_LIEFERUNG", "/ablage/lieferung")
    assert geheimnisse.resolved("env:JOBCENTER_LIEFERUNG") == "/ablage/lieferung"


@pytest.mark.parametrize("name", ["JOBCENTER_WAREHOUSE", "PATH", "JOBCENTER_LIEFERUNG/../jobcenter_warehouse", ""])
def test_no_other_secret_can_be_asked_for(ordner: Path, name: str) -> None:
    (ordner / "jobcenter_warehouse").write_text(URL)
    with pytest.raises(UsageError, match="mit JOBCENTER_LIEFERUNG beginnt"):
        geheimnisse.resolved(f"env:{name}")
