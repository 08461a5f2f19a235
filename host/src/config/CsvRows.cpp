#include "config/CsvRows.h"

#include "base/TextFile.h"

#include <csv.h>

#include <algorithm>
#include <cstddef>
#include <string>

namespace carillon {
namespace {

constexpr std::size_t kLongestRow = 65536;

/// libcsv, which knows nothing of lines: it is given one after the other until a row is complete.
class RowParser {
public:
    RowParser() { start(); }
    ~RowParser() { ::csv_free(&_csv); }
    RowParser(const RowParser&) = delete;
    RowParser& operator=(const RowParser&) = delete;

    /// The row that begins at `at`, which moves behind it, as does `line`.
    CsvRow parse(std::string_view text, std::size_t& at, int& line) {
        const std::size_t begin = at;
        CsvRow row{line};
        _text.clear();
        _ends.clear();
        _complete = false;
        bool good = true;
        while (good && !_complete && at < text.size() && at - begin <= kLongestRow) {
            const std::size_t from = at;
            takeLine(text, at);
            ++line;
            good = feed(text.substr(from, at - from));
        }
        if (good && !_complete && at >= text.size()) good = ::csv_fini(&_csv, onValue, onEnd, this) == 0;
        if (good && _complete)
            fill(row);
        else
            dropRow(row, text, begin, at, line);
        return row;
    }

private:
    static void onValue(void* text, std::size_t size, void* self) noexcept {
        auto& parser = *static_cast<RowParser*>(self);
        parser._text.append(static_cast<const char*>(text), size);
        parser._ends.push_back(parser._text.size());
    }
    static void onEnd(int, void* self) noexcept { static_cast<RowParser*>(self)->_complete = true; }

    void start() { ::csv_init(&_csv, CSV_STRICT | CSV_STRICT_FINI); }

    bool feed(std::string_view line) {
        return ::csv_parse(&_csv, line.data(), line.size(), onValue, onEnd, this) == line.size();
    }

    void fill(CsvRow& row) const {
        std::size_t from = 0;
        for (const auto end : _ends) {
            row.values.push_back(std::string_view(_text).substr(from, end - from));
            from = end;
        }
    }

    // A quote that is never closed takes in all that follows, so the row ends with its first line.
    void dropRow(CsvRow& row, std::string_view text, std::size_t begin, std::size_t& at, int& line) {
        row.problem = at - begin > kLongestRow ? CsvRow::Problem::Long : CsvRow::Problem::Quotes;
        at = begin;
        takeLine(text, at);
        line = row.line + 1;
        ::csv_free(&_csv);
        start();
    }

    csv_parser _csv{};
    std::string _text{};
    std::vector<std::size_t> _ends{};
    bool _complete = false;
};

bool isBlank(std::string_view line) {
    return line.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

void forEachCsvRow(std::string_view text, const std::function<void(const CsvRow&)>& take) {
    RowParser parser;
    int line = 1;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t next = at;
        if (isBlank(takeLine(text, next))) {
            at = next;
            ++line;
        } else {
            take(parser.parse(text, at, line));
        }
    }
}

}  // namespace carillon
