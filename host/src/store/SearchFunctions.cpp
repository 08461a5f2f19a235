#include "store/SearchFunctions.h"

#include "record/ReasonWords.h"
#include "shared/FoldedText.h"

#include <sqlite3.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace carillon {
namespace {

std::string_view textOf(sqlite3_value* value) {
    const auto* text = reinterpret_cast<const char*>(::sqlite3_value_text(value));
    return text == nullptr ? std::string_view()
                           : std::string_view(text, static_cast<std::size_t>(::sqlite3_value_bytes(value)));
}

void answerHasMessage(sqlite3_context* context, int, sqlite3_value** values) {
    const std::string_view word = textOf(values[0]);
    const bool has = hasFolded(textOf(values[1]), word) || textOf(values[2]).find(word) != std::string_view::npos;
    ::sqlite3_result_int(context, has ? 1 : 0);
}

/// Without reading all of the report: what is told after the message, such as warnings, has codes of its own.
bool hasCode(std::string_view report, std::string_view word) {
    constexpr std::string_view kCode = "code\":\"";
    report = report.substr(0, report.find(",\"scheduled_at\":"));
    for (auto at = report.find(kCode); at != std::string_view::npos; at = report.find(kCode, at)) {
        at += kCode.size();
        const std::string_view code = report.substr(at, report.find('"', at) - at);
        if (code.size() == word.size() && hasFolded(code, word)) return true;
    }
    return false;
}

void answerHasCode(sqlite3_context* context, int, sqlite3_value** values) {
    ::sqlite3_result_int(context, hasCode(textOf(values[1]), textOf(values[0])) ? 1 : 0);
}

/// What reasons are in French, folded(): thousands of slots share a few, and to word one takes longer than to look at a
/// row.
class FrenchReasons {
public:
    const std::string& of(std::string_view reason) {
        if (const auto known = _known.find(reason); known != _known.end()) return known->second;
        if (_known.size() >= kMost) _known.clear();
        return _known.emplace(reason, folded(reasonInWords(slotReasonOf(reason), Language::French))).first->second;
    }

private:
    static constexpr std::size_t kMost = 1'000;

    std::map<std::string, std::string, std::less<>> _known{};
};

void answerHasReason(sqlite3_context* context, int, sqlite3_value** values) {
    auto& french = *static_cast<FrenchReasons*>(::sqlite3_user_data(context));
    const std::string_view word = textOf(values[0]);
    const std::string_view reason = textOf(values[1]);
    const bool has = hasFolded(reason, word) || (!reason.empty() && french.of(reason).find(word) != std::string::npos);
    ::sqlite3_result_int(context, has ? 1 : 0);
}

}  // namespace

void addSearchFunctions(sqlite3* connection) {
    constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    ::sqlite3_create_function(connection, "has_message", 3, kFlags, nullptr, answerHasMessage, nullptr, nullptr);
    ::sqlite3_create_function(connection, "has_code", 2, kFlags, nullptr, answerHasCode, nullptr, nullptr);
    // SQLite destroys it with the connection, or when it cannot take the function.
    ::sqlite3_create_function_v2(connection, "has_reason", 2, kFlags, new FrenchReasons, answerHasReason, nullptr,
                                 nullptr, [](void* french) { delete static_cast<FrenchReasons*>(french); });
}

}  // namespace carillon
