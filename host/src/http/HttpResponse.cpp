#include "http/HttpResponse.h"

#include "base/JsonWriter.h"
#include "words/HostTexts.h"
#include "words/MessageWords.h"

#include "Poco/DateTimeFormat.h"
#include "Poco/DateTimeFormatter.h"
#include "Poco/Net/HTTPResponse.h"
#include "Poco/String.h"
#include "Poco/Timestamp.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace carillon {
namespace {

constexpr std::pair<const char*, const char*> kAlways[] = {
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
     "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cache-Control", "no-store"},
};

bool has(const HttpResponse& answer, const char* name) {
    return std::any_of(answer.headers.begin(), answer.headers.end(),
                       [name](const auto& header) { return Poco::icompare(header.first, name) == 0; });
}

/// A value with a line's end in it would become two headers.
std::string oneLine(std::string value) {
    std::replace_if(
        value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    return value;
}

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

/// Between two looks for what is new. Readers that were woken for each line would all run in the moment of a firing.
constexpr std::chrono::milliseconds kEventsLook{250};
constexpr auto kBeat = 15s;
constexpr auto kAsk = 1s;
/// For how long a browser waits before it comes back.
constexpr std::string_view kRetry = "retry: 2000\n\n";

void follow(HttpStream& stream, LiveEvents& events, const std::function<bool()>& mayGoOn) {
    auto beatAt = Steady::now() + kBeat;
    auto askAt = Steady::now() + kAsk;
    std::string text(kRetry);
    text += events.take();
    while ((text.empty() || stream.write(text)) && stream.wait(kEventsLook)) {
        const auto now = Steady::now();
        if (now >= askAt) {
            if (!mayGoOn()) return;
            askAt = now + kAsk;
        }
        text = events.take();
        if (now < beatAt) continue;
        text += events.beat();
        beatAt = now + kBeat;
    }
}

/// What people are told of a status, by its name in HTTP.
constexpr std::pair<int, const char*> kTitles[] = {
    {400, "http.badrequest"},  {401, "http.unauthorized"}, {403, "http.forbidden"},   {404, "http.notfound"},
    {405, "http.badmethod"},   {409, "http.conflict"},     {411, "http.length"},      {413, "http.large"},
    {414, "http.longaddress"}, {421, "http.misdirected"},  {429, "http.toomany"},     {431, "http.largehead"},
    {500, "http.failed"},      {502, "http.upstream"},   {503, "http.unavailable"}, {505, "http.version"}};

Message titleOf(int status) {
    const auto* const known =
        std::find_if(std::begin(kTitles), std::end(kTitles), [status](const auto& one) { return one.first == status; });
    return known == std::end(kTitles) ? Message(reasonOf(status)) : sayHost(known->second);
}

std::string bodyOf(const Problem& problem, Language language, const PluginTexts& plugins) {
    const std::string& code = problem.detail.code;
    JsonWriter json;
    json.beginObject();
    json.member("type", problem.kind.empty() ? std::string("about:blank") : "urn:carillon:problem:" + problem.kind);
    json.member("title", inWords(titleOf(problem.status), language, plugins)).member("status", problem.status);
    json.member("detail", inWords(problem.detail, language, plugins));
    if (!code.empty() && code != kJoined) json.member("code", code);
    std::string body = json.endObject().takeLine();
    if (!problem.more.empty()) body.replace(body.size() - 2, 1, "," + problem.more + "}");
    return body;
}

}  // namespace

std::string_view reasonOf(int status) {
    using Poco::Net::HTTPResponse;
    if (status == 431) return "Request Header Fields Too Large";
    static thread_local std::string reason;
    reason = HTTPResponse::getReasonForStatus(static_cast<HTTPResponse::HTTPStatus>(status));
    return reason;
}

HttpResponse problem(int status, std::string_view kind, Message detail, std::string_view more) {
    HttpResponse answer{status, "application/problem+json", {}, {}, {}, {}};
    answer.refusal = Problem{status, std::string(kind), std::move(detail), std::string(more)};
    answer.body = bodyOf(*answer.refusal, Language::English, PluginTexts());
    return answer;
}

HttpResponse inLanguage(HttpResponse answer, Language language, const PluginTexts& plugins) {
    if (!answer.refusal) return answer;
    answer.body = bodyOf(*answer.refusal, language, plugins);
    answer.with("Content-Language", language == Language::French ? "fr" : "en");
    return std::move(answer.with("Vary", "Accept-Language"));
}

HttpResponse plainText(int status, std::string text) {
    return {status, "text/plain; charset=utf-8", std::move(text), {}, {}};
}

std::string bytesOf(const HttpResponse& answer, bool keepAlive, bool headOnly) {
    std::string text =
        "HTTP/1.1 " + std::to_string(answer.status) + ' ' + std::string(reasonOf(answer.status)) + "\r\n";
    const auto add = [&text](const std::string& name, const std::string& value) {
        text += name + ": " + oneLine(value) + "\r\n";
    };
    add("Date", Poco::DateTimeFormatter::format(Poco::Timestamp(), Poco::DateTimeFormat::HTTP_FORMAT));
    for (const auto& [name, value] : kAlways)
        if (!has(answer, name)) add(name, value);
    for (const auto& [name, value] : answer.headers) add(name, value);
    const bool bodyless = answer.status == 204 || answer.status == 304;
    if (!answer.type.empty() && !bodyless) add("Content-Type", answer.type);
    if (!answer.stream && !bodyless) add("Content-Length", std::to_string(answer.body.size()));
    add("Connection", keepAlive && !answer.stream ? "keep-alive" : "close");
    text += "\r\n";
    if (!headOnly && !bodyless && !answer.stream) text += answer.body;
    return text;
}

std::string liveEvent(std::string_view name, std::string_view json, std::string_view id) {
    std::string text;
    if (!id.empty()) text.append("id: ").append(id).append("\n");
    return text.append("event: ").append(name).append("\ndata: ").append(json).append("\n\n");
}

HttpResponse liveAnswer(std::shared_ptr<LiveEvents> events, std::function<bool()> mayGoOn) {
    HttpResponse answer;
    answer.type = "text/event-stream";
    answer.with("X-Accel-Buffering", "no");  // a proxy in front would hold the events back
    answer.stream = [events = std::move(events), mayGoOn = std::move(mayGoOn)](HttpStream& stream) {
        follow(stream, *events, mayGoOn);
    };
    return answer;
}

}  // namespace carillon
