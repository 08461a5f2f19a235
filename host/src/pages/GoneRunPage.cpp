#include "pages/GoneRunPage.h"

#include "pages/JobWords.h"
#include "pages/RunPage.h"

namespace carillon {

HttpResponse GoneRunPage::answer(const PageFrame& frame, const PageRequest& request,
                                 const GoneRunSource& source) const {
    constexpr int kNotFound = 404;
    const Reader& reader = request.reader;
    const Texts& texts = reader.texts;
    const GoneRun& gone = source.gone;
    const std::string job = gone.job();
    Fields fields;
    fields.set("run", source.run);
    fields.set("job", job);
    fields.set("jobPath", jobPath(job));
    fields.set("jobExists", asFlag(source.jobExists));
    fields.set("ledgerPath", "/ledger?job=" + encodeUrl(job));
    fields.set("claimed", timeElement(reader, gone.claimedAt, TimeForm::Full));
    fields.set("hasSlot", asFlag(gone.slot.has_value()));
    fields.set("due", gone.slot ? timeElement(reader, gone.slot->slotAt, TimeForm::Full) : "");
    fields.set("trigger", gone.slot ? texts.word("trigger", std::string(nameOf(gone.slot->trigger))) : "");
    // Who asked for it is for those who may ask, too.
    setText(fields, "by", gone.act && request.caller.mayOperate(job) ? textOf(gone.act->actor) : "");
    fields.set("hasLines", asFlag(!source.log.empty()));
    fields.set("lines", logFields(reader, source.log));
    PageHead head{texts.say("run.title") + ' ' + source.run};
    return frame.page(request, head, _template.render(fields, texts), kNotFound);
}

}  // namespace carillon
