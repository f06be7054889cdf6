#include "cli/observations.h"

#include <map>

#include "lsp/json.h"

namespace krait::cli {

using lsp::Json;
using program::ObservedKind;

namespace {
struct Reader {
  std::map<std::string, std::vector<std::string>> classes;

  std::vector<std::string> mro(const std::string& name) const {
    auto found = classes.find(name);
    return found != classes.end() ? found->second : std::vector<std::string>{name};
  }
  ObservedKind kind(const Json& json) const {
    ObservedKind out;
    out.mro = mro(json.value("class", "builtins:object"));
    if (auto value = json.find("value"); value != json.end()) out.value = value->dump();
    out.member = json.value("member", "");
    out.module = json.value("module", "");
    if (json.contains("of")) out.of = mro(json["of"]);
    out.is_callable = json.value("is_callable", false);
    out.has_items = json.contains("items");
    out.is_whole = json.value("is_whole", false);
    for (const Json& item : json.value("items", Json::array())) out.items.push_back(kind(item));
    for (const Json& key : json.value("keys", Json::array())) out.keys.push_back(kind(key));
    return out;
  }
};
}  // namespace

std::vector<ObservedPlace> readObservations(const std::string& text) {
  std::vector<ObservedPlace> out;
  Json all = Json::parse(text, nullptr, false);
  if (!all.is_object() || !all.contains("places")) return out;
  Reader reader;
  for (const auto& [name, mro] : all["classes"].items()) reader.classes[name] = mro.get<std::vector<std::string>>();
  for (const Json& json : all["places"]) {
    ObservedPlace place;
    place.file = json.value("file", "");
    place.line = json.value("line", 0u);
    place.column = json.value("column", 0u);
    place.end_line = json.value("end_line", 0u);
    place.end_column = json.value("end_column", 0u);
    place.what = json.value("what", "");
    place.function = json.value("function", "");
    place.name = json.value("name", "");
    place.is_complete = json.value("is_complete", false);
    for (const Json& kind : json["values"]) place.kinds.push_back(reader.kind(kind));
    out.push_back(std::move(place));
  }
  return out;
}

}  // namespace krait::cli
