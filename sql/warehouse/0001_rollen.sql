-- Roles: who may do what in the warehouse. One group role per duty, none can log in; logins are made members.
--   etl        brings deliveries, figures and results of validation in; adds, never changes
--   controller reads the published figures (views rpt_*) and nothing else
--   auditor    reads everything, writes nothing
-- Roles belong to the whole server: they may exist already, of another database or of an administrator.

DO $$
DECLARE
    rolle text;
BEGIN
    FOREACH rolle IN ARRAY ARRAY['etl', 'controller', 'auditor'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = rolle) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', rolle);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
        -- Who migrates must be able to act as each role; a superuser can, others become members.
        BEGIN
            EXECUTE format('SET LOCAL ROLE %I', rolle);
            RESET ROLE;
        EXCEPTION WHEN insufficient_privilege THEN
            EXECUTE format('GRANT %I TO %I', rolle, current_user);
        END;
    END LOOP;

    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO etl, controller, auditor', current_database());
END
$$;

REVOKE ALL ON SCHEMA jobcenter FROM PUBLIC;
GRANT USAGE ON SCHEMA jobcenter TO etl, controller, auditor;
-- Functions would be executable by everyone.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

REVOKE ALL ON jobcenter.migration FROM PUBLIC;
GRANT SELECT ON jobcenter.migration TO etl, auditor;

COMMENT ON SCHEMA jobcenter IS
    'Warehouse der SGB-II-Berichterstattung: Kennzahlen und Prüfergebnisse, keine Falldaten';
COMMENT ON TABLE jobcenter.migration IS
    'Eine Zeile je angewandter Migration (sql/warehouse)';
COMMENT ON COLUMN jobcenter.migration.nummer IS 'Laufende Nummer, die ersten vier Ziffern des Dateinamens';
COMMENT ON COLUMN jobcenter.migration.datei IS 'Name der Datei';
COMMENT ON COLUMN jobcenter.migration.sha256 IS 'SHA-256 der Datei, wie sie angewandt wurde';
COMMENT ON COLUMN jobcenter.migration.angewandt_am IS 'Zeitpunkt der Anwendung (nur für die Revision)';
