"""The console: a page that shows what is served, and lets one try it."""
