#include "config/OffTimesKeys.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ScheduleTexts.h"
#include "config/ConfigDifference.h"
#include "config/ConfigNotes.h"
#include "config/Configuration.h"
#include "support/HostFolder.h"

using namespace carillon;

namespace {

constexpr const char* kCalendarJob = "job.plugin = P\njob.task = T\njob.timezone = Europe/Paris\n";
constexpr const char* kDaily = "job.schedule = 0 3 * * *\n";

std::string calendarWith(const std::string& event) {
    return "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\n" + event + "END:VEVENT\nEND:VCALENDAR\n";
}

}  // namespace

/// What job.calendar, job.calendar.days and job.blackout say, and how it is told that they are wrong.
class OffTimesKeysTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OffTimesKeysTest);
    CPPUNIT_TEST(withoutTheKeysThereAreNone);
    CPPUNIT_TEST(calendarsAreNamesAndFiles);
    CPPUNIT_TEST(fileIsFoundBesideTheJobs);
    CPPUNIT_TEST(eventsWithTimesAreInTheZoneOfTheJob);
    CPPUNIT_TEST(unknownCalendarIsAFaultWithTheNearest);
    CPPUNIT_TEST(fileThatIsMissingOrNotTrustedIsAFault);
    CPPUNIT_TEST(whatIsWrongInAFileIsAFaultWithItsLine);
    CPPUNIT_TEST(blackoutThatIsNoneIsAFault);
    CPPUNIT_TEST(daysWithoutACalendarAreAFault);
    CPPUNIT_TEST(intervalsCannotBeMoved);
    CPPUNIT_TEST(jobThatNeverFiresIsWarnedOf);
    CPPUNIT_TEST(slotThatMovesToAWeekendIsWarnedOf);
    CPPUNIT_TEST(rowsWithTheSameKeysShareThem);
    CPPUNIT_TEST(rowWithAnotherCalendarHasItsOwnFault);
    CPPUNIT_TEST(overrideOfOneRunIsRead);
    CPPUNIT_TEST(changedFileIsADifference);
    CPPUNIT_TEST(fileThatIsReadIsNotNoted);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _folder = std::make_unique<HostFolder>("jobs.enabled = *\n"); }
    void tearDown() override { _folder.reset(); }

    void withoutTheKeysThereAreNone() { CPPUNIT_ASSERT(!settingsOf(kDaily)->off); }

    void calendarsAreNamesAndFiles() {
        _folder->write("jobs/site.ics", calendarWith("DTSTART:20261109\nSUMMARY:Inventaire\n"));

        const auto settings = settingsOf(std::string(kDaily) + "job.calendar = fr-holidays, weekends,site.ics\n");

        const auto name = [&](const std::string& at) {
            const auto off = settings->off->at(instant(at));
            return off ? textOf(off->reason) : "none";
        };
        CPPUNIT_ASSERT_EQUAL(std::string("day off: Noël"), name("2026-12-25T12:00:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("day off: weekend"), name("2026-12-26T12:00:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("day off: Inventaire"), name("2026-11-09T12:00:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), name("2026-11-10T12:00:00Z"));
        const auto alsace = settingsOf(std::string(kDaily) + "job.calendar = fr-holidays-alsace-moselle\n");
        CPPUNIT_ASSERT_EQUAL(std::string("day off: Saint-Étienne"),
                             textOf(alsace->off->at(instant("2026-12-26T12:00:00Z"))->reason));
    }

    void fileIsFoundBesideTheJobs() {
        std::filesystem::create_directory(_folder->path() / "calendars");
        _folder->write("calendars/town.ics", calendarWith("DTSTART:20261109\n"));

        const auto relative = settingsOf(std::string(kDaily) + "job.calendar = ../calendars/town.ics\n");
        const auto absolute = settingsOf(std::string(kDaily) +
                                         "job.calendar = " + (_folder->path() / "calendars/town.ics").string() + "\n");

        for (const auto& settings : {relative, absolute})
            CPPUNIT_ASSERT_EQUAL(std::string("day off: town.ics"),
                                 textOf(settings->off->at(instant("2026-11-09T12:00:00Z"))->reason));
    }

    void eventsWithTimesAreInTheZoneOfTheJob() {
        _folder->write("jobs/site.ics",
                       calendarWith("DTSTART:20261109T100000\nDTEND:20261109T110000\nSUMMARY:Coupure\n"));

        const auto settings = settingsOf(std::string(kDaily) + "job.calendar = site.ics\n");

        CPPUNIT_ASSERT_EQUAL(std::string("blackout (Coupure)"),
                             textOf(settings->off->at(instant("2026-11-09T09:30:00Z"))->reason));
        CPPUNIT_ASSERT(!settings->off->at(instant("2026-11-09T10:00:00Z")));
    }

    void unknownCalendarIsAFaultWithTheNearest() {
        expectFault("job.calendar = fr-holiday\n",
                    "job.calendar names fr-holiday, expected fr-holidays, fr-holidays-alsace-moselle, weekends, or an "
                    "iCalendar file such as site.ics; did you mean fr-holidays?");
        expectFault("job.calendar = weekends, , fr-holidays\n", "names nothing between two commas");
        expectFault("job.calendar = site.ical\n", "names site.ical, expected");
        expectFault("job.calendar = fr\u2011holidays\n", "U+2011");
    }

    void fileThatIsMissingOrNotTrustedIsAFault() {
        expectFault("job.calendar = site.ics\n",
                    "job.calendar: " + path("jobs/site.ics") + " cannot be read: No such file");
        _folder->write("jobs/site.ics", calendarWith("DTSTART:20261109\n"));
        ::chmod(path("jobs/site.ics").c_str(), 0666);
        expectFault("job.calendar = site.ics\n", "may be written by others");
    }

    void whatIsWrongInAFileIsAFaultWithItsLine() {
        _folder->write("jobs/site.ics", calendarWith("DTSTART:20261109\nRRULE:FREQ=HOURLY\n"));
        expectFault("job.calendar = site.ics\n",
                    "job.calendar: " + path("jobs/site.ics") + ":5: RRULE has FREQ=HOURLY, which is not understood");
        _folder->write("jobs/site.ics", calendarWith("DTSTART:20261109\nSUMMARY:Ferm\xe9\n"));
        expectFault("job.calendar = site.ics\n", path("jobs/site.ics") + ":5: is not UTF-8");
        _folder->write("jobs/site.ics", calendarWith("DTSTART:20261109\nX-A:" + std::string(1 << 20, 'x') + "\n"));
        expectFault("job.calendar = site.ics\n", path("jobs/site.ics") + " is larger than 1 MiB");
    }

    void blackoutThatIsNoneIsAFault() {
        expectFault("job.blackout = 12-14\n", "job.blackout = 12-14, expected windows such as 22:00-07:00, Mon-Fri");
        expectFault("job.blackout = 12:00-12:00\n", "job.blackout = 12:00-12:00, expected windows");
        expectFault("job.blackout = 12:00\u201314:00\n", "U+2013");
    }

    void daysWithoutACalendarAreAFault() {
        expectFault("job.calendar.days = skip\n",
                    "job.calendar.days is given without job.calendar; name the calendars");
        expectFault("job.calendar = weekends\njob.calendar.days = move\n",
                    "job.calendar.days = move, expected one of skip, next_working_day");
    }

    void intervalsCannotBeMoved() {
        addJob("job.schedule = every 5m\njob.calendar = weekends\njob.calendar.days = next_working_day\n");
        CPPUNIT_ASSERT_MESSAGE(
            faults(), faults().find("job.calendar.days = next_working_day, but job.schedule = every 5m is an interval, "
                                    "whose slots cannot be moved; expected skip, or a cron expression there") !=
                          std::string::npos);
        addJob("job.schedule = every 5m\njob.calendar = weekends\njob.calendar.days = skip\n");
        CPPUNIT_ASSERT_EQUAL(std::string(), faults());
    }

    void jobThatNeverFiresIsWarnedOf() {
        addJob("job.schedule = 0 3 * * 6\njob.calendar = weekends\n");
        const auto warnings = read().allWarnings();

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, warnings.size());
        CPPUNIT_ASSERT_MESSAGE(
            warnings[0].sentence(),
            warnings[0].sentence().find("job.calendar: no slot of job.schedule fires") != std::string::npos);
        addJob("job.schedule = 0 3 * * 6\njob.calendar = weekends\njob.calendar.days = next_working_day\n");
        CPPUNIT_ASSERT(read().allWarnings().empty());
    }

    void slotThatMovesToAWeekendIsWarnedOf() {
        const auto warningsWith = [this](const std::string& keys) {
            addJob(keys + "job.calendar.days = next_working_day\n");
            std::string text;
            for (const auto& warning : read().allWarnings()) text += warning.sentence();
            return text;
        };
        // Good Friday comes each year.
        const std::string friday = "job.schedule = 0 3 * * 1-5\njob.calendar = fr-holidays-alsace-moselle";

        const std::string warnings = warningsWith(friday + "\n");

        CPPUNIT_ASSERT_MESSAGE(warnings, warnings.find(", a day of a weekend on which job.schedule has none; name "
                                                       "weekends there too if nobody works then") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string(), warningsWith(friday + ", weekends\n"));
        CPPUNIT_ASSERT_EQUAL(std::string(), warningsWith("job.schedule = 0 3 * * *\njob.calendar = fr-holidays\n"));
    }

    void rowsWithTheSameKeysShareThem() {
        _folder->write("jobs/sync.instances.csv", "name,hour\na,3\nb,4\n");
        addJob("job.schedule = 0 ${instance.hour} * * *\njob.calendar = fr-holidays\n");

        const auto configuration = read();
        const auto file = configuration.findFile("sync");

        CPPUNIT_ASSERT(file->settings(0) != file->settings(1));
        CPPUNIT_ASSERT(file->settings(0)->off && file->settings(0)->off == file->settings(1)->off);
    }

    void rowWithAnotherCalendarHasItsOwnFault() {
        _folder->write("jobs/sync.instances.csv", "name,calendar\na,weekends\nb,nothing\nc,\n");
        addJob(std::string(kDaily) + "job.calendar = ${instance.calendar}\njob.calendar.days = next_working_day\n");

        const auto configuration = read();
        const auto file = configuration.findFile("sync");

        CPPUNIT_ASSERT(!file->isFaulty(0) && file->isFaulty(1) && !file->isFaulty(2));
        CPPUNIT_ASSERT(file->settings(0)->off->moves() && !file->settings(2)->off);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, file->faults().size());
        CPPUNIT_ASSERT_MESSAGE(file->faults()[0].sentence(),
                               file->faults()[0].sentence().find("sync.instances.csv:3: job.calendar names nothing,") !=
                                   std::string::npos);
    }

    void overrideOfOneRunIsRead() {
        addJob(kDaily);
        const auto job = read().find("sync")->config({{"job.calendar", "weekends"}});
        const auto wrong = read().find("sync")->config({{"job.calendar", "missing.ics"}});

        CPPUNIT_ASSERT(job.faults.empty() && job.off);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, wrong.faults.size());
    }

    void changedFileIsADifference() {
        _folder->write("jobs/site.ics", calendarWith("DTSTART:20261109\n"));
        addJob(std::string(kDaily) + "job.calendar = site.ics\n");
        const auto before = read();
        const auto same = read();
        _folder->write("jobs/site.ics", calendarWith("DTSTART:20261110\n"));
        const auto after = read();

        CPPUNIT_ASSERT(differenceOf(before, same, {}).empty());
        CPPUNIT_ASSERT_EQUAL("~ job sync: calendar " + path("jobs/site.ics") + " changed",
                             joined(differenceOf(before, after, {})));
        std::filesystem::remove(path("jobs/site.ics"));
        CPPUNIT_ASSERT_EQUAL("~ job sync: calendar " + path("jobs/site.ics") + " changed",
                             joined(differenceOf(after, read(), {})));
    }

    void fileThatIsReadIsNotNoted() {
        _folder->write("jobs/site.ics", calendarWith("DTSTART:20261109\n"));
        _folder->write("jobs/other.ics", calendarWith("DTSTART:20261109\n"));
        addJob(std::string(kDaily) + "job.calendar = weekends, site.ics\n");

        const auto notes = notesOf(read());

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, notes.size());
        CPPUNIT_ASSERT_MESSAGE(notes[0].file, notes[0].file.ends_with("other.ics"));
    }

private:
    std::string path(const std::string& name) const { return (_folder->path() / name).string(); }
    void addJob(const std::string& keys) const { _folder->addJob("sync", kCalendarJob + keys); }
    Configuration read() const { return readConfiguration(_folder->config()); }

    std::shared_ptr<const JobSettings> settingsOf(const std::string& keys) const {
        addJob(keys);
        CPPUNIT_ASSERT_EQUAL(std::string(), faults());
        return read().find("sync")->settings();
    }
    std::string faults() const {
        std::string text;
        for (const auto& fault : read().allFaults()) text += fault.sentence() + '\n';
        return text;
    }
    void expectFault(const std::string& keys, const std::string& expected) const {
        addJob(kDaily + keys);
        const std::string found = faults();
        CPPUNIT_ASSERT_MESSAGE(found, found.find(expected) != std::string::npos);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(found, std::ptrdiff_t{1}, std::count(found.begin(), found.end(), '\n'));
        CPPUNIT_ASSERT(read().find("sync")->isFaulty());
    }

    std::unique_ptr<HostFolder> _folder{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(OffTimesKeysTest);
