#include "checker/program/cache/run_record.h"

#include "checker/program/cache/byte_stream.h"

namespace krait::program {

static void put(ByteWriter& out, const DiskState& state) {
  out.number(state.modified);
  out.number(state.size);
  out.number(state.content);
}

static DiskState takeState(ByteReader& in) {
  DiskState state;
  state.modified = in.number();
  state.size = in.number();
  state.content = in.number();
  return state;
}

static void put(ByteWriter& out, TextRange range) {
  out.small(range.begin);
  out.small(range.end);
}

static TextRange takeRange(ByteReader& in) {
  TextRange range;
  range.begin = in.small();
  range.end = in.small();
  return range;
}

static void put(ByteWriter& out, const std::optional<TextRange>& range) {
  out.flag(range.has_value());
  if (range) put(out, *range);
}

static std::optional<TextRange> takeOptionalRange(ByteReader& in) {
  if (!in.flag()) return std::nullopt;
  return takeRange(in);
}

static void put(ByteWriter& out, const Fix& fix) {
  out.text(fix.title);
  out.small(static_cast<uint32_t>(fix.safety));
  out.small(static_cast<uint32_t>(fix.edits.size()));
  for (const FixEdit& edit : fix.edits) {
    put(out, edit.range);
    out.text(edit.replacement);
  }
}

static Fix takeFix(ByteReader& in) {
  Fix fix;
  fix.title = in.text();
  fix.safety = static_cast<FixSafety>(in.small());
  fix.edits.resize(in.count());
  for (FixEdit& edit : fix.edits) {
    edit.range = takeRange(in);
    edit.replacement = in.text();
  }
  return fix;
}

static void put(ByteWriter& out, const Diagnostic& diagnostic) {
  out.small(static_cast<uint32_t>(diagnostic.rule));
  out.small(static_cast<uint32_t>(diagnostic.code));
  out.small(static_cast<uint32_t>(diagnostic.severity));
  out.flag(diagnostic.is_blocker);
  out.flag(diagnostic.shows_note_code);
  out.small(diagnostic.file.value);
  put(out, diagnostic.range);
  put(out, diagnostic.origin);
  out.text(diagnostic.message);
  out.text(diagnostic.context);
  out.small(static_cast<uint32_t>(diagnostic.notes.size()));
  for (const Note& note : diagnostic.notes) {
    out.text(note.message);
    put(out, note.range);
    out.small(note.file.value);
    out.flag(note.is_said_once);
  }
  out.flag(diagnostic.fix.has_value());
  if (diagnostic.fix) put(out, *diagnostic.fix);
}

static Diagnostic takeDiagnostic(ByteReader& in) {
  Diagnostic diagnostic;
  diagnostic.rule = static_cast<Rule>(in.small());
  diagnostic.code = static_cast<Code>(in.small());
  diagnostic.severity = static_cast<Severity>(in.small());
  diagnostic.is_blocker = in.flag();
  diagnostic.shows_note_code = in.flag();
  diagnostic.file = FileId(in.small());
  diagnostic.range = takeRange(in);
  diagnostic.origin = takeOptionalRange(in);
  diagnostic.message = in.text();
  diagnostic.context = in.text();
  diagnostic.notes.resize(in.count());
  for (Note& note : diagnostic.notes) {
    note.message = in.text();
    note.range = takeOptionalRange(in);
    note.file = FileId(in.small());
    note.is_said_once = in.flag();
  }
  if (in.flag()) diagnostic.fix = takeFix(in);
  return diagnostic;
}

static void put(ByteWriter& out, const FileRecord& file) {
  out.text(file.path);
  out.text(file.module);
  out.text(file.base_dir);
  out.flag(file.is_given);
  put(out, file.state);
  out.number(file.interface);
  out.number(file.resolution);
  out.small(static_cast<uint32_t>(file.imports.size()));
  for (const std::string& name : file.imports) out.text(name);
  out.text(file.failure);
  out.small(static_cast<uint32_t>(file.diagnostics.size()));
  for (const Diagnostic& diagnostic : file.diagnostics) put(out, diagnostic);
}

static FileRecord takeFile(ByteReader& in) {
  FileRecord file;
  file.path = in.text();
  file.module = in.text();
  file.base_dir = in.text();
  file.is_given = in.flag();
  file.state = takeState(in);
  file.interface = in.number();
  file.resolution = in.number();
  file.imports.resize(in.count());
  for (std::string& name : file.imports) name = in.text();
  file.failure = in.text();
  uint32_t count = in.count();
  file.diagnostics.reserve(count);
  for (uint32_t i = 0; i < count; ++i) file.diagnostics.push_back(takeDiagnostic(in));
  return file;
}

static void put(ByteWriter& out, const std::vector<ReadPath>& paths) {
  out.small(static_cast<uint32_t>(paths.size()));
  for (const ReadPath& path : paths) {
    out.text(path.path);
    put(out, path.state);
  }
}

static std::vector<ReadPath> takePaths(ByteReader& in) {
  std::vector<ReadPath> paths(in.count());
  for (ReadPath& path : paths) {
    path.path = in.text();
    path.state = takeState(in);
  }
  return paths;
}

std::string encodeRecord(const RunRecord& record) {
  ByteWriter out;
  out.small(static_cast<uint32_t>(record.files.size()));
  for (const FileRecord& file : record.files) put(out, file);
  put(out, record.libraries);
  put(out, record.folders);
  return out.take();
}

std::optional<RunRecord> decodeRecord(std::string_view bytes) {
  ByteReader in(bytes);
  RunRecord record;
  uint32_t count = in.count();
  record.files.reserve(count);
  for (uint32_t i = 0; i < count && !in.failed(); ++i) record.files.push_back(takeFile(in));
  record.libraries = takePaths(in);
  record.folders = takePaths(in);
  if (in.failed() || !in.isAtEnd()) return std::nullopt;
  for (const FileRecord& file : record.files) {
    for (const Diagnostic& diagnostic : file.diagnostics) {
      if (diagnostic.file.value >= record.files.size()) return std::nullopt;
    }
  }
  return record;
}

}  // namespace krait::program
