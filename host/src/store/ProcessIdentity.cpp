#include "store/ProcessIdentity.h"

#include "platform/ProcessFacts.h"

#include <charconv>
#include <vector>

namespace carillon {
namespace {

constexpr std::size_t kTextParts = 5;

template <class Number>
bool parseNumber(const std::string& text, Number& value) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stop == end;
}

}  // namespace

ProcessIdentity ProcessIdentity::ofThisProcess(const std::string& host) {
    ProcessIdentity self;
    self.host = host;
    self.boot = bootId();
    self.pidNamespace = processNamespace();
    self.pid = ownProcessNumber();
    if (const auto state = stateOfProcess(self.pid)) self.start = state->start;
    return self;
}

std::optional<ProcessIdentity> ProcessIdentity::parse(const std::string& text) {
    std::vector<std::string> parts;  // from the end: only the host may hold a slash
    std::size_t end = text.size();
    while (parts.size() + 1 < kTextParts) {
        const std::size_t slash = end == 0 ? std::string::npos : text.rfind('/', end - 1);
        if (slash == std::string::npos) return {};
        parts.push_back(text.substr(slash + 1, end - slash - 1));
        end = slash;
    }
    ProcessIdentity process;
    process.host = text.substr(0, end);
    process.boot = parts[3];
    process.pidNamespace = parts[2];
    if (!parseNumber(parts[1], process.pid) || !parseNumber(parts[0], process.start) || process.pid <= 0) return {};
    return process;
}

std::string ProcessIdentity::toText() const {
    return host + '/' + boot + '/' + pidNamespace + '/' + std::to_string(pid) + '/' + std::to_string(start);
}

Liveness livenessOf(const ProcessIdentity& process, const ProcessIdentity& observer) {
    if (process.host != observer.host) return Liveness::Unknown;
    if (process.boot != observer.boot) return Liveness::Gone;
    if (process.pidNamespace != observer.pidNamespace) return Liveness::Unknown;
    if (const auto state = stateOfProcess(process.pid)) {
        const bool another = process.start != 0 && state->start != process.start;
        return state->hasEnded || another ? Liveness::Gone : Liveness::Alive;
    }
    return mayExist(process.pid) ? Liveness::Alive : Liveness::Gone;
}

}  // namespace carillon
