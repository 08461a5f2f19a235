#include "Decision.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "Poco/TextEncoding.h"
#include "Poco/UTF8Encoding.h"
#include "carillon/testing/FakeRunContext.h"

using namespace passerelle;

/// What becomes of one validation.
class DecisionTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DecisionTest);
    CPPUNIT_TEST(everyCaseEndsAsTheTableSays);
    CPPUNIT_TEST(expiryIsJudgedByTheAnswerInAgorasZone);
    CPPUNIT_TEST(rejectionsSayWhatWasFoundInOneValidSentence);
    CPPUNIT_TEST(digestTellsDifferentAnswersApart);
    CPPUNIT_TEST(digestIgnoresTheGatewaysNumberAndTheToken);
    CPPUNIT_TEST(digestIgnoresHowTheMomentIsWritten);
    CPPUNIT_TEST(inboxIdentitiesOfOddTokensNeverCollide);
    CPPUNIT_TEST(commentsThatFitStayAsTheyAre);
    CPPUNIT_TEST(commentsAreCutAtACharacterWhateverItsLength);
    CPPUNIT_TEST(tokensAreShownByTheirFirstCharacters);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyCaseEndsAsTheTableSays() {
        const auto good = item();
        const auto row = tokenRow();
        const auto with = [&good](auto change) {
            Validation changed = good;
            change(changed);
            identify(changed);
            return changed;
        };
        const KnownAnswer sameApplied{answerDigest(good), true};
        const KnownAnswer sameRejected{answerDigest(good), false};
        const KnownAnswer otherApplied{std::string(32, 'f'), true};
        const KnownAnswer otherRejected{std::string(32, 'f'), false};
        auto used = row;
        used.usedAt = "2026-11-01 00:00:00";
        auto expired = row;
        expired.expiresAt = "2026-11-22 11:32:22";
        auto lastSecond = row;
        lastSecond.expiresAt = "2026-11-22 11:32:23";
        struct Case {
            const char* what;
            Validation item;
            std::optional<TokenRow> token;
            std::optional<KnownAnswer> known;
            Ending ending;
            Reason reason;
        };
        const auto malformed = [&](const char* what, auto change) {
            return Case{what, with(change), row, {}, Ending::Rejected, Reason::Malformed};
        };
        const std::vector<Case> cases{
            {"good", good, row, {}, Ending::Applied, Reason::None},
            {"refusal", with([](auto& i) { i.action = "refuse"; }), row, {}, Ending::Applied, Reason::None},
            {"no comment", with([](auto& i) { i.comment.reset(); }), row, {}, Ending::Applied, Reason::None},
            {"last second", good, lastSecond, {}, Ending::Applied, Reason::None},
            {"a second late", good, expired, {}, Ending::Rejected, Reason::TokenExpired},
            {"used", good, used, {}, Ending::Rejected, Reason::TokenAlreadyUsed},
            {"unknown", good, {}, {}, Ending::Rejected, Reason::UnknownToken},
            {"64 characters",
             with([](auto& i) { i.token = std::string(64, 'x'); }),
             row,
             {},
             Ending::Applied,
             Reason::None},
            {"64 two-byte characters",
             with([](auto& i) { i.token = repeat("é", 64); }),
             row,
             {},
             Ending::Applied,
             Reason::None},
            malformed("65 characters", [](auto& i) { i.token = std::string(65, 'x'); }),
            malformed("5,000 characters", [](auto& i) { i.token = std::string(5'000, 'x'); }),
            malformed("no token", [](auto& i) { i.token.clear(); }),
            malformed("empty action", [](auto& i) { i.action.clear(); }),
            malformed("other action", [](auto& i) { i.action = "demande_modification"; }),
            malformed("capitals", [](auto& i) { i.action = "Valide"; }),
            malformed("no such day", [](auto& i) { i.validatedAt = "2026-02-30 10:00:00"; }),
            malformed("no such hour", [](auto& i) { i.validatedAt = "2026-11-22 25:00:00"; }),
            malformed("empty date", [](auto& i) { i.validatedAt.clear(); }),
            malformed("date of another order", [](auto& i) { i.validatedAt = "22/11/2026 10:32:23"; }),
            malformed("no id", [](auto& i) { i.gatewayId = 0; }),
            malformed("form", [](auto& i) { i.defect = "token is given twice"; }),
            {"refused by the database",
             with([](auto& i) { i.refusal = "Incorrect string value"; }),
             row,
             {},
             Ending::Rejected,
             Reason::RefusedByDatabase},
            {"refused once, seen and rejected", with([](auto& i) { i.refusal = "no"; }), row, sameRejected,
             Ending::Duplicate, Reason::None},
            {"unknown and cut", with([](auto& i) { i.cut = true; }), {}, {}, Ending::Rejected, Reason::UnknownToken},
            {"unknown and without a date",
             with([](auto& i) { i.validatedAt.clear(); }),
             {},
             {},
             Ending::Rejected,
             Reason::Malformed},
            {"unknown and broken",
             with([](auto& i) { i.defect = "no JSON"; }),
             {},
             {},
             Ending::Rejected,
             Reason::UnknownToken},
            {"unknown and 5,000 characters",
             with([](auto& i) { i.token = std::string(5'000, 'x'); }),
             {},
             {},
             Ending::Rejected,
             Reason::UnknownToken},
            {"nameless and cut",
             with([](auto& i) { i.cut = true, i.token.clear(); }),
             {},
             {},
             Ending::Rejected,
             Reason::TooLarge},
            {"gone, answered otherwise", good, {}, otherApplied, Ending::Rejected, Reason::ConflictingAnswer},
            {"cut", with([](auto& i) { i.cut = true; }), row, {}, Ending::Rejected, Reason::TooLarge},
            {"seen and applied", good, used, sameApplied, Ending::Duplicate, Reason::None},
            {"seen and rejected", good, row, sameRejected, Ending::Duplicate, Reason::None},
            {"cut, seen and rejected", with([](auto& i) { i.cut = true; }), row, sameRejected, Ending::Duplicate,
             Reason::None},
            {"answered otherwise", good, used, otherApplied, Ending::Rejected, Reason::ConflictingAnswer},
            {"rejected before, good now", good, row, otherRejected, Ending::Applied, Reason::None},
            {"rejected before, used", good, used, otherRejected, Ending::Rejected, Reason::TokenAlreadyUsed},
            {"malformed, answered otherwise", with([](auto& i) { i.action = ""; }), used, otherApplied,
             Ending::Rejected, Reason::Malformed},
        };

        for (const auto& c : cases) {
            const Decision decision =
                decide(c.item, c.token ? &*c.token : nullptr, c.known ? &*c.known : nullptr, _time);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(c.what, static_cast<int>(c.ending), static_cast<int>(decision.ending));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(c.what, std::string(reasonName(c.reason)),
                                         std::string(reasonName(decision.reason)));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(c.what, c.ending == Ending::Rejected, !decision.detail.empty());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(c.what, c.item.action == "refuse", decision.action == Action::Refuse);
        }
    }

    void expiryIsJudgedByTheAnswerInAgorasZone() {
        struct Case {
            const char* gatewayZone;
            const char* agoraZone;
            const char* answered;
            const char* expires;
            const char* answeredInAgora;
            bool good;
        };
        const std::vector<Case> cases{
            {"UTC", "Europe/Paris", "2026-11-22 10:00:00", "2026-11-22 11:00:00", "2026-11-22 11:00:00", true},
            {"UTC", "Europe/Paris", "2026-11-22 10:00:01", "2026-11-22 11:00:00", "2026-11-22 11:00:01", false},
            {"UTC", "Europe/Paris", "2026-07-01 10:00:00", "2026-07-01 11:59:59", "2026-07-01 12:00:00", false},
            // The doubled hour: half past two comes twice, and both are within a token that ends then.
            {"UTC", "Europe/Paris", "2026-10-25 00:30:00", "2026-10-25 02:30:00", "2026-10-25 02:30:00", true},
            {"UTC", "Europe/Paris", "2026-10-25 01:30:00", "2026-10-25 02:30:00", "2026-10-25 02:30:00", true},
            {"UTC", "Europe/Paris", "2026-10-25 01:30:01", "2026-10-25 02:30:00", "2026-10-25 02:30:01", false},
            // A gateway in New York, in the hour that its clocks skip.
            {"America/New_York", "Europe/Paris", "2026-03-08 02:30:00", "2026-03-08 08:00:00", "2026-03-08 08:00:00",
             true},
            {"UTC", "UTC", "2026-12-31 23:59:59", "2026-12-31 23:59:59", "2026-12-31 23:59:59", true},
            {"UTC", "Europe/Paris", "2026-12-31 23:30:00", "2026-12-31 23:59:59", "2027-01-01 00:30:00", false},
        };

        for (const auto& c : cases) {
            auto answer = item();
            answer.validatedAt = c.answered;
            auto row = tokenRow();
            row.expiresAt = c.expires;

            const Decision decision = decide(answer, &row, nullptr, AgoraTime(_context, c.agoraZone, c.gatewayZone));

            CPPUNIT_ASSERT_EQUAL(std::string(c.answeredInAgora), decision.answeredAt);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(c.answered, c.good, decision.ending == Ending::Applied);
        }
    }

    void rejectionsSayWhatWasFoundInOneValidSentence() {
        const auto row = tokenRow();
        const auto detailOf = [&](const std::string& action, const std::string& moment) {
            auto answer = item();
            answer.action = action;
            answer.validatedAt = moment;
            return decide(answer, &row, nullptr, _time).detail.text;
        };
        const std::string moment = item().validatedAt;
        // What somebody wrote is read by more people than may see it.
        for (const auto* written :
             {"approve", "Dupont", "Je refuse, Anne est absente", "peut-être", "anaturallylongwordofsomebody"})
            CPPUNIT_ASSERT_EQUAL(std::string("action is neither valide nor refuse"), detailOf(written, moment));
        for (const auto* written : {"2026-13-40 25:61", "06 12 34 56 78", "hier, avec Anne", "2026-11-20 10:00:00 😀"})
            CPPUNIT_ASSERT(detailOf("valide", written).starts_with("validated_at is no date-time such as 2026-"));
        auto late = row;
        late.expiresAt = "2026-11-01 00:00:00";
        CPPUNIT_ASSERT_EQUAL(std::string("answered on 2026-11-22 11:32:23, the token expired on 2026-11-01 00:00:00"),
                             decide(item(), &late, nullptr, _time).detail.text);
    }

    void digestTellsDifferentAnswersApart() {
        std::set<std::string> digests;
        std::size_t answers = 0;
        const std::vector<std::optional<std::string>> comments{std::nullopt, "", "0", "1", "Très bien", "très bien"};
        for (const auto* action : {"valide", "refuse", ""}) {
            for (const auto& comment : comments) {
                for (const auto* moment : {"2026-11-22 10:32:23", "2026-11-22 10:32:24", ""}) {
                    Validation answer;
                    answer.action = action;
                    answer.comment = comment;
                    answer.validatedAt = moment;
                    digests.insert(answerDigest(answer));
                    ++answers;
                }
            }
        }

        CPPUNIT_ASSERT_EQUAL(answers, digests.size());
        for (const auto& digest : digests) {
            CPPUNIT_ASSERT_EQUAL(std::size_t{32}, digest.size());
            CPPUNIT_ASSERT_EQUAL(std::string::npos, digest.find_first_not_of("0123456789abcdef"));
        }
    }

    void digestIgnoresTheGatewaysNumberAndTheToken() {
        auto again = item();
        again.gatewayId = 4711;
        again.payload = "{}";

        CPPUNIT_ASSERT_EQUAL(answerDigest(item()), answerDigest(again));
    }

    /// A gateway that was updated may list again, in another form, what is known of it.
    void digestIgnoresHowTheMomentIsWritten() {
        auto plain = item();
        plain.validatedAt = "2026-11-22 10:32:23";
        for (const auto* form : {"2026-11-22T10:32:23Z", "2026-11-22T11:32:23+01:00", "2026-11-22 10:32:23.000000",
                                 "20261122T103223Z", " 2026-11-22T10:32:23 "}) {
            auto other = plain;
            other.validatedAt = form;

            CPPUNIT_ASSERT_EQUAL_MESSAGE(form, answerDigest(plain), answerDigest(other));
        }
    }

    void inboxIdentitiesOfOddTokensNeverCollide() {
        const std::vector<std::string> tokens{"abc",
                                              "ABC",
                                              "abc ",
                                              " abc",
                                              "abc\t",
                                              "äbc",
                                              "abc~",
                                              "item:abc",
                                              "sha256:ab",
                                              "abc'--",
                                              "a\nbc",
                                              std::string("abc\0", 4),
                                              "ＡＢＣ",
                                              "abc\xcc\x81",
                                              "ÀBC",
                                              std::string(64, 'a'),
                                              std::string(65, 'a'),
                                              repeat("é", 32),
                                              repeat("é", 64)};
        std::set<std::string> identities;
        for (const auto& token : tokens) {
            auto odd = item();
            odd.token = token;
            identities.insert(inboxIdentity(odd));
        }
        auto nameless = item();
        nameless.token.clear();
        nameless.fingerprint = std::string(64, 'a');
        identities.insert(inboxIdentity(nameless));

        CPPUNIT_ASSERT_EQUAL(tokens.size() + 1, identities.size());
        for (const auto& identity : identities) {
            CPPUNIT_ASSERT(identity.size() <= 80);  // leaves room for the mark of a conflicting answer
            for (const char c : identity) CPPUNIT_ASSERT(c > ' ' && c < 0x7f);
        }
        CPPUNIT_ASSERT_EQUAL(item().token, inboxIdentity(item()));
    }

    void commentsThatFitStayAsTheyAre() {
        for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, std::size_t{65'534}, std::size_t{65'535}}) {
            const StoredComment stored = fitComment(std::string(bytes, 'x'));

            CPPUNIT_ASSERT(!stored.cut);
            CPPUNIT_ASSERT_EQUAL(bytes, stored.text.size());
        }
    }

    void commentsAreCutAtACharacterWhateverItsLength() {
        for (const char* character : {"x", "é", "€", "😀"}) {
            for (std::size_t padding = 0; padding < 4; ++padding) {
                const std::string comment = std::string(padding, 'p') + repeat(character, 65'536);

                const StoredComment stored = fitComment(comment);

                CPPUNIT_ASSERT(stored.cut);
                CPPUNIT_ASSERT(stored.text.ends_with("…"));
                CPPUNIT_ASSERT(isUtf8(stored.text));
                CPPUNIT_ASSERT(stored.text.size() <= 65'535);
                CPPUNIT_ASSERT(stored.text.size() > 65'535 - 4);
                CPPUNIT_ASSERT(comment.starts_with(stored.text.substr(0, stored.text.size() - 3)));
            }
        }
    }

    void tokensAreShownByTheirFirstCharacters() {
        CPPUNIT_ASSERT_EQUAL(std::string("(none)"), shortToken(""));
        CPPUNIT_ASSERT_EQUAL(std::string("abc"), shortToken("abc"));
        CPPUNIT_ASSERT_EQUAL(std::string("5feceb66"), shortToken("5feceb66ffc86f38"));
        CPPUNIT_ASSERT_EQUAL(std::string("1234567"), shortToken("1234567é"));
        CPPUNIT_ASSERT_EQUAL(std::string("😀12"), shortToken("😀12😀"));
    }

private:
    static Validation item() {
        Validation item;
        item.gatewayId = 1;
        item.token = std::string(64, 'a');
        item.action = "valide";
        item.comment = "Très bien";
        item.validatedAt = "2026-11-22 10:32:23";
        identify(item);
        return item;
    }
    static TokenRow tokenRow() { return {1, 2, 3, std::string(64, 'a'), "2026-12-01 00:00:00", "", "Ada Lovelace"}; }

    static std::string repeat(const std::string& text, std::size_t times) {
        std::string all;
        for (std::size_t i = 0; i < times; ++i) all += text;
        return all;
    }
    static bool isUtf8(const std::string& text) {
        const Poco::UTF8Encoding utf8;
        for (std::size_t i = 0; i < text.size();) {
            const int length = utf8.sequenceLength(reinterpret_cast<const unsigned char*>(text.data() + i),
                                                   static_cast<int>(text.size() - i));
            if (length <= 0 || i + static_cast<std::size_t>(length) > text.size()) return false;
            if (utf8.queryConvert(reinterpret_cast<const unsigned char*>(text.data() + i), length) < 0) return false;
            i += static_cast<std::size_t>(length);
        }
        return true;
    }

    const carillon::testing::FakeRunContext _context{};
    const AgoraTime _time{_context, "Europe/Paris", "UTC"};
};

CPPUNIT_TEST_SUITE_REGISTRATION(DecisionTest);
