#include "cli/CliTexts.h"

#include "shared/EmbeddedText.h"
#include "shared/MessageForm.h"
#include "words/MessageWords.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <utility>
#include <vector>

namespace carillon {

namespace cli_texts {
extern const std::vector<EmbeddedText> files;  // en, fr
}

const Texts& cliTexts(Language language) {
    static const Texts english(Language::English, cli_texts::files.at(0).text);
    static const Texts french(Language::French, cli_texts::files.at(1).text);
    return language == Language::French ? french : english;
}

const Texts& cliTexts() {
    return cliTexts(preferredLanguage());
}

std::string cliText(const std::string& key, const Message::Values& values) {
    return inWords(say(key, values), cliTexts());
}

std::vector<std::string> tableHeads(std::initializer_list<const char*> keys) {
    std::vector<std::string> heads;
    for (const auto* key : keys) heads.push_back(cliText(std::string("head.") + key));
    return heads;
}

/// A text that is refused is missing here: the host that runs says so in its log.
MessageTeller::MessageTeller(const HostConfig& host) : _language(preferredLanguage()) {
    if (_language != Language::English) _plugins = PluginTexts(host.pluginsDir, [](const auto&, const auto&) {});
}

/// A message comes with its English text.
std::string MessageTeller::tell(const Message& message) const {
    return _language == Language::English ? message.text : inWords(message, _language, _plugins);
}

std::string secondsText(double seconds) {
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%.2f", seconds);
    return numberInWords(digits.data(), cliTexts().language() == Language::French) + " s";
}

std::string outcomeWord(const std::optional<Outcome>& outcome) {
    return cliTexts().word("outcome", outcome ? std::string(outcomeName(*outcome)) : "running");
}

std::string reasonWords(const SlotReason& reason) {
    constexpr std::pair<SkipReason, const char*> kKeys[] = {
        {SkipReason::Overlap, "skip.overlap"},         {SkipReason::QueueFull, "skip.queue"},
        {SkipReason::Paused, "skip.paused"},           {SkipReason::Disabled, "skip.disabled"},
        {SkipReason::Stopped, "skip.stopped"},         {SkipReason::TooOld, "skip.old"},
        {SkipReason::LateSkipped, "skip.late"},        {SkipReason::BeyondMost, "skip.beyond"},
        {SkipReason::ScheduleChanged, "skip.changed"}, {SkipReason::JobRemoved, "skip.removed"},
        {SkipReason::DayOff, "skip.dayoff"},           {SkipReason::Moved, "skip.moved"},
        {SkipReason::Blackout, "skip.blackout"}};
    const auto* key = std::find_if(std::begin(kKeys), std::end(kKeys),
                                   [&reason](const auto& one) { return one.first == reason.skip; });
    if (key == std::end(kKeys)) return textOf(reason);
    const bool isPhrase =
        reason.skip == SkipReason::Stopped || reason.skip == SkipReason::DayOff || reason.skip == SkipReason::Moved;
    if (isPhrase) return cliText(key->second, {{"detail", reason.detail}});
    if (reason.detail.empty()) return cliText(key->second);
    if (reason.skip == SkipReason::Paused) return cliText("skip.pausedby", {{"detail", reason.detail}});
    return cliText(key->second) + " (" + reason.detail + ')';
}

}  // namespace carillon
