#include "cli/verify/scaffold.h"

#include <algorithm>

#include "cli/verify/judge.h"

namespace krait::cli {

static bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

static std::string textFor(const std::string& path) {
  auto ends = [&](std::string_view end) { return path.ends_with(end); };
  if (ends(".json")) return "{\"name\": \"Ada\", \"age\": 36}\n";
  if (ends(".csv")) return "name,age\nAda,36\nGrace,45\n";
  if (ends(".ini") || ends(".cfg")) return "[DEFAULT]\nname = Ada\n";
  if (ends(".toml")) return "name = \"Ada\"\n";
  if (ends(".xml")) return "<data><name>Ada</name></data>\n";
  if (ends(".html")) return "<!doctype html><title>Ada</title>\n";
  if (ends(".yaml") || ends(".yml")) return "name: Ada\n";
  return "first line\nsecond line\nthird line\n";
}

static std::string pageFor(std::string_view url, std::string_view program) {
  bool is_data = has(url, "json") || has(url, "api") || has(program, "json.load") || has(program, ".json()");
  return is_data ? "{\"name\": \"Ada\", \"age\": 36}" : "<!doctype html><title>A stand-in</title>";
}

static bool isAddressEnd(char c) { return c == '"' || c == '\'' || c == ' ' || c == '\n' || c == ')' || c == '>' || c == '{' || c == '`' || c == '\\'; }

// The addresses that stand in a program, and the hosts that it makes connections to.
static std::vector<std::string> addressesIn(std::string_view program) {
  std::vector<std::string> out;
  for (std::string_view scheme : {"https://", "http://"}) {
    for (size_t at = program.find(scheme); at != std::string_view::npos; at = program.find(scheme, at + 1)) {
      size_t end = at;
      while (end < program.size() && !isAddressEnd(program[end])) ++end;
      std::string url(program.substr(at, end - at));
      // A page that is made of parts stands below what is written.
      if (end < program.size() && program[end] == '{' && !url.ends_with("/")) url = url.substr(0, url.rfind('/') + 1);
      out.push_back(url);
    }
  }
  for (auto [call, scheme] : {std::pair<std::string_view, std::string_view>{"HTTPSConnection(", "https://"}, {"HTTPConnection(", "http://"}}) {
    for (size_t at = program.find(call); at != std::string_view::npos; at = program.find(call, at + 1)) {
      size_t begin = at + call.size();
      if (begin + 1 >= program.size() || (program[begin] != '"' && program[begin] != '\'')) continue;
      size_t end = program.find(program[begin], begin + 1);
      if (end != std::string_view::npos) out.push_back(std::string(scheme) + std::string(program.substr(begin + 1, end - begin - 1)) + "/");
    }
  }
  std::erase_if(out, [](const std::string& url) { return !readStandIn(url, ""); });
  return out;
}

// One line for each call of input().
static std::string inputFor(std::string_view program) {
  std::string out;
  for (size_t at = program.find("input("); at != std::string_view::npos; at = program.find("input(", at + 1)) {
    std::string_view before = program.substr(0, at);
    bool is_number = before.ends_with("int(") || before.ends_with("float(");
    out += is_number ? "1\n" : "Ada\n";
  }
  return out.empty() ? "Ada\n" : out;
}

// `…: 'name.txt'`; empty: not a file of the block's folder.
static std::string missingFile(std::string_view error) {
  size_t open = error.find(": '");
  if (!error.starts_with("FileNotFoundError: ") || open == std::string_view::npos || !error.ends_with("'")) return "";
  std::string path(error.substr(open + 3, error.size() - open - 4));
  return path.starts_with("/") || has(path, "..") || path.find('\\') != std::string::npos ? "" : path;
}

void addNeeds(const VerifiedDocument& document, const std::string& name, Scaffold& scaffold) {
  for (const VerifiedBlock& block : document.blocks) {
    bool has_run = block.status == BlockStatus::kOk || block.status == BlockStatus::kFailed;
    if (!has_run || isErrorClaimed(block.claims)) continue;
    std::string error(errorLineOf(block.stderr_text));
    if (std::string path = missingFile(error); !path.empty()) scaffold.files.emplace(path, textFor(path));
    if (error.starts_with("EOFError")) scaffold.inputs.push_back({name, block.block.line, inputFor(block.program)});
    std::string said = error + "\n" + block.stdout_text;
    bool is_cut_off = false;
    for (std::string_view sign : {"name resolution", "Name or service not known", "Network is unreachable", "URLError", "gaierror"}) is_cut_off |= has(said, sign);
    if (!is_cut_off) continue;
    for (const std::string& url : addressesIn(block.plain)) scaffold.pages.emplace(url, pageFor(url, block.plain));
  }
}

static std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else out += c;
  }
  return out + "\"";
}

// Puts lines into a table of a TOML text; makes the table when it is not there.
static void addTo(std::string& text, std::string_view table, const std::map<std::string, std::string>& entries) {
  std::string lines;
  for (const auto& [key, value] : entries) lines += quoted(key) + " = " + quoted(value) + "\n";
  if (lines.empty()) return;
  std::string heading = "[" + std::string(table) + "]\n";
  size_t at = text.starts_with(heading) ? 0 : text.find("\n" + heading);
  if (at == std::string::npos) text = heading + lines + (text.empty() ? "" : "\n") + text;
  else text.insert(at + (at == 0 && text.starts_with(heading) ? 0 : 1) + heading.size(), lines);
}

std::string withScaffold(const std::string& existing, const Scaffold& scaffold) {
  std::string text = existing;
  if (!text.empty() && !text.ends_with("\n")) text += "\n";
  addTo(text, "servers", scaffold.pages);
  addTo(text, "files", scaffold.files);
  for (const Scaffold::Input& input : scaffold.inputs) {
    text += (text.empty() ? "" : "\n") + std::string("[[block]]\ndocument = ") + quoted(input.document) + "\n";
    text += "line = " + std::to_string(input.line) + "\ninput = " + quoted(input.text) + "\n";
  }
  return text;
}

}  // namespace krait::cli
