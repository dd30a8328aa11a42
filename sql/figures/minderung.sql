-- satz_minderung: one row per month and reduction (Leistungsminderung) that begins after the last counting day and by this
-- one. Source: Statistik der BA, Sanktionen (neu festgestellte); that the beginning decides is an assumption.
CREATE VIEW satz_minderung AS
SELECT
    m.monat,
    l.minderung_id AS satz,
    l.kundennummer,
    l.bg_nummer,
    p.geschlecht,
    l.grund AS minderungsgrund,
    1 AS anzahl
FROM raw_leistungsminderung AS l
INNER JOIN core_gefragt AS m ON l.beginn > m.stichtag_vormonat AND l.beginn <= m.stichtag
INNER JOIN core_person AS p USING (kundennummer);
