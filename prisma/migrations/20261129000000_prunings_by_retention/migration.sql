-- A proxy records calls; prunings are for the role of retention.
CREATE OR REPLACE FUNCTION grant_governance_roles() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF to_regrole('governance_proxy') IS NOT NULL THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO governance_proxy', current_schema());
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT ON TABLES TO governance_proxy', current_schema());
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE ON SEQUENCES TO governance_proxy', current_schema());
    GRANT SELECT, INSERT ON "customer", "api_key", "policy", "customer_policy", "policy_version", "policy_set",
      "usage_log", "audit_leaf", "audit_checkpoint", "audit_key" TO governance_proxy;
    GRANT SELECT ON "audit_pruning" TO governance_proxy;
    GRANT UPDATE ("is_active", "revoked_at", "last_used_at") ON "api_key" TO governance_proxy;
    GRANT UPDATE ("default_value", "updated_at") ON "policy" TO governance_proxy;
    GRANT UPDATE ("value", "updated_at"), DELETE ON "customer_policy" TO governance_proxy;
    -- A start without migrations looks whether one is missing.
    IF to_regclass('_prisma_migrations') IS NOT NULL THEN
      GRANT SELECT ON "_prisma_migrations" TO governance_proxy;
    END IF;
  END IF;
  IF to_regrole('governance_retention') IS NOT NULL THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO governance_retention', current_schema());
    GRANT SELECT, DELETE ON "usage_log" TO governance_retention;
    GRANT SELECT, INSERT ON "audit_leaf", "audit_checkpoint", "audit_key", "audit_pruning" TO governance_retention;
  END IF;
END
$$;

DO $$
BEGIN
  IF to_regrole('governance_proxy') IS NOT NULL THEN
    REVOKE INSERT ON "audit_pruning" FROM governance_proxy;
  END IF;
END
$$;
