#include "cli/ProgressBar.h"

#include "cli/CliTexts.h"
#include "cli/Terminal.h"

#include <algorithm>
#include <iostream>

namespace carillon {
namespace {

constexpr std::chrono::milliseconds kMoment{300};
constexpr std::uint64_t kCells = 24;

std::string bar(std::uint64_t done, std::uint64_t total) {
    const std::uint64_t filled = std::min(kCells, done * kCells / total);
    std::string cells;
    for (std::uint64_t i = 0; i < kCells; ++i) cells += i < filled ? "█" : "░";
    return cells + ' ' + std::to_string(std::min<std::uint64_t>(100, done * 100 / total)) + " %  ";
}

}  // namespace

ProgressBar::ProgressBar() : _enabled(stderrIsTerminal()), _started(std::chrono::steady_clock::now()) {}

void ProgressBar::show(std::uint64_t done, std::uint64_t total, const std::string& what) {
    const auto elapsed = std::chrono::steady_clock::now() - _started;
    if (!_enabled || elapsed < kMoment) return;
    const auto seconds = std::chrono::duration<double>(elapsed).count();
    const std::string line = (total > 0 ? bar(done, total) : "") +
                             cliText(total > 0 ? "progress.part" : "progress.all",
                                     {{"done", done},
                                      {"total", total},
                                      {"what", printable(what)},
                                      {"rate", static_cast<std::uint64_t>(static_cast<double>(done) / seconds)}});
    std::cerr << "\r\033[K" << line << std::flush;
    _drawn = true;
}

void ProgressBar::clear() {
    if (_drawn) std::cerr << "\r\033[K" << std::flush;
    _drawn = false;
}

}  // namespace carillon
