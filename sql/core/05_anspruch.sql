-- core_anspruch: one row per person, Bedarfsgemeinschaft and month, with the entitlement before reduction in EUR:
-- grl = Gesamtregelleistung, sonstige = every other kind. Source: Quellvertrag 1.0, rule 2.
CREATE TABLE core_anspruch AS
SELECT
    l.kundennummer,
    l.bg_nummer,
    l.monat,
    coalesce(sum(l.anspruch) FILTER (a.grl), 0) AS grl,
    coalesce(sum(l.anspruch) FILTER (NOT a.grl), 0) AS sonstige
FROM raw_leistung AS l
INNER JOIN par_leistungsart AS a USING (leistungsart)
GROUP BY ALL;
