-- befund_zugeordnet: one row per rule and record that violates it, with the person, the Bedarfsgemeinschaft and the team
-- that can correct the record. A record without them belongs to nobody in particular (OHNE).
-- Input: befund_roh (regel_id, satz, gefunden, and the keys of the contract as far as the rule names them).
CREATE TABLE befund_zugeordnet AS
WITH
befund AS (
    SELECT
        regel_id,
        satz,
        string_agg(DISTINCT gefunden, ' | ' ORDER BY gefunden) AS gefunden,
        any_value(kundennummer) AS kundennummer,
        any_value(bg_nummer) AS bg_nummer,
        any_value(monat) AS monat,
        any_value(erwerb_id) AS erwerb_id,
        any_value(teilnahme_id) AS teilnahme_id,
        any_value(minderung_id) AS minderung_id
    FROM befund_roh
    GROUP BY regel_id, satz
),

-- A record named by its own number belongs to the person it is about.
mit_person AS (
    SELECT
        b.*,
        coalesce(b.kundennummer, e.kundennummer, t.kundennummer, l.kundennummer) AS person,
        coalesce(b.bg_nummer, l.bg_nummer) AS bg
    FROM befund AS b
    LEFT JOIN (SELECT DISTINCT ON (erwerb_id) * FROM raw_erwerbstaetigkeit) AS e USING (erwerb_id)
    LEFT JOIN (SELECT DISTINCT ON (teilnahme_id) * FROM raw_massnahme) AS t USING (teilnahme_id)
    LEFT JOIN (SELECT DISTINCT ON (minderung_id) * FROM raw_leistungsminderung) AS l USING (minderung_id)
),

letzte_mitgliedschaft AS (
    SELECT
        kundennummer,
        arg_max(bg_nummer, (von, bg_nummer)) AS bg_nummer
    FROM raw_bg_mitglied
    GROUP BY kundennummer
),

letzte_zustaendigkeit AS (
    SELECT
        bg_nummer,
        arg_max(zustaendigkeit, gueltig_von) AS zustaendigkeit,
        arg_max(geschaeftsstelle, gueltig_von) AS geschaeftsstelle
    FROM raw_bedarfsgemeinschaft
    GROUP BY bg_nummer
)

SELECT
    p.regel_id,
    sha256(p.regel_id || p.satz) AS befund_id,
    p.satz,
    p.person AS kundennummer,
    coalesce(p.bg, m.bg_nummer) AS bg_nummer,
    p.monat,
    coalesce(p.gefunden, '') AS gefunden,
    sha256(coalesce(p.gefunden, '')) AS werte_sha256,
    coalesce(nullif(trim(z.zustaendigkeit), ''), 'OHNE') AS zustaendigkeit,
    coalesce(nullif(trim(z.geschaeftsstelle), ''), 'OHNE') AS geschaeftsstelle
FROM mit_person AS p
LEFT JOIN letzte_mitgliedschaft AS m ON p.person = m.kundennummer
LEFT JOIN letzte_zustaendigkeit AS z ON coalesce(p.bg, m.bg_nummer) = z.bg_nummer;
