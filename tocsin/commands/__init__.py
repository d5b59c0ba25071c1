"""The commands, a file each: parse, one library call, print."""
