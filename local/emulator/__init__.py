"""An emulator of Alibaba Cloud's ResourceDirectoryMaster API (2022-04-19): the message-contact operations."""
