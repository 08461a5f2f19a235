#pragma once

#include "words/Texts.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace carillon {

/// What a verb may be given. A handle; the command line owns what it stands for.
class VerbOption {
public:
    VerbOption& required();
    /// The two may not stand together.
    VerbOption& excludes(const VerbOption& other);
    VerbOption& oneOf(std::initializer_list<const char*> values);
    /// An empty value is a fault: it comes of a variable that a script did not fill, and would mean all.
    VerbOption& notEmpty();
    /// One value a name: what stands behind it is an argument of its own.
    VerbOption& oneValueEach();
    /// On the command line that was read.
    bool wasGiven() const;

private:
    friend class Verb;
    explicit VerbOption(CLI::Option* option) : _option(option) {}

    CLI::Option* _option;
};

/// A verb of the command, or the command itself. A handle. CLI11 reads the words; its header takes longer to compile
/// than most of the program, and Verb.cpp alone includes it.
class Verb {
public:
    Verb verb(const std::string& name, const std::string& description);
    /// One of its own verbs has to follow.
    void requireVerb();
    /// One of its own verbs follows.
    bool hasVerb() const;

    /// Named `-x,--name`, or an argument in its place. The target outlives the command line.
    VerbOption option(const std::string& names, std::string& target, const std::string& description);
    VerbOption option(const std::string& names, std::optional<std::string>& target, const std::string& description);
    VerbOption option(const std::string& names, std::vector<std::string>& target, const std::string& description);
    VerbOption option(const std::string& names, std::int64_t& target, const std::string& description);
    VerbOption option(const std::string& names, std::vector<std::int64_t>& target, const std::string& description);
    /// How many, up to a million; the help shows what it is without.
    VerbOption count(const std::string& names, std::size_t& target, const std::string& description);
    VerbOption flag(const std::string& names, bool& target, const std::string& description);

    void footer(const std::string& text);
    /// What it does.
    void onRun(std::function<void()> run);

private:
    friend class CommandWords;
    explicit Verb(CLI::App& app) : _app(&app) {}

    CLI::App* _app;
};

/// The words of a command line, as the verbs say that they are read.
class CommandWords {
public:
    CommandWords(const std::string& name, const std::string& description, const std::string& version,
                 const std::string& footer);
    CommandWords(const CommandWords&) = delete;
    CommandWords& operator=(const CommandWords&) = delete;
    ~CommandWords();

    Verb root();

    /// What the help says of each verb and option, by its key: `run`, `run --set`, `token add NAME`, `pause footer`; of
    /// the command itself `carillon`, `--config`, `footer`.
    std::map<std::string, std::string> helpTexts() const;
    /// The key whose text a catalogue has for one of those: itself, or the option alone. Empty: none.
    static std::string keyIn(const Texts& help, const std::string& key);
    /// Has the help say what the catalogue has, with its labels and the head of the list of verbs. Once all verbs are
    /// there.
    void translateHelp(const Texts& help);

    /// What a reading came to when no verb ran: help or version went to stdout, or what is wrong to stderr.
    enum class Ended { Asked, Wrong };
    /// Runs the verb, and lets through what that throws. Nothing: it ran.
    std::optional<Ended> run(int argc, char** argv);

private:
    std::string describeVerb() const;

    std::unique_ptr<CLI::App> _app;
};

}  // namespace carillon
