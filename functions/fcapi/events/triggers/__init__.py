"""One module a trigger: each reads the deliveries out of its own envelope. `fcapi.events.opening` lists them."""
