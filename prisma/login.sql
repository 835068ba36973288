-- A login for the proxy that can add to the record and not change it. For psql, by the owner of the tables or a superuser,
-- after the migration, with LOGIN and LOGIN_PASSWORD in the environment. May be run again, to change the password.
\set ON_ERROR_STOP on
\getenv login LOGIN
\getenv password LOGIN_PASSWORD
BEGIN;
SELECT :'login' = '' OR :'password' = '' AS is_missing,
  EXISTS (
    SELECT FROM pg_roles WHERE rolname = :'login'
    AND (rolsuper OR pg_has_role(oid, (SELECT relowner FROM pg_class WHERE oid = 'usage_log'::regclass), 'MEMBER'))
  ) AS is_owner,
  -- It may delete, for retention.
  EXISTS (
    SELECT FROM pg_roles AS login, pg_roles AS cleaner
    WHERE login.rolname = :'login' AND cleaner.rolname = 'governance_retention'
    AND pg_has_role(login.oid, cleaner.oid, 'MEMBER')
  ) AS is_cleaner
\gset
\if :is_missing
  DO $$ BEGIN RAISE 'LOGIN and LOGIN_PASSWORD have to be set'; END $$;
\endif
\if :is_owner
  DO $$ BEGIN RAISE 'LOGIN could change the record: take another name'; END $$;
\endif
\if :is_cleaner
  DO $$ BEGIN RAISE 'LOGIN could delete records, as a member of governance_retention: take another name'; END $$;
\endif
SELECT format('CREATE ROLE %I', :'login') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login')
\gexec
ALTER ROLE :"login" LOGIN PASSWORD :'password';
GRANT governance_proxy TO :"login";
COMMIT;
