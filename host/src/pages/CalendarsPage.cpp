#include "calendar/CalendarWords.h"
#include "pages/JobWords.h"
#include "pages/PageService.h"
#include "record/ReasonWords.h"

#include <map>
#include <memory>

namespace carillon {
namespace {

constexpr std::size_t kDaysAhead = 15;
/// Jobs that a calendar names; the others are counted.
constexpr std::size_t kNamedJobs = 30;

/// Days off and blackouts, and the jobs that have them.
struct CalendarUse {
    std::shared_ptr<const OffTimes> off{};
    std::vector<JobRef> jobs{};
};

/// Jobs whose keys say the same share one object.
std::vector<CalendarUse> calendarsOf(const Caller& caller, const Configuration& configuration) {
    std::vector<CalendarUse> uses;
    std::map<const OffTimes*, std::size_t> known;
    for (const auto& name : visibleJobs(caller, configuration, "", kJobsOfAPage * 20).names) {
        const auto job = configuration.find(name);
        if (!job || job->isFaulty() || !job->settings()->off) continue;
        const auto off = job->settings()->off;
        const auto [at, isNew] = known.try_emplace(off.get(), uses.size());
        if (isNew) uses.push_back({off, {}});
        uses[at->second].jobs.push_back(*job);
    }
    return uses;
}

std::string sentence(std::string words) {
    if (!words.empty() && words.front() >= 'a' && words.front() <= 'z')
        words.front() = static_cast<char>(words.front() - 'a' + 'A');
    return words;
}

Fields calendarFields(const Reader& reader, const CalendarUse& use, std::size_t number) {
    const Language language = reader.texts.language();
    const OffTimes& off = *use.off;
    Fields fields("number", std::to_string(number));
    std::vector<Fields> rules;
    for (const auto& words : offInWords(off, language)) rules.emplace_back("words", sentence(words));
    fields.set("rules", asList(std::move(rules)));
    const auto now = off.at(reader.now);
    setText(fields, "now", now ? reasonInWords(now->reason, language) : "");
    fields.set("until", now ? timeElement(reader, now->until, TimeForm::Full) : "");
    std::vector<Fields> days;
    for (const auto& day : daysOffAhead(off, reader.now, kDaysAhead, language)) days.emplace_back("day", day);
    fields.set("hasDays", asFlag(!days.empty()));
    fields.set("days", asList(std::move(days)));
    std::vector<Fields> jobs;
    for (std::size_t i = 0; i < std::min(kNamedJobs, use.jobs.size()); ++i) {
        Fields job("job", use.jobs[i].title().empty() ? use.jobs[i].name() : use.jobs[i].title());
        job.set("path", jobPath(use.jobs[i].name()));
        jobs.push_back(std::move(job));
    }
    fields.set("jobs", asList(std::move(jobs)));
    const auto more = static_cast<std::int64_t>(use.jobs.size() - std::min(kNamedJobs, use.jobs.size()));
    setText(fields, "more", more > 0 ? reader.texts.count("calendars.more", more) : "");
    return fields;
}

HttpResponse showCalendars(PageService& service, const Template& page, const PageRequest& request,
                           const WebCall& call) {
    const Texts& texts = request.texts();
    const auto configuration = service.context().host.configuration();
    std::vector<Fields> calendars;
    for (const auto& use : calendarsOf(call.caller, *configuration))
        calendars.push_back(calendarFields(request.reader, use, calendars.size() + 1));
    Fields fields;
    fields.set("hasCalendars", asFlag(!calendars.empty()));
    fields.set("calendars", asList(std::move(calendars)));
    return service.frame().page(request, {texts.say("calendars.title"), "calendars"}, page.render(fields, texts));
}

}  // namespace

void addCalendarsPage(Router& router, PageService& service) {
    const auto page = std::make_shared<const Template>("calendars.html");
    service.add(router, "GET", "/calendars", Need::Viewer, [&service, page](const auto& request, const auto& call) {
        return showCalendars(service, *page, request, call);
    });
}

}  // namespace carillon
