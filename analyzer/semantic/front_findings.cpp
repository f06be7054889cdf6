#include "analyzer/semantic/front_findings.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "analyzer/base/file_io.h"
#include "analyzer/config/inline_config.h"
#include "analyzer/config/installation.h"
#include "analyzer/diagnostics/suppressions.h"
#include "analyzer/semantic/binder.h"
#include "analyzer/semantic/compile_errors/compile_errors.h"
#include "analyzer/semantic/flow/reachability.h"
#include "analyzer/semantic/imports/imports_of.h"
#include "analyzer/semantic/placement.h"
#include "analyzer/semantic/undefined_names.h"
#include "analyzer/syntax/keyword_suggestion.h"
#include "analyzer/syntax/parser.h"

namespace krait::semantic {

static bool isPackage(const config::Source& source) {
  return source.path.ends_with("__init__.py") || source.path.ends_with("__init__.pyi");
}

// May the module be a part of a stub package that says what it lacks by a __getattr__? ref: mypy build.in_partial_package
static bool isInPartialPackage(const FrontContext& context, std::string name) {
  for (size_t dot = name.rfind('.'); dot != std::string::npos; dot = name.rfind('.')) {
    name.resize(dot);
    const ResolvedModule& parent = context.resolver.resolve(name);
    if (!parent.found()) continue;
    Result<std::string> text = parent.path.ends_with("__init__.pyi") ? readFile(parent.path) : Failure{""};
    if (!text.ok() || text.value().find("__getattr__") == std::string::npos) return false;
    syntax::ParsedModule parsed = syntax::parseModule(text.value(), context.names, syntax::SyntaxCheck::kWhenSuspicious);
    for (syntax::NodeId statement : parsed.ast.as<syntax::Module>(parsed.ast.root()).body()) {
      auto def = parsed.ast.tryAs<syntax::FunctionDef>(statement);
      if (def && syntax::nameText(parsed.ast, def->name()) == "__getattr__") return true;
    }
    return false;
  }
  return false;
}

// Is the module one that `follow_imports = error` refuses? Stubs are followed unless the configuration says so of them, too.
// ref: mypy build.find_module_and_diagnose
static bool isRefused(const FrontContext& context, const ResolvedModule& found, const std::string& name) {
  if (context.given == nullptr || found.is_namespace) return false;
  if (context.config.base.follow_imports == "normal" && context.config.sections.empty()) return false;
  config::Options options = config::optionsForModule(context.config, name);
  if (options.follow_imports != "error" || !(found.path.ends_with(".py") || options.follow_imports_for_stubs)) return false;
  return std::none_of(context.given->begin(), context.given->end(), [&](const config::Source& each) { return each.module == name; });
}

// May the module be missing, as the configuration says? In mypy mode the sections of the imported module tell, beside the comments of
// the file that imports; else those of the file's own module do, too. ref: mypy build.find_module_and_diagnose
static bool mayBeMissing(const FrontContext& context, const config::Source& source, const config::Options& options, const std::string& name) {
  if (context.config.sections.empty()) return options.ignore_missing_imports;
  if (config::optionsForModule(context.config, name).ignore_missing_imports) return true;
  if (!options.mypy || !options.ignore_missing_imports) return options.ignore_missing_imports;
  return !config::optionsForModule(context.config, source.module.empty() ? "__main__" : source.module).ignore_missing_imports;
}

static void reportImports(const FrontContext& context, const syntax::Ast& ast, const config::Source& source,
                          const config::Options& options, const std::vector<bool>& is_skipped, DiagnosticSink& sink) {
  // A module is reported once in a file, first where a function imports it.
  // ref: mypy build.State.compute_dependencies
  std::vector<ImportedModule> imports = importsOf(ast, source.module, isPackage(source), is_skipped);
  std::stable_partition(imports.begin(), imports.end(), [](const ImportedModule& one) { return !one.is_top_level; });
  // Where `import a.b` finds nothing, mypy misses a as well.
  for (size_t i = 0; options.mypy && i < imports.size(); ++i) {
    size_t dot = imports[i].name.rfind('.');
    if (imports[i].alias.valid() || dot == std::string::npos || !ast.is(imports[i].node, syntax::NodeKind::kAlias)) continue;
    if (context.resolver.resolve(imports[i].name).found()) continue;
    ImportedModule parent = imports[i];
    parent.name.resize(dot);
    imports.push_back(std::move(parent));
  }
  // The deepest are looked for first: what is said once stands with the first of them that is missing.
  auto depth = [](const ImportedModule& one) { return std::count(one.name.begin(), one.name.end(), '.'); };
  std::stable_sort(imports.begin(), imports.end(), [&](const ImportedModule& a, const ImportedModule& b) { return depth(a) > depth(b); });
  auto explain = [](DiagnosticBuilder builder) { builder.noteOnce("See https://mypy.readthedocs.io/en/stable/running_mypy.html#missing-imports"); };
  std::set<std::string_view> known;
  for (const ImportedModule& imported : imports) {
    if (imported.may_be_absent || imported.name.empty() || !known.insert(imported.name).second) continue;
    const ResolvedModule& found = context.resolver.resolve(imported.name);
    TextRange range = ast.range(imported.node);
    if (options.mypy && found.found() && isRefused(context, found, imported.name)) {
      sink.begin(Rule::kSyntaxError, range, {"Import of \"" + imported.name + "\" ignored"})
          .code(Code::kMisc)
          .noteOnce("(Using --follow-imports=error, module not passed on command line)");
    }
    if (found.found() || mayBeMissing(context, source, options, imported.name)) continue;
    switch (found.status) {
      case ImportStatus::kFound: break;
      case ImportStatus::kNotFound:
        if (isInPartialPackage(context, imported.name)) break;
        explain(sink.begin(Rule::kImportNotFound, range, {imported.name}));
        break;
      case ImportStatus::kUntyped:
        if (options.follow_untyped_imports) break;
        explain(sink.begin(Rule::kImportUntyped, range, {imported.name}));
        break;
      case ImportStatus::kStubsNotInstalled:
        explain(sink.begin(Rule::kImportStubsNotInstalled, range, {imported.name})
                    .noteOnce("Hint: \"python3 -m pip install " + found.distribution + "\"")
                    .noteOnce(options.mypy ? "(or run \"mypy --install-types\" to install all missing stub packages)" : ""));
        break;
    }
  }
}

// mypy begins every message with a capital.
static void reportSyntaxError(std::string_view text, const syntax::SyntaxError& error, bool is_blocker,
                              DiagnosticSink& sink) {
  std::string message = error.message;
  TextRange range = error.range;
  // mypy has no such hint.
  if (std::optional<syntax::KeywordSuggestion> hint = is_blocker ? std::nullopt : syntax::suggestKeyword(text, error)) {
    message = "invalid syntax. Did you mean '" + std::string(hint->keyword) + "'?";
    range = hint->word;
  }
  if (!message.empty() && message[0] >= 'a' && message[0] <= 'z') message[0] = static_cast<char>(message[0] - 32);
  DiagnosticBuilder builder = sink.begin(Rule::kSyntaxError, range, {message});
  if (is_blocker) builder.blocker();
}

// True: one of them keeps the file from being checked.
static bool reportMisplaced(const syntax::Ast& ast, const config::Options& options, const config::Source& source, const std::vector<bool>& is_skipped,
                            DiagnosticSink& sink) {
  bool is_blocked = false;
  auto parents = static_cast<uint32_t>(std::count(source.module.begin(), source.module.end(), '.')) + (isPackage(source) ? 1 : 0);
  for (const Misplaced& each : findMisplaced(ast, {.checks_unannotated = options.check_untyped_defs, .parents = parents, .is_skipped = &is_skipped})) {
    DiagnosticBuilder builder = sink.begin(Rule::kSyntaxError, each.range, {each.message}).code(each.code);
    if (!each.is_blocker) continue;
    builder.blocker();
    is_blocked = true;
  }
  return is_blocked;
}

static void reportUndefinedNames(const FrontContext& context, const syntax::Ast& ast, const config::Source& source,
                                 const std::vector<bool>& is_skipped, DiagnosticSink& sink) {
  SemanticModel model = bind(ast, context.names);
  std::unique_ptr<NameSet> star_names = context.star_names.namesOf(model, source.module, isPackage(source));
  UndefinedNameOptions options{.star_names = star_names.get(),
                               .handlers = NameErrorHandlers::kRespected,
                               .is_skipped = &is_skipped};
  for (syntax::NodeId node : findUndefinedNames(model, context.star_names.builtins(), options)) {
    sink.begin(Rule::kUndefinedName, ast.range(node), {syntax::nameText(ast, node)});
  }
}

// Was every part of the text understood, whatever else is wrong with it?
static bool isWhole(const syntax::Ast& ast) {
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    syntax::NodeKind kind = ast.kind(syntax::NodeId(i));
    if (kind == syntax::NodeKind::kErrorExpr || kind == syntax::NodeKind::kErrorStmt) return false;
  }
  return true;
}

