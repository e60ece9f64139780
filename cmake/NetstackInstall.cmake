# What a program needs to embed the collectors: find_package(netstack) gives netstack::collectable.
# Only its header is public; the layers below are installed because they are static libraries.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(netstack_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/netstack)

# netstack_install_collectable(HEADER... ): called once all the libraries named here exist.
function(netstack_install_collectable header)
  set_target_properties(netstack_collectable PROPERTIES EXPORT_NAME collectable)
  install(TARGETS netstack_collectable ${ARGN}
          EXPORT netstackTargets
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT embed
          INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/netstack COMPONENT embed)
  install(EXPORT netstackTargets NAMESPACE netstack:: DESTINATION ${netstack_package_dir}
          COMPONENT embed)

  configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/netstackConfig.cmake.in
                                ${PROJECT_BINARY_DIR}/netstackConfig.cmake
                                INSTALL_DESTINATION ${netstack_package_dir})
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/netstackConfigVersion.cmake
                                   COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/netstackConfig.cmake
                ${PROJECT_BINARY_DIR}/netstackConfigVersion.cmake
          DESTINATION ${netstack_package_dir} COMPONENT embed)
endfunction()
