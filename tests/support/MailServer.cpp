#include "support/MailServer.h"

#include <cppunit/TestAssert.h>

#include <chrono>
#include <fstream>
#include <iterator>

#include "support/WaitUntil.h"

using namespace std::chrono_literals;
namespace fs = std::filesystem;

MailServer::MailServer(const fs::path& folder, const std::string& mode) : _folder(folder / "mail") {
    fs::create_directory(_folder);
    _certificate = makeCertificate(_folder);
    _process.emplace(
        Command({"/usr/bin/python3", CARILLON_TEST_SMTP, _folder.string(), mode, _certificate.file, _certificate.key})
            .limit(120s)
            .start());
    CPPUNIT_ASSERT_MESSAGE(_process->err(), waitUntil([this] { return _process->out().ends_with('\n'); }));
    _port = std::stoi(_process->out());
}

std::vector<std::string> MailServer::mails() const {
    std::vector<std::string> mails;
    for (int i = 1; fs::exists(at(std::to_string(i) + ".mail")); ++i) {
        std::ifstream file(at(std::to_string(i) + ".mail"), std::ios::binary);
        mails.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return mails;
}

void MailServer::set(const std::string& manner) const {
    std::ofstream(at(manner)).put('\n');
}

void MailServer::unset(const std::string& manner) const {
    fs::remove(at(manner));
}
