#include "config/JobName.h"

#include "platform/NamePattern.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

bool hasOnly(std::string_view name, std::string_view further) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [further](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || further.find(c) != std::string_view::npos;
    });
}

}  // namespace

bool isJobFileName(std::string_view name) {
    return name.size() <= kLongestJobName && hasOnly(name, "-_");
}

bool isInstanceName(std::string_view name) {
    return hasOnly(name, "-_.");
}

std::string_view fileOfJob(std::string_view jobName) {
    return jobName.substr(0, jobName.find('@'));
}

JobPattern::JobPattern(std::string text)
    : _text(std::move(text)), _file(fileOfJob(_text)), _literal(_text.find_first_of("*?[") == std::string::npos) {}

bool JobPattern::takesFile(const std::string& fileName) const {
    return !namesInstances() && (_literal ? _text == fileName : matchesPattern(_text, fileName));
}

bool JobPattern::mayTakeInstancesOf(const std::string& fileName) const {
    return namesInstances() && (_literal ? _file == fileName : matchesPattern(_file, fileName));
}

bool JobPattern::takesJob(const std::string& jobName) const {
    return matchesPattern(_text, jobName);
}

}  // namespace carillon
