// krait coverage: how much of the code's signatures is typed. Counted are the places where an annotation can stand:
// each parameter but self and cls, and each function's result. A place whose annotation is just Any counts as untyped.
#include <cstdio>
#include <cstdlib>

#include "analyzer/base/file_io.h"
#include "analyzer/base/json_text.h"
#include "analyzer/base/markup_text.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/config/config.h"
#include "analyzer/config/discovery.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/type_comments.h"
#include "cli/commands.h"
#include "cli/load_source.h"

namespace krait::cli {

using namespace krait::syntax;

namespace {
enum Option : size_t { kFormat, kOutputFile, kFailUnder };

struct Place {
  uint32_t line = 0;  // 1-based
  std::string name;   // "f(x)", "C.m return"
  bool is_typed = false;
};

struct FileCoverage {
  config::Source source;
  std::vector<Place> places;
  std::string failure;
  size_t typed() const {
    size_t count = 0;
    for (const Place& place : places) count += place.is_typed ? 1 : 0;
    return count;
  }
};

struct Counter {
  const Ast& ast;
  const LineIndex& lines;
  std::vector<Place>& places;

  void add(NodeId at, std::string name, NodeId annotation);
  void function(FunctionDef def, const std::string& prefix, bool is_method);
  void visit(NodeId node, const std::string& prefix, bool is_class);
};
}  // namespace

CommandSpec coverageSpec() {
  return {.name = "coverage",
          .summary = "Say how much of the code is typed",
          .details = "Counted are parameters and results of functions; an annotation that is just Any does not count.\n"
                     "Exit code: 0, 1 below --fail-under, 2 wrong usage or unreadable files.",
          .operands = "PATHS...",
          .options = {{"--format", ArgKind::kValue, "FORMAT", "text, json, html or cobertura", ""},
                      {"-o,--output-file", ArgKind::kValue, "FILE", "where to write (default: standard output)", ""},
                      {"--fail-under", ArgKind::kValue, "PERCENT", "exit with 1 when less is typed", ""}}};
}

static bool isAny(const Ast& ast, NodeId annotation) {
  if (auto attribute = ast.tryAs<Attribute>(annotation)) return nameText(ast, attribute->attr()) == "Any";
  return nameText(ast, annotation) == "Any";
}

void Counter::add(NodeId at, std::string name, NodeId annotation) {
  places.push_back({lines.lineOf(ast[at].begin) + 1, std::move(name), annotation.valid() && !isAny(ast, annotation)});
}

void Counter::function(FunctionDef def, const std::string& prefix, bool is_method) {
  std::string name = prefix + std::string(nameText(ast, def.name()));
  bool is_static = false;
  for (NodeId decorator : def.decorators()) is_static |= nameText(ast, decorator) == "staticmethod";
  NodeList params = ast.as<Parameters>(def.params()).params();
  for (size_t i = is_method && !is_static ? 1 : 0; i < params.size(); ++i) {
    auto param = ast.as<Parameter>(params[i]);
    add(params[i], name + "(" + std::string(nameText(ast, param.name())) + ")", param.annotation());
  }
  add(def.name(), name + " return", def.returns());
  for (NodeId statement : def.body()) visit(statement, name + ".", false);
}

void Counter::visit(NodeId node, const std::string& prefix, bool is_class) {
  if (auto def = ast.tryAs<FunctionDef>(node)) return function(*def, prefix, is_class);
  if (auto cls = ast.tryAs<ClassDef>(node)) {
    std::string name = prefix + std::string(nameText(ast, cls->name())) + ".";
    for (NodeId statement : cls->body()) visit(statement, name, true);
    return;
  }
  if (isExpression(ast, node)) return;
  forEachChild(ast, node, [&](NodeId child) { visit(child, prefix, is_class); });
}

static FileCoverage coverageOf(const config::Source& source) {
  FileCoverage out{.source = source};
  SourceFile file;
  LoadOutcome loaded = loadSource(source.path, file);
  if (!loaded.failure.empty() || loaded.error) {
    out.failure = source.path + ": " + (loaded.error ? loaded.error->message : loaded.failure);
    return out;
  }
  Interner names;
  ParsedModule parsed = parseModule(file.text, names);
  if (parsed.error) {
    out.failure = source.path + ":" + std::to_string(file.lines.lineOf(parsed.error->range.begin) + 1) + ": " + parsed.error->message;
    return out;
  }
  std::vector<TypeCommentProblem> problems;
  Ast ast = applyTypeComments(std::move(parsed.ast), names, problems);
  Counter counter{ast, file.lines, out.places};
  counter.visit(ast.root(), "", false);
  return out;
}

static double percent(size_t typed, size_t all) { return all == 0 ? 100.0 : 100.0 * static_cast<double>(typed) / static_cast<double>(all); }

static std::string number(double value, const char* form) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, form, value);
  return buffer;
}

static std::string asText(const std::vector<FileCoverage>& files, size_t typed, size_t all) {
  std::string out;
  for (const FileCoverage& file : files) {
    out += number(percent(file.typed(), file.places.size()), "%6.1f%%  ") + std::to_string(file.typed()) + " of " + std::to_string(file.places.size()) + "  " +
           file.source.path + "\n";
  }
  return out + number(percent(typed, all), "%6.1f%%  ") + std::to_string(typed) + " of " + std::to_string(all) + "  in all\n";
}

