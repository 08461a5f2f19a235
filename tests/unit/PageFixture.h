#pragma once

#include "SettableClock.h"
#include "pages/PageTexts.h"
#include "pages/Wording.h"
#include "schedule/ZoneDatabase.h"

#include <cppunit/TestFixture.h>

/// What the tests of pages share: who reads them, in English in Paris, at a clock that stands still.
class PageFixture : public CppUnit::TestFixture {
protected:
    carillon::Reader reader(carillon::Language language = carillon::Language::English) const {
        return {carillon::pageTexts(language), carillon::findTimeZone("Europe/Paris"), _clock.now()};
    }
    carillon::TimePoint ago(std::chrono::microseconds length) const { return _clock.now() - length; }

    SettableClock _clock{};
};
