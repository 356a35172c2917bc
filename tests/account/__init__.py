"""The commands that work on an account, with the vendor's own SDKs over HTTP against stubs of the services."""
