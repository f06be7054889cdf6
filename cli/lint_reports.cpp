#include "cli/lint_reports.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "analyzer/base/json_text.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/config/config.h"
#include "analyzer/config/discovery.h"
#include "analyzer/lint/metrics/metrics.h"
#include "analyzer/lint/unused_code.h"
#include "analyzer/semantic/binder.h"
#include "analyzer/syntax/parser.h"
#include "cli/arguments.h"
#include "cli/load_source.h"

namespace krait::cli {

namespace {
enum ReportOption : size_t { kMetrics, kProject, kReportFormat, kMinConfidence };

struct ReportRequest {
  bool wants_metrics = false;
  bool is_json = false;
  uint32_t min_confidence = 0;
  std::vector<std::string> paths;
};

struct ReportedFile {
  std::string path;
  std::string failure;
  lint::FileMetrics metrics;
  lint::FileNames names;
};
}  // namespace

static CommandSpec reportSpec() {
  return {.name = "lint",
          .summary = "Measure code, or find code that nothing uses",
          .details = "--metrics prints cyclomatic complexity, maintainability, Halstead's and raw counts of each file.\n"
                     "--project finds functions, classes, attributes, variables and imports whose names no file uses.",
          .operands = "[PATHS...]",
          .options = {{"--metrics", ArgKind::kFlag, "", "measure the files", ""},
                      {"--project", ArgKind::kFlag, "", "find unused code over all files", ""},
                      {"--output-format", ArgKind::kValue, "FORMAT", "text or json", ""},
                      {"--min-confidence", ArgKind::kValue, "PERCENT", "with --project: report from this confidence on", ""}}};
}

bool asksForLintReport(const Arguments& arguments) {
  return std::any_of(arguments.begin(), arguments.end(), [](const auto& argument) { return argument == "--metrics" || argument == "--project"; });
}

static bool isTestFile(const std::string& path) {
  size_t slash = path.rfind('/');
  std::string_view name = std::string_view(path).substr(slash == std::string::npos ? 0 : slash + 1);
  return name.starts_with("test_") || name.ends_with("_test.py") || path.find("/tests/") != std::string::npos;
}

static void readFile(const ReportRequest& request, Interner& names, ReportedFile& out) {
  SourceFile file;
  file.path = out.path;
  LoadOutcome loaded = loadSource(out.path, file);
  if (!loaded.failure.empty()) {
    out.failure = "can't read file '" + out.path + "': " + loaded.failure;
    return;
  }
  syntax::ParsedModule module = syntax::parseModule(file.text, names);
  if (loaded.error || module.error) {
    out.failure = out.path + ":" + std::to_string(loaded.error ? loaded.error->line : module.error->line) + ": " +
                  (loaded.error ? loaded.error->message : module.error->message);
    return;
  }
  if (request.wants_metrics) {
    out.metrics = lint::measureFile(module.ast, file.lines);
  } else {
    semantic::SemanticModel model = semantic::bind(module.ast, names);
    out.names = lint::namesOfFile(model, file.lines, isTestFile(out.path), out.path.ends_with("__init__.py"));
  }
}

static const char* letterOf(lint::BlockKind kind) {
  return kind == lint::BlockKind::kClass ? "C" : kind == lint::BlockKind::kMethod ? "M" : "F";
}

static void printMetricsText(const ReportedFile& file) {
  const lint::FileMetrics& m = file.metrics;
  std::printf("%s - %c (%.2f)\n", file.path.c_str(), lint::maintainabilityRank(m.maintainability), m.maintainability);
  for (const lint::BlockMetrics& block : m.blocks) {
    std::printf("    %s %u:%u %s - %c (%u)\n", letterOf(block.kind), block.line, block.column, block.name.c_str(),
                lint::complexityRank(block.complexity), block.complexity);
  }
  std::printf("    LOC: %u  LLOC: %u  SLOC: %u  comments: %u  single comments: %u  multi: %u  blank: %u\n", m.raw.lines, m.raw.logical_lines,
              m.raw.source_lines, m.raw.comments, m.raw.single_comments, m.raw.multi, m.raw.blank);
  std::printf("    h1: %u  h2: %u  N1: %u  N2: %u  volume: %.2f  difficulty: %.2f  effort: %.2f  time: %.2f  bugs: %.2f\n",
              m.halstead.distinct_operators, m.halstead.distinct_operands, m.halstead.operators, m.halstead.operands, m.halstead.volume(),
              m.halstead.difficulty(), m.halstead.effort(), m.halstead.time(), m.halstead.bugs());
}

static void printMetricsJson(const std::vector<ReportedFile>& files) {
  std::printf("{");
  bool is_first = true;
  for (const ReportedFile& file : files) {
    if (!file.failure.empty()) continue;
    const lint::FileMetrics& m = file.metrics;
    std::printf("%s\n  %s: {\"mi\": %.4f, \"rank\": \"%c\", \"complexity\": %u, \"blocks\": [", is_first ? "" : ",", jsonString(file.path).c_str(),
                m.maintainability, lint::maintainabilityRank(m.maintainability), m.total_complexity);
    is_first = false;
    for (size_t i = 0; i < m.blocks.size(); ++i) {
      const lint::BlockMetrics& block = m.blocks[i];
      const char* type = block.kind == lint::BlockKind::kClass ? "class" : block.kind == lint::BlockKind::kMethod ? "method" : "function";
      std::printf("%s{\"type\": \"%s\", \"name\": %s, \"lineno\": %u, \"col_offset\": %u, \"complexity\": %u, \"rank\": \"%c\"}", i ? ", " : "", type,
                  jsonString(block.name).c_str(), block.line, block.column, block.complexity, lint::complexityRank(block.complexity));
    }
    std::printf("], \"raw\": {\"loc\": %u, \"lloc\": %u, \"sloc\": %u, \"comments\": %u, \"single_comments\": %u, \"multi\": %u, \"blank\": %u}, ",
                m.raw.lines, m.raw.logical_lines, m.raw.source_lines, m.raw.comments, m.raw.single_comments, m.raw.multi, m.raw.blank);
    std::printf("\"halstead\": {\"h1\": %u, \"h2\": %u, \"N1\": %u, \"N2\": %u, \"vocabulary\": %u, \"length\": %u, \"calculated_length\": %.4f, "
                "\"volume\": %.4f, \"difficulty\": %.4f, \"effort\": %.4f, \"time\": %.4f, \"bugs\": %.6f}}",
                m.halstead.distinct_operators, m.halstead.distinct_operands, m.halstead.operators, m.halstead.operands, m.halstead.vocabulary(),
                m.halstead.length(), m.halstead.calculatedLength(), m.halstead.volume(), m.halstead.difficulty(), m.halstead.effort(),
                m.halstead.time(), m.halstead.bugs());
  }
  std::printf("\n}\n");
}

static int printUnused(const ReportRequest& request, const std::vector<ReportedFile>& files) {
  std::vector<lint::FileNames> names;
  for (const ReportedFile& file : files) names.push_back(file.names);
  std::vector<std::vector<lint::NamedCode>> unused = lint::unusedCode(names);
  bool has_any = false;
  if (request.is_json) std::printf("[");
  for (size_t i = 0; i < files.size(); ++i) {
    for (const lint::NamedCode& code : unused[i]) {
      uint32_t confidence = lint::confidenceOf(code.kind);
      if (confidence < request.min_confidence) continue;
      std::string kind(lint::spelling(code.kind));
      if (request.is_json) {
        std::printf("%s\n  {\"file\": %s, \"line\": %u, \"kind\": \"%s\", \"name\": %s, \"confidence\": %u, \"lines\": %u}", has_any ? "," : "",
                    jsonString(files[i].path).c_str(), code.line, kind.c_str(), jsonString(code.name).c_str(), confidence, code.line_count);
      } else if (code.kind == lint::UnusedKind::kUnreachable) {
        std::printf("%s:%u: unreachable code after '%s' (%u%% confidence)\n", files[i].path.c_str(), code.line, code.name.c_str(), confidence);
      } else {
        std::printf("%s:%u: unused %s '%s' (%u%% confidence)\n", files[i].path.c_str(), code.line, kind.c_str(), code.name.c_str(), confidence);
      }
      has_any = true;
    }
  }
  if (request.is_json) std::printf("\n]\n");
  return has_any ? 1 : 0;
}

static int reportPaths(const ReportRequest& request, const config::Config& config) {
  Result<std::vector<config::Source>> found =
      config::findSources(request.paths, config.base, {.uses_gitignore = true, .allows_empty_folders = true});
  if (!found.ok()) {
    std::fprintf(stderr, "%s\n", found.message().c_str());
    return 2;
  }
  std::vector<ReportedFile> files(found.value().size());
  for (size_t i = 0; i < files.size(); ++i) files[i].path = found.value()[i].path;
  Interner names;
  parallelFor(files.size(), hardwareThreads(), [&](size_t i) { readFile(request, names, files[i]); });
  bool has_failed = false;
  for (const ReportedFile& file : files) {
    if (file.failure.empty()) continue;
    std::fprintf(stderr, "krait: %s\n", file.failure.c_str());
    has_failed = true;
  }
  int exit_code = 0;
  if (!request.wants_metrics) {
    exit_code = printUnused(request, files);
  } else if (request.is_json) {
    printMetricsJson(files);
  } else {
    for (const ReportedFile& file : files) {
      if (file.failure.empty()) printMetricsText(file);
    }
  }
  return has_failed ? 2 : exit_code;
}

int runLintReport(const Arguments& arguments) {
  ParsedArguments parsed = parseArguments(reportSpec(), arguments);
  if (parsed.exit_code) return *parsed.exit_code;
  ReportRequest request{.paths = parsed.operands};
  for (const ParsedOption& option : parsed.options) {
    if (option.index == kMetrics) request.wants_metrics = true;
    if (option.index == kReportFormat && option.values[0] != "json" && option.values[0] != "text") {
      std::fprintf(stderr, "krait lint: error: argument --output-format: invalid choice: '%s' (choose from text, json)\n", option.values[0].c_str());
      return 2;
    }
    if (option.index == kReportFormat) request.is_json = option.values[0] == "json";
    if (option.index == kMinConfidence) request.min_confidence = static_cast<uint32_t>(std::strtoul(option.values[0].c_str(), nullptr, 10));
  }
  if (request.paths.empty()) request.paths = {"."};
  Result<config::Config> config = config::loadConfig({});
  if (!config.ok()) {
    std::fprintf(stderr, "krait lint: error: %s\n", config.message().c_str());
    return 2;
  }
  int exit_code = 2;
  runOnDeepStack([&] { exit_code = reportPaths(request, config.value()); });
  return exit_code;
}

}  // namespace krait::cli
