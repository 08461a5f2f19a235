#include "GatewayServer.h"

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include "Poco/Exception.h"
#include "Poco/NumberParser.h"

namespace {

constexpr const char* kUsage =
    "usage: carillon-test-gateway --db FILE --key KEY [--port 0] [--port-file FILE] [--base /agora/passerelle]\n"
    "Listens on 127.0.0.1 until SIGTERM or SIGINT.\n";

enum class ExitCode { Ok = 0, Failed = 1, BadUsage = 2 };

struct CommandLine {
    testgateway::GatewayOptions gateway{};
    std::string portFile{};
    bool help = false;
};

void setOption(CommandLine& line, const std::string& name, const std::string& value) {
    if (name == "--db") {
        line.gateway.database = value;
    } else if (name == "--key") {
        line.gateway.key = value;
    } else if (name == "--base") {
        line.gateway.base = value;
    } else if (name == "--port-file") {
        line.portFile = value;
    } else if (name == "--port") {
        unsigned port = 0;
        if (!Poco::NumberParser::tryParseUnsigned(value, port) || port > 65'535) {
            throw std::invalid_argument("--port " + value + ": expected 0 to 65535");
        }
        line.gateway.port = static_cast<std::uint16_t>(port);
    } else {
        throw std::invalid_argument("unknown option " + name);
    }
}

CommandLine readCommandLine(int argc, char** argv) {
    CommandLine line;
    for (int index = 1; index < argc; ++index) {
        std::string name = argv[index];
        if (name == "--help") {
            line.help = true;
            return line;
        }
        const std::size_t equals = name.find('=');
        if (equals != std::string::npos) {
            setOption(line, name.substr(0, equals), name.substr(equals + 1));
        } else if (index + 1 < argc) {
            setOption(line, name, argv[++index]);
        } else {
            throw std::invalid_argument(name + ": a value is missing");
        }
    }
    if (line.gateway.database.empty()) throw std::invalid_argument("--db is missing");
    if (line.gateway.key.empty()) throw std::invalid_argument("--key is missing");
    return line;
}

/// A reader sees the whole file or none.
void writePortFile(const std::string& file, std::uint16_t port) {
    const std::string draft = file + ".new";
    std::ofstream stream(draft);
    stream << port << '\n';
    stream.close();
    if (!stream || std::rename(draft.c_str(), file.c_str()) != 0)
        throw std::runtime_error(file + ": cannot be written");
}

int run(const CommandLine& line) {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGPIPE}) sigaddset(&signals, signal);
    // Before the first thread: each inherits the mask, so that only the loop below sees a signal.
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    testgateway::GatewayServer server(line.gateway);
    if (!line.portFile.empty()) writePortFile(line.portFile, server.port());
    std::cout << "listening on " << server.address() << std::endl;

    int signal = 0;
    while (signal != SIGTERM && signal != SIGINT) sigwait(&signals, &signal);
    server.stop();
    return static_cast<int>(ExitCode::Ok);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const CommandLine line = readCommandLine(argc, argv);
        if (!line.help) return run(line);
        std::cout << kUsage;
        return static_cast<int>(ExitCode::Ok);
    } catch (const std::invalid_argument& e) {
        std::cerr << "carillon-test-gateway: error: " << e.what() << '\n' << kUsage;
        return static_cast<int>(ExitCode::BadUsage);
    } catch (const Poco::Exception& e) {
        std::cerr << "carillon-test-gateway: error: " << e.displayText() << '\n';
    } catch (const std::exception& e) {
        std::cerr << "carillon-test-gateway: error: " << e.what() << '\n';
    }
    return static_cast<int>(ExitCode::Failed);
}
