#pragma once

#include "pages/PageFrame.h"
#include "schedule/TypedTime.h"
#include "store/SlotStory.h"

#include <optional>
#include <string>

namespace carillon {

/// What the page of a due time is made from.
struct WhySource {
    std::string job{};
    std::string text{};         ///< The time as it was typed; empty: the last due one.
    bool isUnreadable = false;  ///< It is no time; then nothing else is there.
    std::optional<TypedTime> asked{};
    DueStory story{};
};

/// `/jobs/{job}/why`: what was due then, what became of it, and why. Safe from any thread.
class WhyPage {
public:
    HttpResponse answer(const PageFrame& frame, const PageRequest& request, const WhySource& source) const;

private:
    Template _template{"why.html"};
};

}  // namespace carillon
