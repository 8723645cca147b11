# find_package(swiftlet) gives the targets swiftlet::swiftlet, the shared library, and swiftlet::static.
include(CMakeFindDependencyMacro)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_dependency(Threads)

get_filename_component(_swiftlet_lib "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
get_filename_component(_swiftlet_include "${_swiftlet_lib}/../include" ABSOLUTE)

if(NOT TARGET swiftlet::swiftlet)
  add_library(swiftlet::swiftlet SHARED IMPORTED)
  set_target_properties(swiftlet::swiftlet PROPERTIES
    IMPORTED_LOCATION "${_swiftlet_lib}/libswiftlet.so"
    IMPORTED_SONAME "libswiftlet.so"
    INTERFACE_INCLUDE_DIRECTORIES "${_swiftlet_include}")
  add_library(swiftlet::static STATIC IMPORTED)
  set_target_properties(swiftlet::static PROPERTIES
    IMPORTED_LOCATION "${_swiftlet_lib}/libswiftlet.a"
    IMPORTED_LINK_INTERFACE_LANGUAGES "C"
    INTERFACE_INCLUDE_DIRECTORIES "${_swiftlet_include}"
    INTERFACE_LINK_LIBRARIES "m;Threads::Threads")
endif()
