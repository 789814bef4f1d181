-- Once for each server, as its administrator, in the portal's own database:  psql -d portal -f roles.sql
-- portal_dueno owns the tables and migrates; portal_app serves, and can change neither the schema nor what is only added to.
-- Passwords are given apart (\password portal_app), or none with client certificates: pg_hba.conf asks "hostssl … scram-sha-256".
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_dueno') THEN
        CREATE ROLE portal_dueno LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_app') THEN
        CREATE ROLE portal_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 100;
    END IF;
END $$;

DO $$
BEGIN
    -- The owner makes and sets aside schemas when a backup is restored.
    EXECUTE format('GRANT CONNECT, CREATE, TEMPORARY ON DATABASE %I TO portal_dueno', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO portal_app', current_database());
END $$;

ALTER SCHEMA public OWNER TO portal_dueno;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

ALTER ROLE portal_app SET statement_timeout = '10s';
ALTER ROLE portal_app SET lock_timeout = '5s';
ALTER ROLE portal_app SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE portal_app SET timezone = 'UTC';
