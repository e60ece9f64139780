# civetweb: a static library built from Debian 13's source package, with OpenSSL 3 linked directly.
# Debian's binary package has no working TLS with OpenSSL 3 and, in Debian 12, no IPv6.
set(CIVETWEB_SOURCE_DIR "" CACHE PATH
    "Folder of civetweb 1.16's source with Debian's patches; empty: fetched with apt")

find_package(OpenSSL 3 REQUIRED)
find_package(Threads REQUIRED)

set(netstack_civetweb_dir "${CIVETWEB_SOURCE_DIR}")
if(NOT netstack_civetweb_dir)
  set(script ${CMAKE_CURRENT_LIST_DIR}/../scripts/fetch-civetweb)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${script})
  message(STATUS "Getting civetweb's source from this machine's Debian archive")
  execute_process(COMMAND ${script} ${CMAKE_BINARY_DIR}/civetweb
    OUTPUT_VARIABLE netstack_civetweb_dir OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "scripts/fetch-civetweb failed (see above); "
      "-DCIVETWEB_SOURCE_DIR=FOLDER names a source that is here already, "
      "-DNETSTACK_BUILD_EXPORTER=OFF builds without the program")
  endif()
endif()

# Refuses a source without the fixes, wherever it came from: by what the fixes changed in the code,
# because a version number does not tell.
function(netstack_check_civetweb dir)
  foreach(file include/civetweb.h src/civetweb.c src/handle_form.inl)
    if(NOT EXISTS ${dir}/${file})
      message(FATAL_ERROR "${dir} is not civetweb's source: ${file} is missing")
    endif()
  endforeach()
  file(STRINGS ${dir}/include/civetweb.h version REGEX "^#define CIVETWEB_VERSION ")
  string(REGEX REPLACE ".*\"(.*)\".*" "\\1" version "${version}")
  if(version VERSION_LESS 1.16)
    message(FATAL_ERROR "civetweb in ${dir} is ${version}, older than 1.16")
  endif()
  # CVE-2025-55763: the redirect to a folder wrote beyond its buffer with strcat.
  file(READ ${dir}/src/civetweb.c code)
  string(FIND "${code}" "strcat(new_path, ri->query_string)" overflow)
  if(NOT overflow EQUAL -1)
    message(FATAL_ERROR "civetweb in ${dir} lacks the fix for CVE-2025-55763")
  endif()
  # CVE-2025-9648: an endless loop on a zero byte in a form; the fix ends reading.
  file(READ ${dir}/src/handle_form.inl code)
  string(FIND "${code}" "while (!abort_read)" fixed)
  if(fixed EQUAL -1)
    message(FATAL_ERROR "civetweb in ${dir} lacks the fix for CVE-2025-9648")
  endif()
  message(STATUS "civetweb ${version} with the fixes for CVE-2025-55763 and CVE-2025-9648: ${dir}")
endfunction()
netstack_check_civetweb(${netstack_civetweb_dir})

add_library(civetweb STATIC ${netstack_civetweb_dir}/src/civetweb.c)
target_include_directories(civetweb SYSTEM PUBLIC ${netstack_civetweb_dir}/include)
# No files, CGI, caching; WebSockets, Lua, zlib and HTTP/2 are off unless asked for. The stack size
# is what 64 workers cost in address space: only pages that were touched count in memory.
target_compile_definitions(civetweb PRIVATE
  USE_IPV6 USE_X_DOM_SOCKET NO_SSL_DL OPENSSL_API_3_0
  NO_CGI NO_FILES NO_CACHING USE_STACK_SIZE=262144
  # Its stop flag is a plain int without this: a data race.
  STOP_FLAG_NEEDS_LOCK)
target_compile_options(civetweb PRIVATE -w)
target_link_libraries(civetweb PUBLIC OpenSSL::SSL OpenSSL::Crypto Threads::Threads rt)
