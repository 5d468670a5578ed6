# Writes C with the commit that is being built, for --version. Runs at every build, and touches the
# file only when it changes: then one small file is compiled and the program linked. In a source tree
# without a repository of its own, a release's tarball for example, there is no commit.
# cmake -DSOURCE=dir -DOUT=file -P commit.cmake

set(commit "")
find_program(git git)
if(git AND EXISTS "${SOURCE}/.git")
    execute_process(COMMAND ${git} -C "${SOURCE}" describe --always --dirty --abbrev=12 "--exclude=*"
        OUTPUT_VARIABLE name OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
    if(NOT failed AND name MATCHES "^[0-9a-f]+(-dirty)?$")
        set(commit " (commit ${name})")
    endif()
endif()

set(text "/* Made by cmake/commit.cmake. */\n#include \"commit.h\"\n\nconst char commit[] = \"${commit}\";\n")
set(before "")
if(EXISTS "${OUT}")
    file(READ "${OUT}" before)
endif()
if(NOT before STREQUAL text)
    file(WRITE "${OUT}" "${text}")
endif()
