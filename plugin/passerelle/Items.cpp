#include "Items.h"

#include "Validation.h"

#include "Poco/Exception.h"
#include "Poco/JSON/Object.h"
#include "Poco/JSON/Parser.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace passerelle {
namespace {

/// Of a comment as a list shows it; all of it is in the inbox.
constexpr std::size_t kLongestComment = 2'000;

/// What somebody answered, as far as it can be read.
struct Answer {
    std::string token{};
    carillon::Item::Facts facts{};
};

/// `time`: to tell the moment by; none: it is left as it was sent.
Answer answerOf(const std::string& payload, const AgoraTime* time) {
    Answer answer;
    try {
        const auto object = Poco::JSON::Parser().parse(payload).extract<Poco::JSON::Object::Ptr>();
        const auto text = [&object](const char* name) {
            const auto value = object->get(name);
            return value.isString() ? value.toString() : std::string();
        };
        answer.token = text("token");
        const std::string moment = text("validated_at");
        answer.facts = {{"answer", text("action")}};
        answer.facts.emplace_back("answered_at", time == nullptr ? moment : time->fromGateway(moment).value_or(moment));
        const std::string comment = text("commentaire");
        const bool isLong = comment.size() > kLongestComment;
        answer.facts.emplace_back("comment", beginningOf(comment, kLongestComment) + (isLong ? "…" : ""));
    } catch (const Poco::Exception&) {  // it is in the inbox as it came
    }
    return answer;
}

std::int64_t campaignNumber(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number <= 0)
        throw Poco::InvalidArgumentException("campaign = " + text + ", expected its number in Agora, such as 12");
    return number;
}

bool isTokenText(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

/// Rows that were decided before it was noted, or when Agora did not know the token yet.
void addPlaces(AgoraItems& agora, std::vector<StoredItem>& rows, const std::vector<Answer>& answers) {
    std::vector<std::string> tokens;
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].campaign == 0) tokens.push_back(answers[i].token);
    const auto places = agora.places(std::move(tokens));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto place = places.find(answers[i].token);
        if (rows[i].campaign != 0 || place == places.end()) continue;
        rows[i].campaign = place->second.campaign;
        rows[i].user = place->second.user;
    }
}

std::string nameIn(const std::map<std::int64_t, std::string>& names, std::int64_t id) {
    const auto found = names.find(id);
    return found == names.end() ? "" : found->second;
}

carillon::Item shownItem(const StoredItem& row, const Answer& answer) {
    carillon::Item item;
    item.id = row.id;
    item.state = row.state;
    item.receivedAt = row.receivedAt;
    item.what = "token " + shortToken(answer.token);
    item.reason = row.reason;
    item.detail = row.detail;
    item.run = row.run;
    item.storedAs = row.validation == 0 ? "" : storedAs(row.validation);
    item.acknowledged = row.acknowledged;
    item.dismissal = row.dismissal;
    return item;
}

}  // namespace

std::string shownToken(const std::string& payload) {
    return shortToken(answerOf(payload, nullptr).token);
}

std::string storedAs(std::int64_t validation) {
    return "validations " + std::to_string(validation);
}

ItemFilter Items::filterOf(const carillon::ItemQuery& query) {
    if (!isTokenText(query.token))
        throw Poco::InvalidArgumentException("token = " + query.token +
                                             ", expected the beginning of one: letters, digits, - and _");
    ItemFilter filter{query.id, query.before, query.limit, query.state, query.since, 0, std::nullopt, query.token};
    if (!query.campaign.empty()) filter.campaign = campaignNumber(query.campaign);
    if (!query.person.empty()) filter.pairs = _agora.campaignsOf(query.person);
    return filter;
}

std::vector<carillon::Item> Items::list(const carillon::ItemQuery& query) {
    auto rows = _inbox.list(filterOf(query));
    std::vector<Answer> answers;
    for (const auto& row : rows) answers.push_back(answerOf(row.payload, &_time));
    addPlaces(_agora, rows, answers);
    std::vector<std::int64_t> campaigns;
    std::vector<std::int64_t> users;
    for (const auto& row : rows) {
        campaigns.push_back(row.campaign);
        if (query.people) users.push_back(row.user);
    }
    const auto titles = _agora.titles(std::move(campaigns));
    const auto names = _agora.names(std::move(users));
    std::vector<carillon::Item> items;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        carillon::Item item = shownItem(rows[i], answers[i]);
        if (rows[i].campaign != 0)
            item.about = {{"campaign", std::to_string(rows[i].campaign)},
                          {"campaign_title", nameIn(titles, rows[i].campaign)}};
        if (query.people) {
            item.people.emplace().emplace_back("person", nameIn(names, rows[i].user));
            item.people->insert(item.people->end(), answers[i].facts.begin(), answers[i].facts.end());
        }
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace passerelle
