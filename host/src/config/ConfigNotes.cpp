#include "config/ConfigNotes.h"

#include "base/FilePath.h"
#include "config/ExpectationWords.h"
#include "config/JobName.h"
#include "words/HostTexts.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <utility>

namespace carillon {
namespace {

namespace fs = std::filesystem;

bool firesByItself(const JobFile& file) {
    for (std::size_t i = 0; i < file.size(); ++i)
        if (file.enabled(i)) return true;
    return false;
}

/// The file names that keys of jobs end in: of passwords, keys, certificates and calendars.
std::set<std::string> filesNamedIn(const Configuration& configuration) {
    std::set<std::string> names;
    for (const auto& file : configuration.files)
        for (const auto& [key, entry] : file->source().entries())
            names.insert(textOf(pathFrom(entry.value).filename()));
    for (const auto& file : configuration.files)
        for (const auto& [path, calendar] : file->calendars().entries())
            names.insert(textOf(pathFrom(path).filename()));
    return names;
}

/// Of a file whose jobs all expect the same; else one of them would stand for the others.
Message expectationsOf(const JobFile& file) {
    if (file.variesBelow("job.expect.")) return sayHost("note.variesexpected", {{"job", file.name()}});
    Message all;
    for (const auto& expectation : file.settings(0)->expectations) {
        Message one = sayExpectation(expectation, expectation.counter);
        all =
            all.empty() ? std::move(one) : sayHost("note.and", {{"first", std::move(all)}, {"second", std::move(one)}});
    }
    return sayHost("note.expects", {{"what", std::move(all)}});
}

}  // namespace

std::vector<ConfigFault> notesOf(const Configuration& configuration) {
    std::vector<ConfigFault> notes;
    for (const auto& file : configuration.files)
        if (!firesByItself(*file))
            notes.push_back(
                {file->source().file(), 0, "", sayHost("note.notenabled", {{"file", configuration.host.file}})});
    for (const auto& file : configuration.files)
        if (file->hasExpectations() && file->size() > 0 && !file->isWhollyFaulty())
            notes.push_back({file->source().file(), 0, "", expectationsOf(*file)});
    const auto named = filesNamedIn(configuration);
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(pathFrom(configuration.host.jobsDir), error)) {
        const std::string name = textOf(entry.path().filename());
        const bool isRead = name.ends_with(kJobFileSuffix) || name.ends_with(kInstancesSuffix) || named.contains(name);
        if (isRead || name.starts_with('.') || entry.is_directory(error)) continue;
        notes.push_back({textOf(entry.path()), 0, "",
                         sayHost("note.notread", {{"suffix", kJobFileSuffix}, {"instances", kInstancesSuffix}})});
    }
    std::stable_sort(notes.begin(), notes.end(),
                     [](const auto& one, const auto& other) { return one.file < other.file; });
    return notes;
}

}  // namespace carillon
