# SPDX-License-Identifier: BSD-2-Clause
# vale_flags: warnings and sanitizers, linked by every target of ours.

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(vale_flags INTERFACE)
target_compile_options(vale_flags INTERFACE
  -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Werror -fno-omit-frame-pointer)

if(VALE_SANITIZE STREQUAL "address")
  set(vale_san -fsanitize=address,undefined -fno-sanitize-recover=all)
elseif(VALE_SANITIZE STREQUAL "thread")
  set(vale_san -fsanitize=thread)
elseif(NOT VALE_SANITIZE STREQUAL "")
  message(FATAL_ERROR "VALE_SANITIZE=${VALE_SANITIZE}: want address, thread or nothing")
endif()
add_compile_options(${vale_san})
add_link_options(${vale_san})

if(VALE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "VALE_FUZZ needs clang (libFuzzer)")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
