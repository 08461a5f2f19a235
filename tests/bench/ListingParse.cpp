// How fast the plugin Passerelle reads a gateway's list, without network and database, 300 MB from memory in each
// round: `reader`, the list parsed into items; `listing`, the same in a thread of its own that also identifies them and
// hands them over, as a run has it; `parser`, Poco's parser alone with a handler that does nothing. Prints a line, or
// JSON with
// --json. One of them a process, since the peak of resident memory is its own.

#include "../support/Unstopped.h"

#include "Gateway.h"
#include "ListingReader.h"

#include "Poco/JSON/Handler.h"
#include "Poco/JSON/Parser.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <istream>
#include <map>
#include <streambuf>
#include <string>
#include <vector>

using namespace passerelle;

namespace {

constexpr std::uint64_t kRoundBytes = 300'000'000;
constexpr int kRounds = 5;
constexpr std::size_t kBlockItems = 500;
constexpr double kGoal = 100;        // MB/s
constexpr double kGoalResident = 8;  // MB

std::string comment(std::size_t item) {
    const std::string sentence = R"(Le maire a relu l’affiche : d’accord, à la réserve près du « 14 juillet ».\n)";
    if (item % 2 == 1) return "null";
    std::string text = "Très bien";
    if (item % 20 == 0) text += R"(, v\u00e9rifi\u00e9 \"deux fois\" 5\/5)";
    for (std::size_t i = 0; i < (item % 100 == 0 ? 20U : item % 14 == 0 ? 2U : 0U); ++i) text += sentence;
    return '"' + text + '"';
}

std::string token(std::size_t item) {
    std::string digits;
    for (std::uint64_t state = item + 1; digits.size() < 64;
         state = state * 6364136223846793005U + 1442695040888963407U)
        digits += "0123456789abcdef"[state >> 60U];
    return digits;
}

/// Items as the gateway writes them, each with a comma before it: 245 bytes in the mean, like those in the field.
std::string block() {
    std::string items;
    for (std::size_t i = 0; i < kBlockItems; ++i)
        items += R"(,{"id":)" + std::to_string(700'000 + i) + R"(,"token":")" + token(i) +
                 R"(","campaign_id":0,"user_id":0,"action":")" + (i % 7 == 0 ? "refuse" : "valide") +
                 R"(","commentaire":)" + comment(i) + R"(,"validated_at":"2026-11-22 10:32:)" +
                 std::to_string(10 + i % 50) + "\"}";
    return items;
}

/// A long answer of which only one block is in memory, in pieces of the size that Poco's HTTP streams give.
class RepeatedBlock final : public std::streambuf {
public:
    RepeatedBlock(std::string& block, std::uint64_t times) : _block(block), _left(times) {}

protected:
    int_type underflow() override {
        constexpr std::size_t kPiece = 8'192;
        std::string* from = &_block;
        if (!_begun)
            from = &_head;
        else if (_left == 0)
            from = &_tail;
        if (from == &_tail && _at == _tail.size()) return traits_type::eof();
        char* const begin = from->data() + _at;
        setg(begin, begin, begin + std::min(kPiece, from->size() - _at));
        _at += static_cast<std::size_t>(egptr() - begin);
        if (from != &_tail && _at == from->size()) {
            _at = 0;
            if (_begun) --_left;
            _begun = true;
        }
        return traits_type::to_int_type(*gptr());
    }

private:
    std::string _head = R"({"success":true,"data":[{"id":1,"token":"first"})";
    std::string _tail = "]}";
    std::string& _block;
    std::uint64_t _left;
    std::size_t _at = 0;
    bool _begun = false;
};

class MemoryGateway final : public Gateway {
public:
    explicit MemoryGateway(std::istream& answer) : _answer(answer) {}
    void readPending(const BodyReader& read) override { read(_answer, -1); }
    void acknowledge(std::span<const std::int64_t>) override {}
    GatewayHealth health() override { return {}; }
    GatewayStats stats() override { return {}; }
    const std::string& address() const override { return _address; }

private:
    std::istream& _answer;
    std::string _address;
};

class NoHandler final : public Poco::JSON::Handler {
public:
    void reset() override {}
    void startObject() override {}
    void endObject() override {}
    void startArray() override {}
    void endArray() override {}
    void key(const std::string&) override {}
    void null() override {}
    void value(int) override {}
    void value(unsigned) override {}
    void value(Poco::Int64) override {}
    void value(Poco::UInt64) override {}
    void value(const std::string&) override {}
    void value(double) override {}
    void value(bool) override {}
};

void readByReader(std::istream& answer, BacklogLimits limits) {
    const Unstopped stop;
    BacklogReader(limits, stop).read(answer, -1, [](Batch&) {});
}

void readByListing(std::istream& answer, BacklogLimits limits) {
    const Unstopped stop;
    MemoryGateway gateway(answer);
    ListingReader(gateway, limits, stop).read([](const Batch&) {});
}

void readByParser(std::istream& answer, BacklogLimits) {
    Poco::JSON::Parser(new NoHandler).parse(answer);
}

using Read = std::function<void(std::istream&, BacklogLimits)>;

/// A line of /proc/self/status.
double memoryMb(const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        double kib = 0;
        if (word == name + ':' && status >> kib) return kib / 1024;
    }
    return 0;
}

double processorSeconds() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

double secondsOf(const Read& read, BacklogLimits limits, std::string& items, std::uint64_t times) {
    RepeatedBlock source(items, times);
    std::istream answer(&source);
    const auto begin = std::chrono::steady_clock::now();
    read(answer, limits);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

struct Measured {
    double mb = 0;             // a second
    double mbOfProcessor = 0;  // a second that a processor worked for it: other work does not change it much
    double items = 0;          // a second
    double itemBytes = 0;
    double resident = 0;  // MB at most
    double residentAtStart = 0;
};

Measured measure(const Read& read, BacklogLimits limits) {
    Measured measured;
    measured.residentAtStart = memoryMb("VmHWM");
    std::string items = block();
    const std::uint64_t times = kRoundBytes / items.size();
    std::vector<double> seconds;
    for (int round = 0; round < kRounds; ++round) seconds.push_back(secondsOf(read, limits, items, times));
    std::nth_element(seconds.begin(), seconds.begin() + kRounds / 2, seconds.end());
    const double mb = static_cast<double>(items.size() * times) / 1e6;
    measured.mb = mb / seconds[kRounds / 2];
    measured.mbOfProcessor = mb * kRounds / processorSeconds();
    measured.items = static_cast<double>(kBlockItems * times) / seconds[kRounds / 2];
    measured.itemBytes = static_cast<double>(items.size()) / kBlockItems;
    measured.resident = memoryMb("VmHWM");
    return measured;
}

void printLine(const std::string& what, const Measured& m) {
    std::printf(
        "%s: %.1f MB/s, %.1f in a second of processor, %.0f items/s of %.1f bytes, %.1f MB resident at most, "
        "%.1f at its start\n",
        what.c_str(), m.mb, m.mbOfProcessor, m.items, m.itemBytes, m.resident, m.residentAtStart);
}

void printJson(const std::string& what, const Measured& m) {
    std::printf(R"({"bench":"listing_parse","what":"%s","mb_per_s":%.1f,"mb_per_processor_s":%.1f,"items_per_s":%.0f,)"
                R"("bytes_per_item":%.1f,"resident_mb":%.1f,"resident_at_start_mb":%.1f})"
                "\n",
                what.c_str(), m.mb, m.mbOfProcessor, m.items, m.itemBytes, m.resident, m.residentAtStart);
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    const bool json = std::erase(arguments, "--json") > 0;
    const std::map<std::string, Read> reads{
        {"reader", readByReader}, {"listing", readByListing}, {"parser", readByParser}};
    BacklogLimits limits;
    if (arguments.size() == 2) limits.batchItems = std::strtoul(arguments[1].c_str(), nullptr, 10);
    if (arguments.empty() || arguments.size() > 2 || !reads.contains(arguments[0]) || limits.batchItems == 0) {
        std::fprintf(stderr, "usage: listing_parse [--json] reader|listing|parser [items in a batch]\n");
        return 2;
    }
    const std::string& what = arguments[0];
    const Measured measured = measure(reads.at(what), limits);
    json ? printJson(what, measured) : printLine(what, measured);
    return what != "reader" || (measured.mb >= kGoal && measured.resident <= kGoalResident) ? 0 : 1;
}
