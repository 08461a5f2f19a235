#include "access/AccessControl.h"

#include "access/AccountFile.h"
#include "access/Secrets.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace carillon {
namespace {

using namespace std::chrono_literals;

constexpr auto kBetweenLooks = 1s;

/// The time of so many iterations more.
void spend(const std::string& password, int iterations) {
    static const std::string kSalt(PasswordHash::kSaltBytes, '\0');
    if (iterations > 0) derivePassword(password, kSalt, iterations);
}

}  // namespace

AccessControl::AccessControl(std::string file, const Clock& clock) : _file(std::move(file)), _clock(clock) {}

std::optional<Principal> AccessControl::authenticate(const std::string& user, const std::string& password) {
    const auto now = state();
    const auto* account = now->accounts.find(PrincipalKind::Person, user);
    const bool good = account != nullptr && account->password.matches(password);
    spend(password, now->mostIterations - (account != nullptr ? account->password.iterations : 0));
    return good ? std::optional(account->principal()) : std::nullopt;
}

std::optional<Principal> AccessControl::authenticateToken(const std::string& token) {
    if (!token.starts_with(kTokenPrefix)) return std::nullopt;
    const auto now = state();
    const std::string hash = sha256Hex(token);
    for (const auto& account : now->accounts.all)
        if (account.kind == PrincipalKind::Program && sameSecret(account.tokenHash, hash)) return account.principal();
    return std::nullopt;
}

std::vector<Account> AccessControl::everybody() {
    auto all = state()->accounts.all;
    for (auto& account : all) {
        account.password = {};
        account.tokenHash.clear();
    }
    return all;
}

bool AccessControl::hasPerson(const std::string& name) {
    return state()->accounts.find(PrincipalKind::Person, name) != nullptr;
}

AccessControl::Standing AccessControl::standingOf(const Principal& principal) {
    const auto now = state();
    if (!now->fault.empty()) return Standing::Unknown;
    const auto* account = now->accounts.find(principal.kind, principal.name);
    return account != nullptr && account->principal().stamp == principal.stamp ? Standing::Current : Standing::Gone;
}

bool AccessControl::isEmpty() {
    const auto now = state();
    return now->fault.empty() && now->accounts.all.empty();
}

Message AccessControl::fault() {
    return state()->fault;
}

std::shared_ptr<const AccessControl::State> AccessControl::read() const {
    auto state = std::make_shared<State>();
    std::vector<ConfigFault> faults;
    state->accounts = readAccountFile(_file, faults);
    for (const auto& fault : faults)
        state->fault += (state->fault.empty() ? Message() : Message("\n")) + fault.message();
    int most = 0;
    for (const auto& account : state->accounts.all)
        if (account.kind == PrincipalKind::Person) most = std::max(most, account.password.iterations);
    if (most > 0) state->mostIterations = most;
    return state;
}

std::shared_ptr<const AccessControl::State> AccessControl::state() {
    const std::scoped_lock lock(_mutex);
    const auto now = _clock.now();
    // A clock that was set back is no reason to wait.
    if (_lookedAt && now >= *_lookedAt && now - *_lookedAt < kBetweenLooks) return _state;
    // Before the text: one that changes in between has another version at the next look.
    const auto version = factsOf(_file);
    // A fault may lie outside the file, such as a folder that cannot be entered: it is looked at again.
    if (!_state || version != _version || !_state->fault.empty()) _state = read();
    _version = version;
    _lookedAt = now;
    return _state;
}

}  // namespace carillon
