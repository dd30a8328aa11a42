-- Less for everyone: what no role needs is taken away, and rows join only what was added in the same transaction.

-- A load and its values are sealed together: before, etl could still add values to any earlier load, which only a later
-- comparison would have shown. The moment of a load comes from the database and cannot be given, so a load with the
-- moment of this transaction is one of this transaction.
CREATE OR REPLACE FUNCTION jobcenter.zelle_gehoert_zu_ladung() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT ladung_id FROM neu) AS n
        WHERE NOT EXISTS (
            SELECT FROM jobcenter.ladung AS l
            WHERE l.ladung_id = n.ladung_id AND l.geladen_am = transaction_timestamp()
        )
    ) THEN
        RAISE EXCEPTION 'jobcenter.zelle: Werte ohne Ladung in derselben Transaktion'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION jobcenter.zelle_gehoert_zu_ladung() IS
    'Lässt nur Werte einer Ladung zu, die in derselben Transaktion entsteht; einmal je Anweisung geprüft';

CREATE FUNCTION jobcenter.pruefergebnis_gehoert_zu_pruefung() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT pruefung_id FROM neu) AS n
        WHERE NOT EXISTS (
            SELECT FROM jobcenter.pruefung AS p
            WHERE p.pruefung_id = n.pruefung_id AND p.geprueft_am = transaction_timestamp()
        )
    ) THEN
        RAISE EXCEPTION 'jobcenter.pruefergebnis: Ergebnisse ohne Prüfung in derselben Transaktion'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION jobcenter.pruefergebnis_gehoert_zu_pruefung() IS
    'Lässt nur Ergebnisse einer Prüfung zu, die in derselben Transaktion entsteht; einmal je Anweisung geprüft';
REVOKE ALL ON FUNCTION jobcenter.pruefergebnis_gehoert_zu_pruefung() FROM PUBLIC;

CREATE TRIGGER pruefergebnis_gehoert_zu_pruefung AFTER INSERT ON jobcenter.pruefergebnis
    REFERENCING NEW TABLE AS neu
    FOR EACH STATEMENT EXECUTE FUNCTION jobcenter.pruefergebnis_gehoert_zu_pruefung();
ALTER TABLE jobcenter.pruefergebnis ENABLE ALWAYS TRIGGER pruefergebnis_gehoert_zu_pruefung;

ALTER FUNCTION jobcenter.bleibt_unveraendert() SET search_path = pg_catalog;

-- PostgreSQL lets everyone keep large objects, and before version 15 also tables in the schema public: a place to put
-- data aside that nobody looks into. Only a superuser, or who owns the database, can end that; an owner without the
-- right leaves it to the administrator (operator's handbook, chapter 9).
DO $$
DECLARE
    funktion text;
BEGIN
    FOREACH funktion IN ARRAY ARRAY['lo_creat(integer)', 'lo_create(oid)', 'lo_from_bytea(oid, bytea)'] LOOP
        BEGIN
            EXECUTE format('REVOKE EXECUTE ON FUNCTION pg_catalog.%s FROM PUBLIC', funktion);
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE NOTICE 'Das Recht auf % kann nur ein Superuser entziehen', funktion;
        END;
    END LOOP;
    BEGIN
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    EXCEPTION WHEN insufficient_privilege OR invalid_schema_name THEN
        RAISE NOTICE 'Das Schema public gehört einer anderen Anmeldung oder fehlt';
    END;
END
$$;
