#include "cli/CommandLine.h"

int main(int argc, char** argv) {
    return carillon::runCommandLine(argc, argv);
}
