#pragma once

#include "SettableClock.h"
#include "access/Account.h"
#include "access/Secrets.h"
#include "support/HostFolder.h"

#include <cppunit/TestFixture.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

/// What the tests of access share: a folder with a file of accounts, and a clock that stands still.
class AccessFixture : public CppUnit::TestFixture {
public:
    void setUp() override { _folder = std::make_unique<HostFolder>(); }
    void tearDown() override { _folder.reset(); }

protected:
    static carillon::Account person(const std::string& name, const std::string& password,
                                    carillon::Role role = carillon::Role::Viewer) {
        carillon::Account account;
        account.name = name;
        account.role = role;
        account.created = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};
        account.password = carillon::PasswordHash::of(password, 10);
        return account;
    }
    static carillon::Account program(const std::string& name, const std::string& token) {
        carillon::Account account;
        account.name = name;
        account.kind = carillon::PrincipalKind::Program;
        account.created = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};
        account.tokenHash = carillon::sha256Hex(token);
        return account;
    }

    std::string file() const { return (_folder->path() / "users.json").string(); }
    void write(const carillon::Accounts& accounts) const {
        _folder->write("users.json", carillon::formatAccounts(accounts));
    }
    /// In force for who looks at the file once a second.
    void change(const carillon::Accounts& accounts) {
        write(accounts);
        _clock.advance(std::chrono::seconds(1));
    }

    std::unique_ptr<HostFolder> _folder{};
    SettableClock _clock{};
};
