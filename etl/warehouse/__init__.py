"""The warehouse: PostgreSQL with figures and results of validation, never with case data.

::

    with connect(settings, role="etl") as connection:
        load_cells(connection, archive, Monat(2026, 8), cells, None)
    with connect(settings, role="controller") as connection:
        read_figures(connection, first=Monat(2026, 1), last=Monat(2026, 8))
"""

from etl.warehouse.load import CELLS, LoadResult, Rules, load_cells, load_many, record_validation
from etl.warehouse.read import (
    KnownDelivery,
    State,
    Stored,
    acceptance_reason,
    deliveries,
    final_months,
    newest_delivery,
    read_figures,
    read_inputs,
    read_states,
    read_stored,
)
from etl.warehouse.reihen import (
    read_estimates,
    read_explanations,
    read_series,
    record_estimates,
    record_explanation,
    record_series,
)
from etl.warehouse.session import Role, connect, held, open_url

__all__ = [
    "CELLS",
    "KnownDelivery",
    "LoadResult",
    "Role",
    "Rules",
    "State",
    "Stored",
    "acceptance_reason",
    "connect",
    "deliveries",
    "final_months",
    "held",
    "load_cells",
    "load_many",
    "newest_delivery",
    "open_url",
    "read_estimates",
    "read_explanations",
    "read_figures",
    "read_inputs",
    "read_series",
    "read_states",
    "read_stored",
    "record_estimates",
    "record_explanation",
    "record_series",
    "record_validation",
]
