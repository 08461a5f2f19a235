#include "posix/SignalText.h"

#include <cstring>

namespace carillon {

std::string abbreviationOf(int signal) {
    const char* abbreviation = ::sigabbrev_np(signal);
    return abbreviation == nullptr ? "" : std::string("SIG") + abbreviation;
}

std::string textOf(int signal) {
    const char* text = ::sigdescr_np(signal);
    return text == nullptr ? "" : text;
}

}  // namespace carillon
