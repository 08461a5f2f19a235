#include "base/TextFile.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <cerrno>
#include <memory>
#include <random>
#include <string>
#include <string_view>

#include "support/HostFolder.h"
#include "words/FileWords.h"

using namespace carillon;
using namespace std::string_literals;

class TextFileTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TextFileTest);
    CPPUNIT_TEST(textComesAsItIsWritten);
    CPPUNIT_TEST(byteOrderMarkIsNoText);
    CPPUNIT_TEST(whatCannotBeReadHasItsReason);
    CPPUNIT_TEST(byteOfAnotherEncodingIsNamedWithItsLine);
    CPPUNIT_TEST(whatIsAlmostUtf8IsNone);
    CPPUNIT_TEST(utf16IsToldWithAndWithoutItsMark);
    CPPUNIT_TEST(zeroByteIsNoText);
    CPPUNIT_TEST(flawShowsNothingOfTheTextUnlessAsked);
    CPPUNIT_TEST(linesEndInThreeWays);
    CPPUNIT_TEST(anyBytesAreTextOrHaveAFlaw);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _folder = std::make_unique<HostFolder>(); }
    void tearDown() override { _folder.reset(); }

    void textComesAsItIsWritten() {
        for (const auto& text : {""s, "a"s, "\r\n\n"s, "Évian ’ \xf0\x9f\x94\x94 €\r"s, std::string(100'000, 'x')}) {
            const TextFile file = read(text);

            CPPUNIT_ASSERT_EQUAL(text, file.text);
            CPPUNIT_ASSERT(!file.flaw);
            CPPUNIT_ASSERT_EQUAL(0, file.error.value());
        }
    }

    void byteOrderMarkIsNoText() {
        CPPUNIT_ASSERT_EQUAL("key = 1\r\n"s, read("\xef\xbb\xbfkey = 1\r\n").text);
        CPPUNIT_ASSERT_EQUAL(""s, read("\xef\xbb\xbf").text);
        CPPUNIT_ASSERT_EQUAL("a\xef\xbb\xbf"s, read("a\xef\xbb\xbf").text);
    }

    void whatCannotBeReadHasItsReason() {
        CPPUNIT_ASSERT_EQUAL(ENOENT, readTextFile((_folder->path() / "absent").string()).error.value());
        CPPUNIT_ASSERT_EQUAL(EISDIR, readTextFile(_folder->path().string()).error.value());
    }

    void byteOfAnotherEncodingIsNamedWithItsLine() {
        CPPUNIT_ASSERT_EQUAL(
            "2: is not UTF-8: it has the byte 0xE9, which is é in Windows-1252; save the file as UTF-8"s,
            flawOf("a = 1\nb = caf\xe9\nc = \xe8\n"));
        CPPUNIT_ASSERT_EQUAL(
            "3: is not UTF-8: it has the byte 0x92, which is ’ in Windows-1252; save the file as UTF-8"s,
            flawOf("a\r\rd\x92\xc9vian"));
        CPPUNIT_ASSERT_EQUAL("1: is not UTF-8: it has the byte 0x81; save the file as UTF-8"s, flawOf("\x81"));
        CPPUNIT_ASSERT_EQUAL(
            "2: is not UTF-8: it has the byte 0xC3, which is Ã in Windows-1252; save the file as UTF-8"s,
            flawOf("é\r\n\xc3"));
    }

    void whatIsAlmostUtf8IsNone() {
        for (const std::string text :
             {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80", "\xf8\x88\x80\x80\x80"})
            CPPUNIT_ASSERT_MESSAGE(text, flawOf(text).starts_with("1: is not UTF-8"));
    }

    void utf16IsToldWithAndWithoutItsMark() {
        const auto wide = [](std::string_view text, bool bigEndian) {
            std::string bytes;
            for (const char c : text) bytes += bigEndian ? "\0"s + c : c + "\0"s;
            return bytes;
        };
        const std::string keys = "job.plugin = P\r\n";

        CPPUNIT_ASSERT(flawOf("\xff\xfe" + wide(keys, false)).starts_with("1: is UTF-16; save the file as UTF-8"));
        CPPUNIT_ASSERT(flawOf("\xfe\xff" + wide(keys, true)).starts_with("1: is UTF-16; save the file as UTF-8"));
        CPPUNIT_ASSERT(flawOf("\xff\xfe").starts_with("1: is UTF-16"));
        for (const bool bigEndian : {false, true})
            CPPUNIT_ASSERT(flawOf(wide(keys, bigEndian)).starts_with("1: is UTF-16, without a byte order mark; save"));
    }

    void zeroByteIsNoText() {
        CPPUNIT_ASSERT_EQUAL(
            "2: holds a zero byte, so that it is no text; write the file anew, or restore it from a copy"s,
            flawOf("a = 1\nb = \0"s));
        CPPUNIT_ASSERT(flawOf(std::string(4'096, '\0')).starts_with("1: holds a zero byte"));
    }

    void flawShowsNothingOfTheTextUnlessAsked() {
        const TextFile file = read("pass\xe9");

        CPPUNIT_ASSERT_EQUAL("is not UTF-8 on line 1; save the file as UTF-8"s, sayFlawOfSecret(*file.flaw).text);
    }

    void linesEndInThreeWays() {
        const std::string_view text = "a\rb\r\nc\n\nd";
        std::string lines;

        for (std::size_t at = 0; at < text.size();) lines += std::string(takeLine(text, at)) + "|";

        CPPUNIT_ASSERT_EQUAL("a|b|c||d|"s, lines);
    }

    void anyBytesAreTextOrHaveAFlaw() {
        std::mt19937 random(20261130);
        const std::string_view alphabet("a=\n\r\0\xc3\xa9\xef\xbb\xbf\xe2\x80\x99\xff\xfe\xf0\x9f", 17);
        int flawless = 0;
        for (int n = 0; n < 2'000; ++n) {
            std::string text;
            for (auto length = random() % 12; length > 0; --length) text += alphabet[random() % alphabet.size()];

            const TextFile file = read(text);

            if (file.flaw) {
                CPPUNIT_ASSERT(!sayFlaw(*file.flaw).empty() && file.flaw->line > 0);
                continue;
            }
            ++flawless;
            for (std::string_view rest = file.text; !rest.empty();) {
                const auto length = lengthOfCharacter(rest);
                CPPUNIT_ASSERT(length > 0 && length <= rest.size() && rest.front() != '\0');
                rest.remove_prefix(length);
            }
        }
        CPPUNIT_ASSERT(flawless > 100);
    }

private:
    TextFile read(const std::string& text) { return readTextFile(_folder->write("text", text).string()); }
    std::string flawOf(const std::string& text) {
        const auto flaw = read(text).flaw;
        return flaw ? std::to_string(flaw->line) + ": " + sayFlaw(*flaw).text : "";
    }

    std::unique_ptr<HostFolder> _folder{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(TextFileTest);
