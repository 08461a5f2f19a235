#include "pages/LogPage.h"

#include "api/ApiContext.h"
#include "logs/LogLineParser.h"
#include "pages/RunPage.h"

#include <algorithm>

namespace carillon {
namespace {

constexpr std::size_t kUsualLines = 200;

Fields jobsOf(const LogSource& source) {
    std::vector<Fields> items;
    for (const auto& job : source.jobs) {
        Fields fields;
        fields.set("job", job);
        fields.set("chosen", asFlag(job == source.job));
        items.push_back(std::move(fields));
    }
    return asList(std::move(items));
}

Fields levelsOf(const Texts& texts, const std::string& chosen) {
    std::vector<Fields> items;
    for (const char* level : {"error", "warning", "notice", "information", "debug"}) {
        Fields fields;
        fields.set("level", std::string(level));
        fields.set("words", texts.say("log.atleast", {{"level", texts.say(std::string("level.") + level)}}));
        fields.set("chosen", asFlag(chosen == level));
        items.push_back(std::move(fields));
    }
    return asList(std::move(items));
}

Fields countsOf(std::size_t chosen) {
    std::vector<Fields> items;
    for (const std::size_t count : {100, 200, 500}) {
        Fields fields;
        fields.set("count", std::to_string(count));
        fields.set("chosen", asFlag(count == chosen));
        items.push_back(std::move(fields));
    }
    return asList(std::move(items));
}

}  // namespace

LogQuery logQueryOf(const WebCall& call) {
    LogQuery query{call.request.query.get("level", ""), call.request.query.get("text", ""),
                   countOf(call, "n", kUsualLines)};
    if (!query.level.empty() && std::find(kLogLevels.begin(), kLogLevels.end(), query.level) == kLogLevels.end())
        throw HttpRefusal(problem(400, "", "level = " + query.level + ", expected one such as error or warning"));
    return query;
}

HttpResponse LogPage::answer(const PageFrame& frame, const PageRequest& request, const LogSource& source) const {
    const Texts& texts = request.texts();
    Fields fields;
    fields.set("jobs", jobsOf(source));
    fields.set("job", source.job);
    fields.set("oneJob", asFlag(!source.job.empty()));
    fields.set("allJobs", asFlag(source.job.empty()));
    fields.set("levels", levelsOf(texts, source.query.level));
    fields.set("level", source.query.level);
    fields.set("text", source.query.text);
    fields.set("counts", countsOf(source.query.most));
    fields.set("hasLines", asFlag(!source.entries.empty()));
    fields.set("lines", logFields(request.reader, source.entries));
    fields.set("isCut", asFlag(source.isCut));
    fields.set("cut", cutText(texts));
    PageHead head{texts.say("log.title"), "log", {"live.js"}};
    return frame.page(request, head, _template.render(fields, texts));
}

}  // namespace carillon
