-- core_status: one row per month and person with a labour-market status on the counting day: ALO, ASU or NAS.
-- Of several episodes on a day the one with the latest beginning counts, as with memberships (rule 1).
-- Source: § 53a SGB II, § 16 SGB III; Quellvertrag 1.0, table arbeitsmarktstatus.
CREATE TABLE core_status AS
SELECT
    m.monat,
    s.kundennummer,
    arg_max(s.status, s.von) AS status
FROM raw_arbeitsmarktstatus AS s
INNER JOIN core_gefragt AS m ON m.stichtag >= s.von AND (s.bis IS NULL OR m.stichtag <= s.bis)
GROUP BY m.monat, s.kundennummer;
