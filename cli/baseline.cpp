#include "cli/baseline.h"

#include <algorithm>
#include <charconv>

#include "analyzer/base/file_io.h"

namespace krait::cli {

static constexpr std::string_view kTitle = "# krait baseline 1: count, code, file, message";

static std::string keyOf(const SourceFiles& files, const Diagnostic& diagnostic) {
  std::string message = diagnostic.message;
  std::replace(message.begin(), message.end(), '\n', ' ');
  std::replace(message.begin(), message.end(), '\t', ' ');
  return std::string(codeInfo(diagnostic.code).text) + "\t" + files[diagnostic.file].path + "\t" + message;
}

// What stands alone as a note is said, not found.
static bool counts(const Diagnostic& diagnostic) { return diagnostic.severity != Severity::kNote && !diagnostic.is_blocker; }

Result<Baseline> Baseline::read(const std::string& path) {
  Result<std::string> text = readFile(path);
  if (!text.ok()) return Failure{text.message()};
  Baseline out;
  std::string_view rest = text.value();
  for (size_t number = 1; !rest.empty(); ++number) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (number == 1 && line != kTitle) return Failure{path + ": this is no baseline: write one with --write-baseline"};
    if (line.empty() || line[0] == '#') continue;
    size_t tab = line.find('\t'), count = 0;
    bool has_tabs = tab != std::string_view::npos && std::count(line.begin(), line.end(), '\t') >= 3;
    bool is_number = has_tabs && std::from_chars(line.data(), line.data() + tab, count).ptr == line.data() + tab;
    if (!is_number || count == 0) return Failure{path + ":" + std::to_string(number) + ": not a line of a baseline"};
    out.counts_[std::string(line.substr(tab + 1))] += count;
  }
  return out;
}

Baseline Baseline::of(const SourceFiles& files, const std::vector<Diagnostic>& diagnostics) {
  Baseline out;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (counts(diagnostic)) ++out.counts_[keyOf(files, diagnostic)];
  }
  return out;
}

Result<size_t> Baseline::write(const std::string& path) const {
  std::string text = std::string(kTitle) + "\n";
  for (const auto& [key, count] : counts_) text += std::to_string(count) + "\t" + key + "\n";
  return writeFileAtomically(path, text);
}

Baseline::Compared Baseline::compare(const SourceFiles& files, std::vector<Diagnostic> diagnostics) const {
  Compared out;
  std::map<std::string, size_t> open = counts_;
  for (Diagnostic& diagnostic : diagnostics) {
    auto known = counts(diagnostic) ? open.find(keyOf(files, diagnostic)) : open.end();
    if (known != open.end() && known->second > 0) {
      --known->second;
      ++out.accepted;
    } else {
      out.left.push_back(std::move(diagnostic));
    }
  }
  for (const auto& [key, count] : open) out.gone += count;
  return out;
}

Baseline Baseline::shrunkTo(const Baseline& found) const {
  Baseline out;
  for (const auto& [key, count] : counts_) {
    auto other = found.counts_.find(key);
    if (other != found.counts_.end()) out.counts_[key] = std::min(count, other->second);
  }
  return out;
}

size_t Baseline::size() const {
  size_t total = 0;
  for (const auto& [key, count] : counts_) total += count;
  return total;
}

}  // namespace krait::cli
