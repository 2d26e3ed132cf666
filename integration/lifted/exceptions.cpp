// SPDX-License-Identifier: GPL-3.0-or-later
// C++ as it is compiled: exceptions through frames that clean up, rethrown, caught far above; moved between the call and the
// throw, while one is handled, and in a destructor that unwinding runs. Containers and strings besides.
#include "../programs/hop.h"
#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

std::vector<std::string> seen;

struct Guard {
  std::string name;
  bool moves;
  Guard(std::string name, bool moves) : name(std::move(name)), moves(moves) {}
  ~Guard() {
    if (moves) hop();
    seen.push_back(name);
  }
};

struct Failure : std::runtime_error {
  std::vector<long> values;
  Failure(const std::string &what, std::vector<long> values) : std::runtime_error(what), values(std::move(values)) {}
};

__attribute__((noinline)) long descend(long depth, long a, long b, double c) {
  Guard guard("frame " + std::to_string(depth), depth == 2);
  if (depth == 0) {
    hop();
    throw Failure("the bottom", {a, b, long(c)});
  }
  long result = descend(depth - 1, a + b, a - b, c * 1.5);
  return result + a * b;
}

__attribute__((noinline)) long attempt(long depth) {
  auto value = std::make_unique<long>(depth * 7);
  long kept = depth * 3, other = depth ^ 5;
  double real = depth / 3.0;
  try {
    kept += descend(depth, 1, 2, 3.5);
  } catch (const Failure &failure) {
    hop();
    check(kept == depth * 3 && other == (depth ^ 5) && real == depth / 3.0 && *value == depth * 7);
    printf("%s %ld\n", failure.what(), std::accumulate(failure.values.begin(), failure.values.end(), kept));
    throw;
  }
  return kept;
}

void containers() {
  std::map<std::string, std::vector<long>> lists;
  for (long i = 0; i < 200; i++) lists["key " + std::to_string(i * i % 17)].push_back(i);
  hop();
  for (auto &[key, list] : lists) {
    std::sort(list.begin(), list.end(), [](long a, long b) { return a % 10 != b % 10 ? a % 10 < b % 10 : a > b; });
    printf("%s %zu %ld\n", key.c_str(), list.size(), list.front());
  }
  printf("%.17g %.20Lg %g\n", 1 / 3.0, 2 / 3.0L, std::stod("2.5e-7"));
}

} // namespace

int main() {
  for (long depth : {0, 1, 5, 9}) {
    try {
      attempt(depth);
    } catch (const std::exception &error) {
      seen.push_back(std::string("caught ") + error.what());
    }
  }
  try {
    try {
      throw 3;
    } catch (int number) {
      hop();
      throw std::to_string(number);
    }
  } catch (const std::string &text) {
    seen.push_back(text);
  }
  try {
    std::vector<int>().at(5);
  } catch (const std::out_of_range &error) {
    seen.push_back(error.what());
  }
  for (const std::string &line : seen) puts(line.c_str());
  containers();
  return finish("exceptions");
}
