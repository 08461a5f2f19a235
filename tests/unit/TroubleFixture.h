#pragma once

#include "worker/TaskSeat.h"

#include <cppunit/TestFixture.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/HostFolder.h"
#include "support/WaitUntil.h"

/// What tests of seats share: the plugin Troublemaker in a folder of its own, and all that a listener hears.
class TroubleFixture : public CppUnit::TestFixture {
public:
    void setUp() override {
        _folder = std::make_unique<HostFolder>();
        _library = _folder->addPlugin(std::filesystem::path(CARILLON_TEST_PLUGINS) / "troublemaker/libTroublemaker.so")
                       .string();
    }
    void tearDown() override { _folder.reset(); }

protected:
    using Keys = std::map<std::string, std::string>;
    using Verb = carillon::WorkerRequest::Verb;

    carillon::WorkerRequest request(const Keys& keys, const std::string& task = "Troublemaker",
                                    Verb verb = Verb::Run) const {
        std::map<std::string, carillon::ConfigSource::Entry> entries;
        for (const auto& [key, value] : keys) entries["task." + key] = {value, value, 1};
        carillon::WorkerRequest request;
        request.verb = verb;
        request.library = _library;
        request.task = task;
        request.config = carillon::ConfigSource("job.properties", entries);
        return request;
    }

    carillon::WorkerListener listener() {
        carillon::WorkerListener listener;
        listener.onMessage = carillon::Hearing(
            [this](const carillon::LogMessage& line) { _levels.push_back(line.level), _log.push_back(line.text); },
            [this](const carillon::Progress& how) { _progress.push_back(how.what); },
            [this](const carillon::Check& check) { _checks.push_back(check); },
            [this](const carillon::Reject& reject) { _rejects.push_back(reject); },
            [this](const carillon::ConfigFault& fault) { _faults.push_back(fault); },
            [this](const carillon::PluginDescription& plugin) { _plugins.push_back(plugin); });
        return listener;
    }

    /// One run on the seat.
    carillon::WorkerEnd runOn(carillon::TaskSeat& seat, const carillon::WorkerRequest& request,
                              std::chrono::milliseconds timeout = std::chrono::milliseconds(0)) {
        seat.start(request, listener());
        if (seat.waitUntilPrepared()) seat.begin({}, timeout, _logLevel);
        return seat.finish();
    }

    bool logged(const std::string& text) const {
        return std::any_of(_log.begin(), _log.end(),
                           [&text](const std::string& line) { return line.find(text) != std::string::npos; });
    }

    static std::size_t openDescriptors(const std::string& process = "self") {
        const std::filesystem::directory_iterator all("/proc/" + process + "/fd");
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }

    /// Also when nobody has waited for it yet.
    static bool isGone(int pid) {
        std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
        std::string line;
        if (!std::getline(stat, line)) return true;
        return std::string_view("ZX").find(line[line.rfind(')') + 2]) != std::string_view::npos;
    }

    std::unique_ptr<HostFolder> _folder{};
    std::string _library{};
    int _logLevel = Poco::Message::PRIO_INFORMATION;
    std::vector<std::string> _log{};
    std::vector<int> _levels{};
    std::vector<std::string> _progress{};
    std::vector<carillon::Check> _checks{};
    std::vector<carillon::Reject> _rejects{};
    std::vector<carillon::ConfigFault> _faults{};
    std::vector<carillon::PluginDescription> _plugins{};
};
