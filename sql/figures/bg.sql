-- satz_bg: one row per month and Bedarfsgemeinschaft with members or an address on the counting day.
CREATE VIEW satz_bg AS
SELECT
    monat,
    bg_nummer AS satz,
    NULL::VARCHAR AS kundennummer,
    bg_nummer,
    gemeinde,
    geschaeftsstelle,
    bg_typ,
    zaehlt,
    1 AS anzahl
FROM core_bg_monat;
