#include "cli/PasswordPrompt.h"

#include "access/PasswordHash.h"
#include "cli/Cli.h"
#include "platform/Console.h"

namespace carillon {
namespace {

std::string ask(const std::string& question) {
    return readUnseenLine(question).value_or("");
}

void requireGood(const std::string& password) {
    if (const auto problem = faultOfPassword(password)) throw UsageError(*problem + "; nothing was changed");
}

}  // namespace

std::string readNewPassword(const std::string& user) {
    if (!stdinIsTerminal()) {
        const auto line = readInputLine();
        if (!line)
            throw UsageError("no password on stdin; run it on a terminal, or give one line; nothing was changed");
        requireGood(*line);
        return *line;
    }
    std::string password = ask("New password for " + user);
    requireGood(password);
    if (ask("The same again") != password) throw UsageError("the two passwords differ; nothing was changed");
    return password;
}

}  // namespace carillon
