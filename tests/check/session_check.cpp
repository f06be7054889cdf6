// Edits texts at random and checks that a Session, which patches edits into what it knows, finds what a fresh one does.
// usage: session_check [--steps N] [--seed N] [--time] [--then FILE] FILE... | --seen FOLDER
// --seen: edits of the folder's edited.py that its importer.py does or does not see.
// --then: the first edit gives the text of that file (to see a difference again: session_check --then session_check.py session_check_before.py).
// --time: edits that add an undefined name to function bodies, no comparison; prints milliseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/config/discovery.h"
#include "checker/program/session.h"

using namespace krait;

static std::mt19937 random_source;

static size_t below(size_t limit) { return limit == 0 ? 0 : random_source() % limit; }

static std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    size_t end = text.find('\n', at);
    if (end == std::string::npos) end = text.size();
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

static std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

static std::string indentOf(const std::string& line) { return line.substr(0, std::min(line.find_first_not_of(' '), line.size())); }

// The lines whose first word is this one.
static std::vector<size_t> linesWith(const std::vector<std::string>& lines, const std::string& word) {
  std::vector<size_t> out;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].compare(indentOf(lines[i]).size(), word.size(), word) == 0) out.push_back(i);
  }
  return out;
}

// An edit of a declaration: a signature, a name, an attribute, a statement of a module or class.
static void declare(std::vector<std::string>& lines) {
  static constexpr const char* kStatements[] = {"def added(a: int) -> str: return a", "VALUE = 1", "VALUE: int = 'a'", "class Added: size = 1", "import json",
                                                "from os import path as located", "added2 = added(1)", "print(VALUE, Added().size, added('x'))"};
  static constexpr const char* kMembers[] = {"    def more(self, a: int) -> str: return a", "    @property\n    def whole(self) -> int: return 'a'", "    part = 1",
                                             "    def put(self, b=0):\n        self.kept = b\n        return self.part", "    def get(self): return self.kept"};
  auto insert = [&](size_t at, const char* line) { lines.insert(lines.begin() + static_cast<ptrdiff_t>(at), line); };
  std::vector<size_t> functions = linesWith(lines, "def "), classes = linesWith(lines, "class ");
  switch (below(5)) {
    case 0: {
      std::vector<size_t> tops;
      for (size_t i = 0; i < lines.size(); ++i) {
        if (!lines[i].empty() && lines[i][0] != ' ' && lines[i][0] != ')') tops.push_back(i);
      }
      if (!tops.empty()) insert(tops[below(tops.size())], kStatements[below(std::size(kStatements))]);
      break;
    }
    case 1:
      if (!classes.empty()) insert(classes[below(classes.size())] + 1, kMembers[below(std::size(kMembers))]);
      break;
    case 2:
      if (!functions.empty()) {
        std::string& line = lines[functions[below(functions.size())]];
        if (size_t end = line.find(')'); end != std::string::npos) line.insert(end, line[end - 1] == '(' ? "extra=1" : ", extra=1");
      }
      break;
    case 3:
      if (!functions.empty()) {
        std::string& line = lines[functions[below(functions.size())]];
        line.insert(line.find("def ") + 4, "q");
      }
      break;
    default:
      if (std::vector<size_t> stores = linesWith(lines, "self."); !stores.empty()) {
        std::string& line = lines[stores[below(stores.size())]];
        if (below(2) == 0) line.insert(line.find("self.") + 5, "w");
        else if (size_t value = line.find("= "); value != std::string::npos) line = line.substr(0, value + 2) + (below(2) == 0 ? "'text'" : "None");
      }
      break;
  }
}

