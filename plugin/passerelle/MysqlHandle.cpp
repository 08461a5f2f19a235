#include "MysqlHandle.h"

#include <dlfcn.h>
#include <mysql/mysql.h>

namespace passerelle {
namespace {

thread_local const MysqlHandleOptions* current = nullptr;

void setOptions(MYSQL* handle, const MysqlHandleOptions& options) {
    const auto seconds = static_cast<unsigned>(options.timeout.count());
    mysql_options(handle, MYSQL_OPT_READ_TIMEOUT, &seconds);
    mysql_options(handle, MYSQL_OPT_WRITE_TIMEOUT, &seconds);
    if (options.tcp) {
        const unsigned protocol = MYSQL_PROTOCOL_TCP;
        mysql_options(handle, MYSQL_OPT_PROTOCOL, &protocol);
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

}  // namespace

MysqlHandleScope::MysqlHandleScope(const MysqlHandleOptions& options) {
    current = &options;
}
MysqlHandleScope::~MysqlHandleScope() {
    current = nullptr;
}

std::string notInForce(st_mysql* handle, const MysqlHandleOptions& options) {
    const auto seconds = static_cast<unsigned>(options.timeout.count());
    if (!has(handle, MYSQL_OPT_READ_TIMEOUT, seconds) || !has(handle, MYSQL_OPT_WRITE_TIMEOUT, seconds))
        return "its time limit";
    if (options.tcp && !has(handle, MYSQL_OPT_PROTOCOL, MYSQL_PROTOCOL_TCP)) return "the way by TCP";
    if (options.tls && mysql_get_ssl_cipher(handle) == nullptr) return "its encryption";
    return "";
}

}  // namespace passerelle

/// Poco's connector calls mysql_init and connects without a place in between. The dynamic linker finds this function
/// before the client library's, since the plugin is loaded before what it depends on; it adds the options of the scope
/// and is otherwise that library's own.
extern "C" __attribute__((visibility("default"))) MYSQL* STDCALL mysql_init(MYSQL* handle) {
    using Init = MYSQL* (*)(MYSQL*);
    static const auto init = reinterpret_cast<Init>(::dlsym(RTLD_NEXT, "mysql_init"));
    MYSQL* made = init == nullptr ? nullptr : init(handle);
    if (made != nullptr && passerelle::current != nullptr) passerelle::setOptions(made, *passerelle::current);
    return made;
}
