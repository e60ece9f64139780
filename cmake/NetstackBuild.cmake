# What every target of the project shares: language, warnings, sanitizers, and how tests are made.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()

# The tables of families are full of pointers, which the loader has to adjust in a program that may
# lie anywhere: packed, the list of them takes 6 kB rather than 210 kB. Read since glibc 2.36.
include(CheckLinkerFlag)
check_linker_flag(CXX "-Wl,-z,pack-relative-relocs" NETSTACK_CAN_PACK_RELOCATIONS)
if(NETSTACK_CAN_PACK_RELOCATIONS)
  add_link_options($<$<CONFIG:Release>:-Wl,-z,pack-relative-relocs>)
endif()

# A scrape runs once in some seconds, through code that has left the caches meanwhile: small beats
# unrolled. -O3 makes the code a quarter larger and no round faster.
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
string(REPLACE "-O3" "-O2" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")
add_compile_options($<$<CONFIG:Release>:-ffunction-sections> $<$<CONFIG:Release>:-fdata-sections>)
add_link_options($<$<CONFIG:Release>:-Wl,--gc-sections>)

find_program(NETSTACK_CCACHE ccache)
if(NETSTACK_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${NETSTACK_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${NETSTACK_CCACHE})
endif()

find_package(Threads REQUIRED)

if(NETSTACK_SANITIZE)
  add_compile_options(-fsanitize=${NETSTACK_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer -g)
  add_link_options(-fsanitize=${NETSTACK_SANITIZE})
endif()

function(netstack_settings target)
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include/netstack>)
  # g++ 12 sees overlaps in std::string that are not there (GCC bug 105651).
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    -Wsign-conversion -Wnon-virtual-dtor $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    $<$<BOOL:${NETSTACK_WERROR}>:-Werror>)
endfunction()

# netstack_library(NAME SOURCES... DEPS...): a static library of one layer.
function(netstack_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  netstack_settings(${name})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
endfunction()

# netstack_test(NAME SOURCES... DEPS... LABELS...): a GoogleTest program, one ctest entry.
function(netstack_test name)
  if(NOT NETSTACK_BUILD_TESTS)
    return()
  endif()
  find_package(GTest REQUIRED)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  netstack_settings(${name})
  # Tests run for moments: to optimise them in full takes longer than it saves.
  target_compile_options(${name} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O1 -g1>)
  target_compile_definitions(${name} PRIVATE NETSTACK_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} GTest::gtest GTest::gmock GTest::gtest_main)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()

if(NETSTACK_BUILD_FUZZERS)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "NETSTACK_BUILD_FUZZERS needs clang (cmake --preset fuzz)")
  endif()
  set(NETSTACK_FUZZ_SECONDS 10 CACHE STRING "How long ctest runs each fuzzer")
  add_custom_target(fuzzers)
endif()

# netstack_fuzz(NAME SOURCES... DEPS... CORPUS...): a libFuzzer program, and a ctest entry that runs
# it for a short while from the files below the CORPUS folders. What it finds worth keeping goes to
# the build folder. Without NETSTACK_BUILD_FUZZERS it is a test that takes those files as they are
# and cut at every byte.
function(netstack_fuzz name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;CORPUS" ${ARGN})
  if(NETSTACK_BUILD_TESTS AND NOT NETSTACK_BUILD_FUZZERS AND ARG_CORPUS)
    add_executable(${name} ${ARG_SOURCES} ${PROJECT_SOURCE_DIR}/tests/fuzz/cut_seeds.cc)
    netstack_settings(${name})
    target_link_libraries(${name} PRIVATE ${ARG_DEPS})
    add_test(NAME ${name} COMMAND ${name} ${ARG_CORPUS})
    set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 300)
  endif()
  if(NOT NETSTACK_BUILD_FUZZERS)
    return()
  endif()
  add_executable(${name} ${ARG_SOURCES})
  netstack_settings(${name})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
  add_dependencies(fuzzers ${name})
  set(found ${CMAKE_CURRENT_BINARY_DIR}/corpus/${name})
  file(MAKE_DIRECTORY ${found})
  add_test(NAME ${name} COMMAND ${name} -max_total_time=${NETSTACK_FUZZ_SECONDS} -max_len=65536
           -timeout=5 -print_final_stats=1 -artifact_prefix=${found}- ${found} ${ARG_CORPUS})
  set_tests_properties(${name} PROPERTIES LABELS fuzz TIMEOUT 300)
endfunction()

# netstack_fuzz_all(FILES... DEPS...): a fuzzer for each file. Its seeds are the fixtures beside it
# and what a real host says.
function(netstack_fuzz_all)
  cmake_parse_arguments(ARG "" "" "FILES;DEPS" ${ARGN})
  foreach(file IN LISTS ARG_FILES)
    cmake_path(GET file STEM name)
    cmake_path(GET file PARENT_PATH folder)
    set(corpus ${PROJECT_SOURCE_DIR}/tests/hosts/linux-6.1/proc/net
               ${PROJECT_SOURCE_DIR}/tests/hosts/linux-6.1/netlink)
    if(IS_DIRECTORY ${folder}/fixtures)
      list(APPEND corpus ${folder}/fixtures)
    endif()
    netstack_fuzz(${name} SOURCES ${file} DEPS ${ARG_DEPS} CORPUS ${corpus})
  endforeach()
endfunction()
