#include "platform/StandardStreams.h"

#include "windows/System.h"

#include <winternl.h>

namespace carillon {
namespace {

/// What NtQueryInformationFile tells of a pipe, which only the kit for drivers declares.
struct PipeInformation {
    ULONG type, configuration, mostInstances, instances, inboundQuota, readable, outboundQuota, writable, state, end;
};
constexpr auto kPipeInformation = static_cast<FILE_INFORMATION_CLASS>(24);  // FilePipeLocalInformation
constexpr ULONG kClosing = 4;                                               // FILE_PIPE_CLOSING_STATE

}  // namespace

/// A stream that the starter did not give is no number that another file could get.
void keepStandardStreams() {}

/// Not by a try: a writing of nothing is an end for who reads.
bool hasStdoutReader() {
    const HANDLE output = ::GetStdHandle(STD_OUTPUT_HANDLE);
    if (::GetFileType(output) != FILE_TYPE_PIPE) return true;
    PipeInformation pipe{};
    IO_STATUS_BLOCK status{};
    return ::NtQueryInformationFile(output, &status, &pipe, sizeof pipe, kPipeInformation) != 0 ||
           pipe.state != kClosing;
}

std::error_code tryStdout() {
    DWORD n = 0;
    return ::WriteFile(::GetStdHandle(STD_OUTPUT_HANDLE), "\n", 1, &n, nullptr) ? std::error_code() : lastError();
}

}  // namespace carillon
