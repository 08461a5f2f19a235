#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <sstream>
#include <string>

#include "Poco/Base64Encoder.h"
#include "base/JsonWriter.h"
#include "carillon/LogLine.h"
#include "conceal/Redactor.h"

using namespace carillon;

class RedactorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RedactorTest);
    CPPUNIT_TEST(everyOccurrenceIsReplaced);
    CPPUNIT_TEST(longerSecretGoesFirst);
    CPPUNIT_TEST(shortSecretsAreLeft);
    CPPUNIT_TEST(secretMayHoldWhatPatternsMean);
    CPPUNIT_TEST(secretThatTheReplacementHoldsEnds);
    CPPUNIT_TEST(anEncodedSecretIsFoundAtEachAlignment);
    CPPUNIT_TEST(whatWebPagesMakeOfASecretIsFound);
    CPPUNIT_TEST(hexadecimalSecretIsFound);
    CPPUNIT_TEST(credentialsOfBasicAreFound);
    CPPUNIT_TEST(anEscapedSecretIsFoundWhoeverEscapedIt);
    CPPUNIT_TEST(anEscapeWithinAnEscapeIsFound);
    CPPUNIT_TEST(aCutSecretIsFound);
    CPPUNIT_TEST(aBeginningThatManyTextsHaveIsLeft);
    CPPUNIT_TEST(whoLogsInByAUrlIsConcealed);
    CPPUNIT_TEST(otherUrlsStayAsTheyAre);
    CPPUNIT_TEST(noTextIsCutWithinASecret);
    CPPUNIT_TEST(timeGrowsWithTheTextAlone);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyOccurrenceIsReplaced() {
        _redactor.add("hunter2");

        CPPUNIT_ASSERT_EQUAL(std::string("a [secret], [secret][secret]!"),
                             _redactor.apply("a hunter2, hunter2hunter2!"));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing here"), _redactor.apply("nothing here"));
    }

    void longerSecretGoesFirst() {
        _redactor.add("hunter");
        _redactor.add("hunter2000");
        _redactor.add("hunter2");

        CPPUNIT_ASSERT_EQUAL(std::string("[secret] [secret] [secret]"), _redactor.apply("hunter2000 hunter2 hunter"));
    }

    void shortSecretsAreLeft() {
        _redactor.add("");
        _redactor.add("abc");
        _redactor.add("abcd");

        CPPUNIT_ASSERT_EQUAL(std::string("abc [secret]"), _redactor.apply("abc abcd"));
    }

    void secretMayHoldWhatPatternsMean() {
        _redactor.add("a.*\\[$1]");
        _redactor.add("pä\"ss\n");

        CPPUNIT_ASSERT_EQUAL(std::string("[secret] [secret]"), _redactor.apply("a.*\\[$1] pä\"ss\n"));
    }

    void secretThatTheReplacementHoldsEnds() {
        _redactor.add("secret");

        CPPUNIT_ASSERT_EQUAL(std::string("the [secret]"), _redactor.apply("the secret"));
    }

    void anEncodedSecretIsFoundAtEachAlignment() {
        _redactor.add(kSecret);

        for (const std::string before : {"", "a", "ab", "abc", "abcd"}) {
            for (const std::string after : {"", "x", "xy"}) {
                const std::string text = "got " + base64(before + kSecret + after) + " here";

                const std::string shown = _redactor.apply(text);

                CPPUNIT_ASSERT_MESSAGE(text + " -> " + shown, shown.find("[secret]") != std::string::npos);
                // What is left at its ends are the bits of what stands beside it.
                CPPUNIT_ASSERT_MESSAGE(shown, shown.size() <= std::string("got [secret] here").size() + 12);
            }
        }
        CPPUNIT_ASSERT_EQUAL(std::string("password: [secret]"), _redactor.apply("password: " + base64(kSecret)));
    }

    void whatWebPagesMakeOfASecretIsFound() {
        _redactor.add("A&B<C>'D\"E");
        _redactor.add("ab<cd>efghijklm");
        _redactor.add("hello  world\tkey77");

        for (const char* said :
             {"A&amp;B&lt;C&gt;&#039;D&quot;E", "A&amp;B&lt;C&gt;&apos;D&#34;E", "A&#x26;B&#60;C&#x3E;&#x27;D&quot;E",
              "A&amp;amp;B&amp;lt;C&amp;gt;&amp;#039;D&amp;quot;E", "ab efghijklm", "ab&lt;cd&gt;efghijklm",
              "hello world key77"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(said, std::string("you sent [secret]."),
                                         _redactor.apply(std::string("you sent ") + said + "."));
        CPPUNIT_ASSERT_EQUAL(std::string("R&D &amp; &#; &#x; &#x110000; &nix;"),
                             _redactor.apply("R&D &amp; &#; &#x; &#x110000; &nix;"));
    }

    void hexadecimalSecretIsFound() {
        _redactor.add("hunter2");

        CPPUNIT_ASSERT_EQUAL(std::string("[secret] [secret]"), _redactor.apply("68756e74657232 68756E74657232"));
    }

    void credentialsOfBasicAreFound() {
        _redactor.add("hush@ü");

        const std::string shown = _redactor.apply("Proxy-Authorization: Basic " + base64("agora:hush@ü"));

        CPPUNIT_ASSERT_EQUAL(std::string("Proxy-Authorization: Basic YWdvcmE6[secret]"), shown);
    }

    void anEscapedSecretIsFoundWhoeverEscapedIt() {
        const std::string secret = "a/b\"c\\d é😀\te&f=1";
        _redactor.add(secret);

        JsonWriter json;
        json.value(secret);
        std::string logged = "x.y key=";
        appendLogValue(logged, secret);
        for (const std::string& text : {json.text(), logged, std::string(R"("a\/b\"c\\d \u00e9\ud83d\ude00\te&f=1")"),
                                        std::string(R"(a/b\x22c\x5cd \xc3\xa9\xf0\x9f\x98\x80\x09e&f=1)"),
                                        std::string("a%2Fb%22c%5Cd%20%C3%A9%F0%9F%98%80%09e%26f%3D1"),
                                        std::string("a%2fb%22c%5cd %c3%a9%f0%9f%98%80%09e&f=1")}) {
            const std::string shown = _redactor.apply(text);

            CPPUNIT_ASSERT_MESSAGE(text + " -> " + shown, shown.find("[secret]") != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(shown, shown.find("b") == std::string::npos);
        }
        CPPUNIT_ASSERT_EQUAL(std::string("x.y key=\"[secret]\""), _redactor.apply(logged));
    }

    void anEscapeWithinAnEscapeIsFound() {
        const std::string secret = "p\"w&/x9-long";
        _redactor.add(secret);
        JsonWriter inner;
        inner.beginObject().member("key", secret).endObject();
        JsonWriter outer;
        outer.value(inner.text());
        std::string logged = "x.y body=";
        appendLogValue(logged, outer.text());

        CPPUNIT_ASSERT_EQUAL(std::string::npos, _redactor.apply(logged).find("x9-long"));
        CPPUNIT_ASSERT_EQUAL(std::string("q=%257B[secret]"), _redactor.apply("q=%257Bp%2522w%2526%252Fx9-long"));
    }

    void aCutSecretIsFound() {
        _redactor.add("0123456789abcdefghij");

        CPPUNIT_ASSERT_EQUAL(std::string("begins: [secret]…"), _redactor.apply("begins: 0123456789abcde…"));
        CPPUNIT_ASSERT_EQUAL(std::string("[secret]"), _redactor.apply("0123456789abcdefghi"));
        CPPUNIT_ASSERT_EQUAL(std::string("[secret] [secret]"),
                             _redactor.apply(base64("0123456789abcdefghij").substr(0, 20) + " 0123456789abcdef"));
    }

    void aBeginningThatManyTextsHaveIsLeft() {
        _redactor.add("0123456789abcdefghij");
        _redactor.add("hunter2");
        _redactor.add("passerelle-2026");
        _redactor.add("quickstart-key");

        CPPUNIT_ASSERT_EQUAL(std::string("0123456789abcd hunter 2"), _redactor.apply("0123456789abcd hunter 2"));
        CPPUNIT_ASSERT_EQUAL(std::string("sync-passerelle: token quicksta"),
                             _redactor.apply("sync-passerelle: token quicksta"));
    }

    void whoLogsInByAUrlIsConcealed() {
        const std::pair<const char*, const char*> texts[] = {
            {"to http://agora:hush@proxy:3128 failed", "to http://[secret]@proxy:3128 failed"},
            {"https://TOKEN@git.example/x, smtp://a:b@c", "https://[secret]@git.example/x, smtp://[secret]@c"},
            {"http://a:p@ss@host/", "http://[secret]@host/"},
            {"http://a:pa/ss@host/x", "http://[secret]@host/x"},
            {"http://a:@host", "http://[secret]@host"},
            {R"({"url":"http:\/\/a:b@host\/x"})", R"({"url":"http:\/\/[secret]@host\/x"})"},
            {"u=http%3A%2F%2Fa%3Ab%40host", "u=http%3A%2F%2F[secret]%40host"}};
        for (const auto& [text, shown] : texts) CPPUNIT_ASSERT_EQUAL(std::string(shown), _redactor.apply(text));
    }

    void otherUrlsStayAsTheyAre() {
        for (const std::string text :
             {"expected http://USER:PASSWORD@HOST:PORT", "http://host:8620/a@b", "https://host/a?to=b@c",
              "http://[::1]:8620/x@y", "ops@example.com", "mailto:ops@example.com", "://", "://@", "http://",
              "http://host and ops@example.com", "C:\\new 100%", "%zz %4"})
            CPPUNIT_ASSERT_EQUAL(text, _redactor.apply(text));
    }

    void noTextIsCutWithinASecret() {
        _redactor.add("hunter2000");
        const std::string text = "begin hunter2000 end";

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, _redactor.placeToCut(text, 3));
        for (std::size_t at = 7; at < 16; ++at) CPPUNIT_ASSERT_EQUAL(std::size_t{6}, _redactor.placeToCut(text, at));
        CPPUNIT_ASSERT_EQUAL(std::size_t{16}, _redactor.placeToCut(text, 16));
        CPPUNIT_ASSERT_EQUAL(std::size_t{10}, _redactor.placeToCut("hunter2000", 4));
    }

    /// Also where a text is all but a secret again and again.
    void timeGrowsWithTheTextAlone() {
        _redactor.add(std::string(2'000, 'a') + "b");
        std::string text;
        for (int i = 0; i < 1'000; ++i) text += std::string(999, 'a') + "\\";

        const auto begin = std::chrono::steady_clock::now();
        _redactor.apply(text);

        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
    }

private:
    static inline const std::string kSecret = "hunter2000";

    static std::string base64(const std::string& bytes) {
        std::ostringstream text;
        Poco::Base64Encoder encoder(text);
        encoder.rdbuf()->setLineLength(0);
        encoder << bytes;
        encoder.close();
        return text.str();
    }

    Redactor _redactor{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(RedactorTest);
