# cmake -DFILES=a;b -DOUTPUT=assets.cc -P embed_files.cmake
# Writes a table of the files' names and texts.
set(rows "")
foreach(file IN LISTS FILES)
  file(READ "${file}" text)
  cmake_path(GET file FILENAME name)
  string(APPEND rows "    {\"${name}\", R\"asset(${text})asset\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "#include \"exporter/live/assets.h\"

namespace netstack {
namespace {

constexpr Asset kAssets[] = {
${rows}};

}  // namespace

std::span<const Asset> Assets() { return kAssets; }

}  // namespace netstack
")
