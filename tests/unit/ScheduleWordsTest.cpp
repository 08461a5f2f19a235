#include "schedule/words/ScheduleWords.h"

#include "schedule/ScheduleError.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include "unit/RandomCron.h"

#include <cstdlib>
#include <string>

using namespace carillon;

namespace {

struct Said {
    const char* text;
    const char* english;
    const char* french;
};

// clang-format off
constexpr Said kSaid[] = {
    {"* * * * *",
     "every minute",
     "toutes les minutes"},
    {"*/5 * * * *",
     "every 5 minutes",
     "toutes les 5 minutes"},
    {"0 2 * * *",
     "every day at 02:00",
     "tous les jours à 2 h"},
    {"30 2 * * *",
     "every day at 02:30",
     "tous les jours à 2 h 30"},
    {"0 0 * * *",
     "every day at midnight",
     "tous les jours à minuit"},
    {"0 12 * * *",
     "every day at noon",
     "tous les jours à midi"},
    {"0 0 29 2 *",
     "at midnight on 29 February",
     "le 29 février à minuit"},
    {"0 9-17/2 * * 1-5",
     "at 09:00, 11:00, 13:00, 15:00 and 17:00 from Monday to Friday",
     "du lundi au vendredi à 9 h, 11 h, 13 h, 15 h et 17 h"},
    {"15,45 3 1 */3 *",
     "at 03:15 and 03:45 on the 1st of January, April, July and October",
     "les 1er janvier, 1er avril, 1er juillet et 1er octobre à 3 h 15 et 3 h 45"},
    {"0 0 31 * *",
     "at midnight on the 31st of the month",
     "le 31 de chaque mois à minuit"},
    {"0 0 1 1 *",
     "at midnight on 1 January",
     "le 1er janvier à minuit"},
    {"23 0-20/2 * * *",
     "every 2 hours from 00:23 to 20:23",
     "toutes les 2 heures, de 0 h 23 à 20 h 23"},
    {"5 4 * * 0",
     "at 04:05 every Sunday",
     "tous les dimanches à 4 h 05"},
    {"0 22 * * 1-5",
     "at 22:00 from Monday to Friday",
     "du lundi au vendredi à 22 h"},
    {"0 0 13 * 5",
     "at midnight on the 13th of the month and every Friday",
     "le 13 de chaque mois et tous les vendredis, à minuit"},
    {"0 0 13 * &5",
     "at midnight on the 13th of the month, if it is a Friday",
     "le 13 de chaque mois, si c'est un vendredi, à minuit"},
    {"30 2 * * 5L",
     "at 02:30 on the last Friday of the month",
     "le dernier vendredi de chaque mois à 2 h 30"},
    {"0 9 * * 1#1",
     "at 09:00 on the first Monday of the month",
     "le premier lundi de chaque mois à 9 h"},
    {"0 9 * * 1#1,1#3",
     "at 09:00 on the first and third Monday of the month",
     "le premier et le troisième lundi de chaque mois à 9 h"},
    {"0 0 L * *",
     "at midnight on the last day of the month",
     "le dernier jour de chaque mois à minuit"},
    {"0 0 L-3 * *",
     "at midnight 3 days before the last day of the month",
     "3 jours avant le dernier jour de chaque mois à minuit"},
    {"0 0 LW * *",
     "at midnight on the last working day of the month",
     "le dernier jour ouvré de chaque mois à minuit"},
    {"0 0 15W * *",
     "at midnight on the working day nearest to the 15th of the month",
     "le jour ouvré le plus proche du 15 de chaque mois à minuit"},
    {"0 0 1,15 * *",
     "at midnight on the 1st and 15th of the month",
     "les 1er et 15 de chaque mois à minuit"},
    {"0 0 1,L * *",
     "at midnight on the 1st and on the last day of the month",
     "le 1er et le dernier jour de chaque mois à minuit"},
    {"0 0 8-14 3 &0",
     "at midnight from the 8th to the 14th of March, if it is a Sunday",
     "du 8 au 14 mars, si c'est un dimanche, à minuit"},
    {"*/7 * * * *",
     "every 7 minutes from minute 0 to minute 56 of each hour",
     "toutes les 7 minutes, de la minute 0 à la minute 56 de chaque heure"},
    {"3/10 * * * *",
     "every 10 minutes from minute 3 to minute 53 of each hour",
     "toutes les 10 minutes, de la minute 3 à la minute 53 de chaque heure"},
    {"10-30/5 * * * *",
     "every 5 minutes from minute 10 to minute 30 of each hour",
     "toutes les 5 minutes, de la minute 10 à la minute 30 de chaque heure"},
    {"0-29 * * * *",
     "every minute from minute 0 to minute 29 of each hour",
     "toutes les minutes, de la minute 0 à la minute 29 de chaque heure"},
    {"15,45 * * * *",
     "at 15 and 45 minutes past the hour",
     "aux minutes 15 et 45 de chaque heure"},
    {"5 * * * *",
     "every hour at 5 minutes past the hour",
     "toutes les heures, à la minute 5"},
    {"0 * * * *",
     "every hour",
     "toutes les heures"},
    {"0 */2 * * *",
     "every 2 hours",
     "toutes les 2 heures"},
    {"23 */2 * * *",
     "every 2 hours from 00:23 to 22:23",
     "toutes les 2 heures, de 0 h 23 à 22 h 23"},
    {"*/5 9-17 * * 1-5",
     "every 5 minutes from 09:00 to 17:55, from Monday to Friday",
     "toutes les 5 minutes, de 9 h à 17 h 55, du lundi au vendredi"},
    {"*/5 22-2 * * *",
     "every 5 minutes from 22:00 to 02:55",
     "toutes les 5 minutes, de 22 h à 2 h 55"},
    {"*/5 */2 * * *",
     "every 5 minutes during every other hour from midnight on",
     "toutes les 5 minutes, une heure sur 2 à partir de minuit"},
    {"*/10 8,9,14 * * *",
     "every 10 minutes from 08:00 to 09:50 and from 14:00 to 14:50",
     "toutes les 10 minutes, de 8 h à 9 h 50 et de 14 h à 14 h 50"},
    {"* 2 * * *",
     "every minute from 02:00 to 02:59",
     "toutes les minutes, de 2 h à 2 h 59"},
    {"*/10 * * * * *",
     "every 10 seconds",
     "toutes les 10 secondes"},
    {"* * * * * *",
     "every second",
     "toutes les secondes"},
    {"15 30 2 * * *",
     "every day at 02:30:15",
     "tous les jours à 2 h 30 min 15 s"},
    {"30 */5 * * * *",
     "every 5 minutes, at second 30",
     "toutes les 5 minutes, à la seconde 30"},
    {"*/10 * 9-17 * * *",
     "every 10 seconds from 09:00 to 17:59",
     "toutes les 10 secondes, de 9 h à 17 h 59"},
    {"* 30 2 * * *",
     "every second between 02:30 and 02:31",
     "toutes les secondes entre 2 h 30 et 2 h 31"},
    {"0 9 * 1,7 1",
     "at 09:00 every Monday in January and July",
     "tous les lundis, en janvier et en juillet, à 9 h"},
    {"0 9 * 11-2 *",
     "every day at 09:00 from November to February",
     "tous les jours à 9 h, de novembre à février"},
    {"*/5 * * 1 *",
     "every 5 minutes in January",
     "toutes les 5 minutes, en janvier"},
    {"0 0 */2 * *",
     "at midnight every other day from the 1st of the month on",
     "un jour sur deux à partir du 1er de chaque mois à minuit"},
    {"0 0 */2 * 1",
     "at midnight every other day from the 1st of the month on, if it is a Monday",
     "un jour sur deux à partir du 1er de chaque mois, si c'est un lundi, à minuit"},
    {"0 0 10-28/3 * *",
     "at midnight every 3rd day from the 10th to the 28th of the month",
     "tous les 3 jours du 10 au 28 de chaque mois à minuit"},
    {"0 9 * * sat,sun",
     "at 09:00 every Saturday and Sunday",
     "tous les samedis et dimanches à 9 h"},
    {"0 9 * * 1,3,5",
     "at 09:00 every Monday, Wednesday and Friday",
     "tous les lundis, mercredis et vendredis à 9 h"},
    {"0 9 L 4 *",
     "at 09:00 on the last day of April",
     "le dernier jour d'avril à 9 h"},
    {"0 9 * apr,aug 5L",
     "at 09:00 on the last Friday of April and August",
     "le dernier vendredi des mois d'avril et d'août à 9 h"},
    {"H * * * *",
     "every hour, at a minute set by the job's name",
     "toutes les heures, à une minute fixée par le nom de la tâche"},
    {"H H * * *",
     "every day at a time set by the job's name",
     "tous les jours à une heure fixée par le nom de la tâche"},
    {"H H(0-7) * * *",
     "every day at a time between 00:00 and 07:59 set by the job's name",
     "tous les jours à une heure entre 0 h et 7 h 59 fixée par le nom de la tâche"},
    {"30 H * * *",
     "every day at 30 minutes past an hour set by the job's name",
     "tous les jours, 30 minutes après une heure pile fixée par le nom de la tâche"},
    {"H/15 * * * *",
     "every 15 minutes, starting at a minute set by the job's name",
     "toutes les 15 minutes, à partir d'une minute fixée par le nom de la tâche"},
    {"H(0-29)/10 * * * *",
     "every 10 minutes, starting at a minute set by the job's name, between minute 0 and minute 29 of each hour",
     "toutes les 10 minutes, à partir d'une minute fixée par le nom de la tâche, de la minute 0 à la minute 29 de chaque heure"},
    {"H H H * *",
     "at a time set by the job's name, on a day of the month set by the job's name",
     "un jour de chaque mois fixé par le nom de la tâche, à une heure fixée par le nom de la tâche"},
    {"H H * * H",
     "at a time set by the job's name, every week on a day set by the job's name",
     "chaque semaine, un jour fixé par le nom de la tâche, à une heure fixée par le nom de la tâche"},
    {"H 3 * * 1-5",
     "at a time between 03:00 and 03:59 set by the job's name, from Monday to Friday",
     "du lundi au vendredi à une heure entre 3 h et 3 h 59 fixée par le nom de la tâche"},
    {"0 H/4 * * *",
     "every 4 hours, starting at an hour set by the job's name",
     "toutes les 4 heures, à partir d'une heure fixée par le nom de la tâche"},
    {"@hourly",
     "every hour",
     "toutes les heures"},
    {"@daily",
     "every day at midnight",
     "tous les jours à minuit"},
    {"@weekly",
     "at midnight every Sunday",
     "tous les dimanches à minuit"},
    {"@monthly",
     "at midnight on the 1st of the month",
     "le 1er de chaque mois à minuit"},
    {"@yearly",
     "at midnight on 1 January",
     "le 1er janvier à minuit"},
    {"every 90s",
     "every 90 seconds",
     "toutes les 90 secondes"},
    {"every 5m",
     "every 5 minutes",
     "toutes les 5 minutes"},
    {"every 1h",
     "every hour",
     "toutes les heures"},
    {"every 1d",
     "every 24 hours",
     "toutes les 24 heures"},
    {"every 7d",
     "every 7 days",
     "tous les 7 jours"},
    {"5 1,8-14 * * *",
     "every hour at 01:05 and from 08:05 to 14:05",
     "toutes les heures, à 1 h 05 et de 8 h 05 à 14 h 05"},
    {"5 0,3,4,6,9,11,17 * * *",
     "every day at 00:05, 03:05, 04:05, 06:05, 09:05, 11:05 and 17:05",
     "tous les jours à 0 h 05, 3 h 05, 4 h 05, 6 h 05, 9 h 05, 11 h 05 et 17 h 05"},
    {"0 9 1-7 * &1",
     "at 09:00 from the 1st to the 7th of the month, if it is a Monday",
     "du 1er au 7 de chaque mois, si c'est un lundi, à 9 h"},
    {"0 9 1,2 5-7 *",
     "at 09:00 on the 1st and 2nd of each month from May to July",
     "les 1er et 2 de chaque mois, de mai à juillet, à 9 h"},
    {"0 9 * 1 1#1",
     "at 09:00 on the first Monday of January",
     "le premier lundi de janvier à 9 h"},
    {"0 9 1 4,8 *",
     "at 09:00 on the 1st of April and August",
     "les 1er avril et 1er août à 9 h"},
    {"0 9 1 5-7 *",
     "at 09:00 on the 1st of each month from May to July",
     "le 1er de chaque mois, de mai à juillet, à 9 h"},
    {"0 9 15W 3 *",
     "at 09:00 on the working day nearest to the 15th of March",
     "le jour ouvré le plus proche du 15 mars à 9 h"},
    {"0 9 1 1 1",
     "at 09:00 on 1 January and every Monday in January",
     "le 1er janvier et tous les lundis, en janvier, à 9 h"},
    {"0 0,6,12,18 * * *",
     "every 6 hours",
     "toutes les 6 heures"},
    {"30 8,12,18 * * 1-5",
     "at 08:30, 12:30 and 18:30 from Monday to Friday",
     "du lundi au vendredi à 8 h 30, 12 h 30 et 18 h 30"},
    {"* * * 2 1-5",
     "every minute from Monday to Friday in February",
     "toutes les minutes, du lundi au vendredi, en février"},
    {"0 9 L-1 * *",
     "at 09:00 on the day before the last day of the month",
     "l'avant-dernier jour de chaque mois à 9 h"},
    {"0 9 5,LW 6 *",
     "at 09:00 on the 5th and on the last working day of June",
     "le 5 et le dernier jour ouvré de juin à 9 h"},
    {"*/15 0-11 1 * *",
     "every 15 minutes from 00:00 to 11:45, on the 1st of the month",
     "toutes les 15 minutes, de 0 h à 11 h 45, le 1er de chaque mois"},
    {"* 0-9,30 * * * *",
     "every second during minutes 0 to 9 and 30 of each hour",
     "toutes les secondes, pendant les minutes 0 à 9 et 30 de chaque heure"},
    {"0 6 */10 * *",
     "at 06:00 every 10th day from the 1st of the month on",
     "tous les 10 jours à partir du 1er de chaque mois à 6 h"},
    {"H 9-17 * * *",
     "every hour from 09:00 to 17:59, at a minute set by the job's name",
     "toutes les heures, de 9 h à 17 h 59, à une minute fixée par le nom de la tâche"},
    {"H H H(1-14) * *",
     "at a time set by the job's name, on a day of the month set by the job's name, between the 1st and the 14th",
     "un jour de chaque mois fixé par le nom de la tâche, entre le 1er et le 14, à une heure fixée par le nom de la tâche"},
    {"H H 1 H *",
     "at a time set by the job's name, on the 1st of a month set by the job's name",
     "le 1er d'un mois fixé par le nom de la tâche, à une heure fixée par le nom de la tâche"},
    {"0 9 * * 1-5,0#1",
     "at 09:00 from Monday to Friday and on the first Sunday of the month",
     "du lundi au vendredi et le premier dimanche de chaque mois à 9 h"},
    {"0 0 12 1/2 * ?",
     "at noon every other day from the 1st of the month on",
     "un jour sur deux à partir du 1er de chaque mois à midi"},
    {"45 59 23 31 12 ?",
     "at 23:59:45 on 31 December",
     "le 31 décembre à 23 h 59 min 45 s"},
    {"15-45 * * * *",
     "every minute from minute 15 to minute 45 of each hour",
     "toutes les minutes, de la minute 15 à la minute 45 de chaque heure"},
    {"0,5,7-20 * * * *",
     "at 0, 5 and 7 to 20 minutes past the hour",
     "aux minutes 0, 5 et 7 à 20 de chaque heure"},
    {"0 9 1,5-9 10 *",
     "at 09:00 on the 1st and from the 5th to the 9th of October",
     "le 1er et du 5 au 9 octobre à 9 h"},
    {"0 9 ? * 2,4L",
     "at 09:00 every Tuesday and on the last Thursday of the month",
     "tous les mardis et le dernier jeudi de chaque mois à 9 h"},
    {"0 9 13 * &1,2,5",
     "at 09:00 on the 13th of the month, if it is a Monday, a Tuesday or a Friday",
     "le 13 de chaque mois, si c'est un lundi, un mardi ou un vendredi, à 9 h"},
    {"0 9 13 * &1-5",
     "at 09:00 on the 13th of the month, if it is a day from Monday to Friday",
     "le 13 de chaque mois, si c'est un jour du lundi au vendredi, à 9 h"},
    {"5,35 9-17 * * *",
     "at 5 and 35 minutes past the hour from 09:05 to 17:35",
     "aux minutes 5 et 35 de chaque heure, de 9 h 05 à 17 h 35"},
    {"0 9 * 1,3-6 *",
     "every day at 09:00 in January and from March to June",
     "tous les jours à 9 h, en janvier et de mars à juin"},
    {"1 H * * *",
     "every day at 1 minute past an hour set by the job's name",
     "tous les jours, 1 minute après une heure pile fixée par le nom de la tâche"},
    {"0 H(8-11) * * *",
     "every day at a full hour between 08:00 and 11:00 set by the job's name",
     "tous les jours à une heure pile entre 8 h et 11 h fixée par le nom de la tâche"},
    {"0/20 30 4 * * 6",
     "every 20 seconds between 04:30 and 04:31 every Saturday",
     "toutes les 20 secondes entre 4 h 30 et 4 h 31, tous les samedis"}};
// clang-format on

}  // namespace

class ScheduleWordsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ScheduleWordsTest);
    CPPUNIT_TEST(schedulesAreSaidInEnglish);
    CPPUNIT_TEST(schedulesAreSaidInFrench);
    CPPUNIT_TEST(theSameScheduleIsSaidTheSameHoweverItIsWritten);
    CPPUNIT_TEST(anythingThatParsesIsSaidWithoutAGap);
    CPPUNIT_TEST(whatNeverComesIsRefused);
    CPPUNIT_TEST(theLanguageIsThatOfTheEnvironment);
    CPPUNIT_TEST_SUITE_END();

public:
    void schedulesAreSaidInEnglish() {
        for (const auto& [text, english, french] : kSaid)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string(english), scheduleInWords(text, Language::English));
    }

    void schedulesAreSaidInFrench() {
        for (const auto& [text, english, french] : kSaid)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string(french), scheduleInWords(text, Language::French));
    }

    void theSameScheduleIsSaidTheSameHoweverItIsWritten() {
        constexpr const char* kSame[][2] = {
            {"0,15,30,45 * * * *", "*/15 * * * *"}, {"0 0 * * 1,2,3,4,5", "0 0 * * mon-fri"},
            {"0 0 * * 0-7", "0 0 * * *"},           {"0 0 * * 7", "0 0 * * SUN"},
            {"0 0 1 jan,feb,mar *", "0 0 1 1-3 ?"}, {"0 */4 * * *", "0 0-23/4 * * *"}};

        for (const auto& [one, other] : kSame)
            CPPUNIT_ASSERT_EQUAL(scheduleInWords(one, Language::English), scheduleInWords(other, Language::English));
    }

    void anythingThatParsesIsSaidWithoutAGap() {
        RandomCron random(7);
        std::size_t said = 0;

        for (int n = 0; n < 5000; ++n) {
            const std::string text = random.expression(n % 3 == 0);
            for (const auto language : {Language::English, Language::French}) {
                std::string words;
                try {
                    words = scheduleInWords(text, language);
                } catch (const ScheduleError&) {
                    continue;  // a date that never comes
                }
                ++said;
                const std::string problem = text + ": " + words;
                CPPUNIT_ASSERT_MESSAGE(problem, words.size() > 5);
                for (const auto* gap : {"  ", " ,", ",,", ", ,"})
                    CPPUNIT_ASSERT_MESSAGE(problem, words.find(gap) == std::string::npos);
                CPPUNIT_ASSERT_MESSAGE(problem, words.front() != ' ' && words.back() != ' ' && words.back() != ',');
            }
        }

        CPPUNIT_ASSERT(said > 9000);
    }

    void whatNeverComesIsRefused() {
        CPPUNIT_ASSERT_THROW(scheduleInWords("0 0 31 2 *", Language::English), ScheduleError);
    }

    void theLanguageIsThatOfTheEnvironment() {
        const auto with = [](const char* all, const char* messages, const char* lang) {
            ::setenv("LC_ALL", all, 1);
            ::setenv("LC_MESSAGES", messages, 1);
            ::setenv("LANG", lang, 1);
            return preferredLanguage();
        };

        CPPUNIT_ASSERT(with("", "", "") == Language::English);
        CPPUNIT_ASSERT(with("", "", "fr_FR.UTF-8") == Language::French);
        CPPUNIT_ASSERT(with("", "en_GB.UTF-8", "fr_FR.UTF-8") == Language::English);
        CPPUNIT_ASSERT(with("fr_CH.UTF-8", "C", "C") == Language::French);
        CPPUNIT_ASSERT(with("C", "fr_FR", "fr_FR") == Language::English);
        CPPUNIT_ASSERT(with("", "de_DE", "") == Language::English);
        CPPUNIT_ASSERT(with("", "", "fry_NL") == Language::English);
    }

    void tearDown() override {
        for (const auto* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) ::unsetenv(name);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ScheduleWordsTest);
