// SPDX-License-Identifier: GPL-3.0-or-later
// The subcommands of hc-codegen; each returns the exit code.
#pragma once
#include "Program.h"
#include <map>

namespace hc {

struct CompileOptions {
  std::string input, out = ".", dumpIr;
  std::vector<Isa> isas;
  Points points = Points::Loops;
};
int compile(const CompileOptions &options);

// Objects of the link by ISA, the program's first.
using ObjectLists = std::map<Isa, std::vector<std::string>>;
int plan(const ObjectLists &objects, const std::string &out);

// Linked executables by ISA.
int finish(const std::map<Isa, std::string> &executables, const std::string &sites);

} // namespace hc
