#include "pages/CheckPage.h"

#include "pages/JobWords.h"
#include "pages/PageFrame.h"

namespace carillon {
namespace {

Fields fieldsOf(const PageRequest& request, const std::string& job) {
    Fields fields;
    setActing(fields, request.caller, job);
    fields.set("job", job);
    fields.set("jobPath", jobPath(job));
    fields.set("heading", request.texts().say("check.title", {{"job", job}}));
    return fields;
}

const char* colourOf(CheckState state) {
    return state == CheckState::Passed ? "good" : state == CheckState::Warning ? "warn" : "bad";
}

}  // namespace

HttpResponse CheckPage::show(const PageFrame& frame, const PageRequest& request, const std::string& job) const {
    Fields fields = fieldsOf(request, job);
    fields.set("idle", asFlag(true));
    fields.set("running", asFlag(false));
    PageHead head{request.texts().say("check.title", {{"job", job}})};
    return frame.page(request, head, _template.render(fields, request.texts()));
}

std::string CheckPage::begin(const PageRequest& request, const std::string& job) const {
    Fields fields = fieldsOf(request, job);
    fields.set("idle", asFlag(false));
    fields.set("running", asFlag(true));
    return _template.render(fields, request.texts());
}

std::string CheckPage::item(const Reader& reader, const Texts& own, const Check& check) const {
    const Texts& texts = reader.texts;
    const std::string state(checkStateName(check.state));
    std::vector<Fields> details;
    for (const auto& [name, value] : check.details) {
        Fields detail;
        detail.set("name", own.word("detail", name, own.word("counter", name)));
        detail.set("value", inWords(reader, value));
        details.push_back(std::move(detail));
    }
    Fields fields;
    fields.set("state", state);
    fields.set("words", texts.say("checkstate." + state));
    fields.set("colour", std::string(colourOf(check.state)));
    fields.set("name", own.word("check", check.name, texts.word("checkname", check.name)));
    fields.set("message", inWords(reader, check.message));
    fields.set("messageLanguage", languageOf(reader, check.message));
    fields.set("hasDetails", asFlag(!details.empty()));
    fields.set("details", asList(std::move(details)));
    setText(fields, "recommendation", inWords(reader, check.recommendation));
    fields.set("recommendationLanguage", languageOf(reader, check.recommendation));
    return _item.render(fields, texts);
}

std::string CheckPage::end(const PageRequest& request, const std::string& job, std::size_t failed,
                           std::size_t warned) const {
    const Texts& texts = request.texts();
    Fields fields = fieldsOf(request, job);
    fields.set("summary", failed > 0   ? texts.count("check.failed", static_cast<std::int64_t>(failed))
                          : warned > 0 ? texts.say("check.warned")
                                       : texts.say("check.passed"));
    fields.set("colour", std::string(failed > 0 ? "bad" : warned > 0 ? "warn" : "good"));
    return _end.render(fields, texts);
}

}  // namespace carillon
