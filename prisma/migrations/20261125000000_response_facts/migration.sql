-- AlterTable
ALTER TABLE "usage_log" ADD COLUMN     "response" JSONB;
