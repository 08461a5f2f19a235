#include "platform/Interrupts.h"

#include "platform/ProcessFacts.h"
#include "windows/ConsoleEvents.h"
#include "windows/FileTrust.h"
#include "windows/StopPipe.h"

#include <atomic>
#include <csignal>
#include <cstdint>
#include <thread>

namespace carillon {
namespace {

std::atomic<int> interruptCount{0};
std::atomic<int> lastInterrupt{0};
std::atomic<std::int64_t> stopSender{-1};  // the user who sent it with `carillon stop`; -1: it came from elsewhere

void countInterrupt(int number) {
    lastInterrupt.store(number);
    interruptCount.fetch_add(1);
}

/// Takes one request after the other, as long as the process lives.
void answerStopPipe(HANDLE pipe) {
    for (;;) {
        if (!::ConnectNamedPipe(pipe, nullptr) && ::GetLastError() != ERROR_PIPE_CONNECTED) return;
        std::uint32_t user = 0;
        DWORD n = 0;
        if (::ReadFile(pipe, &user, sizeof user, &n, nullptr) && n == sizeof user) {
            stopSender.store(user);
            countInterrupt(SIGTERM);
        }
        ::DisconnectNamedPipe(pipe);
    }
}

}  // namespace

void watchInterrupts() {
    watchConsole(countInterrupt);
    // The first one of its name, or none: else whoever made one before says who may write to it.
    PrivateRights rights;
    const HANDLE pipe =
        ::CreateNamedPipeW(stopPipeOf(ownProcessNumber()).c_str(), PIPE_ACCESS_INBOUND | FILE_FLAG_FIRST_PIPE_INSTANCE,
                           PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS, 1, 0, 64, 0, rights.get());
    if (pipe != INVALID_HANDLE_VALUE) std::thread([pipe] { answerStopPipe(pipe); }).detach();
}

Interrupts interruptsSoFar() {
    Interrupts all;
    all.count = interruptCount.load();
    all.last = lastInterrupt.load();
    all.isOfTerminal = all.last == SIGINT || all.last == SIGBREAK;
    if (const auto sender = stopSender.load(); sender >= 0) all.by = User{static_cast<std::uint32_t>(sender)};
    return all;
}

std::string nameOfSignal(int number) {
    return number == SIGINT ? "SIGINT" : number == SIGBREAK ? "SIGBREAK" : number == SIGTERM ? "SIGTERM" : "";
}

}  // namespace carillon
