#pragma once

#include "BoundedStringBuffer.h"
#include "Validation.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// What to do with an item of the gateway's list that is no JSON.
namespace passerelle {

/// What a parser was passed over, and what comes next in the list.
struct Skipped {
    enum class Next : std::uint8_t { Item, EndOfList, EndOfText };

    Next next = Next::EndOfText;
    std::string text{};  ///< As it came; of a longer one the beginning.
};

/// Reads on to the next item or the end of the list, and stops before it. `inside` an item it begins with that item's
/// first byte, else between two items. A fault may be one of quotes or brackets, which then tell nothing: an item also
/// begins where `},{"name":` stands, which no sound text within an item holds. Throws what reading throws.
Skipped skipBrokenItem(BoundedStringBuffer& json, bool inside, std::size_t mostText);

/// What can be read of a broken item: each member whose own text is sound. Its payload is JSON, with these and with
/// the item itself as `raw_base64`; the defect says why the parser gave up.
Validation salvageItem(const std::string& raw, const std::string& why);

/// The name of that member of a payload.
constexpr std::string_view kRawMember = "raw_base64";

/// Whether an id is a positive whole number, in whatever way it is written: 7, "7", 7.0, 7e0. Else 0.
std::int64_t parseId(std::string_view text);

/// SHA-256 of an item without its id, lower-case hex.
std::string fingerprintOf(std::string item);

}  // namespace passerelle
