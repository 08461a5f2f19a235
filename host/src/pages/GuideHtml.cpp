#include "pages/GuideHtml.h"

#include "pages/Wording.h"

#include "Poco/UTF8String.h"

#include <algorithm>
#include <cctype>

namespace carillon {
namespace {

std::string inlineHtml(std::string_view text);

std::string linkHtml(std::string_view words, const std::string& target) {
    const std::string inner = inlineHtml(words);
    const bool isHere = target.starts_with('#') || target.starts_with("https://");
    if (isHere) return "<a href=\"" + escapeHtml(target) + "\">" + inner + "</a>";
    if (target == "GUIDE.md" || target == "GUIDE.fr.md") return "<a href=\"/help\">" + inner + "</a>";
    return inner;
}

/// What stands between two marks, the first of which the text begins with; empty: it is no such pair.
std::string_view between(std::string_view text, std::string_view open, std::string_view close) {
    if (!text.starts_with(open)) return {};
    const auto end = text.find(close, open.size() + 1);
    if (end == std::string_view::npos) return {};
    return text.substr(open.size(), end - open.size());
}

/// Takes a span off the text when it begins with one, and appends it.
bool takeSpan(std::string_view& text, std::string& html) {
    const auto take = [&](std::size_t length, const std::string& span) {
        html += span;
        text.remove_prefix(length);
        return true;
    };
    if (text.starts_with("\\|")) return take(2, "|");
    if (const auto code = between(text, "`", "`"); !code.empty())
        return take(code.size() + 2, "<code>" + escapeHtml(code) + "</code>");
    if (const auto bold = between(text, "**", "**"); !bold.empty())
        return take(bold.size() + 4, "<strong>" + inlineHtml(bold) + "</strong>");
    if (const auto words = between(text, "*", "*"); !words.empty() && words.front() != ' ')
        return take(words.size() + 2, "<em>" + inlineHtml(words) + "</em>");
    const auto words = between(text, "[", "](");
    if (words.empty()) return false;
    const auto target = between(text.substr(words.size() + 2), "(", ")");
    if (target.empty()) return false;
    return take(words.size() + target.size() + 4, linkHtml(words, std::string(target)));
}

std::string inlineHtml(std::string_view text) {
    std::string html;
    while (!text.empty()) {
        if (takeSpan(text, html)) continue;
        const auto next = text.find_first_of("`*[\\", 1);
        html += escapeHtml(text.substr(0, next));
        text.remove_prefix(next == std::string_view::npos ? text.size() : next);
    }
    return html;
}

/// The words alone.
std::string plainWords(std::string_view text) {
    std::string plain;
    for (const char c : text)
        if (c != '`' && c != '*') plain += c;
    return plain;
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

/// `| a | b |` as its cells; a bar in code or behind a backslash parts none.
std::vector<std::string_view> cellsOf(std::string_view line) {
    std::vector<std::string_view> cells;
    bool inCode = false;
    std::size_t from = 1;
    for (std::size_t i = 1; i < line.size(); ++i) {
        if (line[i] == '`') inCode = !inCode;
        if (line[i] != '|' || inCode || line[i - 1] == '\\') continue;
        cells.push_back(trimmed(line.substr(from, i - from)));
        from = i + 1;
    }
    return cells;
}

class GuideReader {
public:
    explicit GuideReader(std::string_view text) : _text(text) { next(); }

    GuideHtml read() {
        while (_hasLine) {
            if (_line.empty())
                next();
            else if (_line.starts_with("```"))
                readFence();
            else if (_line.starts_with('#'))
                readHeading();
            else if (_line.starts_with('|'))
                readTable();
            else if (isItem())
                readList();
            else
                readParagraph();
        }
        return std::move(_guide);
    }

private:
    void next() {
        _hasLine = !_text.empty();
        const auto end = std::min(_text.find('\n'), _text.size());
        _line = _text.substr(0, end);
        _text.remove_prefix(std::min(end + 1, _text.size()));
    }

    bool isNumbered() const {
        return _line.size() > 3 && std::isdigit(static_cast<unsigned char>(_line[0])) && _line.substr(1, 2) == ". ";
    }
    bool isItem() const { return _line.starts_with("- ") || isNumbered(); }
    bool isBlockStart() const {
        return _line.empty() || _line.starts_with("```") || _line.starts_with('#') || _line.starts_with('|') ||
               isItem();
    }

    void readFence() {
        _guide.html += "<pre tabindex=\"0\"><code>";
        for (next(); _hasLine && !_line.starts_with("```"); next()) _guide.html += escapeHtml(_line) + '\n';
        _guide.html += "</code></pre>\n";
        next();
    }

    void readHeading() {
        const auto level = std::min({_line.find_first_not_of('#'), _line.size(), std::size_t{6}});
        const auto words = trimmed(_line.substr(level));
        const std::string name = "h" + std::to_string(level);
        const std::string id = headingId(words);
        _guide.html += '<' + name + " id=\"" + escapeHtml(id) + "\">" + inlineHtml(words) + "</" + name + ">\n";
        if (level == 1)
            _guide.title = plainWords(words);
        else
            _guide.headings.push_back({static_cast<int>(level), id, plainWords(words)});
        next();
    }

    /// A head without words is no head.
    void addRow(bool isHead) {
        _guide.html += "<tr>";
        for (const auto& text : cellsOf(_line)) {
            const bool isHeading = isHead && !text.empty();
            _guide.html += isHeading ? "<th scope=\"col\">" : "<td>";
            _guide.html += inlineHtml(text) + (isHeading ? "</th>" : "</td>");
        }
        _guide.html += "</tr>\n";
        next();
    }

    void readTable() {
        _guide.html += "<table><thead>\n";
        addRow(true);
        if (_line.starts_with("|-") || _line.starts_with("|:")) next();
        _guide.html += "</thead><tbody>\n";
        while (_line.starts_with('|')) addRow(false);
        _guide.html += "</tbody></table>\n";
    }

    /// The line and those that go on with it.
    std::string joinedLines(std::size_t begin) {
        std::string text(_line.substr(begin));
        for (next(); _hasLine && !isBlockStart(); next()) text.append(" ").append(trimmed(_line));
        return text;
    }

    void readList() {
        const bool numbered = isNumbered();
        _guide.html += numbered ? "<ol>\n" : "<ul>\n";
        while (_hasLine && isItem() && isNumbered() == numbered)
            _guide.html += "<li>" + inlineHtml(joinedLines(numbered ? 3 : 2)) + "</li>\n";
        _guide.html += numbered ? "</ol>\n" : "</ul>\n";
    }

    void readParagraph() { _guide.html += "<p>" + inlineHtml(joinedLines(0)) + "</p>\n"; }

    std::string_view _text;
    std::string_view _line{};
    bool _hasLine = false;
    GuideHtml _guide{};
};

}  // namespace

GuideHtml guideHtml(std::string_view markdown) {
    return GuideReader(markdown).read();
}

std::string headingId(std::string_view words) {
    std::string id;
    for (const char c : Poco::UTF8::toLower(plainWords(words))) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 || std::isalnum(byte) || c == '-' || c == '_') id += c;
        if (c == ' ') id += '-';
    }
    return id;
}

}  // namespace carillon
