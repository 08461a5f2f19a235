#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <zlib.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "BacklogReader.h"
#include "carillon/testing/FakeRunContext.h"
#include "GatewayClient.h"
#include "support/ScriptedServer.h"

using namespace passerelle;
using namespace std::chrono_literals;

namespace {

using Then = ScriptedServer::Then;
using Answer = ScriptedServer::Answer;

const std::string kStatsAnswer = R"({"success":true,"stats":{"pending":5,"synced":145,"total":150}})";
const std::string kLength = "Content-Length: " + std::to_string(kStatsAnswer.size()) + "\r\n";

std::string chunked(const std::string& body, std::size_t size, const std::string& extension = "",
                    const std::string& trailers = "") {
    std::string text;
    for (std::size_t at = 0; at < body.size(); at += size) {
        char digits[32];
        const std::string chunk = body.substr(at, size);
        std::snprintf(digits, sizeof digits, "%08zX", chunk.size());
        text += digits + extension + "\r\n" + chunk + "\r\n";
    }
    return text + "0" + extension + "\r\n" + trailers + "\r\n";
}

/// `windowBits` as zlib has them: of gzip, of deflate with its frame, and without.
std::string packed(const std::string& text, int windowBits) {
    z_stream state{};
    CPPUNIT_ASSERT_EQUAL(Z_OK, deflateInit2(&state, 6, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY));
    std::string result(deflateBound(&state, text.size()) + 32, '\0');
    std::string input = text;
    state.next_in = reinterpret_cast<unsigned char*>(input.data());
    state.avail_in = static_cast<unsigned>(input.size());
    state.next_out = reinterpret_cast<unsigned char*>(result.data());
    state.avail_out = static_cast<unsigned>(result.size());
    CPPUNIT_ASSERT_EQUAL(Z_STREAM_END, deflate(&state, Z_FINISH));
    result.resize(state.total_out);
    deflateEnd(&state);
    return result;
}

constexpr int kGzip = 31;
constexpr int kZlib = 15;
constexpr int kRaw = -15;

}  // namespace

