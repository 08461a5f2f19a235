#pragma once

#include "carillon/Message.h"
#include "words/PluginTexts.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// The way to a client whose answer has no end yet. One thread.
class HttpStream {
public:
    virtual ~HttpStream() = default;
    /// False: the client is gone, too slow, or the host ends; the handler is to return.
    virtual bool write(std::string_view text) = 0;
    /// Waits for so long, unless the client goes or the host ends: then it returns at once, with false. A client that
    /// is gone without a word is seen by what is written to it: write a comment every 15 s.
    virtual bool wait(std::chrono::milliseconds limit) = 0;
};

/// Why a request is refused, as RFC 9457 has it: what an answer that problem() made says. Plain data.
struct Problem {
    int status = 500;
    std::string kind{};  ///< A word for programs, such as job-busy, that becomes the type; may be empty.
    Message detail{};    ///< For people.
    std::string more{};  ///< Further members as JSON; may be empty.
};

/// What a handler answers.
struct HttpResponse {
    int status = 200;
    std::string type = "application/json";  ///< Content-Type; empty: there is no body.
    std::string body{};
    std::vector<std::pair<std::string, std::string>> headers{};  ///< Win over those that each answer has.
    /// Instead of a body, called after the headers were sent; holds a thread of the server, of which there are few for
    /// this: see HttpLimits::streams.
    std::function<void(HttpStream&)> stream{};
    std::optional<Problem> refusal{};  ///< What the body says in English; see inLanguage().

    HttpResponse& with(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

/// What each status is called.
std::string_view reasonOf(int status);

/// RFC 9457. `kind`: a word for programs, such as job-busy, that becomes the type; empty: the status says it all.
/// `detail`: a sentence for people; its code becomes the member `code`. `more`: further members as JSON, such as
/// `"run":"…"`.
HttpResponse problem(int status, std::string_view kind, Message detail, std::string_view more = {});

/// The same answer with what is said to people in that language, where it is one that problem() made.
HttpResponse inLanguage(HttpResponse answer, Language language, const PluginTexts& plugins);

/// A text that is not JSON.
HttpResponse plainText(int status, std::string text);

/// Thrown by a handler instead of returning its answer.
class HttpRefusal : public std::runtime_error {
public:
    explicit HttpRefusal(HttpResponse answer) : std::runtime_error("refused"), _answer(std::move(answer)) {}
    const HttpResponse& answer() const { return _answer; }

private:
    HttpResponse _answer;
};

/// The bytes of an answer: of all of it, or of its head alone when it is a stream or `headOnly`, as HEAD wants it.
/// Each answer gets the headers that keep browsers from doing what nobody wants, and is not to be stored unless its own
/// headers say otherwise.
std::string bytesOf(const HttpResponse& answer, bool keepAlive, bool headOnly);

/// What one client is told, as a text of server-sent events. Used by one thread.
class LiveEvents {
public:
    virtual ~LiveEvents() = default;
    /// What is new since the last call; empty: nothing.
    virtual std::string take() = 0;
    /// What shows that the stream lives: a comment, each 15 s.
    virtual std::string beat() { return ": alive\n\n"; }
};

/// `id` may be empty.
std::string liveEvent(std::string_view name, std::string_view json, std::string_view id = {});

/// Sends the events until the client is gone, the host ends, or it may not go on, which is asked each second.
HttpResponse liveAnswer(std::shared_ptr<LiveEvents> events, std::function<bool()> mayGoOn);

}  // namespace carillon
