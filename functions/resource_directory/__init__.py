"""Client of the ResourceDirectoryMaster API, version 2022-04-19: one operation, its signature, its errors."""
