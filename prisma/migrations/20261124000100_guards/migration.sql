-- usage_log is append-only. Retention, and nothing else, may delete: SET LOCAL governance.retention = 'on'.
CREATE FUNCTION usage_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('governance.retention', true) = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'usage_log is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER usage_log_rows_are_final BEFORE UPDATE OR DELETE ON "usage_log"
  FOR EACH ROW EXECUTE FUNCTION usage_log_is_append_only();

CREATE TRIGGER usage_log_is_not_truncated BEFORE TRUNCATE ON "usage_log"
  FOR EACH STATEMENT EXECUTE FUNCTION usage_log_is_append_only();

-- Running proxies drop what they cached. The payload holds ids only; src/database/changes.ts reads it.
CREATE FUNCTION api_key_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('governance_changes', json_build_object('table', 'api_key', 'id', OLD.id)::text);
  RETURN NULL;
END
$$;

CREATE FUNCTION customer_policy_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM pg_notify('governance_changes',
      json_build_object('table', 'customer_policy', 'customer', OLD.customer_id)::text);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM pg_notify('governance_changes',
      json_build_object('table', 'customer_policy', 'customer', NEW.customer_id)::text);
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION policy_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('governance_changes', json_build_object('table', 'policy')::text);
  RETURN NULL;
END
$$;

-- A use of a key is not a change: last_used_at alone does not notify.
CREATE TRIGGER api_key_updated AFTER UPDATE ON "api_key"
  FOR EACH ROW
  WHEN ((OLD.id, OLD.customer_id, OLD.name, OLD.api_key_hash, OLD.is_active, OLD.expires_at, OLD.revoked_at)
    IS DISTINCT FROM
    (NEW.id, NEW.customer_id, NEW.name, NEW.api_key_hash, NEW.is_active, NEW.expires_at, NEW.revoked_at))
  EXECUTE FUNCTION api_key_changed();

CREATE TRIGGER api_key_deleted AFTER DELETE ON "api_key"
  FOR EACH ROW EXECUTE FUNCTION api_key_changed();

CREATE TRIGGER customer_policy_changed AFTER INSERT OR UPDATE OR DELETE ON "customer_policy"
  FOR EACH ROW EXECUTE FUNCTION customer_policy_changed();

CREATE TRIGGER policy_changed AFTER INSERT OR UPDATE OR DELETE ON "policy"
  FOR EACH STATEMENT EXECUTE FUNCTION policy_changed();
