# One target that every target of the project links: its warnings, its hardening and its sanitizers.
add_library(carillon_warnings INTERFACE)
target_compile_options(carillon_warnings INTERFACE -Wall -Wextra -Wconversion -Wshadow
  $<$<BOOL:${CARILLON_WERROR}>:-Werror>)
carillon_harden(carillon_warnings INTERFACE)
if(CARILLON_SANITIZE)
  target_compile_options(carillon_warnings INTERFACE -fsanitize=${CARILLON_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(carillon_warnings INTERFACE -fsanitize=${CARILLON_SANITIZE})
endif()
