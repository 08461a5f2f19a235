#include "cli/Verb.h"

#include "base/EditDistance.h"
#include "cli/CliTexts.h"
#include "cli/Terminal.h"

#include "CLI/CLI.hpp"
#include "Poco/String.h"

#include <iostream>
#include <regex>
#include <utility>

namespace carillon {
namespace {

/// Without it CLI11 takes -1 for the largest number there is.
const CLI::Range kCount{0, 1'000'000};

/// What CLI11 says of wrong words, and the text for that; {1} and so on are what stands in the parentheses. A sentence
/// that is not here stays CLI11's own.
constexpr std::pair<const char*, const char*> kWrongWords[] = {
    {R"((.*) is required)", "usage.required"},
    {R"((.*) excludes (.*))", "usage.excludes"},
    {R"(The following argument was not expected: (.*))", "usage.unexpected"},
    {R"(The following arguments were not expected: (.*))", "usage.unexpectedones"},
    {R"((.*): 1 required .* missing)", "usage.novalue"},
    {R"(Could not convert: (.*) = (.*))", "usage.nonumber"},
    {R"((.*): Value (.*) not in range (.*) to (.*))", "usage.range"},
    {R"((.*): (.*) not in \{(.*)\})", "usage.notoneof"},
    {R"((--?[\w-]+): (.*))", "usage.option"}};

std::string wordsOf(const CLI::Error& error) {
    const std::string what = error.what();
    if (cliTexts().language() == Language::English) return what;
    for (const auto& [form, key] : kWrongWords) {
        std::smatch parts;
        if (!std::regex_match(what, parts, std::regex(form))) continue;
        Message::Values values;
        for (std::size_t i = 1; i < parts.size(); ++i) values.emplace_back(std::to_string(i), parts[i].str());
        return cliText(key, values);
    }
    return what;
}

/// Calls it with a verb and all verbs below it, and the path of each: empty, `token`, `token add`.
void forEachVerb(CLI::App& app, const std::string& path,
                 const std::function<void(CLI::App& verb, const std::string& path)>& each) {
    each(app, path);
    for (auto* verb : app.get_subcommands([](CLI::App*) { return true; }))
        forEachVerb(*verb, path + (path.empty() ? "" : " ") + verb->get_name(), each);
}

std::string keyOf(const std::string& path, const std::string& name) {
    return path.empty() ? name : path + ' ' + name;
}

}  // namespace

VerbOption& VerbOption::required() {
    _option->required();
    return *this;
}

VerbOption& VerbOption::excludes(const VerbOption& other) {
    _option->excludes(other._option);
    return *this;
}

VerbOption& VerbOption::oneOf(std::initializer_list<const char*> values) {
    _option->check(CLI::IsMember(std::vector<std::string>(values.begin(), values.end())));
    return *this;
}

VerbOption& VerbOption::notEmpty() {
    _option->check([](const std::string& value) -> std::string { return value.empty() ? cliText("usage.empty") : ""; });
    return *this;
}

VerbOption& VerbOption::oneValueEach() {
    _option->allow_extra_args(false);
    return *this;
}

bool VerbOption::wasGiven() const {
    return _option->count() > 0;
}

Verb Verb::verb(const std::string& name, const std::string& description) {
    return Verb(*_app->add_subcommand(name, description));
}

void Verb::requireVerb() {
    _app->require_subcommand(1);
}

bool Verb::hasVerb() const {
    return !_app->get_subcommands().empty();
}

VerbOption Verb::option(const std::string& names, std::string& target, const std::string& description) {
    return VerbOption(_app->add_option(names, target, description));
}

VerbOption Verb::option(const std::string& names, std::optional<std::string>& target, const std::string& description) {
    return VerbOption(_app->add_option(names, target, description));
}

VerbOption Verb::option(const std::string& names, std::vector<std::string>& target, const std::string& description) {
    return VerbOption(_app->add_option(names, target, description));
}

VerbOption Verb::option(const std::string& names, std::int64_t& target, const std::string& description) {
    return VerbOption(_app->add_option(names, target, description));
}

VerbOption Verb::option(const std::string& names, std::vector<std::int64_t>& target, const std::string& description) {
    return VerbOption(_app->add_option(names, target, description));
}

VerbOption Verb::count(const std::string& names, std::size_t& target, const std::string& description) {
    return VerbOption(_app->add_option(names, target, description)->capture_default_str()->check(kCount));
}

VerbOption Verb::flag(const std::string& names, bool& target, const std::string& description) {
    return VerbOption(_app->add_flag(names, target, description));
}

void Verb::footer(const std::string& text) {
    _app->footer(text);
}

void Verb::onRun(std::function<void()> run) {
    _app->callback(std::move(run));
}

CommandWords::CommandWords(const std::string& name, const std::string& description, const std::string& version,
                           const std::string& footer)
    : _app(std::make_unique<CLI::App>(description, name)) {
    _app->set_version_flag("--version", version);
    _app->require_subcommand(1);
    _app->footer(footer);
    _app->fallthrough();
    _app->failure_message([](const CLI::App* app, const CLI::Error& e) {
        std::string verbs;
        while (!app->get_subcommands().empty()) {
            app = app->get_subcommands().front();
            verbs += app->get_name() + ' ';
        }
        printError(cliText("usage.seehelp", {{"what", wordsOf(e)}, {"verbs", verbs}}));
        return std::string();
    });
}

CommandWords::~CommandWords() = default;

Verb CommandWords::root() {
    return Verb(*_app);
}

std::map<std::string, std::string> CommandWords::helpTexts() const {
    std::map<std::string, std::string> texts;
    forEachVerb(*_app, "", [&texts](CLI::App& verb, const std::string& path) {
        texts[path.empty() ? verb.get_name() : path] = verb.get_description();
        texts[keyOf(path, "footer")] = verb.get_footer();
        for (const auto* option : verb.get_options())
            texts[keyOf(path, option->get_name())] = option->get_description();
    });
    return texts;
}

std::string CommandWords::keyIn(const Texts& help, const std::string& key) {
    if (help.find(key) != nullptr) return key;
    const auto space = key.rfind(' ');
    const std::string alone = space == std::string::npos ? "" : key.substr(space + 1);
    return help.find(alone) == nullptr ? "" : alone;
}

void CommandWords::translateHelp(const Texts& help) {
    const auto word = [&help](const std::string& key, const std::string& otherwise) {
        const std::string known = keyIn(help, key);
        return known.empty() ? otherwise : Poco::replace(help.say(known), std::string("\\n"), std::string("\n"));
    };
    forEachVerb(*_app, "", [&](CLI::App& verb, const std::string& path) {
        verb.description(word(path.empty() ? verb.get_name() : path, verb.get_description()));
        verb.footer(word(keyOf(path, "footer"), verb.get_footer()));
        for (auto* option : verb.get_options([](CLI::Option*) { return true; }))
            option->description(word(keyOf(path, option->get_name()), option->get_description()));
        if (!path.empty()) verb.group(help.say("group"));
    });
    constexpr std::string_view kLabel = "label ";
    for (const auto& [key, text] : help.all())
        if (key.starts_with(kLabel)) _app->get_formatter()->label(key.substr(kLabel.size()), text);
}

std::optional<CommandWords::Ended> CommandWords::run(int argc, char** argv) {
    try {
        _app->parse(argc, argv);
        return std::nullopt;
    } catch (const CLI::ParseError& e) {
        const bool isAsked = e.get_exit_code() == 0;  // --help, --version
        const std::string wrong = isAsked ? "" : describeVerb();
        if (wrong.empty())
            _app->exit(e, isAsked ? std::cout : std::cerr, std::cerr);
        else
            printError(wrong);
        return isAsked ? Ended::Asked : Ended::Wrong;
    }
}

/// What is wrong with the verb; empty: nothing.
std::string CommandWords::describeVerb() const {
    const CLI::App* group = _app.get();
    std::string before;  // such as "token "
    while (!group->get_subcommands().empty()) {
        group = group->get_subcommands().front();
        before += group->get_name() + ' ';
    }
    if (group->get_require_subcommand_min() == 0) return "";
    const auto words = _app->remaining(true);
    if (words.empty()) return cliText("usage.noverb", {{"before", before}});
    std::vector<std::string> verbs;
    for (const auto* verb : group->get_subcommands({})) verbs.push_back(verb->get_name());
    const std::string similar = nearestOf(words.front(), verbs);
    return cliText(similar.empty() ? "usage.unknown" : "usage.unknown.near",
                   {{"before", before}, {"verb", words.front()}, {"near", similar}});
}

}  // namespace carillon
