-- satz_integration: one row per month and searched person with a start of a job or subsidised place in the window.
-- Features and subgroups are those on the counting day of the month before. Source: Quellvertrag 1.0, rules 6 and 7.
CREATE VIEW satz_integration AS
SELECT
    s.monat,
    s.kundennummer AS satz,
    s.kundennummer,
    s.bg_nummer,
    p.geschlecht,
    p.altersgruppe AS alter,
    p.staatsangehoerigkeit,
    coalesce(b.gemeinde, 'OHNE') AS gemeinde,
    coalesce(b.geschaeftsstelle, 'OHNE') AS geschaeftsstelle,
    coalesce(b.bg_typ, 'OHNE') AS bg_typ,
    s.ist_ae,
    s.ist_lzb,
    i.integration,
    i.integration_svp,
    i.kontinuierlich,
    -- D12: whoever has an integration in the same month is not counted as an entry into marginal employment.
    i.geringfuegig AND NOT (i.integration AND zaehlregel('svp_vor_geringfuegig', s.fenster_bis) = 1) AS geringfuegig,
    i.oeffentlich_gefoerdert,
    i.nur_gefoerdert,
    i.zu_spaet_erfasst,
    1 AS anzahl
FROM core_integration AS i
INNER JOIN core_integration_suche AS s USING (monat, kundennummer)
INNER JOIN core_person_monat AS p ON s.merkmal_monat = p.monat AND s.kundennummer = p.kundennummer
LEFT JOIN core_bg_monat AS b ON s.merkmal_monat = b.monat AND s.bg_nummer = b.bg_nummer;
