// With the headers of a folder below that of this one it does not compile, with those of its own it does.
#include CARILLON_UPWARD
