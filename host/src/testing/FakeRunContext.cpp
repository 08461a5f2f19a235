#include "carillon/testing/FakeRunContext.h"

#include "schedule/ScheduleError.h"
#include "schedule/ZoneDatabase.h"

#include "Poco/Exception.h"

namespace carillon::testing {

std::shared_ptr<const Zone> FakeRunContext::zone(const std::string& name) const {
    try {
        return findTimeZone(name);
    } catch (const ScheduleError& e) {
        throw Poco::NotFoundException(e.message());
    }
}

}  // namespace carillon::testing
