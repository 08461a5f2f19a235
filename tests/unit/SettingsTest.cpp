#include "Settings.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <map>
#include <string>

using namespace passerelle;

class SettingsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SettingsTest);
    CPPUNIT_TEST(todaysNamesAreRead);
    CPPUNIT_TEST(olderNamesCountWhereTheNewerAreAbsentOrEmpty);
    CPPUNIT_TEST(newerNamesWinOverOlderOnes);
    CPPUNIT_TEST(valuesAreTrimmed);
    CPPUNIT_TEST(anEmptyTableLeavesTheDefaults);
    CPPUNIT_TEST(everyNameThatCountsIsAskedFor);
    CPPUNIT_TEST(theJobsFileWins);
    CPPUNIT_TEST(whatTheFileDoesNotGiveStays);
    CPPUNIT_TEST(missingSettingsAreNamedWithBothPlaces);
    CPPUNIT_TEST(onlyTheModePasserelleUsesTheGateway);
    CPPUNIT_TEST_SUITE_END();

public:
    void todaysNamesAreRead() {
        const Settings settings = settingsFromRows({{"validation_mode", "passerelle"},
                                                    {"validation_url", "https://g.example.com/p"},
                                                    {"validation_apikey", "k1"},
                                                    {"app_timezone", "America/Cayenne"}});

        CPPUNIT_ASSERT_EQUAL(std::string("passerelle"), settings.mode);
        CPPUNIT_ASSERT_EQUAL(std::string("https://g.example.com/p"), settings.url);
        CPPUNIT_ASSERT_EQUAL(std::string("k1"), settings.key);
        CPPUNIT_ASSERT_EQUAL(std::string("America/Cayenne"), settings.agoraZone);
    }

    void olderNamesCountWhereTheNewerAreAbsentOrEmpty() {
        const Settings settings = settingsFromRows({{"validation_url", "  "},
                                                    {"validation_passerelle_url", "https://old.example.com"},
                                                    {"validation_passerelle_api_key", "old"}});

        CPPUNIT_ASSERT_EQUAL(std::string("https://old.example.com"), settings.url);
        CPPUNIT_ASSERT_EQUAL(std::string("old"), settings.key);
    }

    void newerNamesWinOverOlderOnes() {
        const Settings settings = settingsFromRows({{"validation_url", "https://new.example.com"},
                                                    {"validation_passerelle_url", "https://old.example.com"},
                                                    {"validation_apikey", "new"},
                                                    {"validation_passerelle_api_key", "old"}});

        CPPUNIT_ASSERT_EQUAL(std::string("https://new.example.com"), settings.url);
        CPPUNIT_ASSERT_EQUAL(std::string("new"), settings.key);
    }

    void valuesAreTrimmed() {
        const Settings settings =
            settingsFromRows({{"validation_mode", " passerelle\n"}, {"validation_apikey", "\tk "}});

        CPPUNIT_ASSERT(settings.usesGateway());
        CPPUNIT_ASSERT_EQUAL(std::string("k"), settings.key);
    }

    void anEmptyTableLeavesTheDefaults() {
        const Settings settings = settingsFromRows({{"app_timezone", ""}});

        CPPUNIT_ASSERT_EQUAL(std::string("Europe/Paris"), settings.agoraZone);
        CPPUNIT_ASSERT_EQUAL(std::string(), settings.mode + settings.url + settings.key);
    }

    void everyNameThatCountsIsAskedFor() {
        for (const auto* name : {"validation_mode", "validation_url", "validation_passerelle_url", "validation_apikey",
                                 "validation_passerelle_api_key", "app_timezone"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::ptrdiff_t{1},
                                         std::count(kSettingNames.begin(), kSettingNames.end(), name));
    }

    void theJobsFileWins() {
        SyncOptions options;
        options.mode = "direct";
        options.url = "https://other.example.com";
        options.key = "k2";

        const Settings settings = withOverrides(complete(), options);

        CPPUNIT_ASSERT_EQUAL(std::string("direct"), settings.mode);
        CPPUNIT_ASSERT_EQUAL(std::string("https://other.example.com"), settings.url);
        CPPUNIT_ASSERT_EQUAL(std::string("k2"), settings.key);
    }

    void whatTheFileDoesNotGiveStays() {
        const Settings settings = withOverrides(complete(), SyncOptions{});

        CPPUNIT_ASSERT_EQUAL(complete().mode, settings.mode);
        CPPUNIT_ASSERT_EQUAL(complete().url, settings.url);
        CPPUNIT_ASSERT_EQUAL(complete().key, settings.key);
    }

    void missingSettingsAreNamedWithBothPlaces() {
        Settings noUrl = complete();
        noUrl.url.clear();
        Settings noKey = complete();
        noKey.key.clear();

        CPPUNIT_ASSERT_EQUAL(std::string(), complete().missing().text);
        CPPUNIT_ASSERT_EQUAL(std::string("the gateway's address is missing: set validation_url in Agora (Parametres > "
                                         "Validation) or task.gateway.url in the job's file"),
                             noUrl.missing().text);
        CPPUNIT_ASSERT_EQUAL(std::string("the API key is missing: set validation_apikey in Agora (Parametres > "
                                         "Validation) or task.gateway.key.file in the job's file"),
                             noKey.missing().text);
        CPPUNIT_ASSERT_EQUAL((noUrl.missing() + "; " + noKey.missing()).text, Settings{}.missing().text);
    }

    void onlyTheModePasserelleUsesTheGateway() {
        for (const auto* mode : {"", "direct", "Passerelle", "passerelle2"}) {
            Settings settings = complete();
            settings.mode = mode;
            CPPUNIT_ASSERT_MESSAGE(mode, !settings.usesGateway());
        }
        CPPUNIT_ASSERT(complete().usesGateway());
    }

private:
    static Settings complete() {
        Settings settings;
        settings.mode = "passerelle";
        settings.url = "https://g.example.com";
        settings.key = "k1";
        return settings;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SettingsTest);
