#include "BoundedStringBuffer.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <istream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "carillon/testing/FakeRunContext.h"
#include "Poco/JSON/Array.h"
#include "Poco/JSON/Parser.h"

using passerelle::BoundedStringBuffer;

/// JSON text in which no string is longer than a limit.
class BoundedStringBufferTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BoundedStringBufferTest);
    CPPUNIT_TEST(whatIsShortEnoughPassesUnchanged);
    CPPUNIT_TEST(stringsAreCutAtACharacterWhereverTheLimitIs);
    CPPUNIT_TEST(quotesInsideAStringDoNotEndIt);
    CPPUNIT_TEST(eachStringHasTheLimitForItself);
    CPPUNIT_TEST(aCutIsToldWhenItsPlaceIsReachedAndOnce);
    CPPUNIT_TEST(anEndlessStringIsPassedOverInOneBlock);
    CPPUNIT_TEST(bytesAreCountedAsTheyCame);
    CPPUNIT_TEST(aStopRequestEndsTheReading);
    CPPUNIT_TEST_SUITE_END();

public:
    void whatIsShortEnoughPassesUnchanged() {
        const std::string json = R"({"a":["\u00e9\\\"x",1.5,null,{"é":"😀"}], "b" : "" })";

        for (const std::size_t chunk : {std::size_t{1}, std::size_t{3}, json.size()}) {
            const Read read = readAll(json, 100, chunk);

            CPPUNIT_ASSERT_EQUAL(json, read.text);
            CPPUNIT_ASSERT(!read.cut);
        }
    }

    void stringsAreCutAtACharacterWhereverTheLimitIs() {
        const std::vector<std::string> strings{"plain text",
                                               R"(\u00e9\u00E9\u20ac)",
                                               R"(\ud83d\ude00\uD83D\uDE00x\ud83d\ude00)",
                                               R"(a\\\\\\b\\)",
                                               R"(\"\"\"x\")",
                                               R"(\n\t\/\b\f\r)",
                                               "é€😀é€😀",
                                               R"(é\u00e9😀\ud83d\ude00\\\"€)",
                                               R"(\ud83d\ude00é\n)",
                                               R"(\u0041\u005c\u0022)"};

        for (const auto& raw : strings) {
            const std::string json = "[\"" + raw + "\",7]";
            const std::string whole = decoded(json);
            for (std::size_t limit = 0; limit <= raw.size() + 1; ++limit) {
                for (const std::size_t chunk : {std::size_t{1}, std::size_t{2}, std::size_t{5}, json.size()}) {
                    const std::string message = raw + " at " + std::to_string(limit) + " by " + std::to_string(chunk);

                    const Read read = readAll(json, limit, chunk);

                    CPPUNIT_ASSERT_MESSAGE(message, read.text.ends_with("\",7]"));
                    CPPUNIT_ASSERT_EQUAL_MESSAGE(message, read.text != json, read.cut);
                    if (limit >= raw.size()) CPPUNIT_ASSERT_MESSAGE(message, !read.cut);
                    CPPUNIT_ASSERT_MESSAGE(message, whole.starts_with(decoded(read.text)));
                    CPPUNIT_ASSERT_MESSAGE(message, read.text.size() <= limit + 6 + 11);  // a pair may begin below it
                    if (read.cut) CPPUNIT_ASSERT_MESSAGE(message, read.text.size() >= limit + 6);
                }
            }
        }
    }

    void quotesInsideAStringDoNotEndIt() {
        CPPUNIT_ASSERT_EQUAL(std::string(R"(["ab","cd"])"), readAll(R"(["ab\"]x","cd"])", 2, 100).text);
        CPPUNIT_ASSERT_EQUAL(std::string(R"(["ab","cd"])"), readAll(R"(["abxx\\","cd"])", 2, 100).text);
    }

    void eachStringHasTheLimitForItself() {
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"abc":"def","g":"hij"})"),
                             readAll(R"({"abcX":"defX","g":"hijklm"})", 3, 100).text);
    }

    void aCutIsToldWhenItsPlaceIsReachedAndOnce() {
        std::istringstream source(R"(["a","bbbb","c","dddd"])");
        BoundedStringBuffer buffer(source, 2, _context.stop());
        std::istream json(&buffer);
        const auto readUpTo = [&json](char last) {
            char c = 0;
            while (json.get(c) && c != last) {
            }
            return c == last;
        };

        CPPUNIT_ASSERT(readUpTo('a') && !buffer.takeCut());
        CPPUNIT_ASSERT(readUpTo('b') && !buffer.takeCut());
        CPPUNIT_ASSERT(readUpTo(',') && buffer.takeCut());
        CPPUNIT_ASSERT(!buffer.takeCut());
        CPPUNIT_ASSERT(readUpTo('c') && !buffer.takeCut());
        CPPUNIT_ASSERT(readUpTo(']') && buffer.takeCut());
        CPPUNIT_ASSERT(!buffer.takeCut());
    }

    void anEndlessStringIsPassedOverInOneBlock() {
        const std::string json = "[\"" + std::string(3'000'000, 'x') + "\",\"" + std::string(40'000, 'y') + "\"]";

        const Read read = readAll(json, 100, 10'000);

        CPPUNIT_ASSERT_EQUAL("[\"" + std::string(100, 'x') + "\",\"" + std::string(100, 'y') + "\"]", read.text);
        CPPUNIT_ASSERT(read.cut);
    }

    void bytesAreCountedAsTheyCame() {
        std::istringstream source(R"(["abcdefgh"])");
        BoundedStringBuffer buffer(source, 2, _context.stop());
        std::istream json(&buffer);

        const std::string text(std::istreambuf_iterator<char>(json), {});

        CPPUNIT_ASSERT_EQUAL(std::uint64_t{12}, buffer.bytesRead());
        CPPUNIT_ASSERT(buffer.reachedEnd());
        CPPUNIT_ASSERT(source.eof());
        CPPUNIT_ASSERT_EQUAL(std::string(R"(["ab"])"), text);
    }

    void aStopRequestEndsTheReading() {
        std::istringstream source("[1]");
        BoundedStringBuffer buffer(source, 2, _context.stop());
        _context.requestStop();

        CPPUNIT_ASSERT_THROW(buffer.sgetc(), carillon::RunStopped);
    }

private:
    struct Read {
        std::string text{};
        bool cut = false;
    };

    /// Gives its text in pieces, as a network does.
    class Pieces final : public std::streambuf {
    public:
        Pieces(std::string text, std::size_t piece) : _text(std::move(text)), _piece(piece) {}

    protected:
        int_type underflow() override {
            if (_at == _text.size()) return traits_type::eof();
            const std::size_t size = std::min(_piece, _text.size() - _at);
            setg(_text.data() + _at, _text.data() + _at, _text.data() + _at + size);
            _at += size;
            return traits_type::to_int_type(*gptr());
        }

    private:
        std::string _text;
        std::size_t _piece;
        std::size_t _at = 0;
    };

    Read readAll(const std::string& json, std::size_t limit, std::size_t chunk) const {
        Pieces pieces(json, chunk);
        std::istream source(&pieces);
        BoundedStringBuffer buffer(source, limit, _context.stop());
        Read read;
        for (auto c = buffer.sbumpc(); c != std::char_traits<char>::eof(); c = buffer.sbumpc())
            read.text += static_cast<char>(c);
        read.cut = buffer.takeCut();
        return read;
    }
    static std::string decoded(const std::string& json) {
        Poco::JSON::Parser parser;
        return parser.parse(json).extract<Poco::JSON::Array::Ptr>()->getElement<std::string>(0);
    }

    carillon::testing::FakeRunContext _context{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(BoundedStringBufferTest);
