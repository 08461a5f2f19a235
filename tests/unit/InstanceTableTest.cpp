#include "config/InstanceTable.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

#include "config/InstanceText.h"

using namespace carillon;

class InstanceTableTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(InstanceTableTest);
    CPPUNIT_TEST(rowsAreSortedByNameAndKeepTheirLines);
    CPPUNIT_TEST(rowsAreFoundByName);
    CPPUNIT_TEST(nameMayBeAnyColumn);
    CPPUNIT_TEST(badRowsAreFaultsByLineAndLeaveOthersAlone);
    CPPUNIT_TEST(ofTheSameNamesTheFirstIsTheInstance);
    CPPUNIT_TEST(longNameIsAFault);
    CPPUNIT_TEST(otherEncodingsAreFaults);
    CPPUNIT_TEST(invisibleCharacterOfANameIsTold);
    CPPUNIT_TEST(badColumnsLeaveNoRow);
    CPPUNIT_TEST(emptyFileHasNoColumns);
    CPPUNIT_TEST(textTakesTheValuesOfARow);
    CPPUNIT_TEST(unknownVariableStaysAndIsNamed);
    CPPUNIT_TEST(otherVariableIsSeen);
    CPPUNIT_TEST_SUITE_END();

public:
    void rowsAreSortedByNameAndKeepTheirLines() {
        const auto table = read("name,town\nc,Caen\n\na,\"Aix, en Provence\"\nb,\n");

        CPPUNIT_ASSERT(_faults.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("a@4=Aix, en Provence b@5= c@2=Caen "), all(table));
    }

    void rowsAreFoundByName() {
        const auto table = read("name,town\nc,Caen\na,Aix\nb,Brest\n");

        CPPUNIT_ASSERT(std::size_t{1} == table.find("b"));
        CPPUNIT_ASSERT(!table.find("bb"));
        CPPUNIT_ASSERT(!table.find(""));
        CPPUNIT_ASSERT(std::size_t{1} == table.findColumn("town"));
        CPPUNIT_ASSERT(!table.findColumn("Town"));
    }

    void nameMayBeAnyColumn() {
        const auto table = read("id,town,name\n1,Caen,b\n2,Aix,a\n");

        CPPUNIT_ASSERT_EQUAL(std::string("a@3=Aix b@2=Caen "), all(table));
    }

    void badRowsAreFaultsByLineAndLeaveOthersAlone() {
        const auto table = read("name,town\nParis,x\na,Aix\nb\n,x\nc,x,y\n\"d\"d,x\ne,Evian\n");

        CPPUNIT_ASSERT_EQUAL(std::string("a@3=Aix e@8=Evian "), all(table));
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, _faults.size());
        CPPUNIT_ASSERT_EQUAL(std::string("i.csv:2: name = Paris, expected only a-z, 0-9, -, _ and ."), fault(0));
        CPPUNIT_ASSERT_EQUAL(std::string("i.csv:4: the row has 1 value, expected 2 as in the first line"), fault(1));
        CPPUNIT_ASSERT_EQUAL(std::string("i.csv:5: name = , expected only a-z, 0-9, -, _ and ."), fault(2));
        CPPUNIT_ASSERT_EQUAL(std::string("i.csv:6: the row has 3 values, expected 2 as in the first line"), fault(3));
        CPPUNIT_ASSERT_EQUAL(
            std::string("i.csv:7: the row has quotes that do not pair; a quote within quotes is written twice"),
            fault(4));
    }

    void ofTheSameNamesTheFirstIsTheInstance() {
        const auto table = read("name,town\nb,1\na,2\nb,3\nb,4\na,5\n");

        CPPUNIT_ASSERT_EQUAL(std::string("a@3=2 b@2=1 "), all(table));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, _faults.size());
        CPPUNIT_ASSERT_EQUAL(std::string("i.csv:6: name = a, which is the name of line 3"), fault(0));
        CPPUNIT_ASSERT_EQUAL(std::string("i.csv:4: name = b, which is the name of line 2"), fault(1));
        CPPUNIT_ASSERT_EQUAL(std::string("i.csv:5: name = b, which is the name of line 2"), fault(2));
    }

    void longNameIsAFault() {
        const auto table = read("name,town\n" + std::string(10, 'x') + ",1\n" + std::string(11, 'x') + ",2\n");

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, table.size());
        CPPUNIT_ASSERT_EQUAL(
            std::string("i.csv:3: name = xxxxxxxxxxx, which makes the job's name longer than 100 characters"),
            fault(0));
    }

    void otherEncodingsAreFaults() {
        const auto table = read(
            "name,town\na,Orl\xe9"
            "ans\nb,Orl\xc3\xa9"
            "ans\nc,\xc3\nd,\xff\xfe\n");

        CPPUNIT_ASSERT_EQUAL(std::string("b@3=Orl\xc3\xa9"
                                         "ans "),
                             all(table));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, _faults.size());
        CPPUNIT_ASSERT_EQUAL(
            std::string("i.csv:2: the row is not UTF-8: it has the byte 0xE9, which is é in Windows-1252; "
                        "save the file as UTF-8"),
            fault(0));
    }

    void invisibleCharacterOfANameIsTold() {
        read("name,town\na\u200b,Aix\n");
        CPPUNIT_ASSERT_EQUAL(std::string("i.csv:2: name = a\u200b, expected only a-z, 0-9, -, _ and .: it has U+200B "
                                         "zero-width space after a; remove it"),
                             fault(0));
        _faults.clear();
        read("name,\u00a0town\na,Aix\n");
        CPPUNIT_ASSERT(fault(0).ends_with(": it has U+00A0 no-break space at the beginning; write a plain space"));
        _faults.clear();
        read(
            "name,th\xe9"
            "me\n");
        CPPUNIT_ASSERT(fault(0).starts_with("i.csv:1: the line is not UTF-8: it has the byte 0xE9"));
    }

    void badColumnsLeaveNoRow() {
        for (const auto& [columns, problem] : std::vector<std::pair<std::string, std::string>>{
                 {"id,town", "no column is called name, which would name the instances"},
                 {"name;town", "column 1 has a name with other than a-z"},
                 {"name,", "column 2 has a name with other than a-z"},
                 {"name,town,town", "the column town comes twice"},
                 {"name,\"to\"wn", "the row has quotes that do not pair"}}) {
            _faults.clear();

            const auto table = read("\n" + columns + "\na,b\n");

            CPPUNIT_ASSERT_EQUAL_MESSAGE(columns, std::size_t{0}, table.size());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(columns, std::size_t{1}, _faults.size());
            CPPUNIT_ASSERT_MESSAGE(fault(0), fault(0).starts_with("i.csv:2: " + problem));
        }
    }

    void emptyFileHasNoColumns() {
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, read(" \n").size());

        CPPUNIT_ASSERT_EQUAL(std::string("i.csv: has no first line with the names of the columns"), fault(0));
    }

    void textTakesTheValuesOfARow() {
        const auto table = read("name,town\na,Aix\nb,${instance.name}\n");
        const InstanceText text("<${instance.town}|${instance.name}${instance.town}>", table, fail);

        CPPUNIT_ASSERT_EQUAL(std::string("<Aix|aAix>"), text.of(table, 0));
        CPPUNIT_ASSERT_EQUAL(std::string("<${instance.name}|b${instance.name}>"), text.of(table, 1));
        CPPUNIT_ASSERT((std::vector<std::size_t>{1, 0, 1}) == text.columns());
        CPPUNIT_ASSERT(!text.hasOtherVariable());
    }

    void unknownVariableStaysAndIsNamed() {
        const auto table = read("name,town\na,Aix\n");
        std::string unknown;
        const InstanceText text("x${instance.twon}y${instance.town}z${instance.", table,
                                [&unknown](std::string_view name) { unknown = name; });

        CPPUNIT_ASSERT_EQUAL(std::string("twon"), unknown);
        CPPUNIT_ASSERT_EQUAL(std::string("x${instance.twon}yAixz${instance."), text.of(table, 0));
    }

    void otherVariableIsSeen() {
        const auto table = read("name,town\na,Aix\n");

        CPPUNIT_ASSERT(InstanceText("${system.env.X}${instance.town}", table, fail).hasOtherVariable());
        CPPUNIT_ASSERT(InstanceText("${instance.town}${system.env.X}", table, fail).hasOtherVariable());
        CPPUNIT_ASSERT(InstanceText::isOne("a${instance.town}"));
        CPPUNIT_ASSERT(!InstanceText::isOne("${system.env.X}"));
    }

private:
    InstanceTable read(const std::string& text) { return InstanceTable("i.csv", text, 10, _faults); }
    std::string fault(std::size_t index) const { return _faults.at(index).sentence(); }

    /// `a@4=Aix ` for each row: its name, its line and the value of the second column.
    static std::string all(const InstanceTable& table) {
        std::string text;
        for (std::size_t i = 0; i < table.size(); ++i)
            text += std::string(table.name(i)) + "@" + std::to_string(table.line(i)) + "=" +
                    std::string(table.value(i, 1)) + " ";
        return text;
    }
    static void fail(std::string_view name) { CPPUNIT_FAIL("unknown: " + std::string(name)); }

    std::vector<ConfigFault> _faults{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(InstanceTableTest);
