// What system-stays-in-platform.sh has to find: it is never compiled.
#include <sys/stat.h>
#include <csignal>
#include <string>
#ifdef __linux__
#include <unistd.h>
#endif
