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

std::string shownComment(const std::string& comment) {
    return beginningOf(comment, kLongestComment) + (comment.size() > kLongestComment ? "…" : "");
}

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
        answer.action = text("action");
        answer.moment = text("validated_at");
        if (time != nullptr)
            if (const auto at = time->instantOf(answer.moment)) answer.moment = carillon::toRfc3339(*at);
        answer.comment = shownComment(text("commentaire"));
    } catch (const Poco::Exception&) {  // it is in the inbox as it came
    }
    return answer;
}

/// The answer that counts. Where a person corrected it that is the row in Agora, and what differs of the answer as it
/// came stands behind it.
carillon::Item::Facts factsOf(const Answer& came, const Answer* applied) {
    const Answer& counts = applied == nullptr ? came : *applied;
    carillon::Item::Facts facts{{"answer", counts.action}, {"answered_at", counts.moment}, {"comment", counts.comment}};
    if (applied == nullptr) return facts;
    if (came.action != applied->action) facts.emplace_back("answer_came", came.action);
    if (came.moment != applied->moment) facts.emplace_back("answered_came_at", came.moment);
    if (came.comment != applied->comment) facts.emplace_back("comment_came", came.comment);
    return facts;
}

/// Decided anew with what a person put right: only then has an applied item a detail, see Decision.
bool isCorrected(const StoredItem& row) {
    return row.state == carillon::ItemState::Applied && !row.detail.empty();
}

std::int64_t campaignNumber(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number <= 0)
        throw carillon::Failure(say("items.campaign", {{"given", text}}));
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
    item.detail = rejectDetail(row.detail).text;
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
    if (!isTokenText(query.token)) throw carillon::Failure(say("items.token", {{"token", query.token}}));
    ItemFilter filter{query.id, query.before, query.limit, query.state, query.since, 0, std::nullopt, query.token};
    if (!query.campaign.empty()) filter.campaign = campaignNumber(query.campaign);
    if (!query.person.empty()) filter.pairs = _agora.campaignsOf(query.person);
    return filter;
}

/// What the rows in Agora say of answers that a person corrected, by the id of the item.
std::map<std::int64_t, Answer> Items::correctedAnswers(const std::vector<StoredItem>& rows) {
    std::vector<std::int64_t> ids;
    for (const auto& row : rows)
        if (isCorrected(row)) ids.push_back(row.validation);
    const auto stored = _agora.answers(std::move(ids));
    std::map<std::int64_t, Answer> answers;
    for (const auto& row : rows) {
        const auto found = stored.find(row.validation);
        if (!isCorrected(row) || found == stored.end()) continue;
        answers[row.id] = {"", found->second.action, appliedMoment(row, found->second.answeredAt),
                           shownComment(found->second.comment)};
    }
    return answers;
}

/// The moment that came, where the row has it: an hour that Agora's zone repeats names two moments.
std::string Items::appliedMoment(const StoredItem& row, const std::string& answeredAt) const {
    const auto came = _time.instantOf(answerOf(row.payload, nullptr).moment);
    if (came && _time.fromUtc(*came) == answeredAt) return carillon::toRfc3339(*came);
    const auto at = _time.fromAgora(answeredAt);
    return at ? carillon::toRfc3339(*at) : answeredAt;
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
    const auto corrected = query.people ? correctedAnswers(rows) : std::map<std::int64_t, Answer>{};
    const auto titles = _agora.titles(std::move(campaigns));
    const auto names = _agora.names(std::move(users));
    std::vector<carillon::Item> items;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        carillon::Item item = shownItem(rows[i], answers[i]);
        if (rows[i].campaign != 0)
            item.about = {{"campaign", std::to_string(rows[i].campaign)},
                          {"campaign_title", nameIn(titles, rows[i].campaign)}};
        if (query.people) {
            const auto applied = corrected.find(rows[i].id);
            item.people = factsOf(answers[i], applied == corrected.end() ? nullptr : &applied->second);
            item.people->emplace(item.people->begin(), "person", nameIn(names, rows[i].user));
        }
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace passerelle
