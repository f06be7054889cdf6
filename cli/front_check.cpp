#include "cli/front_check.h"

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/semantic/front_findings.h"

namespace krait::cli {

namespace {
struct FileResult {
  std::vector<Diagnostic> diagnostics;
  std::string failure;
};
}  // namespace

static std::string textOf(const FrontCheckInput& input, const config::Source& source, std::string& failure) {
  if (source.path == "<string>") return input.program_text;
  std::string path = source.path;
  for (const auto& [shown, actual] : input.shadow_files) {
    if (shown == path) path = actual;
  }
  Result<std::string> bytes = readFile(path);
  if (!bytes.ok()) {
    size_t reason = bytes.message().rfind(": ");
    failure = "can't read file '" + source.path + "': " + bytes.message().substr(reason == std::string::npos ? 0 : reason + 2);
    return "";
  }
  if (size_t bad = findInvalidUtf8(bytes.value()); bad != std::string::npos) {
    failure = "can't decode file '" + source.path + "': not valid UTF-8 at byte " + std::to_string(bad);
    return "";
  }
  if (bytes.value().starts_with("\xef\xbb\xbf")) bytes.value().erase(0, 3);
  return std::move(bytes.value());
}

FrontCheckResult frontCheck(const FrontCheckInput& input, SourceFiles& files) {
  semantic::ImportResolver resolver(semantic::resolverOptionsFor(input.config, input.sources));
  Interner names;
  semantic::StarNames star_names(resolver, names);
  semantic::FrontContext context{.config = input.config, .resolver = resolver, .star_names = star_names, .names = names};
  std::vector<FileResult> results(input.sources.size());
  std::vector<FileId> ids;
  for (const config::Source& source : input.sources) ids.push_back(files.add(source.path));
  parallelFor(results.size(), hardwareThreads(), [&](size_t i) {
    SourceFile& file = files[ids[i]];
    file.setText(textOf(input, input.sources[i], results[i].failure));
    if (results[i].failure.empty()) results[i].diagnostics = semantic::frontFindings(context, input.sources[i], file, ids[i]);
  });
  FrontCheckResult out;
  for (FileResult& result : results) {
    if (!result.failure.empty()) out.failures.push_back(std::move(result.failure));
    for (Diagnostic& diagnostic : result.diagnostics) out.diagnostics.push_back(std::move(diagnostic));
  }
  return out;
}

}  // namespace krait::cli
