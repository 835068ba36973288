-- DropIndex
DROP INDEX "usage_log_api_key_id_idx";

-- CreateIndex
CREATE INDEX "usage_log_api_key_id_created_at_idx" ON "usage_log"("api_key_id", "created_at");

-- CreateIndex
CREATE INDEX "usage_log_model_created_at_idx" ON "usage_log"("model", "created_at");

-- Refusals are few, and each reason has few of them: a call that is allowed pays nothing for these.
CREATE INDEX "usage_log_refused_idx" ON "usage_log"("created_at") WHERE NOT "allowed";
CREATE INDEX "usage_log_refused_reason_idx" ON "usage_log"("reason", "created_at") WHERE "reason" <> 'ok';
