#include "../support/Unstopped.h"
#include "Fuzz.h"

#include "BacklogReader.h"
#include "SmallAnswer.h"

#include "Poco/Exception.h"
#include "Poco/JSON/Object.h"
#include "Poco/JSON/Parser.h"

#include <sstream>

using namespace passerelle;

namespace {

/// So small that an input reaches each of them.
constexpr BacklogLimits kLimits{.batchItems = 3, .batchBytes = 300, .stringBytes = 24, .itemBytes = 120};
/// What a payload has beyond the limit: the member that was the last one to fit, and what closes it.
constexpr std::size_t kBeyond = 2'000;

void requireSound(const Validation& item) {
    fuzz::require(item.token.size() <= 4 * kLimits.stringBytes, "a token is no longer than a text may be");
    fuzz::require(item.payload.size() <= kLimits.itemBytes + kBeyond, "a payload is no larger than an item may be");
    fuzz::require(item.gatewayId >= 0, "an id is none or positive");
    try {
        Poco::JSON::Parser().parse(item.payload);
    } catch (const Poco::Exception&) {
        fuzz::require(false, "a payload is JSON");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Unstopped kStop;
    const std::string text = fuzz::textOf(data, size);
    std::istringstream answer(text);
    BacklogReader reader(kLimits, kStop);
    std::size_t items = 0;
    try {
        reader.read(answer, static_cast<std::int64_t>(size), [&](Batch& batch) {
            fuzz::require(!batch.items.empty() && batch.items.size() <= kLimits.batchItems, "a batch is in its bounds");
            for (const auto& item : batch.items) requireSound(item);
            items += batch.items.size();
        });
    } catch (const MalformedAnswer& e) {
        fuzz::require(e.message().size() <= 1'000, "a refusal is a sentence");
    }
    fuzz::require(reader.items() == items, "each item is handed out");
    fuzz::require(reader.bytes() <= size, "no byte is counted twice");

    const SmallAnswer small = readSmallAnswer(text);
    fuzz::require(small.before.size() <= 200 && small.after.size() <= 200, "what is around an answer is shown in part");
    fuzz::require(errorTextOf(text).size() <= 110, "an error's text is an excerpt");
    return 0;
}
