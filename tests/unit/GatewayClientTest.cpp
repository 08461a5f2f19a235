#include "GatewayClient.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "BacklogReader.h"
#include "carillon/testing/FakeRunContext.h"
#include "GatewayServer.h"
#include "Poco/DateTimeFormat.h"
#include "Poco/DateTimeFormatter.h"
#include "Poco/Net/Context.h"
#include "Poco/Net/HTTPClientSession.h"
#include "Poco/Net/HTTPRequest.h"
#include "Poco/Net/HTTPResponse.h"
#include "Poco/Net/SecureServerSocket.h"
#include "Poco/Net/SecureStreamSocket.h"
#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/StreamSocket.h"
#include "Poco/PipeStream.h"
#include "Poco/Process.h"
#include "Poco/TemporaryFile.h"
#include "Poco/Timespan.h"
#include "Poco/Timestamp.h"
#include "support/ScriptedServer.h"

using namespace passerelle;
using namespace std::chrono_literals;

namespace {

constexpr const char* kKey = "k3y-0f-the-gateway";

const std::string kStats = R"({"success":true,"stats":{"pending":5,"synced":145,"total":150}})";

}  // namespace

/// The gateway over HTTP.
class GatewayClientTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(GatewayClientTest);
    CPPUNIT_TEST(everyCallWorksInBothDialects);
    CPPUNIT_TEST(requestsCarryKeyTypeAndPathOfTheDialect);
    CPPUNIT_TEST(statisticsMayComeAsTexts);
    CPPUNIT_TEST(everyFaultIsNamedByItsKind);
    CPPUNIT_TEST(faultsOfTheListAreNamedToo);
    CPPUNIT_TEST(aWrongKeyIsRefused);
    CPPUNIT_TEST(aHeaderThatTheServerMayHaveTakenAwayIsThoughtOf);
    CPPUNIT_TEST(textAroundAnAnswerIsToldOnce);
    CPPUNIT_TEST(aPageThatHoldsAnObjectIsNoAnswer);
    CPPUNIT_TEST(anEmptyListIsExplainedByTheStatistics);
    CPPUNIT_TEST(aWrongDialectOrPathIsRefused);
    CPPUNIT_TEST(aRedirectElsewhereIsRefusedWithItsAddressAndNotFollowed);
    CPPUNIT_TEST(aGatewayThatHasMovedOnItsHostIsFollowed);
    CPPUNIT_TEST(redirectsWithoutEndAreRefused);
    CPPUNIT_TEST(aGatewayThatAsksForAPauseIsAskedAgainAfterIt);
    CPPUNIT_TEST(aPauseBeyondTheRunIsNotWaitedFor);
    CPPUNIT_TEST(onlyCredentialsAreHopeless);
    CPPUNIT_TEST(aRequestToStopEndsAPause);
    CPPUNIT_TEST(hugeErrorPagesAreNotReadWhole);
    CPPUNIT_TEST(connectionsAreUsedAgain);
    CPPUNIT_TEST(aConnectionThatWasClosedInTheMeantimeIsReplacedOnce);
    CPPUNIT_TEST(aConnectionThatTheGatewayEndsIsNotUsedAgain);
    CPPUNIT_TEST(anAnswerThatIsNotReadToItsEndEndsTheConnection);
    CPPUNIT_TEST(aFreshConnectionIsNotTriedTwice);
    CPPUNIT_TEST(theTimeLimitHolds);
    CPPUNIT_TEST(aTimeOutIsNotTriedTwice);
    CPPUNIT_TEST(theRunsDeadlineShortensTheTimeLimit);
    CPPUNIT_TEST(aStoppedRunAsksNothing);
    CPPUNIT_TEST(nobodyListeningIsUnavailable);
    CPPUNIT_TEST(addressesThatCannotBeUsedAreRefusedWithoutSecrets);
    CPPUNIT_TEST(addressesAreTakenWithoutTheirLastSlash);
    CPPUNIT_TEST(tlsToAPlainPortIsUnavailable);
    CPPUNIT_TEST(certificatesAreVerifiedWithTheHostsName);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { std::signal(SIGPIPE, SIG_IGN); }
    void tearDown() override {
        _gateway.reset();
        _file.reset();
    }

    void everyCallWorksInBothDialects() {
        startGateway();
        control("backlog", R"({"count":7})");
        for (const Dialect dialect : {Dialect::Path, Dialect::Query}) {
            GatewayClient client({_gateway->address() + "/", kKey, dialect, 5s}, _context);

            const auto items = list(client);
            client.acknowledge(std::vector<std::int64_t>{items.front().gatewayId});
            const GatewayStats stats = client.stats();
            const GatewayHealth health = client.health();

            const bool path = dialect == Dialect::Path;
            CPPUNIT_ASSERT_EQUAL(std::size_t{path ? 7U : 6U}, items.size());
            CPPUNIT_ASSERT_EQUAL(std::int64_t{path ? 6 : 5}, stats.pending);
            CPPUNIT_ASSERT_EQUAL(std::int64_t{path ? 1 : 2}, stats.synced);
            CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, stats.total);
            CPPUNIT_ASSERT_EQUAL(200, health.status);
            CPPUNIT_ASSERT_EQUAL(std::string(path ? "1.0" : ""), health.version);
        }
    }

    void requestsCarryKeyTypeAndPathOfTheDialect() {
        const std::vector<std::int64_t> ids{1, 9'223'372'036'854'775'807, 3};
        for (const Dialect dialect : {Dialect::Path, Dialect::Query}) {
            ScriptedServer server([](int) { return ScriptedServer::Answer{http(kStats)}; });
            GatewayClient client({server.url() + "?x=1#y", kKey, dialect, 5s}, _context);

            client.stats();
            client.acknowledge(ids);

            const bool path = dialect == Dialect::Path;
            const auto requests = server.requests();
            requirePart(requests.at(0),
                        path ? "GET /p/api.php/stats HTTP/1.1" : "GET /p/api.php?action=stats HTTP/1.1");
            requirePart(requests.at(1),
                        path ? "POST /p/api.php/sync-completed " : "POST /p/api.php?action=sync-completed ");
            requirePart(requests.at(1), "\r\n\r\n{\"ids\":[1,9223372036854775807,3]}");
            for (const auto& request : requests) {
                requirePart(request, std::string("Authorization: Bearer ") + kKey + "\r\n");
                requirePart(request, "Content-Type: application/json\r\n");
            }
        }
    }

    void statisticsMayComeAsTexts() {
        startGateway();
        control("fault", R"({"name":"string_numbers","call":"stats"})");

        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, client().stats().pending);
        for (const std::string stats : {"[]", "null", "7", "{}", R"({"pending":null,"synced":1,"total":1})",
                                        R"({"pending":"many","synced":1,"total":1})"}) {
            ScriptedServer server(
                [&](int) { return ScriptedServer::Answer{http(R"({"success":true,"stats":)" + stats + "}")}; });
            GatewayClient scripted({server.url(), kKey, Dialect::Path, 5s}, _context);

            const Fault fault = faultOf([&] { scripted.stats(); });

            CPPUNIT_ASSERT_EQUAL_MESSAGE(stats, std::string("Malformed answer"), fault.kind);
            requirePart(fault.message, "the gateway " + server.url() + " (stats): the ");
        }
    }

    void everyFaultIsNamedByItsKind() {
        struct Case {
            std::string fault;
            std::string kind;
            std::vector<std::string> said;
        };
        const std::vector<Case> cases{
            {R"("name":"unauthorized")",
             "Gateway refused",
             {"answers 401", "key is wrong", "validation_apikey", "task.gateway.key"}},
            {R"("name":"status","status":403)", "Gateway refused", {"answers 403", "key is wrong"}},
            {R"("name":"status","status":400)", "Gateway refused", {"answers 400", "Erreur provoquée par le test"}},
            {R"("name":"status","status":404)",
             "Gateway refused",
             {"answers 404", "validation_url", "task.gateway.dialect"}},
            {R"("name":"status","status":405)", "Gateway refused", {"answers 405", "task.gateway.dialect"}},
            {R"("name":"status","status":500)", "Gateway unavailable", {"answers 500", "Erreur provoquée par le test"}},
            {R"("name":"status","status":502)", "Gateway unavailable", {"answers 502"}},
            {R"("name":"status","status":503)", "Gateway unavailable", {"answers 503"}},
            {R"("name":"too_many","retryAfter":7200)",
             "Gateway unavailable",
             {"answers 429", "come back after 7200 s"}},
            {R"("name":"redirect","location":"https://new.example.com/p")",
             "Gateway refused",
             {"answers 302", "a redirect to https://new.example.com/p", "validation_url"}},
            {R"("name":"html")", "Malformed answer", {"is no JSON object but begins: Maintenance Site en maintenance"}},
            {R"("name":"not_json")", "Malformed answer", {"begins: Fatal error: Allowed memory size"}},
            {R"("name":"empty_body")", "Malformed answer", {"begins: (no text)"}},
            {R"("name":"missing_end")", "Malformed answer", {"no JSON object"}},
            {R"("name":"wrong_type","variant":"array")", "Malformed answer", {"begins: []"}},
            {R"("name":"success_false")",
             "Malformed answer",
             {"reports an error: La base de la passerelle est verrouillée"}},
            {R"("name":"lost_answer")",
             "Gateway unavailable",
             {"takes connections, but closed the connection without an answer"}},
            {R"("name":"refused_connection_after_accept")",
             "Gateway unavailable",
             {"(", ") takes connections, but ", " without an answer"}},
            {R"("name":"cut","afterBytes":10)", "Malformed answer", {"the answer was cut after: {\"success"}},
            {R"("name":"slow","milliseconds":60000)", "Gateway unavailable", {"no answer within 300ms"}}};
        startGateway();
        const std::vector<std::int64_t> ids{1};

        for (const auto& c : cases) {
            for (const std::string call : {"stats", "health", "sync-completed"}) {
                control("fault", "{" + c.fault + R"(,"call":")" + (call[1] == 'y' ? "acknowledge" : call) + "\"}");
                GatewayClient client({_gateway->address(), kKey, Dialect::Path, 300ms}, _context);

                const Fault fault = faultOf([&] {
                    if (call == "stats") client.stats();
                    if (call == "health") client.health();
                    if (call == "sync-completed") client.acknowledge(ids);
                });

                const std::string message = c.fault + " " + call + ": " + fault.message;
                CPPUNIT_ASSERT_EQUAL_MESSAGE(message, c.kind, fault.kind);
                for (const auto& part : c.said) requirePart(fault.message, part);
                requireAddressAndNoSecret(fault.message);
                requirePart(fault.message, call);
            }
        }
    }

    void faultsOfTheListAreNamedToo() {
        struct Case {
            std::string fault;
            std::string kind;
            std::string said;
        };
        const std::vector<Case> cases{
            {R"("name":"status","status":503)", "Gateway unavailable", "answers 503 to pending-validations"},
            {R"("name":"html")", "Malformed answer", "not JSON but begins: Maintenance"},
            {R"("name":"empty_body")", "Malformed answer", "the answer is empty"},
            {R"("name":"missing_end")", "Malformed answer", "ends in the middle"},
            {R"("name":"cut","afterBytes":300)", "Malformed answer", "ends in the middle, after 300 bytes of 65836"},
            {R"("name":"cut","afterBytes":300,"chunked":true)", "Malformed answer", "ends in the middle, after"},
            {R"("name":"cut","afterBytes":300,"reset":true)", "", ""},
            {R"("name":"wrong_type")", "Malformed answer", "'data' is an object, expected a list"},
            {R"("name":"success_false")", "Malformed answer", "verrouillée"},
            {R"("name":"count_wrong")", "Malformed answer", "announces 4 items and lists 3"},
            {R"("name":"lost_answer")", "Gateway unavailable", "without an answer"},
            {R"("name":"refused_connection_after_accept")", "Gateway unavailable", "without an answer"},
            {R"("name":"slow","milliseconds":60000)", "Gateway unavailable", "no answer within 300ms"},
            {R"("name":"drip","milliseconds":60000,"bytes":50)", "Gateway unavailable",
             "sent nothing more of it for 300ms"}};
        startGateway();
        control("backlog", R"({"count":3})");

        for (const auto& c : cases) {
            control("fault", "{" + c.fault + R"(,"call":"pending"})");
            GatewayClient client({_gateway->address(), kKey, Dialect::Path, 300ms}, _context);

            const Fault fault = faultOf([&] { list(client); });

            CPPUNIT_ASSERT_MESSAGE(c.fault, !fault.message.empty());
            if (!c.kind.empty()) CPPUNIT_ASSERT_EQUAL_MESSAGE(c.fault + fault.message, c.kind, fault.kind);
            requirePart(fault.message, c.said);
            requireAddressAndNoSecret(fault.message);
            CPPUNIT_ASSERT_EQUAL(std::size_t{3}, list(client).size());  // and works again by itself
        }
    }

    void aWrongKeyIsRefused() {
        startGateway();
        GatewayClient client({_gateway->address(), "wrong-key", Dialect::Path, 5s}, _context);

        const Fault fault = faultOf([&] { list(client); });

        CPPUNIT_ASSERT_EQUAL(std::string("Gateway refused"), fault.kind);
        requirePart(fault.message,
                    "answers 401 to pending-validations: Clé API invalide ou manquante; the API key is wrong");
        CPPUNIT_ASSERT(fault.message.find("wrong-key") == std::string::npos);
    }

    void aHeaderThatTheServerMayHaveTakenAwayIsThoughtOf() {
        const std::string refusal = http(R"({"success":false,"error":"Unauthorized"})", "", "401 Unauthorized");
        for (const bool isPublic : {true, false}) {
            ScriptedServer server([&](int number) {
                return ScriptedServer::Answer{number == 2 && isPublic ? http(R"({"success":true})") : refusal};
            });
            GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, _context);

            const Fault fault = faultOf([&] { client.stats(); });

            CPPUNIT_ASSERT_EQUAL(std::string("Gateway refused"), fault.kind);
            for (const char* part : {"the API key is wrong", "Authorization header", "CGIPassAuth On", "SetEnvIf"})
                requirePart(fault.message, part);
            CPPUNIT_ASSERT_EQUAL(isPublic, fault.message.find("health, which it answers") != std::string::npos);
            const auto requests = server.requests();
            CPPUNIT_ASSERT_EQUAL(std::size_t{2}, requests.size());
            requirePart(requests.at(1), "GET /p/api.php/health ");
            CPPUNIT_ASSERT(requests.at(1).find("Authorization") == std::string::npos);
        }
    }

    void textAroundAnAnswerIsToldOnce() {
        const std::vector<std::pair<std::string, std::string>> surroundings{
            {"\xef\xbb\xbf", ""},
            {"<br />\n<b>Warning</b>: {main} thrown in a.css { \"a\" : 1 } on line 3<br />\n", ""},
            {"", "\n<!-- served by {\"host\":7} -->"},
            {"\xef\xbb\xbf\r\n", " \n<script>{}</script>"}};
        for (const auto& [before, after] : surroundings) {
            carillon::testing::FakeRunContext context;
            ScriptedServer server([text = before + kStats + after](int) { return ScriptedServer::Answer{http(text)}; });
            GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, context);

            CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, client.stats().pending);
            client.acknowledge(std::vector<std::int64_t>{1});

            const auto told = std::count_if(context.lines.begin(), context.lines.end(), [](const auto& line) {
                return line.find("answer.surrounded") != std::string::npos;
            });
            CPPUNIT_ASSERT_EQUAL(1L, static_cast<long>(told));
            CPPUNIT_ASSERT(before[0] != '\xef' || context.logged("a byte order mark"));
            CPPUNIT_ASSERT(before[0] != '<' || context.logged("Warning : {main} thrown"));
            CPPUNIT_ASSERT(after.empty() || context.logged("after="));
        }
    }

    void aPageThatHoldsAnObjectIsNoAnswer() {
        const std::string page =
            R"(<script type="application/ld+json">{"@type":"Organization"}</script><p>Maintenance)";
        for (const std::string& text :
             {page, std::string("{\"success\":true"), std::string("\xef\xbb\xbf"), page + "{"}) {
            ScriptedServer server([&text](int) { return ScriptedServer::Answer{http(text)}; });
            GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, _context);

            const Fault fault = faultOf([&] { client.stats(); });

            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string("Malformed answer"), fault.kind);
            requirePart(fault.message, "no JSON object but begins: ");
        }
    }

    void anEmptyListIsExplainedByTheStatistics() {
        for (const std::string& body : {std::string(), std::string(" \r\n\t"), std::string("\xef\xbb\xbf")}) {
            for (const std::string& pending : {std::string("5"), std::string("0"), std::string("null")}) {
                const std::string stats =
                    R"({"success":true,"stats":{"pending":)" + pending + R"(,"synced":145,"total":150}})";
                ScriptedServer server(
                    [&](int number) { return ScriptedServer::Answer{http(number % 2 == 1 ? body : stats)}; });
                GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, _context);

                const Fault fault = faultOf([&] { list(client); });

                CPPUNIT_ASSERT_EQUAL(std::string("Malformed answer"), fault.kind);
                requirePart(fault.message, "(pending-validations): the answer is empty, expected JSON");
                const bool isExplained = fault.message.find("statistics count 5 pending") != std::string::npos;
                CPPUNIT_ASSERT_EQUAL(pending == "5", isExplained);
                for (const char* part : {"UTF-8", "JSON_INVALID_UTF8_SUBSTITUTE", "data/validation_queue.db"})
                    CPPUNIT_ASSERT_EQUAL(isExplained, fault.message.find(part) != std::string::npos);
            }
        }
    }

    void aWrongDialectOrPathIsRefused() {
        ScriptedServer noQuery([](int) { return ScriptedServer::Answer{http("{}", "", "404 Not Found")}; });
        startGateway();
        GatewayClient dialect({noQuery.url(), kKey, Dialect::Query, 5s}, _context);
        GatewayClient path({_gateway->address() + "/wrong", kKey, Dialect::Path, 5s}, _context);

        for (auto* client : {&dialect, &path}) {
            const Fault fault = faultOf([client] { client->stats(); });

            CPPUNIT_ASSERT_EQUAL(std::string("Gateway refused"), fault.kind);
            requirePart(fault.message, "see validation_url in Agora, task.gateway.url and task.gateway.dialect");
        }
    }

    void aRedirectElsewhereIsRefusedWithItsAddressAndNotFollowed() {
        ScriptedServer server([](int) {
            return ScriptedServer::Answer{
                http("", "Location: https://secure.example.com/p\r\n", "301 Moved Permanently")};
        });
        GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, _context);

        const Fault fault = faultOf([&] { client.stats(); });

        CPPUNIT_ASSERT_EQUAL(std::string("Gateway refused"), fault.kind);
        CPPUNIT_ASSERT_EQUAL(
            "the gateway " + server.url() +
                " answers 301 to stats, a redirect to "
                "https://secure.example.com/p, where the key is not sent; see validation_url in Agora or "
                "task.gateway.url",
            fault.message);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, server.requests().size());
    }

    void aGatewayThatHasMovedOnItsHostIsFollowed() {
        for (const auto& [dialect, suffix] :
             {std::pair(Dialect::Path, "/api.php/stats"), std::pair(Dialect::Query, "/api.php?action=stats")}) {
            ScriptedServer server([suffix = std::string(suffix)](int number) {
                return ScriptedServer::Answer{
                    number == 1 ? http("", "Location: /new" + suffix + "\r\n", "301 Moved Permanently") : http(kStats)};
            });
            GatewayClient client({server.url(), kKey, dialect, 5s}, _context);

            CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, client.stats().pending);
            client.stats();

            const auto requests = server.requests();
            CPPUNIT_ASSERT_EQUAL(std::size_t{3}, requests.size());
            for (const std::size_t later : {1, 2}) requirePart(requests.at(later), "GET /new" + std::string(suffix));
            CPPUNIT_ASSERT_EQUAL(server.url(), client.address());  // its name in the inbox stays
            CPPUNIT_ASSERT(_context.logged("gateway.moved"));
        }
        // Another port of the same host may be another's.
        ScriptedServer other([](int) { return ScriptedServer::Answer{http(kStats)}; });
        ScriptedServer server([&other](int) {
            return ScriptedServer::Answer{http("", "Location: " + other.url() + "/api.php/stats\r\n", "302 Found")};
        });
        GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, _context);
        CPPUNIT_ASSERT_EQUAL(std::string("Gateway refused"), faultOf([&] { client.stats(); }).kind);
        CPPUNIT_ASSERT(other.requests().empty());
    }

    void redirectsWithoutEndAreRefused() {
        ScriptedServer server([](int number) {
            return ScriptedServer::Answer{
                http("", "Location: /" + std::to_string(number) + "/api.php/stats\r\n", "307 Temporary Redirect")};
        });
        GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, _context);

        const Fault fault = faultOf([&] { client.stats(); });

        CPPUNIT_ASSERT_EQUAL(std::string("Gateway refused"), fault.kind);
        CPPUNIT_ASSERT_EQUAL(std::size_t{6}, server.requests().size());
    }

    void aGatewayThatAsksForAPauseIsAskedAgainAfterIt() {
        const std::string date =
            Poco::DateTimeFormatter::format(Poco::Timestamp() + 1'500'000, Poco::DateTimeFormat::HTTP_FORMAT);
        for (const auto& [status, when] :
             {std::pair<std::string, std::string>("503 Service Unavailable", "1"), {"429 Too Many Requests", date}}) {
            ScriptedServer server([status = status, when = when](int number) {
                return ScriptedServer::Answer{number == 1 ? http("", "Retry-After: " + when + "\r\n", status)
                                                          : http(kStats)};
            });
            GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, _context);
            const auto began = std::chrono::steady_clock::now();

            CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, client.stats().pending);

            const auto took = std::chrono::steady_clock::now() - began;
            CPPUNIT_ASSERT(when != "1" || took >= 1s);
            CPPUNIT_ASSERT_EQUAL(std::size_t{2}, server.requests().size());
            CPPUNIT_ASSERT(_context.logged("gateway.busy"));
        }
    }

    void aPauseBeyondTheRunIsNotWaitedFor() {
        carillon::testing::FakeRunContext shortRun(std::chrono::steady_clock::now() + 10s);
        ScriptedServer server(
            [](int) { return ScriptedServer::Answer{http("", "Retry-After: 60\r\n", "503 Service Unavailable")}; });
        GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, shortRun);
        GatewayOptions impatient{server.url(), kKey, Dialect::Path, 5s};
        impatient.waits = false;

        const Fault fault = faultOf([&] { client.stats(); });
        const Fault other = faultOf([&] { GatewayClient(impatient, _context).stats(); });

        CPPUNIT_ASSERT_EQUAL(std::string("Gateway unavailable"), fault.kind);
        requirePart(fault.message, "it asks to come back after 60 s");
        CPPUNIT_ASSERT_EQUAL(fault.message, other.message);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, server.requests().size());
        try {
            client.stats();
            CPPUNIT_FAIL("it is unavailable");
        } catch (const GatewayUnavailable& e) {
            CPPUNIT_ASSERT(e.retryAfter() == 60s);
        }
    }

    /// A wrong key stays wrong; an address may be unknown for as long as somebody works at the server.
    void onlyCredentialsAreHopeless() {
        const std::pair<std::string, bool> answers[] = {
            {"401 Unauthorized", false}, {"403 Forbidden", false},  {"407 Proxy", false}, {"404 Not Found", true},
            {"405 Not Allowed", true},   {"400 Bad Request", true}, {"302 Found", true}};
        for (const auto& [status, mayPass] : answers) {
            ScriptedServer server([&status = status](int) { return ScriptedServer::Answer{http("{}", "", status)}; });
            GatewayClient client({server.url(), kKey, Dialect::Query, 5s}, _context);
            try {
                client.stats();
                CPPUNIT_FAIL(status + " is refused");
            } catch (const GatewayRefused& e) {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(status, mayPass, e.mayPass());
            }
        }
    }

    void aRequestToStopEndsAPause() {
        ScriptedServer server(
            [](int) { return ScriptedServer::Answer{http("", "Retry-After: 600\r\n", "503 Service Unavailable")}; });
        GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, _context);
        _context.onLine = [this](const std::string& line) {
            if (line.find("gateway.busy") != std::string::npos) _context.requestStop();
        };

        CPPUNIT_ASSERT_EQUAL(std::string("Run stopped"), faultOf([&] { client.stats(); }).kind);
    }

    void hugeErrorPagesAreNotReadWhole() {
        const std::string page(1 << 20, 'x');
        ScriptedServer server([&page](int number) {
            return ScriptedServer::Answer{http(page, "", number == 1 ? "500 Oops" : "200 OK")};
        });
        GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, _context);

        const Fault error = faultOf([&] { client.stats(); });
        const Fault rubbish = faultOf([&] { client.stats(); });

        CPPUNIT_ASSERT_EQUAL(std::string("Gateway unavailable"), error.kind);
        CPPUNIT_ASSERT_EQUAL(std::string("Malformed answer"), rubbish.kind);
        CPPUNIT_ASSERT(error.message.size() < 300 && rubbish.message.size() < 300);
    }

    void connectionsAreUsedAgain() {
        ScriptedServer server([](int number) {
            if (number == 2)
                return ScriptedServer::Answer{
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"data\":[]}\r\n0\r\n\r\n"};
            return ScriptedServer::Answer{http(kStats)};
        });
        GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, _context);

        client.stats();
        list(client);
        client.acknowledge(std::vector<std::int64_t>{1});
        client.stats();

        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, server.requests().size());
        CPPUNIT_ASSERT_EQUAL(1, server.connections());
    }

    void aConnectionThatWasClosedInTheMeantimeIsReplacedOnce() {
        using Then = ScriptedServer::Then;
        ScriptedServer server([](int number) {
            if (number == 3) return ScriptedServer::Answer{"", Then::Close};  // takes the request and says nothing
            return ScriptedServer::Answer{http(kStats), number == 1 ? Then::Close : Then::Stay};
        });
        GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, _context);

        for (int call = 0; call < 3; ++call) CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, client.stats().pending);

        CPPUNIT_ASSERT_EQUAL(3, server.connections());
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, server.requests().size());
    }

    void aConnectionThatTheGatewayEndsIsNotUsedAgain() {
        ScriptedServer server([](int) {
            return ScriptedServer::Answer{http(kStats, "Connection: close\r\n"), ScriptedServer::Then::Close};
        });
        GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, _context);

        client.stats();
        client.stats();

        CPPUNIT_ASSERT_EQUAL(2, server.connections());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, server.requests().size());
    }

    void anAnswerThatIsNotReadToItsEndEndsTheConnection() {
        ScriptedServer server([](int number) {
            return ScriptedServer::Answer{
                http(number == 1 ? "{\"data\":[" + std::string(100'000, ' ') + "]}" : kStats)};
        });
        GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, _context);

        client.readPending([](std::istream& body, std::int64_t length) {
            CPPUNIT_ASSERT_EQUAL(std::int64_t{100'011}, length);
            body.get();
        });

        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, client.stats().pending);
        CPPUNIT_ASSERT_EQUAL(2, server.connections());
    }

    void aFreshConnectionIsNotTriedTwice() {
        ScriptedServer server([](int) { return ScriptedServer::Answer{"", ScriptedServer::Then::Close}; });
        GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, _context);

        const Fault fault = faultOf([&] { client.stats(); });

        CPPUNIT_ASSERT_EQUAL(std::string("Gateway unavailable"), fault.kind);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, server.requests().size());
    }

    void theTimeLimitHolds() {
        using Then = ScriptedServer::Then;
        const std::vector<std::pair<std::string, std::string>> beginnings{
            {"", "takes connections, but gave no answer within 100ms"},
            {"HTTP/1.1 200", "answered, but the head of its answer was not complete within 100ms"},
            {http(kStats).substr(0, 90), "answered, but then sent nothing more of it for 100ms"}};
        for (const auto& [begun, said] : beginnings) {
            ScriptedServer server([bytes = begun](int) { return ScriptedServer::Answer{bytes, Then::Hang}; });
            GatewayClient client({server.url(), kKey, Dialect::Path, 100ms}, _context);

            const Fault fault = faultOf([&] { client.stats(); });

            CPPUNIT_ASSERT_EQUAL(std::string("Gateway unavailable"), fault.kind);
            CPPUNIT_ASSERT_EQUAL("the gateway " + server.url() + " (stats) " + said, fault.message);
        }
    }

    void aTimeOutIsNotTriedTwice() {
        ScriptedServer server([](int number) {
            if (number == 1) return ScriptedServer::Answer{http(kStats)};
            return ScriptedServer::Answer{"", ScriptedServer::Then::Hang};
        });
        GatewayClient client({server.url(), kKey, Dialect::Path, 200ms}, _context);
        client.stats();

        const Fault fault = faultOf([&] { client.stats(); });

        requirePart(fault.message, "no answer within 200ms");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, server.requests().size());
    }

    void theRunsDeadlineShortensTheTimeLimit() {
        const auto started = std::chrono::steady_clock::now();
        carillon::testing::FakeRunContext context(started + 300ms);
        ScriptedServer server([](int) { return ScriptedServer::Answer{"", ScriptedServer::Then::Hang}; });
        GatewayClient client({server.url(), kKey, Dialect::Path, 50s}, context);

        const Fault fault = faultOf([&] { client.stats(); });

        CPPUNIT_ASSERT_EQUAL(std::string("Run stopped"), fault.kind);
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - started < 20s);
    }

    void aStoppedRunAsksNothing() {
        ScriptedServer server([](int) { return ScriptedServer::Answer{http(kStats)}; });
        GatewayClient client({server.url(), kKey, Dialect::Path, 5s}, _context);
        _context.requestStop();

        CPPUNIT_ASSERT_THROW(client.stats(), carillon::RunStopped);

        CPPUNIT_ASSERT_EQUAL(0, server.connections());
    }

    void nobodyListeningIsUnavailable() {
        std::string url;
        {
            const ScriptedServer gone([](int) { return ScriptedServer::Answer{}; });
            url = gone.url();
        }
        GatewayClient client({url, kKey, Dialect::Path, 5s}, _context);

        const Fault fault = faultOf([&] { client.stats(); });

        CPPUNIT_ASSERT_EQUAL(std::string("Gateway unavailable"), fault.kind);
        requirePart(fault.message, "the gateway " + url + " cannot be reached (stats)");
        requirePart(fault.message, "Connection refused");
    }

    void addressesThatCannotBeUsedAreRefusedWithoutSecrets() {
        for (const std::string url :
             {"", "gateway", "gateway.example.com/p", "ftp://h/p", "http://", "https:///p", "http://h:99999999/p",
              "https://user:hush@h/p", "https://hush@h/p", "http://h/a\nb", "http://[::1/p"}) {
            const Fault fault = faultOf([&] { const GatewayClient client({url, kKey, Dialect::Path, 5s}, _context); });

            CPPUNIT_ASSERT_EQUAL_MESSAGE(url, std::string("Gateway refused"), fault.kind);
            CPPUNIT_ASSERT_MESSAGE(fault.message, fault.message.find("hush") == std::string::npos);
        }
        const Fault key = faultOf([&] {
            const GatewayClient client({"http://h/p", "k\r\nX: y", Dialect::Path, 5s}, _context);
        });
        CPPUNIT_ASSERT_EQUAL(std::string("the gateway's address or key holds a control character; write it anew"),
                             key.message);
    }

    void addressesAreTakenWithoutTheirLastSlash() {
        const auto address = [this](const std::string& url) {
            return GatewayClient({url, kKey, Dialect::Path, 5s}, _context).address();
        };

        CPPUNIT_ASSERT_EQUAL(std::string("https://h"), address("https://h/"));
        CPPUNIT_ASSERT_EQUAL(std::string("https://h:8443/a/b"), address("https://h:8443/a/b//"));
        CPPUNIT_ASSERT_EQUAL(std::string("http://h/a"), address("http://h:80/a?key=1#x"));
    }

    void tlsToAPlainPortIsUnavailable() {
        Poco::Net::ServerSocket talker(Poco::Net::SocketAddress("127.0.0.1", 0));
        std::thread answer([&talker] {
            Poco::Net::StreamSocket connection = talker.acceptConnection();
            char bytes[100];
            connection.receiveBytes(bytes, sizeof bytes);
            const std::string refusal = "HTTP/1.1 400 Bad Request\r\n\r\n";
            connection.sendBytes(refusal.data(), static_cast<int>(refusal.size()));
        });
        const std::string url = "https://127.0.0.1:" + std::to_string(talker.address().port()) + "/p";
        GatewayClient client({url, kKey, Dialect::Path, 5s}, _context);

        const Fault fault = faultOf([&] { client.stats(); });
        answer.join();

        CPPUNIT_ASSERT_EQUAL(std::string("Gateway unavailable"), fault.kind);
        requirePart(fault.message, "the gateway " + url + " (stats) answered, but not with TLS; correct the port");
    }

    void certificatesAreVerifiedWithTheHostsName() {
        Poco::TemporaryFile folder;
        folder.createDirectories();
        const std::string certificate = makeCertificate(folder.path(), "gateway", "IP:127.0.0.1");
        const std::string stranger = makeCertificate(folder.path(), "stranger", "IP:127.0.0.1");
        const std::string otherName = makeCertificate(folder.path(), "other", "DNS:other.example.com");

        const auto ask = [&](const std::string& served, const std::string& trusted) {
            using Poco::Net::Context;
            Context::Ptr tls = new Context(Context::TLS_SERVER_USE, served + ".key", served, "", Context::VERIFY_NONE);
            ScriptedServer server(
                [](int) {
                    return ScriptedServer::Answer{http(kStats), ScriptedServer::Then::Close};
                },
                Poco::Net::SecureServerSocket(tls));
            GatewayClient client({server.url("https"), kKey, Dialect::Path, 5s, {trusted}}, _context);
            return faultOf([&] { CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, client.stats().pending); });
        };

        CPPUNIT_ASSERT_EQUAL(std::string(), ask(certificate, certificate).message);
        const std::vector<std::vector<std::string>> refusals{
            {certificate, stranger, "does not come from the authority task.gateway.ca = " + stranger},
            {certificate, "", "from no authority that this system knows", "task.gateway.ca"},
            {otherName, otherName, "not made out for 127.0.0.1"}};
        for (const auto& refusal : refusals) {
            const Fault fault = ask(refusal.at(0), refusal.at(1));

            CPPUNIT_ASSERT_EQUAL_MESSAGE(fault.message, std::string("Gateway unavailable"), fault.kind);
            requirePart(fault.message, refusal.at(2));
            requirePart(fault.message, refusal.back());
        }
        const Fault noFile = ask(certificate, "/no/such.pem");
        CPPUNIT_ASSERT_EQUAL(std::string("Gateway refused"), noFile.kind);
        requirePart(noFile.message, "task.gateway.ca = /no/such.pem: there is no such file");
    }

