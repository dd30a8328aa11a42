-- satz_bg: one row per month and Bedarfsgemeinschaft with members or an address on the counting day.
CREATE VIEW satz_bg AS
WITH
mitglieder AS (
    SELECT DISTINCT
        monat,
        bg_nummer
    FROM core_person_monat
)

SELECT
    b.monat,
    b.bg_nummer AS satz,
    NULL::VARCHAR AS kundennummer,
    b.bg_nummer,
    b.gemeinde,
    b.geschaeftsstelle,
    b.bg_typ,
    b.zaehlt,
    m.bg_nummer IS NOT NULL AS mit_mitgliedern,
    1 AS anzahl
FROM core_bg_monat AS b
LEFT JOIN mitglieder AS m USING (monat, bg_nummer);
