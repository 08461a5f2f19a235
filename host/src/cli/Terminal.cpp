#include "cli/Terminal.h"

#include "carillon/VisibleText.h"
#include "cli/CliTexts.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>

namespace carillon {
namespace {

const char* code(Colour colour) {
    switch (colour) {
        case Colour::Red:
            return "\033[31m";
        case Colour::Green:
            return "\033[32m";
        case Colour::Yellow:
            return "\033[33m";
        case Colour::Dim:
            return "\033[2m";
        case Colour::Bold:
            return "\033[1m";
        case Colour::Plain:
            break;
    }
    return "";
}

bool coloursWanted(bool terminal) {
    const char* no = std::getenv("NO_COLOR");
    return terminal && (no == nullptr || *no == '\0');
}

}  // namespace

std::string coloured(Colour colour, const std::string& text, bool forStderr) {
    if (colour == Colour::Plain || !coloursWanted(forStderr ? stderrIsTerminal() : stdoutIsTerminal())) return text;
    return code(colour) + text + "\033[0m";
}

void printError(const std::string& message) {
    std::cerr << "carillon: " << coloured(Colour::Red, cliText("terminal.error"), true) << cliText("terminal.colon")
              << " " << printable(message) << '\n';
}

void printWarning(const std::string& message) {
    std::cerr << "carillon: " << coloured(Colour::Yellow, cliText("terminal.warning"), true)
              << cliText("terminal.colon") << " " << printable(message) << '\n';
}

std::size_t columnsOf(std::string_view text) {
    const auto startsCharacter = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), startsCharacter));
}

std::string printable(const std::string& text) {
    std::string line = visibleText(text);
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    return line;
}

}  // namespace carillon
