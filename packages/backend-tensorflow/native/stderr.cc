// An addon of its own, which is loaded before TensorFlow: Node cannot replace standard error by
// another file, and TensorFlow's libraries write to it while they are loaded, whatever is set.

#include <node_api.h>
#include <unistd.h>

namespace {

constexpr int kStandardError = 2;

int NumberOf(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument = nullptr;
  int32_t number = -1;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_int32(env, argument, &number);
  return number;
}

// replaceStderr(descriptor): what is written to standard error goes to the descriptor's file now.
// Returns a descriptor of the file that it went to before, or -1 if that failed.
napi_value ReplaceStderr(napi_env env, napi_callback_info info) {
  const int before = dup(kStandardError);
  const bool replaced = before >= 0 && dup2(NumberOf(env, info), kStandardError) >= 0;
  napi_value result = nullptr;
  napi_create_int32(env, replaced ? before : -1, &result);
  return result;
}

// restoreStderr(before): undoes it, and closes the descriptor that replaceStderr gave.
napi_value RestoreStderr(napi_env env, napi_callback_info info) {
  const int before = NumberOf(env, info);
  if (before >= 0 && dup2(before, kStandardError) >= 0) close(before);
  return nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"replaceStderr", nullptr, ReplaceStderr, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"restoreStderr", nullptr, RestoreStderr, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  napi_define_properties(env, exports, 2, functions);
  return exports;
}
