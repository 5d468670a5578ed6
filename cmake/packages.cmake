# Debian packages by "cpack -G DEB", three of them: the program, the shared library, and what is needed
# to compile against it. tests/package/debs builds, checks, installs and removes them.

set(documents ${PROJECT_BINARY_DIR}/documents)
set(installed_documents ${CMAKE_INSTALL_DATAROOTDIR}/doc)

# Debian's form of the changelog and of the licence, from CHANGELOG.md and LICENSE.
set(CNNCALC_MAINTAINER "The cnncalc authors <maintainers@cnncalc.invalid>" CACHE STRING
    "Name and address in Debian packages")
foreach(component program library development)
    set(packaged_program cnncalc)
    set(packaged_library libcnncalc${PROJECT_VERSION_MAJOR})
    set(packaged_development libcnncalc-dev)
    set(package ${packaged_${component}})
    set(changelog ${documents}/${package}/changelog)
    execute_process(COMMAND ${CMAKE_COMMAND} -DCHANGELOG=${PROJECT_SOURCE_DIR}/CHANGELOG.md
        -DLICENSE=${PROJECT_SOURCE_DIR}/LICENSE -DPACKAGE=${package}
        -DMAINTAINER=${CNNCALC_MAINTAINER} -DOUT=${documents}/${package}
        -P ${PROJECT_SOURCE_DIR}/cmake/debian.cmake)
    install(FILES ${changelog} ${documents}/${package}/copyright
        DESTINATION ${installed_documents}/${package} COMPONENT ${component}-debian
        EXCLUDE_FROM_ALL)
    string(TOUPPER ${component} name)
    set(CPACK_DEBIAN_${name}_PACKAGE_NAME ${package})
endforeach()

set(CPACK_PACKAGE_NAME cnncalc)
set(CPACK_PACKAGE_VENDOR "the cnncalc authors")
set(CPACK_PACKAGE_CONTACT ${CNNCALC_MAINTAINER})
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION math)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${packaged_library} (= ${PROJECT_VERSION})")
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/compress.cmake)

# The linker's cache is renewed by a trigger. cpack calls ldconfig in scripts besides, which an
# override explains to lintian.
file(WRITE ${documents}/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${documents}/triggers)
file(WRITE ${documents}/overrides "# cpack 3.25 writes these scripts for every shared library.\n"
    "${packaged_library}: maintscript-calls-ldconfig *\n")
install(FILES ${documents}/overrides DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/lintian/overrides
    RENAME ${packaged_library} COMPONENT library-debian EXCLUDE_FROM_ALL)

set(what "A list of layers, pasted code for PyTorch or Keras, or an ONNX model goes in;
exact sizes of feature maps, parameters, multiply-accumulates and memory come
out, with the working. Answers and budgets are checked, and mistakes named.")
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "${what}\n\nThis package has the program.")
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "${what}\n\nThis package has the shared library.")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "${what}\n
This package has the header, the static library, and files for CMake and
pkg-config.")

include(CPack)
foreach(component program library development)
    cpack_add_component_group(${component})
    cpack_add_component(${component} GROUP ${component})
    cpack_add_component(${component}-debian GROUP ${component})
endforeach()
