// front_end FILE…: seconds and MB/s of CPU time for tree-sitter alone, parse+lower, bind, over the files together; the
// best of five rounds each.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "analyzer/base/file_io.h"
#include "analyzer/semantic/binder.h"
#include "analyzer/syntax/parser.h"

static double cpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <class Work>
static double bestOf(int rounds, Work&& work) {
  double best = 1e9;
  for (int i = 0; i < rounds; ++i) {
    double start = cpuSeconds();
    work();
    best = std::min(best, cpuSeconds() - start);
  }
  return best;
}

static void report(const char* name, double seconds, size_t bytes) {
  std::printf("%-24s %8.3f s %8.1f MB/s\n", name, seconds, static_cast<double>(bytes) / seconds / 1e6);
}

int main(int argc, char** argv) {
  std::vector<std::string> texts;
  size_t bytes = 0;
  for (int i = 1; i < argc; ++i) {
    krait::Result<std::string> text = krait::readFile(argv[i]);
    if (!text.ok()) {
      std::fprintf(stderr, "%s\n", text.message().c_str());
      return 2;
    }
    bytes += text.value().size();
    texts.push_back(std::move(text.value()));
  }
  std::printf("%zu files, %.2f MB\n", texts.size(), static_cast<double>(bytes) / 1e6);
  double tree = bestOf(5, [&] {
    for (const std::string& text : texts) krait::syntax::parseTree(text);
  });
  report("tree-sitter", tree, bytes);
  krait::Interner names;
  std::vector<krait::syntax::ParsedModule> modules;
  double parse = bestOf(5, [&] {
    modules.clear();
    for (const std::string& text : texts) modules.push_back(krait::syntax::parseModule(text, names));
  });
  report("parse and lower", parse, bytes);
  double bind = bestOf(5, [&] {
    for (const krait::syntax::ParsedModule& module : modules) krait::semantic::bind(module.ast, names);
  });
  report("bind", bind, bytes);
  report("parse, lower and bind", parse + bind, bytes);
  return 0;
}
