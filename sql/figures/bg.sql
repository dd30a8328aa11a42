-- fig_bg: one row per month and combination of all features of Bedarfsgemeinschaften that count; anzahl = their number.
CREATE TABLE fig_bg AS
SELECT
    monat,
    gemeinde,
    geschaeftsstelle,
    bg_typ,
    count(*) AS anzahl
FROM core_bg_monat
WHERE zaehlt
GROUP BY ALL;
