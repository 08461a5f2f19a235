#include "pages/SignInPage.h"

#include "access/Secrets.h"
#include "pages/ProblemPage.h"
#include "words/HostTexts.h"

namespace carillon {

HttpResponse SignInPage::form(const PageFrame& frame, const PageRequest& request, const std::string& to,
                              const std::string& fault, int status) const {
    const Texts& texts = request.texts();
    const bool faulty = !_access.accounts().fault().empty();
    Fields fields;
    fields.set("to", to);
    fields.set("user", request.request.formField("user"));
    fields.set("fault", faulty ? texts.say("problem.users-faulty") : fault);
    fields.set("hasFault", asFlag(faulty || !fault.empty()));
    fields.set("nobody", asFlag(_access.accounts().isEmpty()));
    fields.set("somebody", asFlag(!_access.accounts().isEmpty()));
    PageHead head{texts.say("signin.title"), "sign-in", {}, "/sign-in?to=" + encodeUrl(to)};
    return frame.page(request, head, _template.render(fields, texts), status);
}

HttpResponse SignInPage::show(const PageFrame& frame, const PageRequest& request) const {
    const std::string to = localPath(request.request.query.get("to", "/"));
    if (request.caller.who) return seeOther(to);
    return form(frame, request, to, "", 200);
}

HttpResponse SignInPage::signIn(ApiContext& context, const PageFrame& frame, const PageRequest& request) const {
    const HttpRequest& sent = request.request;
    const std::string to = localPath(sent.formField("to"));
    try {
        const auto signedIn =
            carillon::signIn(context, _access, sent, {sent.formField("user"), sent.formField("password")});
        return seeOther(to).with("Set-Cookie", WebAccess::cookieOf(sent, signedIn.session.id));
    } catch (const HttpRefusal& refusal) {
        const ProblemWords words = wordsOf(request.reader, refusal.answer());
        HttpResponse answer = form(frame, request, to, words.what, refusal.answer().status);
        for (const auto& [name, value] : refusal.answer().headers) answer.with(name, value);
        return answer;
    }
}

HttpResponse SignInPage::signOut(ApiContext& context, const PageRequest& request) const {
    const bool ours = WebAccess::isSameOrigin(request.request) && !request.caller.csrf.empty() &&
                      sameSecret(request.request.formField("csrf"), request.caller.csrf);
    // Who is signed out already has nothing to lose.
    if (!ours && request.caller.who) throw HttpRefusal(problem(403, "cross-site", sayHost("request.nocsrf")));
    carillon::signOut(context, _access, request.request);
    return seeOther("/sign-in").with("Set-Cookie", WebAccess::cookieOf(request.request, ""));
}

}  // namespace carillon
