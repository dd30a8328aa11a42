-- satz_person: one row per month and person who belongs to a Bedarfsgemeinschaft on the counting day. Every figure of
-- persons is a filter and a sum over these rows.
CREATE VIEW satz_person AS
WITH
-- Active measures of labour-market policy running on the counting day (rule 8).
in_massnahme AS (
    SELECT DISTINCT
        monat,
        kundennummer
    FROM core_teilnahme
    WHERE aktiv AND bestand AND rechtzeitig
),

mit_minderung AS (
    SELECT DISTINCT
        m.monat,
        l.kundennummer
    FROM raw_leistungsminderung AS l
    INNER JOIN core_gefragt AS m ON m.stichtag BETWEEN l.beginn AND l.ende
)

SELECT
    p.monat,
    p.kundennummer AS satz,
    p.kundennummer,
    p.bg_nummer,
    p.geschlecht,
    p.altersgruppe AS alter,
    p.staatsangehoerigkeit,
    coalesce(b.gemeinde, 'OHNE') AS gemeinde,
    coalesce(b.geschaeftsstelle, 'OHNE') AS geschaeftsstelle,
    coalesce(b.bg_typ, 'OHNE') AS bg_typ,
    p.gruppe,
    p.rolle,
    p.erwerbsfaehig,
    p.ausschlussgrund,
    p.im_elb_alter,
    p.lebensalter,
    p.grl,
    p.sonstige,
    coalesce(b.zaehlt, false) AS bg_zaehlt,
    p.gruppe = 'ELB' AND p.rolle = 'HP' AND coalesce(b.bg_typ = 'ALLEINERZIEHEND', false) AS ist_ae,
    p.ist_lzb,
    p.lzb_tage,
    i.kundennummer IS NOT NULL AS in_massnahme,
    coalesce(s.status, 'OHNE') AS status,
    l.kundennummer IS NOT NULL AS mit_minderung,
    1 AS anzahl
FROM core_person_monat AS p
LEFT JOIN core_bg_monat AS b USING (monat, bg_nummer)
LEFT JOIN in_massnahme AS i USING (monat, kundennummer)
LEFT JOIN core_status AS s USING (monat, kundennummer)
LEFT JOIN mit_minderung AS l USING (monat, kundennummer);
