#include "access/AccountFile.h"
#include "access/Secrets.h"
#include "cli/AccountWords.h"
#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JsonOutput.h"
#include "cli/OwnActs.h"
#include "cli/PasswordPrompt.h"
#include "cli/Table.h"
#include "cli/Terminal.h"
#include "schedule/TimeText.h"
#include "words/MessageWords.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <utility>

namespace carillon {
namespace {

struct AccountOptions {
    std::string name{};
    std::string role{};
    std::vector<std::string> jobs{};
    std::string people{};
    bool remove = false;
};

void tellInForce() {
    std::cerr << cliText("account.inforce") << '\n';
}

/// Throws UsageError after printing every fault of the file.
Accounts requireAccounts(const HostConfig& host) {
    std::vector<ConfigFault> faults;
    auto accounts = readAccountFile(host.usersFile, faults);
    if (printFaults(faults) > 0) throw UsageError();
    return accounts;
}

void requireName(const std::string& name) {
    if (faultOfAccountName(name)) throw UsageError(cliText("account.badname", {{"name", name}}));
}

/// What --job gives; all jobs when one of them is *.
std::vector<JobPattern> jobsOf(const AccountOptions& options) {
    std::vector<JobPattern> jobs;
    for (const auto& text : options.jobs) {
        if (faultOfJobPattern(text)) throw UsageError(cliText("account.badpattern", {{"pattern", text}}));
        jobs.emplace_back(text);
    }
    const auto isAll = [](const JobPattern& pattern) { return pattern.text() == "*"; };
    return std::any_of(jobs.begin(), jobs.end(), isAll) ? std::vector<JobPattern>{} : jobs;
}

/// The job may come later, so that this is no fault.
void warnOfUnknownJobs(const HostConfig& host, const std::vector<JobPattern>& jobs) {
    if (jobs.empty()) return;
    const auto all = readConfiguration(host);
    for (const auto& pattern : jobs)
        if (all.match(pattern.text()).empty()) printWarning(cliText("usage.nonelike", {{"job", pattern.text()}}));
}

void warnWithoutOperator(const Accounts& accounts) {
    const auto operates = [](const Account& account) { return account.role == Role::Operator; };
    if (!accounts.all.empty() && std::none_of(accounts.all.begin(), accounts.all.end(), operates))
        printWarning(cliText("account.nooperator"));
}

/// Those that the options name; the others stay.
void setRights(Account& account, const AccountOptions& options) {
    account.role = parseRole(options.role).value_or(account.role);
    if (!options.jobs.empty()) account.jobs = jobsOf(options);
    if (!options.people.empty()) account.people = options.people == "yes";
}

[[noreturn]] void refuseUnknown(const Accounts& accounts, PrincipalKind kind, const std::string& name) {
    std::string known;
    for (const auto& account : accounts.all)
        if (account.kind == kind) known += (known.empty() ? "" : ", ") + account.name;
    const std::string none =
        cliText(kind == PrincipalKind::Person ? "account.nouser" : "account.notoken", {{"name", name}});
    throw UsageError(known.empty() ? none : cliText("account.known", {{"none", none}, {"known", known}}));
}

void removeAccount(const HostConfig& host, PrincipalKind kind, const std::string& name) {
    requireAccounts(host);
    AccountFileChange change(host.usersFile);
    if (!change.accounts.remove(kind, name)) refuseUnknown(change.accounts, kind, name);
    change.save();
    std::cout << cliText(kind == PrincipalKind::Person ? "account.removed" : "account.removedtoken", {{"name", name}})
              << '\n';
    tellInForce();
    warnWithoutOperator(change.accounts);
    recordOwn(host, {ownAct(kind == PrincipalKind::Person ? Act::RemoveUser : Act::RemoveToken, "", name)});
}

/// Returns whether the person is new. The first one could do nothing without an operator.
bool setPassword(Accounts& accounts, const AccountOptions& options, PasswordHash password) {
    const bool isFirst = accounts.count(PrincipalKind::Person) == 0;
    const bool isNew = accounts.find(PrincipalKind::Person, options.name) == nullptr;
    auto& account = accounts.at(PrincipalKind::Person, options.name);
    if (isNew) {
        account.created = SystemClock().now();
        account.role = isFirst ? Role::Operator : Role::Viewer;
        setRights(account, options);
    }
    account.password = std::move(password);
    return isNew;
}

void changePassword(const HostConfig& host, const AccountOptions& options, bool isNew) {
    const auto jobs = jobsOf(options);
    // Both take their time: not while others wait for the file.
    auto password = PasswordHash::of(readNewPassword(options.name, isNew));
    AccountFileChange change(host.usersFile);
    isNew = setPassword(change.accounts, options, std::move(password));
    change.save();
    const auto& account = *change.accounts.find(PrincipalKind::Person, options.name);
    std::cout << cliText(isNew ? "account.added" : "account.newpassword",
                         {{"name", account.name}, {"rights", rightsOf(account)}})
              << '\n';
    tellInForce();
    warnOfUnknownJobs(host, jobs);
    warnWithoutOperator(change.accounts);
    recordOwn(host, {ownAct(isNew ? Act::AddUser : Act::ChangeUser, "", account.name, noteOf(account))});
}

/// Of a person that there is; nobody is asked for a password.
void changeRights(const HostConfig& host, const AccountOptions& options) {
    const auto jobs = jobsOf(options);
    AccountFileChange change(host.usersFile);
    if (change.accounts.find(PrincipalKind::Person, options.name) == nullptr)
        refuseUnknown(change.accounts, PrincipalKind::Person, options.name);
    auto& account = change.accounts.at(PrincipalKind::Person, options.name);
    const Account before = account;
    setRights(account, options);
    const Account after = account;
    const auto lines = differences(before, after);
    if (lines.empty() && before.people == after.people) {
        std::cout << cliText("account.unchanged", {{"name", after.name}, {"rights", rightsOf(after)}}) << '\n';
        return;
    }
    change.save();
    std::cout << cliText("account.changed", {{"name", after.name}, {"rights", rightsOf(after)}}) << '\n';
    for (const auto& line : lines) std::cout << "  " << inWords(line, cliTexts()) << '\n';
    tellInForce();
    warnOfPeople(before, after);
    warnOfUnknownJobs(host, jobs);
    warnWithoutOperator(change.accounts);
    recordOwn(host, {ownAct(Act::ChangeUser, "", after.name, noteOf(after))});
}

void changePerson(const HostConfig& host, const AccountOptions& options) {
    requireName(options.name);
    jobsOf(options);
    const Accounts accounts = requireAccounts(host);
    const bool isNew = accounts.find(PrincipalKind::Person, options.name) == nullptr;
    const bool hasRights = !options.role.empty() || !options.jobs.empty() || !options.people.empty();
    isNew || !hasRights ? changePassword(host, options, isNew) : changeRights(host, options);
}

void addToken(const HostConfig& host, const AccountOptions& options) {
    requireName(options.name);
    const auto jobs = jobsOf(options);
    requireAccounts(host);
    AccountFileChange change(host.usersFile);
    if (change.accounts.find(PrincipalKind::Program, options.name) != nullptr)
        throw UsageError(cliText("account.tokenexists", {{"name", options.name}}));
    const std::string token = std::string(kTokenPrefix) + randomText();
    auto& account = change.accounts.at(PrincipalKind::Program, options.name);
    account.role = Role::Viewer;
    setRights(account, options);
    account.created = SystemClock().now();
    account.tokenHash = sha256Hex(token);
    const Message rights = rightsOf(account);
    const std::string note = noteOf(account);
    change.save();
    std::cout << token << '\n';
    std::cerr << cliText("account.addedtoken", {{"name", options.name}, {"rights", rights}})
              << "\n  Authorization: Bearer TOKEN\n";
    tellInForce();
    warnOfUnknownJobs(host, jobs);
    recordOwn(host, {ownAct(Act::AddToken, "", options.name, note)});
}

void printAccounts(const Accounts& accounts) {
    if (accounts.all.empty()) std::cerr << cliText("account.none") << '\n';
    Table table(tableHeads({"name", "kind", "role", "jobs", "people", "created"}));
    for (const auto& account : accounts.all)
        table.add({{account.name},
                   {cliTexts().word("account.kind", std::string(kindName(account.kind)))},
                   {cliTexts().word("account.role", std::string(roleName(account.role)))},
                   {jobsText(account.jobs)},
                   {cliText(account.readsPeople() ? "jobs.yes" : "jobs.no")},
                   {dateTimeText(account.created)}});
    if (!table.empty()) table.print();
}

void writeAccount(JsonWriter& json, const Account& account) {
    json.beginObject().member("name", account.name).member("kind", kindName(account.kind));
    json.member("role", roleName(account.role)).key("jobs").beginArray();
    for (const auto& pattern : account.jobs) json.value(std::string_view(pattern.text()));
    if (account.jobs.empty()) json.value(std::string_view("*"));
    json.endArray().member("people", account.readsPeople());
    json.member("created_at", toRfc3339(account.created)).endObject();
}

VerbOption addRole(Verb& verb, AccountOptions& options, const std::string& description) {
    return verb.option("--role", options.role, description).oneOf({"viewer", "operator"});
}

VerbOption addPeople(Verb& verb, AccountOptions& options) {
    return verb
        .option("--people", options.people,
                "Whether they may read names, answers and comments in items; else unchanged, for a new operator yes, "
                "for others and for tokens no")
        .oneOf({"yes", "no"});
}

VerbOption addJobs(Verb& verb, AccountOptions& options) {
    return verb
        .option("--job", options.jobs,
                "Only these jobs: a job or a pattern such as 'sync-*@paris*', may be repeated; '*' means all")
        .oneValueEach();
}

void addPasswdVerb(Cli& cli) {
    auto options = std::make_shared<AccountOptions>();
    auto verb = cli.root.verb("passwd",
                              "Add a user of the page, or change a password: asked for twice on a terminal, "
                              "else the first line of stdin. With --role, --job or --people of a user that there is: "
                              "change what they may do, and no password");
    verb.option("USER", options->name, "Who; letters, digits and . - _ @").required();
    const auto role =
        addRole(verb, *options,
                "viewer looks, operator runs, pauses and resumes as well; else unchanged, for the first user "
                "operator, for others viewer");
    const auto jobs = addJobs(verb, *options);
    const auto people = addPeople(verb, *options);
    verb.flag("--delete", options->remove, "Remove the user, who is signed out")
        .excludes(role)
        .excludes(jobs)
        .excludes(people);
    verb.onRun([&cli, options] {
        const auto host = requireHost(cli);
        options->remove ? removeAccount(host, PrincipalKind::Person, options->name) : changePerson(host, *options);
    });
}

void addUsersVerb(Cli& cli) {
    auto json = std::make_shared<bool>(false);
    auto verb = cli.root.verb("users", "List who may use the page and the REST API, and what they may do");
    verb.flag("--json", *json, "Print JSON");
    verb.onRun([&cli, json] {
        const auto accounts = requireAccounts(requireHost(cli));
        *json ? printJsonList(accounts.all, writeAccount) : printAccounts(accounts);
    });
}

void addTokenVerbs(Cli& cli) {
    auto verb = cli.root.verb("token", "Add and remove tokens, with which programs use the REST API");
    verb.requireVerb();
    auto options = std::make_shared<AccountOptions>();
    auto add = verb.verb("add", "Make a token and print it, this once");
    add.option("NAME", options->name, "What it is for; letters, digits and . - _ @").required();
    addRole(add, *options, "viewer looks, operator runs, pauses and resumes as well").required();
    addJobs(add, *options);
    addPeople(add, *options);
    add.onRun([&cli, options] { addToken(requireHost(cli), *options); });
    auto remove = verb.verb("remove", "Take a token away: it is refused from then on");
    remove.option("NAME", options->name, "The token's name").required();
    remove.onRun([&cli, options] { removeAccount(requireHost(cli), PrincipalKind::Program, options->name); });
}

}  // namespace

void addAccountVerbs(Cli& cli) {
    addPasswdVerb(cli);
    addUsersVerb(cli);
    addTokenVerbs(cli);
}

}  // namespace carillon
