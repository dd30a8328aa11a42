-- satz_teilnahme: one row per month and participation that enters, runs or ends around the counting day.
-- Features: the person on the counting day; place OHNE where the person belongs to no Bedarfsgemeinschaft that day.
CREATE VIEW satz_teilnahme AS
SELECT
    t.monat,
    t.teilnahme_id AS satz,
    t.kundennummer,
    z.bg_nummer,
    p.geschlecht,
    a.code AS alter,
    coalesce(n.code, 'SONSTIGE') AS staatsangehoerigkeit,
    coalesce(b.gemeinde, 'OHNE') AS gemeinde,
    coalesce(b.geschaeftsstelle, 'OHNE') AS geschaeftsstelle,
    t.instrument,
    t.rechtzeitig,
    t.eintritt,
    t.bestand,
    t.austritt,
    1 AS anzahl
FROM core_teilnahme AS t
INNER JOIN core_gefragt AS m USING (monat)
INNER JOIN core_person AS p USING (kundennummer)
INNER JOIN par_altersgruppe AS a ON lebensalter(p.geburtsdatum, m.stichtag) BETWEEN a.von AND a.bis
LEFT JOIN par_staatsangehoerigkeit AS n
    ON p.staatsangehoerigkeit = n.schluessel AND m.stichtag BETWEEN n.gueltig_ab AND n.gueltig_bis
LEFT JOIN core_zugehoerigkeit AS z ON t.kundennummer = z.kundennummer AND m.stichtag BETWEEN z.von AND z.bis
LEFT JOIN core_bg_monat AS b ON t.monat = b.monat AND z.bg_nummer = b.bg_nummer;
