#include "api/PauseWish.h"

#include "base/BoundedText.h"
#include "schedule/TypedTime.h"
#include "schedule/ZoneDatabase.h"
#include "words/HostTexts.h"

namespace carillon {

Pause pauseOf(ApiContext& context, const PauseWish& wish) {
    Pause pause;
    pause.note = boundedText(wish.note, kLongestNote);
    if (boundedText(wish.note, kLongestNote + 1) != pause.note)
        throw HttpRefusal(problem(400, "", sayHost("request.longnote", {{"most", kLongestNote}})));
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
