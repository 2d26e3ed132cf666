#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds hc-transform.node for both ISAs: build/{x86-64,aarch64}/hc-transform.node.
# napi_* and libc's malloc, free, memcpy are resolved by the node that loads it, so no library of either ISA is needed.
set -euo pipefail
cd "$(dirname "$0")"
headers=$(node -p 'require("node-api-headers").include_dir')
for isa in x86-64 aarch64; do
  mkdir -p "build/$isa"
  clang++-19 --target="${isa/x86-64/x86_64}-linux-gnu" -std=c++17 -O2 -Wall -Wextra -Werror \
    -ffreestanding -nostdinc++ -nostdlib -fno-exceptions -fno-rtti -fPIC -fvisibility=hidden \
    -shared -fuse-ld=lld -Wl,--build-id,-z,relro,-z,noexecstack,-s \
    -Iinclude -I../runtime/include -isystem "$headers" \
    src/sites.cc src/stack.cc src/addon.cc -o "build/$isa/hc-transform.node"
done
