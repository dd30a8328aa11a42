-- core_anspruch: one row per person, Bedarfsgemeinschaft and month, with the entitlement before reduction in EUR:
-- grl = Gesamtregelleistung, sonstige = every other kind; llu and luh = the sums of the § 48a indicators, whose kinds
-- cut across both. Source: Quellvertrag 1.0, rules 2 and 9.
CREATE TABLE core_anspruch AS
SELECT
    l.kundennummer,
    l.bg_nummer,
    l.monat,
    coalesce(sum(l.anspruch) FILTER (a.grl), 0) AS grl,
    coalesce(sum(l.anspruch) FILTER (NOT a.grl), 0) AS sonstige,
    coalesce(sum(l.anspruch) FILTER (a.llu), 0) AS llu,
    coalesce(sum(l.anspruch) FILTER (a.luh), 0) AS luh
FROM raw_leistung AS l
INNER JOIN par_leistungsart AS a USING (leistungsart)
GROUP BY ALL;
