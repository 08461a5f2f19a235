#pragma once

#include "carillon/SyncTask.h"

#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace carillon::testing {

/// What a job gives to a task: its `task.*` keys without that beginning, and their values.
class Settings {
public:
    Settings() = default;
    Settings(std::initializer_list<std::pair<std::string, std::string>> values);

    Settings& set(const std::string& key, std::string value);
    /// The same for a value that nobody may read in what the task says.
    Settings& secret(const std::string& key, std::string value);

    const std::vector<std::pair<std::string, std::string>>& values() const { return _values; }
    /// The keys of the secrets.
    const std::vector<std::string>& secrets() const { return _secrets; }
    /// Empty when there is no such key.
    std::string valueOf(const std::string& key) const;

private:
    std::vector<std::pair<std::string, std::string>> _values{};
    std::vector<std::string> _secrets{};
};

/// Configures a task as a host does, and refuses what it did not read. Returns the faults, each as the sentence that
/// `carillon validate` shows. `onSecret` gets each secret as it is read. Relative paths of files that the reader reads
/// begin in the current folder.
std::vector<std::string> configure(SyncTask& task, const Settings& settings,
                                   const std::function<void(const std::string& secret)>& onSecret = {});

/// What every task keeps to, tried on objects of one. Each function returns what is wrong, one sentence a line; empty:
/// nothing is. A call that does not return in time goes on in its thread, with all that it uses.
class Conformance {
public:
    struct Subject {
        std::function<std::unique_ptr<SyncTask>()> make{};
        Settings settings{};                         ///< With which the task can do its work.
        std::function<std::string()> world{};        ///< All that the task could change, as a text.
        std::chrono::milliseconds patience{10'000};  ///< How long a call may take once it is asked to stop.
    };

    explicit Conformance(Subject subject) : _subject(std::move(subject)) {}

    /// configure() finds no fault in the settings.
    std::string startsWithItsConfiguration() const;
    /// A key that the task does not know, or a misspelt one, is a fault.
    std::string refusesAnUnknownKey() const;
    /// run() ends in time when it was asked to stop before, when it is asked meanwhile, and at its deadline.
    std::string stopsWhenAsked() const;
    /// The secrets of the settings are concealed, and neither they nor others that the task conceals stand in what it
    /// says: log, progress, report, checks, planned items, rejects, exceptions.
    std::string concealsItsSecrets() const;
    /// No thread that a call began is there when it has ended.
    std::string leavesNoThreadBehind() const;
    /// Each call does its work for two objects, one after the other.
    std::string survivesEachCallTwice() const;
    /// The world is after check() and preview() what it was.
    std::string checkAndPreviewWriteNothing() const;

private:
    Subject _subject;
};

}  // namespace carillon::testing
