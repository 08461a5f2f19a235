#include "access/Account.h"

#include "access/Secrets.h"
#include "base/EditDistance.h"
#include "base/JsonValue.h"
#include "base/JsonWriter.h"
#include "schedule/LocalTime.h"
#include "words/HostTexts.h"
#include "words/OddCharacter.h"

#include "Poco/DigestEngine.h"

#include <algorithm>
#include <set>
#include <utility>

namespace carillon {
namespace {

auto isNamed(PrincipalKind kind, std::string_view name) {
    return [kind, name](const Account& account) { return account.kind == kind && account.name == name; };
}

constexpr std::size_t kTokenHashBytes = 32;

const char* listName(PrincipalKind kind) {
    return kind == PrincipalKind::Person ? "people" : "tokens";
}

/// The members of one object, at a place such as people[0]. Faults go to a list; reading goes on.
class AccountFields {
public:
    AccountFields(const JsonValue& object, std::string place, const std::string& file, std::vector<ConfigFault>& faults)
        : _object(object), _place(std::move(place)), _file(file), _faults(faults) {
        if (!_object.isObject())
            _faults.push_back({_file, 0, _place, sayHost(_place.empty() ? "account.object" : "account.objectthere")});
    }

    std::string at(const std::string& name) const { return _place.empty() ? name : _place + '.' + name; }
    void fault(const std::string& name, Message problem) const {
        if (!_object.isObject()) return;  // said already
        _faults.push_back({_file, 0, at(name), std::move(problem)});
    }
    const JsonValue* find(const std::string& name) {
        _asked.insert(name);
        return _object.has(name) ? &_object[name] : nullptr;
    }
    /// Empty after a fault.
    std::string text(const std::string& name, const Message& expected) {
        const auto* value = find(name);
        if (value == nullptr) fault(name, sayHost("account.missing", {{"expected", expected}}));
        if (value != nullptr && !value->isText()) fault(name, sayHost("account.quotes", {{"expected", expected}}));
        return value != nullptr && value->isText() ? value->text() : "";
    }
    std::string bytes(const std::string& name, std::size_t count) {
        const std::string hex = text(name, sayHost("account.hex", {{"digits", 2 * count}}));
        if (hex.empty()) return {};
        if (hex.size() != 2 * count || hex.find_first_not_of("0123456789abcdef") != std::string::npos) {
            fault(name, sayHost("account.badhex", {{"digits", 2 * count}}));
            return {};
        }
        const auto digest = Poco::DigestEngine::digestFromHex(hex);
        return {digest.begin(), digest.end()};
    }
    const JsonValue* list(const std::string& name) {
        const auto* value = find(name);
        if (value == nullptr || value->isArray()) return value;
        fault(name, sayHost("account.list"));
        return nullptr;
    }
    AccountFields object(const std::string& name) {
        static const JsonValue kNothing;
        const auto* value = find(name);
        return {value != nullptr ? *value : kNothing, at(name), _file, _faults};
    }
    /// Those never asked for, and those given twice.
    void refuseOthers() const {
        if (!_object.isObject()) return;
        std::set<std::string> seen;
        for (const auto& member : _object.members()) {
            const std::string similar = nearestOf(member.name, _asked);
            if (!_asked.contains(member.name))
                fault(member.name,
                      sayHost(similar.empty() ? "account.unknown" : "account.unknownnear", {{"near", similar}}));
            else if (!seen.insert(member.name).second)
                fault(member.name, sayHost("account.twice"));
        }
    }

private:
    const JsonValue& _object;
    std::string _place;
    const std::string& _file;
    std::vector<ConfigFault>& _faults;
    std::set<std::string> _asked{};
};

PasswordHash readPassword(AccountFields in) {
    PasswordHash password;
    try {
        const auto* value = in.find("iterations");
        password.iterations = value != nullptr ? value->number<int>() : 0;
    } catch (const Poco::DataFormatException&) {
        password.iterations = 0;
    }
    if (password.iterations < 1 || password.iterations > PasswordHash::kMostIterations)
        in.fault("iterations", sayHost("account.iterations", {{"most", PasswordHash::kMostIterations}}));
    password.salt = in.bytes("salt", PasswordHash::kSaltBytes);
    password.hash = in.bytes("hash", PasswordHash::kHashBytes);
    in.refuseOthers();
    return password;
}

/// A list without an entry would be read as all jobs, or as none: neither is what somebody meant.
std::vector<JobPattern> readJobs(AccountFields& in) {
    std::vector<JobPattern> jobs;
    const auto* list = in.list("jobs");
    if (list == nullptr) return jobs;
    for (const auto& entry : list->members()) {
        const std::string text = entry.value.isText() ? entry.value.text() : "";
        if (const auto problem = faultOfJobPattern(text))
            in.fault("jobs", sayHost("account.expected", {{"expected", *problem}, {"hint", oddCharacterHint(text)}}));
        else
            jobs.emplace_back(entry.value.text());
    }
    if (list->members().empty()) in.fault("jobs", sayHost("account.nojobs"));
    return jobs;
}

std::optional<bool> readPeople(AccountFields& in) {
    const auto* value = in.find("people");
    if (value == nullptr) return std::nullopt;
    try {
        return value->flag();
    } catch (const Poco::DataFormatException&) {
        in.fault("people", sayHost("account.flag"));
        return std::nullopt;
    }
}

Account readAccount(PrincipalKind kind, AccountFields in) {
    Account account;
    account.kind = kind;
    account.name = in.text("name", sayHost("account.aname"));
    if (const auto problem = faultOfAccountName(account.name))
        in.fault("name",
                 sayHost("account.expected", {{"expected", *problem}, {"hint", oddCharacterHint(account.name)}}));
    const Message roles = sayHost("account.roles");
    const std::string role = in.text("role", roles);
    const auto parsed = parseRole(role);
    if (!parsed && !role.empty())
        in.fault("role",
                 sayHost("fault.unexpected", {{"given", role}, {"expected", roles}, {"hint", oddCharacterHint(role)}}));
    account.role = parsed.value_or(Role::Viewer);
    account.jobs = readJobs(in);
    account.people = readPeople(in);
    const Message anInstant = sayHost("account.instant");
    const std::string created = in.text("created", anInstant);
    const auto instant = parseRfc3339(created);
    if (!instant && !created.empty())
        in.fault("created", sayHost("fault.unexpected", {{"given", created}, {"expected", anInstant}, {"hint", ""}}));
    account.created = instant.value_or(TimePoint{});
    if (kind == PrincipalKind::Person)
        account.password = readPassword(in.object("password"));
    else
        account.tokenHash = toHex(in.bytes("sha256", kTokenHashBytes));
    in.refuseOthers();
    return account;
}

void writeAccount(JsonWriter& out, const Account& account) {
    out.beginObject().member("name", account.name).member("role", roleName(account.role));
    if (!account.jobs.empty()) {
        out.key("jobs").beginArray();
        for (const auto& pattern : account.jobs) out.value(pattern.text());
        out.endArray();
    }
    if (account.people) out.member("people", *account.people);
    out.member("created", toRfc3339(account.created));
    if (account.kind == PrincipalKind::Person)
        out.key("password")
            .beginObject()
            .member("iterations", account.password.iterations)
            .member("salt", toHex(account.password.salt))
            .member("hash", toHex(account.password.hash))
            .endObject();
    else
        out.member("sha256", account.tokenHash);
    out.endObject();
}

std::string formatList(const Accounts& accounts, PrincipalKind kind) {
    std::string lines;
    for (const auto& account : accounts.all) {
        if (account.kind != kind) continue;
        JsonWriter out;
        writeAccount(out, account);
        lines += (lines.empty() ? "\n    " : ",\n    ") + out.text();
    }
    return "  \"" + std::string(listName(kind)) + "\": [" + lines + (lines.empty() ? "]" : "\n  ]");
}

}  // namespace

Principal Account::principal() const {
    std::string stamp = kind == PrincipalKind::Person ? password.salt + password.hash : tokenHash;
    stamp += roleName(role);
    for (const auto& pattern : jobs) stamp += ' ' + pattern.text();
    if (people) stamp += *people ? " people" : " no people";
    return {name, kind, role, jobs, sha256Hex(stamp), readsPeople()};
}

const Account* Accounts::find(PrincipalKind kind, std::string_view name) const {
    const auto found = std::find_if(all.begin(), all.end(), isNamed(kind, name));
    return found == all.end() ? nullptr : &*found;
}

Account& Accounts::at(PrincipalKind kind, const std::string& name) {
    const auto found = std::find_if(all.begin(), all.end(), isNamed(kind, name));
    if (found != all.end()) return *found;
    Account made;
    made.name = name;
    made.kind = kind;
    return all.emplace_back(std::move(made));
}

bool Accounts::remove(PrincipalKind kind, std::string_view name) {
    return std::erase_if(all, isNamed(kind, name)) > 0;
}

std::size_t Accounts::count(PrincipalKind kind) const {
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [kind](const Account& account) { return account.kind == kind; }));
}

