-- core_person_monat: one row per person who belongs to a Bedarfsgemeinschaft on the counting day of a month.
-- gruppe: ELB, NEF, SLB, AUS, KOL or ABGELEHNT (not counted); lzb_tage: days as ELB in the window of rule 5, of ELB only.
-- grl and sonstige: the claim that decided. Source: Quellvertrag 1.0, rules 1 to 3 and 5. Months: those of core_gefragt.
CREATE TABLE core_person_monat AS
WITH
am_stichtag AS (
    SELECT
        m.monat,
        m.stichtag,
        m.lzb_mindesttage,
        m.lzb_fenster_tage,
        m.volljaehrigkeit,
        z.kundennummer,
        z.bg_nummer,
        z.rolle,
        z.erwerbsfaehig,
        z.ausschlussgrund
    FROM core_zugehoerigkeit AS z
    INNER JOIN core_gefragt AS m ON m.stichtag BETWEEN z.von AND z.bis
),

mit_anspruch AS (
    SELECT
        s.*,
        p.geschlecht,
        p.ledig,
        lebensalter(p.geburtsdatum, s.stichtag) AS lebensalter,
        coalesce(n.code, 'SONSTIGE') AS staatsangehoerigkeit,
        s.stichtag >= p.elb_ab AND s.stichtag < p.altersgrenze_ab AS im_elb_alter,
        coalesce(a.grl, 0) AS grl,
        coalesce(a.sonstige, 0) AS sonstige
    FROM am_stichtag AS s
    INNER JOIN core_person AS p USING (kundennummer)
    LEFT JOIN core_anspruch AS a USING (kundennummer, bg_nummer, monat)
    LEFT JOIN par_staatsangehoerigkeit AS n
        ON p.staatsangehoerigkeit = n.schluessel AND s.stichtag BETWEEN n.gueltig_ab AND n.gueltig_bis
),

nach_regel_2 AS (
    SELECT
        *,
        CASE
            WHEN ausschlussgrund IS NOT NULL THEN if(sonstige > 0, 'SLB', 'AUS')
            WHEN grl > 0 THEN if(erwerbsfaehig AND im_elb_alter, 'ELB', 'NEF')
            WHEN sonstige > 0 THEN 'SLB'
            WHEN lebensalter < volljaehrigkeit AND ledig AND rolle = 'KI' THEN 'KOL'
            ELSE 'ABGELEHNT'
        END AS gruppe_der_person
    FROM mit_anspruch
),

zaehlende_bg AS (
    SELECT DISTINCT monat, bg_nummer
    FROM nach_regel_2
    WHERE gruppe_der_person IN ('ELB', 'NEF', 'SLB')
),

-- AUS and KOL count only in a Bedarfsgemeinschaft that counts: one with at least one Leistungsberechtigter.
gezaehlt AS (
    SELECT
        p.*,
        if(z.bg_nummer IS NULL, 'ABGELEHNT', p.gruppe_der_person) AS gruppe
    FROM nach_regel_2 AS p
    LEFT JOIN zaehlende_bg AS z USING (monat, bg_nummer)
),

lzb_tage AS (
    SELECT
        g.monat,
        g.kundennummer,
        sum(least(z.bis, g.stichtag) - greatest(z.von, g.stichtag - g.lzb_fenster_tage + 1) + 1) AS tage
    FROM gezaehlt AS g
    INNER JOIN core_elb_zeit AS z
        ON g.kundennummer = z.kundennummer AND z.von <= g.stichtag AND z.bis > g.stichtag - g.lzb_fenster_tage
    WHERE g.gruppe = 'ELB'
    GROUP BY g.monat, g.kundennummer
)

SELECT
    g.monat,
    g.kundennummer,
    g.bg_nummer,
    g.rolle,
    g.gruppe,
    g.geschlecht,
    g.lebensalter,
    alt.code AS altersgruppe,
    g.staatsangehoerigkeit,
    g.erwerbsfaehig,
    g.ausschlussgrund,
    g.im_elb_alter,
    g.grl,
    g.sonstige,
    g.rolle = 'KI' AND g.ledig AND g.lebensalter < g.volljaehrigkeit AS ist_kind,
    coalesce(t.tage, 0)::INTEGER AS lzb_tage,
    coalesce(t.tage, 0) >= g.lzb_mindesttage AS ist_lzb
FROM gezaehlt AS g
LEFT JOIN par_altersgruppe AS alt ON g.lebensalter BETWEEN alt.von AND alt.bis
LEFT JOIN lzb_tage AS t USING (monat, kundennummer);
