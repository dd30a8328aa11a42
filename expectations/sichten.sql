-- Intermediate tables that several rules read; each is built once per validation, in this order.
-- They restate no figure: they only bring memberships and money to the counting day the way the contract says.
-- The numbers of the law come from the parameter tables par_… (etl/parameter).

-- One row per month with money in the delivery, with its counting day.
CREATE TABLE pruef_monat AS
SELECT geld.monat, coalesce(s.stichtag, geld.monat + CAST(z.wert - 1 AS INTEGER)) AS stichtag
FROM (SELECT DISTINCT monat FROM raw_leistung) AS geld
JOIN par_zaehlregel AS z
  ON z.name = 'stichtag_tag' AND geld.monat BETWEEN z.gueltig_ab AND z.gueltig_bis
LEFT JOIN raw_stichtag AS s USING (monat);

-- One row per person: the day from which the age limit of § 7a counts as reached (counting rule 0: the first day
-- of the month after the one in which the age is completed; it is completed the day before the birthday).
CREATE TABLE pruef_altersgrenze AS
SELECT
  p.kundennummer,
  CAST(last_day(CAST(p.geburtsdatum + to_months(g.jahre * 12 + g.monate) - INTERVAL 1 DAY AS DATE)) + 1 AS DATE)
    AS altersgrenze_ab
FROM raw_person AS p
JOIN par_altersgrenze AS g ON year(p.geburtsdatum) BETWEEN g.geboren_ab AND g.geboren_bis;

-- One row per kind of breach and state of the law: the longest duration of a reduction in months.
CREATE TABLE pruef_minderungsdauer AS
SELECT grund, gueltig_ab, gueltig_bis, CAST(max(monate) AS INTEGER) AS monate
FROM par_minderungsregel
GROUP BY grund, gueltig_ab, gueltig_bis;

-- One row per person and month with a membership on the counting day: the one the person belongs to
-- (counting rule 1: latest von, then smallest bg_nummer), with the age completed on that day.
CREATE TABLE pruef_mitglied AS
SELECT
  pm.monat, pm.stichtag, m.kundennummer, m.bg_nummer, m.rolle, m.erwerbsfaehig, m.ausschlussgrund,
  p.familienstand, date_sub('year', p.geburtsdatum, pm.stichtag) AS lebensalter
FROM pruef_monat AS pm
JOIN raw_bg_mitglied AS m ON m.von <= pm.stichtag AND coalesce(m.bis, DATE '9999-12-31') >= pm.stichtag
JOIN raw_person AS p USING (kundennummer)
LEFT JOIN (SELECT bg_nummer, min(bg_rang) AS rang FROM raw_bedarfsgemeinschaft GROUP BY bg_nummer) AS r
  USING (bg_nummer)
QUALIFY row_number() OVER (PARTITION BY pm.monat, m.kundennummer ORDER BY m.von DESC, r.rang) = 1;

-- One row per person, BG and month with money: entitlement to standard benefits (Gesamtregelleistung) and to others.
CREATE TABLE pruef_anspruch AS
SELECT
  l.monat, l.bg_nummer, l.kundennummer,
  coalesce(sum(l.anspruch) FILTER (art.grl), 0) AS grl,
  coalesce(sum(l.anspruch) FILTER (NOT art.grl), 0) AS sonstige,
  sum(l.minderung) AS minderung
FROM raw_leistung AS l
JOIN par_leistungsart AS art USING (leistungsart)
GROUP BY l.monat, l.bg_nummer, l.kundennummer;
