#include "BacklogReader.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "Poco/Base64Decoder.h"
#include "Poco/JSON/Object.h"
#include "Poco/JSON/Parser.h"
#include "Poco/JSONString.h"
#include "Poco/Net/NetException.h"
#include "carillon/testing/FakeRunContext.h"

using namespace passerelle;

/// Bytes to items.
class BacklogReaderTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BacklogReaderTest);
    CPPUNIT_TEST(bothDialectsAreRead);
    CPPUNIT_TEST(numbersMayComeAsTexts);
    CPPUNIT_TEST(unknownMembersAreKeptInThePayloadOnly);
    CPPUNIT_TEST(aCommentMayBeNullEmptyOrAbsent);
    CPPUNIT_TEST(aMemberGivenTwiceIsADefect);
    CPPUNIT_TEST(membersOfAWrongTypeAreDefects);
    CPPUNIT_TEST(idsThatCannotBeAcknowledgedAreNone);
    CPPUNIT_TEST(anEmptyListHasNoBatch);
    CPPUNIT_TEST(answersThatAreNoListAreNamed);
    CPPUNIT_TEST(anErrorOfTheGatewayIsReportedBeforeAndAfterTheList);
    CPPUNIT_TEST(aWrongCountIsReportedAfterTheItems);
    CPPUNIT_TEST(aCutAnswerGivesWhatCameBeforeTheCut);
    CPPUNIT_TEST(aBrokenConnectionGivesWhatCameBefore);
    CPPUNIT_TEST(aBrokenItemDoesNotEndTheListWhereverItIs);
    CPPUNIT_TEST(whatIsNoObjectIsABrokenItem);
    CPPUNIT_TEST(betweenItemsNothingIsLost);
    CPPUNIT_TEST(anItemThatSwallowsAnotherIsCounted);
    CPPUNIT_TEST(oneWrongByteHarmsItsOwnItemOnly);
    CPPUNIT_TEST(textAroundTheJsonIsARemark);
    CPPUNIT_TEST(theDocumentIsFoundAmongOtherBrackets);
    CPPUNIT_TEST(whereNothingIsListedTheFirstFaultIsTold);
    CPPUNIT_TEST(itemsBehindTheJsonAreAFault);
    CPPUNIT_TEST(whatCanOnlyMeanATextIsOne);
    CPPUNIT_TEST(idsMayBeWrittenInAnyWay);
    CPPUNIT_TEST(batchesAreFullByItems);
    CPPUNIT_TEST(batchesAreFullByBytes);
    CPPUNIT_TEST(longStringsAreCutAndTheirItemIsMarked);
    CPPUNIT_TEST(anItemWithTooMuchInItIsCutAndMarked);
    CPPUNIT_TEST(payloadsReadAgainGiveTheSameMembers);
    CPPUNIT_TEST(payloadsAreEscapedAsPocoDoesWhereverTheSignIs);
    CPPUNIT_TEST(fingerprintsTellNamelessItemsApartButNotByTheirId);
    CPPUNIT_TEST(aStopRequestEndsTheReading);
    CPPUNIT_TEST(faultsOfTheConsumerComeThrough);
    CPPUNIT_TEST(memoryDoesNotGrowWithTheList);
    CPPUNIT_TEST(excerptsAreOneShortReadableLine);
    CPPUNIT_TEST_SUITE_END();

