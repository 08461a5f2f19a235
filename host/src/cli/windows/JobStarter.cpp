#include "cli/JobStarter.h"

#include "base/FilePath.h"
#include "cli/CliTexts.h"
#include "platform/ThisProgram.h"
#include "shared/EmbeddedText.h"

#include <string_view>
#include <utility>
#include <vector>

namespace carillon::task_scheduler {
extern const std::vector<EmbeddedText> files;
}

namespace carillon {
namespace {

// What the file is written with, as an example.
constexpr std::string_view kProgram = "C:\\Program Files\\Carillon\\bin\\carillon.exe";
constexpr std::string_view kFolder = "C:\\ProgramData\\Carillon";
constexpr std::string_view kJob = "sync-passerelle";
constexpr std::string_view kEncoding = "<?xml version=\"1.0\"?>";

std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == '&')
            result += "&amp;";
        else if (c == '<')
            result += "&lt;";
        else
            result += c;
    }
    return result;
}

void replaceAll(std::string& text, std::string_view what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

/// With the mark of its byte order: the form in which the Task Scheduler itself writes such files. It takes UTF-8 for
/// the code page of the machine.
std::string asUtf16(const std::string& text) {
    const std::u16string wide = std::filesystem::path(std::u8string(text.begin(), text.end())).u16string();
    std::string bytes = "\xFF\xFE";
    for (const char16_t unit : wide) {
        bytes += static_cast<char>(unit & 0xff);
        bytes += static_cast<char>(unit >> 8);
    }
    return bytes;
}

}  // namespace

std::optional<JobStarter> starterOf(const std::string& job, const std::filesystem::path& configuration) {
    const std::string folder = textOf(configuration.parent_path());
    std::string text(task_scheduler::files.front().text);
    // From the comment to the end of it: it is for those who write such a file by hand.
    if (const auto comment = text.find("<!--"); comment != std::string::npos)
        text.erase(comment, text.find("-->", comment) + 4 - comment);
    replaceAll(text, kEncoding, "<?xml version=\"1.0\" encoding=\"UTF-16\"?>");
    replaceAll(text, kProgram, escaped(textOf(pathOfThisProgram())));
    replaceAll(text, kFolder, escaped(folder));
    replaceAll(text, kJob, escaped(job));
    JobStarter starter;
    starter.file = job + ".task.xml";
    starter.text = asUtf16(text);
    const std::string task = "\"Carillon\\" + job + "\"";
    starter.program = "\"" + textOf(pathOfThisProgram()) + "\"";
    starter.next = cliText("init.everyfive", {{"job", job}}) + "\n  schtasks /Create /TN " + task + " /XML \"" +
                   folder + "\\" + starter.file + "\"\n  schtasks /Run /TN " + task + "\n";
    return starter;
}

}  // namespace carillon
