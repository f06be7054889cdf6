// Renderers: a Report as text for people, editors and machines. One file for each form, render_<form>.cpp.
// Takes a finished Report and the settings below; gives the whole output, lines ended by "\n". Never fails.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/diagnostics/report.h"

namespace krait {

enum class OutputFormat : uint8_t {
#define FORMAT(Id, name) k##Id,
#include "analyzer/diagnostics/formats.def"
};

struct RenderOptions {
  bool show_column_numbers = false;
  bool show_error_end = false;
  bool hide_error_codes = false;
  bool show_error_context = false;
  bool show_error_code_links = false;
  bool pretty = false;
  bool color = false;
  unsigned width = 80;  // terminal columns, for pretty
  bool offers_unsafe_fixes = false;  // the linter's unsafe fixes count as fixes
  std::string working_folder;        // what relative paths begin at, where a form wants whole ones
};

std::string render(OutputFormat format, const Report& report, const RenderOptions& options);

// The format users call `name`, none when there is no such format.
std::optional<OutputFormat> findOutputFormat(std::string_view name);
// The same for the linter's findings, which have forms of their own under some names.
std::optional<OutputFormat> findLintFormat(std::string_view name);
// All names, separated by ", ".
std::string outputFormatNames();

// The pieces below are shared by the renderers.

// The code to print beside a line; empty when it has none.
std::string_view shownCode(const ReportLine& line);
// The line's text around [column, end_column) with a marker line under it, both indented by four spaces, tabs expanded.
std::string sourceExcerpt(const ReportLine& line, const SourceFile& file, unsigned width);
// Wraps a message between words and outside of quotes; later lines are indented by four spaces.
std::string softWrap(std::string_view message, unsigned width, unsigned first_offset);

}  // namespace krait