/// Answers as the servers, proxies and hosting companies of the field give them.
class HttpAnswersTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HttpAnswersTest);
    CPPUNIT_TEST(oddHeadsAreUnderstood);
    CPPUNIT_TEST(longHeadsAreUnderstood);
    CPPUNIT_TEST(interimAnswersArePassedOver);
    CPPUNIT_TEST(oddChunksAreUnderstood);
    CPPUNIT_TEST(packedBodiesAreUnpacked);
    CPPUNIT_TEST(packedListsAreReadWholeAndTheirCutIsNoticed);
    CPPUNIT_TEST(whatIsNoAnswerIsQuoted);
    CPPUNIT_TEST(whatFollowsAnAnswerIsNotTakenForTheNext);
    CPPUNIT_TEST(answersWithoutAnEndEndWithTheTimeLimit);
    CPPUNIT_TEST(answersWithoutAnEndEndWithTheRun);
    CPPUNIT_TEST(aBodyMayTakeLongerThanTheTimeLimit);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { std::signal(SIGPIPE, SIG_IGN); }

    void oddHeadsAreUnderstood() {
        const std::string ok = "HTTP/1.1 200 OK\r\n";
        const std::vector<std::pair<std::string, std::string>> heads{
            {"no reason", "HTTP/1.1 200 \r\n" + kLength + "\r\n"},
            {"nor a space", "HTTP/1.1 200\r\n" + kLength + "\r\n"},
            {"HTTP/2 in text", "HTTP/2.0 200\r\n" + kLength + "\r\n"},
            {"bare line ends",
             "HTTP/1.1 200 OK\nX: y\nContent-Length: " + std::to_string(kStatsAnswer.size()) + "\n\n"},
            {"no space after the colon",
             ok + "X:y\r\nContent-Length:" + std::to_string(kStatsAnswer.size()) + "\r\n\r\n"},
            {"spaces around", ok + "Content-Length  :   " + std::to_string(kStatsAnswer.size()) + "  \r\n\r\n"},
            {"folded", ok + "X: first\r\n  second\r\n\tthird\r\n" + kLength + "\r\n"},
            {"a folded value", ok + "Content-Length:\r\n " + std::to_string(kStatsAnswer.size()) + "\r\n\r\n"},
            {"a line without a colon", ok + "nonsense\r\n" + kLength + "\r\n"},
            {"no name", ok + ": x\r\n" + kLength + "\r\n"},
            {"two equal lengths", ok + kLength + kLength + "\r\n"},
            {"both in one", ok + "Content-Length: " + std::to_string(kStatsAnswer.size()) + ", " +
                                std::to_string(kStatsAnswer.size()) + "\r\n\r\n"},
            {"lower case", "http/1.1 200 ok\r\ncontent-length: " + std::to_string(kStatsAnswer.size()) + "\r\n\r\n"},
            {"an empty line before", "\r\n" + ok + kLength + "\r\n"},
            {"bytes beyond ASCII", ok + "X-Mairie: \xc9vian\r\n" + kLength + "\r\n"}};
        for (const auto& [name, head] : heads) requireStats(name, {head + kStatsAnswer});
        requireStats("until the end, 1.0", {"HTTP/1.0 200 OK\r\n\r\n" + kStatsAnswer, Then::Close});
        requireStats("until the end, 1.1", {ok + "\r\n" + kStatsAnswer, Then::Close});
        requireStats("kept, but gone",
                     {ok + "Keep-Alive: timeout=0\r\n" + kLength + "\r\n" + kStatsAnswer, Then::Close});
    }

    void longHeadsAreUnderstood() {
        std::string many = "HTTP/1.1 200 OK\r\n";
        for (int field = 0; field < 200; ++field) many += "X-Field-" + std::to_string(field) + ": a\r\n";
        requireStats("200 fields", {many + kLength + "\r\n" + kStatsAnswer});
        // At each length around those of buffers, and as long as may be.
        for (const std::size_t length : {8'191U, 8'192U, 8'193U, 8'194U, 16'383U, 65'000U, 65'536U}) {
            const std::string line = "Content-Security-Policy: " + std::string(length - 25, 'x') + "\r\n";
            requireStats(std::to_string(length),
                         {"HTTP/1.1 200 OK\r\n" + line + line + kLength + "\r\n" + kStatsAnswer});
        }
    }

    void interimAnswersArePassedOver() {
        for (const std::string code : {"100 Continue", "102 Processing", "103 Early Hints", "199"})
            requireStats(code, {"HTTP/1.1 " + code + "\r\nLink: </a.css>\r\n\r\nHTTP/1.1 " + code + "\r\n\r\n" +
                                http(kStatsAnswer)});
    }

    void oddChunksAreUnderstood() {
        const auto head = [](const std::string& fields) { return "HTTP/1.1 200 OK\r\n" + fields + "\r\n"; };
        const std::string chunks = chunked(kStatsAnswer, 7);
        requireStats("capital", {head("Transfer-Encoding: Chunked\r\n") + chunks});
        requireStats("with a length", {head("Transfer-Encoding: chunked\r\n" + kLength) + chunks});
        requireStats("with another", {head("Content-Length: 7\r\nTransfer-Encoding: CHUNKED\r\n") + chunks});
        requireStats("identity too", {head("Transfer-Encoding: identity, chunked\r\n") + chunks});
        requireStats("extensions", {head("Transfer-Encoding: chunked\r\n") + chunked(kStatsAnswer, 9, " ; a=\"b\"")});
        requireStats("trailers", {head("Transfer-Encoding: chunked\r\n") +
                                  chunked(kStatsAnswer, 9, "", "Expires: 0\r\nX-Sum: 1\r\n")});
        requireStats("one byte each", {head("Transfer-Encoding: chunked\r\n") + chunked(kStatsAnswer, 1)});
    }

    void packedBodiesAreUnpacked() {
        const std::vector<std::pair<std::string, std::string>> bodies{
            {"gzip", packed(kStatsAnswer, kGzip)},
            {"x-gzip", packed(kStatsAnswer, kGzip)},
            {"GZip", packed(kStatsAnswer.substr(0, 20), kGzip) + packed(kStatsAnswer.substr(20), kGzip)},
            {"deflate", packed(kStatsAnswer, kZlib)},
            {"deflate", packed(kStatsAnswer, kRaw)}};
        for (const auto& [encoding, body] : bodies) {
            const std::string field = "Content-Encoding: " + encoding + "\r\n";
            requireStats(encoding, {http(body, field)});
            for (const std::size_t size : {1, 2, 100})
                requireStats(encoding + " in chunks", {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + field +
                                                       "\r\n" + chunked(body, size)});
        }
        requireStats("of the way", {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" +
                                    chunked(packed(kStatsAnswer, kGzip), 5)});
    }

    void packedListsAreReadWholeAndTheirCutIsNoticed() {
        constexpr int kItems = 3'000;
        const std::string list = listOf(kItems);
        for (const int kind : {kGzip, kZlib, kRaw}) {
            const std::string body = packed(list, kind);
            const std::string field = std::string("Content-Encoding: ") + (kind == kGzip ? "gzip" : "deflate") + "\r\n";
            CPPUNIT_ASSERT_EQUAL(std::string(), readList(kItems, {http(body, field)}));
            for (const std::size_t kept : {body.size() / 2, body.size() * 9 / 10, std::size_t{1}}) {
                // Cut on the gateway, and cut on the way.
                for (const std::string& answer :
                     {http(body.substr(0, kept), field),
                      http(body, field).substr(0, http(body, field).size() - body.size() + kept)}) {
                    const std::string message = readList(-1, {answer, Then::Close});

                    CPPUNIT_ASSERT_MESSAGE(message,
                                           message.find("the answer ends in the middle") != std::string::npos ||
                                               message.find("the answer is empty") != std::string::npos);
                }
            }
        }
    }

    void whatIsNoAnswerIsQuoted() {
        const std::string ok = "HTTP/1.1 200 OK\r\n";
        const std::vector<std::pair<std::string, std::string>> answers{
            {"SSH-2.0-OpenSSH_9.2\r\n", "answered, but not with HTTP but with: SSH-2.0-OpenSSH_9.2"},
            {kStatsAnswer + "\n", "answered, but not with HTTP but with: {\"success\":true"},
            {"HTTP/1.1 okay\r\n\r\n", "not with HTTP but with: HTTP/1.1 okay"},
            {std::string("\x15\x03\x01\x00\x02\x02\x46\n", 8), "by TLS, not with HTTP; write https://"},
            {ok + "Content-Type: text", "in the middle of the head of its answer, after: Content-Type: text"},
            {ok + "Content-Length: 7\r\nContent-Length: 8\r\n\r\n", "two lengths that contradict each other"},
            {ok + "Content-Length: -1\r\n\r\n", "a length that is no number (Content-Length: -1)"},
            {ok + "Content-Encoding: br\r\n\r\n", "packed in a way that was not asked for (br)"},
            {ok + "X: " + std::string(100'000, 'x'), "a line of its head is longer than 64 KB and begins: X: xxx"}};
        for (const auto& [bytes, said] : answers) {
            const std::string message = messageOf({bytes, Then::Close}, 5s);

            CPPUNIT_ASSERT_MESSAGE(message, message.find("(stats) answered, but ") != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(message, message.find(said) != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(message, message.find("cannot be reached") == std::string::npos);
        }
    }

    void whatFollowsAnAnswerIsNotTakenForTheNext() {
        ScriptedServer server([](int) { return Answer{http(kStatsAnswer) + "HTTP/1.1 500 Oops\r\n\r\n"}; });
        GatewayClient client({server.url(), "key", Dialect::Path, 5s}, _context);

        client.stats();
        client.stats();

        CPPUNIT_ASSERT_EQUAL(2, server.connections());
    }

    void answersWithoutAnEndEndWithTheTimeLimit() {
        for (const auto& endless : endlessAnswers()) {
            const std::string message = messageOf(endless, 200ms);

            CPPUNIT_ASSERT_MESSAGE(endless.bytes + endless.again + message,
                                   message.find("(stats) answered, but ") != std::string::npos ||
                                       message.find("the answer was cut after") != std::string::npos);
        }
    }

    void answersWithoutAnEndEndWithTheRun() {
        for (Answer endless : endlessAnswers()) {
            endless.pause = 1ms;
            carillon::testing::FakeRunContext context(std::chrono::steady_clock::now() + 200ms);
            ScriptedServer server([&endless](int) { return endless; });
            GatewayClient client({server.url(), "key", Dialect::Path, 10min}, context);

            CPPUNIT_ASSERT_THROW_MESSAGE(endless.again, client.stats(), carillon::RunStopped);
        }
    }

    void aBodyMayTakeLongerThanTheTimeLimit() {
        const std::string list = R"({"success":true,"data":[]})";
        const auto started = std::chrono::steady_clock::now();
        // White space without an end, until the reader has had enough of it.
        ScriptedServer server([&list](int) { return Answer{"HTTP/1.1 200 OK\r\n\r\n" + list, Then::Drip, " ", 20ms}; });
        GatewayClient client({server.url(), "key", Dialect::Path, 250ms}, _context);

        client.readPending([&](std::istream& body, std::int64_t) {
            while (std::chrono::steady_clock::now() - started < 600ms) CPPUNIT_ASSERT(body.get() != EOF);
        });

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, server.requests().size());
    }

private:
    static std::vector<Answer> endlessAnswers() {
        const std::string ok = "HTTP/1.1 200 OK\r\n";
        return {{"", Then::Drip, "HTTP/1.1 102 Processing\r\n\r\n", 10ms},
                {"", Then::Drip, "HTTP/1.1 102 Processing\r\n\r\n", 0ms},
                {ok, Then::Drip, "X", 10ms},
                {ok, Then::Drip, "X: y\r\n", 10ms},
                {ok, Then::Drip, "X: y\r\n", 0ms},
                {ok + "X: y\r\n", Then::Drip, " folded\r\n", 0ms},
                {ok + "Content-Length: 50000\r\n\r\n", Then::Drip, " ", 10ms},
                {ok + "\r\n{", Then::Drip, " ", 10ms},
                {ok + "Transfer-Encoding: chunked\r\n\r\n5;", Then::Drip, "x", 10ms},
                {ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n", Then::Drip, "X: y\r\n", 10ms}};
    }

    static std::string listOf(int items) {
        std::string list = R"({"success":true,"data":[)";
        for (int id = 1; id <= items; ++id)
            list += std::string(id > 1 ? "," : "") + R"({"id":)" + std::to_string(id) + R"(,"token":"t)" +
                    std::to_string(id * 7919) +
                    R"(","action":"valide","commentaire":null,"validated_at":"2026-11-22 10:32:23"})";
        return list + "]}";
    }

    void requireStats(const std::string& name, const Answer& answer) {
        ScriptedServer server([&answer](int) { return answer; });
        GatewayClient client({server.url(), "key", Dialect::Path, 5s}, _context);
        try {
            // Twice: nothing of the first answer is left on the connection.
            for (int call = 0; call < 2; ++call)
                CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::int64_t{5}, client.stats().pending);
        } catch (const Poco::Exception& e) {
            CPPUNIT_FAIL(name + ": " + e.message());
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(name, answer.then == Then::Close ? 2 : 1, server.connections());
    }

    /// Of the exception, if any.
    std::string readList(int items, const Answer& answer) {
        ScriptedServer server([&answer](int) { return answer; });
        GatewayClient client({server.url(), "key", Dialect::Path, 5s}, _context);
        BacklogReader reader({}, _context.stop());
        try {
            client.readPending([&](std::istream& body, std::int64_t length) {
                CPPUNIT_ASSERT_EQUAL(std::int64_t{-1}, length);  // of the unpacked bytes nobody knows
                reader.read(body, length, [](Batch&) {});
            });
        } catch (const Poco::Exception& e) {
            return e.message();
        }
        CPPUNIT_ASSERT_EQUAL(items, static_cast<int>(reader.items()));
        return "";
    }

    std::string messageOf(const Answer& answer, std::chrono::milliseconds limit) {
        ScriptedServer server([&answer](int) { return answer; });
        GatewayClient client({server.url(), "key", Dialect::Path, limit}, _context);
        try {
            client.stats();
        } catch (const Poco::Exception& e) {
            return e.message();
        }
        return "";
    }

    carillon::testing::FakeRunContext _context{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(HttpAnswersTest);
