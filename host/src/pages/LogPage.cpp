#include "pages/LogPage.h"

#include "api/ApiContext.h"
#include "logs/LogLineParser.h"
#include "pages/RunPage.h"
#include "schedule/TypedTime.h"
#include "words/HostTexts.h"

#include "Poco/Exception.h"

#include <algorithm>
#include <optional>

namespace carillon {
namespace {

constexpr std::size_t kUsualLines = 200;

}  // namespace

LogQuery logQueryOf(const WebCall& call, const char* count, const TimeZone& zone, TimePoint now) {
    LogQuery query{call.request.query.get("level", ""), call.request.query.get("text", ""),
                   countOf(call, count, kUsualLines)};
    const auto timeOf = [&](const char* name) -> std::optional<TypedTime> {
        const std::string text = call.request.query.get(name, "");
        try {
            return text.empty() ? std::nullopt : std::optional(parseTypedTime(text, zone, now, Toward::Past));
        } catch (const Poco::SyntaxException& e) {
            throw HttpRefusal(problem(400, "", std::string(name) + ": " + e.message()));
        }
    };
    if (const auto since = timeOf("since")) query.since = since->from;
    if (const auto until = timeOf("until")) query.until = until->until;
    if (!query.level.empty() && std::find(kLogLevels.begin(), kLogLevels.end(), query.level) == kLogLevels.end())
        throw HttpRefusal(problem(400, "", sayHost("request.level", {{"given", query.level}})));
    return query;
}

HttpResponse LogPage::answer(const PageFrame& frame, const PageRequest& request, const LogSource& source) const {
    const Texts& texts = request.texts();
    Fields fields;
    fields.set("jobs", asChoices(source.jobs, source.job));
    fields.set("job", source.job);
    fields.set("pattern", source.isOfOne ? "" : source.job);
    fields.set("liveJob", source.isOfOne ? source.job : "");
    fields.set("manyJobs", asFlag(!source.isOfOne));
    fields.set("levels", asChoices({"error", "warning", "notice", "information", "debug"}, source.query.level,
                                   [&texts](const auto& level) {
                                       return texts.say("log.atleast", {{"level", texts.say("level." + level)}});
                                   }));
    fields.set("level", source.query.level);
    fields.set("text", source.query.text);
    fields.set("since", source.since);
    fields.set("until", source.until);
    fields.set("isLive", asFlag(source.until.empty()));
    fields.set("counts", asChoices({"100", "200", "500"}, std::to_string(source.query.most)));
    fields.set("hasLines", asFlag(!source.entries.empty()));
    fields.set("lines", logFields(request.reader, source.entries));
    fields.set("isCut", asFlag(source.isCut));
    fields.set("cut", cutText(texts));
    PageHead head{texts.say("log.title"), "log", {"live.js"}};
    return frame.page(request, head, _template.render(fields, texts));
}

}  // namespace carillon
