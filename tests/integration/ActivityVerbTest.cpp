#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "Poco/JSON/Array.h"
#include "Poco/JSON/Object.h"
#include "Poco/JSON/Parser.h"
#include "support/Command.h"
#include "support/HostFolder.h"
#include "support/TestSkipped.h"

/// Who did what without a host, as `carillon activity` tells it.
class ActivityVerbTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ActivityVerbTest);
    CPPUNIT_TEST(verbsWithoutAHostRecordWhatTheyDo);
    CPPUNIT_TEST(refusalsAreRecordedToo);
    CPPUNIT_TEST(whatIsOfNoMatterLeavesNothing);
    CPPUNIT_TEST(withoutAStateThereIsNoLog);
    CPPUNIT_TEST(storeThatFailsIsAWarning);
    CPPUNIT_TEST(rootLeavesTheStateToItsOwner);
    CPPUNIT_TEST(keyOfTheSpanIsChecked);
    CPPUNIT_TEST(tableFitsATerminal);
    CPPUNIT_TEST(pauseWithoutAHostKeepsItsEnd);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _folder = std::make_unique<HostFolder>("host.timezone = UTC\n");
        std::filesystem::create_directory(_folder->path() / "state");
        std::filesystem::permissions(_folder->path() / "state", std::filesystem::perms::owner_all);
        _folder->addPlugin(std::filesystem::path(CARILLON_TEST_PLUGINS) / "troublemaker/libTroublemaker.so");
        _folder->addJob("job", "job.plugin = Troublemaker\njob.task = Troublemaker\ntask.run = succeed\n");
    }
    void tearDown() override { _folder.reset(); }

    void verbsWithoutAHostRecordWhatTheyDo() {
        carillon({"passwd", "alice"}).input(kPassword).run();
        carillon({"passwd", "alice"}).input(kPassword).run();
        carillon({"passwd", "bob", "--job", "job"}).input(kPassword).run();
        carillon({"token", "add", "robot", "--role", "viewer"}).run();
        carillon({"run", "job"}).run();
        carillon({"pause", "job", "--until", "2999-12-24 18:00", "--note", "travaux"}).run();
        carillon({"resume", "job"}).run();
        carillon({"alerts", "snooze", "job", "2h"}).run();
        carillon({"passwd", "bob", "--delete"}).run();
        carillon({"token", "remove", "robot"}).run();

        CPPUNIT_ASSERT_EQUAL(std::string("add-user alice operator of all jobs\n"
                                         "change-user alice operator of all jobs\n"
                                         "add-user bob viewer of job\n"
                                         "add-token robot viewer of all jobs\n"
                                         "run job\n"
                                         "pause job 2999-12-24T18:00:00.000Z travaux\n"
                                         "resume job\n"
                                         "snooze job\n"
                                         "remove-user bob\n"
                                         "remove-token robot\n"),
                             acts());
        const auto first = rows().getObject(0)->getObject("by");
        CPPUNIT_ASSERT_EQUAL(std::string("system user"), first->getValue<std::string>("kind"));
        const auto* me = ::getpwuid(::geteuid());
        if (me != nullptr) CPPUNIT_ASSERT_EQUAL(std::string(me->pw_name), first->getValue<std::string>("name"));
    }

    void refusalsAreRecordedToo() {
        CPPUNIT_ASSERT_EQUAL(1, carillon({"stop", "job"}).run().exitCode);

        CPPUNIT_ASSERT_EQUAL(std::string("stop job\n"), acts());
        CPPUNIT_ASSERT_EQUAL(std::string("refused"), rows().getObject(0)->getValue<std::string>("outcome"));
    }

    void whatIsOfNoMatterLeavesNothing() {
        for (const std::vector<std::string>& words : {std::vector<std::string>{"run", "job", "--dry-run"},
                                                      {"check", "job"},
                                                      {"history"},
                                                      {"status"},
                                                      {"resume", "job"},
                                                      {"passwd", "alice"},
                                                      {"token", "remove", "nothing"},
                                                      {"pause", "nothing"}})
            carillon(words).run();

        CPPUNIT_ASSERT_EQUAL(std::string(), acts());
    }

    void withoutAStateThereIsNoLog() {
        std::filesystem::remove_all(_folder->path() / "state");

        const auto made = carillon({"passwd", "alice"}).input(kPassword).run();

        CPPUNIT_ASSERT_EQUAL(std::string("A running host knows it within a second.\n"), made.err);
        CPPUNIT_ASSERT(!std::filesystem::exists(_folder->path() / "state"));
    }

    void storeThatFailsIsAWarning() {
        _folder->write("state/carillon.db", "this is no database, and it is long enough to be taken for one");

        const auto made = carillon({"passwd", "alice"}).input(kPassword).run();

        CPPUNIT_ASSERT_EQUAL(0, made.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("added alice, operator of all jobs\n"), made.out);
        CPPUNIT_ASSERT_MESSAGE(
            made.err, made.err.find("carillon: warning: the activity log does not have this: ") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(1, carillon({"activity"}).run().exitCode);
    }

    void rootLeavesTheStateToItsOwner() {
        const auto* daemon = ::getpwnam("daemon");
        if (::geteuid() != 0 || daemon == nullptr) throw TestSkipped("only root can give files away");
        // The folder above is root's own and open for nobody: the state stands elsewhere.
        char place[] = "/tmp/carillon-owner.XXXXXX";
        CPPUNIT_ASSERT(::mkdtemp(place) != nullptr);
        CPPUNIT_ASSERT_EQUAL(0, ::chown(place, daemon->pw_uid, daemon->pw_gid));
        _folder->write("carillon.properties", "plugins.dir = plugins\nstate.dir = " + std::string(place) + "\n");

        const auto made = carillon({"passwd", "alice"}).input(kPassword).run();
        struct stat facts {};
        const int looked = ::stat((std::string(place) + "/carillon.db").c_str(), &facts);
        std::filesystem::remove_all(place);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(made.err, 0, made.exitCode);
        CPPUNIT_ASSERT_MESSAGE(made.err, made.err.find("warning") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(0, looked);
        CPPUNIT_ASSERT_EQUAL(daemon->pw_uid, facts.st_uid);
    }

    void keyOfTheSpanIsChecked() {
        _folder->write("carillon.properties", "plugins.dir = plugins\nactivity.keep = 400\n");

        const auto result = carillon({"validate"}).run();

        CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err,
                               result.err.find("activity.keep = 400, expected a duration") != std::string::npos);
    }

    void tableFitsATerminal() {
        carillon({"pause", "job", "--note", std::string(150, 'x')}).run();

        const auto shown = carillon({"activity"}).onTerminal(80).run();

        CPPUNIT_ASSERT_EQUAL(0, shown.exitCode);
        CPPUNIT_ASSERT(shown.out.find("pause") != std::string::npos);
        std::size_t begin = 0;
        for (std::size_t end = shown.out.find('\n'); end != std::string::npos; end = shown.out.find('\n', begin)) {
            std::string line = shown.out.substr(begin, end - begin);
            for (auto at = line.find('\x1b'); at != std::string::npos; at = line.find('\x1b'))
                line.erase(at, line.find('m', at) - at + 1);
            CPPUNIT_ASSERT_MESSAGE(line, line.size() <= 80 + 1);  // with the carriage return
            begin = end + 1;
        }
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{150}, std::count(shown.out.begin(), shown.out.end(), 'x'));
    }

    void pauseWithoutAHostKeepsItsEnd() {
        const auto paused = carillon({"pause", "job", "--until", "2999-12-24 18:00", "--note", "travaux"}).run();
        const auto same = carillon({"pause", "job", "--until", "2999-12-24 18:00"}).run();
        const auto other = carillon({"pause", "job", "--until", "2999-12-25"}).run();
        const auto listed = carillon({"jobs", "--json"}).run();

        CPPUNIT_ASSERT_MESSAGE(paused.out, paused.out.starts_with("paused job until 2999-12-24 18:00:00 +00:00, in "));
        CPPUNIT_ASSERT_EQUAL(std::string("1 job was paused already\n"), same.err);
        CPPUNIT_ASSERT_MESSAGE(other.out, other.out.starts_with("paused job until 2999-12-25 00:00:00 +00:00, in "));
        const auto pause =
            Poco::JSON::Parser().parse(listed.out).extract<Poco::JSON::Array::Ptr>()->getObject(0)->getObject("pause");
        CPPUNIT_ASSERT_EQUAL(std::string("travaux"), pause->getValue<std::string>("note"));
        CPPUNIT_ASSERT_EQUAL(std::string("2999-12-25T00:00:00.000Z"), pause->getValue<std::string>("until"));
    }

private:
    Command carillon(std::vector<std::string> words) const {
        words.insert(words.begin(), {CARILLON_TEST_PROGRAM, "--config", _folder->config()});
        return Command(words).set("SUDO_UID", std::to_string(::geteuid()));
    }
    Poco::JSON::Array rows() const {
        const auto result = carillon({"activity", "--json", "-n", "100"}).run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
        return *Poco::JSON::Parser().parse(result.out).extract<Poco::JSON::Array::Ptr>();
    }
    /// `what subject-or-job note`, oldest first, a line each; but of a run or snooze no subject: they differ.
    std::string acts() const {
        const auto all = rows();
        std::string text;
        for (std::size_t i = all.size(); i-- > 0;) {
            const auto row = all.getObject(static_cast<unsigned>(i));
            const auto part = [&row](const char* name) {
                return row->isNull(name) ? std::string() : ' ' + row->getValue<std::string>(name);
            };
            const std::string what = row->getValue<std::string>("what");
            text +=
                what + part("job") + (what == "run" || what == "snooze" ? "" : part("subject")) + part("note") + '\n';
        }
        return text;
    }

    const std::string kPassword = "a long enough password\n";
    std::unique_ptr<HostFolder> _folder{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ActivityVerbTest);
