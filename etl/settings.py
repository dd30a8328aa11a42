"""Settings: from the command line, ``JOBCENTER_*`` in the environment, or the files of the secrets, in this order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ModelWrapValidatorHandler, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from etl import geheimnisse
from etl.errors import UsageError

PREFIX = "JOBCENTER_"


class _SecretFiles(PydanticBaseSettingsSource):
    """Settings as files of the folder of secrets, such as ``/run/secrets/jobcenter_warehouse``."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return geheimnisse.from_file(PREFIX + field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


class Settings(BaseSettings):
    """Where things are. Every path of the product is below ``home``.

    Raises ``UsageError`` for a value that cannot be one; it names the setting and never shows the value.
    """

    # An empty variable is one that is not set: compose files pass on what nobody gave.
    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True, hide_input_in_errors=True)

    home: Path = Field(default=Path(".jobcenter"), description="Folder for archive, warehouse, reports and key.")
    warehouse: str | None = Field(
        default=None,
        repr=False,  # it may hold a password
        description="SQLAlchemy URL of a PostgreSQL server (postgresql+psycopg://…); empty = embedded server.",
    )

    impressum: Annotated[dict[str, str], NoDecode] = Field(
        default_factory=dict,
        description="Imprint of reports as JSON: naechster_termin, anschrift, rueckfragen, email, telefon, fax, "
        "internet, nutzungsbedingungen. What is absent is printed as not on record.",
    )

    verarbeitung: Annotated[dict[str, str], NoDecode] = Field(
        default_factory=dict,
        description="What only the house knows of its record of processing activities, as JSON: verantwortlicher, "
        "anschrift, kontakt, vertreter, gemeinsam_verantwortliche, datenschutzbeauftragte, auftragsverarbeiter, "
        "drittland, massnahmen. What is absent is printed as not on record.",
    )

    empfaenger: Path | None = Field(
        default=None,
        description="YAML file of the recipients of released reports (schema: etl/zustellung/empfaenger.json); "
        "empty = nothing is delivered.",
    )

    quellen: Path | None = Field(
        default=None,
        description="YAML file of the providers and where their deliveries come from, read by the DAGs "
        "(schema: etl/quellen/quellen.json).",
    )

    meldungen: Path | None = Field(
        default=None,
        description="YAML file with a block mail (as in etl/zustellung/beispiel.yaml): whom the DAGs tell of failures, "
        "of what waits for a person, and of missed deadlines; empty = it is only logged.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Say where settings come from, the strongest first."""
        return init_settings, env_settings, _SecretFiles(settings_cls)

    @field_validator("impressum", "verarbeitung", mode="before")
    @classmethod
    def _from_json(cls, value: object) -> object:
        return json.loads(value) if isinstance(value, str) else value

    @model_validator(mode="wrap")
    @classmethod
    def _explained(cls, data: Any, handler: ModelWrapValidatorHandler[Settings]) -> Settings:
        try:
            return handler(data)
        except ValidationError as error:
            names = sorted({f"{PREFIX}{mistake['loc'][0]}".upper() for mistake in error.errors(include_input=False)})
            raise UsageError(
                f"Nicht lesbar ist die Einstellung {' und '.join(names)}.",
                hint="JOBCENTER_IMPRESSUM und JOBCENTER_VERARBEITUNG sind JSON-Objekte mit Texten; die übrigen sind "
                "einfache Texte (README).",
                abschnitt="einstellung",
            ) from None

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
    def scratch(self) -> Path:
        """What a step writes only while it runs."""
        return self.home / "vorlaeufig"

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
