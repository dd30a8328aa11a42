-- satz_bewegung: one row per month and movement; features of the month that core_bewegung names. A record is named by kind,
-- person and number within the month, so that it keeps its name when a later delivery corrects the day.
CREATE VIEW satz_bewegung AS
SELECT
    w.monat,
    concat_ws('/', w.art, w.kundennummer, row_number() OVER (PARTITION BY w.monat, w.art, w.kundennummer ORDER BY w.tag)) AS satz,
    w.kundennummer,
    w.bg_nummer,
    w.art,
    w.tag,
    p.geschlecht,
    a.code AS alter,
    coalesce(n.code, 'SONSTIGE') AS staatsangehoerigkeit,
    coalesce(b.gemeinde, 'OHNE') AS gemeinde,
    coalesce(b.geschaeftsstelle, 'OHNE') AS geschaeftsstelle,
    coalesce(b.bg_typ, 'OHNE') AS bg_typ,
    1 AS anzahl
FROM core_bewegung AS w
INNER JOIN core_monat AS m ON w.merkmal_monat = m.monat
INNER JOIN core_person AS p USING (kundennummer)
INNER JOIN par_altersgruppe AS a ON lebensalter(p.geburtsdatum, m.stichtag) BETWEEN a.von AND a.bis
LEFT JOIN par_staatsangehoerigkeit AS n
    ON p.staatsangehoerigkeit = n.schluessel AND m.stichtag BETWEEN n.gueltig_ab AND n.gueltig_bis
LEFT JOIN core_bg_monat AS b ON w.merkmal_monat = b.monat AND w.bg_nummer = b.bg_nummer;