// One edit as people make them.
static std::string edit(const std::string& text) {
  static constexpr const char* kStatements[] = {"undefined_name_1", "x = 1", "y: int = 'a'", "print(1 + 'a')", "return 1", "pass",
                                                "for i in range(3): j = i", "self.q = 1", "assert isinstance(x, int)", "z = []",
                                                "def inner(a: int) -> str: return a", "class Inner: b = 1", "import os", "# note", "yield 1"};
  std::vector<std::string> lines = linesOf(text);
  if (lines.empty()) return "x = 1\n";
  size_t at = below(lines.size());
  switch (below(9)) {
    case 6:
    case 7:
    case 8: declare(lines); break;
    case 0:
    case 1: lines.insert(lines.begin() + static_cast<ptrdiff_t>(at), indentOf(lines[at]) + kStatements[below(std::size(kStatements))]); break;
    case 2: lines.erase(lines.begin() + static_cast<ptrdiff_t>(at)); break;
    case 3: lines.insert(lines.begin() + static_cast<ptrdiff_t>(at), lines[below(lines.size())]); break;
    case 4:
      if (!lines[at].empty()) lines[at].insert(below(lines[at].size()), 1, "a1 .("[below(5)]);
      break;
    default:
      if (size_t digit = lines[at].find_first_of("0123456789"); digit != std::string::npos) lines[at].replace(digit, 1, "'s'");
      break;
  }
  return joined(lines);
}

static std::string listed(const std::vector<Diagnostic>& findings) {
  std::vector<std::string> all;
  for (const Diagnostic& finding : findings) {
    std::string line = std::to_string(finding.range.begin) + "-" + std::to_string(finding.range.end) + ": " + finding.message;
    for (const Note& note : finding.notes) line += "\n    " + note.message;
    all.push_back(line + "\n");
  }
  // Findings of one place may come in the order in which targets were checked.
  std::sort(all.begin(), all.end());
  std::string out;
  for (const std::string& line : all) out += line;
  return out;
}

namespace {
struct Setting {
  config::Config config;
  std::vector<config::Source> sources;
};
}  // namespace

static double milliseconds(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - since).count();
}

static int compareEdits(Setting& setting, const std::string& path, std::string text, int steps, const std::string& then) {
  Interner names;
  semantic::ImportResolver resolver(semantic::resolverOptionsFor(setting.config, setting.sources));
  program::Session session(setting.config, resolver, names);
  std::string original = text, good = text, before;
  for (int step = 0; step < steps; ++step) {
    session.setText(path, "", text);
    std::string got = listed(session.findings(path, FileId(0)));
    bool is_renewed = step % 8 == 7 && session.renewAfter(3);
    if (is_renewed) got = listed(session.findings(path, FileId(0)));
    Interner other_names;
    program::Session fresh(setting.config, resolver, other_names);
    fresh.setText(path, "", text);
    std::string wanted = listed(fresh.findings(path, FileId(0)));
    if (got != wanted) {
      std::printf("%s: after %d edits (%zu patched, %zu new): expected\n%s\ngot\n%s\nthe texts are in session_check_before.py and session_check.py\n", path.c_str(), step, session.patched(),
                  session.rebuilt(), wanted.c_str(), got.c_str());
      (void)writeFileAtomically("session_check.py", text);
      (void)writeFileAtomically("session_check_before.py", before);
      return 1;
    }
    if (!*session.parsed(path).error) before = text;
    // A broken text stays broken under most edits: mostly go back to the last right one.
    if (!*session.parsed(path).error) good = text;
    else if (below(3) != 0) text = good;
    text = step == 0 && !then.empty() ? then : below(20) == 0 ? original : edit(text);
  }
  std::printf("%s: %d edits, %zu patched, %zu new\n", path.c_str(), steps, session.patched(), session.rebuilt());
  return 0;
}

static int timeEdits(Setting& setting, const std::string& path, const std::string& module, const std::string& text, int steps) {
  Interner names;
  semantic::ImportResolver resolver(semantic::resolverOptionsFor(setting.config, setting.sources));
  program::Session session(setting.config, resolver, names);
  auto start = std::chrono::steady_clock::now();
  session.setText(path, module, text);
  size_t count = session.findings(path, FileId(0)).size();
  std::printf("%s: first %.1f ms, %zu findings\n", path.c_str(), milliseconds(start), count);
  std::vector<double> times;
  std::vector<std::string> lines = linesOf(text);
  for (int step = 0; step < steps; ++step) {
    std::vector<std::string> edited = lines;
    size_t at = below(lines.size());
    while (at + 1 < lines.size() && lines[at].find("return") == std::string::npos) ++at;
    edited.insert(edited.begin() + static_cast<ptrdiff_t>(at), indentOf(lines[at]) + "undefined_" + std::to_string(step));
    std::string next = joined(edited);
    start = std::chrono::steady_clock::now();
    session.setText(path, module, next);
    session.findings(path, FileId(0));
    times.push_back(milliseconds(start));
    session.setText(path, module, text);
    session.findings(path, FileId(0));
  }
  std::sort(times.begin(), times.end());
  if (!times.empty()) {
    std::printf("edit: median %.1f ms, p95 %.1f ms, worst %.1f ms; %zu patched, %zu new\n", times[times.size() / 2], times[times.size() * 95 / 100],
                times.back(), session.patched(), session.rebuilt());
  }
  return 0;
}

