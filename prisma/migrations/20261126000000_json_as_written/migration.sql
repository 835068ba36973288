-- What is kept as JSON is stored as it was written, and hashed, where JSONB takes it apart: half the cost of a row, and a
-- row is read in the very form that its leaf was made of. Rows that are there keep the form that JSONB gave them.

-- AlterTable
ALTER TABLE "usage_log" ALTER COLUMN "contributions" SET DATA TYPE JSON,
ALTER COLUMN "meta" SET DATA TYPE JSON,
ALTER COLUMN "response" SET DATA TYPE JSON,
ALTER COLUMN "rule_errors" SET DATA TYPE JSON,
ALTER COLUMN "shadow" SET DATA TYPE JSON;
