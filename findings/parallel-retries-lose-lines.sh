#!/usr/bin/env bash
# GNU parallel 20221122 loses lines with --pipepart and --retries, and ends with status 0.
#
# A piece of the file whose command fails is run again, but the second run gets an empty input. The
# lines of that piece are gone. With --pipe, which feeds the file through parallel, the second run
# gets the piece again. --pipepart is the mode that its manual recommends for large files.
. "$(dirname "$0")/packages"
debian_packages parallel=20221122+ds-2

seq 2000 >lines
cat >worker <<'SH'
#!/bin/sh
# Passes lines on; only the first call fails.
if mkdir called 2>/dev/null; then
    cat >/dev/null
    exit 1
fi
cat
SH
chmod +x worker
run() {
    rm -rf called
    local status=0
    HOME=$work timeout 60 parallel --will-cite -k --block 2k --retries 3 "$@" ./worker >out 2>/dev/null || status=$?
    echo "$1 status $status lines $(wc -l <out)"
}
run --pipepart -a lines >seen </dev/null
run --pipe >>seen <lines
expect "parallel 20221122" "$(paste -sd ' ' seen)" "--pipepart status 0 lines 1472 --pipe status 0 lines 2000"
