#include "pages/Assets.h"

#include "access/Secrets.h"
#include "carillon/EmbeddedText.h"

#include "Poco/Exception.h"

#include <map>
#include <vector>

namespace carillon {

namespace page_assets {
extern const std::vector<EmbeddedText> files;
}

namespace {

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
        return problem(404, "", "there is nothing at " + call.request.path);
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

}  // namespace carillon
