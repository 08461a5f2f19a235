#include "pages/PageService.h"

#include "pages/PageTexts.h"
#include "schedule/ZoneDatabase.h"

#include <set>
#include <string_view>

namespace carillon {

void PageService::add(Router& router, const std::string& method, const std::string& path, Need need, Handler handler) {
    router.add(method, path, need, [this, handler = std::move(handler)](const WebCall& call) {
        return handler(requestOf(call.request, call.caller), call);
    });
}

PageRequest PageService::requestOf(const HttpRequest& request, const Caller& caller) const {
    const std::size_t troubled = troubledOf(caller);
    const std::lock_guard lock(_mutex);
    return {request,
            caller,
            {pageTexts(languageOf(request)), findTimeZone(_context.host.configuration()->host.timezone),
             _context.clock.now(), _plugins},
            _plugins,
            troubled};
}

std::size_t PageService::troubledOf(const Caller& caller) const {
    if (!caller.mayLook()) return 0;
    const auto standings = _context.standings.read();
    std::set<std::string_view> jobs;
    for (const auto& trouble : standings->troubles)
        if (caller.mayView(trouble.job)) jobs.insert(trouble.job);
    return jobs.size();
}

std::shared_ptr<const PluginTexts> PageService::pluginTexts() const {
    const std::lock_guard lock(_mutex);
    return _plugins;
}

void PageService::readPluginTexts(const std::string& folder, const PluginTexts::Refused& refused) {
    auto texts = std::make_shared<const PluginTexts>(folder, refused);
    const std::lock_guard lock(_mutex);
    _plugins = std::move(texts);
}

std::vector<JobDay> PageService::days(const std::vector<std::string>& jobs) {
    try {
        return _days.read(jobs);
    } catch (const StoreException&) {
        return _days.readKnown(jobs);
    }
}

std::string noticeOf(const PageRequest& request) {
    const std::string done = request.request.query.get("done", "");
    const bool isKnown =
        done == "paused" || done == "resumed" || done == "busy" || done == "started" || done == "stopping";
    return isKnown ? request.texts().say("done." + done) : "";
}

std::string nextPath(const PageRequest& request, const std::string& cursor) {
    if (cursor.empty()) return "";
    std::string path = request.request.path + "?cursor=" + encodeCursor(cursor);
    for (const auto& [name, value] : request.request.query)
        if (name != "cursor" && !value.empty()) path += '&' + encodeUrl(name) + '=' + encodeUrl(value);
    return path;
}

}  // namespace carillon
