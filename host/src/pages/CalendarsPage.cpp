#include "calendar/CalendarWords.h"
#include "calendar/OffDates.h"
#include "pages/JobWords.h"
#include "pages/PageService.h"
#include "record/ReasonWords.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace carillon {
namespace {

constexpr std::size_t kDatesAhead = 12;
/// Jobs that a date names; the others are counted.
constexpr std::size_t kTouchedJobs = 4;
/// Jobs that a calendar names; the others are counted.
constexpr std::size_t kNamedJobs = 30;

/// Days off and blackouts, and the jobs that have them.
struct CalendarUse {
    std::shared_ptr<const OffTimes> off{};
    std::vector<JobRef> jobs{};
    /// Of each job: when its schedule is due; null: it has none.
    std::vector<std::shared_ptr<const Timetable>> tables{};
};

/// The same for calendars that say the same, whichever job's file they are of.
std::string signatureOf(const OffTimes& off) {
    std::string text = off.zone().name() + '\n' + std::to_string(static_cast<int>(off.keys().rule)) + '\n' +
                       std::to_string(off.days().fingerprint());
    for (const auto& calendar : off.keys().calendars) text += '\n' + calendar;
    for (const auto& window : off.keys().blackout.all()) text += '\n' + window.text;
    for (const auto& event : off.events())
        text += '\n' + toRfc3339(event.from) + ' ' + toRfc3339(event.until) + ' ' + event.name;
    return text;
}

std::vector<CalendarUse> calendarsOf(const Caller& caller, const Configuration& configuration) {
    std::vector<CalendarUse> uses;
    std::map<std::string, std::size_t> known;
    for (const auto& name : visibleJobs(caller, configuration, "", kJobsOfAPage * 20).names) {
        const auto job = configuration.find(name);
        if (!job || job->isFaulty() || !job->settings()->off) continue;
        const auto off = job->settings()->off;
        const auto [at, isNew] = known.try_emplace(signatureOf(*off), uses.size());
        if (isNew) uses.push_back({off, {}, {}});
        const auto settings = job->settings();
        uses[at->second].jobs.push_back(*job);
        uses[at->second].tables.push_back(
            settings->schedule.empty() ? nullptr : timetableOf(*settings, settings->schedule, name));
    }
    return uses;
}

std::string sentence(std::string words) {
    if (!words.empty() && words.front() >= 'a' && words.front() <= 'z')
        words.front() = static_cast<char>(words.front() - 'a' + 'A');
    return words;
}

Fields jobFields(const JobRef& ref) {
    Fields job("job", ref.title().empty() ? ref.name() : ref.title());
    job.set("path", jobPath(ref.name()));
    return job;
}

void setMore(Fields& fields, const Texts& texts, std::size_t more) {
    setText(fields, "more", more > 0 ? texts.count("calendars.more", static_cast<std::int64_t>(more)) : "");
}

/// A date, and the jobs that have a slot in what is left of it.
Fields dateFields(const Reader& reader, const CalendarUse& use, const OffDate& date, const std::string& words) {
    constexpr std::chrono::microseconds kJustBefore{1};
    Fields fields("words", words);
    std::vector<Fields> jobs;
    std::size_t touched = 0;
    for (std::size_t i = 0; i < use.jobs.size(); ++i) {
        if (!use.tables[i]) continue;
        const auto slot = use.tables[i]->next(std::max(date.from, reader.now) - kJustBefore);
        if (!slot || *slot >= date.until) continue;
        if (++touched <= kTouchedJobs) jobs.push_back(jobFields(use.jobs[i]));
    }
    fields.set("untouched", asFlag(touched == 0));
    fields.set("jobs", asList(std::move(jobs)));
    setMore(fields, reader.texts, touched - std::min(touched, kTouchedJobs));
    return fields;
}

/// Sets the list and whether there is any.
void setDates(Fields& fields, const std::string& name, std::vector<Fields> dates) {
    fields.set("has" + name, asFlag(!dates.empty()));
    fields.set(name, asList(std::move(dates)));
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
    for (const auto& date : daysOffAfter(off, reader.now, kDatesAhead))
        days.push_back(dateFields(reader, use, date, dayOffInWords(date, off.zone(), language)));
    setDates(fields, "Days", std::move(days));
    std::vector<Fields> blackouts;
    for (const auto& date : blackoutsAfter(off, reader.now, kDatesAhead))
        blackouts.push_back(dateFields(reader, use, date, blackoutInWords(date, off.zone(), language)));
    setDates(fields, "Blackouts", std::move(blackouts));
    std::vector<Fields> jobs;
    for (std::size_t i = 0; i < std::min(kNamedJobs, use.jobs.size()); ++i) jobs.push_back(jobFields(use.jobs[i]));
    fields.set("jobs", asList(std::move(jobs)));
    setMore(fields, reader.texts, use.jobs.size() - std::min(kNamedJobs, use.jobs.size()));
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
