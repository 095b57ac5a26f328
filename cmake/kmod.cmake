# SPDX-License-Identifier: BSD-2-Clause
# `kmod`: vale.ko for the kernel whose build tree is KDIR. The sources are staged, because Kbuild leaves its
# artefacts beside the source and its `clean` would delete every object of CMake's own build tree.

execute_process(COMMAND uname -r OUTPUT_VARIABLE vale_uname OUTPUT_STRIP_TRAILING_WHITESPACE)
set(KDIR "/lib/modules/${vale_uname}/build" CACHE PATH "kernel build tree for vale.ko")
set(vale_stage "${CMAKE_BINARY_DIR}/kmod")

if(EXISTS "${KDIR}/Makefile" AND EXISTS "${CMAKE_SOURCE_DIR}/Kbuild")
  set(vale_kmod_all ALL)
else()
  message(STATUS "vale.ko is not part of `all`: no kernel build tree at ${KDIR} (set KDIR)")
  set(vale_kmod_all "")
endif()

add_custom_target(kmod ${vale_kmod_all}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${vale_stage}
  COMMAND rsync -a --checksum ${CMAKE_SOURCE_DIR}/Kbuild ${CMAKE_SOURCE_DIR}/kmod ${vale_stage}/
  COMMAND make -C ${KDIR} M=${vale_stage} W=1 modules
  COMMENT "vale.ko for ${KDIR}"
  USES_TERMINAL VERBATIM)