static std::vector<TextRange> commentRanges(const syntax::Ast& ast) {
  std::vector<TextRange> comments;
  for (const syntax::Comment& comment : ast.comments()) comments.push_back({comment.begin, comment.end});
  return comments;
}

static uint32_t beginWithDecorators(const syntax::Ast& ast, syntax::NodeId statement) {
  auto function = ast.tryAs<syntax::FunctionDef>(statement);
  auto cls = ast.tryAs<syntax::ClassDef>(statement);
  if (function && !function->decorators().empty()) return ast.range(function->decorators()[0]).begin;
  if (cls && !cls->decorators().empty()) return ast.range(cls->decorators()[0]).begin;
  return ast.range(statement).begin;
}

// Where the first line begins that is neither blank nor a comment.
static uint32_t firstCode(const SourceFile& file) {
  for (uint32_t line = 0; line < file.lines.lineCount(); ++line) {
    std::string_view text = file.lines.lineText(line);
    size_t begin = text.find_first_not_of(" \t\f\r");
    if (begin != std::string_view::npos && text[begin] != '#') return file.lines.lineStart(line);
  }
  return static_cast<uint32_t>(file.text.size());
}

// What is said of a function or class as a whole is accepted at its decorators and its first line, not in its body.
// ref: mypy errors.ErrorWatcher, span_from_context
static void limitToHeaders(const syntax::Ast& ast, const SourceFile& file, std::vector<Diagnostic>& diagnostics) {
  std::map<std::pair<uint32_t, uint32_t>, std::vector<Diagnostic*>> open;
  for (Diagnostic& diagnostic : diagnostics) {
    bool is_long = file.lines.lineOf(diagnostic.range.begin) != file.lines.lineOf(std::max(diagnostic.range.begin, diagnostic.range.end));
    if (is_long && !diagnostic.origin) open[{diagnostic.range.begin, diagnostic.range.end}].push_back(&diagnostic);
  }
  for (uint32_t i = 0; !open.empty() && i < ast.nodeCount(); ++i) {
    syntax::NodeId node(i);
    if (!ast.is(node, syntax::NodeKind::kFunctionDef) && !ast.is(node, syntax::NodeKind::kClassDef)) continue;
    auto found = open.find({ast.range(node).begin, ast.range(node).end});
    if (found == open.end()) continue;
    for (Diagnostic* diagnostic : found->second) diagnostic->origin = TextRange{beginWithDecorators(ast, node), ast.range(node).begin + 1};
  }
}

