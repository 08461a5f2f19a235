#include "http/LiveEvents.h"

#include <chrono>
#include <utility>

namespace carillon {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

/// Between two looks for what is new. Readers that were woken for each line would all run in the moment of a firing.
constexpr std::chrono::milliseconds kEventsLook{250};
constexpr auto kBeat = 15s;
constexpr auto kAsk = 1s;
/// For how long a browser waits before it comes back.
constexpr std::string_view kRetry = "retry: 2000\n\n";

void follow(HttpStream& stream, LiveEvents& events, const std::function<bool()>& mayGoOn) {
    auto beatAt = Steady::now() + kBeat;
    auto askAt = Steady::now() + kAsk;
    std::string text(kRetry);
    text += events.take();
    while ((text.empty() || stream.write(text)) && stream.wait(kEventsLook)) {
        const auto now = Steady::now();
        if (now >= askAt) {
            if (!mayGoOn()) return;
            askAt = now + kAsk;
        }
        text = events.take();
        if (now < beatAt) continue;
        text += events.beat();
        beatAt = now + kBeat;
    }
}

}  // namespace

std::string liveEvent(std::string_view name, std::string_view json, std::string_view id) {
    std::string text;
    if (!id.empty()) text.append("id: ").append(id).append("\n");
    return text.append("event: ").append(name).append("\ndata: ").append(json).append("\n\n");
}

HttpResponse liveAnswer(std::shared_ptr<LiveEvents> events, std::function<bool()> mayGoOn) {
    HttpResponse answer;
    answer.type = "text/event-stream";
    answer.with("X-Accel-Buffering", "no");  // a proxy in front would hold the events back
    answer.stream = [events = std::move(events), mayGoOn = std::move(mayGoOn)](HttpStream& stream) {
        follow(stream, *events, mayGoOn);
    };
    return answer;
}

}  // namespace carillon