std::optional<Message> faultOfAccountName(std::string_view name) {
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_@";
    if (!name.empty() && name.size() <= 64 && name.find_first_not_of(kAllowed) == std::string_view::npos)
        return std::nullopt;
    return sayHost("account.name");
}

Accounts parseAccounts(std::string_view text, const std::string& file, std::vector<ConfigFault>& faults) {
    Accounts accounts;
    JsonValue root;
    try {
        root = JsonValue::parse(text);
    } catch (const Poco::DataFormatException& e) {
        // What was found may be a part of a hash.
        faults.push_back(
            {file, 0, "", sayHost("account.nojson", {{"why", e.message().substr(0, e.message().find(", found"))}})});
        return accounts;
    }
    AccountFields in(root, "", file, faults);
    for (const auto kind : {PrincipalKind::Person, PrincipalKind::Program}) {
        const auto* list = in.list(listName(kind));
        for (std::size_t i = 0; list != nullptr && i < list->members().size(); ++i) {
            const std::string place = std::string(listName(kind)) + '[' + std::to_string(i) + ']';
            auto account = readAccount(kind, AccountFields(list->members()[i].value, place, file, faults));
            if (!account.name.empty() && accounts.find(kind, account.name) != nullptr)
                faults.push_back({file, 0, place, sayHost("account.sametwice", {{"name", account.name}})});
            accounts.all.push_back(std::move(account));
        }
    }
    in.refuseOthers();
    return accounts;
}

std::string formatAccounts(const Accounts& accounts) {
    return "{\n" + formatList(accounts, PrincipalKind::Person) + ",\n" + formatList(accounts, PrincipalKind::Program) +
           "\n}\n";
}

}  // namespace carillon
