-- core_gefragt: one row per month that is computed: the months asked for and the month before each of them, as far as
-- the delivery covers them. Parameter: table par_berichtsmonat (the months asked for).
CREATE TABLE core_gefragt AS
SELECT *
FROM core_monat
WHERE
    auswertbar
    AND (
        monat IN (SELECT monat FROM par_berichtsmonat)
        OR monat IN (SELECT monat - INTERVAL 1 MONTH FROM par_berichtsmonat)
    );
