#!/bin/sh
# Installs axe-core, at the version of package-lock.json, in a folder. Status 77, which skips the test:
# there is no npm, or it reaches no registry; the pages are then tested without axe-core.
#
#   tests/web/install_axe.sh FOLDER
set -u
cd "$1" || exit 1
command -v npm >/dev/null || {
    echo "there is no npm"
    exit 77
}
npm ci --ignore-scripts --no-audit --no-fund || {
    echo "npm cannot install axe-core: accessibility is not checked"
    exit 77
}
