#include "Fuzz.h"

#include "config/CsvRows.h"
#include "config/InstanceTable.h"

using namespace carillon;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = fuzz::textOf(data, size);
    int last = 0;
    std::size_t bytes = 0;
    forEachCsvRow(text, [&](const CsvRow& row) {
        fuzz::require(row.line > last, "rows come in the order of their lines");
        fuzz::require(row.values.empty() || row.problem == CsvRow::Problem::None, "a row has values or a problem");
        last = row.line;
        for (const auto value : row.values) bytes += value.size();
    });
    fuzz::require(bytes <= size, "values are no more than the text");

    std::vector<ConfigFault> faults;
    const InstanceTable table("job.instances.csv", text, 100, faults);
    for (std::size_t row = 0; row < table.size(); ++row) {
        fuzz::require(table.find(table.name(row)) == row, "an instance is found by its name");
        fuzz::require(table.line(row) >= 1 && table.line(row) <= last, "an instance stands on a line of the file");
        for (std::size_t column = 0; column < table.columns().size(); ++column) table.value(row, column);
    }
    return 0;
}
