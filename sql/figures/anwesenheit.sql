-- satz_anwesenheit: one row per month and person who was ELB on at least one of the twelve counting days ending with it.
CREATE VIEW satz_anwesenheit AS
SELECT
    a.monat,
    a.kundennummer AS satz,
    a.kundennummer,
    NULL::VARCHAR AS bg_nummer,
    p.geschlecht,
    1 AS anzahl
FROM core_anwesenheit AS a
INNER JOIN core_person AS p USING (kundennummer);
