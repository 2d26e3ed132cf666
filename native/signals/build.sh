#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds build/signals-{x64,arm64}.node, named after Node's process.arch.
set -euo pipefail
cd "$(dirname "$0")"
headers=$(node -p "require('node-api-headers').include_dir")
mkdir -p build
for pair in x64:x86_64-linux-gnu arm64:aarch64-linux-gnu; do
  ${CLANG:-clang-19} --target="${pair#*:}" -std=c17 -O2 -Wall -Wextra -Werror -ffreestanding -fPIC -fvisibility=hidden \
    -I "$headers" -nostdlib -shared -fuse-ld=lld -Wl,--unresolved-symbols=ignore-all -Wl,-z,noexecstack \
    -o "build/signals-${pair%%:*}.node" src/signals.c
done
