#include "alerts/WebSender.h"

#include "base/Fields.h"
#include "base/JsonWriter.h"

#include "shared/ProxyEnvironment.h"

#include "Poco/DigestEngine.h"
#include "Poco/Net/HTTPBasicCredentials.h"
#include "Poco/Net/HTTPClientSession.h"
#include "Poco/Net/HTTPRequest.h"
#include "Poco/Net/HTTPResponse.h"
#include "Poco/URI.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace carillon {
namespace {

using Poco::Net::HTTPRequest;
using Poco::Net::HTTPResponse;

/// healthchecks.io keeps no more of a body.
constexpr std::size_t kMostPingText = 10'000;

struct Post {
    std::string what{};  ///< `the webhook`.
    std::string url{};
    std::string ca{};
    std::string type{};
    std::string body{};
    std::vector<std::pair<std::string, std::string>> headers{};
};

std::string bracketed(const std::string& host) {
    return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

void authorize(HTTPRequest& request, const Proxy& proxy) {
    if (!proxy.user.empty()) Poco::Net::HTTPBasicCredentials(proxy.user, proxy.password).proxyAuthenticate(request);
}

/// What goes over the connection afterwards goes to the server, unread by the proxy.
Poco::Net::StreamSocket openTunnel(Poco::Net::StreamSocket& socket, const Poco::URI& uri, const Proxy& proxy) {
    Poco::Net::HTTPClientSession session(socket);
    session.setKeepAlive(true);
    const std::string target = bracketed(uri.getHost()) + ':' + std::to_string(uri.getPort());
    HTTPRequest request(HTTPRequest::HTTP_CONNECT, target, HTTPRequest::HTTP_1_1);
    request.setHost(target);
    request.set("User-Agent", "carillon");
    authorize(request, proxy);
    HTTPResponse response;
    session.sendRequest(request);
    session.receiveResponse(response);
    if (response.getStatus() / 100 != 2)
        throw Undelivered("it answered " + std::to_string(response.getStatus()) + " to CONNECT");
    return session.detachSocket();
}

Poco::Net::StreamSocket connect(const Post& post, const Poco::URI& uri, const std::optional<Proxy>& proxy,
                                RemoteCall& call) {
    const bool isEncrypted = uri.getScheme() == "https";
    if (!proxy) {
        auto socket = call.connect(uri.getHost(), uri.getPort());
        return isEncrypted ? call.encrypt(socket, uri.getHost(), post.ca) : socket;
    }
    Poco::Net::StreamSocket socket;
    try {
        socket = call.connect(proxy->host, proxy->port);
        if (isEncrypted) socket = openTunnel(socket, uri, *proxy);
    } catch (const Undelivered& e) {
        throw Undelivered(post.what + " goes through the proxy " + proxy->name() + ": " + e.message());
    }
    return isEncrypted ? call.encrypt(socket, uri.getHost(), post.ca) : socket;
}

void exchange(const Post& post, RemoteCall& call, HTTPResponse& response) {
    const Poco::URI uri(post.url);
    const auto proxy = proxyOfEnvironment(uri.getScheme(), uri.getHost(), uri.getPort());
    Poco::Net::HTTPClientSession session(connect(post, uri, proxy, call));
    session.setKeepAlive(false);
    const std::string path = uri.getPathAndQuery();
    // Through a tunnel the server is spoken to as if there were none.
    const bool isProxied = proxy && uri.getScheme() == "http";
    const std::string port =
        uri.getPort() == Poco::Net::HTTPSession::HTTP_PORT ? "" : ':' + std::to_string(uri.getPort());
    const std::string server = isProxied ? "http://" + bracketed(uri.getHost()) + port : "";
    HTTPRequest request(HTTPRequest::HTTP_POST, server + (path.empty() ? "/" : path), HTTPRequest::HTTP_1_1);
    request.setHost(uri.getHost(), uri.getPort());
    request.set("User-Agent", "carillon");
    if (isProxied) authorize(request, *proxy);
    request.setContentType(post.type);
    request.setContentLength64(static_cast<Poco::Int64>(post.body.size()));
    for (const auto& [name, value] : post.headers) request.set(name, value);
    session.sendRequest(request) << post.body;
    session.receiveResponse(response);
}

/// What it answers beyond the status nobody needs; where it moved to may be a secret.
std::string deliver(const Post& post, RemoteCall& call) {
    HTTPResponse response;
    try {
        exchange(post, call, response);
    } catch (const Undelivered&) {
        throw;
    } catch (const Poco::Exception& e) {
        throw Undelivered(post.what + " " + call.reasonOf(e));
    }
    const int status = response.getStatus();
    const std::string answered = post.what + " answered " + std::to_string(status);
    if (status / 100 == 2) return answered;
    if (status / 100 == 3)
        throw Undelivered(answered + ": it has moved, and nothing is sent after it; give its new address");
    if (status == HTTPResponse::HTTP_PROXY_AUTHENTICATION_REQUIRED)
        throw Undelivered(answered + ": the proxy wants a user and a password, as http://USER:PASSWORD@HOST:PORT");
    throw Undelivered(answered);
}

void putTime(JsonWriter& json, std::string_view name, const std::optional<TimePoint>& at) {
    if (at) json.member(name, toRfc3339(*at));
}

}  // namespace

std::string webhookJson(const AlertMessage& message) {
    JsonWriter json;
    json.beginObject().member("text", message.subject + "\n" + message.text).member("id", message.id);
    json.key("alerts").beginArray();
    for (const Alert& alert : message.alerts) {
        json.beginObject().member("kind", nameOf(alert.kind)).member("job", alert.job);
        json.member("title", alert.title).member("host", alert.host);
        putTime(json, "at", alert.at);
        if (!alert.run.empty()) json.member("run", alert.run);
        JsonOut<JsonForm::Public>(json).said("message", alert.message);
        json.member("count", alert.count);
        putTime(json, "since", alert.since);
        putTime(json, "last_success", alert.lastSuccess);
        if (alert.expectation) writeJson<JsonForm::Public>(json.key("expectation"), *alert.expectation);
        json.endObject();
    }
    return json.endArray().endObject().text();
}

std::string signatureOf(const std::string& key, std::string_view body) {
    std::vector<unsigned char> digest(EVP_MAX_MD_SIZE);
    unsigned int length = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(body.data()),
         body.size(), digest.data(), &length);
    digest.resize(length);
    return "sha256=" + Poco::DigestEngine::digestToHex(digest);
}

