-- core_anwesenheit: one row per month and person who was ELB on at least one of the twelve counting days ending with it.
-- Source: Statistik der BA, methodische Hinweise (Anwesenheitsgesamtheit).
CREATE TABLE core_anwesenheit AS
WITH
-- First and last month of each run of ELB days whose counting day lies in it.
bestandsmonate AS (
    SELECT
        z.kundennummer,
        min(m.monat) AS erster,
        max(m.monat) AS letzter
    FROM core_elb_zeit AS z
    INNER JOIN core_monat AS m ON m.stichtag BETWEEN z.von AND z.bis
    GROUP BY z.kundennummer, z.von
)

SELECT DISTINCT
    g.monat,
    b.kundennummer
FROM bestandsmonate AS b
INNER JOIN core_gefragt AS g
    ON b.erster <= g.monat AND b.letzter > g.monat - to_months(zaehlregel('zeitraum_monate', g.stichtag));
