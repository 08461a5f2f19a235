#pragma once

#include "AgoraSession.h"
#include "AgoraTime.h"
#include "OutboxRows.h"

#include "carillon/Clock.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace passerelle {

/// The table passerelle_outbox: every mail that was ever planned, once each. This and OutboxReview have the only SQL on
/// it.
///
/// A mail goes from planned to sending before a word is said to a mail server, and to sent after its answer. Whoever
/// finds one that was left at sending cannot know whether it went out: it is put aside and never sent by itself. So
/// none is sent twice. Only the run that has claimed a mail changes it from then on, but for noteAbandoned().
class Outbox {
public:
    /// Borrows both; the clock tells all times in the table.
    Outbox(AgoraSession& session, const carillon::Clock& clock) : _session(session), _clock(clock) {}

    /// Creates the table, likewise Inbox::migrate().
    void migrate();
    /// What makes it, on one line, for an administrator.
    std::string script();
    /// Whether migrate() was ever done here. Writes nothing.
    bool exists();

    /// In the transaction: those whose occasion is new.
    std::vector<PlannedMail> newOf(const std::vector<PlannedMail>& mails);
    /// In the transaction: adds those. Returns how many they were.
    std::int64_t plan(const std::vector<PlannedMail>& mails);
    /// In the transaction: the reminders so far, by token; their days are Agora's.
    std::map<std::int64_t, Reminded> reminded(const AgoraTime& time);

    /// The planned ones that are due, the oldest first; among them those that a clock which was ahead put off too far.
    std::vector<OutboxMail> due(std::span<const MailKind> kinds, std::size_t limit);
    /// True: it is this run's to send. False: another run has it. Asked again, it says the same.
    bool claim(std::int64_t id, const std::string& run);
    void markSent(std::int64_t id, const std::string& run);
    /// Not sent: it is planned again. `counts`: the attempt was one.
    void release(std::int64_t id, const std::string& run, carillon::TimePoint dueAt, bool counts,
                 const std::string& detail);
    /// `detail`: in English; mailDetail() has it in words again.
    void putAside(std::int64_t id, const std::string& run, const char* reason, const std::string& detail);
    /// There is no occasion for it any more.
    void drop(std::int64_t id, const std::string& run, const char* reason);
    /// Puts aside what a run has claimed and left. Returns which.
    std::vector<OutboxMail> noteAbandoned(std::span<const MailKind> kinds, const AbandonedBounds& bounds);

private:
    void end(std::int64_t id, const std::string& run, const char* state, const char* reason, const std::string& detail);

    AgoraSession& _session;
    const carillon::Clock& _clock;
};

}  // namespace passerelle
