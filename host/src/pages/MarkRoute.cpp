#include "pages/PageService.h"

#include "api/ApiContext.h"
#include "pages/JobWords.h"
#include "schedule/LocalTime.h"
#include "words/HostTexts.h"

#include <charconv>

namespace carillon {
namespace {

/// Due times of a job that a mark stands for.
struct MarkTimes {
    TimePoint from{};
    TimePoint until{};
};

/// `5885310`, a stretch, or `5885304-12`, that many from it on.
std::optional<MarkTimes> timesOf(const std::string& text) {
    const char* const end = text.data() + text.size();
    std::int64_t number = 0;
    std::int64_t count = 1;
    auto read = std::from_chars(text.data(), end, number);
    if (read.ec == std::errc{} && read.ptr != end && *read.ptr == '-') read = std::from_chars(read.ptr + 1, end, count);
    constexpr std::int64_t kMost = DayBook::kDay / JobDay::kStretch;
    constexpr std::int64_t kLast = 1LL << 32;
    if (read.ec != std::errc{} || read.ptr != end || number < 0 || number > kLast || count < 1 || count > kMost)
        return std::nullopt;
    const auto at = [](std::int64_t stretch) { return TimePoint(JobDay::kStretch * stretch); };
    return MarkTimes{at(number), at(number + count)};
}

/// As people type it: to the minute, unless it has seconds.
std::string typed(const Reader& reader, TimePoint at) {
    std::string text = toLocalRfc3339(at, *reader.zone);
    text[10] = ' ';
    return encodeUrl(text.substr(0, text.compare(16, 3, ":00") == 0 ? 16 : 19));
}

/// One due time: to its run, or why there is none; several: to the ledger of that time.
std::string placeOf(const Reader& reader, const std::string& job, const MarkTimes& times,
                    const std::vector<SlotRow>& slots) {
    if (slots.size() != 1)
        return "/ledger?job=" + encodeUrl(job) + "&since=" + typed(reader, times.from) +
               "&until=" + typed(reader, times.until - std::chrono::minutes(1));
    const SlotRow& slot = slots.front();
    if (slot.ending == SlotEnding::Ran && !slot.run.empty()) return runPath(slot.run);
    return jobPath(job) + "/why?at=" + typed(reader, slot.slotAt);
}

}  // namespace

void addMarkRoute(Router& router, PageService& service) {
    service.add(router, "GET", "/jobs/{job}/at/{times}", Need::Viewer,
                [&service](const PageRequest& request, const WebCall& call) {
                    auto& context = service.context();
                    const std::string job = jobOf(call, *context.host.configuration()).name();
                    const auto times = timesOf(call.argument("times"));
                    if (!times)
                        throw HttpRefusal(problem(404, "", sayHost("request.nothing", {{"path", call.request.path}})));
                    SlotQuery query{job, 2};
                    query.since = times->from;
                    query.until = times->until;
                    const auto slots = context.stores.with([&](RunStore& store) { return store.ledger(query); });
                    return seeOther(placeOf(request.reader, job, *times, slots));
                });
}

}  // namespace carillon
