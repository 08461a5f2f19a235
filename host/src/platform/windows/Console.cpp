#include "platform/Console.h"

#include "windows/System.h"

#include <array>
#include <iostream>

namespace carillon {
namespace {

constexpr std::size_t kLongest = 65'536;

bool isConsole(DWORD stream) {
    DWORD mode = 0;
    return ::GetConsoleMode(::GetStdHandle(stream), &mode);
}

void endLine(std::string& line) {
    while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
}

/// What somebody types is UTF-16, whatever the code page is.
std::optional<std::string> readConsoleLine(HANDLE console) {
    std::wstring text(kLongest, L'\0');
    DWORD n = 0;
    if (!::ReadConsoleW(console, text.data(), static_cast<DWORD>(text.size()), &n, nullptr) || n == 0)
        return std::nullopt;
    constexpr wchar_t kEndOfInput = 26;  // Ctrl-Z
    if (text.front() == kEndOfInput) return std::nullopt;
    std::string line = utf8(text.substr(0, n));
    endLine(line);
    return line;
}

/// The console on stdin without echo; Ctrl-C ends the process as ever, and the system then puts nothing back.
class Unseen {
public:
    explicit Unseen(HANDLE console) : _console(console) {
        ::GetConsoleMode(_console, &_before);
        now = this;
        ::SetConsoleCtrlHandler(onEnd, TRUE);
        ::SetConsoleMode(_console, _before & ~static_cast<DWORD>(ENABLE_ECHO_INPUT));
    }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;
    ~Unseen() {
        show();
        ::SetConsoleCtrlHandler(onEnd, FALSE);
        now = nullptr;
        std::cerr << '\n';
    }

private:
    void show() const { ::SetConsoleMode(_console, _before); }
    static BOOL WINAPI onEnd(DWORD) {
        if (now != nullptr) now->show();
        return FALSE;
    }

    static inline Unseen* now = nullptr;
    HANDLE _console;
    DWORD _before = 0;
};

}  // namespace

bool stdinIsTerminal() {
    return isConsole(STD_INPUT_HANDLE);
}

bool stdoutIsTerminal() {
    return isConsole(STD_OUTPUT_HANDLE);
}

bool stderrIsTerminal() {
    return isConsole(STD_ERROR_HANDLE);
}

std::size_t terminalWidth() {
    CONSOLE_SCREEN_BUFFER_INFO screen{};
    if (!::GetConsoleScreenBufferInfo(::GetStdHandle(STD_OUTPUT_HANDLE), &screen)) return 0;
    return static_cast<std::size_t>(screen.srWindow.Right - screen.srWindow.Left + 1);
}

std::optional<std::string> readInputLine() {
    const HANDLE input = ::GetStdHandle(STD_INPUT_HANDLE);
    if (stdinIsTerminal()) return readConsoleLine(input);
    std::string line;
    while (line.size() < kLongest) {
        char c = 0;
        DWORD n = 0;
        const bool came = ::ReadFile(input, &c, 1, &n, nullptr) && n == 1;
        if (!came && line.empty()) return std::nullopt;
        if (!came || c == '\n') break;
        line += c;
    }
    endLine(line);
    return line;
}

std::optional<std::string> readUnseenLine(const std::string& question) {
    std::cerr << question << std::flush;
    const Unseen unseen(::GetStdHandle(STD_INPUT_HANDLE));
    return readInputLine();
}

}  // namespace carillon