public:
    void bothDialectsAreRead() {
        const std::string one = item(1, "aa");
        const std::string two = item(2, "bb");

        const std::string answer = R"({"success":true,"count":2,"data":[)" + one + "," + two + "]}";
        const Result path = read(answer);
        const Result query = read(R"({"success":true,"validations":[)" + one + "," + two + "]}\n");
        const Result spaced = read(" \r\n{ \"data\" :\t[ " + one + " ,\n " + two + " ] , \"count\" : \"2\" } ");

        for (const auto* result : {&path, &query, &spaced}) {
            CPPUNIT_ASSERT_EQUAL(std::string(), result->fault);
            CPPUNIT_ASSERT_EQUAL(std::size_t{2}, result->items.size());
            const Validation& first = result->items[0];
            CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, first.gatewayId);
            CPPUNIT_ASSERT_EQUAL(std::string("aa"), first.token);
            CPPUNIT_ASSERT_EQUAL(std::string("valide"), first.action);
            CPPUNIT_ASSERT_EQUAL(std::string("Très bien"), first.comment.value());
            CPPUNIT_ASSERT_EQUAL(std::string("2026-11-22 10:32:23"), first.validatedAt);
            CPPUNIT_ASSERT_EQUAL(one, first.payload);
            CPPUNIT_ASSERT(first.defect.empty() && !first.cut && first.fingerprint.empty());
            CPPUNIT_ASSERT_EQUAL(std::string("bb"), result->items[1].token);
        }
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{answer.size()}, path.bytes);
    }

    void numbersMayComeAsTexts() {
        const Result result = read(R"({"success":"1","count":"1","data":[{"id":"42","token":"t","campaign_id":"0"}]})");

        CPPUNIT_ASSERT_EQUAL(std::string(), result.fault);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{42}, result.items.at(0).gatewayId);
    }

    void unknownMembersAreKeptInThePayloadOnly() {
        const std::string odd = R"({"id":3,"token":"t","synced":0,"x":{"token":"no","id":[9,{"action":"no"}],"y":{}},)"
                                R"("z":[],"action":"refuse","f":1.5,"g":-0.001,"h":true,"i":null})";

        const Result result =
            read(R"({"x":{"data":[{"id":1}]},"y":[[{"token":"no"}]],"success":true,"data":[)" + odd + R"(],"z":[1]})");

        CPPUNIT_ASSERT_EQUAL(std::string(), result.fault);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, result.items.size());
        CPPUNIT_ASSERT_EQUAL(std::string("t"), result.items[0].token);
        CPPUNIT_ASSERT_EQUAL(std::string("refuse"), result.items[0].action);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, result.items[0].gatewayId);
        CPPUNIT_ASSERT_EQUAL(odd, result.items[0].payload);
        CPPUNIT_ASSERT_EQUAL(std::string(), result.items[0].defect);
    }

    void aCommentMayBeNullEmptyOrAbsent() {
        const Result result = read(R"({"data":[{"commentaire":null},{"commentaire":""},{}]})");

        CPPUNIT_ASSERT(!result.items.at(0).comment.has_value());
        CPPUNIT_ASSERT_EQUAL(std::string(), result.items.at(1).comment.value());
        CPPUNIT_ASSERT(!result.items.at(2).comment.has_value());
        for (const auto& item : result.items) CPPUNIT_ASSERT_EQUAL(std::string(), item.defect);
    }

    void aMemberGivenTwiceIsADefect() {
        for (const std::string name : {"id", "token", "action", "commentaire", "validated_at"}) {
            for (const auto* values : {R"("1"|"2")", R"(null|"2")", R"("1"|null)"}) {
                const std::string pair(values);
                const std::string first = pair.substr(0, pair.find('|'));
                const std::string second = pair.substr(pair.find('|') + 1);

                const Result result =
                    read(R"({"data":[{")" + name + "\":" + first + ",\"" + name + "\":" + second + "}]}");

                CPPUNIT_ASSERT_EQUAL_MESSAGE(name + values, name + " is given twice", result.items.at(0).defect);
            }
        }
    }

    void membersOfAWrongTypeAreDefects() {
        for (const std::string name : {"token", "action", "validated_at"}) {
            for (const std::string value : {"1", "1.5", "true", "{}", "[]", R"({"a":"b"})", R"(["x"])"}) {
                const Result result = read(R"({"data":[{"id":1,")" + name + "\":" + value + R"(,"z":1}]})");

                CPPUNIT_ASSERT_EQUAL(std::string(), result.fault);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(name + value, name + " is no text", result.items.at(0).defect);
                CPPUNIT_ASSERT_EQUAL(R"({"id":1,")" + name + "\":" + value + R"(,"z":1})", result.items.at(0).payload);
            }
        }
        const Result absent = read(R"({"data":[{"id":1,"token":null,"action":null}]})");
        CPPUNIT_ASSERT_EQUAL(std::string(), absent.items.at(0).token + absent.items.at(0).action);
    }

    void idsThatCannotBeAcknowledgedAreNone() {
        for (const std::string id :
             {"0", "-1", "1.5", "18446744073709551615", "18446744073709551616", "18446744073709551617",
              "9223372036854775808", "true", "null", "[1]", "{}", R"("")", R"("0")", R"("-5")", R"("1x")",
              R"("9223372036854775808")", R"("123456789012345678901234567890")"}) {
            const Result result = read(R"({"data":[{"id":)" + id + R"(,"token":"t"}]})");

            CPPUNIT_ASSERT_EQUAL_MESSAGE(id, std::string(), result.fault);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(id, std::int64_t{0}, result.items.at(0).gatewayId);
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{9'223'372'036'854'775'807},
                             read(R"({"data":[{"id":9223372036854775807}]})").items.at(0).gatewayId);
        const Result endless = read(R"({"data":[{"id":1},{"id":123456789012345678901234567890},{"id":2}]})");
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, endless.items.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, endless.items[1].gatewayId);
    }

    void anEmptyListHasNoBatch() {
        for (const auto* answer : {R"({"success":true,"count":0,"data":[]})", R"({"success":true,"validations":[]})"}) {
            const Result result = read(answer);

            CPPUNIT_ASSERT_EQUAL(std::string(), result.fault);
            CPPUNIT_ASSERT(result.batches.empty());
        }
    }

    void answersThatAreNoListAreNamed() {
        struct Case {
            std::string answer;
            std::string said;
        };
        const std::vector<Case> cases{
            {"", "the answer is empty, expected JSON"},
            {" \n ", "the answer is empty, expected JSON"},
            {"<!DOCTYPE html><html><body><h1>Maintenance</h1></body></html>", "is not JSON but begins: Maintenance"},
            {"<script>{\"@context\":1}</script><h1>Maintenance</h1>", "has no list 'data' or 'validations'"},
            {"<script>{\"@context\":x}</script><h1>Maintenance</h1>", "is not JSON but begins"},
            {"\xef\xbb\xbf", "the answer is empty, expected JSON"},
            {"null", "is not JSON but begins: null"},
            {"\"data\"", "is not JSON but begins"},
            {"[]", "the answer is a list, expected an object"},
            {"[{\"id\":1}]", "the answer is a list, expected an object"},
            {"{}", "has no list 'data' or 'validations'"},
            {R"({"success":true})", "has no list 'data' or 'validations'"},
            {R"({"success":true,"list":[{"id":1}]})", "has no list 'data' or 'validations'"},
            {R"({"success":true,"data":{}})", "'data' is an object, expected a list"},
            {R"({"success":true,"validations":{"1":{"id":1}}})", "'validations' is an object, expected a list"},
            {R"({"success":true,"data":null})", "'data' is null, expected a list"},
            {R"({"success":true,"data":"none"})", "'data' is a text, expected a list"},
            {R"({"success":true,"data":7})", "'data' is 7, expected a list"},
            {R"({'success':true})", "not valid JSON after 0 items"},
            {R"({"data":[{"a":)" + std::string(1'000, '['), "the answer ends in the middle"}};

        for (const auto& c : cases) {
            const Result result = read(c.answer);

            CPPUNIT_ASSERT_MESSAGE(c.answer + " -> " + result.fault, result.fault.find(c.said) != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(result.fault, result.fault.size() < 250);
        }
    }

    void anErrorOfTheGatewayIsReportedBeforeAndAfterTheList() {
        for (const auto* answer :
             {R"({"success":false,"error":"Database error","message":"verrouillée"})",
              R"({"success":false,"error":"Database error","message":"verrouillée","data":[]})",
              R"({"data":[{"id":1,"token":"t"}],"error":"Database error","message":"verrouillée","success":false})",
              R"({"data":[],"error":"Database error","message":"verrouillée","success":0})",
              R"({"data":[],"error":"Database error","message":"verrouillée","success":"false"})",
              R"({"data":[],"error":"Database error","message":"verrouillée","success":null})"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                answer, std::string("the gateway reports an error: Database error verrouillée"), read(answer).fault);
        }
    }

    void aWrongCountIsReportedAfterTheItems() {
        for (const auto* answer : {R"({"count":2,"data":[{"id":1}]})", R"({"data":[{"id":1}],"count":"2"})"}) {
            const Result result = read(answer);

            CPPUNIT_ASSERT_EQUAL(std::string("the gateway announces 2 items and lists 1"), result.fault);
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, result.items.size());
        }
        CPPUNIT_ASSERT_EQUAL(std::string(), read(R"({"count":"many","data":[{"id":1}]})").fault);
    }

    void aCutAnswerGivesWhatCameBeforeTheCut() {
        const std::string answer = R"({"success":true,"count":3,"data":[)" + item(1, "aa") + "," +
                                   R"({"id":2,"token":"b\u00e9\ud83d\ude00","x":{"y":[1.5e3,true]}},)" + item(3, "cc") +
                                   "]}";

        for (std::size_t length = 0; length < answer.size(); ++length) {
            const std::string message = "cut after " + std::to_string(length);

            const Result result = read(answer.substr(0, length), {}, static_cast<std::int64_t>(answer.size()));

            CPPUNIT_ASSERT_MESSAGE(message, !result.fault.empty());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(message, completeItems(answer, length), result.items.size());
            CPPUNIT_ASSERT_MESSAGE(
                message + ": " + result.fault,
                length == 0 || result.fault.find("ends in the middle, after " + std::to_string(length) + " bytes of " +
                                                 std::to_string(answer.size())) != std::string::npos);
        }
        CPPUNIT_ASSERT_EQUAL(std::string(), read(answer).fault);
    }

    void aBrokenConnectionGivesWhatCameBefore() {
        BrokenLine line(R"({"data":[)" + item(1, "aa") + "," + item(2, "bb") + ",{\"id\":3");
        std::istream answer(&line);
        BacklogReader reader({}, _context.stop());
        std::size_t items = 0;

        CPPUNIT_ASSERT_THROW(reader.read(answer, -1, [&items](Batch& batch) { items += batch.items.size(); }),
                             Poco::Net::ConnectionResetException);

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, items);
    }

    void aBrokenItemDoesNotEndTheListWhereverItIs() {
        const std::vector<std::string> sound{item(1, "aa"), item(3, "cc")};
        for (const auto& broken : brokenItems()) {
            for (std::size_t place = 0; place < 3; ++place) {
                std::vector<std::string> items = sound;
                items.insert(items.begin() + static_cast<std::ptrdiff_t>(place), broken);
                const std::string answer =
                    R"({"success":true,"count":3,"data":[)" + items[0] + ",\n" + items[1] + " , " + items[2] + "]}";
                for (const std::size_t chunk : {std::size_t{1}, std::size_t{13}, answer.size()}) {
                    const std::string message = answer + " by " + std::to_string(chunk);

                    const Result result = readInChunks(answer, chunk);

                    CPPUNIT_ASSERT_EQUAL_MESSAGE(message, std::string(), result.fault);
                    CPPUNIT_ASSERT_EQUAL_MESSAGE(message, std::size_t{3}, result.items.size());
                    CPPUNIT_ASSERT_EQUAL_MESSAGE(message, std::uint64_t{0}, result.lost);
                    const Validation& bad = result.items[place];
                    CPPUNIT_ASSERT_EQUAL_MESSAGE(message, std::int64_t{2}, bad.gatewayId);
                    CPPUNIT_ASSERT_EQUAL_MESSAGE(message, std::string("bb"), bad.token);
                    CPPUNIT_ASSERT_MESSAGE(message, bad.defect.starts_with("the item is no valid JSON: "));
                    CPPUNIT_ASSERT_EQUAL_MESSAGE(message, broken, fromBase64(member(bad.payload, "raw_base64")));
                    CPPUNIT_ASSERT_EQUAL_MESSAGE(message, sound[0], result.items[place == 0 ? 1 : 0].payload);
                    CPPUNIT_ASSERT_EQUAL_MESSAGE(message, sound[1], result.items[place == 2 ? 1 : 2].payload);
                }
            }
        }
    }

    void whatIsNoObjectIsABrokenItem() {
        for (const auto* odd : {"null", "1", "true", "\"x\"", "[]", "[[{}]]", "[1,2]", "nonsense", "{'id':2}", "{"}) {
            const Result result =
                read(R"({"success":true,"data":[)" + item(1, "aa") + "," + odd + "," + item(3, "cc") + "]}");

            CPPUNIT_ASSERT_EQUAL_MESSAGE(odd, std::string(), result.fault);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(odd, std::size_t{3}, result.items.size());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(odd, std::string(odd),
                                         fromBase64(member(result.items[1].payload, "raw_base64")));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(odd, std::int64_t{0}, result.items[1].gatewayId);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(odd, std::size_t{64}, result.items[1].fingerprint.size());
        }
    }

    void betweenItemsNothingIsLost() {
        for (const auto* between : {",,", " ", "", ", ,", ";", "}"}) {
            const Result result =
                read(R"({"success":true,"data":[)" + item(1, "aa") + between + item(3, "cc") + "],\"count\":2}");

            CPPUNIT_ASSERT_EQUAL_MESSAGE(between, std::string(), result.fault);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(between, std::string("cc"), result.items.back().token);
        }
        const Result trailing = read(R"({"success":true,"count":1,"data":[)" + item(1, "aa") + ",]}");
        CPPUNIT_ASSERT_EQUAL(std::string(), trailing.fault);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, trailing.items.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, trailing.remarks.size());
    }

    /// It swallowed its neighbour: that one is not acknowledged, and must not be forgotten silently.
    void anItemThatSwallowsAnotherIsCounted() {
        const Result result =
            read(R"({"success":true,"count":4,"data":[)" + item(1, "aa") +
                 R"(,{"id":2,"token":"bb","x":{"y":[{"id":5},)" + item(3, "cc").substr(1) + "," + item(4, "dd") + "]}");

        CPPUNIT_ASSERT_EQUAL(std::string(), result.fault);
        CPPUNIT_ASSERT_EQUAL(std::string("dd"), result.items.back().token);
        CPPUNIT_ASSERT_EQUAL(4 - result.items.size(), static_cast<std::size_t>(result.lost));
    }

    /// Each single byte of an item that is changed leaves the others as they are.
    void oneWrongByteHarmsItsOwnItemOnly() {
        const std::string before = R"({"success":true,"count":3,"data":[)" + item(1, "aa") + ",";
        const std::string middle = item(2, "bb");
        const std::string after = "," + item(3, "cc") + "]}";
        for (std::size_t at = 0; at < middle.size(); ++at) {
            for (const char c : {'"', '\\', '\n', '\0', '\xff', '}', '{', ']', ','}) {
                std::string changed = middle;
                changed[at] = c;

                const std::string answer = before + changed + after;
                const Result result = read(answer, {}, static_cast<std::int64_t>(answer.size()));

                const std::string message = changed + ": " + result.fault;
                CPPUNIT_ASSERT_MESSAGE(message, result.fault.empty());
                CPPUNIT_ASSERT_EQUAL_MESSAGE(message, item(1, "aa"), result.items.front().payload);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(message, item(3, "cc"), result.items.back().payload);
                const std::string last = std::string(before).replace(before.find(":3"), 2, ":2") + changed + "]}";
                CPPUNIT_ASSERT_EQUAL_MESSAGE(last, std::string(),
                                             read(last, {}, static_cast<std::int64_t>(last.size())).fault);
            }
        }
    }

    void textAroundTheJsonIsARemark() {
        const std::string json = R"({"success":true,"count":1,"data":[)" + item(1, "aa") + "]}";
        struct Case {
            std::string answer;
            std::string remark;
        };
        for (const auto& c : std::vector<Case>{
                 {json, ""},
                 {json + " \r\n", ""},
                 {"\xef\xbb\xbf" + json, "before the JSON the answer has a byte order mark"},
                 {"<br />\n<b>Warning</b>:  PDO::query() in {main}<br />\n" + json,
                  "before the JSON the answer says: Warning : PDO::query() in {main}"},
                 {std::string(50'000, 'x') + json, "before the JSON the answer says: " + std::string(100, 'x') + "…"},
                 {json + "\n<!-- cached 12:00 -->", "behind the JSON the answer says: (no text)"},
                 {json + "\nNotice: done", "behind the JSON the answer says: Notice: done"},
                 {json + "{}", "behind the JSON the answer says: {}"}}) {
            for (const std::size_t chunk : {std::size_t{1}, std::size_t{100}, c.answer.size()}) {
                const Result result = readInChunks(c.answer, chunk);

                CPPUNIT_ASSERT_EQUAL_MESSAGE(c.answer, std::string(), result.fault);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(c.answer, std::size_t{1}, result.items.size());
                CPPUNIT_ASSERT_EQUAL(c.remark, result.remarks.empty() ? std::string() : result.remarks.at(0));
            }
        }
    }

    /// What PHP, its extensions and those who wrote them print before an answer and behind it.
    void theDocumentIsFoundAmongOtherBrackets() {
        const std::string json = R"({"success":true,"count":1,"data":[)" + item(1, "aa") + "]}";
        for (const std::string around :
             {"[22-Nov-2026 10:00:00 UTC] PHP Notice: Undefined index [1,2]\n", "[]", "[[{}]]\n", "{}\n",
              R"(PHP Warning: foo {"a":1} bar)", R"({"a":1} bar )", R"({"success":true})", R"({"success":true} )",
              R"(query: {"data":[]} took 3 ms )", R"({"data":[]})", R"(Warning: {"a": [1, {"b":2}]} and {"c")",
              R"({"open "quotes" {"and more": ")", "{ {\"x\" ", R"(var_dump: {"success":true,"count":0,"data":[]})"}) {
            for (const std::size_t chunk : {std::size_t{1}, std::size_t{1'000}}) {
                const Result result = readInChunks(around + json, chunk);

                CPPUNIT_ASSERT_EQUAL_MESSAGE(around, std::string(), result.fault);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(around, std::size_t{1}, result.items.size());
                CPPUNIT_ASSERT_EQUAL_MESSAGE(around, item(1, "aa"), result.items[0].payload);
                CPPUNIT_ASSERT_MESSAGE(around, !result.remarks.empty());
            }
            const Result behind = read(json + around);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(around, std::string(), behind.fault);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(around, std::size_t{1}, behind.items.size());
        }
    }

    void whereNothingIsListedTheFirstFaultIsTold() {
        struct Case {
            std::string answer;
            std::string fault;
        };
        for (const auto& c : std::vector<Case>{
                 {R"({"success":true,"count":0,"data":[]}{"a":1} done)", ""},
                 {R"({"a":1}{"success":true,"count":0,"data":[]})", ""},
                 {R"([{"id":1,"token":"aa"},{"id":2,"token":"bb"}])", "the answer is a list, expected an object"},
                 {R"({"a":1} and {"b":2})", "the answer has no list 'data' or 'validations'"},
                 {R"(Notice: {"a":1} {"success":false,"error":"no key"} {"success":true,"data":[]})",
                  "the gateway reports an error: no key"},
                 {R"({"success":true,"count":2,"data":[]})", "the gateway announces 2 items and lists 0"},
                 {R"({"success":true,"cou)", "the answer ends in the middle, after 20 bytes"}}) {
            const Result result = read(c.answer);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(c.answer, c.fault, result.fault);
            CPPUNIT_ASSERT(result.items.empty());
        }
    }

    /// A comment whose quotes are not escaped can end the list where it likes.
    void itemsBehindTheJsonAreAFault() {
        const Result result =
            read(R"({"success":true,"count":1,"data":[)" + item(1, "aa") + "]}" + "\"}," + item(2, "bb") + "]}");

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, result.items.size());
        CPPUNIT_ASSERT_MESSAGE(result.fault, result.fault.find("looks like items") != std::string::npos);
    }

    void whatCanOnlyMeanATextIsOne() {
        for (const auto* value : {"10", "612345678", "1.50", "-1", "1e3", "18446744073709551617", "true", "false"}) {
            const Result result = read(R"({"data":[{"id":1,"commentaire":)" + std::string(value) + "}]}");

            CPPUNIT_ASSERT_EQUAL(std::string(value), result.items.at(0).comment.value_or("none"));
            CPPUNIT_ASSERT_EQUAL(std::string(), result.items.at(0).defect);
        }
        for (const auto* value : {"{}", "[]", R"(["x"])"})
            CPPUNIT_ASSERT_EQUAL(
                std::string("commentaire is no text"),
                read(R"({"data":[{"id":1,"commentaire":)" + std::string(value) + "}]}").items.at(0).defect);
    }

    void idsMayBeWrittenInAnyWay() {
        for (const auto* id : {"1000", "1000.0", "1e3", "1E+3", "10.00e2", R"("1000")", R"(" 1000 ")", R"("1000.0")"})
            for (const std::size_t chunk : {std::size_t{1}, std::size_t{1'000}})
                CPPUNIT_ASSERT_EQUAL_MESSAGE(
                    id, std::int64_t{1'000},
                    readInChunks(R"({"data":[{"token":"t","id":)" + std::string(id) + "}]}", chunk)
                        .items.at(0)
                        .gatewayId);
    }

    void batchesAreFullByItems() {
        const Result result = read(R"({"data":[{"id":1},{"id":2},{"id":3},{"id":4},{"id":5}]})", {.batchItems = 2});

        CPPUNIT_ASSERT(result.batches == (std::vector<std::size_t>{2, 2, 1}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, result.items.back().gatewayId);
    }

    void batchesAreFullByBytes() {
        const std::string big = R"({"id":1,"commentaire":")" + std::string(600, 'x') + "\"}";

        const Result result =
            read(R"({"data":[)" + big + "," + big + "," + big + R"(,{"id":1}]})", {.batchBytes = 1'000});

        CPPUNIT_ASSERT(result.batches == (std::vector<std::size_t>{2, 2}));
    }

    void longStringsAreCutAndTheirItemIsMarked() {
        const std::string tail = R"(\u00e9\ud83d\ude00\\\"é😀end)";
        const std::string whole = "é😀\\\"é😀end";
        for (std::size_t limit = 64; limit <= 110; ++limit) {
            const std::string big = R"({"id":2,"token":"bb","commentaire":")" + std::string(60, 'p') + tail + "\"}";
            const std::string answer = R"({"message":")" + std::string(200, 'm') + R"(","data":[)" + item(1, "aa") +
                                       "," + big + "," + item(3, "cc") + "," + big + R"(],"x":")" +
                                       std::string(200, 'm') + "\"}";

            const Result result = read(answer, {.stringBytes = limit});

            const std::string message = "limit " + std::to_string(limit);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(message, std::string(), result.fault);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(message, std::size_t{4}, result.items.size());
            CPPUNIT_ASSERT_MESSAGE(message, !result.items[0].cut && !result.items[2].cut);
            for (const std::size_t i : {std::size_t{1}, std::size_t{3}}) {
                const std::string comment = result.items[i].comment.value();
                CPPUNIT_ASSERT_MESSAGE(message, (std::string(60, 'p') + whole).starts_with(comment));
                CPPUNIT_ASSERT_EQUAL_MESSAGE(message, comment.size() < 60 + whole.size(), result.items[i].cut);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(message, comment, member(result.items[i].payload, "commentaire"));
            }
        }
    }

    void anItemWithTooMuchInItIsCutAndMarked() {
        std::string members;
        for (int i = 0; i < 1'000; ++i) members += ",\"m" + std::to_string(i) + "\":{\"x\":[1,{\"y\":\"z\"}]}";
        std::string list = "[0";
        for (int i = 0; i < 3'000; ++i) list += ",[1,2]";
        const std::string wide = R"({"id":4,"token":"dd","l":)" + list + R"(],"action":"valide"})";

        const Result result = read(R"({"data":[)" + item(1, "aa") + R"(,{"id":2,"token":"bb")" + members +
                                       R"(,"action":"valide"},)" + item(3, "cc") + "," + wide + "]}",
                                   {.itemBytes = 2'000});

        CPPUNIT_ASSERT_EQUAL(std::string(), result.fault);
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, result.items.size());
        for (std::size_t i = 0; i < 4; ++i) {
            const Validation& found = result.items[i];
            CPPUNIT_ASSERT_EQUAL(i % 2 == 1, found.cut);
            CPPUNIT_ASSERT(found.payload.size() <= 2'010);
            CPPUNIT_ASSERT_EQUAL(found.token, member(found.payload, "token"));  // still JSON
            CPPUNIT_ASSERT_EQUAL(std::string("valide"), found.action);
        }
    }

    void payloadsReadAgainGiveTheSameMembers() {
        const std::string odd =
            R"({"id":"7","token":"a\u0000b\"\\\/\u001f","commentaire":"\ud83d\ude00\u2028\u007f😀\n\t",)"
            R"("n":[0.1,1e-9,123456789.125,-5,9007199254740993,1e300],"o":{"\u00e9\"":[{},[],""]}})";

        const Result first = read(R"({"data":[)" + odd + "]}");
        const Result again = read(R"({"data":[)" + first.items.at(0).payload + "]}");

        CPPUNIT_ASSERT_EQUAL(std::string(), again.fault);
        CPPUNIT_ASSERT_EQUAL(first.items[0].payload, again.items.at(0).payload);
        CPPUNIT_ASSERT_EQUAL(first.items[0].token, again.items[0].token);
        CPPUNIT_ASSERT_EQUAL(first.items[0].comment.value(), again.items[0].comment.value());
        CPPUNIT_ASSERT_EQUAL(std::string("a\0b\"\\/\x1f", 7), first.items[0].token);
        Poco::JSON::Parser one;
        Poco::JSON::Parser two;
        CPPUNIT_ASSERT(one.parse(odd).convert<std::string>() ==
                       two.parse(first.items[0].payload).convert<std::string>());
    }

    void payloadsAreEscapedAsPocoDoesWhereverTheSignIs() {
        for (std::size_t at = 0; at < 40; ++at) {
            for (char c = 1; c > 0 && c < 0x7f; ++c) {
                std::string text(40, 'x');
                text[at] = c;
                const std::string payload = "{\"commentaire\":" + Poco::toJSON(text) + "}";

                CPPUNIT_ASSERT_EQUAL(payload, read(R"({"data":[)" + payload + "]}").items.at(0).payload);
            }
        }
    }

    void fingerprintsTellNamelessItemsApartButNotByTheirId() {
        const auto fingerprint = [](const std::string& item) {
            return read(R"({"data":[)" + item + "]}").items.at(0).fingerprint;
        };
        const std::string one = fingerprint(R"({"id":1,"action":"valide","commentaire":"a"})");

        CPPUNIT_ASSERT_EQUAL(std::size_t{64}, one.size());
        CPPUNIT_ASSERT_EQUAL(one, fingerprint(R"({"id":977,"action":"valide","commentaire":"a"})"));
        CPPUNIT_ASSERT(one != fingerprint(R"({"id":1,"action":"valide","commentaire":"b"})"));
        CPPUNIT_ASSERT(one != fingerprint(R"({"id":1,"action":"refuse","commentaire":"a"})"));
    }

    void aStopRequestEndsTheReading() {
        BacklogReader reader({.batchItems = 1}, _context.stop());
        Endless source(1'000'000);
        std::istream answer(&source);
        std::size_t batches = 0;

        CPPUNIT_ASSERT_THROW(reader.read(answer, -1,
                                         [&](Batch&) {
                                             if (++batches == 3) _context.requestStop();
                                         }),
                             carillon::RunStopped);

        CPPUNIT_ASSERT(batches < 1'000);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{batches}, reader.items());
    }

    void faultsOfTheConsumerComeThrough() {
        std::istringstream answer(R"({"data":[{"id":1},{"id":2}]})");
        BacklogReader reader({.batchItems = 1}, _context.stop());

        CPPUNIT_ASSERT_THROW(reader.read(answer, -1, [](Batch&) { throw Poco::ApplicationException("full"); }),
                             Poco::ApplicationException);

        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, reader.items());
    }

    void memoryDoesNotGrowWithTheList() {
        constexpr std::int64_t kItems = 200'000;
        constexpr std::int64_t kReadAhead = 3 * 32'768 / 100;  // blocks of the stream and of the buffer
        Endless source(kItems);
        std::istream answer(&source);
        BacklogReader reader({.batchItems = 500}, _context.stop());
        std::int64_t taken = 0;
        std::int64_t mostHeld = 0;

        reader.read(answer, -1, [&](Batch& batch) {
            mostHeld = std::max(mostHeld, source.made() - taken);
            CPPUNIT_ASSERT(batch.items.size() <= 500);
            taken += static_cast<std::int64_t>(batch.items.size());
        });

        CPPUNIT_ASSERT_EQUAL(kItems, taken);
        CPPUNIT_ASSERT(mostHeld <= 500 + kReadAhead);
    }

    void excerptsAreOneShortReadableLine() {
        CPPUNIT_ASSERT_EQUAL(std::string("(no text)"), excerpt(""));
        CPPUNIT_ASSERT_EQUAL(std::string("(no text)"), excerpt("<html><body></body></html>"));
        CPPUNIT_ASSERT_EQUAL(std::string("Site en maintenance Nous revenons"),
                             excerpt("<h1>Site en maintenance</h1>\n\n<p>Nous\trevenons</p>"));
        CPPUNIT_ASSERT_EQUAL(std::string(100, 'x') + "…", excerpt(std::string(200, 'x')));
        CPPUNIT_ASSERT_EQUAL(std::string(99, 'x') + "…", excerpt(std::string(99, 'x') + "éé"));
        CPPUNIT_ASSERT_EQUAL(std::string("a\\u0085b\\u202ec\\xff é 日本"), excerpt("a\u0085b\u202ec\xff é\x1b日本"));
        // Cut, neither would be known for what it is.
        for (std::size_t before = 60; before < 100; ++before) {
            const std::string said = excerpt(std::string(before, 'a') + " hunter2-4Kz9-Hq7 is no key");
            CPPUNIT_ASSERT_MESSAGE(
                said, said.find("hunter2-4Kz9-Hq7") != std::string::npos || said.find("hunter2") == std::string::npos);
        }
        const std::string url = "http://agora:" + std::string(120, 'p') + "@host/x";
        CPPUNIT_ASSERT_EQUAL(std::string("moved to http://[secret]@host/x"), excerpt("moved to " + url));
    }

private:
    struct Result {
        std::vector<Validation> items{};
        std::vector<std::size_t> batches{};
        std::string fault{};
        std::uint64_t bytes = 0;
        std::uint64_t lost = 0;
        std::vector<std::string> remarks{};
    };

    /// A text that arrives in pieces.
    class Pieces final : public std::streambuf {
    public:
        Pieces(std::string text, std::size_t size) : _text(std::move(text)), _size(size) {}

    protected:
        int_type underflow() override {
            if (_at == _text.size()) return traits_type::eof();
            const std::size_t size = std::min(_size, _text.size() - _at);
            setg(&_text[_at], &_text[_at], &_text[_at] + size);
            _at += size;
            return traits_type::to_int_type(*gptr());
        }

    private:
        std::string _text;
        std::size_t _size;
        std::size_t _at = 0;
    };

    /// A connection that breaks after its text.
    class BrokenLine final : public std::streambuf {
    public:
        explicit BrokenLine(std::string text) : _text(std::move(text)) {
            setg(_text.data(), _text.data(), _text.data() + _text.size());
        }

    protected:
        int_type underflow() override { throw Poco::Net::ConnectionResetException("reset by peer"); }

    private:
        std::string _text;
    };

    /// A long answer that is made while it is read.
    class Endless final : public std::streambuf {
    public:
        explicit Endless(std::int64_t items) : _items(items) {}
        std::int64_t made() const { return _made; }

    protected:
        int_type underflow() override {
            if (_made > _items) return traits_type::eof();
            _text = _made == 0 ? R"({"success":true,"data":[)" : "";
            for (int i = 0; i < 100 && _made < _items; ++i, ++_made)
                _text += (_made == 0 ? "" : ",") + item(_made + 1, std::string(64, 'a'));
            if (_made == _items) {
                _text += "]}";
                ++_made;
            }
            setg(_text.data(), _text.data(), _text.data() + _text.size());
            return traits_type::to_int_type(*gptr());
        }

    private:
        std::int64_t _items;
        std::int64_t _made = 0;
        std::string _text;
    };

    static std::string item(std::int64_t id, const std::string& token) {
        return "{\"id\":" + std::to_string(id) + ",\"token\":\"" + token +
               R"(","campaign_id":0,"user_id":0,"action":"valide","commentaire":"Très bien",)"
               R"("validated_at":"2026-11-22 10:32:23"})";
    }

    static Result read(const std::string& text, BacklogLimits limits = {}, std::int64_t announced = -1) {
        std::istringstream answer(text);
        return read(answer, limits, announced);
    }
    static Result readInChunks(const std::string& text, std::size_t chunk) {
        Pieces pieces(text, chunk);
        std::istream answer(&pieces);
        return read(answer, {}, static_cast<std::int64_t>(text.size()));
    }
    static Result read(std::istream& answer, BacklogLimits limits, std::int64_t announced) {
        const carillon::testing::FakeRunContext context;
        BacklogReader reader(limits, context.stop());
        Result result;
        try {
            reader.read(answer, announced, [&result](Batch& batch) {
                CPPUNIT_ASSERT(!batch.items.empty());
                result.batches.push_back(batch.items.size());
                for (auto& item : batch.items) result.items.push_back(std::move(item));
            });
        } catch (const MalformedAnswer& e) {
            result.fault = e.message();
        }
        result.bytes = reader.bytes();
        result.lost = reader.lost();
        for (const auto& remark : reader.remarks()) result.remarks.push_back(remark.text);
        return result;
    }

    /// Number 2 with the token bb, in each way that is no JSON.
    static std::vector<std::string> brokenItems() {
        const std::string start = R"({"id":2,"token":"bb","action":"valide","commentaire":")";
        const std::string end = R"(","validated_at":"2026-11-22 10:32:23"})";
        std::vector<std::string> items;
        for (const std::string text : {"a\nb",
                                       "a\tb",
                                       "a\x01z",
                                       R"(l\'avis)",
                                       R"(\x41)",
                                       R"(\ud83d)",
                                       R"(\ud83dx)",
                                       R"(\ude00)",
                                       R"(\u12)",
                                       "Tr\xe8s",
                                       "\xff",
                                       "\xc3",
                                       "\xe2\x82",
                                       "\x80",
                                       "\xc0\xaf",
                                       "\xed\xa0\xbd",
                                       "\xf5\x80\x80\x80",
                                       R"(say "yes" now)",
                                       R"(odd " quote)",
                                       "brace } \" bracket ] {"})
            items.push_back(start + text + end);
        items.push_back(start + std::string("nul\0here", 8) + end);
        for (const auto* rest : {R"("f":1e400})", R"("f":123456789012345678901234567890})", R"("f":01})", R"("f":+1})",
                                 R"("f":NaN})", R"("f":undefined})", R"("f":'x'})", R"("f":1,})", R"("f" 1})",
                                 R"(f:1})", R"("f":[1,2})", R"("f":[{"a":1},{"b":2}],})", R"(/* x */})"})
            items.push_back(R"({"id":2,"token":"bb",)" + std::string(rest));
        return items;
    }

    static std::string fromBase64(const std::string& text) {
        std::istringstream source(text);
        Poco::Base64Decoder decoder(source);
        return {std::istreambuf_iterator<char>(decoder), {}};
    }

    static std::size_t completeItems(const std::string& answer, std::size_t length) {
        std::size_t items = 0;
        for (const std::string end : {"},{\"id\":2", "},{\"id\":3", "}]}"})
            if (answer.rfind(end) + 1 <= length) ++items;
        return items;
    }

    static std::string member(const std::string& json, const std::string& name) {
        Poco::JSON::Parser parser;
        return parser.parse(json).extract<Poco::JSON::Object::Ptr>()->getValue<std::string>(name);
    }

    carillon::testing::FakeRunContext _context{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(BacklogReaderTest);