// A new name at module level that no importer speaks of is patched in; one that an importer waits for needs a new World, but
// the one that is there still answers until then.
static int checkNamesSeen(Setting& setting, const std::string& folder) {
  setting.sources.push_back({.path = folder, .module = {}, .base_dir = folder});
  Interner names;
  semantic::ImportResolver resolver(semantic::resolverOptionsFor(setting.config, setting.sources));
  program::Session session(setting.config, resolver, names);
  const std::string edited = folder + "/edited.py", importer = folder + "/importer.py";
  Result<std::string> text = readFile(edited), other = readFile(importer);
  if (!text.ok() || !other.ok()) return 1;
  session.setText(edited, "edited", text.value());
  session.setText(importer, "importer", other.value());
  size_t before = session.findings(importer, FileId(1)).size();
  session.findings(edited, FileId(0));
  size_t failed = 0;
  auto expect = [&](bool is_right, const char* what) {
    if (!is_right) std::printf("%s: %s (%zu patched, %zu new)\n", folder.c_str(), what, session.patched(), session.rebuilt());
    failed += is_right ? 0 : 1;
  };
  expect(before == 1, "the importer should miss one name");
  session.setText(edited, "edited", text.value() + "added = 1\n");
  expect(session.patched() == 1 && !session.isStale(), "a name that nobody speaks of should be patched in");
  session.setText(edited, "edited", text.value() + "added = 1\nwanted = 1\n");
  expect(session.isStale(), "a name that an importer speaks of should need a new World");
  expect(session.textInWorld(edited) != nullptr, "the old World should still answer");
  expect(session.findings(importer, FileId(1)).empty() && session.rebuilt() == 2, "the importer should see the name");
  return failed == 0 ? 0 : 1;
}

static int run(int argc, char** argv) {
  int steps = 20;
  bool is_timed = false;
  std::string seen;
  std::vector<std::string> paths;
  std::string then;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--steps") == 0 && i + 1 < argc) steps = std::atoi(argv[++i]);
    else if (std::strcmp(argv[i], "--seed") == 0 && i + 1 < argc) random_source.seed(static_cast<unsigned>(std::atoi(argv[++i])));
    else if (std::strcmp(argv[i], "--then") == 0 && i + 1 < argc) then = readFile(argv[++i]).value();
    else if (std::strcmp(argv[i], "--seen") == 0 && i + 1 < argc) seen = argv[++i];
    else if (std::strcmp(argv[i], "--time") == 0) is_timed = true;
    else paths.push_back(argv[i]);
  }
  Setting setting;
  setting.config.base.no_site_packages = true;
  if (!seen.empty()) return checkNamesSeen(setting, seen);
  for (const std::string& path : paths) {
    Result<std::string> text = readFile(path);
    if (!text.ok()) {
      std::printf("%s\n", text.message().c_str());
      return 1;
    }
    Result<config::Source> source = config::sourceOfFile(path, setting.config.base);
    std::string module;
    setting.sources.clear();
    if (is_timed && source.ok()) {
      setting.sources.push_back(source.value());
      module = source.value().module;
    }
    int failed = is_timed ? timeEdits(setting, path, module, text.value(), steps) : compareEdits(setting, path, text.value(), steps, then);
    if (failed != 0) return failed;
  }
  return 0;
}

int main(int argc, char** argv) {
  int exit_code = 0;
  runOnDeepStack([&] { exit_code = run(argc, argv); });
  return exit_code;
}
