#pragma once

#include <string_view>

/// What one claim and a batch of them say to the database alike.
namespace carillon {

constexpr std::string_view kFreeLock = R"sql(
    UPDATE job_state SET run = NULL, owner = NULL, lease_until = NULL
     WHERE job = ? AND fence = ? AND run = ?)sql";

constexpr std::string_view kInsertRun = R"sql(
    INSERT INTO run (id, job, trigger_name, attempt, host, fence, scheduled_at, started_at, message)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ''))sql";

constexpr std::string_view kFinishRun = R"sql(
    UPDATE run SET finished_at = ?, outcome = ?, message = ?, report = ?
     WHERE id = ? AND fence = ? AND outcome IS NULL)sql";

constexpr std::string_view kInsertMissingSlot = R"sql(
    INSERT INTO slot (job, slot_at, ending, reason, run, trigger_name, recorded_at)
    SELECT ?, ?, ?, ?, ?, ?, ? FROM (SELECT 1 AS one) AS once
     WHERE NOT EXISTS (SELECT 1 FROM slot WHERE job = ? AND slot_at = ?))sql";

}  // namespace carillon
