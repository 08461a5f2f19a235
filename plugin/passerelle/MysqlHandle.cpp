#include "MysqlHandle.h"

#include "platform/Interposed.h"

#include "Poco/Data/MySQL/SessionHandle.h"

#include <mysql/mysql.h>

namespace passerelle {
namespace {

thread_local const MysqlHandleOptions* current = nullptr;
thread_local bool boundsLogins = false;  // the handle made last

void setOptions(MYSQL* handle, const MysqlHandleOptions& options) {
    const auto seconds = static_cast<unsigned>(options.timeout.count());
    mysql_options(handle, MYSQL_OPT_READ_TIMEOUT, &seconds);
    mysql_options(handle, MYSQL_OPT_WRITE_TIMEOUT, &seconds);
    if (options.tcp) {
        const unsigned protocol = MYSQL_PROTOCOL_TCP;
        mysql_options(handle, MYSQL_OPT_PROTOCOL, &protocol);
    }
    if (!options.logins.empty()) {
        // Else the first of them is the server's usual one, which may not be allowed although the user's is.
        mysql_options(handle, MYSQL_DEFAULT_AUTH, "mysql_native_password");
        boundsLogins = mysql_options(handle, MARIADB_OPT_RESTRICTED_AUTH, options.logins.c_str()) == 0;
    }
    if (!options.tls) return;
    const auto path = [](const std::string& text) { return text.empty() ? nullptr : text.c_str(); };
    mysql_ssl_set(handle, path(options.key), path(options.certificate), path(options.ca), nullptr, nullptr);
    const my_bool verify = 1;
    mysql_options(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
    mysql_options(handle, MARIADB_OPT_TLS_VERSION, "TLSv1.2,TLSv1.3");
}

bool has(MYSQL* handle, mysql_option option, unsigned expected) {
    unsigned value = 0;
    return mysql_get_optionv(handle, option, &value) == 0 && value == expected;
}

std::string textOf(MYSQL* handle, mysql_option option) {
    const char* text = nullptr;
    return mysql_get_optionv(handle, option, &text) == 0 && text != nullptr ? text : "";
}

}  // namespace

MysqlHandleScope::MysqlHandleScope(const MysqlHandleOptions& options) {
    current = &options;
}
MysqlHandleScope::~MysqlHandleScope() {
    current = nullptr;
}

std::string lackingBefore(const MysqlHandleOptions& options) {
    const auto seconds = static_cast<unsigned>(options.timeout.count());
    boundsLogins = false;
    Poco::Data::MySQL::SessionHandle probe(nullptr);
    probe.init();
    if (!has(probe, MYSQL_OPT_READ_TIMEOUT, seconds) || !has(probe, MYSQL_OPT_WRITE_TIMEOUT, seconds))
        return "its time limit";
    if (options.tcp && !has(probe, MYSQL_OPT_PROTOCOL, MYSQL_PROTOCOL_TCP)) return "the way by TCP";
    if (!options.logins.empty() && !boundsLogins) return "its bounds on the way to log in";
    if (options.tls &&
        (!has(probe, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, 1) || textOf(probe, MYSQL_OPT_SSL_CA) != options.ca))
        return "its encryption";
    return "";
}

std::string lackingOn(st_mysql* handle, const MysqlHandleOptions& options) {
    return options.tls && mysql_get_ssl_cipher(handle) == nullptr ? "its encryption" : "";
}

}  // namespace passerelle

namespace {

void* const takenInit = carillon::takeCalls("mysql_init", reinterpret_cast<void*>(&mysql_init));

}  // namespace

/// Poco's connector calls mysql_init and connects without a place in between. The dynamic linker finds this function
/// before the client library's, since the plugin is loaded before what it depends on; on Windows the connector's table
/// is changed. It adds the options of the scope and is otherwise that library's own.
extern "C" __attribute__((visibility("default"))) MYSQL* STDCALL mysql_init(MYSQL* handle) {
    using Init = MYSQL* (*)(MYSQL*);
    const auto init = reinterpret_cast<Init>(takenInit);
    MYSQL* made = init == nullptr ? nullptr : init(handle);
    if (made != nullptr && passerelle::current != nullptr) passerelle::setOptions(made, *passerelle::current);
    return made;
}
