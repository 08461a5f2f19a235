#pragma once

#include "carillon/Rejects.h"
#include "pages/PageFrame.h"

#include <cstdint>
#include <string>
#include <vector>

namespace carillon {

/// What the page of rejects is made from.
struct RejectsSource {
    std::string job{};
    std::string plugin{};
    std::vector<Reject> rejects{};  ///< Oldest first.
    std::string reason{};           ///< Only those; empty: all.
    std::string older{};            ///< Only those older than that, such as 7d; empty: all.
    std::string next{};             ///< Where the list goes on; empty: nowhere.
    bool isFirst = true;
    bool keepsItems = true;  ///< See TaskAbilities: else none is dismissed, and there is no page of items.
};

/// Received before what `?older=` names, such as 1h or 7d; 1970 for none. Throws HttpRefusal: 400.
TimePoint receivedBefore(const std::string& older, TimePoint now);

/// Which rejects a form means. Plain data.
struct ReplayWish {
    std::vector<std::int64_t> ids{};
    bool all = false;
};
/// The fields `id` (any number of them) and `all` of a form. Throws HttpRefusal: 400, none is meant.
ReplayWish replayWishOf(const HttpRequest& request);

/// `/jobs/{job}/rejects`, and what asks whether to replay. Safe from any thread.
class RejectsPage {
public:
    HttpResponse answer(const PageFrame& frame, const PageRequest& request, const RejectsSource& source) const;
    HttpResponse confirm(const PageFrame& frame, const PageRequest& request, const std::string& job,
                         const ReplayWish& wish) const;

private:
    Template _template{"rejects.html"};
    Template _confirmation{"replay.html"};
};

}  // namespace carillon
