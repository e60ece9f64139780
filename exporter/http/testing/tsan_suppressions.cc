// civetweb reads its stop flag without an atomic operation once, before it exchanges it atomically.
// Part of each test program that runs a server; without ThreadSanitizer nobody calls it.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:STOP_FLAG_ASSIGN\n";
}
