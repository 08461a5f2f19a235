#include "pages/PageFrame.h"

#include "access/Secrets.h"
#include "api/ActivityReads.h"
#include "shared/EmbeddedText.h"
#include "words/HostTexts.h"

#include "Poco/Exception.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>

namespace carillon {

namespace page_assets {
extern const std::vector<EmbeddedText> files;
}

namespace {

/// Cannot stand in a page: controls are no text of HTML.
const std::string kContent = "\x01";

/// A choice of light and dark.
Fields themesOf(const Texts& texts, Theme chosen) {
    // The last character of each says that it is a sign, and no picture.
    static constexpr std::array kSigns{"\u25d0\ufe0e", "\u2600\ufe0e", "\u263e\ufe0e"};
    static_assert(kSigns.size() == kEnumNames<Theme>.size());
    std::vector<Fields> themes;
    for (std::size_t i = 0; i < kSigns.size(); ++i) {
        const std::string name(kEnumNames<Theme>[i]);
        Fields fields("value", name);
        fields.set("words", texts.say("theme.label") + texts.say("why.colon") + ' ' + texts.say("theme." + name));
        fields.set("sign", kSigns[i]);
        fields.set("chosen", asFlag(i == static_cast<std::size_t>(chosen)));
        themes.push_back(std::move(fields));
    }
    return asList(std::move(themes));
}

Fields scriptsOf(const PageHead& head) {
    std::vector<Fields> scripts;
    for (const auto& name : head.scripts) scripts.emplace_back(Fields("src", assetPath(name)));
    return asList(std::move(scripts));
}

struct Asset {
    std::string path{};
    std::string type{};
    std::string_view text{};
};

std::string typeOf(std::string_view name) {
    if (name.ends_with(".css")) return "text/css; charset=utf-8";
    if (name.ends_with(".svg")) return "image/svg+xml";
    return "text/javascript; charset=utf-8";
}

const std::map<std::string, Asset, std::less<>>& assets() {
    static const auto all = [] {
        std::map<std::string, Asset, std::less<>> found;
        for (const auto& file : page_assets::files)
            found[std::string(file.name)] = {
                "/static/" + sha256Hex(file.text).substr(0, 12) + '/' + std::string(file.name), typeOf(file.name),
                file.text};
        return found;
    }();
    return all;
}

HttpResponse asset(const WebCall& call) {
    const auto found = assets().find(call.argument("file"));
    // Of another version of the host: nobody is to keep this one under that name.
    if (found == assets().end() || found->second.path != call.request.path)
        return problem(404, "", sayHost("request.nothing", {{"path", call.request.path}}));
    HttpResponse answer;
    answer.type = found->second.type;
    answer.body = std::string(found->second.text);
    return answer.with("Cache-Control", "public, max-age=31536000, immutable");
}

}  // namespace

const std::string& assetPath(std::string_view name) {
    const auto found = assets().find(name);
    if (found == assets().end()) throw Poco::LogicException("there is no file " + std::string(name));
    return found->second.path;
}

void addAssetRoutes(Router& router) {
    router.add("GET", "/static/{version}/{file}", Need::Nobody, asset);
}

void setActing(Fields& fields, const Caller& caller, const std::string& job) {
    const bool may = caller.mayOperate(job) && !caller.csrf.empty();
    fields.set("mayAct", asFlag(may));
    fields.set("csrf", caller.csrf);
    fields.set("key", may ? randomText() : "");
    fields.set("nobody", asFlag(!may && caller.isLocalReader));
    fields.set("onlyLooks", asFlag(!may && !caller.isLocalReader));
}

HttpResponse htmlAnswer(std::string html, int status) {
    HttpResponse answer;
    answer.status = status;
    answer.type = "text/html; charset=utf-8";
    answer.body = std::move(html);
    // Without a referrer a browser calls the origin of a form "null", and the host could not tell it from another
    // site's.
    return answer.with("Referrer-Policy", "same-origin").with("Vary", "Accept-Language, Cookie");
}

std::pair<std::string, std::string> PageFrame::split(const PageRequest& request, const PageHead& head) const {
    const Texts& texts = request.texts();
    const auto& who = request.caller.who;
    Fields fields;
    fields.set("lang", std::string(texts.code()));
    fields.set("title", head.title);
    const auto troubled = static_cast<std::int64_t>(request.troubled);
    setText(fields, "troubled", troubled > 0 ? numberText(texts, troubled) : "");
    const Theme theme = themeOf(request.request);
    setText(fields, "theme", theme == Theme::Auto ? "" : std::string(nameOf(theme)));
    fields.set("schemes", theme == Theme::Auto ? "light dark" : std::string(nameOf(theme)));
    fields.set("themes", themesOf(texts, theme));
    fields.set("css", assetPath("page.css"));
    fields.set("js", assetPath("page.js"));
    fields.set("icon", assetPath("icon.svg"));
    fields.set("sign", assetPath(troubled > 0 ? "icon-alert.svg" : "icon.svg"));
    fields.set("scripts", scriptsOf(head));
    for (const char* section :
         {"overview", "timeline", "charts", "ledger", "log", "alerts", "activity", "calendars", "users", "help"})
        fields.set(section, asFlag(head.section == section));
    fields.set("seesUsers", asFlag(seesAllActivity(request.caller)));
    fields.set("mayLook", asFlag(request.caller.mayLook()));
    fields.set("signedIn", asFlag(who.has_value()));
    fields.set("signedOut", asFlag(!who && !request.caller.isLocalReader && head.section != "sign-in"));
    fields.set("localReader", asFlag(request.caller.isLocalReader));
    fields.set("user", who ? who->name : "");
    fields.set("role", who ? texts.say("role." + std::string(roleName(who->role))) : "");
    fields.set("csrf", request.caller.csrf);
    const std::string place = head.alternative.empty() ? request.place() : head.alternative;
    fields.set("place", place);
    fields.set("placeEncoded", encodeUrl(place));
    fields.set("french", asFlag(texts.language() == Language::French));
    fields.set("english", asFlag(texts.language() == Language::English));
    fields.set("zone", request.reader.zone->name());
    fields.set("version", std::string(CARILLON_VERSION));
    fields.set("content", kContent);
    const std::string html = _layout.render(fields, texts);
    const auto at = html.find(kContent);
    return {html.substr(0, at), html.substr(at + kContent.size())};
}

HttpResponse PageFrame::page(const PageRequest& request, const PageHead& head, const std::string& content,
                             int status) const {
    auto [html, end] = split(request, head);
    html.reserve(html.size() + content.size() + end.size());
    html += content;
    html += end;
    return htmlAnswer(std::move(html), status);
}

}  // namespace carillon
