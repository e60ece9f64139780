#pragma once

namespace netstack {

// Gives back to the kernel what only the start or a reload needed: free heap, and the mapped pages
// of programs and libraries that can be read again from their files. What is still needed comes
// back by itself, mostly from the page cache. Breakpoints that a debugger or a uprobe had set
// before are lost.
void ReturnStartMemory();

}  // namespace netstack
