-- core_person: one row per person, with the days on which the law treats the person differently.
-- Source: § 7 Abs. 1, § 7a SGB II; Quellvertrag 1.0, rule 0.
CREATE TABLE core_person AS
SELECT
    p.kundennummer,
    p.geburtsdatum,
    p.geschlecht,
    p.staatsangehoerigkeit,
    p.familienstand = 'LED' AS ledig,
    geburtstag(p.geburtsdatum, zaehlregel('mindestalter_elb', p.geburtsdatum)) AS elb_ab,
    monat_nach_vollendung(p.geburtsdatum, 12 * a.jahre + a.monate) AS altersgrenze_ab
FROM raw_person AS p
INNER JOIN par_altersgrenze AS a ON year(p.geburtsdatum) BETWEEN a.geboren_ab AND a.geboren_bis;
