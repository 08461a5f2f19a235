#include "cli/AccountWords.h"

#include "cli/CliTexts.h"
#include "cli/Terminal.h"
#include "words/MessageWords.h"

namespace carillon {
namespace {

Message roleOf(const Account& account) {
    return say("account.role." + std::string(roleName(account.role)));
}

}  // namespace

std::string jobsText(const std::vector<JobPattern>& jobs) {
    if (jobs.empty()) return cliText("account.alljobs");
    std::string text;
    for (const auto& pattern : jobs) text += (text.empty() ? "" : ", ") + pattern.text();
    return text;
}

/// People only where somebody said something of it.
Message rightsOf(const Account& account) {
    const Message role = roleOf(account);
    const Message rights = account.jobs.empty()
                               ? say("account.rights.all", {{"role", role}})
                               : say("account.rights", {{"role", role}, {"jobs", jobsText(account.jobs)}});
    if (!account.people) return rights;
    return say(*account.people ? "account.mayread" : "account.maynotread", {{"rights", rights}});
}

std::string noteOf(const Account& account) {
    return inWords(rightsOf(account), cliTexts(Language::English));
}

std::vector<Message> differences(const Account& before, const Account& after) {
    std::vector<Message> lines;
    const auto compare = [&lines](const char* what, const Message& was, const Message& is) {
        if (was != is) lines.push_back(say(what, {{"before", was}, {"after", is}}));
    };
    const auto people = [](const Account& account) {
        return say(account.readsPeople() ? "account.people.yes" : "account.people.no");
    };
    compare("account.change.role", roleOf(before), roleOf(after));
    compare("account.change.jobs", jobsText(before.jobs), jobsText(after.jobs));
    compare("account.change.people", people(before), people(after));
    return lines;
}

void warnOfPeople(const Account& before, const Account& after) {
    if (after.people || before.readsPeople() == after.readsPeople()) return;
    printWarning(cliText(after.readsPeople() ? "account.people.given" : "account.people.taken",
                         {{"name", after.name}, {"role", roleOf(after)}}));
}

}  // namespace carillon
