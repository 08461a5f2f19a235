#include "pages/WhyPage.h"

#include "pages/JobWords.h"
#include "pages/StoryWords.h"

namespace carillon {
namespace {

Fields sentencesOf(const std::vector<std::string>& sentences) {
    std::vector<Fields> items;
    for (const auto& sentence : sentences) items.emplace_back(Fields("text", sentence));
    return asList(std::move(items));
}

Fields fieldsOf(const StorySentence& sentence) {
    Fields fields;
    fields.set("text", sentence.text);
    fields.set("isQuoted", asFlag(sentence.isQuoted));
    fields.set("language", sentence.language);
    setText(fields, "run", sentence.run.empty() ? "" : runPath(sentence.run));
    fields.set("runName", sentence.run);
    return fields;
}

Fields fieldsOf(const Reader& reader, const SlotGroup& group) {
    Fields fields = badgeFields(group.words.ending);
    fields.set("at", timeElement(reader, group.first, TimeForm::Full));
    fields.set("isMany", asFlag(group.count > 1));
    fields.set("last", timeElement(reader, group.last, TimeForm::Full));
    fields.set("count", numberText(reader.texts, group.count));
    std::vector<Fields> sentences;
    for (const auto& sentence : group.words.sentences) sentences.push_back(fieldsOf(sentence));
    fields.set("sentences", asList(std::move(sentences)));
    return fields;
}

}  // namespace

HttpResponse WhyPage::answer(const PageFrame& frame, const PageRequest& request, const WhySource& source) const {
    const Texts& texts = request.texts();
    Fields fields;
    fields.set("job", source.job);
    fields.set("jobPath", jobPath(source.job));
    fields.set("text", source.text);
    fields.set("isUnreadable", asFlag(source.isUnreadable));
    std::vector<Fields> slots;
    for (const auto& group : groupsOf(request.reader, source.story)) slots.push_back(fieldsOf(request.reader, group));
    fields.set("slots", asList(std::move(slots)));
    if (!source.isUnreadable) {
        fields.set("summary", sentencesOf(summaryOf(request.reader, source.story, *source.asked, source.ofJob)));
        fields.set("neighbours", sentencesOf(neighboursOf(request.reader, source.story, source.ofJob)));
    }
    PageHead head{texts.say("why.title", {{"job", source.job}})};
    return frame.page(request, head, _template.render(fields, texts));
}

}  // namespace carillon
