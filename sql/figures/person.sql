-- fig_person: one row per month and combination of all features of persons; anzahl = persons. Finest cells: every figure
-- of persons is a filter and a sum over them.
CREATE TABLE fig_person AS
SELECT
    p.monat,
    p.geschlecht,
    p.altersgruppe AS alter,
    p.staatsangehoerigkeit,
    coalesce(b.gemeinde, 'OHNE') AS gemeinde,
    coalesce(b.geschaeftsstelle, 'OHNE') AS geschaeftsstelle,
    coalesce(b.bg_typ, 'OHNE') AS bg_typ,
    p.gruppe,
    p.gruppe = 'ELB' AND p.rolle = 'HP' AND coalesce(b.bg_typ = 'ALLEINERZIEHEND', false) AS ist_ae,
    p.ist_lzb,
    count(*) AS anzahl
FROM core_person_monat AS p
LEFT JOIN core_bg_monat AS b USING (monat, bg_nummer)
GROUP BY ALL;
