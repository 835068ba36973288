-- DropForeignKey
ALTER TABLE "usage_log" DROP CONSTRAINT "usage_log_api_key_id_fkey";

-- DropForeignKey
ALTER TABLE "usage_log" DROP CONSTRAINT "usage_log_customer_id_fkey";

-- AlterTable
ALTER TABLE "usage_log" ADD COLUMN     "log_id" UUID,
ADD COLUMN     "leaf_index" BIGINT,
ALTER COLUMN "latency_ms" DROP NOT NULL;

-- CreateTable
CREATE TABLE "audit_leaf" (
    "log_id" UUID NOT NULL,
    "first_index" BIGINT NOT NULL,
    "hashes" BYTEA NOT NULL,

    CONSTRAINT "audit_leaf_pkey" PRIMARY KEY ("log_id","first_index")
);

-- CreateTable
CREATE TABLE "audit_checkpoint" (
    "log_id" UUID NOT NULL,
    "size" BIGINT NOT NULL,
    "note" TEXT NOT NULL,
    "frontier" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_checkpoint_pkey" PRIMARY KEY ("log_id","size")
);

-- CreateTable
CREATE TABLE "audit_key" (
    "verifier_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_key_pkey" PRIMARY KEY ("verifier_key")
);

-- CreateTable
CREATE TABLE "audit_pruning" (
    "id" UUID NOT NULL,
    "log_id" UUID NOT NULL,
    "leaf_index" BIGINT NOT NULL,
    "pruned_log_id" UUID NOT NULL,
    "first_index" BIGINT NOT NULL,
    "end_index" BIGINT NOT NULL,
    "older_than" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_pruning_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "audit_pruning_log_id_leaf_index_key" ON "audit_pruning"("log_id", "leaf_index");

-- CreateIndex
CREATE UNIQUE INDEX "usage_log_log_id_leaf_index_key" ON "usage_log"("log_id", "leaf_index");

-- Append-only for everyone. The owner and superusers can take these triggers away (DISABLE TRIGGER,
-- session_replication_role): the hashes that were published outside are there for that. Not ENABLE ALWAYS, as a logical
-- replica would then refuse what retention deletes.
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_leaf_rows_are_final BEFORE UPDATE OR DELETE ON "audit_leaf"
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();

CREATE TRIGGER audit_leaf_is_not_truncated BEFORE TRUNCATE ON "audit_leaf"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

CREATE TRIGGER audit_checkpoint_rows_are_final BEFORE UPDATE OR DELETE ON "audit_checkpoint"
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();

CREATE TRIGGER audit_checkpoint_is_not_truncated BEFORE TRUNCATE ON "audit_checkpoint"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

CREATE TRIGGER audit_key_rows_are_final BEFORE UPDATE OR DELETE ON "audit_key"
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();

CREATE TRIGGER audit_key_is_not_truncated BEFORE TRUNCATE ON "audit_key"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

CREATE TRIGGER audit_pruning_rows_are_final BEFORE UPDATE OR DELETE ON "audit_pruning"
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();

CREATE TRIGGER audit_pruning_is_not_truncated BEFORE TRUNCATE ON "audit_pruning"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- Retention may delete: with SET LOCAL governance.retention = 'on', by a role that has governance_retention, or by the
-- table's owner, who could drop the trigger as well. The search path keeps a caller's own functions out.
CREATE OR REPLACE FUNCTION usage_log_is_append_only() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('governance.retention', true) = 'on' AND (
    pg_has_role((SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
    OR coalesce(pg_has_role(to_regrole('governance_retention'), 'USAGE'), false)
  ) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'usage_log is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

-- What the two roles may do. The tables' owner can call it again, where somebody else has to make the roles first.
CREATE FUNCTION grant_governance_roles() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF to_regrole('governance_proxy') IS NOT NULL THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO governance_proxy', current_schema());
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT ON TABLES TO governance_proxy', current_schema());
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE ON SEQUENCES TO governance_proxy', current_schema());
    GRANT SELECT, INSERT ON "customer", "api_key", "policy", "customer_policy", "policy_version", "policy_set",
      "usage_log", "audit_leaf", "audit_checkpoint", "audit_key", "audit_pruning" TO governance_proxy;
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

REVOKE EXECUTE ON FUNCTION grant_governance_roles() FROM PUBLIC;

-- Roles belong to the server and not to a database: there may be others that make them now, and a role that migrates
-- without CREATEROLE goes on without them.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['governance_proxy', 'governance_retention'] LOOP
    BEGIN
      IF to_regrole(name) IS NULL THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', name);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
    END;
    -- One role that does everything goes on doing so.
    BEGIN
      IF NOT pg_has_role(to_regrole(name), 'USAGE') THEN
        EXECUTE format('GRANT %I TO CURRENT_USER', name);
      END IF;
    EXCEPTION WHEN unique_violation OR insufficient_privilege THEN NULL;
    END;
  END LOOP;
  PERFORM grant_governance_roles();
END
$$;
