#include "ItemsVerification.h"

#include "Items.h"

#include "Poco/Random.h"

#include <algorithm>
#include <map>
#include <utility>

namespace passerelle {
namespace {

using carillon::RunReport;

constexpr std::size_t kComparedAtOnce = 500;

std::string numberOf(std::int64_t count, const char* one, const char* many) {
    return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

}  // namespace

std::vector<GoneItem> ItemsVerification::compare(const std::vector<AppliedItem>& items) {
    std::vector<std::int64_t> ids;
    for (const auto& item : items) ids.push_back(item.validation);
    const auto found = _agora.validations(std::move(ids));
    std::vector<AppliedItem> missing;
    std::vector<std::int64_t> campaigns;
    for (const auto& item : items) {
        // A server may give the number of a deleted row once more.
        const auto row = found.find(item.validation);
        if (row != found.end() && row->second.campaign == item.campaign && row->second.user == item.user) continue;
        missing.push_back(item);
        campaigns.push_back(item.campaign);
    }
    if (missing.empty()) return {};
    const auto titles = _agora.titles(campaigns);
    const auto first = _agora.firstValidations(campaigns);
    std::vector<GoneItem> gone;
    for (const auto& item : missing) {
        const std::string campaign = "campaign " + std::to_string(item.campaign);
        const auto oldest = first.find(item.campaign);
        if (!titles.contains(item.campaign))
            gone.push_back({item, true, campaign + " was deleted in Agora, with its answers"});
        else if (oldest == first.end() || oldest->second > item.validation)
            gone.push_back({item, true, campaign + " was edited in Agora since, which voids its answers"});
        else
            gone.push_back(
                {item, false,
                 storedAs(item.validation) + " is no more in Agora, while older answers of " + campaign + " are"});
    }
    return gone;
}

void ItemsVerification::hand(const GoneItem& gone, const carillon::ItemSink& sink) {
    ItemFilter alone;
    alone.id = gone.item.id;
    const auto rows = _inbox.list(alone);
    carillon::Item item;
    item.id = gone.item.id;
    item.storedAs = storedAs(gone.item.validation);
    item.about = {{"campaign", std::to_string(gone.item.campaign)}};
    item.reason = gone.isExplained ? "voided" : "lost";
    item.detail = gone.why;
    if (!rows.empty()) {
        item.receivedAt = rows.front().receivedAt;
        item.run = rows.front().run;
        item.acknowledged = rows.front().acknowledged;
        item.what = "token " + shownToken(rows.front().payload);
    }
    sink(item);
}

RunReport ItemsVerification::all(const carillon::ItemSink& sink) {
    std::int64_t compared = 0;
    std::int64_t voided = 0;
    std::int64_t lost = 0;
    const std::int64_t last = _inbox.lastId();
    for (std::int64_t after = 0;;) {
        _context.stop().throwIfRequested();
        const auto items = _inbox.applied(after, last, kComparedAtOnce);
        if (items.empty()) break;
        for (const auto& gone : compare(items)) {
            ++(gone.isExplained ? voided : lost);
            hand(gone, sink);
        }
        compared += static_cast<std::int64_t>(items.size());
        after = items.back().id;
        _context.progress(static_cast<std::uint64_t>(after), static_cast<std::uint64_t>(last), "compared");
    }
    std::string text = numberOf(compared, "applied item", "applied items") + " compared with Agora: ";
    if (voided + lost == 0) text += compared == 1 ? "it is there" : "all are there";
    if (voided > 0) text += std::to_string(voided) + " voided by changes in Agora";
    if (lost > 0) text += (voided > 0 ? ", " : "") + std::to_string(lost) + " lost without such a cause";
    if (const auto unnoted = _inbox.countUnnoted(); unnoted > 0)
        text +=
            "; " + std::to_string(unnoted) + " not compared, since their rows were not noted when they were applied";
    RunReport report = lost > 0 ? RunReport::giveUp(text) : RunReport::succeeded(text);
    return report.counter("compared", compared, carillon::FigureRole::Work)
        .counter("voided", voided)
        .counter("lost", lost);
}

/// Two reads of so many ids in a row, whatever the size of the inbox and whoever they are of.
std::vector<GoneItem> ItemsVerification::sample() {
    constexpr std::int64_t kRange = 10 * static_cast<std::int64_t>(kSample);
    const std::int64_t last = _inbox.lastId();
    const std::int64_t young = std::max<std::int64_t>(0, last - static_cast<std::int64_t>(kSample));
    auto items = _inbox.applied(young, last, kSample);
    if (young > 0) {
        const auto places = static_cast<Poco::UInt32>(std::min<std::int64_t>(young, 0x7fffffff));
        const auto from = static_cast<std::int64_t>(Poco::Random().next(places));
        const auto others = _inbox.applied(from, std::min(young, from + kRange), kSample);
        items.insert(items.end(), others.begin(), others.end());
    }
    return compare(items);
}

}  // namespace passerelle
