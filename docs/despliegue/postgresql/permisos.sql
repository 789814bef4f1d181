-- After each migration and each restoration, as portal_dueno:  psql -d portal -f permisos.sql
-- What the portal may do with each table is read from the triggers that guard it, so a new table needs no line here.
GRANT USAGE ON SCHEMA public TO portal_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO portal_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO portal_app;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM portal_app;

DO $$
DECLARE
    una record;
BEGIN
    FOR una IN
        -- A trigger without condition or columns forbids the act altogether: 8 is DELETE and 16 is UPDATE in tgtype.
        SELECT t.tgrelid::regclass AS tabla,
               bool_or(t.tgtype & 8 = 8) AS sin_borrar,
               bool_or(t.tgtype & 16 = 16 AND t.tgqual IS NULL AND t.tgattr = ''::int2vector) AS sin_cambiar
        FROM pg_trigger t
        JOIN pg_proc p ON p.oid = t.tgfoid
        JOIN pg_class c ON c.oid = t.tgrelid
        WHERE p.proname = 'solo_se_agrega' AND NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
        GROUP BY t.tgrelid
    LOOP
        IF una.sin_borrar THEN
            EXECUTE format('REVOKE DELETE ON %s FROM portal_app', una.tabla);
        END IF;
        IF una.sin_cambiar THEN
            EXECUTE format('REVOKE UPDATE ON %s FROM portal_app', una.tabla);
        END IF;
    END LOOP;
END $$;

-- Waiting for each other over a credit (SELECT … FOR UPDATE) asks for the right to change one column; the trigger refuses it.
GRANT UPDATE (id) ON recaudo TO portal_app;