std::vector<Diagnostic> frontFindings(const FrontContext& context, const config::Source& source, const SourceFile& file,
                                      FileId id, const ParsedView* parsed) {
  config::Options options = config::optionsForModule(context.config, source.module.empty() ? "__main__" : source.module);
  config::InlineConfig own = config::readInlineConfig(file.text);
  config::applyModuleSettings(options, own.settings);
  DiagnosticSink sink(id);
  for (const config::SectionMessage& message : own.messages) {
    uint32_t begin = file.lines.lineStart(message.line - 1);
    sink.begin(Rule::kInlineConfig, {begin, begin}, {message.text});
  }
  std::optional<syntax::ParsedModule> own_parse;
  if (parsed == nullptr) own_parse = syntax::parseModule(file.text, context.names, syntax::SyntaxCheck::kWhenSuspicious);
  const syntax::Ast& ast = parsed != nullptr ? *parsed->ast : own_parse->ast;
  const std::optional<syntax::SyntaxError>& error = parsed != nullptr ? *parsed->error : own_parse->error;
  // What CPython finds after parsing mypy words in its own way, or does not look for. The tree is whole all the same.
  if (!error && !options.mypy) {
    bool is_complete = parsed != nullptr && parsed->compile_errors != nullptr;
    std::vector<syntax::SyntaxError> own_errors;
    if (!is_complete) own_errors = findCompileErrors(ast, context.names, topLevelOf(source.path));
    for (const syntax::SyntaxError& late : is_complete ? *parsed->compile_errors : own_errors) reportSyntaxError(file.text, late, false, sink);
  }
  bool stops = error && (options.mypy || (parsed != nullptr && parsed->stops_at_error) || !isWhole(ast));
  if (error) reportSyntaxError(file.text, *error, options.mypy, sink);
  if (!stops) {
    std::vector<bool> own_marks;
    if (parsed == nullptr || parsed->unreachable == nullptr) own_marks = findUnreachable(ast, targetOf(options)).marks();
    const std::vector<bool>& marks = parsed != nullptr && parsed->unreachable != nullptr ? *parsed->unreachable : own_marks;
    reportImports(context, ast, source, options, marks, sink);
    if (options.mypy && reportMisplaced(ast, options, source, marks, sink)) stops = true;
    if (context.checker == nullptr) reportUndefinedNames(context, ast, source, marks, sink);
  }
  std::vector<TextRange> comments = commentRanges(ast);
  syntax::NodeList body = ast.as<syntax::Module>(ast.root()).body();
  uint32_t first = body.empty() ? static_cast<uint32_t>(file.text.size()) : beginWithDecorators(ast, body[0]);
  // The tree may have lost what stands before an error.
  if (error) first = std::min(first, firstCode(file));
  std::vector<Diagnostic> diagnostics = sink.take();
  if (context.checker != nullptr && !stops) {
    // What is said of the statement that does not parse would only follow from that.
    TextRange broken;
    for (syntax::NodeId statement : body) {
      TextRange range = ast.range(statement);
      if (error && range.begin <= error->range.begin && error->range.begin <= range.end) broken = range;
    }
    for (Diagnostic& diagnostic : context.checker(context.checker_data, id)) {
      bool follows = error && diagnostic.range.begin >= broken.begin && diagnostic.range.begin < broken.end;
      if (!follows) diagnostics.push_back(std::move(diagnostic));
    }
  }
  std::erase_if(diagnostics, [&](const Diagnostic& diagnostic) {
    return !diagnostic.is_blocker && (options.ignore_errors || !config::isCodeEnabled(options, diagnostic.code));
  });
  limitToHeaders(ast, file, diagnostics);
  SuppressionSettings settings{.reports_unused_ignores = options.warn_unused_ignores || options.enabled_codes.contains(Code::kUnusedIgnore),
                               .reports_ignores_without_code = config::isCodeEnabled(options, Code::kIgnoreWithoutCode)};
  return applySuppressions(std::move(diagnostics), readSuppressions(file, comments, first, !options.mypy), file, id, settings);
}

