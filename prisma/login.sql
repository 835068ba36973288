-- A login for the proxy that can add to the record and not change it. For psql, by the owner of the tables or a superuser,
-- after the migration, with LOGIN and LOGIN_PASSWORD in the environment. May be run again, to change the password.
\getenv login LOGIN
\getenv password LOGIN_PASSWORD
SELECT format('CREATE ROLE %I LOGIN IN ROLE governance_proxy', :'login')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login')
\gexec
ALTER ROLE :"login" PASSWORD :'password';
