#include "ItemsVerification.h"

#include "Items.h"

#include "Poco/Random.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

namespace passerelle {
namespace {

using carillon::RunReport;

constexpr std::size_t kComparedAtOnce = 500;

const char* wordOf(Loss loss) {
    return loss == Loss::Voided ? "voided" : loss == Loss::Lost ? "lost" : "changed";
}

}  // namespace

/// How the campaign tells that it was edited after this answer; empty: it does not.
Message ItemsVerification::editOf(const AppliedItem& item, const std::string& status,
                                  const std::vector<CampaignToken>& tokens) {
    if (status == "brouillon") return say("edit.draft");
    if (status == "en_validation" && item.answer == "refuse") return say("edit.reopened");
    bool isThere = false;
    bool isReplaced = false;
    for (const auto& token : tokens) {
        if (token.token == item.token && !token.isUsed) return say("edit.unused");
        isThere = isThere || token.token == item.token;
        isReplaced = isReplaced || (token.user == item.user && token.token != item.token);
    }
    if (isThere) return {};
    if (isReplaced) return say("edit.replaced");
    // A token is deleted by TokensClean a day after it expired at the earliest, and whoever answers has one that did
    // not.
    if (tokens.empty() && _context.clock().now() - item.receivedAt < std::chrono::days(1)) return say("edit.tokens");
    return {};
}

std::vector<GoneItem> ItemsVerification::judge(const std::vector<AppliedItem>& missing) {
    std::vector<std::int64_t> campaigns;
    for (const auto& item : missing) campaigns.push_back(item.campaign);
    const auto statuses = _agora.statuses(campaigns);
    const auto first = _agora.firstValidations(campaigns);
    auto tokens = _agora.tokens(campaigns);
    std::vector<GoneItem> gone;
    for (const auto& item : missing) {
        const Message::Values values{{"row", storedAs(item.validation)}, {"campaign", item.campaign}};
        const auto status = statuses.find(item.campaign);
        const auto oldest = first.find(item.campaign);
        if (status == statuses.end())
            gone.push_back({item, Loss::Voided, say("gone.deleted", {{"campaign", item.campaign}})});
        else if (oldest != first.end() && oldest->second < item.validation)
            gone.push_back({item, Loss::Lost, passerelle::say("gone.alone", values)});
        else if (const auto edit = editOf(item, status->second, tokens[item.campaign]); !edit.empty())
            gone.push_back({item, Loss::Voided, say("gone.edited", {{"campaign", item.campaign}, {"edit", edit}})});
        else
            gone.push_back({item, Loss::Lost, passerelle::say("gone.unexplained", values)});
    }
    return gone;
}

std::vector<GoneItem> ItemsVerification::compare(const std::vector<AppliedItem>& items) {
    std::vector<std::int64_t> ids;
    for (const auto& item : items) ids.push_back(item.validation);
    const auto found = _agora.validations(std::move(ids));
    std::vector<AppliedItem> missing;
    std::vector<GoneItem> changed;
    for (const auto& item : items) {
        // A server may give the number of a deleted row once more.
        const auto row = found.find(item.validation);
        if (row == found.end() || row->second.campaign != item.campaign || row->second.user != item.user)
            missing.push_back(item);
        else if (!item.answer.empty() && row->second.action != item.answer)
            changed.push_back({item, Loss::Changed, say("gone.changed", {{"row", storedAs(item.validation)}})});
    }
    std::vector<GoneItem> gone;
    if (!missing.empty()) gone = judge(missing);
    gone.insert(gone.end(), changed.begin(), changed.end());
    std::sort(gone.begin(), gone.end(), [](const auto& one, const auto& other) { return one.item.id < other.item.id; });
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
    item.reason = wordOf(gone.loss);
    item.detail = gone.why.text;
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
    std::int64_t changed = 0;
    const std::int64_t last = _inbox.lastId();
    for (std::int64_t after = 0;;) {
        _context.stop().throwIfRequested();
        const auto items = _inbox.applied(after, last, kComparedAtOnce);
        if (items.empty()) break;
        for (const auto& gone : compare(items)) {
            ++(gone.loss == Loss::Voided ? voided : gone.loss == Loss::Lost ? lost : changed);
            hand(gone, sink);
        }
        compared += static_cast<std::int64_t>(items.size());
        after = items.back().id;
        _context.progress(static_cast<std::uint64_t>(after), static_cast<std::uint64_t>(last),
                          say("progress.compared"));
    }
    Message found;
    const auto add = [&found](std::int64_t count, Message part) {
        if (count > 0) found += found.empty() ? std::move(part) : ", " + std::move(part);
    };
    add(voided, say("compared.voided", {{"n", voided}}));
    add(lost, say("compared.lost", {{"n", lost}}));
    add(changed, say("compared.changed", {{"n", changed}}));
    if (found.empty()) found = compared == 1 ? say("compared.isthere") : say("compared.allthere");
    Message text = withColon(say("compared.items", {{"n", compared}}), std::move(found));
    if (const auto unnoted = _inbox.countUnnoted(); unnoted > 0)
        text = withSemicolon(std::move(text), say("compared.unnoted", {{"n", unnoted}}));
    RunReport report = lost + changed > 0 ? RunReport::giveUp(text) : RunReport::succeeded(text);
    return report.counter("compared", compared, carillon::FigureRole::Work)
        .counter("voided", voided)
        .counter("lost", lost)
        .counter("changed", changed);
}

/// Four statements that find their rows by their ids, whatever the size of the inbox: the newest id, two reads of so
/// many ids in a row, whoever they are of, and Agora's rows of those.
ItemsSample ItemsVerification::sample() {
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
    return {items.size(), compare(items)};
}

}  // namespace passerelle
