-- One row: how many records of the previous delivery the new one should still have, and how many of them it has not.
-- Only records of months that the new delivery reaches back to: a window that moves on withdraws nothing.
-- Input: views vor_<table> (previous delivery) and raw_<table> (this one). Source: Quellvertrag 1.0, primary keys.
WITH
beginn AS (
    SELECT min(monat) AS tag
    FROM raw_leistung
),

ruecknahme AS (
    SELECT count(*) AS saetze, count(*) FILTER (n.kundennummer IS NULL) AS fehlen
    FROM vor_leistung AS v
    LEFT JOIN raw_leistung AS n USING (kundennummer, bg_nummer, monat, leistungsart)
    WHERE v.monat >= (SELECT tag FROM beginn)
    UNION ALL
    SELECT count(*), count(*) FILTER (n.kundennummer IS NULL)
    FROM vor_bg_mitglied AS v
    LEFT JOIN raw_bg_mitglied AS n USING (kundennummer, bg_nummer, von)
    WHERE v.von >= (SELECT tag FROM beginn)
    UNION ALL
    SELECT count(*), count(*) FILTER (n.erwerb_id IS NULL)
    FROM vor_erwerbstaetigkeit AS v
    LEFT JOIN raw_erwerbstaetigkeit AS n USING (erwerb_id)
    WHERE v.beginn >= (SELECT tag FROM beginn)
    UNION ALL
    SELECT count(*), count(*) FILTER (n.teilnahme_id IS NULL)
    FROM vor_massnahme AS v
    LEFT JOIN raw_massnahme AS n USING (teilnahme_id)
    WHERE v.eintritt >= (SELECT tag FROM beginn)
)

SELECT sum(saetze)::BIGINT AS saetze, sum(fehlen)::BIGINT AS fehlen
FROM ruecknahme;
