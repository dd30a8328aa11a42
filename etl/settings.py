"""Settings: from ``JOBCENTER_*`` in the environment, or from ``--home`` and ``--warehouse`` on the command line."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where things are. Every path of the product is below ``home``."""

    model_config = SettingsConfigDict(env_prefix="JOBCENTER_", frozen=True)

    home: Path = Field(default=Path(".jobcenter"), description="Folder for archive, warehouse, reports and key.")
    warehouse: str | None = Field(
        default=None,
        description="SQLAlchemy URL of a PostgreSQL server (postgresql+psycopg://…); empty = embedded server.",
    )

    impressum: dict[str, str] = Field(
        default_factory=dict,
        description="Imprint of reports as JSON: naechster_termin, anschrift, rueckfragen, email, telefon, fax, "
        "internet, nutzungsbedingungen. What is absent is printed as not on record.",
    )

    empfaenger: Path | None = Field(
        default=None,
        description="YAML file of the recipients of released reports (schema: etl/zustellung/empfaenger.json); "
        "empty = nothing is delivered.",
    )

    @property
    def archive(self) -> Path:
        """Immutable deliveries: ``<traegernummer>/<lieferung_id>/*.parquet``."""
        return self.home / "archiv"

    @property
    def key_file(self) -> Path:
        """Key of the pseudonyms; mode 0600, created once, outside the archive."""
        return self.home / "schluessel" / "pseudonym.key"

    @property
    def cells(self) -> Path:
        """Computed figures on their way into the warehouse."""
        return self.home / "zahlen"

    @property
    def validation(self) -> Path:
        """Kept results of validation, counts only."""
        return self.home / "pruefung"

    @property
    def findings(self) -> Path:
        """Complete lists of findings, pseudonymous: they stay in the job centre's own zone."""
        return self.home / "befunde"

    @property
    def outbox(self) -> Path:
        """What is being delivered, byte for byte, until everybody has it."""
        return self.home / "ausgang"

    @property
    def witness(self) -> Path:
        """Ends of the chains of passports, kept outside the database: one text file per Träger."""
        return self.home / "nachweis"

    @property
    def embedded_warehouse(self) -> Path:
        """Data folder of the embedded PostgreSQL."""
        return self.home / "warehouse"

    @property
    def reports(self) -> Path:
        """Finished report files: ``<berichtsmonat>/``."""
        return self.home / "berichte"
