-- satz_unterkunft: one row per month and Bedarfsgemeinschaft that counts and has a dwelling in the delivery; EUR of the
-- calendar month for the whole dwelling. Source: Quellvertrag 1.0, table unterkunft; § 22 SGB II.
CREATE VIEW satz_unterkunft AS
SELECT
    u.monat,
    u.bg_nummer AS satz,
    NULL::VARCHAR AS kundennummer,
    u.bg_nummer,
    b.gemeinde,
    b.geschaeftsstelle,
    b.bg_typ,
    u.kosten_tatsaechlich,
    u.kosten_anerkannt,
    u.heizkosten_tatsaechlich,
    u.heizkosten_anerkannt,
    1 AS anzahl
FROM raw_unterkunft AS u
INNER JOIN core_bg_monat AS b USING (monat, bg_nummer)
WHERE b.zaehlt;
