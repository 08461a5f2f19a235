#include "cli/PasswordPrompt.h"

#include "access/PasswordHash.h"
#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "platform/Console.h"

namespace carillon {
namespace {

std::string ask(const std::string& question) {
    return readUnseenLine(question + cliText("terminal.colon") + ' ').value_or("");
}

void requireGood(const std::string& password) {
    if (const auto problem = faultOfPassword(password))
        throw UsageError(cliText("password.weak", {{"problem", told(*problem)}}));
}

}  // namespace

std::string readNewPassword(const std::string& user, bool isNew) {
    if (!stdinIsTerminal()) {
        const auto line = readInputLine();
        if (!line) throw UsageError(cliText("password.none"));
        requireGood(*line);
        return *line;
    }
    std::string password = ask(cliText(isNew ? "password.first" : "password.new", {{"user", user}}));
    requireGood(password);
    if (ask(cliText("password.again")) != password) throw UsageError(cliText("password.differ"));
    return password;
}

}  // namespace carillon
