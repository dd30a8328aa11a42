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

-- One row per member on the newest counting day that has come, with the office that is responsible (OHNE: no address).
CREATE TABLE pruef_heute AS
SELECT
  m.kundennummer, m.bg_nummer, m.rolle, m.erwerbsfaehig,
  coalesce(arg_max(b.geschaeftsstelle, b.gueltig_von), 'OHNE') AS geschaeftsstelle
FROM pruef_mitglied AS m
LEFT JOIN raw_bedarfsgemeinschaft AS b
  ON b.bg_nummer = m.bg_nummer
 AND b.gueltig_von <= m.stichtag AND coalesce(b.gueltig_bis, DATE '9999-12-31') >= m.stichtag
WHERE m.monat = (SELECT max(monat) FROM pruef_monat WHERE stichtag <= (SELECT datenstand FROM lieferung))
GROUP BY m.kundennummer, m.bg_nummer, m.rolle, m.erwerbsfaehig;

-- One row per member and counting day: 1 for each person group of counting rule 2 whose conditions hold, NULL where they
-- cannot be decided. They are written independently of each other, so that exactly one must hold.
CREATE TABLE pruef_gruppe AS
WITH bedingung AS (
  SELECT
    m.*,
    m.ausschlussgrund IS NOT NULL AS ausgeschlossen,
    coalesce(a.grl, 0) > 0 AS regelleistung,
    coalesce(a.sonstige, 0) > 0 AS andere_leistung,
    m.erwerbsfaehig AND m.lebensalter >= elb.wert AND m.stichtag < g.altersgrenze_ab AS erwerbsfaehig_im_alter,
    m.rolle = 'KI' AND m.familienstand = 'LED' AND m.lebensalter < voll.wert AS minderjaehriges_kind
  FROM pruef_mitglied AS m
  JOIN par_zaehlregel AS elb
    ON elb.name = 'mindestalter_elb' AND m.stichtag BETWEEN elb.gueltig_ab AND elb.gueltig_bis
  JOIN par_zaehlregel AS voll
    ON voll.name = 'volljaehrigkeit' AND m.stichtag BETWEEN voll.gueltig_ab AND voll.gueltig_bis
  LEFT JOIN pruef_altersgrenze AS g USING (kundennummer)
  LEFT JOIN pruef_anspruch AS a USING (monat, bg_nummer, kundennummer)
)
SELECT
  monat, bg_nummer, kundennummer, lebensalter, erwerbsfaehig, rolle, familienstand,
  CAST(NOT ausgeschlossen AND regelleistung AND erwerbsfaehig_im_alter AS INTEGER) AS elb,
  CAST(NOT ausgeschlossen AND regelleistung AND NOT erwerbsfaehig_im_alter AS INTEGER) AS nef,
  CAST(andere_leistung AND (ausgeschlossen OR NOT regelleistung) AS INTEGER) AS slb,
  CAST(ausgeschlossen AND NOT andere_leistung AS INTEGER) AS aus,
  CAST(NOT (ausgeschlossen OR regelleistung OR andere_leistung) AND minderjaehriges_kind AS INTEGER) AS kol,
  CAST(NOT (ausgeschlossen OR regelleistung OR andere_leistung OR minderjaehriges_kind) AS INTEGER) AS abgelehnt
FROM bedingung;

-- One row per person and month with standard benefits: the need that reductions are measured by.
CREATE TABLE pruef_regelbedarf AS
SELECT monat, kundennummer, sum(bedarf) AS regelbedarf
FROM raw_leistung
WHERE leistungsart IN ('RB20', 'SOZ23')
GROUP BY monat, kundennummer;

-- One row per kind of breach and state of the law: the highest reduction in percent of the standard need.
CREATE TABLE pruef_minderungshoehe AS
SELECT grund, gueltig_ab, gueltig_bis, least(max(prozent), max(hoechstens_prozent)) AS prozent
FROM par_minderungsregel
GROUP BY grund, gueltig_ab, gueltig_bis;

-- One row per month that was final in the previous delivery already (T-3): nothing of it may change any more.
CREATE TABLE pruef_abgeschlossen AS
SELECT m.monat, m.stichtag
FROM pruef_monat AS m
JOIN par_zaehlregel AS z
  ON z.name = 'endgueltig_nach_monaten' AND m.stichtag BETWEEN z.gueltig_ab AND z.gueltig_bis
JOIN vorlieferung AS v ON m.stichtag + to_months(CAST(z.wert AS INTEGER)) <= v.datenstand;

-- One row per key figure and month: its change since the month before in percent.
CREATE TABLE pruef_veraenderung AS
WITH
eckwert AS (
  SELECT 'BG' AS groesse, monat, count(DISTINCT bg_nummer) AS wert
  FROM pruef_anspruch WHERE grl > 0 OR sonstige > 0 GROUP BY monat
  UNION ALL
  SELECT 'PERSONEN', monat, count(DISTINCT kundennummer) FROM pruef_anspruch WHERE grl > 0 GROUP BY monat
  UNION ALL
  SELECT 'LLU', monat, sum(anspruch) FROM raw_leistung JOIN par_leistungsart AS art USING (leistungsart)
  WHERE art.llu GROUP BY monat
),
vergleich AS (
  SELECT groesse, monat, wert, lag(wert) OVER (PARTITION BY groesse ORDER BY monat) AS vormonat
  FROM eckwert
)
SELECT groesse, monat, CAST(100 * (wert - vormonat) / vormonat AS DOUBLE) AS prozent
FROM vergleich
WHERE vormonat > 0;
