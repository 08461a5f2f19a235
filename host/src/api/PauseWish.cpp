#include "api/PauseWish.h"

#include "schedule/TypedTime.h"
#include "schedule/ZoneDatabase.h"

namespace carillon {

Pause pauseOf(ApiContext& context, const PauseWish& wish) {
    Pause pause;
    pause.note = wish.note;
    if (wish.until.empty()) return pause;
    const auto zone = findTimeZone(context.host.configuration()->host.timezone);
    try {
        pause.until = parseEnd(wish.until, context.clock.now(), *zone);
    } catch (const Poco::InvalidArgumentException& e) {
        throw HttpRefusal(problem(400, "bad-end", "until " + e.message()));
    }
    return pause;
}

}  // namespace carillon
