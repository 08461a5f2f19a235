#include "platform/Authorities.h"

namespace carillon {

std::vector<std::string> systemAuthorities() {
    return {};
}

}  // namespace carillon
