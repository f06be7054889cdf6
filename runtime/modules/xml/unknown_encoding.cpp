#include "runtime/modules/xml/unknown_encoding.h"

#include <string>

#include "runtime/object/bytes.h"
#include "runtime/object/error.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

using namespace krait::object;

static int onUnknownEncoding(void*, const XML_Char* name, XML_Encoding* info) {
  Thread& t = *current_thread;
  if (isPending(t)) return 0;
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  Ref bytes = newBytes(t, all), encoding = newStr(t, name), replace = newStr(t, "replace");
  Ref text = callMethod_py(t, bytes.get(), intern(*t.isolate, "decode"), encoding.get(), replace.get());
  if (!text) return 0;
  if (!isStr(text.get()) || text.as<Str>()->length != 256) {
    (void)raiseValueError(t, "multi-byte encodings are not supported");
    return 0;
  }
  for (int i = 0; i < 256; ++i) {
    char32_t c = text.as<Str>()->at(i);
    info->map[i] = c == 0xfffd ? -1 : static_cast<int>(c);
  }
  info->data = nullptr;
  info->convert = nullptr;
  info->release = nullptr;
  return 1;
}
void setUnknownEncodingHandler(XML_Parser parser) { XML_SetUnknownEncodingHandler(parser, onUnknownEncoding, nullptr); }

}  // namespace krait::modules
