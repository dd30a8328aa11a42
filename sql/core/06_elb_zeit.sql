-- core_elb_zeit: one row per person and unbroken run of ELB days, with the Bedarfsgemeinschaft of its first and last day.
-- An ELB day is a day on which rule 2 makes the person an ELB; a run ends at the latest on the Datenstand.
-- Source: Quellvertrag 1.0, rules 2 and 4. Parameter: variable datenstand.
CREATE TABLE core_elb_zeit AS
WITH
elb_tage AS (
    SELECT
        z.kundennummer,
        z.bg_nummer,
        greatest(z.von, a.monat, p.elb_ab) AS von,
        least(z.bis, last_day(a.monat), p.altersgrenze_ab - 1) AS bis
    FROM core_zugehoerigkeit AS z
    INNER JOIN core_anspruch AS a USING (kundennummer, bg_nummer)
    INNER JOIN core_person AS p USING (kundennummer)
    WHERE
        z.erwerbsfaehig
        AND z.ausschlussgrund IS NULL
        AND a.grl > 0
        AND z.von <= last_day(a.monat)
        AND z.bis >= a.monat
),

mit_vorgaenger AS (
    SELECT
        *,
        lag(bis) OVER (PARTITION BY kundennummer ORDER BY von) AS ende_vorher
    FROM elb_tage
    WHERE von <= bis
),

nummeriert AS (
    SELECT
        *,
        sum((ende_vorher IS NULL OR von > ende_vorher + 1)::INTEGER)
            OVER (PARTITION BY kundennummer ORDER BY von) AS nummer
    FROM mit_vorgaenger
)

SELECT
    kundennummer,
    min(von) AS von,
    max(bis) AS bis,
    arg_min(bg_nummer, von) AS bg_nummer_anfang,
    arg_max(bg_nummer, von) AS bg_nummer_ende
FROM nummeriert
GROUP BY kundennummer, nummer;
