"""The warehouse: PostgreSQL with figures and results of validation, never with case data.

::

    with connect(settings, role="etl") as connection:
        load_cells(connection, archive, Monat(2026, 8), cells, None)
    with connect(settings, role="controller") as connection:
        read_figures(connection, first=Monat(2026, 1), last=Monat(2026, 8))
"""

from etl.warehouse.befunde import (
    read_decisions,
    read_totals_before,
    read_waivers,
    record_decision,
    record_findings,
    record_waiver,
    revoke_waiver,
)
from etl.warehouse.evidence import Evidence, read_end, read_evidence
from etl.warehouse.freigabe import read_release, read_releases, record_report, record_step
from etl.warehouse.load import (
    CELLS,
    LoadResult,
    Rules,
    cells_sha256,
    load_cells,
    load_many,
    record_validation,
    results_sha256,
)
from etl.warehouse.read import (
    Gap,
    KnownDelivery,
    State,
    Stored,
    acceptance_reason,
    deliveries,
    final_months,
    gaps,
    newest_delivery,
    newest_month,
    read_figures,
    read_inputs,
    read_load,
    read_loads_of,
    read_parameters,
    read_states,
    read_stored,
    read_triangle,
)
from etl.warehouse.reihen import (
    read_estimates,
    read_explanations,
    read_indicator_inputs,
    read_series,
    record_estimates,
    record_explanation,
    record_series,
)
from etl.warehouse.session import Role, connect, held, open_url
from etl.warehouse.zahlenpass import Glied, Herkunft, Ladung, read_reported_months
from etl.warehouse.ziele import read_targets, record_targets
from etl.warehouse.zustellung import (
    Beleg,
    Quittung,
    count_consignments,
    read_receipts,
    record_receipts,
    wait_for_turn,
)

__all__ = [
    "CELLS",
    "Beleg",
    "Evidence",
    "Gap",
    "Glied",
    "Herkunft",
    "KnownDelivery",
    "Ladung",
    "LoadResult",
    "Quittung",
    "Role",
    "Rules",
    "State",
    "Stored",
    "acceptance_reason",
    "cells_sha256",
    "connect",
    "count_consignments",
    "deliveries",
    "final_months",
    "gaps",
    "held",
    "load_cells",
    "load_many",
    "newest_delivery",
    "newest_month",
    "open_url",
    "read_decisions",
    "read_end",
    "read_estimates",
    "read_evidence",
    "read_explanations",
    "read_figures",
    "read_indicator_inputs",
    "read_inputs",
    "read_load",
    "read_loads_of",
    "read_parameters",
    "read_receipts",
    "read_release",
    "read_releases",
    "read_reported_months",
    "read_series",
    "read_states",
    "read_stored",
    "read_targets",
    "read_totals_before",
    "read_triangle",
    "read_waivers",
    "record_decision",
    "record_estimates",
    "record_explanation",
    "record_findings",
    "record_receipts",
    "record_report",
    "record_series",
    "record_step",
    "record_targets",
    "record_validation",
    "record_waiver",
    "results_sha256",
    "revoke_waiver",
    "wait_for_turn",
]