ResolverOptions resolverOptionsFor(const config::Config& config, const std::vector<config::Source>& sources) {
  const config::Options& options = config.base;
  ResolverOptions out;
  out.minor_version = options.version.minor;
  out.allows_namespace_packages = options.namespace_packages;
  out.follows_untyped_imports = options.follow_untyped_imports;
  if (const char* path = std::getenv("MYPYPATH")) out.paths.extra_paths = splitPathList(path);
  out.paths.extra_paths.insert(out.paths.extra_paths.end(), options.mypy_path.begin(), options.mypy_path.end());
  for (const config::Source& source : sources) {
    bool is_new = std::find(out.paths.source_roots.begin(), out.paths.source_roots.end(), source.base_dir) == out.paths.source_roots.end();
    if (!source.base_dir.empty() && is_new) out.paths.source_roots.push_back(source.base_dir);
  }
  out.paths.source_roots.push_back(".");
  out.paths.test_stubs = options.test_lib_stub;
  if (!options.no_site_packages) {
    out.paths.site_packages = findSitePackages({.python_executable = options.python_executable,
                                                .project_root = ".",
                                                .minor_version = options.version.minor});
  }
  out.paths.typeshed = options.custom_typeshed_dir.empty() ? config::typeshedFolder() : options.custom_typeshed_dir;
  return out;
}

}  // namespace krait::semantic
