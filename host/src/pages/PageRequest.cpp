#include "pages/PageRequest.h"

#include "Poco/String.h"
#include "Poco/StringTokenizer.h"
#include "Poco/URI.h"

#include <algorithm>
#include <cstdlib>

namespace carillon {

std::string PageRequest::place() const {
    if (request.method != "GET" && request.method != "HEAD") return "/";
    std::string path = request.path;
    for (const auto& [name, value] : request.query)
        path += (path.find('?') == std::string::npos ? '?' : '&') + encodeUrl(name) + '=' + encodeUrl(value);
    return path;
}

Theme themeOf(const HttpRequest& request) {
    return enumOf<Theme>(request.cookie(kThemeCookie)).value_or(Theme::Auto);
}

Language languageOf(const HttpRequest& request) {
    const std::string chosen = request.cookie(kLanguageCookie);
    if (chosen == "fr") return Language::French;
    if (chosen == "en") return Language::English;
    double best = 0;
    Language language = Language::English;
    for (const auto& range :
         Poco::StringTokenizer(request.header("Accept-Language"), ",", Poco::StringTokenizer::TOK_TRIM)) {
        const std::string tag = Poco::toLower(range.substr(0, 2));
        const auto weight = range.find("q=");
        const double liked = weight == std::string::npos ? 1 : std::atof(range.c_str() + weight + 2);
        if ((tag != "fr" && tag != "en") || liked <= best) continue;
        best = liked;
        language = tag == "fr" ? Language::French : Language::English;
    }
    return language;
}

std::string localPath(const std::string& path) {
    const bool isLocal = path.starts_with('/') && !path.starts_with("//") &&
                         std::none_of(path.begin(), path.end(), [](unsigned char c) { return c <= ' ' || c == '\\'; });
    return isLocal ? path : "/";
}

std::string encodeUrl(const std::string& text) {
    std::string encoded;
    Poco::URI::encode(text, "/?#&=+%;\"'<>\\ ", encoded);
    return encoded;
}

HttpResponse seeOther(const std::string& path) {
    HttpResponse answer;
    answer.status = 303;
    answer.type = "";
    return answer.with("Location", path);
}

}  // namespace carillon
