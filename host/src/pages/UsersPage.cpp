#include "api/ActivityReads.h"
#include "pages/PageService.h"
#include "words/HostTexts.h"

#include <algorithm>
#include <memory>

namespace carillon {
namespace {

Fields accountFields(const Reader& reader, const Account& account, const Caller& caller) {
    std::string jobs;
    for (const auto& pattern : account.jobs) jobs += (jobs.empty() ? "" : ", ") + pattern.text();
    Fields fields("name", account.name);
    fields.set("role", reader.texts.say("role." + std::string(roleName(account.role))));
    setText(fields, "jobs", jobs);
    fields.set("created", timeElement(reader, account.created, TimeForm::Full));
    fields.set("activityPath", "/activity?by=" + encodeUrl(account.name));
    const bool isReader = caller.who && caller.who->kind == account.kind && caller.who->name == account.name;
    fields.set("isReader", asFlag(isReader));
    return fields;
}

Fields accountsOf(const Reader& reader, std::vector<Account> all, PrincipalKind kind, const Caller& caller) {
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    std::vector<Fields> items;
    for (const auto& account : all)
        if (account.kind == kind) items.push_back(accountFields(reader, account, caller));
    return asList(std::move(items));
}

HttpResponse showUsers(PageService& service, const Template& page, const PageRequest& request, const WebCall& call) {
    if (!seesAllActivity(call.caller)) throw HttpRefusal(problem(403, "", sayHost("request.seesusers")));
    const Texts& texts = request.texts();
    auto& accounts = service.access().accounts();
    const auto all = accounts.everybody();
    Fields fields;
    const Message fault = accounts.fault();
    setText(fields, "fault", inWords(request.reader, fault));
    fields.set("faultLanguage", languageOf(request.reader, fault));
    fields.set("people", accountsOf(request.reader, all, PrincipalKind::Person, call.caller));
    auto programs = accountsOf(request.reader, all, PrincipalKind::Program, call.caller);
    fields.set("hasPrograms", asFlag(programs.is_non_empty_list()));
    fields.set("programs", std::move(programs));
    return service.frame().page(request, {texts.say("users.title"), "users"}, page.render(fields, texts));
}

}  // namespace

void addUsersPage(Router& router, PageService& service) {
    const auto page = std::make_shared<const Template>("users.html");
    service.add(router, "GET", "/users", Need::Viewer, [&service, page](const auto& request, const auto& call) {
        return showUsers(service, *page, request, call);
    });
}

}  // namespace carillon
