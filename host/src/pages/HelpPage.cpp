#include "pages/GuideHtml.h"
#include "pages/PageService.h"
#include "shared/EmbeddedText.h"

#include "Poco/Exception.h"

#include <algorithm>
#include <memory>

namespace carillon {

namespace page_guides {
extern const std::vector<EmbeddedText> files;
}

namespace {

GuideHtml readGuide(std::string_view name) {
    const auto& files = page_guides::files;
    const auto found = std::find_if(files.begin(), files.end(), [name](const auto& file) { return file.name == name; });
    if (found == files.end()) throw Poco::LogicException("there is no guide " + std::string(name));
    return guideHtml(found->text);
}

/// Each is made when somebody reads it first.
const GuideHtml& guideIn(Language language) {
    static const GuideHtml english = readGuide("GUIDE.md");
    static const GuideHtml french = readGuide("GUIDE.fr.md");
    return language == Language::French ? french : english;
}

HttpResponse showHelp(PageService& service, const Template& page, const PageRequest& request) {
    const GuideHtml& guide = guideIn(request.texts().language());
    std::vector<Fields> headings;
    for (const auto& heading : guide.headings) {
        Fields fields("id", heading.id);
        fields.set("words", heading.words);
        fields.set("isSub", asFlag(heading.level > 2));
        headings.push_back(std::move(fields));
    }
    Fields fields;
    fields.set("headings", asList(std::move(headings)));
    fields.set("guide", guide.html);
    return service.frame().page(request, {guide.title, "help"}, page.render(fields, request.texts()));
}

}  // namespace

void addHelpPage(Router& router, PageService& service) {
    const auto page = std::make_shared<const Template>("help.html");
    service.add(router, "GET", "/help", Need::Viewer,
                [&service, page](const auto& request, const auto&) { return showHelp(service, *page, request); });
}

}  // namespace carillon
