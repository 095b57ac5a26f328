# SPDX-License-Identifier: BSD-2-Clause
# Debian packages: libboost1.81-dev libcli11-dev libspdlog-dev libexpected-dev libmnl-dev
# libsystemd-dev libtomlplusplus-dev libpcap-dev, for the tests libgtest-dev libgmock-dev.

find_package(Boost 1.81 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(tl-expected REQUIRED)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(MNL REQUIRED IMPORTED_TARGET libmnl)
pkg_check_modules(PCAP REQUIRED IMPORTED_TARGET libpcap)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)

find_path(TOMLPLUSPLUS_INCLUDE toml++/toml.h REQUIRED)

# Boost.JSON, toml++ and Asio are compiled once each: three seconds less for every file that uses them.
add_library(vale_json_headers INTERFACE)
target_link_libraries(vale_json_headers INTERFACE Boost::headers)
target_compile_definitions(vale_json_headers INTERFACE BOOST_JSON_NO_LIB BOOST_CONTAINER_NO_LIB)
add_library(vale_json OBJECT ${CMAKE_CURRENT_LIST_DIR}/boost_json.cpp)
set_target_properties(vale_json PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_link_libraries(vale_json PUBLIC vale_json_headers)

add_library(vale_asio STATIC ${CMAKE_CURRENT_LIST_DIR}/boost_asio.cpp)
target_link_libraries(vale_asio PUBLIC Boost::headers Threads::Threads)
target_compile_definitions(vale_asio PUBLIC
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_ALL_NO_LIB)

add_library(vale_toml STATIC ${CMAKE_CURRENT_LIST_DIR}/tomlplusplus.cpp)
target_include_directories(vale_toml SYSTEM PUBLIC ${TOMLPLUSPLUS_INCLUDE})
target_compile_definitions(vale_toml PUBLIC TOML_HEADER_ONLY=0 TOML_EXCEPTIONS=0)
