#pragma once

namespace netstack {

// The lowest address of the calling thread's stack; null when nobody can tell.
void* StackEnd();

// Gives the memory of the calling thread's stack below the caller back to the kernel. Each of many
// threads that now and then call deeply would else keep the pages of its deepest call. `end` is
// what StackEnd() gave this thread.
void ReleaseStackBelow(void* end);

}  // namespace netstack
