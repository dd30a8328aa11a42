"""What may be shown to whom: the publication plan, and the cells that are kept secret.

``publish`` stands between the warehouse and every report: it lets through what the plan gives to a circle of readers,
and hides counts that would show single people. Protecting hidden cells from being computed out of sums and differences
(secondary suppression) belongs into this room, too; it does not exist yet.
"""

from etl.disclosure.ausblick import publish_expectations, publish_targets
from etl.disclosure.geheimhaltung import GEHEIM, entscheidung, publish, publish_indicators
from etl.disclosure.plan import Bericht, Empfaengerkreis, Tabelle, berichte, kreis_titel, tabellen, vorgesehen

__all__ = [
    "GEHEIM",
    "Bericht",
    "Empfaengerkreis",
    "Tabelle",
    "berichte",
    "entscheidung",
    "kreis_titel",
    "publish",
    "publish_expectations",
    "publish_indicators",
    "publish_targets",
    "tabellen",
    "vorgesehen",
]
