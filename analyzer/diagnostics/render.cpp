#include "analyzer/diagnostics/render.h"

#include "analyzer/base/check.h"

namespace krait {

#define FORMAT(Id, name) std::string render##Id(const Report& report, const RenderOptions& options);
#include "analyzer/diagnostics/formats.def"

std::string render(OutputFormat format, const Report& report, const RenderOptions& options) {
  switch (format) {
#define FORMAT(Id, name)    \
  case OutputFormat::k##Id: \
    return render##Id(report, options);
#include "analyzer/diagnostics/formats.def"
  }
  UNREACHABLE("format is one of formats.def");
}

static constexpr std::string_view kNames[] = {
#define FORMAT(Id, name) name,
#include "analyzer/diagnostics/formats.def"
};

static constexpr std::string_view kLintPrefix = "lint-";

std::optional<OutputFormat> findOutputFormat(std::string_view name) {
  for (size_t i = 0; i < std::size(kNames); ++i) {
    if (kNames[i] == name && !name.starts_with(kLintPrefix)) return static_cast<OutputFormat>(i);
  }
  return std::nullopt;
}

std::optional<OutputFormat> findLintFormat(std::string_view name) {
  for (size_t i = 0; i < std::size(kNames); ++i) {
    if (kNames[i].starts_with(kLintPrefix) && kNames[i].substr(kLintPrefix.size()) == name) return static_cast<OutputFormat>(i);
  }
  return findOutputFormat(name);
}

std::string outputFormatNames() {
  std::string names;
  for (std::string_view name : kNames) {
    if (!name.starts_with(kLintPrefix)) names += (names.empty() ? "" : ", ") + std::string(name);
  }
  return names;
}

// mypy prints codes on errors, and on the stand-alone notes of a few codes.
std::string_view shownCode(const ReportLine& line) {
  if (line.note != nullptr) return {};
  if (line.isNote() && !line.diagnostic->shows_note_code) return {};
  return codeInfo(line.diagnostic->code).text;
}

}  // namespace krait
