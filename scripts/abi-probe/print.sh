#!/usr/bin/env bash
# Prints the layouts that tests/EchoRate.Llama.Tests/Abi/<version>.txt holds. Run by hand when a llama.cpp version is added:
#
#   npm pack node-llama-cpp@3.21.1 && tar xzf node-llama-cpp-3.21.1.tgz      # the package holds the source of its llama.cpp
#   git clone package/llama/gitRelease.bundle llama.cpp
#   scripts/abi-probe/print.sh llama.cpp > tests/EchoRate.Llama.Tests/Abi/v0.4.0.txt
#
# The numbers are those of 64-bit Linux. No field is a C `long`, so 64-bit Windows and macOS lay the structs out alike.
set -euo pipefail

if [ $# -ne 1 ] || [ ! -f "$1/include/llama.h" ]; then
    echo "usage: $0 LLAMA_CPP_SOURCE_FOLDER (the folder that holds include/llama.h)" >&2
    exit 2
fi

here=$(cd "$(dirname "$0")" && pwd)
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

"${CC:-cc}" -std=c11 -Wall -Wno-deprecated-declarations -I "$1/include" -I "$1/ggml/include" -o "$build/probe" "$here/probe.c"
"$build/probe"
