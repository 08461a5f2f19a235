#pragma once

#include "record/TaskMessage.h"

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace carillon {

/// How far the runs that go on in this host have come, as their tasks told it last. Any thread.
/// Invariant: a run is in it from when it first tells until it ends, so that it holds no more than runs go on at once.
class ProgressBook {
public:
    struct Entry {
        std::string job{};
        Progress progress{};
    };

    void progressed(const std::string& job, const std::string& run, const Progress& progress);
    void ended(const std::string& run);

    /// Nothing: it has told nothing, or goes on elsewhere.
    std::optional<Progress> of(const std::string& run) const;
    /// By run.
    std::map<std::string, Entry> all() const;

private:
    mutable std::mutex _mutex;  // of all below
    std::map<std::string, Entry> _entries{};
};

}  // namespace carillon
