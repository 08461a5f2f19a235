#pragma once

#include <cstdlib>
#include <map>
#include <optional>
#include <string>

/// Variables of the environment for the length of a test; afterwards they are what they were.
class Environment {
public:
    Environment() = default;
    ~Environment() {
        for (const auto& [name, value] : _before) put(name, value);
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

    Environment& set(const std::string& name, const std::string& value) {
        const char* before = std::getenv(name.c_str());
        _before.try_emplace(name, before == nullptr ? std::nullopt : std::optional<std::string>(before));
        put(name, value);
        return *this;
    }

private:
    static void put(const std::string& name, const std::optional<std::string>& value) {
        if (value)
            ::setenv(name.c_str(), value->c_str(), 1);
        else
            ::unsetenv(name.c_str());
    }

    std::map<std::string, std::optional<std::string>> _before{};
};
