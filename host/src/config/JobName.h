#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace carillon {

/// What follows JOB in the names of its files.
constexpr std::string_view kJobFileSuffix = ".properties";
constexpr std::string_view kInstancesSuffix = ".instances.csv";

/// The longest name of a job, its instance included.
constexpr std::size_t kLongestJobName = 100;

/// a-z, 0-9, - and _, at most kLongestJobName: what a job's file may be called.
bool isJobFileName(std::string_view name);
/// a-z, 0-9, -, _ and '.': what may follow the @ of JOB@instance, and what a group may be called.
bool isInstanceName(std::string_view name);

/// The file's part of JOB or JOB@instance.
std::string_view fileOfJob(std::string_view jobName);

/// Which jobs are meant: JOB (with all its instances), JOB@instance, or a pattern of either in which * stands for any
/// text, ? for any character and [...] for one of some. What has no @ is compared with the names of files and means
/// all jobs of each; what has one is compared with the names of jobs.
class JobPattern {
public:
    explicit JobPattern(std::string text);

    const std::string& text() const { return _text; }
    /// A name, not a pattern.
    bool isLiteral() const { return _literal; }
    bool namesInstances() const { return _file.size() < _text.size(); }

    /// Whether all jobs of this file are meant.
    bool takesFile(const std::string& fileName) const;
    /// Whether some of this file's instances may be meant; takesJob() then tells which.
    bool mayTakeInstancesOf(const std::string& fileName) const;
    bool takesJob(const std::string& jobName) const;

private:
    std::string _text;
    std::string _file;  ///< What stands before the @.
    bool _literal;
};

}  // namespace carillon
