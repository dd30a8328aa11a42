"""A rule as SQL inside Great Expectations: an expectation that holds when a query over the archive finds no row.

Great Expectations' own ``UnexpectedRowsExpectation`` needs a SQLAlchemy engine, and 1.24 fails on DuckDB through
SQLAlchemy. This one is run, judged and reported by Great Expectations like any other expectation; only the
counting is done by DuckDB over the Parquet files. Importing this module registers the expectation and imports
Great Expectations (seconds): do it only where rules are run.
"""

from __future__ import annotations

from typing import Any, ClassVar

from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validator import ValidationDependencies

from etl.validate import archiv_sql

_METRIC = "archive_query.counts"


class ArchiveQueryCounts(TableMetricProvider):
    """Number of rows looked at and number of violating rows."""

    metric_name = _METRIC
    value_keys = ("verletzungen", "grundgesamtheit", "werte")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805 - Great Expectations makes a class method of it
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> tuple[int, int]:
        verletzungen, grundgesamtheit, werte = (metric_value_kwargs[key] for key in cls.value_keys)
        return archiv_sql.counts(archiv_sql.Frage(verletzungen, grundgesamtheit, werte))


class ExpectArchiveQueryToReturnNoRows(BatchExpectation):
    """Holds when ``verletzungen``, the SQL of the violating rows, finds none.

    ``grundgesamtheit``: what is looked at, the text after FROM. Of the ``$name`` in the SQL, ``$gueltig_ab`` and
    ``$gueltig_bis`` come from ``meta``, every other is a limit of ``pruefgrenzen.yaml``.
    """

    verletzungen: str
    grundgesamtheit: str

    metric_dependencies: ClassVar[tuple[str, ...]] = (_METRIC,)
    success_keys: ClassVar[tuple[str, ...]] = ("verletzungen", "grundgesamtheit")

    def get_validation_dependencies(
        self,
        execution_engine: ExecutionEngine[Any] | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> ValidationDependencies:
        """Ask for the counts, with the rule's dates bound to the parameters of its SQL."""
        dependencies = super().get_validation_dependencies(execution_engine, runtime_configuration)
        counting = dependencies.metric_configurations[_METRIC]
        meta = self.meta or {}
        dates = {name: meta[name] for name in ("gueltig_ab", "gueltig_bis") if name in meta}
        dependencies.metric_configurations[_METRIC] = MetricConfiguration(
            metric_name=_METRIC,
            metric_domain_kwargs=counting.metric_domain_kwargs,
            metric_value_kwargs={
                "verletzungen": self.verletzungen,
                "grundgesamtheit": self.grundgesamtheit,
                "werte": dates,
            },
        )
        return dependencies

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
    ) -> dict[str, Any]:
        geprueft, verletzt = metrics[_METRIC]
        return {
            "success": verletzt == 0,
            "result": {"element_count": geprueft, "unexpected_count": verletzt},
        }
