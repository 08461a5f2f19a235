#include "config/CsvRows.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <random>
#include <string>

using namespace carillon;

class CsvRowsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CsvRowsTest);
    CPPUNIT_TEST(rowsHaveTheirLinesAndValues);
    CPPUNIT_TEST(anyLineEndIsTaken);
    CPPUNIT_TEST(blankLinesAreNoRows);
    CPPUNIT_TEST(quotesHoldCommasQuotesAndLineEnds);
    CPPUNIT_TEST(spacesCountOnlyBetweenQuotes);
    CPPUNIT_TEST(emptyValuesAreValues);
    CPPUNIT_TEST(lastRowNeedsNoLineEnd);
    CPPUNIT_TEST(badQuotesCostTheirRowAlone);
    CPPUNIT_TEST(quoteThatIsNeverClosedCostsItsLineAlone);
    CPPUNIT_TEST(endlessRowCostsItsLineAlone);
    CPPUNIT_TEST(garbageNeverCrashes);
    CPPUNIT_TEST_SUITE_END();

public:
    void rowsHaveTheirLinesAndValues() { CPPUNIT_ASSERT_EQUAL(std::string("1[a|b]2[c|d]"), rows("a,b\nc,d\n")); }

    void anyLineEndIsTaken() {
        CPPUNIT_ASSERT_EQUAL(std::string("1[a|b]2[c|d]"), rows("a,b\r\nc,d\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("1[a|b]2[c|d]"), rows("a,b\rc,d\r"));
    }

    void blankLinesAreNoRows() {
        CPPUNIT_ASSERT_EQUAL(std::string("2[a]5[b]"), rows("\na\n \t\n\r\nb\n\n"));
        CPPUNIT_ASSERT_EQUAL(std::string(), rows(""));
        CPPUNIT_ASSERT_EQUAL(std::string(), rows("\n \n"));
    }

    void quotesHoldCommasQuotesAndLineEnds() {
        CPPUNIT_ASSERT_EQUAL(std::string("1[a,b|say \"x\"|c\r\nd]3[e|f|g]"),
                             rows("\"a,b\",\"say \"\"x\"\"\",\"c\r\nd\"\r\ne,f,g\r\n"));
    }

    void spacesCountOnlyBetweenQuotes() {
        CPPUNIT_ASSERT_EQUAL(std::string("1[a b| c |d]"), rows("  a b\t,\" c \" , d\n"));
    }

    void emptyValuesAreValues() { CPPUNIT_ASSERT_EQUAL(std::string("1[||]2[|a|]"), rows(",\"\",\n,a,\n")); }

    void lastRowNeedsNoLineEnd() {
        CPPUNIT_ASSERT_EQUAL(std::string("1[a|b]2[c|]"), rows("a,b\nc,"));
        CPPUNIT_ASSERT_EQUAL(std::string("1[a|b]"), rows("a,\"b\""));
    }

    void badQuotesCostTheirRowAlone() {
        CPPUNIT_ASSERT_EQUAL(std::string("1[a]2!3[c]4!5[e]"), rows("a\n\"b\"x\nc\nd\"d\ne\n"));
    }

    void quoteThatIsNeverClosedCostsItsLineAlone() {
        CPPUNIT_ASSERT_EQUAL(std::string("1[a]2!3[c|d]4[e|f]"), rows("a\nb,\"x\nc,d\ne,\"f\""));
        CPPUNIT_ASSERT_EQUAL(std::string("1!"), rows("\""));
    }

    void endlessRowCostsItsLineAlone() {
        const std::string lines(40'000, '\n');

        CPPUNIT_ASSERT_EQUAL(std::string("1!80001[\"end\"]"), rows("\"begin" + lines + lines + "\"\"\"end\"\"\"\n"));
    }

    void garbageNeverCrashes() {
        std::mt19937 random(20261124);
        const std::string alphabet = "ab,,\"\"\n\r \t;\xff";
        std::size_t found = 0;
        for (int text = 0; text < 500; ++text) {
            std::string garbage;
            for (auto length = random() % 200; length > 0; --length) garbage += alphabet[random() % alphabet.size()];
            int line = 0;

            forEachCsvRow(garbage, [&](const CsvRow& row) {
                CPPUNIT_ASSERT(row.line > line);
                CPPUNIT_ASSERT(row.values.empty() != (row.problem == CsvRow::Problem::None));
                line = row.line;
                ++found;
            });
        }
        CPPUNIT_ASSERT(found > 500);
    }

private:
    /// `1[a|b]2!` for a row with two values and a bad one.
    static std::string rows(const std::string& text) {
        std::string all;
        forEachCsvRow(text, [&all](const CsvRow& row) {
            all += std::to_string(row.line);
            if (row.problem != CsvRow::Problem::None) {
                all += '!';
                return;
            }
            std::string values;
            for (std::size_t i = 0; i < row.values.size(); ++i) values.append(i == 0 ? "" : "|").append(row.values[i]);
            all += "[" + values + "]";
        });
        return all;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CsvRowsTest);
