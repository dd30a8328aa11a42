-- One person, however the name is written: also with the surname first. And the same rule for waivers, whose own check
-- could not fold umlauts. Waivers that were given before are not judged again.

DO $$
DECLARE
    sortierung text;
BEGIN
    -- Only the server knows which of its collations can fold umlauts.
    SELECT c.collname INTO sortierung
    FROM pg_collation AS c
    JOIN unnest(ARRAY['pg_c_utf8', 'und-x-icu', 'C.utf8', 'C.UTF-8', 'default']) WITH ORDINALITY AS n (name, rang)
        ON c.collname = n.name
    WHERE c.collnamespace = 'pg_catalog'::regnamespace
        AND c.collencoding IN (-1, pg_char_to_encoding(getdatabaseencoding()))
    ORDER BY n.rang
    LIMIT 1;
    EXECUTE format($funktion$
        CREATE OR REPLACE FUNCTION jobcenter.person_schluessel(name text) RETURNS text
        LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog AS $koerper$
            SELECT coalesce(string_agg(wort, ' ' ORDER BY wort COLLATE "C"), '')
            FROM regexp_split_to_table(
                replace(lower(
                    regexp_replace(
                        normalize(name, NFKC), '[\u00AD\u200B-\u200F\u2060\uFEFF]', '', 'g'
                    ) COLLATE %1$I
                ), 'ß', 'ss') COLLATE %1$I,
                '\W+'
            ) AS wort
            WHERE wort <> ''
        $koerper$
    $funktion$, sortierung);
END
$$;
COMMENT ON FUNCTION jobcenter.person_schluessel(text) IS
    'Die Wörter eines Namens, geordnet, ohne Großschreibung und Zeichen: gleich bei gleicher Person, wie auch immer geschrieben';

ALTER TABLE jobcenter.ausnahme ADD CONSTRAINT ausnahme_vier_augen
    CHECK (jobcenter.person_schluessel(beantragt_von) <> jobcenter.person_schluessel(bewilligt_von)) NOT VALID;
