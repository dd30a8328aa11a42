-- core_bg_monat: one row per Bedarfsgemeinschaft and month: where it lives on the counting day, and its type.
-- zaehlt = at least one Leistungsberechtigter belongs to it; only then it has a type (else OHNE).
-- Source: Quellvertrag 1.0, rules 1 and 3; Statistik der BA, "Statistik erklaert".
CREATE TABLE core_bg_monat AS
WITH
mitglieder AS (
    SELECT
        monat,
        bg_nummer,
        count(*) AS personen,
        count(*) FILTER (gruppe IN ('ELB', 'NEF', 'SLB')) AS leistungsberechtigte,
        count(*) FILTER (gruppe IN ('ELB', 'NEF', 'SLB') AND rolle IN ('HP', 'EL')) AS leistungsberechtigte_eltern,
        bool_or(rolle = 'PA') AS mit_partner,
        bool_or(ist_kind) AS mit_kind
    FROM core_person_monat
    WHERE gruppe <> 'ABGELEHNT'
    GROUP BY monat, bg_nummer
),

anschrift AS (
    SELECT
        m.monat,
        b.bg_nummer,
        arg_max(b.gemeinde_ags, b.gueltig_von) AS gemeinde,
        arg_max(b.geschaeftsstelle, b.gueltig_von) AS geschaeftsstelle
    FROM raw_bedarfsgemeinschaft AS b
    INNER JOIN core_gefragt AS m
        ON m.stichtag >= b.gueltig_von AND (b.gueltig_bis IS NULL OR m.stichtag <= b.gueltig_bis)
    GROUP BY m.monat, b.bg_nummer
)

SELECT
    monat,
    bg_nummer,
    coalesce(a.gemeinde, 'OHNE') AS gemeinde,
    coalesce(a.geschaeftsstelle, 'OHNE') AS geschaeftsstelle,
    coalesce(m.leistungsberechtigte > 0, false) AS zaehlt,
    CASE
        WHEN m.leistungsberechtigte IS NULL THEN 'OHNE'
        WHEN m.personen = 1 THEN 'SINGLE'
        WHEN m.mit_partner THEN if(m.mit_kind, 'PARTNER_MIT_KINDERN', 'PARTNER_OHNE_KINDER')
        WHEN m.mit_kind AND m.leistungsberechtigte_eltern = 1 THEN 'ALLEINERZIEHEND'
        ELSE 'SONSTIGE'
    END AS bg_typ
FROM mitglieder AS m
FULL JOIN anschrift AS a USING (monat, bg_nummer);
