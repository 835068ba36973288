-- CreateTable
CREATE TABLE "policy_version" (
    "id" UUID NOT NULL,
    "customer_id" UUID,
    "number" INTEGER NOT NULL,
    "author" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "documents" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "policy_set" (
    "hash" TEXT NOT NULL,
    "documents" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_set_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE UNIQUE INDEX "policy_version_customer_id_number_key" ON "policy_version"("customer_id", "number");

-- Versions for everyone have no customer, and nulls differ from one another in the index above. Over an expression, as
-- Prisma's schema has no words for either kind of index and leaves this one alone.
CREATE UNIQUE INDEX "policy_version_everyone_number_key"
  ON "policy_version"((CASE WHEN "customer_id" IS NULL THEN "number" END));

-- AlterTable
ALTER TABLE "usage_log" ADD COLUMN     "rule_errors" JSONB,
ADD COLUMN     "shadow" JSONB;

-- AlterTable
ALTER TABLE "api_key" ADD COLUMN     "scopes" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

-- What judged, and who changed it, is kept as it was: no exception for retention, as nothing of a call is in it.
CREATE FUNCTION policy_history_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER policy_version_rows_are_final BEFORE UPDATE OR DELETE ON "policy_version"
  FOR EACH ROW EXECUTE FUNCTION policy_history_is_final();

CREATE TRIGGER policy_version_is_not_truncated BEFORE TRUNCATE ON "policy_version"
  FOR EACH STATEMENT EXECUTE FUNCTION policy_history_is_final();

CREATE TRIGGER policy_set_rows_are_final BEFORE UPDATE OR DELETE ON "policy_set"
  FOR EACH ROW EXECUTE FUNCTION policy_history_is_final();

CREATE TRIGGER policy_set_is_not_truncated BEFORE TRUNCATE ON "policy_set"
  FOR EACH STATEMENT EXECUTE FUNCTION policy_history_is_final();

-- A change of a key's scopes is a change: running proxies drop the key.
DROP TRIGGER api_key_updated ON "api_key";
CREATE TRIGGER api_key_updated AFTER UPDATE ON "api_key"
  FOR EACH ROW
  WHEN ((OLD.id, OLD.customer_id, OLD.name, OLD.api_key_hash, OLD.is_active, OLD.expires_at, OLD.revoked_at, OLD.scopes)
    IS DISTINCT FROM
    (NEW.id, NEW.customer_id, NEW.name, NEW.api_key_hash, NEW.is_active, NEW.expires_at, NEW.revoked_at, NEW.scopes))
  EXECUTE FUNCTION api_key_changed();
