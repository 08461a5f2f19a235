# carillon_harden(TARGET SCOPE)
# What Debian hardens its packages with: the stack is guarded, buffers of known size are checked, jumps go only where
# functions begin, nothing that was resolved at the start can be overwritten. Not beside sanitizers, which check the
# same and more in ways of their own. On Windows the linker does the rest by itself: other addresses each time, over the
# whole of memory, and no code in data.
function(carillon_harden target scope)
  if(CARILLON_SANITIZE)
    return()
  endif()
  target_compile_options(${target} ${scope} -fstack-protector-strong -Wformat -Werror=format-security
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)  # needs an optimiser
  if(WIN32)
    target_link_options(${target} ${scope} -fstack-protector-strong)
    target_link_libraries(${target} ${scope} ssp)  # what both are checked by is a library of its own
    return()
  endif()
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64|i.86)$")
    target_compile_options(${target} ${scope} -fcf-protection)
  endif()
  target_link_options(${target} ${scope} -Wl,-z,relro -Wl,-z,now)
endfunction()