static std::string asJson(const std::vector<FileCoverage>& files, size_t typed, size_t all) {
  std::string out = "{\"typed\":" + std::to_string(typed) + ",\"all\":" + std::to_string(all) + ",\"percent\":" + number(percent(typed, all), "%.2f") + ",\"files\":[";
  for (const FileCoverage& file : files) {
    out += std::string(&file == &files[0] ? "" : ",") + "\n{\"path\":" + jsonString(file.source.path) + ",\"module\":" + jsonString(file.source.module) +
           ",\"typed\":" + std::to_string(file.typed()) + ",\"all\":" + std::to_string(file.places.size()) + ",\"untyped\":[";
    bool is_first = true;
    for (const Place& place : file.places) {
      if (place.is_typed) continue;
      out += std::string(is_first ? "" : ",") + "{\"line\":" + std::to_string(place.line) + ",\"name\":" + jsonString(place.name) + "}";
      is_first = false;
    }
    out += "]}";
  }
  return out + "]}\n";
}

static std::string asHtml(const std::vector<FileCoverage>& files, size_t typed, size_t all) {
  std::string out = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Typed code</title>\n"
                    "<style>body{font-family:sans-serif;margin:2em}td,th{padding:.2em 1em;text-align:left}td:first-child{text-align:right}</style>\n<h1>" +
                    number(percent(typed, all), "%.1f%%") + " typed</h1>\n<table>\n<tr><th>Typed</th><th>Places</th><th>File</th></tr>\n";
  for (const FileCoverage& file : files) {
    out += "<tr><td>" + number(percent(file.typed(), file.places.size()), "%.1f%%") + "</td><td>" + std::to_string(file.typed()) + " of " +
           std::to_string(file.places.size()) + "</td><td><details><summary>" + markupText(file.source.path) + "</summary><ul>";
    for (const Place& place : file.places) {
      if (!place.is_typed) out += "<li>line " + std::to_string(place.line) + ": " + markupText(place.name) + "</li>";
    }
    out += "</ul></details></td></tr>\n";
  }
  return out + "</table>\n</html>\n";
}

// One <line> for each place; two places of one line are one line that is hit when both are typed.
static std::string asCobertura(const std::vector<FileCoverage>& files, size_t typed, size_t all) {
  auto rate = [](size_t part, size_t whole) { return number(percent(part, whole) / 100, "%.4f"); };
  std::string out = "<?xml version=\"1.0\" ?>\n<coverage line-rate=\"" + rate(typed, all) + "\" branch-rate=\"0\" lines-covered=\"" + std::to_string(typed) +
                    "\" lines-valid=\"" + std::to_string(all) + "\" version=\"krait\" timestamp=\"0\">\n<packages><package name=\"\" line-rate=\"" + rate(typed, all) +
                    "\"><classes>\n";
  for (const FileCoverage& file : files) {
    out += "<class name=\"" + markupText(file.source.module) + "\" filename=\"" + markupText(file.source.path) + "\" line-rate=\"" +
           rate(file.typed(), file.places.size()) + "\"><methods/><lines>\n";
    for (size_t i = 0; i < file.places.size();) {
      uint32_t line = file.places[i].line;
      bool is_hit = true;
      for (; i < file.places.size() && file.places[i].line == line; ++i) is_hit = is_hit && file.places[i].is_typed;
      out += "<line number=\"" + std::to_string(line) + "\" hits=\"" + (is_hit ? "1" : "0") + "\"/>\n";
    }
    out += "</lines></class>\n";
  }
  return out + "</classes></package></packages>\n</coverage>\n";
}

static int usageError(const std::string& message) { return sayUsageError(coverageSpec(), message); }

static int reportCoverage(const ParsedArguments& parsed) {
  std::string format = "text", output;
  double least = -1;
  for (const ParsedOption& option : parsed.options) {
    if (option.index == kFormat) format = option.values[0];
    if (option.index == kOutputFile) output = option.values[0];
    if (option.index != kFailUnder) continue;
    char* end = nullptr;
    least = std::strtod(option.values[0].c_str(), &end);
    if (end == option.values[0].c_str() || *end != '\0' || least < 0 || least > 100) return usageError("--fail-under takes a number from 0 to 100");
  }
  if (format != "text" && format != "json" && format != "html" && format != "cobertura") {
    return usageError("invalid choice: '" + format + "' (choose from text, json, html, cobertura)");
  }
  if (parsed.operands.empty()) return usageError("give files or folders");
  Result<config::Config> config = config::loadConfig({});
  if (!config.ok()) return usageError(config.message());
  Result<std::vector<config::Source>> sources = config::findSources(parsed.operands, config.value().base, {});
  if (!sources.ok()) return usageError(sources.message());
  std::vector<FileCoverage> files(sources.value().size());
  parallelFor(files.size(), hardwareThreads(), [&](size_t i) { files[i] = coverageOf(sources.value()[i]); });
  size_t typed = 0, all = 0;
  bool has_failed = false;
  for (const FileCoverage& file : files) {
    typed += file.typed();
    all += file.places.size();
    if (file.failure.empty()) continue;
    has_failed = true;
    std::fprintf(stderr, "krait: %s\n", file.failure.c_str());
  }
  std::string text = format == "json"   ? asJson(files, typed, all)
                     : format == "html" ? asHtml(files, typed, all)
                     : format == "text" ? asText(files, typed, all)
                                        : asCobertura(files, typed, all);
  if (output.empty()) {
    std::fwrite(text.data(), 1, text.size(), stdout);
  } else if (Result<size_t> written = writeFileAtomically(output, text); !written.ok()) {
    return usageError(written.message());
  }
  if (has_failed) return 2;
  return percent(typed, all) < least ? 1 : 0;
}

int runCoverage(const Arguments& arguments) {
  ParsedArguments parsed = parseArguments(coverageSpec(), arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  int exit_code = 2;
  runOnDeepStack([&] { exit_code = reportCoverage(parsed); });
  return exit_code;
}

}  // namespace krait::cli
