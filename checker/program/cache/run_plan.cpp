#include "checker/program/cache/run_plan.h"

#include "analyzer/base/file_io.h"
#include "analyzer/base/interner.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/source_text.h"
#include "analyzer/syntax/type_comments.h"
#include "checker/program/cache/byte_stream.h"
#include "checker/program/interface.h"
#include "checker/program/resolution.h"

namespace krait::program {

static void put(ByteWriter& out, const std::vector<std::string>& texts) {
  out.small(static_cast<uint32_t>(texts.size()));
  for (const std::string& text : texts) out.text(text);
}

static void put(ByteWriter& out, bool value) { out.flag(value); }
static void put(ByteWriter& out, const std::string& value) { out.text(value); }

// Options that say how a run goes about it, not what it finds.
static bool isAboutTheRun(config::OptionId id) {
  using enum config::OptionId;
  return id == k_incremental || id == k_cache_dir || id == k_num_workers || id == k_error_summary || id == k_junit_xml ||
         id == k_sqlite_cache || id == k_skip_cache_mtime_checks;
}

static void put(ByteWriter& out, const config::Options& options) {
#define SWITCH(field, initial, strict, scope, group, help) \
  if (!isAboutTheRun(config::OptionId::k_##field)) put(out, options.field);
#define TEXT(field, initial, scope, group, metavar, help) \
  if (!isAboutTheRun(config::OptionId::k_##field)) put(out, options.field);
#define LIST(field, scope, group, metavar, help) \
  if (!isAboutTheRun(config::OptionId::k_##field)) put(out, options.field);
#include "analyzer/config/options.def"
  for (Code code : options.enabled_codes) out.small(static_cast<uint32_t>(code));
  for (Code code : options.disabled_codes) out.small(static_cast<uint32_t>(code) + 100000);
  out.flag(options.is_missing_import_ignored_per_module);
}

uint64_t runKey(const config::Config& config, const std::vector<std::string>& targets, const semantic::ResolverOptions& resolver) {
  ByteWriter out;
  put(out, targets);
  put(out, config.base);
  for (const config::ModuleSection& section : config.sections) {
    out.text(section.pattern);
    for (const config::Setting& setting : section.settings) {
      out.small(static_cast<uint32_t>(setting.id));
      out.flag(setting.flag);
      out.text(setting.text);
      put(out, setting.items);
    }
  }
  out.text(config::absolutePath("."));
  const semantic::SearchPaths& paths = resolver.paths;
  for (const std::vector<std::string>* list : {&paths.extra_paths, &paths.test_stubs, &paths.site_packages}) put(out, *list);
  out.text(paths.typeshed);
  return hashBytes(out.take());
}

static bool areCurrent(std::vector<ReadPath>& paths, bool (*is_current)(const std::string&, DiskState&), bool& is_touched) {
  for (ReadPath& path : paths) {
    uint64_t before = path.state.modified;
    if (!is_current(path.path, path.state)) return false;
    is_touched |= path.state.modified != before;
  }
  return true;
}

// Does the file on disk look as it did from outside? False also where it cannot be read or parsed.
static bool looksSame(const std::string& path, uint64_t interface, Interner& names) {
  Result<std::string> bytes = readFile(path);
  if (!bytes.ok()) return false;
  syntax::SourceText source = syntax::decodeSource(bytes.value());
  if (source.error) return false;
  syntax::ParsedModule module = syntax::parseModule(source.text, names, syntax::SyntaxCheck::kWhenSuspicious);
  if (module.error) return false;
  std::vector<syntax::TypeCommentProblem> problems;
  syntax::Ast ast = syntax::applyTypeComments(std::move(module.ast), names, problems);
  // Which of the two the record holds follows from the mode that its module was checked in.
  return interface == interfaceHash(ast, true) || interface == interfaceHash(ast, false);
}

namespace {
// The files of a record and what is wrong with them.
struct Staleness {
  const RunRecord& record;
  std::vector<bool> is_stale, is_open;  // open: those who import it are stale, too
  std::unordered_map<std::string_view, std::vector<uint32_t>> importers;  // of a module

  explicit Staleness(const RunRecord& record) : record(record), is_stale(record.files.size()), is_open(record.files.size()) {
    for (uint32_t i = 0; i < record.files.size(); ++i) {
      for (const std::string& name : record.files[i].imports) {
        std::string_view text = name;
        for (size_t dot = 0; dot != std::string_view::npos;) {
          dot = text.find('.', dot + 1);
          importers[text.substr(0, dot)].push_back(i);
        }
      }
    }
  }
  void spread() {
    std::vector<uint32_t> work;
    for (uint32_t i = 0; i < is_open.size(); ++i) {
      if (is_open[i]) work.push_back(i);
    }
    while (!work.empty()) {
      uint32_t file = work.back();
      work.pop_back();
      is_stale[file] = true;
      auto found = importers.find(record.files[file].module);
      if (found == importers.end()) continue;
      for (uint32_t importer : found->second) {
        if (is_open[importer]) continue;
        is_open[importer] = true;
        work.push_back(importer);
      }
    }
  }
};
}  // namespace

// Is each of today's sources a given one of the record, and the other way round?
static bool areSourcesSame(const RunRecord& record, const std::vector<config::Source>& sources) {
  std::unordered_map<std::string, const FileRecord*> given;
  for (const FileRecord& file : record.files) {
    if (file.is_given) given[keyOf(file.path, file.module)] = &file;
  }
  if (given.size() != sources.size()) return false;
  for (const config::Source& source : sources) {
    auto found = given.find(keyOf(source.path, source.module));
    if (found == given.end() || found->second->base_dir != source.base_dir) return false;
  }
  return true;
}

RunPlan planRun(RunRecord& record, const std::vector<config::Source>& sources, semantic::ImportResolver& resolver) {
  RunPlan plan;
  if (!areCurrent(record.libraries, isFileCurrent, plan.is_touched)) return plan;
  bool is_same = areSourcesSame(record, sources) && areCurrent(record.folders, isFolderCurrent, plan.is_touched);
  std::vector<uint32_t> changed;
  for (uint32_t i = 0; i < record.files.size(); ++i) {
    FileRecord& file = record.files[i];
    uint64_t before = file.state.modified;
    if (!isFileCurrent(file.path, file.state)) changed.push_back(i);
    plan.is_touched |= file.state.modified != before;
  }
  plan.is_unchanged = is_same && changed.empty();
  if (plan.is_unchanged || changed.size() * 2 > record.files.size()) return plan;
  Staleness staleness(record);
  Interner names;
  for (uint32_t i : changed) {
    staleness.is_stale[i] = true;
    staleness.is_open[i] = !looksSame(record.files[i].path, record.files[i].interface, names);
  }
  for (uint32_t i = 0; i < record.files.size() && !is_same; ++i) {
    if (resolutionHash(resolver, record.files[i].imports) != record.files[i].resolution) staleness.is_open[i] = true;
  }
  staleness.spread();
  for (uint32_t i = 0; i < record.files.size(); ++i) {
    if (!staleness.is_stale[i]) plan.known[keyOf(record.files[i].path, record.files[i].module)] = &record.files[i];
  }
  return plan;
}

}  // namespace krait::program
