-- core_integration_suche: one row per month and person searched for integrations: ELB on the counting day of the month
-- before (S(t-1)), with the days after which (fenster_nach) and up to which (fenster_bis) a start counts in the month.
-- Whoever was not yet ELB on S(t-2) is searched one month further back, so that no start between two counting days is lost.
-- Features and subgroups are those on S(t-1). Source: Quellvertrag 1.0, rule 6; § 5 SGB2§48aFKV; decisions D3, D11.
CREATE TABLE core_integration_suche AS
WITH
elb_vormonat AS (
    SELECT
        m.monat,
        p.monat AS merkmal_monat,
        p.kundennummer,
        p.bg_nummer,
        p.rolle,
        p.ist_lzb,
        m.stichtag_vorvormonat,
        m.stichtag_vormonat,
        m.stichtag,
        m.erfassung_bis
    FROM core_person_monat AS p
    INNER JOIN core_gefragt AS m ON p.monat + INTERVAL 1 MONTH = m.monat
    WHERE p.gruppe = 'ELB'
),

elb_vorvormonat AS (
    SELECT DISTINCT
        m.monat,
        z.kundennummer
    FROM core_elb_zeit AS z
    INNER JOIN core_gefragt AS m ON m.stichtag_vorvormonat BETWEEN z.von AND z.bis
)

SELECT
    v.monat,
    v.merkmal_monat,
    v.kundennummer,
    v.bg_nummer,
    v.ist_lzb,
    v.rolle = 'HP' AND coalesce(b.bg_typ = 'ALLEINERZIEHEND', false) AS ist_ae,
    if(w.kundennummer IS NULL, v.stichtag_vorvormonat, v.stichtag_vormonat) AS fenster_nach,
    v.stichtag AS fenster_bis,
    v.erfassung_bis
FROM elb_vormonat AS v
LEFT JOIN elb_vorvormonat AS w USING (monat, kundennummer)
LEFT JOIN core_bg_monat AS b ON v.merkmal_monat = b.monat AND v.bg_nummer = b.bg_nummer;
