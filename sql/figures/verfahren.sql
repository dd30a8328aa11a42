-- satz_verfahren: one row per month and objection (W) or court action (K) that is filed, pending or closed around the
-- counting day. A closing that is delivered before the filing counts on the day of the filing, so that
-- stock = stock of the month before + filed - closed. Source: § 1 Abs. 5 Verordnung zu § 51b SGB II.
CREATE VIEW satz_verfahren AS
WITH
verfahren AS (
    SELECT
        verfahren_id,
        art,
        eingang,
        if(erledigung IS NULL, DATE '9999-12-31', greatest(erledigung, eingang)) AS erledigt_am
    FROM raw_verfahren
)

SELECT
    m.monat,
    v.verfahren_id AS satz,
    NULL::VARCHAR AS kundennummer,
    NULL::VARCHAR AS bg_nummer,
    v.art,
    v.eingang > m.stichtag_vormonat AS eingegangen,
    v.erledigt_am <= m.stichtag AS erledigt,
    1 AS anzahl
FROM verfahren AS v
INNER JOIN core_gefragt AS m ON v.eingang <= m.stichtag AND v.erledigt_am > m.stichtag_vormonat;
