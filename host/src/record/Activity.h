#pragma once

#include "base/EnumNames.h"
#include "base/Fields.h"
#include "carillon/Clock.h"
#include "carillon/Message.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace carillon {

/// What kind of somebody acts.
enum class ActorKind : std::uint8_t {
    User,        ///< Of the page, with a password.
    Token,       ///< A program with a token.
    SystemUser,  ///< Of the machine that the host is on, with an account there.
    Host,        ///< The host by itself, or a signal to it.
    Nobody,      ///< Who did not show who they are.
};
template <>
inline constexpr std::array<std::string_view, 5> kEnumNames<ActorKind>{
    std::string_view("user"), std::string_view("token"), std::string_view("system user"), std::string_view("host"),
    std::string_view("nobody")};

/// By which way.
enum class ActVia : std::uint8_t { CommandLine, Page, Api, Host };
template <>
inline constexpr std::array<std::string_view, 4> kEnumNames<ActVia>{
    std::string_view("command line"), std::string_view("page"), std::string_view("api"), std::string_view("host")};

/// What was done.
enum class Act : std::uint8_t {
    Run,
    Backfill,
    Stop,
    Pause,
    Resume,
    Replay,
    Dismiss,
    Snooze,
    Reload,
    SignIn,
    SignOut,
    AddUser,
    ChangeUser,
    RemoveUser,
    AddToken,
    RemoveToken,
    Start,  ///< Of the host.
    End,    ///< Likewise.
};
template <>
inline constexpr std::array<std::string_view, 18> kEnumNames<Act>{
    std::string_view("run"),          std::string_view("backfill"),    std::string_view("stop"),
    std::string_view("pause"),        std::string_view("resume"),      std::string_view("replay"),
    std::string_view("dismiss"),      std::string_view("snooze"),      std::string_view("reload"),
    std::string_view("sign-in"),      std::string_view("sign-out"),    std::string_view("add-user"),
    std::string_view("change-user"),  std::string_view("remove-user"), std::string_view("add-token"),
    std::string_view("remove-token"), std::string_view("start"),       std::string_view("end")};

/// How an act ended. What a run does for somebody, a replay or a dismissal, is recorded when the run begins, as Done;
/// where rows are read (readActivity) the run itself says whether that is so.
enum class ActOutcome : std::uint8_t {
    Done,
    Refused,
    Begun,   ///< Its run goes on, or is no longer in the history. Not stored.
    Failed,  ///< Its run failed or was stopped. Not stored.
};
template <>
inline constexpr std::array<std::string_view, 4> kEnumNames<ActOutcome>{
    std::string_view("done"), std::string_view("refused"), std::string_view("begun"), std::string_view("failed")};

/// Who acts, and from where. Plain data.
struct Actor {
    ActorKind kind = ActorKind::Host;
    std::string name{};    ///< Empty: of Nobody and Host.
    std::string behind{};  ///< Who became that system user by sudo, as sudo tells; empty: nobody did.
    ActVia via = ActVia::Host;
    std::string address{};  ///< Of a request; empty: it came from this machine's command line.
};

/// As people know them: `anna`, `carillon (sudo: anna)`, `the host`.
std::string textOf(const Actor& actor);

/// A row of the activity log: what somebody did or was refused. Plain data.
struct Activity {
    std::int64_t id = 0;  ///< Of a row; the newest has the largest.
    TimePoint at{};
    TimePoint lastAt{};      ///< Of the last one that the row counts.
    std::int64_t times = 1;  ///< More: it was refused so often within a minute.
    Actor actor{};
    Act what = Act::Run;
    std::string job{};      ///< Empty: it is about no job.
    std::string subject{};  ///< A run, a user or a token; of a pause its end; may be empty.
    Message note{};
    ActOutcome outcome = ActOutcome::Done;
    Message reason{};  ///< Why it was refused, or failed.

    bool isRefused() const { return outcome == ActOutcome::Refused; }
};

/// The same with texts that are visible and no longer than they are kept.
Activity bounded(Activity activity);

/// Whether both are the same refusal, but for when.
bool isSameRefusal(const Activity& one, const Activity& other);

/// Takes what somebody did. It returns at once, throws nothing, and works whether the store does or not. Any thread.
class ActivityRecorder {
public:
    virtual ~ActivityRecorder() = default;
    virtual void record(Activity activity) noexcept = 0;
};

template <class Archive>
void fields(Archive& archive, Actor& actor) {
    archive("kind", actor.kind);
    archive.orNull("name", actor.name);
    archive.orNull("behind", actor.behind);
    archive("via", actor.via);
    archive.orNull("address", actor.address);
}

template <class Archive>
void fields(Archive& archive, Activity& activity) {
    archive("at", activity.at);
    archive("last_at", activity.lastAt);
    archive("times", activity.times);
    archive("by", activity.actor);
    archive("what", activity.what);
    archive.orNull("job", activity.job);
    archive.orNull("subject", activity.subject);
    archive.orNull("note", activity.note);
    archive("outcome", activity.outcome);
    archive.orNull("reason", activity.reason);
}

}  // namespace carillon
