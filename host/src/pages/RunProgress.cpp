#include "pages/RunProgress.h"

#include <algorithm>
#include <vector>

namespace carillon {
namespace {

/// For how long it goes on; `elapsed`: a text, or HTML.
std::string timeWords(const Reader& reader, const RunProgress& progress, const std::string& elapsed) {
    if (!progress.startedAt) return "";
    if (!progress.usual || progress.usual->count() <= 0)
        return reader.texts.say("progress.for", {{"elapsed", elapsed}});
    return reader.texts.say("progress.usual",
                            {{"elapsed", elapsed}, {"usual", spanText(reader.texts, *progress.usual)}});
}

std::string elapsedText(const Reader& reader, const RunProgress& progress) {
    const auto elapsed = reader.now - progress.startedAt.value_or(reader.now);
    return spanText(reader.texts, std::max(elapsed, std::chrono::microseconds(0)));
}

std::string elapsedElement(const Reader& reader, const RunProgress& progress) {
    if (!progress.startedAt) return "";
    return "<span data-elapsed=\"" + toRfc3339(*progress.startedAt) + "\">" + elapsedText(reader, progress) + "</span>";
}

std::string barOf(const Texts& texts, const RunProgress& progress, const std::string& figures) {
    std::string bar = "<progress aria-label=\"" + escapeHtml(texts.say("progress.label")) + '"';
    if (progress.told && progress.told->total > 0)
        bar += " max=\"" + std::to_string(progress.told->total) + "\" value=\"" +
               std::to_string(std::min(progress.told->done, progress.told->total)) + '"';
    if (!figures.empty()) bar += " aria-valuetext=\"" + escapeHtml(figures) + '"';
    return bar + "></progress>";
}

std::string frameOf(const RunProgress& progress, const std::string& title) {
    std::string html = "<span class=\"progress\" data-progress=\"" + escapeHtml(progress.run) + '"';
    if (progress.told) html += " data-what=\"" + escapeHtml(progress.told->what.text) + '"';
    if (!title.empty()) html += " title=\"" + escapeHtml(title) + '"';
    return html + '>';
}

std::string figuresElement(const std::string& figures) {
    return "<span data-figures>" + escapeHtml(figures) + "</span>";
}

}  // namespace

std::optional<std::chrono::microseconds> usualLength(const JobDay& day) {
    if (day.durations.empty()) return std::nullopt;
    std::vector<std::chrono::microseconds> lengths(day.durations.begin(), day.durations.end());
    const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
    std::nth_element(lengths.begin(), middle, lengths.end());
    return *middle;
}

std::string progressFigures(const Texts& texts, const RunProgress& progress) {
    if (!progress.told) return "";
    const auto& [done, total, what] = *progress.told;
    const std::string number = numberText(texts, static_cast<std::int64_t>(done));
    if (total == 0) return number;
    return texts.say("progress.of", {{"done", number}, {"total", numberText(texts, static_cast<std::int64_t>(total))}});
}

std::string progressBar(const Reader& reader, const RunProgress& progress) {
    const std::string figures = progressFigures(reader.texts, progress);
    std::string html = frameOf(progress, "") + barOf(reader.texts, progress, figures) + figuresElement(figures);
    if (progress.told)
        html += " <span lang=\"" + languageOf(reader, progress.told->what) + "\">" +
                escapeHtml(inWords(reader, progress.told->what)) + "</span>";
    const std::string time = timeWords(reader, progress, elapsedElement(reader, progress));
    if (!time.empty()) html += " <span class=\"hint\">" + time + "</span>";
    return html + "</span>";
}

std::string smallProgressBar(const Reader& reader, const RunProgress& progress) {
    const std::string figures = progressFigures(reader.texts, progress);
    std::string title = figures;
    if (progress.told) title += ' ' + inWords(reader, progress.told->what);
    const std::string time = timeWords(reader, progress, elapsedText(reader, progress));
    title += (title.empty() || time.empty() ? "" : ", ") + time;
    return frameOf(progress, title) + barOf(reader.texts, progress, figures) +
           (figures.empty() ? elapsedElement(reader, progress) : figuresElement(figures)) + "</span>";
}

}  // namespace carillon