std::string sendWebhook(const WebhookSettings& settings, const AlertMessage& message, RemoteCall& call) {
    Post post{"the webhook", settings.url, settings.ca, "application/json", webhookJson(message), {}};
    post.headers.emplace_back("Idempotency-Key", message.id);
    if (!settings.key.empty()) post.headers.emplace_back("X-Carillon-Signature", signatureOf(settings.key, post.body));
    return deliver(post, call);
}

std::string sendPing(const AlertSettings& settings, const std::string& url, PingEvent event, const std::string& text,
                     RemoteCall& call) {
    Poco::URI uri(url);
    std::string path = uri.getPath();
    if (event != PingEvent::Success && path.ends_with('/')) path.pop_back();
    uri.setPath(path + (event == PingEvent::Start ? "/start" : event == PingEvent::Fail ? "/fail" : ""));
    return deliver(
        {"the ping", uri.toString(), settings.pingCa, "text/plain; charset=UTF-8", text.substr(0, kMostPingText), {}},
        call);
}

std::string pingUrlOf(const std::string& url, const std::string& job) {
    constexpr std::string_view kPlace = "{job}";
    const auto at = url.find(kPlace);
    if (at == std::string::npos) return url;
    std::string slug = job;
    std::replace_if(
        slug.begin(), slug.end(), [](char c) { return c == '@' || c == '.'; }, '-');
    return url.substr(0, at) + slug + url.substr(at + kPlace.size());
}

}  // namespace carillon
