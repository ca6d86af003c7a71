# PID…: the folders in which processes work.
for pid; do readlink "/proc/$pid/cwd" 2>/dev/null || true; done
