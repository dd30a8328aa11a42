-- satz_leistung: one row per month, person and Bedarfsgemeinschaft with money of the calendar month; llu and luh = EUR
-- before reduction, whatever the person's group.
-- Features: the row's person on the counting day, the row's Bedarfsgemeinschaft. Source: Quellvertrag 1.0, rule 9.
CREATE VIEW satz_leistung AS
SELECT
    l.monat,
    l.kundennummer || '/' || l.bg_nummer AS satz,
    l.kundennummer,
    l.bg_nummer,
    p.geschlecht,
    a.code AS alter,
    coalesce(n.code, 'SONSTIGE') AS staatsangehoerigkeit,
    coalesce(b.gemeinde, 'OHNE') AS gemeinde,
    coalesce(b.geschaeftsstelle, 'OHNE') AS geschaeftsstelle,
    coalesce(b.bg_typ, 'OHNE') AS bg_typ,
    l.llu,
    l.luh
FROM core_anspruch AS l
INNER JOIN core_gefragt AS m USING (monat)
INNER JOIN core_person AS p USING (kundennummer)
INNER JOIN par_altersgruppe AS a ON lebensalter(p.geburtsdatum, m.stichtag) BETWEEN a.von AND a.bis
LEFT JOIN par_staatsangehoerigkeit AS n
    ON p.staatsangehoerigkeit = n.schluessel AND m.stichtag BETWEEN n.gueltig_ab AND n.gueltig_bis
LEFT JOIN core_bg_monat AS b USING (monat, bg_nummer);
