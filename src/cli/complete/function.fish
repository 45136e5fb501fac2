# The word at the cursor stands there as it is typed: herald gets it without its quotes and backslashes.
complete --keep-order --exclusive --command PROGRAM --arguments "(VARIABLE=fish COMPLETER -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token --cut-at-cursor | string unescape))"
