"""Client of the ResourceDirectoryMaster API: the two operations that the functions call, signed, bounded, retried."""