private:
    struct Fault {
        std::string kind{};
        std::string message{};
    };

    void startGateway() {
        _file = std::make_unique<Poco::TemporaryFile>();
        _gateway = std::make_unique<testgateway::GatewayServer>(
            testgateway::GatewayOptions{.database = _file->path(), .key = kKey, .port = 0});
    }
    void control(const std::string& call, const std::string& body) {
        Poco::Net::HTTPClientSession session("127.0.0.1", _gateway->port());
        Poco::Net::HTTPRequest request("POST", "/control/" + call, "HTTP/1.1");
        request.setContentLength64(static_cast<Poco::Int64>(body.size()));
        session.sendRequest(request) << body;
        Poco::Net::HTTPResponse response;
        session.receiveResponse(response);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(body, 200, static_cast<int>(response.getStatus()));
    }
    GatewayClient client() { return {{_gateway->address(), kKey, Dialect::Path, 5s}, _context}; }

    std::vector<Validation> list(GatewayClient& client) {
        std::vector<Validation> items;
        BacklogReader reader({}, _context.stop());
        client.readPending([&](std::istream& body, std::int64_t length) {
            reader.read(body, length, [&](Batch& batch) {
                for (auto& item : batch.items) items.push_back(std::move(item));
            });
        });
        return items;
    }

    static Fault faultOf(const std::function<void()>& work) {
        try {
            work();
        } catch (const Poco::Exception& e) {
            return {e.name(), e.message()};
        }
        return {};
    }
    static void requirePart(const std::string& text, const std::string& part) {
        CPPUNIT_ASSERT_MESSAGE("'" + part + "' is not in: " + text, text.find(part) != std::string::npos);
    }
    void requireAddressAndNoSecret(const std::string& message) const {
        requirePart(message, _gateway->address());
        CPPUNIT_ASSERT_MESSAGE(message, message.find(kKey) == std::string::npos);
        for (const auto& line : _context.lines) CPPUNIT_ASSERT_MESSAGE(line, line.find(kKey) == std::string::npos);
    }

    /// Its own authority; the key beside it. Returns the certificate's path.
    static std::string makeCertificate(const std::string& folder, const std::string& name, const std::string& subject) {
        const std::string file = folder + "/" + name + ".pem";
        const std::vector<std::string> arguments{
            "req",         "-x509", "-newkey", "ec",          "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days",       "2",     "-subj",   "/CN=" + name, "-addext",  "subjectAltName=" + subject,    "-keyout",
            file + ".key", "-out",  file,      "-batch"};
        Poco::Pipe said;
        const auto process = Poco::Process::launch("openssl", arguments, nullptr, &said, &said);
        Poco::PipeInputStream text(said);
        const std::string output(std::istreambuf_iterator<char>(text), {});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(output, 0, process.wait());
        return file;
    }

    carillon::testing::FakeRunContext _context{};
    std::unique_ptr<Poco::TemporaryFile> _file{};
    std::unique_ptr<testgateway::GatewayServer> _gateway{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(GatewayClientTest);
