#include "cli/front_check.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/config/inline_config.h"
#include "analyzer/config/installation.h"
#include "analyzer/diagnostics/suppressions.h"
#include "analyzer/semantic/imports/import_resolver.h"
#include "analyzer/semantic/binder.h"
#include "analyzer/semantic/flow/reachability.h"
#include "analyzer/semantic/imports/imports_of.h"
#include "analyzer/semantic/star_names.h"
#include "analyzer/syntax/parser.h"

namespace krait::cli {

namespace {
struct Context {
  const FrontCheckInput& input;
  semantic::ImportResolver& resolver;
  semantic::StarNames& star_names;
  Interner& names;
};
struct FileResult {
  std::vector<Diagnostic> diagnostics;
  std::string failure;
};
}  // namespace

static bool isPackage(const config::Source& source) {
  return source.path.ends_with("__init__.py") || source.path.ends_with("__init__.pyi");
}

static void reportImports(const Context& context, const syntax::Ast& ast, const config::Source& source,
                          const config::Options& options, const std::vector<bool>& is_skipped, DiagnosticSink& sink) {
  for (const semantic::ImportedModule& imported :
       semantic::importsOf(ast, source.module, isPackage(source), is_skipped)) {
    if (imported.may_be_absent || imported.name.empty()) continue;
    const semantic::ResolvedModule& found = context.resolver.resolve(imported.name);
    if (found.found() || options.ignore_missing_imports) continue;
    TextRange range = ast.range(imported.node);
    switch (found.status) {
      case semantic::ImportStatus::kFound: break;
      case semantic::ImportStatus::kNotFound:
        sink.begin(Rule::kImportNotFound, range, {imported.name})
            .noteOnce("See https://mypy.readthedocs.io/en/stable/running_mypy.html#missing-imports");
        break;
      case semantic::ImportStatus::kUntyped:
        if (options.follow_untyped_imports) break;
        sink.begin(Rule::kImportUntyped, range, {imported.name})
            .noteOnce("See https://mypy.readthedocs.io/en/stable/running_mypy.html#missing-imports");
        break;
      case semantic::ImportStatus::kStubsNotInstalled:
        sink.begin(Rule::kImportStubsNotInstalled, range, {imported.name})
            .note("Hint: \"python3 -m pip install " + found.distribution + "\"")
            .noteOnce("See https://mypy.readthedocs.io/en/stable/running_mypy.html#missing-imports");
        break;
    }
  }
}

static void reportUndefinedNames(const Context& context, const syntax::Ast& ast, const config::Source& source,
                                 const std::vector<bool>& is_skipped, DiagnosticSink& sink) {
  semantic::SemanticModel model = semantic::bind(ast, context.names);
  std::unique_ptr<semantic::NameSet> star_names = context.star_names.namesOf(model, source.module, isPackage(source));
  semantic::UndefinedNameOptions options{.star_names = star_names.get(),
                                         .handlers = semantic::NameErrorHandlers::kRespected,
                                         .is_skipped = &is_skipped};
  for (syntax::NodeId node : semantic::findUndefinedNames(model, context.star_names.builtins(), options)) {
    sink.begin(Rule::kUndefinedName, ast.range(node), {syntax::nameText(ast, node)});
  }
}

static std::string textOf(const Context& context, const config::Source& source, std::string& failure) {
  if (source.path == "<string>") return context.input.program_text;
  std::string path = source.path;
  for (const auto& [shown, actual] : context.input.shadow_files) {
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
  return std::move(bytes.value());
}

static FileResult checkFile(const Context& context, const config::Source& source, SourceFile& file, FileId id) {
  FileResult result;
  file.setText(textOf(context, source, result.failure));
  if (!result.failure.empty()) return result;
  config::Options options = config::optionsForModule(context.input.config, source.module.empty() ? "__main__" : source.module);
  config::InlineConfig own = config::readInlineConfig(file.text);
  config::applyModuleSettings(options, own.settings);
  DiagnosticSink sink(id);
  for (const config::SectionMessage& message : own.messages) {
    uint32_t begin = file.lines.lineStart(message.line - 1);
    sink.begin(Rule::kInlineConfig, {begin, begin}, {message.text});
  }
  syntax::LoweredModule module = syntax::parseModule(file.text, context.names);
  semantic::Reachability reachability = semantic::findUnreachable(module.ast, semantic::targetOf(options));
  reportImports(context, module.ast, source, options, reachability.marks(), sink);
  reportUndefinedNames(context, module.ast, source, reachability.marks(), sink);
  std::vector<TextRange> comments;
  for (const syntax::Comment& comment : module.ast.comments()) comments.push_back({comment.begin, comment.end});
  syntax::NodeList body = module.ast.as<syntax::Module>(module.ast.root()).body();
  uint32_t first = body.empty() ? static_cast<uint32_t>(file.text.size()) : module.ast.range(body[0]).begin;
  std::vector<Diagnostic> diagnostics = sink.take();
  std::erase_if(diagnostics, [&](const Diagnostic& diagnostic) {
    return !diagnostic.is_blocker && (options.ignore_errors || !config::isCodeEnabled(options, diagnostic.code));
  });
  SuppressionSettings settings{.reports_unused_ignores = options.warn_unused_ignores,
                               .reports_ignores_without_code = config::isCodeEnabled(options, Code::kIgnoreWithoutCode)};
  result.diagnostics = applySuppressions(std::move(diagnostics), readSuppressions(file, comments, first), file, id, settings);
  return result;
}

static semantic::ResolverOptions resolverOptions(const FrontCheckInput& input) {
  const config::Options& options = input.config.base;
  semantic::ResolverOptions out;
  out.minor_version = options.version.minor;
  out.allows_namespace_packages = options.namespace_packages;
  out.follows_untyped_imports = options.follow_untyped_imports;
  if (const char* path = std::getenv("MYPYPATH")) out.paths.extra_paths = semantic::splitPathList(path);
  out.paths.extra_paths.insert(out.paths.extra_paths.end(), options.mypy_path.begin(), options.mypy_path.end());
  for (const config::Source& source : input.sources) {
    bool is_new = std::find(out.paths.source_roots.begin(), out.paths.source_roots.end(), source.base_dir) == out.paths.source_roots.end();
    if (!source.base_dir.empty() && is_new) out.paths.source_roots.push_back(source.base_dir);
  }
  out.paths.source_roots.push_back(".");
  out.paths.test_stubs = options.test_lib_stub;
  if (!options.no_site_packages) {
    out.paths.site_packages = semantic::findSitePackages({.python_executable = options.python_executable,
                                                          .project_root = ".",
                                                          .minor_version = options.version.minor});
  }
  out.paths.typeshed = options.custom_typeshed_dir.empty() ? config::typeshedFolder() : options.custom_typeshed_dir;
  return out;
}

FrontCheckResult frontCheck(const FrontCheckInput& input, SourceFiles& files) {
  semantic::ImportResolver resolver(resolverOptions(input));
  Interner names;
  semantic::StarNames star_names(resolver, names);
  Context context{.input = input, .resolver = resolver, .star_names = star_names, .names = names};
  std::vector<FileResult> results(input.sources.size());
  std::vector<FileId> ids;
  for (const config::Source& source : input.sources) ids.push_back(files.add(source.path));
  parallelFor(results.size(), hardwareThreads(), [&](size_t i) {
    results[i] = checkFile(context, input.sources[i], files[ids[i]], ids[i]);
  });
  FrontCheckResult out;
  for (FileResult& result : results) {
    if (!result.failure.empty()) out.failures.push_back(std::move(result.failure));
    for (Diagnostic& diagnostic : result.diagnostics) out.diagnostics.push_back(std::move(diagnostic));
  }
  return out;
}

}  // namespace krait::cli
