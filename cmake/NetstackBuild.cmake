# What every target of the project shares: language, warnings, sanitizers, and how tests are made.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(NETSTACK_CCACHE ccache)
if(NETSTACK_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${NETSTACK_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${NETSTACK_CCACHE})
endif()

find_package(Threads REQUIRED)

if(NETSTACK_SANITIZE)
  add_compile_options(-fsanitize=${NETSTACK_SANITIZE} -fno-omit-frame-pointer -g)
  add_link_options(-fsanitize=${NETSTACK_SANITIZE})
endif()

function(netstack_settings target)
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include/netstack>)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    -Wsign-conversion -Wnon-virtual-dtor -Wno-restrict $<$<BOOL:${NETSTACK_WERROR}>:-Werror>)
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
  target_compile_definitions(${name} PRIVATE NETSTACK_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} GTest::gtest GTest::gmock GTest::gtest_main)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()
