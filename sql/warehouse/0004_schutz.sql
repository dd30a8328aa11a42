-- Protection: what is in the warehouse stays as it is, for everyone (the owner of the tables included), and every
-- role gets exactly its rights.

CREATE FUNCTION jobcenter.bleibt_unveraendert() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'jobcenter.% ist unveränderlich: % ist nicht erlaubt', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'Eine Korrektur wird als neue Version geladen.';
END
$$;
COMMENT ON FUNCTION jobcenter.bleibt_unveraendert() IS 'Weist jede Änderung und Löschung geladener Zeilen ab';

-- One check per statement instead of one foreign key check per cell: a backfill adds half a million cells.
-- Loads cannot be deleted, so this is as strict as a foreign key.
CREATE FUNCTION jobcenter.zelle_gehoert_zu_ladung() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT ladung_id FROM neu) AS n
        WHERE NOT EXISTS (SELECT FROM jobcenter.ladung AS l WHERE l.ladung_id = n.ladung_id)
    ) THEN
        RAISE EXCEPTION 'jobcenter.zelle: Werte ohne Ladung' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION jobcenter.zelle_gehoert_zu_ladung() IS 'Fremdschlüssel von zelle auf ladung, einmal je Anweisung geprüft';

CREATE TRIGGER zelle_gehoert_zu_ladung AFTER INSERT ON jobcenter.zelle
    REFERENCING NEW TABLE AS neu FOR EACH STATEMENT EXECUTE FUNCTION jobcenter.zelle_gehoert_zu_ladung();
ALTER TABLE jobcenter.zelle ENABLE ALWAYS TRIGGER zelle_gehoert_zu_ladung;

DO $$
DECLARE
    tabelle text;
BEGIN
    FOREACH tabelle IN ARRAY ARRAY[
        'migration', 'lieferung', 'ladung', 'zelle', 'befundannahme', 'pruefung', 'pruefergebnis'
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER unveraenderlich BEFORE UPDATE OR DELETE OR TRUNCATE ON jobcenter.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION jobcenter.bleibt_unveraendert()', tabelle);
        -- ALWAYS: also where a session calls itself a replica.
        EXECUTE format('ALTER TABLE jobcenter.%I ENABLE ALWAYS TRIGGER unveraenderlich', tabelle);
        EXECUTE format('REVOKE ALL ON jobcenter.%I FROM PUBLIC', tabelle);
        EXECUTE format('GRANT SELECT ON jobcenter.%I TO etl, auditor', tabelle);
    END LOOP;
END
$$;

-- The columns that the database fills itself (keys, moments for the audit) cannot be given by the role.
GRANT INSERT (traegernummer, lieferung_id, erstellt_am, datenstand, archiv_sha256) ON jobcenter.lieferung TO etl;
GRANT INSERT (traegernummer, lieferung_id, berichtsmonat, version, inhalt_sha256, zeilen, wartezeit)
    ON jobcenter.ladung TO etl;
GRANT INSERT ON jobcenter.zelle TO etl;
GRANT INSERT (ladung_id, grund) ON jobcenter.befundannahme TO etl;
GRANT INSERT (traegernummer, lieferung_id, version, regelwerk_sha256, ergebnis_sha256) ON jobcenter.pruefung TO etl;
GRANT INSERT ON jobcenter.pruefergebnis TO etl;
