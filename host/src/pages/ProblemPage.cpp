#include "pages/ProblemPage.h"

#include "base/JsonValue.h"
#include "pages/JobWords.h"

namespace carillon {
namespace {

constexpr std::string_view kUrn = "urn:carillon:problem:";

std::string textOf(const JsonValue& json, std::string_view name) {
    return json.has(name) && json[name].isText() ? json[name].text() : "";
}

/// Of the kind, else of the status, else of all.
std::string sayBest(const Texts& texts, const std::string& kind, int status, const std::string& end) {
    for (const auto& key : {"problem." + kind + end, "problem." + std::to_string(status) + end})
        if (texts.all().contains(key)) return texts.say(key);
    return end.empty() ? texts.say("problem.any") : "";
}

}  // namespace

ProblemWords wordsOf(const Reader& reader, const HttpResponse& answer) {
    const Texts& texts = reader.texts;
    ProblemWords words;
    try {
        const auto json = JsonValue::parse(answer.body);
        const std::string type = textOf(json, "type");
        if (type.starts_with(kUrn)) words.kind = type.substr(kUrn.size());
        words.detail = answer.refusal ? inWords(reader, answer.refusal->detail) : textOf(json, "detail");
        if (answer.refusal) words.language = languageOf(reader, answer.refusal->detail);
        words.run = textOf(json, "run");
    } catch (const Poco::DataFormatException&) {
    }
    words.what = sayBest(texts, words.kind, answer.status, "");
    words.todo = sayBest(texts, words.kind, answer.status, ".todo");
    return words;
}

HttpResponse ProblemPage::answer(const PageFrame& frame, const PageRequest& request,
                                 const HttpResponse& refused) const {
    const Texts& texts = request.texts();
    const ProblemWords words = wordsOf(request.reader, refused);
    Fields fields;
    fields.set("what", words.what);
    fields.set("todo", words.todo);
    setText(fields, "detail", words.detail);
    fields.set("language", words.language);
    fields.set("run", runPath(words.run));
    fields.set("hasRun", asFlag(!words.run.empty()));
    fields.set("status", std::to_string(refused.status));
    HttpResponse page = frame.page(request, {words.what, ""}, _template.render(fields, texts), refused.status);
    for (const auto& [name, value] : refused.headers) page.with(name, value);
    return page;
}

}  // namespace carillon
